//! How a query that may be asked becomes rows: the engine's session, the plan with exact numbers and a total
//! order, its execution, and the rows as they are returned.
//!
//! What a query may say was decided in `language`; where it runs is the matter of `sandbox`.

pub(super) mod address_totals;
pub(super) mod arithmetic;
pub(super) mod execution;
pub(super) mod rows;
pub(super) mod session;
pub(super) mod total_arithmetic;
pub(super) mod total_order;
