//! The reward, and how it reaches the wallets.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::{
    CampaignError,
    fields::{self, Fields},
};
use crate::evaluation::MAX_DECIMALS;

/// The decimals of SOL: one SOL is 10^9 lamports.
pub const SOL_DECIMALS: u8 = 9;

/// The kind of a reward.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reward {
    /// `SOL`: base units are lamports.
    Sol,
    /// `POINTS`: recorded, ranked and shown, but never paid; base units are the smallest parts of a point.
    Points {
        /// `tokenDecimals`: at most `MAX_DECIMALS`; 0 by default.
        decimals: u8,
    },
    /// `TOKENS`: base units are the smallest units of a mint.
    Tokens {
        /// `tokenAddress`: the mint.
        mint: Pubkey,
        /// `tokenDecimals`: at most `MAX_DECIMALS`. It is compared with the mint when the campaign is created on-chain.
        decimals: u8,
    },
}

impl Reward {
    /// Reads `emissionType` and what belongs to it.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, CampaignError> {
        let words = [("TOKENS", EmissionType::Tokens), ("SOL", EmissionType::Sol), ("POINTS", EmissionType::Points)];
        match fields.required_choice("emissionType", &words)? {
            EmissionType::Sol => {
                fields.refuse("tokenAddress", "the campaign pays SOL")?;
                fields.refuse("tokenDecimals", "the campaign pays SOL, which has 9 decimals")?;
                Ok(Self::Sol)
            }
            EmissionType::Points => {
                fields.refuse("tokenAddress", "the campaign gives points, which have no mint")?;
                let decimals = fields.optional("tokenDecimals", &expected_decimals("the points'"), decimals)?;
                Ok(Self::Points { decimals: decimals.unwrap_or(0) })
            }
            EmissionType::Tokens => Ok(Self::Tokens {
                mint: fields.required("tokenAddress", "the mint's public key in base58", fields::address)?,
                decimals: fields.required("tokenDecimals", &expected_decimals("the mint's"), decimals)?,
            }),
        }
    }

    /// One display unit is `10^decimals` base units.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        match self {
            Self::Sol => SOL_DECIMALS,
            Self::Points { decimals } | Self::Tokens { decimals, .. } => *decimals,
        }
    }
}

/// The values of `emissionType`.
#[derive(Clone, Copy)]
enum EmissionType {
    Tokens,
    Sol,
    Points,
}

fn expected_decimals(whose: &str) -> String {
    format!("{whose} decimals, a whole number from 0 to {MAX_DECIMALS}")
}

fn decimals(value: &RawValue) -> Option<u8> {
    u8::try_from(fields::whole_number(value)?).ok().filter(|decimals| *decimals <= MAX_DECIMALS)
}

/// How rewards reach the wallets.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DistributionMode {
    /// Each wallet claims its payment within the claim window; unclaimed amounts return to the pool.
    Claim,
    /// Anybody may submit the payments.
    Push,
}

impl DistributionMode {
    /// Reads `distributionMode`; the default is a claim.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, CampaignError> {
        let mode = fields.choice("distributionMode", &[("CLAIM", Self::Claim), ("PUSH", Self::Push)])?;
        Ok(mode.unwrap_or(Self::Claim))
    }
}
