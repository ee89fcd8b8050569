//! `crank query`: the query that measures a campaign, explained, and what it returns, as text or as JSON.

mod text;

use std::{fs, io::Write, path::Path};

use super::{activity_place, report, report_json};
use crate::{
    cli::QueryArguments,
    failure::Failure,
    operations::query::{GenerateRequest, generate_query},
};
use crank_activity::query_builder::QueryRequest;

/// Runs the command.
pub(super) fn run(arguments: &QueryArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let answer = generate_query(&GenerateRequest {
        parameters: parameters(arguments)?,
        activity: activity_place(&arguments.activity),
        start: arguments.start,
        end: arguments.end,
        limits: arguments.limits.limits(),
    })?;
    if arguments.json {
        return report_json(out, &answer);
    }
    report(out, &text::text(&answer))
}

fn parameters(arguments: &QueryArguments) -> Result<QueryRequest, Failure> {
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
