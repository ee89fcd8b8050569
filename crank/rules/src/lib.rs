//! What decides who is paid what: the campaign as it is written, the evaluation of an epoch, and the bundle that
//! explains it.
//!
//! The same inputs give the same bytes on every machine. Nothing here knows a clock, a network, a database, a query
//! engine or a cluster, so recomputing a bundle needs neither. `campaign` reads, `formula` and
//! `evaluation` decide, `tree` commits, `bundle` writes it all down and recomputes it; `formula_lints` says what is
//! probably a mistake. `values` are what they are made of, and `wording` is how values stand in messages.

pub mod bundle;
pub mod campaign;
pub mod evaluation;
pub mod formula;
pub mod formula_lints;
pub mod tree;
pub mod values;
pub mod wording;
