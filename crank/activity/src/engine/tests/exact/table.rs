//! Small tables, and the text of a query's answer for their users.

use std::collections::BTreeMap;

use dashu::base::{Signed as _, UnsignedAbs as _};
use dashu::integer::UBig;
use dashu::rational::RBig;

use super::generator::Generator;
use super::model::{Fault, Row, Value, decimal, halves_to_even, ten_to};
use crate::engine::QueryError;
use crate::engine::tests::user;

pub(super) struct Table(pub(super) Vec<Row>);

impl Table {
    pub(super) fn new(generator: &mut Generator) -> Self {
        let rows = 1 + generator.below(7);
        let row = |generator: &mut Generator| Row {
            user: 1 + u8::try_from(generator.below(3)).unwrap(),
            numbers: [generator.cell(), generator.cell(), generator.cell()],
        };
        Self((0..rows).map(|_| row(generator)).collect())
    }

    /// The table as a SELECT with the columns `id`, `u`, `a`, `b` and `c`.
    pub(super) fn sql(&self) -> String {
        let cell = |number: &Option<RBig>| number.as_ref().map_or("null".to_owned(), decimal);
        let row = |(id, row): (usize, &Row)| {
            let [a, b, c] = &row.numbers;
            format!("({id}, '{}', {}, {}, {})", user(row.user), cell(a), cell(b), cell(c))
        };
        let rows: Vec<String> = self.0.iter().enumerate().map(row).collect();
        format!(
            "select id, u, cast(a as decimal(38, 9)) as a, cast(b as decimal(38, 9)) as b, cast(c as decimal(5, 2)) as c \
             from (values (-1, 'x', 1.5, 2.5, 3.5), {}) as v(id, u, a, b, c) where id >= 0",
            rows.join(", ")
        )
    }

    /// The rows of each user.
    pub(super) fn by_user<'a>(rows: impl Iterator<Item = &'a Row>) -> BTreeMap<u8, Vec<Row>> {
        let mut groups = BTreeMap::<u8, Vec<Row>>::new();
        rows.for_each(|row| groups.entry(row.user).or_default().push(row.clone()));
        groups
    }
}

/// The answer of a query, or its error, for the values of users.
pub(super) fn answer(values: BTreeMap<u8, Value>) -> String {
    let mut errors = Vec::new();
    let mut rows = Vec::new();
    for (number, value) in values {
        let address = user(number);
        match value {
            None => errors.push(QueryError::NullValue { address }.to_string()),
            Some(Err(fault)) => {
                let fault = match fault {
                    Fault::DivisionByZero => crate::engine::numbers::Fault::DivisionByZero,
                    Fault::DoesNotFit => crate::engine::numbers::Fault::DoesNotFit,
                };
                errors.push(QueryError::Fault { address, cause: fault.cause().to_owned() }.to_string());
            }
            Some(Ok(value)) => rows.push((number, format!("{address}={} ", in_38_digits(&value)))),
        }
    }
    rows.sort_unstable_by_key(|(number, _)| *number);
    errors.into_iter().min().unwrap_or_else(|| rows.into_iter().map(|(_, text)| text).collect())
}

/// The nearest decimal of 38 digits; of two equally near ones, the even one.
fn in_38_digits(value: &RBig) -> String {
    let whole = value.trunc().unsigned_abs();
    let digits = if whole.is_zero() { 0 } else { whole.to_string().len() };
    let mut scale = 38 - digits;
    let mut units = halves_to_even(&(value * ten_to(scale)));
    if units.clone().unsigned_abs() >= UBig::from(10_u8).pow(38) {
        scale -= 1;
        units = halves_to_even(&(value * ten_to(scale)));
    }
    let text = format!("{:0>width$}", units.clone().unsigned_abs().to_string(), width = scale + 1);
    let (whole, rest) = text.split_at(text.len() - scale);
    let rest = rest.trim_end_matches('0');
    let sign = if units.is_negative() { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
