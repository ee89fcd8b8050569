//! `crank claim`: claims a wallet's leaf of a bundle's epoch, and says what it was paid, as text or as JSON.

use std::io::Write;

use super::{read_keypair, report, report_json, text::pairs};
use crate::{
    cli::ClaimArguments,
    failure::Failure,
    operations::claim::{ClaimRequest, claim},
};

/// Runs the command.
pub(super) fn run(arguments: &ClaimArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let request = ClaimRequest {
        bundle: arguments.bundle.clone(),
        wallet: read_keypair(&arguments.keypair)?,
        payer: arguments.payer.as_deref().map(read_keypair).transpose()?,
        destination: arguments.destination,
        cluster: arguments.cluster.clone(),
    };
    let claimed = claim(&request)?;
    if arguments.json {
        return report_json(out, &claimed);
    }
    let unit = claimed.token_address.map_or_else(|| "SOL".to_owned(), |mint| format!("tokens of {mint}"));
    let lines = [
        ("claimed", format!("{} {unit}, leaf {} of the bundle", claimed.amount.amount, claimed.index)),
        ("wallet", claimed.wallet),
        ("to", claimed.destination),
        ("transaction", claimed.signature),
        ("fee", format!("{} lamports", claimed.fee_lamports)),
    ];
    report(out, &pairs(&lines))
}
