//! What is paid and how it reaches the wallets.

use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

/// The decimals of SOL: one SOL is 10^9 lamports.
pub const SOL_DECIMALS: u8 = 9;

/// What is paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reward {
    /// `SOL`: base units are lamports.
    Sol,
    /// `TOKENS`: base units are the smallest units of a mint.
    Tokens {
        /// `tokenAddress`: the mint.
        mint: Pubkey,
        /// `tokenDecimals`: at most `MAX_DECIMALS`. The chain's own figure is compared when the campaign is created.
        decimals: u8,
    },
}

impl Reward {
    /// One display unit is `10^decimals` base units.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        match self {
            Self::Sol => SOL_DECIMALS,
            Self::Tokens { decimals, .. } => *decimals,
        }
    }
}

/// How rewards reach the wallets.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DistributionMode {
    /// The wallet asks for its payment within the claim window, and what nobody asks for returns to the pool.
    Claim,
    /// Anybody may submit the payments.
    Push,
}
