//! Writes the query of a campaign from a few parameters: `generate_incentive_query`.
//!
//! The parameters have the names that the tool has where people know it from, in one JSON object for file, REST and
//! MCP. What comes out is plain SQL, one clause a line and each with a sentence that says what it does, so that it can
//! be reviewed before money depends on it. Whatever is given goes in quoted, or as an expression that has been checked
//! to be one. It runs nothing: that is `activity`.

pub mod chain_tables;
mod clauses;
mod curve_trades;
mod error;
mod hold;
mod parameters;
mod recorded;
mod request;
mod swap;

pub use clauses::{Clause, GeneratedQuery};
pub use error::QueryRequestError;
pub use request::{Direction, Launchpad, Measure, QueryRequest, RowOrder, SourceName};

/// Writes the query that a request asks for.
///
/// # Errors
/// [`QueryRequestError`] with the parameter, what it holds and what would be right.
pub fn generate_incentive_query(request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let source = request.source.ok_or(QueryRequestError::Missing {
        parameter: "source",
        expected: "`custom_event`, `idl_instruction`, `swap`, `hold` or `bonding_curve`".to_owned(),
    })?;
    parameters::refuse_others(source, request)?;
    match source {
        SourceName::CustomEvent | SourceName::IdlInstruction => recorded::query(source, request),
        SourceName::Swap => swap::query(request),
        SourceName::Hold => hold::query(request),
        SourceName::BondingCurve => curve_trades::query(request),
    }
}

#[cfg(test)]
mod tests;
