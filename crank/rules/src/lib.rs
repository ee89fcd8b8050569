//! The rules that decide who is paid how much: the campaign file, the evaluation of an epoch, and the bundle that
//! explains it.
//!
//! The same inputs give the same bytes on every machine. Nothing here knows a clock, a network, a database, a query
//! engine or a cluster, so recomputing a bundle needs none of them. `campaign` reads the file, `formula` and
//! `evaluation` decide, `tree` commits to the leaves, and `bundle` writes everything down and recomputes it;
//! `formula_lints` finds probable mistakes. `values` has the basic types, and `wording` puts values into messages.

pub mod bundle;
pub mod campaign;
pub mod evaluation;
pub mod formula;
pub mod formula_lints;
pub mod tree;
pub mod values;
pub mod wording;
