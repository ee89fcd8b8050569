//! The numbers of queries: decimals while they are exact, fractions where a decimal would not be, and what stands in
//! the place of a number that cannot be computed.
//!
//! Functions here are what a plan calls; none has a name that a query could write. Which of them stands where is
//! decided in `total_arithmetic`.
//!
//! Three kinds of columns hold numbers, and the type alone tells which it is. Whole numbers and decimals below 76
//! digits are plain: each value is a number. A `Decimal256` of 76 digits is a wide decimal, and `LargeBinary`, which
//! nothing else in a query has, is a fraction: in both, a value may be a `Fault`.

mod choice;
mod convert;
mod extreme;
mod fault;
mod fraction;
mod known;
mod name;
mod number_type;
mod operate;
mod read;
mod round;
mod row_by_row;
mod wide;

use datafusion::logical_expr::ScalarUDF;

pub(super) use choice::{planned_choice, planned_choices};
pub(super) use convert::{Target, convert, parse_literal};
pub(super) use extreme::{Extreme, extreme};
pub(super) use fault::Fault;
pub(super) use fraction::{Direction, Fraction};
pub(super) use known::{faults_first, faults_last, has_faults_last, known};
pub(super) use number_type::{MOST_PLAIN_DIGITS, NumberType};
pub(super) use operate::{Operator, operate, placeholder, placeholder_operator};
pub(super) use read::{Numbers, fraction_column};
pub(super) use round::{Rounding, planned_rounding, planned_roundings, round};
pub(super) use row_by_row::row_by_row;
pub(super) use wide::{fitting, read as read_wide, scaled, write as write_wide};

/// Whether a function is one of this module.
pub(super) fn is_of_numbers(function: &ScalarUDF) -> bool {
    operate::is_operation(function)
        || convert::is_conversion(function)
        || round::is_rounding(function)
        || known::is_about_faults(function)
        || extreme::is_extreme(function)
}
