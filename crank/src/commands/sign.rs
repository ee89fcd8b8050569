//! `crank sign`: puts the publisher's signature into a bundle that has been recomputed.

use std::io::Write;

use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer as _;

use super::{measure, report, verify::verified_bundle};
use crate::{
    bundle::{self, SIGNATURE},
    cli::SignArguments,
    failure::Failure,
};

/// Runs the command.
pub(super) fn run(arguments: &SignArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let keypair = read_keypair(arguments)?;
    let bundle = verified_bundle(&arguments.bundle, measure::threads_or_default(None))?;
    let message = bundle::signed_message(&bundle.manifest_hash());
    let signature = keypair.sign_message(message.as_bytes());
    let file = bundle::signature_file(keypair.pubkey(), signature, &bundle.manifest_hash())
        .map_err(|difference| Failure::Input(difference.to_string()))?;
    bundle::write_signature(&arguments.bundle, &file)?;
    let path = arguments.bundle.join(SIGNATURE);
    report(
        out,
        &format!("signed       {message}\npublisher    {}\nsignature    {}\n", keypair.pubkey(), path.display()),
    )
}

/// The keypair; a message about it never has anything of what is in the file.
fn read_keypair(arguments: &SignArguments) -> Result<Keypair, Failure> {
    let path = &arguments.keypair;
    if let Err(error) = std::fs::metadata(path) {
        return Err(Failure::Input(format!("{}: {error}", path.display())));
    }
    read_keypair_file(path)
        .map_err(|_| Failure::Input(format!("{}: expected a keypair, a JSON array of 64 numbers", path.display())))
}
