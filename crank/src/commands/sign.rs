//! `crank sign`: puts the publisher's signature into a bundle that has been recomputed.

use std::io::Write;

use solana_signer::Signer as _;

use super::{read_keypair, report, text::pairs};
use crate::{cli::SignArguments, failure::Failure, operations::verify::verified_bundle};
use crank_activity::engine::QueryLimits;
use crank_rules::bundle::{self, SIGNATURE};

/// Runs the command.
pub(super) fn run(arguments: &SignArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let keypair = read_keypair(&arguments.keypair)?;
    let bundle = verified_bundle(&arguments.bundle, &QueryLimits::default())?;
    let message = bundle::signed_message(&bundle.manifest_hash());
    let signature = keypair.sign_message(message.as_bytes());
    let file = bundle::signature_file(keypair.pubkey(), signature, &bundle.manifest_hash())
        .map_err(|difference| Failure::Input(difference.to_string()))?;
    bundle::write_signature(&arguments.bundle, &file)?;
    let path = arguments.bundle.join(SIGNATURE);
    let lines =
        [("signed", message), ("publisher", keypair.pubkey().to_string()), ("signature", path.display().to_string())];
    report(out, &pairs(&lines))
}
