//! Turns the engine's batches into exact values: checks the columns, then every row, and sorts the rows.
//!
//! A fraction is rounded here, once, to the nearest decimal of 38 digits. A query whose result has a decimal of more
//! digits, or a fault, is refused.

mod value;

use std::cmp::Ordering;
use std::num::NonZeroUsize;
use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Field, Fields, TimeUnit};
use datafusion::arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use solana_pubkey::Pubkey;

use crate::engine::numbers::Numbers;
use crate::engine::{AnswerShape, QueryError, ResultRow};
use crank_rules::wording;
use value::Number;

/// The names the column of values may have.
const VALUE_NAMES: [&str; 3] = ["value", "score", "amount"];
/// The name of the column of times.
const TIME_NAMES: [&str; 1] = ["timestamp"];

/// The places of the two columns in a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResultColumns {
    shape: AnswerShape,
    address: usize,
    value: usize,
}

impl ResultColumns {
    /// Finds the two columns and checks their types.
    pub(super) fn find(fields: &Fields, shape: AnswerShape) -> Result<Self, QueryError> {
        let (names, expected): (&[&str], _) = match shape {
            AnswerShape::Values => (&VALUE_NAMES, "one of `value`, `score` or `amount`"),
            AnswerShape::Conversions => (&TIME_NAMES, "`timestamp`"),
        };
        let position = |wanted: &[&str]| fields.iter().position(|field| wanted.contains(&field.name().as_str()));
        let (Some(address), Some(value), 2) = (position(&["address"]), position(names), fields.len()) else {
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name())).collect();
            return Err(QueryError::ResultColumns { found: names.join(", "), expected: expected.to_owned() });
        };
        for (index, field) in fields.iter().enumerate() {
            match (index == address, shape) {
                (true, _) => check_address_type(field),
                (_, AnswerShape::Values) => check_value_type(field),
                (_, AnswerShape::Conversions) => check_time_type(field),
            }?;
        }
        Ok(Self { shape, address, value })
    }

    /// Collects the rows of all batches. Values are ordered by address and have each address once; conversions are
    /// ordered by time, then address.
    pub(super) fn collect(self, batches: &[RecordBatch], threads: NonZeroUsize) -> Result<Vec<ResultRow>, QueryError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
        let pool = pool.map_err(|error| QueryError::Process(error.to_string()))?;
        pool.install(|| {
            let parts = batches.par_iter().map(|batch| self.rows(batch)).collect::<Vec<_>>();
            let mut rows = all_or_first_error(parts)?.concat();
            match self.shape {
                AnswerShape::Values => {
                    rows.par_sort_unstable_by(by_address);
                    refuse_duplicates(&rows)?;
                }
                AnswerShape::Conversions => rows.par_sort_unstable_by_key(|row| (row.value, row.address)),
            }
            Ok(rows)
        })
    }

    /// The place of the address column.
    pub(super) const fn address(self) -> usize {
        self.address
    }

    fn rows(self, batch: &RecordBatch) -> Result<Vec<ResultRow>, QueryError> {
        let numbers = numbers(batch.column(self.value), self.shape)?;
        let numbers = Numbers::of(&numbers).map_err(|error| QueryError::Engine(error.to_string()))?;
        let addresses = batch.column(self.address);
        match addresses.as_fixed_size_binary_opt() {
            Some(addresses) => read_rows(addresses.iter().map(|bytes| bytes.map(Address::Bytes)), numbers),
            None => {
                let addresses = converted(addresses, &DataType::Utf8View)?;
                read_rows(addresses.as_string_view().iter().map(|text| text.map(Address::Text)), numbers)
            }
        }
    }
}

/// All results, or one error. Of several errors it is the one whose text sorts first, because their order depends on
/// how the rows were cut into batches.
fn all_or_first_error<T>(results: impl IntoIterator<Item = Result<T, QueryError>>) -> Result<Vec<T>, QueryError> {
    let results = results.into_iter();
    let (mut all, mut errors) = (Vec::with_capacity(results.size_hint().0), Vec::new());
    for result in results {
        match result {
            Ok(one) => all.push(one),
            Err(error) => errors.push(error),
        }
    }
    errors.into_iter().min_by_key(ToString::to_string).map_or(Ok(all), Err)
}

fn check_address_type(field: &Field) -> Result<(), QueryError> {
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(()),
        other => Err(result_type(field, other, "the base58 text of a public key")),
    }
}

fn check_value_type(field: &Field) -> Result<(), QueryError> {
    match field.data_type() {
        integer if integer.is_integer() => Ok(()),
        decimal if decimal.is_decimal() => Ok(()),
        DataType::Null | DataType::LargeBinary => Ok(()),
        other => Err(result_type(field, other, "a whole number or a decimal: write cast(… as decimal(38, 9))")),
    }
}

fn check_time_type(field: &Field) -> Result<(), QueryError> {
    match field.data_type() {
        DataType::Timestamp(_, None) | DataType::Null => Ok(()),
        other => Err(result_type(field, other, "a timestamp, such as the event's own")),
    }
}

fn result_type(field: &Field, found: &DataType, expected: &str) -> QueryError {
    // One name for a type, however the engine stores it.
    let found = match found {
        DataType::LargeBinary => "a fraction".to_owned(),
        other => other.to_string().replace("Utf8View", "Utf8"),
    };
    QueryError::ResultType { column: field.name().clone(), found, expected: expected.to_owned() }
}

/// The values as the widest decimals of their scale, or as fractions; times as whole milliseconds.
fn numbers(column: &ArrayRef, shape: AnswerShape) -> Result<ArrayRef, QueryError> {
    let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
    let whole = match shape {
        AnswerShape::Conversions => &converted(&converted(column, &milliseconds)?, &DataType::Int64)?,
        AnswerShape::Values => column,
    };
    match whole.data_type() {
        DataType::LargeBinary => Ok(Arc::clone(whole)),
        decimal => converted(whole, &decimal_of(decimal)),
    }
}

/// The widest decimal of the same scale.
fn decimal_of(data_type: &DataType) -> DataType {
    let scale = match data_type {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => (*scale).max(0),
        _ => 0,
    };
    DataType::Decimal256(DECIMAL256_MAX_PRECISION, scale)
}

fn converted(column: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, QueryError> {
    if column.data_type() == data_type {
        return Ok(Arc::clone(column));
    }
    cast(column, data_type).map_err(|error| QueryError::Engine(error.to_string()))
}

/// An address in one of the engine's two forms.
#[derive(Clone, Copy)]
enum Address<'a> {
    /// Base58 text, which the query computed.
    Text(&'a str),
    /// The 32 stored bytes.
    Bytes(&'a [u8]),
}

impl Address<'_> {
    fn read(self) -> Option<Pubkey> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Bytes(bytes) => Pubkey::try_from(bytes).ok(),
        }
    }

    /// The address, or the text in its place, shortened for a message.
    fn shortened(self) -> String {
        let text = match self {
            Self::Text(text) => text.to_owned(),
            Self::Bytes(_) => self.read().unwrap_or_default().to_string(),
        };
        wording::shown(&text)
    }
}

fn read_rows<'a>(
    addresses: impl Iterator<Item = Option<Address<'a>>>,
    numbers: Numbers<'_>,
) -> Result<Vec<ResultRow>, QueryError> {
    match numbers {
        Numbers::Decimals(decimals, scale) => {
            let numbers = decimals.iter().map(|number| number.map(|number| Number::Decimal(number, scale)));
            all_or_first_error(addresses.zip(numbers).map(|(address, number)| row(address, number)))
        }
        Numbers::Fractions(fractions) => {
            let numbers = fractions.iter().map(|code| code.map(Number::Fraction));
            all_or_first_error(addresses.zip(numbers).map(|(address, number)| row(address, number)))
        }
    }
}

fn row(address: Option<Address<'_>>, number: Option<Number<'_>>) -> Result<ResultRow, QueryError> {
    let text = || number.map_or_else(|| "null".to_owned(), |number| wording::shown(&number.shown()));
    let found = address.ok_or_else(|| QueryError::NullAddress { value: text() })?;
    let number = number.ok_or_else(|| QueryError::NullValue { address: found.shortened() })?;
    let address = found.read().ok_or_else(|| QueryError::Address { address: found.shortened() })?;
    let value = number
        .read()
        .map_err(|fault| QueryError::Fault { address: found.shortened(), cause: fault.cause().to_owned() })?;
    let value = value.ok_or_else(|| QueryError::ValueTooLong { address: found.shortened(), value: text() })?;
    Ok(ResultRow { address, value })
}

/// Orders rows by address, then by value. The first eight bytes nearly always decide, and are quicker to compare.
fn by_address(left: &ResultRow, right: &ResultRow) -> Ordering {
    let beginning = |row: &ResultRow| row.address.as_array().first_chunk().copied().map(u64::from_be_bytes);
    let whole = |row: &ResultRow| (row.address, row.value);
    beginning(left).cmp(&beginning(right)).then_with(|| whole(left).cmp(&whole(right)))
}

/// Refuses a second row for an address. The rows are sorted: equal addresses are neighbours, the smaller value first.
fn refuse_duplicates(rows: &[ResultRow]) -> Result<(), QueryError> {
    let pairs = rows.windows(2).filter_map(|pair| <&[ResultRow; 2]>::try_from(pair).ok());
    match pairs.into_iter().find(|[first, second]| first.address == second.address) {
        None => Ok(()),
        Some([first, second]) => Err(QueryError::DuplicateAddress {
            address: first.address.to_string(),
            first: first.value.to_string(),
            second: second.value.to_string(),
        }),
    }
}
