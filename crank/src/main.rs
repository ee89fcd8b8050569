//! The `crank` binary: hands the arguments to the library and its answer to the shell.

use std::{env, io, process::ExitCode};

fn main() -> ExitCode {
    ExitCode::from(crank::run(env::args_os(), &mut io::stdout(), &mut io::stderr()))
}
