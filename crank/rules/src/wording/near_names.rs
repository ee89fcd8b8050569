//! "Did you mean": the known names that are nearest to a mistyped one, for messages.

use crate::wording::shown;

/// How many names a message lists.
const MAX_LISTED: usize = 5;

/// A hint to append to a message: the names near `name`, or all of them if none is near.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<(usize, &str)> = known.into_iter().map(|other| (distance(name, other), other)).collect();
    names.sort_unstable();
    names.dedup();
    let near: Vec<&str> =
        names.iter().filter(|(distance, _)| is_near(*distance, name)).map(|(_, name)| *name).collect();
    match (near.is_empty(), names.is_empty()) {
        (false, _) => format!("did you mean {}?", listed(&near)),
        (true, true) => "there are none".to_owned(),
        (true, false) => {
            let all: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
            format!("there is {}", listed(&all))
        }
    }
}

/// The known name that `name` probably stands for.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = known.into_iter().map(|other| (distance(name, other), other));
    names.filter(|(distance, _)| is_near(*distance, name)).min().map(|(_, name)| name)
}

/// Whether a name is near: at most one wrong letter in three, one in a short name, and never all letters wrong.
fn is_near(distance: usize, name: &str) -> bool {
    let letters = name.chars().count();
    distance <= (letters / 3).max(1) && distance < letters
}

/// The letters to insert, remove or replace, whatever their case.
fn distance(left: &str, right: &str) -> usize {
    strsim::levenshtein(&left.to_lowercase(), &right.to_lowercase())
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_LISTED).map(|name| format!("`{}`", shown(name))).collect();
    let ellipsis = if names.len() > MAX_LISTED { ", …" } else { "" };
    format!("{}{ellipsis}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{hint, nearest};

    #[test]
    fn near_names_come_first_and_otherwise_all() {
        assert_eq!(hint("swop", ["stake", "swap"]), "did you mean `swap`?");
        assert_eq!(hint("xxxxx", ["stake", "swap"]), "there is `stake`, `swap`");
        assert_eq!(hint("xxxxx", []), "there are none");
        assert_eq!(hint("zz", ["a1", "a2", "a3", "a4", "a5", "a6"]), "there is `a1`, `a2`, `a3`, `a4`, `a5`, …");
    }

    #[test]
    fn the_nearest_name_is_found_whatever_its_case() {
        assert_eq!(nearest("SWAPS", ["stake", "swap"]), Some("swap"));
        assert_eq!(nearest("abcdef", ["stake", "swap"]), None);
    }
}
