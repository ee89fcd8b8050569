//! The house rules that a program can check, each as a test that lists every offence with its file and line.
//!
//! `repository` reads the files, `source` reads Rust as far as these rules need it, and `imports` knows
//! which modules import which; the other modules are the rules, by what they are about. Not here: what clippy, rustfmt
//! and the compiler check.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "tidy/borders.rs"]
mod borders;
#[path = "tidy/circles.rs"]
mod circles;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/functions.rs"]
mod functions;
#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/program.rs"]
mod program;
#[path = "tidy/repository.rs"]
mod repository;
#[path = "tidy/source.rs"]
mod source;
