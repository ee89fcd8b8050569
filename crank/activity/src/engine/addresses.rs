//! Addresses are 32 bytes in files and base58 in queries. This module turns bytes into text, as late as possible.
//!
//! A query that groups by address would make a text for every event and compare texts. As no two addresses have the
//! same text, grouping by the bytes gives the same groups, and only the groups need texts; the answer's own column
//! needs none at all. `late` rewrites plans that way.

mod late;

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryArray, StringViewBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_datafusion_err, internal_datafusion_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crank_rules::values::base58;

pub(super) use late::{answer_in_bytes, group_by_bytes};

/// The length of an address in bytes, in the engine's integer type.
pub(super) const ADDRESS_WIDTH: i32 = 32;
/// The type of an address column in a file.
pub(super) const STORED_ADDRESS: DataType = DataType::FixedSizeBinary(ADDRESS_WIDTH);

/// The base58 text of an address that is stored as bytes.
pub(super) fn text_of(bytes: Expr) -> Expr {
    ScalarUDF::new_from_impl(Base58::new()).call(vec![bytes])
}

/// The bytes beneath an expression that [`text_of`] made, else `None`.
fn bytes_of(text: &Expr) -> Option<&Expr> {
    match text {
        Expr::Alias(alias) => bytes_of(&alias.expr),
        Expr::ScalarFunction(call) if call.func.inner().is::<Base58>() => call.args.first(),
        _ => None,
    }
}

/// The function from bytes to base58. No query can name it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Base58 {
    signature: Signature,
}

impl Base58 {
    fn new() -> Self {
        Self { signature: Signature::exact(vec![STORED_ADDRESS], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Base58 {
    fn name(&self) -> &'static str {
        "base58"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [bytes] = ColumnarValue::values_to_arrays(&call.args)?
            .try_into()
            .map_err(|_| internal_datafusion_err!("base58 has one argument"))?;
        Ok(ColumnarValue::Array(texts(&bytes)?))
    }
}

fn texts(bytes: &ArrayRef) -> Result<ArrayRef> {
    let bytes = addresses(bytes)?;
    let mut texts = StringViewBuilder::with_capacity(bytes.len()).with_fixed_block_size(1 << 16);
    let mut text = Vec::with_capacity(64);
    for address in bytes {
        text.clear();
        match address.and_then(|address| address.try_into().ok()) {
            Some(address) => {
                base58::encode(&mut text, address);
                let text = std::str::from_utf8(&text).map_err(|error| exec_datafusion_err!("{error}"))?;
                texts.append_value(text);
            }
            None => texts.append_null(),
        }
    }
    Ok(Arc::new(texts.finish()))
}

/// A column of addresses in bytes.
pub(super) fn addresses(column: &ArrayRef) -> Result<&FixedSizeBinaryArray> {
    let column = column.as_fixed_size_binary_opt().filter(|column| column.value_length() == ADDRESS_WIDTH);
    column.ok_or_else(|| internal_datafusion_err!("an address is not of {ADDRESS_WIDTH} bytes"))
}
