//! What a query may say: its text, its syntax, its functions, and whether a single expression is one.
//!
//! An allow-list all the way. Nothing here runs a query: `plan` does.

pub(super) mod expression_check;
pub(super) mod functions;
pub(super) mod query_text;
pub(super) mod syntax;
