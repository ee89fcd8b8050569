//! Writes the query of a campaign from a few parameters: `generate_incentive_query`.
//!
//! The parameters keep the names of the tool that people know, in one JSON object for file, REST and MCP. The result is
//! plain SQL, one clause a line, each with a sentence about its meaning, so that people can review it before money
//! depends on it. Every parameter goes into the SQL quoted, or is checked to be one expression. This module runs
//! nothing: `engine` does.

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
