//! The inside of a query's process: it confines itself, reads one request, runs the query and answers. The outside
//! is `worker`.

use std::io::{self, Read, Write};
use std::process;
use std::thread;

use super::answer;
use super::confinement::{self, Confinement};
use super::request::Request;
use crate::engine::plan::execution::{self, Job};
use crate::engine::{Activity, QueryError, QueryLimits, Question, ResultRow};

/// The engine too walks expressions by recursion, so the stack must hold the deepest that `syntax` lets through.
const STACK_BYTES: usize = 256 << 20;

/// Confines this process, reads a query from the standard input and writes its answer to the standard output. The
/// hidden command calls it.
///
/// The process exits when its standard input ends, because then the parent no longer waits for the answer.
///
/// # Errors
///
/// An error if the process cannot confine itself or cannot answer; an error of the query is an answer.
pub fn serve(confinement: &Confinement) -> io::Result<()> {
    confinement.apply()?;
    let mut input = io::stdin();
    let Request { activity, question, limits } = Request::read(&mut input)?;
    let status = confinement::allow_files(&activity)?;
    // The parent shows this line only if the process dies without an answer.
    writeln!(io::stderr(), "files and network: {status:?}")?;
    thread::Builder::new().name("parent".to_owned()).spawn(move || end_with(input))?;
    let rows = answer_to(activity, question, limits);
    answer::write(io::stdout(), &rows)
}

/// Waits until the parent closes the pipe or dies.
fn end_with(mut input: impl Read) {
    while input.read(&mut [0; 64]).is_ok_and(|count| count > 0) {}
    process::exit(1);
}

/// Answers a question in this process.
pub(super) fn answer_to(
    activity: Activity,
    question: Question,
    limits: QueryLimits,
) -> Result<Vec<ResultRow>, QueryError> {
    let query = thread::Builder::new().name("query".to_owned()).stack_size(STACK_BYTES);
    let query = query.spawn(move || execution::run(Job::new(&activity, &question, limits)?))?;
    query.join().unwrap_or_else(|_| Err(QueryError::gave_up()))
}

/// Answers in this process with the usual limits, for tests of what a query means.
#[cfg(test)]
pub(crate) fn answer_here(
    activity: Activity,
    sql: &str,
    period: crank_rules::values::period::Period,
    limits: &QueryLimits,
) -> Result<Vec<ResultRow>, QueryError> {
    let question = Question {
        sql: sql.to_owned(),
        period,
        campaign_start: period.start,
        views: std::collections::BTreeMap::new(),
        answer: crate::engine::AnswerShape::Values,
    };
    answer_to(activity, question, *limits)
}
