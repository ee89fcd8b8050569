//! What the parent tells the child: the question, where the activity is, and the limits, as one JSON text with its
//! length in front.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf, absolute};

use serde::{Deserialize, Serialize};

use super::{Activity, AnswerShape, QueryError, QueryLimits, Question};
use crate::events::{ColumnType, TableName};
use crate::store::StoredTable;
use crank_rules::values::period::Period;

/// The longest request, in bytes: the paths of some hundred thousand files.
const MAX_BYTES: u32 = 64 << 20;

/// The request as it travels.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    lines: Option<PathBuf>,
    stored: Vec<Table>,
    sql: String,
    start: i64,
    end: i64,
    campaign_start: i64,
    views: BTreeMap<String, String>,
    conversions: bool,
    threads: usize,
    memory_bytes: usize,
    seconds: u64,
    rows: usize,
}

#[derive(Debug, Deserialize, Serialize)]
struct Table {
    name: String,
    columns: BTreeMap<String, String>,
    files: Vec<PathBuf>,
}

const TYPE_NAMES: [(ColumnType, &str); 4] = [
    (ColumnType::Boolean, "boolean"),
    (ColumnType::Null, "null"),
    (ColumnType::Number, "number"),
    (ColumnType::Text, "text"),
];

impl Request {
    /// The bytes to send.
    ///
    /// # Errors
    ///
    /// [`QueryError::Activity`] if a path is not Unicode, or there are far too many of them.
    pub(super) fn bytes(activity: &Activity, question: &Question, limits: &QueryLimits) -> Result<Vec<u8>, QueryError> {
        let at = |error: &dyn std::fmt::Display| QueryError::Activity(error.to_string());
        let request = Self::new(activity, question, limits).map_err(|error| at(&error))?;
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

    fn new(activity: &Activity, question: &Question, limits: &QueryLimits) -> std::io::Result<Self> {
        let (lines, stored) = match activity {
            Activity::Lines(path) => (Some(absolute(path)?), Vec::new()),
            Activity::Stored(tables) => (None, tables.iter().map(Table::new).collect::<std::io::Result<_>>()?),
        };
        let views = question.views.iter().map(|(name, sql)| (name.to_string(), sql.clone())).collect();
        Ok(Self {
            lines,
            stored,
            sql: question.sql.clone(),
            start: question.period.start,
            end: question.period.end,
            campaign_start: question.campaign_start,
            views,
            conversions: question.answer == AnswerShape::Conversions,
            threads: limits.threads,
            memory_bytes: limits.memory_bytes,
            seconds: limits.seconds,
            rows: limits.rows,
        })
    }

    /// What was asked, or `None` if a table's name is none.
    pub(super) fn into_parts(self) -> Option<(Activity, Question, QueryLimits)> {
        let activity = match self.lines {
            Some(path) => Activity::Lines(path),
            None => Activity::Stored(self.stored.into_iter().map(Table::into_stored).collect::<Option<_>>()?),
        };
        let views = self.views.into_iter().map(|(name, sql)| Some((name.parse::<TableName>().ok()?, sql)));
        let question = Question {
            sql: self.sql,
            period: Period { start: self.start, end: self.end },
            campaign_start: self.campaign_start,
            views: views.collect::<Option<_>>()?,
            answer: if self.conversions { AnswerShape::Conversions } else { AnswerShape::Values },
        };
        let (threads, memory_bytes, seconds, rows) = (self.threads, self.memory_bytes, self.seconds, self.rows);
        Some((activity, question, QueryLimits { threads, memory_bytes, seconds, rows }))
    }
}

impl Table {
    fn new(table: &StoredTable) -> std::io::Result<Self> {
        let type_name =
            |wanted: ColumnType| TYPE_NAMES.iter().find(|(known, _)| *known == wanted).map(|(_, name)| *name);
        let columns = table.columns.iter();
        Ok(Self {
            name: table.name.to_string(),
            columns: columns
                .map(|(name, column)| (name.clone(), type_name(*column).unwrap_or_default().to_owned()))
                .collect(),
            files: table.files.iter().map(absolute).collect::<std::io::Result<_>>()?,
        })
    }

    fn into_stored(self) -> Option<StoredTable> {
        let column_type = |wanted: &str| TYPE_NAMES.iter().find(|(_, name)| *name == wanted).map(|(known, _)| *known);
        let columns = self.columns.into_iter().map(|(name, column)| Some((name, column_type(&column)?)));
        Some(StoredTable { name: self.name.parse().ok()?, columns: columns.collect::<Option<_>>()?, files: self.files })
    }
}

/// The files that a query over the activity reads.
pub(super) fn files(activity: &Activity) -> Vec<&Path> {
    match activity {
        Activity::Lines(path) => vec![path],
        Activity::Stored(tables) => tables.iter().flat_map(|table| &table.files).map(PathBuf::as_path).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let name: TableName = "chain.swaps".parse().unwrap();
        let columns = TYPE_NAMES.map(|(column, name)| (name.to_owned(), column)).into();
        let table = StoredTable { name: name.clone(), columns, files: vec!["/a b/%1.parquet".into(), "/ü".into()] };
        let question = Question {
            sql: "select \u{0}\"'".to_owned(),
            period: Period { start: i64::MIN, end: i64::MAX },
            campaign_start: -1,
            views: [(name, "select 1".to_owned())].into(),
            answer: AnswerShape::Conversions,
        };
        let limits = QueryLimits::default();
        for activity in [Activity::Lines("/x".into()), Activity::Stored(vec![table])] {
            let bytes = Request::bytes(&activity, &question, &limits).unwrap();
            let request = Request::read(bytes.as_slice()).unwrap();
            assert_eq!(request.into_parts(), Some((activity, question.clone(), limits)));
            assert!(Request::read(bytes.get(..bytes.len() - 1).unwrap()).is_err());
        }
    }

    #[test]
    fn paths_become_absolute() {
        let question = Question {
            sql: String::new(),
            period: Period { start: 0, end: 1 },
            campaign_start: 0,
            views: BTreeMap::new(),
            answer: AnswerShape::Values,
        };
        let bytes = Request::bytes(&Activity::Lines("x".into()), &question, &QueryLimits::default()).unwrap();
        let (activity, ..) = Request::read(bytes.as_slice()).unwrap().into_parts().unwrap();
        assert!(files(&activity)[0].is_absolute());
    }
}
