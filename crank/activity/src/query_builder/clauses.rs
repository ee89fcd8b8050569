//! A generated query as a list of clauses, each with its meaning.

use serde::Serialize;

/// One or more lines of a query, and their meaning.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clause {
    /// The SQL.
    pub clause: String,
    /// What it does, for the reader of the query.
    pub meaning: String,
}

/// A query, clause by clause.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GeneratedQuery {
    clauses: Vec<Clause>,
}

impl GeneratedQuery {
    /// The query with one clause more.
    pub(super) fn with(mut self, clause: impl Into<String>, meaning: impl Into<String>) -> Self {
        self.clauses.push(Clause { clause: clause.into(), meaning: meaning.into() });
        self
    }

    /// The query with one clause more, if there is one.
    pub(super) fn with_optional(self, clause: Option<(String, String)>) -> Self {
        match clause {
            Some((clause, meaning)) => self.with(clause, meaning),
            None => self,
        }
    }

    /// The clauses, in order.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The query's text.
    #[must_use]
    pub fn sql(&self) -> String {
        let lines: Vec<&str> = self.clauses.iter().map(|clause| clause.clause.as_str()).collect();
        lines.join("\n")
    }

    /// Keeps only the rows within the epoch.
    pub(super) fn within_epoch(self) -> Self {
        self.with(
            "where timestamp >= {{startDate}} and timestamp < {{endDate}}",
            "only what happened in the epoch; its last instant belongs to the next one",
        )
    }

    /// One row for each wallet, in the order of its rank.
    pub(super) fn by_wallet(self) -> Self {
        self.with("group by user_pubkey", "one row for each wallet").by_value()
    }

    /// The order of ranks.
    pub(super) fn by_value(self) -> Self {
        self.with("order by value desc, address", "the largest value first, equal ones by their address")
    }
}
