//! Where the workspace is and what lies in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Outcome;

/// The files of the workspace.
pub struct Sources {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
}

/// A file that was read.
#[derive(Clone)]
pub struct Source {
    /// Its path, relative to the workspace.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What lies in the workspace, by paths relative to it.
pub struct Tree {
    /// Every file that is kept.
    pub files: BTreeSet<String>,
    /// The folders that they are in.
    pub folders: BTreeSet<String>,
    /// What tools make and no one keeps: what `.gitignore` names.
    pub made: Vec<String>,
}

impl Sources {
    /// The workspace this program was built from.
    pub fn of_workspace() -> Self {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: xtask.parent().unwrap_or(xtask).to_owned() }
    }

    /// The files below `folder` whose name ends in `.extension`, by path; none when there is no such folder.
    pub fn below(&self, folder: &str, extension: &str) -> Outcome<Vec<Source>> {
        let mut found = Vec::new();
        let mut waiting = vec![self.root.join(folder)];
        while let Some(folder) = waiting.pop() {
            if !folder.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if path.extension().is_some_and(|found| found == extension) {
                    found.push(self.read(&path)?);
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Everything that is kept in the repository.
    pub fn tree(&self) -> Outcome<Tree> {
        let mut tree = Tree { files: BTreeSet::new(), folders: BTreeSet::new(), made: vec![".git".to_owned()] };
        let mut waiting = vec![String::new()];
        while let Some(folder) = waiting.pop() {
            tree.made.extend(self.ignored(&folder));
            for entry in fs::read_dir(self.root.join(&folder))? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if tree.made.contains(&path) {
                    continue;
                }
                if self.root.join(&path).is_dir() {
                    tree.folders.insert(path.clone());
                    waiting.push(path);
                } else {
                    tree.files.insert(path);
                }
            }
        }
        Ok(tree)
    }

    /// What the `.gitignore` of a folder names, each line as far as it is a path.
    fn ignored(&self, folder: &str) -> Vec<String> {
        let text = fs::read_to_string(self.root.join(folder).join(".gitignore")).unwrap_or_default();
        let paths = text.lines().filter_map(|line| line.strip_prefix('/')).map(|line| line.trim_end_matches("/*"));
        paths.map(|path| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }).collect()
    }

    /// The folders directly below `folder`, by name.
    pub fn folders(&self, folder: &str) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root.join(folder))? {
            let path = entry?.path();
            if let Some(name) = path.file_name().filter(|_| path.join("Cargo.toml").is_file()) {
                names.push(format!("{folder}/{}", name.to_string_lossy()));
            }
        }
        names.sort();
        Ok(names)
    }

    /// One file.
    pub fn read(&self, path: &Path) -> Outcome<Source> {
        let path = self.root.join(path);
        let text = fs::read_to_string(&path).map_err(|broken| format!("{}: {broken}", path.display()))?;
        let path = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().into_owned();
        Ok(Source { path, text })
    }
}
