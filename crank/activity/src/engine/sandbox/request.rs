//! The request from the parent to the query's process: the question, the activity's files and the limits, as one JSON
//! text with its length in front.

use std::io::Read;
use std::path::{Path, PathBuf, absolute};

use serde::{Deserialize, Serialize};

use crate::engine::{Activity, QueryError, QueryLimits, Question};

/// The longest request, in bytes: enough for the paths of some hundred thousand files.
const MAX_BYTES: u32 = 64 << 20;

/// The content of a request.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) activity: Activity,
    pub(super) question: Question,
    pub(super) limits: QueryLimits,
}

impl Request {
    /// The bytes to send. Paths become absolute, since the child works in another directory.
    ///
    /// # Errors
    ///
    /// [`QueryError::Activity`] if a path is not Unicode, or there are far too many of them.
    pub(super) fn bytes(activity: &Activity, question: &Question, limits: &QueryLimits) -> Result<Vec<u8>, QueryError> {
        let at = |error: &dyn std::fmt::Display| QueryError::Activity(error.to_string());
        let mut activity = activity.clone();
        for file in activity.tables.iter_mut().flat_map(|table| &mut table.files) {
            *file = absolute(&*file).map_err(|error| at(&error))?;
        }
        let request = Self { activity, question: question.clone(), limits: *limits };
        let text = serde_json::to_vec(&request).map_err(|error| at(&error))?;
        match u32::try_from(text.len()) {
            Ok(length) if length <= MAX_BYTES => Ok([&length.to_le_bytes(), text.as_slice()].concat()),
            _ => Err(QueryError::Activity(format!(
                "the activity has too many files: their names fill {MAX_BYTES} bytes"
            ))),
        }
    }

    /// Reads a request.
    pub(super) fn read(mut reader: impl Read) -> std::io::Result<Self> {
        let mut length = [0; 4];
        reader.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length).min(MAX_BYTES);
        let mut text = Vec::new();
        reader.take(u64::from(length)).read_to_end(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

/// The files that a query over the activity reads.
pub(super) fn files(activity: &Activity) -> Vec<&Path> {
    activity.tables.iter().flat_map(|table| &table.files).map(PathBuf::as_path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::AnswerShape;
    use crate::events::ColumnType;
    use crate::store::StoredTable;
    use crank_rules::values::period::Period;

    fn activity(files: &[&str]) -> Activity {
        let types = [ColumnType::Boolean, ColumnType::Null, ColumnType::Number, ColumnType::Text];
        let columns = types.into_iter().map(|column| (format!("{column:?}"), column)).collect();
        let files = files.iter().map(PathBuf::from).collect();
        Activity { tables: vec![StoredTable { name: "chain.swaps".parse().unwrap(), columns, files }] }
    }

    fn question() -> Question {
        Question {
            sql: "select \u{0}\"'".to_owned(),
            period: Period { start: i64::MIN, end: i64::MAX },
            campaign_start: -1,
            views: [("chain.swaps".parse().unwrap(), "select 1".to_owned())].into(),
            answer: AnswerShape::Conversions,
        }
    }

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let (question, limits) = (question(), QueryLimits::default());
        for activity in [Activity::default(), activity(&["/a b/%1.parquet", "/ü"])] {
            let bytes = Request::bytes(&activity, &question, &limits).unwrap();
            let request = Request { activity, question: question.clone(), limits };
            assert_eq!(Request::read(bytes.as_slice()).unwrap(), request);
            assert!(Request::read(bytes.get(..bytes.len() - 1).unwrap()).is_err());
        }
    }

    #[test]
    fn paths_become_absolute() {
        let bytes = Request::bytes(&activity(&["x"]), &question(), &QueryLimits::default()).unwrap();
        assert!(files(&Request::read(bytes.as_slice()).unwrap().activity)[0].is_absolute());
    }
}
