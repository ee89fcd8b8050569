//! The commands, one module each, and [`run`], which finds the one that was asked for.
//!
//! A command writes its report to the writer it is given and returns why it did not succeed; only `run` turns that
//! into text for the user and an exit code.

mod claim;
pub mod demo;
mod diff;
mod evaluate;
mod preview;
mod query;
mod sign;
mod spread;
mod status;
mod store;
mod text;
mod verify;

use std::{ffi::OsString, io::Write, path::Path};

use clap::Parser;
use serde::Serialize;
use solana_keypair::{Keypair, read_keypair_file};

use crate::{
    cli::{ActivityArguments, Cli, Command},
    failure::Failure,
    operations::activity_source::ActivityPlace,
};
use crank_activity::engine;
use crank_rules::wording::printable;

/// Runs the command line `arguments`, whose first is the program's name, and returns the exit code.
///
/// 0 is done, 1 a check failed, 2 bad usage or input, 3 the outside world failed.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> u8 {
    let outcome = match Cli::try_parse_from(arguments) {
        Ok(cli) => execute(&cli.command, stdout),
        Err(answer) if answer.use_stderr() => {
            // If writing the error fails, nothing more can be done.
            let _ = write!(stderr, "{}", printable(&answer.to_string()));
            return 2;
        }
        Err(help) => report(stdout, &help.to_string()),
    };
    match outcome {
        Ok(()) => 0,
        Err(failure) => {
            let _ = writeln!(stderr, "error: {}", printable(&failure.to_string()));
            failure.exit_code()
        }
    }
}

fn execute(command: &Command, stdout: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Claim(arguments) => claim::run(arguments, stdout),
        Command::Demo(arguments) => demo::run(arguments, stdout),
        Command::Evaluate(arguments) => evaluate::run(arguments, stdout),
        Command::Diff(arguments) => diff::run(arguments, stdout),
        Command::Sign(arguments) => sign::run(arguments, stdout),
        Command::Verify(arguments) => verify::run(arguments, stdout),
        Command::Preview(arguments) => preview::run(arguments, stdout),
        Command::Query(arguments) => query::run(arguments, stdout),
        Command::QueryWorker(confinement) => {
            engine::serve(confinement).map_err(|error| Failure::Outside(error.to_string()))
        }
        Command::Status(arguments) => status::run(arguments, stdout),
        Command::Store(arguments) => store::run(arguments, stdout),
    }
}

/// Writes a command's report, with all invisible characters except its lines and tabs escaped.
///
/// # Errors
/// `Failure::Outside` when the output does not take it.
pub(crate) fn report(out: &mut dyn Write, text: &str) -> Result<(), Failure> {
    let written = out.write_all(printable(text).as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::Outside(format!("the report cannot be written: {error}")))
}

/// Writes a command's answer as JSON.
fn report_json(out: &mut dyn Write, answer: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(answer).map_err(|error| Failure::Outside(error.to_string()))?;
    report(out, &format!("{json}\n"))
}

/// Where the arguments say that the activity is.
fn activity_place(arguments: &ActivityArguments) -> Option<ActivityPlace> {
    let events = || arguments.events.clone().map(ActivityPlace::Events);
    arguments.store.clone().map(ActivityPlace::Store).or_else(events)
}

/// Reads the keypair at `path`. An error message never contains anything of the file.
fn read_keypair(path: &Path) -> Result<Keypair, Failure> {
    if let Err(error) = std::fs::metadata(path) {
        return Err(Failure::Input(format!("{}: {error}", path.display())));
    }
    read_keypair_file(path)
        .map_err(|_| Failure::Input(format!("{}: expected a keypair, a JSON array of 64 numbers", path.display())))
}
