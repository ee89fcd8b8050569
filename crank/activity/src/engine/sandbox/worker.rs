//! The outside of a query's process: starts it, waits no longer than the limit, and reads its answer without trusting
//! it. If the process dies, this module finds out why. The inside is `service`.

use std::io::{self, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::answer;
use super::confinement::Confinement;
use super::request::Request;
use crate::engine::{Activity, QueryError, QueryLimits, Question, ResultRow};

/// The hidden command that makes the executable a query's process.
const COMMAND: &str = "query-worker";
/// How much of a process's error output is kept.
const LAST_WORDS_BYTES: u64 = 4 << 10;
const PIPE_BYTES: usize = 1 << 20;
/// How long a process that closed its output may take to end before it is killed.
const ENDING: Duration = Duration::from_secs(5);
/// The two signals of the operating system that mean a limit was reached.
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;

/// Runs a query in a process of its own and waits for its answer.
///
/// The process runs this same executable, which must be the crank. Names in the query are case-sensitive: an event
/// `swapDone` is the table `events.swapDone`, with the columns `user_pubkey`, `timestamp` (UTC, milliseconds) and the
/// fields of its data. `{{startDate}}` and `{{endDate}}` stand for the bounds of the period, and `{{campaignStart}}`
/// for the campaign's start. The rows are ordered by the bytes of their addresses; conversions by time first.
///
/// # Errors
///
/// [`QueryError`] if the query is not allowed, exceeds a limit or returns the wrong columns or rows, if the activity
/// cannot be read, or if no process can be started.
pub fn ask(activity: &Activity, question: &Question, limits: &QueryLimits) -> Result<Vec<ResultRow>, QueryError> {
    Worker { executable: std::env::current_exe()? }.ask(activity, question, limits)
}

/// Starts the processes of queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The crank's executable.
    pub executable: PathBuf,
}

/// What a process sent back: an error if that is not a complete answer.
type Answer = io::Result<Result<Vec<ResultRow>, QueryError>>;

/// How the exchange with a process ended.
enum Outcome {
    Answered(Result<Vec<ResultRow>, QueryError>),
    Broken,
    TooLate,
}

impl Worker {
    /// The same as [`ask`], with this executable.
    ///
    /// # Errors
    ///
    /// Those of [`ask`].
    pub fn ask(
        &self,
        activity: &Activity,
        question: &Question,
        limits: &QueryLimits,
    ) -> Result<Vec<ResultRow>, QueryError> {
        let request = Request::bytes(activity, question, limits)?;
        let mut child = self.start(&Confinement::new(limits), limits.threads)?;
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("a pipe is missing").into());
        };
        let last_words = thread::spawn(move || last_words(errors));
        let (tell, heard) = mpsc::channel();
        let rows = limits.rows;
        thread::spawn(move || converse(input, output, &request, rows, &tell));
        let outcome = wait(&heard, limits.seconds);
        let status = end(&mut child, matches!(outcome, Outcome::Broken))?;
        match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::TooLate => Err(QueryError::OutOfTime { seconds: limits.seconds }),
            Outcome::Broken => Err(cause_of_death(status, &last_words.join().unwrap_or_default(), limits)),
        }
    }

    /// Starts the process with pipes and an empty environment, except for the number of memory arenas: each of them
    /// reserves address space.
    fn start(&self, confinement: &Confinement, threads: usize) -> io::Result<Child> {
        let arenas = threads.clamp(1, 8).to_string();
        Command::new(&self.executable)
            .arg(COMMAND)
            .args(confinement.arguments())
            .env_clear()
            .env("MALLOC_ARENA_MAX", arenas)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Sends the request and reads the answer. The input stays open until then, because the process exits when it closes.
fn converse(mut input: ChildStdin, output: ChildStdout, request: &[u8], most_rows: usize, tell: &Sender<Answer>) {
    let output = BufReader::with_capacity(PIPE_BYTES, output);
    // If the process dies while it reads the request, its exit status tells why.
    let sent = input.write_all(request).and_then(|()| input.flush());
    // The receiver is gone if the time was up; then the answer is not needed.
    drop(tell.send(sent.and_then(|()| answer::read(output, most_rows))));
}

fn wait(heard: &Receiver<Answer>, seconds: u64) -> Outcome {
    match heard.recv_timeout(Duration::from_secs(seconds)) {
        Ok(Ok(answer)) => Outcome::Answered(answer),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Outcome::Broken,
        Err(RecvTimeoutError::Timeout) => Outcome::TooLate,
    }
}

/// Ends the process. One that is already dying gets time to finish, because its exit status tells why it died.
fn end(child: &mut Child, is_dying: bool) -> io::Result<ExitStatus> {
    const STEP: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    while is_dying && waited < ENDING {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(STEP);
        waited = waited.saturating_add(STEP);
    }
    // The process may have ended already.
    let _ = child.kill();
    child.wait()
}

/// The beginning of the process's error output. The rest is read and dropped, so that the process never blocks on it.
fn last_words(mut errors: ChildStderr) -> String {
    let mut words = Vec::new();
    // If reading fails, the cause of death is found without these words.
    let _ = errors.by_ref().take(LAST_WORDS_BYTES).read_to_end(&mut words);
    let _ = io::copy(&mut errors, &mut io::sink());
    String::from_utf8_lossy(&words).into_owned()
}

fn cause_of_death(status: ExitStatus, last_words: &str, limits: &QueryLimits) -> QueryError {
    let is_said = |words: &str| last_words.contains(words);
    match status.signal() {
        Some(SIGXCPU) => QueryError::OutOfTime { seconds: limits.seconds },
        // The parent kills a process only when its time is up, so the kernel killed this one, for lack of memory.
        Some(SIGKILL) => QueryError::OutOfMemory(limits.memory_bytes),
        _ if is_said("memory allocation of") => QueryError::OutOfMemory(limits.memory_bytes),
        Some(_) if is_said("has overflowed its stack") => {
            QueryError::Engine("the query is nested too deeply for the query engine".to_owned())
        }
        Some(_) => QueryError::gave_up(),
        None => {
            let words: Vec<&str> = last_words.lines().last().into_iter().flat_map(str::split_whitespace).collect();
            QueryError::Process(format!("it ended with {status} and without an answer: {}", words.join(" ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::AnswerShape;
    use crank_rules::values::period::Period;

    const LIMITS: QueryLimits = QueryLimits { threads: 1, memory_bytes: 9, seconds: 1, rows: 1 };

    fn ask_program(executable: &str) -> String {
        let question = Question {
            sql: "select 1".to_owned(),
            period: Period { start: 0, end: 1 },
            campaign_start: 0,
            views: BTreeMap::new(),
            answer: AnswerShape::Values,
        };
        let worker = Worker { executable: executable.into() };
        worker.ask(&Activity::default(), &question, &LIMITS).unwrap_err().to_string()
    }

    #[test]
    fn another_program_gives_no_answer() {
        assert!(ask_program("/bin/false").starts_with("the query's process: it ended with exit status: 1"));
        assert!(ask_program("/does/not/exist").starts_with("the query's process: "));
        // It repeats its arguments, which is not a valid answer.
        assert!(ask_program("/bin/echo").contains("without an answer"), "{}", ask_program("/bin/echo"));
    }

    #[test]
    fn a_death_is_put_into_words() {
        let cause = |status, words| cause_of_death(ExitStatus::from_raw(status), words, &LIMITS).to_string();
        assert_eq!(cause(SIGXCPU, ""), "the query takes longer than 1 s");
        assert_eq!(cause(SIGKILL, ""), "the query needs more than 9 bytes of memory");
        assert_eq!(cause(6, "memory allocation of 8 bytes failed"), "the query needs more than 9 bytes of memory");
        let deep = "the query fails: the query is nested too deeply for the query engine";
        assert_eq!(cause(6, "thread 'query' has overflowed its stack"), deep);
        assert_eq!(cause(11, ""), "the query fails: the query engine gave up on this query");
        assert!(cause(1 << 8, "error: x").ends_with("without an answer: error: x"));
    }
}
