//! The functions a query may call: an allow-list of those that are exact, give the same result everywhere, and cannot
//! make a large value out of a small one. `sum` and `avg` come from `exact_sum`, rounding and choosing from `numbers`.
//!
//! Left out on purpose: functions that depend on the time or on chance (`now`, `random`), return floats (`sqrt`, `ln`,
//! `power`), build long values (`repeat`, `lpad`, `concat`, `replace`, arrays), or depend on the order of rows
//! (`first_value`, `array_agg`).

use std::sync::Arc;

use datafusion::functions::{datetime, string, unicode};
use datafusion::functions_aggregate::{bool_and_or, count, min_max};
use datafusion::functions_window::{lead_lag, rank, row_number};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF, WindowUDF};

use crate::engine::exact_sum::{average, sum};
use crate::engine::numbers::{planned_choices, planned_roundings};

/// The functions of single values.
pub(in crate::engine) fn scalar() -> Vec<Arc<ScalarUDF>> {
    let others = vec![
        string::lower(),
        string::upper(),
        string::btrim(),
        string::ltrim(),
        string::rtrim(),
        string::starts_with(),
        string::ends_with(),
        string::contains(),
        unicode::character_length(),
        unicode::substr(),
        unicode::strpos(),
        unicode::left(),
        unicode::right(),
        datetime::date_trunc(),
        datetime::date_part(),
    ];
    [planned_roundings(), planned_choices(), others].concat()
}

/// The functions of groups of rows; they serve as window functions too.
pub(in crate::engine) fn aggregate() -> Vec<Arc<AggregateUDF>> {
    vec![
        sum(),
        average(),
        count::count_udaf(),
        min_max::min_udaf(),
        min_max::max_udaf(),
        bool_and_or::bool_and_udaf(),
        bool_and_or::bool_or_udaf(),
    ]
}

/// The functions that depend on a row's place among others.
pub(in crate::engine) fn window() -> Vec<Arc<WindowUDF>> {
    vec![
        row_number::row_number_udwf(),
        rank::rank_udwf(),
        rank::dense_rank_udwf(),
        lead_lag::lag_udwf(),
        lead_lag::lead_udwf(),
    ]
}

/// The names of all functions, in order, including those with a syntax of their own.
pub(super) fn names() -> Vec<String> {
    let scalar = scalar().into_iter().flat_map(|function| with_aliases(function.name(), function.aliases()));
    sorted(scalar.chain(names_over_rows()).collect())
}

/// The names of the functions that see more than one row, in order: they can stand before `over`.
pub(super) fn names_over_rows() -> Vec<String> {
    let aggregate = aggregate().into_iter().flat_map(|function| with_aliases(function.name(), function.aliases()));
    let window = window().into_iter().flat_map(|function| with_aliases(function.name(), function.aliases()));
    sorted(aggregate.chain(window).collect())
}

fn with_aliases(name: &str, aliases: &[String]) -> Vec<String> {
    [&[name.to_owned()], aliases].concat()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}
