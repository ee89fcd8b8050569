//! Prints the program's IDL. `scripts/build-idl` runs it and keeps the result in `idl/torque.json`.
#![expect(clippy::print_stdout, reason = "its output is the result")]

use std::error::Error;
use std::path::PathBuf;

use anchor_lang_idl::build::IdlBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let idl = IdlBuilder::new().program_path(PathBuf::from(env!("CARGO_MANIFEST_DIR"))).build()?;
    println!("{}", serde_json::to_string_pretty(&idl)?);
    Ok(())
}
