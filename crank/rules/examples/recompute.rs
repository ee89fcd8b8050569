//! Recomputes a bundle and prints its root, or names the first difference.
//!
//! What `crank verify` does without events and without a cluster, for people who want to build neither the query engine
//! nor the virtual machine: `cargo run -p crank-rules --example recompute -- DIR`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is the result")]

use std::{env, path::Path, process::ExitCode};

use crank_rules::bundle::{read_directory, verify};

fn main() -> ExitCode {
    let Some(directory) = env::args_os().nth(1) else {
        eprintln!("usage: recompute DIR");
        return ExitCode::from(2);
    };
    let files = match read_directory(Path::new(&directory)) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match verify(&files) {
        Ok(bundle) => {
            let root = bundle.tree().map_or_else(|| "none".to_owned(), |tree| hex::encode(tree.root()));
            println!("root         {root}\nmanifest     {}", hex::encode(bundle.manifest_hash()));
            ExitCode::SUCCESS
        }
        Err(difference) => {
            eprintln!("error: {difference}");
            ExitCode::FAILURE
        }
    }
}
