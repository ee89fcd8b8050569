//! `crank query`: writes the query that measures a campaign, explains it, and tries it on events.

mod trial;

use std::{fs, io::Write, path::Path};

use serde::Serialize;

use super::{activity_source, report};
use crate::{
    cli::QueryArguments,
    failure::Failure,
    period::Period,
    query_builder::{Clause, GeneratedQuery, QueryRequest, generate_incentive_query},
};
use trial::Trial;

/// Runs the command.
pub(super) fn run(arguments: &QueryArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let request = request(arguments)?;
    let query = generate_incentive_query(&request).map_err(|error| Failure::Input(error.to_string()))?;
    let trial = trial(arguments, &request, &query)?;
    let sql_query = query.sql();
    let answer = Answer { sql_query: &sql_query, explanation: query.clauses(), preview: trial.as_ref() };
    if arguments.json {
        let json = serde_json::to_string_pretty(&answer).map_err(|error| Failure::Outside(error.to_string()))?;
        return report(out, &format!("{json}\n"));
    }
    report(out, &answer.text())
}

/// What the command answers; the tool of the same name answers it too.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    sql_query: &'a str,
    explanation: &'a [Clause],
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<&'a Trial>,
}

impl Answer<'_> {
    fn text(&self) -> String {
        let explained: Vec<String> = self
            .explanation
            .iter()
            .map(|Clause { clause, meaning }| format!("  {}\n      {meaning}\n", clause.replace('\n', "\n  ")))
            .collect();
        let trial = self.preview.map(Trial::text).unwrap_or_default();
        format!("{}\n\nclause by clause\n\n{}{trial}", self.sql_query, explained.concat())
    }
}

fn request(arguments: &QueryArguments) -> Result<QueryRequest, Failure> {
    let Some(path) = &arguments.request else { return Ok(arguments.parameters.clone()) };
    if arguments.parameters != QueryRequest::default() {
        return Err(Failure::Input(
            "--request is given beside other parameters: write all of them into the file".into(),
        ));
    }
    read_request(path)
}

fn read_request(path: &Path) -> Result<QueryRequest, Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let bytes = fs::read(path).map_err(|error| at(&error))?;
    QueryRequest::parse(&bytes).map_err(|error| at(&error))
}

/// What the query returns, if there is something to try it on.
fn trial(arguments: &QueryArguments, request: &QueryRequest, query: &GeneratedQuery) -> Result<Option<Trial>, Failure> {
    let sql = query.sql();
    let activity = activity_source::activity(&arguments.activity, |table| sql.contains(&table.name))?;
    let period = arguments.start.zip(arguments.end).map(|(start, end)| Period { start, end });
    match (activity, period) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Failure::Input("--start and --end are missing: the epoch to try the query on".into())),
        (None, Some(_)) => Err(Failure::Input("--events or --store is missing: the events to try the query on".into())),
        (Some(_), Some(period)) if period.start >= period.end => {
            Err(Failure::Input("--end must be after --start".into()))
        }
        (Some(activity), Some(period)) => {
            let is_grouped = request.group_by_pubkey.unwrap_or(true);
            Trial::run(&activity, sql, period, is_grouped).map(Some)
        }
    }
}
