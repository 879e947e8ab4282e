//! Where the workspace is and what lies in it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Outcome;

/// The files of the workspace.
pub struct Sources {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
}

/// A file that was read.
pub struct Source {
    /// Its path, relative to the workspace.
    pub path: String,
    /// What it holds.
    pub text: String,
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
