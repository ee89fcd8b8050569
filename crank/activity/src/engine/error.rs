//! Why a query was refused or stopped, in the words of the query's author.

use datafusion::common::{DataFusionError, SchemaError};
use datafusion::error::DataFusionError as EngineError;

use serde::{Deserialize, Serialize};

use super::language::query_text::MAX_QUERY_BYTES;
use crank_rules::wording::near_names;

/// Why a query gave no answer. It is sent from the query's process to its parent unchanged.
#[derive(Debug, Deserialize, Serialize, thiserror::Error)]
pub enum QueryError {
    /// The text is longer than any query needs to be.
    #[error("the query has {0} bytes: at most {MAX_QUERY_BYTES} are read")]
    TooLong(usize),
    /// A bound of the period is not a valid date.
    #[error("the period's bound {0} is outside the years -9999 to 9999")]
    Period(i64),
    /// A placeholder that does not exist or does not stand alone.
    #[error(
        "{0}: a query knows `{{{{startDate}}}}`, `{{{{endDate}}}}` and `{{{{campaignStart}}}}`, each a whole \
         value of its own"
    )]
    Placeholder(String),
    /// The text is not SQL.
    #[error("the query is not valid SQL: {0}")]
    Syntax(String),
    /// The query says something that is not on the allow-list.
    #[error("{0}")]
    Refused(String),
    /// A function that is not on the allow-list.
    #[error("there is no function `{name}`: {hint}")]
    UnknownFunction {
        /// The function.
        name: String,
        /// The near names.
        hint: String,
    },
    /// A table that the activity does not have.
    #[error("there is no table `{name}`: {hint}")]
    UnknownTable {
        /// The table.
        name: String,
        /// The near names.
        hint: String,
    },
    /// A column that none of the query's tables has.
    #[error("there is no column `{name}`: {hint}")]
    UnknownColumn {
        /// The column.
        name: String,
        /// The near names.
        hint: String,
    },
    /// Two different calls with the same name in the engine, because its names leave casts out.
    #[error(
        "two calls of one SELECT are both named `{0}` by the query engine, which leaves casts out of names: move one of them \
         into a subquery"
    )]
    SameName(String),
    /// A float, anywhere in the query.
    #[error("`{expression}` becomes a float ({found}), which is not exact: write cast(… as decimal(38, 9)) instead")]
    Float {
        /// Where it is.
        expression: String,
        /// The float's type.
        found: String,
    },
    /// The result does not have the two columns.
    #[error("the query returns the columns {found}: it must return `address` and {expected}")]
    ResultColumns {
        /// What it returns.
        found: String,
        /// What the other column may be called.
        expected: String,
    },
    /// A column of the result has the wrong type.
    #[error("the column `{column}` is {found}: it must be {expected}")]
    ResultType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// A row without an address.
    #[error("a row with the value {value} has no address: leave such rows out with `where … is not null`")]
    NullAddress {
        /// The row's value, or `null`.
        value: String,
    },
    /// A row without a value.
    #[error("the value of {address} is null: write coalesce(…, 0), or leave the row out")]
    NullValue {
        /// The row's address.
        address: String,
    },
    /// A text in the address column that is not an address.
    #[error("the address \"{address}\" is not a public key in base58")]
    Address {
        /// What is in its place.
        address: String,
    },
    /// A value that has too many digits.
    #[error("the value of {address} has more than 38 digits: {value}")]
    ValueTooLong {
        /// The row's address.
        address: String,
        /// The value.
        value: String,
    },
    /// A value that cannot be computed.
    #[error("the value of {address} is {cause}")]
    Fault {
        /// The row's address.
        address: String,
        /// What is wrong, and how to avoid it.
        cause: String,
    },
    /// Two rows for one address.
    #[error("{address} has more than one row, with {first} and {second}: add `group by` so that it has one")]
    DuplicateAddress {
        /// The address.
        address: String,
        /// The smaller of the two values.
        first: String,
        /// The other one.
        second: String,
    },
    /// More rows than the limit.
    #[error("the query returns more than {0} rows")]
    TooManyRows(usize),
    /// More time than the limit.
    #[error("the query takes longer than {seconds} s")]
    OutOfTime {
        /// The limit.
        seconds: u64,
    },
    /// More memory than the limit.
    #[error("the query needs more than {0} bytes of memory")]
    OutOfMemory(usize),
    /// The activity cannot be read, or a line of it is not an event.
    #[error("{0}")]
    Activity(String),
    /// No process or thread could be started for the query, or it was lost; the same call may succeed later.
    #[error("the query's process: {0}")]
    Process(String),
    /// Whatever else the engine says, for instance of types that do not match.
    #[error("the query fails: {0}")]
    Engine(String),
}

impl From<std::io::Error> for QueryError {
    fn from(error: std::io::Error) -> Self {
        Self::Process(error.to_string())
    }
}

impl QueryError {
    /// The error for an engine, or its process, that died.
    pub(super) fn gave_up() -> Self {
        Self::Engine("the query engine gave up on this query".to_owned())
    }

    /// Puts an error of the engine into words.
    pub(super) fn from_engine(error: &EngineError, memory_bytes: usize) -> Self {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => Self::OutOfMemory(memory_bytes),
            DataFusionError::SchemaError(schema, _) => Self::from_schema(schema),
            DataFusionError::Collection(errors) => match errors.first() {
                Some(first) => Self::from_engine(first, memory_bytes),
                None => Self::Engine(one_paragraph(&error.strip_backtrace())),
            },
            root => Self::Engine(one_paragraph(&root.strip_backtrace())),
        }
    }

    fn from_schema(error: &SchemaError) -> Self {
        if let SchemaError::DuplicateUnqualifiedField { name } = error {
            return Self::SameName(name.clone());
        }
        let SchemaError::FieldNotFound { field, valid_fields } = error else {
            return Self::Engine(one_paragraph(&error.to_string()));
        };
        let hint = near_names::hint(&field.name, valid_fields.iter().map(|column| column.name.as_str()));
        Self::UnknownColumn { name: field.flat_name(), hint }
    }
}

/// The engine's text without its layers of prefixes, its line breaks and its requests for bug reports.
fn one_paragraph(text: &str) -> String {
    const LONGEST: usize = 400;
    const PREFIXES: [&str; 10] = [
        "This feature is not implemented: ",
        "Arrow error: ",
        "Compute error: ",
        "Divide by zero error: ",
        "Invalid argument error: ",
        "Arithmetic overflow: ",
        "Cast error: ",
        "Error during planning: ",
        "Execution error: ",
        "Optimizer rule ",
    ];
    let first = text.split("\n\n").next().unwrap_or_default();
    let first = first.split("This issue was likely caused by a bug").next().unwrap_or_default();
    let first = first.split(" No function matches the given name").next().unwrap_or_default();
    let first = first.rsplit("coercion failed with: ").next().unwrap_or_default();
    // One name for a type, however the engine stores it.
    let first = first.replace("Utf8View", "Utf8").replace("LargeBinary", "a fraction");
    let mut words = first.split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| words.strip_prefix(prefix)) {
        words = rest.to_owned();
    }
    match words.char_indices().nth(LONGEST) {
        None => words.trim_end_matches('.').to_owned(),
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
    }
}
