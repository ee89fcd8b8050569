//! What is wrong with a campaign file.

use crate::formula::FormulaError;

/// What is wrong with a campaign file: the field, what was found and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// The file is not JSON, or its top level is not an object.
    #[error("the campaign is not a JSON object: {0}")]
    Json(String),
    /// A name that no field has.
    #[error("unknown field `{field}`{suggestion}: the fields are {known}")]
    UnknownField {
        /// The name found.
        field: String,
        /// The nearest known name, as a question; empty if none is near.
        suggestion: String,
        /// All known names.
        known: String,
    },
    /// A name that occurs twice; one of its two values would be ignored.
    #[error("`{0}` is given twice: leave one of the two out")]
    RepeatedField(String),
    /// A required field is missing.
    #[error("`{field}` is missing: expected {expected}")]
    Missing {
        /// The field.
        field: String,
        /// What would be right.
        expected: String,
    },
    /// A field that is not allowed here.
    #[error("`{field}` is given, but {reason}: leave it out")]
    Surplus {
        /// The field.
        field: String,
        /// Why it is not allowed.
        reason: String,
    },
    /// A field has a value that is not valid.
    #[error("`{field}`: found {found}, expected {expected}")]
    Value {
        /// The field.
        field: String,
        /// The value.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// The formula cannot be read.
    #[error("`{field}`: {source}")]
    Formula {
        /// The field that it comes from.
        field: String,
        /// What is wrong with it.
        source: FormulaError,
    },
    /// No distributor of the file has that name.
    #[error("the campaign has no distributor `{name}`: {hint}")]
    UnknownDistributor {
        /// The name asked for.
        name: String,
        /// The names that are near, or all of them.
        hint: String,
    },
    /// The file has several distributors, and none of them was chosen.
    #[error("the campaign has several distributors, {0}: name one of them")]
    SeveralDistributors(String),
}
