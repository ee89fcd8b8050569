//! The numbers of queries: decimals while they are exact, fractions where a decimal would lose digits, and faults for
//! numbers that cannot be computed.
//!
//! Plans call the functions of this module; no query can name them. `total_arithmetic` decides which is used where.
//!
//! Three kinds of columns hold numbers, and a column's type tells its kind. Whole numbers and decimals below 76 digits
//! are plain: each value is a number. A `Decimal256` of 76 digits is a wide decimal; `LargeBinary`, which nothing else
//! in a query uses, is a fraction. In these two a value may be a `Fault`.

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
pub(super) use row_by_row::{not_row_by_row, row_by_row};
pub(super) use wide::{fitting, read as read_wide, scaled, write as write_wide};

/// Whether a function comes from this module.
pub(super) fn is_of_numbers(function: &ScalarUDF) -> bool {
    operate::is_operation(function)
        || convert::is_conversion(function)
        || round::is_rounding(function)
        || known::is_about_faults(function)
        || extreme::is_extreme(function)
}
