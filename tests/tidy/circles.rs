//! Rules for the direction of imports: modules that stand beside each other form no circle.
//!
//! Each module stands for its whole folder, at every level: `campaign` and `filters` at the top, `campaign::read` and
//! `campaign::raffle` below. Imports between a module and the one that declares it do not count, because a table of
//! contents knows its modules and they know its types. Imports of tests do not count either.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Import, imports};
use crate::repository::refuse;

/// A module and one beside it that it imports, in the module that declares both.
type Arrow<'a> = (&'a [String], &'a str, &'a str);

#[test]
fn modules_beside_each_other_form_no_circle() {
    let imports = imports();
    assert!(imports.len() > 500, "the imports of the crank cannot be read: {} were found", imports.len());
    refuse(&circles(&imports));
}

/// Every import that is part of a circle.
fn circles(imports: &[Import]) -> Vec<String> {
    let mut arrows: BTreeMap<Arrow<'_>, Vec<&str>> = BTreeMap::new();
    for import in imports.iter().filter(|import| !import.is_of_test) {
        if let Some(arrow) = arrow(import) {
            arrows.entry(arrow).or_default().push(&import.place);
        }
    }
    let mut offences = Vec::new();
    for ((parent, from, to), places) in &arrows {
        if reaches(&arrows, parent, to, from) {
            let inside = if parent.is_empty() { "the crate".to_owned() } else { format!("`{}`", parent.join("::")) };
            let circle = format!("`{from}` imports `{to}`, which leads back to it in {inside}");
            offences.extend(places.iter().map(|place| format!("{place}: {circle}")));
        }
    }
    offences
}

/// The two neighbouring modules that an import connects; `None` if one of them is inside the other.
fn arrow(import: &Import) -> Option<Arrow<'_>> {
    let (from, to) = (&import.from, &import.to);
    let depth = from.iter().zip(to).take_while(|(left, right)| left == right).count();
    Some((&from[..depth], from.get(depth)?, to.get(depth)?))
}

/// Whether imports lead from `start` to `end`, two modules in `parent`.
fn reaches(arrows: &BTreeMap<Arrow<'_>, Vec<&str>>, parent: &[String], start: &str, end: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
    while let Some(module) = next.pop() {
        if seen.insert(module) {
            next.extend(arrows.keys().filter(|(inside, from, _)| *inside == parent && *from == module).map(|it| it.2));
        }
    }
    seen.contains(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(imports: &[(&str, &str)]) -> Vec<String> {
        let module = |path: &str| path.split("::").map(str::to_owned).collect();
        let import = |(from, to): &(&str, &str)| Import {
            from: module(from),
            to: module(to),
            place: (*from).to_owned(),
            is_of_test: false,
        };
        circles(&imports.iter().map(import).collect::<Vec<_>>())
    }

    #[test]
    fn a_circle_is_found_whichever_files_close_it() {
        assert_eq!(found(&[("a::x", "b"), ("b::y", "c"), ("c", "a"), ("d", "a")]).len(), 3);
        assert_eq!(found(&[("a::x", "a::y"), ("a::y", "a::x::z")]).len(), 2);
    }

    #[test]
    fn a_module_and_its_table_of_contents_are_no_circle() {
        assert!(found(&[("a", "a::x"), ("a::x", "a"), ("a::x", "b"), ("a::y", "a::x")]).is_empty());
    }
}
