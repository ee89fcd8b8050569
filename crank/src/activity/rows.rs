//! From the engine's batches to one exact value for each address: checks the columns, then every row.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, AsArray, Decimal256Array, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DECIMAL256_MAX_PRECISION, DataType, Decimal256Type, DecimalType, Field, Fields, i256,
};
use datafusion::arrow::record_batch::RecordBatch;
use solana_pubkey::Pubkey;

use super::{QueryError, ResultRow};
use crate::decimal::Decimal;

/// The names the column of values may have.
const VALUE_NAMES: [&str; 3] = ["value", "score", "amount"];

/// The places of the two columns in a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResultColumns {
    address: usize,
    value: usize,
}

impl ResultColumns {
    /// Finds the two columns and checks their types.
    pub(super) fn find(fields: &Fields) -> Result<Self, QueryError> {
        let position = |wanted: &[&str]| fields.iter().position(|field| wanted.contains(&field.name().as_str()));
        let (Some(address), Some(value), 2) = (position(&["address"]), position(&VALUE_NAMES), fields.len()) else {
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name())).collect();
            return Err(QueryError::ResultColumns { found: names.join(", ") });
        };
        for (index, field) in fields.iter().enumerate() {
            if index == address { check_address_type(field) } else { check_value_type(field) }?;
        }
        Ok(Self { address, value })
    }

    /// Collects the rows of all batches, ordered by address.
    pub(super) fn collect(self, batches: &[RecordBatch]) -> Result<Vec<ResultRow>, QueryError> {
        let mut values = BTreeMap::<Pubkey, Decimal>::new();
        for batch in batches {
            let addresses = converted(batch.column(self.address), &DataType::Utf8)?;
            let numbers = converted(batch.column(self.value), &decimal_of(batch.column(self.value).data_type()))?;
            let (addresses, numbers) = (addresses.as_string::<i32>(), numbers.as_primitive::<Decimal256Type>());
            add_rows(&mut values, addresses, numbers)?;
        }
        Ok(values.into_iter().map(|(address, value)| ResultRow { address, value }).collect())
    }
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
        DataType::Null => Ok(()),
        other => Err(result_type(field, other, "a whole number or a decimal: write cast(… as decimal(38, 9))")),
    }
}

fn result_type(field: &Field, found: &DataType, expected: &'static str) -> QueryError {
    QueryError::ResultType { column: field.name().clone(), found: found.to_string(), expected }
}

/// The widest decimal that holds a number type as it is.
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

fn converted(column: &dyn Array, data_type: &DataType) -> Result<std::sync::Arc<dyn Array>, QueryError> {
    cast(column, data_type).map_err(|error| QueryError::Engine(error.to_string()))
}

fn add_rows(
    values: &mut BTreeMap<Pubkey, Decimal>,
    addresses: &StringArray,
    numbers: &Decimal256Array,
) -> Result<(), QueryError> {
    let scale = numbers.scale().unsigned_abs();
    for (address, number) in addresses.iter().zip(numbers) {
        let (address, value) = row(address, number, scale)?;
        if let Some(other) = values.insert(address, value) {
            let (first, second) = (value.min(other), value.max(other));
            return Err(QueryError::DuplicateAddress { address: address.to_string(), first, second });
        }
    }
    Ok(())
}

fn row(address: Option<&str>, number: Option<i256>, scale: u8) -> Result<(Pubkey, Decimal), QueryError> {
    let text = || number.map_or_else(|| "null".to_owned(), |number| shown(number, scale));
    let address = address.ok_or_else(|| QueryError::NullAddress { value: text() })?;
    let number = number.ok_or_else(|| QueryError::NullValue { address: address.to_owned() })?;
    let key: Pubkey =
        address.parse().map_err(|_| QueryError::Address { address: address.chars().take(80).collect() })?;
    let value = decimal(number, scale);
    Ok((key, value.ok_or_else(|| QueryError::ValueTooLong { address: address.to_owned(), value: text() })?))
}

/// The number, if it fits 38 digits once the zeros at its end are gone.
fn decimal(mut number: i256, scale: u8) -> Option<Decimal> {
    let (ten, mut scale) = (i256::from(10_i64), scale);
    while scale > 0 && number.checked_rem(ten) == Some(i256::ZERO) && number != i256::ZERO {
        number = number.checked_div(ten)?;
        scale = scale.checked_sub(1)?;
    }
    Decimal::new(number.to_i128()?, u32::from(scale)).ok()
}

fn shown(number: i256, scale: u8) -> String {
    let scale = i8::try_from(scale).unwrap_or_default();
    decimal(number, scale.unsigned_abs()).map_or_else(
        || Decimal256Type::format_decimal(number, DECIMAL256_MAX_PRECISION, scale),
        |value| value.to_string(),
    )
}
