//! How what came from outside stands in messages and reports: a text cut to a length that a line can hold.
//!
//! What else a message says is for the module that found the fault, and near names are in `near_names`.

/// Longer texts are cut, in characters.
const LONGEST: usize = 80;

/// The text, or its beginning and an ellipsis where it is longer than a message should be.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_if_it_is_longer() {
        let longest = "é".repeat(LONGEST);
        assert_eq!(shortened(&longest), longest);
        assert_eq!(shortened(&format!("{longest}é")), format!("{longest}…"));
        assert_eq!(shortened(""), "");
    }
}
