//! `coalesce`, `nullif`, `greatest` and `least` as a query calls them: placeholders until the types of their numbers
//! are known, because the engine's own functions refuse number types that differ too much.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, internal_err, plan_err};
use datafusion::functions::core;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use super::NumberType;
use super::number_type::UNKNOWN;

/// The placeholders, one for each function.
pub(in crate::engine) fn planned_choices() -> Vec<Arc<ScalarUDF>> {
    let all = [core::coalesce(), core::nullif(), core::greatest(), core::least()];
    all.map(|engine| Arc::new(ScalarUDF::new_from_impl(Choice::new(engine)))).into()
}

/// The engine's function that a placeholder stands for.
pub(in crate::engine) fn planned_choice(function: &ScalarUDF) -> Option<Arc<ScalarUDF>> {
    function.inner().downcast_ref::<Choice>().map(|choice| Arc::clone(&choice.engine))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Choice {
    engine: Arc<ScalarUDF>,
    signature: Signature,
}

impl Choice {
    fn new(engine: Arc<ScalarUDF>) -> Self {
        Self { engine, signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Choice {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The type of the first argument that is not null; for numbers of different types that of unknown decimals. The
    /// engine checks the real type later.
    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let Some(first) = arguments.iter().find(|argument| !argument.is_null()) else {
            return match arguments {
                [] => plan_err!("`{}` takes at least one argument", self.name()),
                _ => Ok(DataType::Null),
            };
        };
        let are_whole = arguments.iter().all(|argument| argument == first || argument.is_null());
        match NumberType::of(first) {
            Some(_) if !are_whole => Ok(UNKNOWN),
            _ => Ok(first.clone()),
        }
    }

    fn invoke_with_args(&self, _call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        internal_err!("{} was not replaced", self.name())
    }
}
