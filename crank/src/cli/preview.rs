//! What can be typed after `crank preview`.

use std::path::PathBuf;

use clap::Args;
use torque::merkle::Hash;

use super::{ActivityArguments, LimitArguments};

/// Arguments of `crank preview`.
#[derive(Args, Debug)]
pub struct PreviewArguments {
    /// The campaign, a JSON file.
    #[arg(long, value_name = "FILE")]
    pub campaign: PathBuf,
    /// Where the events are; without them the preview shows only what it needs none for.
    #[command(flatten)]
    pub activity: ActivityArguments,
    /// The epoch's index; the first is 0.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub epoch: u32,
    /// Which of the campaign's distributors, if it has several.
    #[arg(long, value_name = "NAME")]
    pub distributor_name: Option<String>,
    /// What decides the draws of a raffle, 32 bytes in hexadecimal digits [default: a sample].
    #[arg(long, value_name = "HEX", value_parser = seed)]
    pub raffle_seed: Option<Hash>,
    /// What the queries may use up.
    #[command(flatten)]
    pub limits: LimitArguments,
    /// Prints JSON for machines.
    #[arg(long)]
    pub json: bool,
}

fn seed(text: &str) -> Result<Hash, String> {
    let mut seed = Hash::default();
    let decoded = hex::decode_to_slice(text, &mut seed);
    decoded.map(|()| seed).map_err(|_| "expected 64 hexadecimal digits, which are 32 bytes".to_owned())
}
