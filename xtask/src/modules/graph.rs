//! Which module of a crate knows which.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use super::paths::{self, Import, Paths, Written};
use crate::finding::Outcome;
use crate::sources::Source;

/// Re-exports are followed so far; a longer chain is none of ours.
const MOST_REEXPORTS: usize = 8;

/// A place in the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
}

/// The modules of a crate, each with those that it knows and the first place where it does. The root has no name.
#[derive(Debug, Default)]
pub struct Graph {
    /// By the path of the module, `users::list`.
    pub knows: BTreeMap<String, BTreeMap<String, Place>>,
}

/// Reads the files below `folder`, the `src` of a crate.
pub fn read(sources: Vec<Source>, folder: &str) -> Outcome<Graph> {
    let mut files = BTreeMap::new();
    for source in sources {
        let tokens: TokenStream = source.text.parse().map_err(|broken| format!("{}: {broken}", source.path))?;
        files.insert(module_of(&source.path, folder), File { path: source.path, paths: paths::read(tokens) });
    }
    Ok(Crate { files }.graph())
}

/// `src/users/<name>.rs` and `src/users/<name>/mod.rs` are both `users::<name>`.
fn module_of(path: &str, folder: &str) -> String {
    let within = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').trim_end_matches(".rs");
    let within = within.strip_suffix("/mod").unwrap_or(within);
    if ["lib", "main"].contains(&within) { String::new() } else { within.replace('/', "::") }
}

struct File {
    path: String,
    paths: Paths,
}

struct Crate {
    files: BTreeMap<String, File>,
}

impl Crate {
    fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        for (module, file) in &self.files {
            let known = graph.knows.entry(module.clone()).or_default();
            let imported = file.paths.imports.iter().map(|import| &import.path);
            for path in imported.chain(&file.paths.named) {
                let Some(other) = self.target(module, file, path).filter(|other| other != module && !other.is_empty())
                else {
                    continue;
                };
                known.entry(other).or_insert_with(|| Place { file: file.path.clone(), line: path.line });
            }
        }
        graph
    }

    /// The module where what a path names is at home; `None` where it is of another crate, or only a module to name things by.
    fn target(&self, module: &str, file: &File, path: &Written) -> Option<String> {
        let mut absolute = self.absolute(module, file, path)?;
        for _ in 0..MOST_REEXPORTS {
            let (home, rest) = self.split(&absolute);
            let name = rest.first()?;
            match self.reexport(&home, name) {
                Some(further) => absolute = [further, rest.get(1..).unwrap_or_default().to_vec()].concat(),
                None => return Some(home),
            }
        }
        None
    }

    /// The longest beginning that is a module, and what follows.
    fn split(&self, absolute: &[String]) -> (String, Vec<String>) {
        for length in (1..=absolute.len()).rev() {
            let (begin, rest) = absolute.split_at(length);
            let begin = begin.join("::");
            if self.files.contains_key(&begin) {
                return (begin, rest.to_vec());
            }
        }
        (String::new(), absolute.to_vec())
    }

    /// What a module gives out under a name that is at home elsewhere in the crate.
    fn reexport(&self, module: &str, name: &str) -> Option<Vec<String>> {
        let file = self.files.get(module)?;
        let given = file.paths.imports.iter().find(|import| import.is_public && import.name == name)?;
        let further = self.absolute(module, file, &given.path)?;
        // `pub use self::list::list`: a module and what is in it may have the same name.
        (further != [module.split("::").map(str::to_owned).collect(), vec![name.to_owned()]].concat())
            .then_some(further)
    }

    /// A path from the root of the crate.
    fn absolute(&self, module: &str, file: &File, path: &Written) -> Option<Vec<String>> {
        let here = || -> Vec<String> {
            let outer = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
            outer.chain(path.inside.iter().cloned()).collect()
        };
        let segments = path.segments.as_slice();
        match segments.first()?.as_str() {
            "crate" => Some(segments.get(1..)?.to_vec()),
            "self" => Some([here(), segments.get(1..)?.to_vec()].concat()),
            "super" => {
                let ups = segments.iter().take_while(|segment| *segment == "super").count();
                let here = here();
                let begin = here.get(..here.len().checked_sub(ups)?)?.to_vec();
                Some([begin, segments.get(ups..)?.to_vec()].concat())
            }
            first => self.by_name(module, file, first, segments),
        }
    }

    /// By a module that was imported, or that is a child.
    fn by_name(&self, module: &str, file: &File, first: &str, segments: &[String]) -> Option<Vec<String>> {
        let is_module_of_ours = |import: &&Import| import.name == first && import.path.segments != segments;
        if let Some(import) = file.paths.imports.iter().find(is_module_of_ours) {
            let begin = self.absolute(module, file, &import.path)?;
            return Some([begin, segments.get(1..)?.to_vec()].concat());
        }
        let child = if module.is_empty() { first.to_owned() } else { format!("{module}::{first}") };
        let begin: Vec<String> = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        self.files.contains_key(&child).then(|| [begin, segments.to_vec()].concat())
    }
}

impl Graph {
    /// Every module.
    pub fn modules(&self) -> BTreeSet<&str> {
        self.knows.keys().map(String::as_str).collect()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A crate of files and their texts.
    pub fn graph_of(files: &[(&str, &str)]) -> Graph {
        let source = |(path, text): &(&str, &str)| Source { path: format!("src/{path}"), text: (*text).to_owned() };
        read(files.iter().map(source).collect(), "src").unwrap()
    }

    fn known(graph: &Graph, module: &str) -> Vec<String> {
        graph.knows.get(module).unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_module_knows_what_it_names_by_any_way() {
        let graph = graph_of(&[
            ("lib.rs", "mod a; mod b; mod c; pub use b::B;"),
            ("a.rs", "use crate::b; use crate::c::{self, C}; fn f() { b::f(); c::f() }"),
            ("b/mod.rs", "mod inner; use self::inner::X; struct B;"),
            ("b/inner.rs", "use super::super::c::C; struct X;"),
            ("c.rs", "use std::fmt; use crate::B;"),
        ]);
        assert_eq!(known(&graph, "a"), ["b", "c"]);
        assert_eq!(known(&graph, "b"), ["b::inner"]);
        assert_eq!(known(&graph, "b::inner"), ["c"]);
        assert_eq!(known(&graph, "c"), ["b"], "a re-export is followed to where it comes from");
    }

    #[test]
    fn a_module_that_is_imported_to_name_things_by_is_not_known_for_itself() {
        let graph = graph_of(&[
            ("a/mod.rs", "mod b; mod c;"),
            ("a/b.rs", "use crate::a; fn f() { a::c::g() }"),
            ("a/c.rs", "fn g() {}"),
        ]);
        assert_eq!(known(&graph, "a::b"), ["a::c"]);
    }
}
