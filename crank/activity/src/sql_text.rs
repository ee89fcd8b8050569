//! Names and texts as parts of an SQL query, quoted so that they can never become anything else.
//!
//! For code that writes queries (`filters`, `query_builder`). The engine reads SQL.

use crank_rules::values::table_name::TableName;

/// A column's or an alias's name in double quotes.
#[must_use]
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in single quotes.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A table. Only its own name is quoted; the schema is one of our own.
#[must_use]
pub fn table(table: &TableName) -> String {
    format!("{}.{}", table.schema.name(), identifier(&table.name))
}

/// Whether a name or text contains a placeholder, which a query would replace even between quotes.
#[must_use]
pub fn has_placeholder(text: &str) -> bool {
    text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_inside_are_doubled() {
        assert_eq!(identifier(r#"a"b; drop"#), r#""a""b; drop""#);
        assert_eq!(literal("it's '' --"), "'it''s '''' --'");
        assert_eq!(table(&"events.order".parse().unwrap()), r#"events."order""#);
    }
}
