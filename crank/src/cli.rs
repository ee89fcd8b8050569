//! What can be typed: the commands and their arguments. What they do is in `commands`, one module each.

mod limits;
mod preview;
mod query;
mod store;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use crank_activity::engine::Confinement;
use crank_rules::values::decimal::Decimal;
pub use limits::LimitArguments;
pub use preview::PreviewArguments;
pub use query::{ActivityArguments, QueryArguments};
pub use store::{StoreAction, StoreArguments};

/// Evaluates campaigns, posts roots and pays.
#[derive(Debug, Parser)]
#[command(name = "crank", version, about, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 a check failed, 2 bad usage or input, 3 the outside world failed.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a whole epoch on an embedded cluster, from escrow to wallets, without a network.
    Demo(DemoArguments),
    /// Claims a wallet's leaf of a bundle's epoch on a cluster.
    Claim(ClaimArguments),
    /// Decides who is paid what in one epoch and writes the bundle that explains it; sends nothing.
    Evaluate(EvaluateArguments),
    /// Recomputes a bundle and names the first difference.
    Verify(VerifyArguments),
    /// Shows what a campaign costs and what one of its epochs would pay; decides nothing and sends nothing.
    Preview(PreviewArguments),
    /// Writes the query that measures a campaign from a few parameters, and explains it.
    Query(Box<QueryArguments>),
    /// Runs one query for another process of this executable, which starts it.
    #[command(hide = true)]
    QueryWorker(Confinement),
    /// Shows what a distributor on a cluster is, has and owes; sends nothing.
    Status(StatusArguments),
    /// Keeps events as Parquet files in a directory or an object store.
    Store(StoreArguments),
    /// Explains what changed between two bundles; the exit code is 0 if they are the same and 1 if not.
    Diff(DiffArguments),
    /// Signs a bundle with the publisher's key.
    Sign(SignArguments),
}

/// Arguments of `crank demo`.
#[derive(Args, Debug)]
pub struct DemoArguments {
    /// Another campaign than the built-in trading competition, a JSON file.
    #[arg(long, value_name = "FILE", requires = "events")]
    pub campaign: Option<PathBuf>,
    /// Other events than the built-in ones, one JSON object a line.
    #[arg(long, value_name = "FILE", requires = "campaign")]
    pub events: Option<PathBuf>,
    /// How many tokens the owner has before funding [default: enough].
    #[arg(long, value_name = "TOKENS")]
    pub owner_balance: Option<Decimal>,
    /// Where to keep the bundles: a directory that is empty or does not exist [default: they are not kept].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `crank evaluate`.
#[derive(Args, Debug)]
pub struct EvaluateArguments {
    /// The campaign, a JSON file.
    #[arg(long, value_name = "FILE")]
    pub campaign: PathBuf,
    /// Where the events are, all of them; a direct campaign reads none. A store must be complete up to the epoch's end.
    #[command(flatten)]
    pub activity: ActivityArguments,
    /// Evaluates although the store may still get events of the epoch.
    #[arg(long, requires = "store")]
    pub even_if_incomplete: bool,
    /// The epoch's index; the first is 0.
    #[arg(long, value_name = "N")]
    pub epoch: u32,
    /// Which of the campaign's distributors, if it has several.
    #[arg(long, value_name = "NAME")]
    pub distributor_name: Option<String>,
    /// What decides the draws of a raffle, and only of a raffle: 32 bytes in hexadecimal digits.
    #[arg(long, value_name = "HEX", value_parser = seed)]
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before, from which a curve counts on.
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
    /// The newest bundle of this same epoch, which is corrected: late events are paid, nobody pays back.
    #[arg(long, value_name = "DIR")]
    pub corrects: Option<PathBuf>,
    /// Where to write the bundle: a directory that is empty or does not exist.
    #[arg(long, value_name = "DIR", required_unless_present = "out_root")]
    pub out: Option<PathBuf>,
    /// Instead of --out: a directory of bundles, in which this one's is named by the hash of its manifest.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub out_root: Option<PathBuf>,
    /// What the queries may use up.
    #[command(flatten)]
    pub limits: LimitArguments,
    /// The distributor that will pay, whose epoch every leaf then names.
    #[arg(long, value_name = "PUBKEY", value_parser = public_key)]
    pub distributor: Option<Pubkey>,
    /// The cluster's name, for the manifest.
    #[arg(long, value_name = "NAME", default_value = "embedded", value_parser = cluster_name)]
    pub cluster: String,
}

/// Arguments of `crank verify`.
#[derive(Args, Debug)]
pub struct VerifyArguments {
    /// The bundle's directory.
    #[arg(value_name = "DIR")]
    pub bundle: PathBuf,
    /// Runs the queries again, on the events that the bundle was made from.
    #[command(flatten)]
    pub activity: ActivityArguments,
    /// Requires the signature of this publisher; a signature that is there is checked in any case.
    #[arg(long, value_name = "PUBKEY", value_parser = public_key)]
    pub publisher: Option<Pubkey>,
    /// Compares with the epoch's account: the address of a node, or localnet, devnet or mainnet.
    #[arg(long, value_name = "URL")]
    pub cluster: Option<String>,
    /// Compares with the epoch's account as `solana account ADDRESS --output json` wrote it.
    #[arg(long, value_name = "FILE", conflicts_with = "cluster")]
    pub epoch_account: Option<PathBuf>,
    /// Compares the conversions before this epoch with the bundle that a curve counts on from.
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
    /// Compares what was allotted before with the bundle that this one corrects.
    #[arg(long, value_name = "DIR")]
    pub corrects: Option<PathBuf>,
    /// What the queries may use up.
    #[command(flatten)]
    pub limits: LimitArguments,
}

/// Arguments of `crank claim`.
#[derive(Args, Debug)]
pub struct ClaimArguments {
    /// The bundle's directory.
    #[arg(value_name = "DIR")]
    pub bundle: PathBuf,
    /// The wallet's keypair, a file as the Solana command line writes it.
    #[arg(long, value_name = "FILE")]
    pub keypair: PathBuf,
    /// The keypair of whoever pays the fee, and the rent of a token account that is missing [default: the wallet].
    #[arg(long, value_name = "FILE")]
    pub payer: Option<PathBuf>,
    /// The account that is credited [default: the wallet's own].
    #[arg(long, value_name = "ADDRESS", value_parser = public_key)]
    pub destination: Option<Pubkey>,
    /// The address of a node, or localnet, devnet or mainnet; several nodes of one cluster are asked as one.
    #[arg(long, value_name = "URL", required = true)]
    pub cluster: Vec<String>,
    /// Prints JSON instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `crank status`.
#[derive(Args, Debug)]
pub struct StatusArguments {
    /// The distributor's address.
    #[arg(value_name = "DISTRIBUTOR", value_parser = public_key)]
    pub distributor: Pubkey,
    /// The address of a node, or localnet, devnet or mainnet; several nodes of one cluster are asked as one.
    #[arg(long, value_name = "URL", required = true)]
    pub cluster: Vec<String>,
    /// Prints JSON instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `crank diff`.
#[derive(Args, Debug)]
pub struct DiffArguments {
    /// The bundle before.
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// The bundle after.
    #[arg(value_name = "B")]
    pub after: PathBuf,
}

/// Arguments of `crank sign`.
#[derive(Args, Debug)]
pub struct SignArguments {
    /// The bundle's directory.
    #[arg(value_name = "DIR")]
    pub bundle: PathBuf,
    /// The publisher's keypair, a file as the Solana command line writes it.
    #[arg(long, value_name = "FILE")]
    pub keypair: PathBuf,
}

fn seed(text: &str) -> Result<Hash, String> {
    let mut seed = Hash::default();
    let decoded = hex::decode_to_slice(text, &mut seed);
    decoded.map(|()| seed).map_err(|_| "expected 64 hexadecimal digits, which are 32 bytes".to_owned())
}

fn public_key(text: &str) -> Result<Pubkey, String> {
    text.parse().map_err(|_| "expected a public key in base58".to_owned())
}

/// A name and not an address: a bundle is public and a node's address may carry an access key.
fn cluster_name(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if is_name {
        Ok(text.to_owned())
    } else {
        Err("expected a name of letters, digits and hyphens, such as devnet".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
