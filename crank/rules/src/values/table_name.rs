//! The name of a table of activity: its schema and its own name.
//!
//! Campaigns, bundles and activity share it. `events` says what a table holds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where the rows of a table come from.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum TableSchema {
    /// `chain`: swaps, balances and curve trades that the indexer recognised.
    Chain,
    /// `events`: custom events that an application sent.
    Events,
    /// `instructions`: on-chain instructions, decoded by their program's IDL.
    Instructions,
}

impl TableSchema {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Chain, Self::Events, Self::Instructions];

    /// The name before the point in a query.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Events => "events",
            Self::Instructions => "instructions",
        }
    }
}

/// A table of activity, such as `events.trade`.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct TableName {
    /// Where its rows come from.
    pub schema: TableSchema,
    /// A word of letters, digits and underscores, at most 64 bytes, that does not begin with a digit.
    pub name: String,
}

impl TableName {
    /// Whether a text can be an event's name: a word, or a word after `instructions.` or `chain.`.
    pub fn is_event_name(text: &str) -> bool {
        let dotted = || text.split_once('.').filter(|(schema, _)| ["chain", "instructions"].contains(schema));
        is_word(text) || dotted().is_some_and(|(_, name)| is_word(name))
    }

    /// The table of the events with this name.
    ///
    /// # Errors
    /// [`TableNameError`] if it cannot be an event's name.
    pub fn of_event(text: &str) -> Result<Self, TableNameError> {
        match (Self::is_event_name(text), text.contains('.')) {
            (false, _) => Err(TableNameError),
            (true, true) => text.parse(),
            (true, false) => Ok(Self { schema: TableSchema::Events, name: text.to_owned() }),
        }
    }

    /// The name that its events have in a file.
    #[must_use]
    pub fn event_name(&self) -> String {
        if self.schema == TableSchema::Events { self.name.clone() } else { self.to_string() }
    }
}

const MAX_NAME_BYTES: usize = 64;

/// Whether a text can be a name in SQL without quotes.
#[must_use]
pub fn is_word(text: &str) -> bool {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_word && (1..=MAX_NAME_BYTES).contains(&text.len()) && !text.starts_with(|first: char| first.is_ascii_digit())
}

impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema.name(), self.name)
    }
}

impl TryFrom<String> for TableName {
    type Error = TableNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TableName> for String {
    fn from(name: TableName) -> Self {
        name.to_string()
    }
}

/// A text that is not a table's name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a table is named `events.`, `instructions.` or `chain.` and a word of letters, digits and underscores")]
pub struct TableNameError;

impl FromStr for TableName {
    type Err = TableNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (schema, name) = text.split_once('.').ok_or(TableNameError)?;
        let schema = TableSchema::ALL.into_iter().find(|known| known.name() == schema).ok_or(TableNameError)?;
        if is_word(name) { Ok(Self { schema, name: name.to_owned() }) } else { Err(TableNameError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_a_schema_and_a_word() {
        for text in ["events.trade", "instructions.swap_base_in", "chain.swaps"] {
            assert_eq!(text.parse::<TableName>().unwrap().to_string(), text);
        }
        for text in ["trade", "Events.trade", "events.", "events.1st", "events.a.b", "events.a b", "files.a", ""] {
            assert_eq!(text.parse::<TableName>(), Err(TableNameError), "{text}");
        }
    }

    #[test]
    fn an_event_s_name_is_a_word_or_a_table_of_the_indexer() {
        for (text, table) in
            [("trade", "events.trade"), ("chain.swaps", "chain.swaps"), ("instructions.a", "instructions.a")]
        {
            let found = TableName::of_event(text).unwrap();
            assert_eq!((found.to_string().as_str(), found.event_name().as_str()), (table, text));
        }
        for text in ["events.trade", "a.b", "chain.", "chain.a.b", ".a", ""] {
            assert_eq!(TableName::of_event(text), Err(TableNameError), "{text}");
        }
    }
}
