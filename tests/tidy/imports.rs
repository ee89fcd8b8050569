//! Which modules of the crank import which: read from `use` declarations and from paths in the code.
//!
//! A path leads to the module whose file holds what it names, as far as files tell: what a table of contents hands on
//! from one of its own modules counts as its own.

use std::collections::BTreeSet;

use crate::repository::{TextFile, rust_files};
use crate::source::{closing_bracket, line_of, words};

/// The folders that hold the crank's sources, and the names of their crates.
const CRATES: [(&str, &str); 4] = [
    ("crank/src/", "crank"),
    ("crank/rules/src/", "crank_rules"),
    ("crank/activity/src/", "crank_activity"),
    ("crank/cluster/src/", "crank_cluster"),
];

/// A module by the names that lead to it, its crate's first.
pub(crate) type Module = Vec<String>;

/// An import of one module by another.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) from: Module,
    pub(crate) to: Module,
    /// The file and the line, as offences name them.
    pub(crate) place: String,
    /// Whether only a test needs it.
    pub(crate) is_of_test: bool,
}

/// Every import of one file of the crank by another.
pub(crate) fn imports() -> Vec<Import> {
    let files: Vec<(Module, &TextFile)> = rust_files().filter_map(|file| Some((module(file)?, file))).collect();
    let modules: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
    let mut imports = Vec::new();
    for (from, file) in files {
        let tests = start_of_tests(&from, &file.code);
        for (offset, mut path) in paths(&file.code) {
            if (1..=offset).contains(&tests) && path[0] == "super" {
                // The test module inside the file is one level deeper.
                path[0] = "self".to_owned();
            }
            if let Some(to) = resolve(&from, &path, &modules).filter(|to| *to != from) {
                let place = format!("{}:{}", file.path, line_of(&file.code, offset));
                imports.push(Import { from: from.clone(), to, place, is_of_test: offset >= tests });
            }
        }
    }
    imports
}

/// The module of the file; `None` outside of the libraries.
fn module(file: &TextFile) -> Option<Module> {
    let of_crate = |(folder, name): &(&str, &str)| Some((file.path.strip_prefix(folder)?, (*name).to_owned()));
    let (path, name) = CRATES.iter().find_map(of_crate)?;
    let below = match path.strip_suffix(".rs")? {
        "main" => return None,
        "lib" => "",
        path => path,
    };
    Some([name].into_iter().chain(below.split('/').filter(|part| !part.is_empty()).map(str::to_owned)).collect())
}

/// Where the tests of a file begin: at once in a module of tests, and otherwise with the test module at its end.
fn start_of_tests(module: &Module, code: &str) -> usize {
    if module.iter().any(|name| name == "tests") {
        return 0;
    }
    code.find("#[cfg(test)]\nmod tests {").unwrap_or(code.len())
}

/// The paths in the code that may lead to another module, each with the offset of its first byte.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut paths = Vec::new();
    let mut declared_until = 0;
    for word in words(code) {
        let is_start = !word.follows(code, "::") && !word.follows(code, "in ");
        if word.start < declared_until {
            continue;
        }
        if word.text == "use" {
            let tree = &code[word.start + word.text.len()..];
            let tree = &tree[..tree.find(';').unwrap_or(tree.len())];
            declared_until = word.start + word.text.len() + tree.len();
            expand(tree, &[], &mut |path| paths.push((word.start, path)));
        } else if is_start && ["crate", "super"].contains(&word.text) {
            let chain = &code[word.start..];
            let end = chain.find(|c: char| !c.is_ascii_alphanumeric() && !"_:".contains(c)).unwrap_or(chain.len());
            let path: Vec<String> = chain[..end].split("::").map(str::to_owned).collect();
            // A lone word is a visibility, as in `pub(super)`.
            if path.len() > 1 {
                paths.push((word.start, path));
            }
        }
    }
    paths
}

/// Takes a `use` tree such as `a::{b, c::d as e}` apart into its paths.
fn expand(tree: &str, before: &[String], found: &mut dyn FnMut(Vec<String>)) {
    let open = tree.find('{');
    let stem = tree[..open.unwrap_or(tree.len())].split(" as ").next().unwrap_or_default();
    let names = stem.split("::").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let path: Vec<String> = before.iter().cloned().chain(names).collect();
    let Some(open) = open else {
        return if path.len() > before.len() {
            found(path)
        };
    };
    let close = closing_bracket(tree, open).unwrap_or(tree.len());
    let (mut start, mut depth) = (open + 1, 0);
    for (offset, byte) in tree.bytes().enumerate().take(close).skip(start) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                expand(&tree[start..offset], &path, found);
                start = offset + 1;
            }
            _ => {}
        }
    }
    expand(&tree[start..close], &path, found);
}

/// The module that the path leads to from the module `from`; `None` for a path into a foreign crate.
fn resolve(from: &Module, path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let (first, mut rest) = path.split_first()?;
    let mut target = match first.as_str() {
        "crate" => from.first().cloned().into_iter().collect(),
        name if modules.contains(&vec![name.to_owned()]) => vec![name.to_owned()],
        "self" => from.clone(),
        "super" => from.split_last()?.1.to_vec(),
        child => modules.contains(&[from.as_slice(), &[child.to_owned()]].concat()).then(|| {
            rest = path;
            from.clone()
        })?,
    };
    for name in rest {
        let next = if name == "super" {
            target.split_last()?.1.to_vec()
        } else {
            [target.clone(), vec![name.clone()]].concat()
        };
        if !modules.contains(&next) {
            break;
        }
        target = next;
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Vec<String> {
        path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn declarations_are_taken_apart_and_paths_in_the_code_are_found() {
        let code = "use super::{a, b::{self, C as D},};\npub(super) struct S;\npub(in crate::x) fn f() -> crate::e::F { super::super::g(std::h) }";
        let found: Vec<String> = paths(code).into_iter().map(|(_, path)| path.join("::")).collect();
        assert_eq!(found, ["super::a", "super::b::self", "super::b::C", "crate::e::F", "super::super::g"]);
    }

    #[test]
    fn a_path_leads_to_the_deepest_module_that_it_names() {
        let modules = ["x", "x::a", "x::a::b", "x::a::c", "x::d", "y", "y::e"].map(names).into();
        let target = |path| resolve(&names("x::a::b"), &names(path), &modules).map(|module| module.join("::"));
        let expected = [
            ("crate::d::Thing", Some("x::d")),
            ("super::c::Thing", Some("x::a::c")),
            ("super::Thing", Some("x::a")),
            ("super::super::d", Some("x::d")),
            ("y::e::Thing", Some("y::e")),
            ("std::fmt", None),
        ];
        for (path, module) in expected {
            assert_eq!(target(path).as_deref(), module, "{path}");
        }
        assert_eq!(resolve(&names("x::a"), &names("c::Thing"), &modules), Some(names("x::a::c")));
    }
}
