//! `terms` in `manifest.json`: the terms that turn rows into amounts. A field that does not belong to the kind is null.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

use super::Fault;
use crate::{
    bundle::{Statement, text::Text},
    campaign::{DistributionMode, Reward, SOL_DECIMALS},
    evaluation::{Audience, Bucket, Curve, Kind, MAX_DECIMALS, Raffle, RewardTerms, Shape, Weighting},
    formula::Formula,
};

/// The terms, with the names of a campaign's parameters; amounts are base units.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ManifestTerms {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    emission_type: EmissionType,
    /// The mint; null for SOL and points.
    token_address: Option<Text<Pubkey>>,
    decimals: u8,
    pub(super) distribution_mode: DistributionMode,
    pool: Text<u64>,
    /// Null for no cap.
    max_per_participant: Option<Text<u64>>,
    /// Null for everyone.
    audience: Option<ManifestAudience>,
    raffle_buckets: Option<Vec<ManifestBucket>>,
    raffle_weighting: Option<Weighting>,
    distribution_function: Option<Curve>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum EmissionType {
    Tokens,
    Sol,
    Points,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum ManifestAudience {
    AllowList(BTreeSet<Text<Pubkey>>),
    DenyList(BTreeSet<Text<Pubkey>>),
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct ManifestBucket {
    amount: Text<u64>,
    count: u32,
}

impl ManifestTerms {
    pub(super) fn new(statement: &Statement) -> Self {
        let terms = &statement.terms;
        let (emission_type, token_address) = match statement.reward {
            Reward::Sol => (EmissionType::Sol, None),
            Reward::Points { .. } => (EmissionType::Points, None),
            Reward::Tokens { mint, .. } => (EmissionType::Tokens, Some(Text(mint))),
        };
        let (raffle, curve) = match &terms.shape {
            Shape::Raffle(raffle) => (Some(raffle), None),
            Shape::Curve(curve) => (None, Some(curve)),
            Shape::Leaderboard(_) | Shape::Rebate(_) | Shape::Direct(_) => (None, None),
        };
        let bucket = |bucket: &Bucket| ManifestBucket { amount: Text(bucket.amount), count: bucket.count };
        Self {
            kind: terms.shape.kind(),
            emission_type,
            token_address,
            decimals: terms.decimals,
            distribution_mode: statement.distribution_mode,
            pool: Text(terms.pool),
            max_per_participant: terms.max_per_participant.map(Text),
            audience: ManifestAudience::new(&terms.audience),
            raffle_buckets: raffle.map(|raffle| raffle.buckets().iter().map(bucket).collect()),
            raffle_weighting: raffle.map(|raffle| raffle.weighting()),
            distribution_function: curve.cloned(),
        }
    }

    pub(super) fn reward(&self) -> Result<Reward, Fault> {
        let decimals = self.decimals;
        match (self.emission_type, self.token_address) {
            (EmissionType::Sol, None) if decimals == SOL_DECIMALS => Ok(Reward::Sol),
            (EmissionType::Points, None) if decimals <= MAX_DECIMALS => Ok(Reward::Points { decimals }),
            (EmissionType::Tokens, Some(mint)) if decimals <= MAX_DECIMALS => {
                Ok(Reward::Tokens { mint: mint.0, decimals })
            }
            _ => Err((
                "emissionType",
                "SOL has no mint and 9 decimals, POINTS no mint and at most 18, TOKENS a mint and at most 18"
                    .to_owned(),
            )),
        }
    }

    /// The terms, with the formula if the kind has one.
    pub(super) fn terms(&self, formula: Option<&str>) -> Result<RewardTerms, Fault> {
        let keys = |list: &BTreeSet<Text<Pubkey>>| list.iter().map(|address| address.0).collect();
        Ok(RewardTerms {
            shape: self.shape(formula)?,
            decimals: self.decimals,
            pool: self.pool.0,
            max_per_participant: self.max_per_participant.map(|cap| cap.0),
            audience: match &self.audience {
                None => Audience::Everyone,
                Some(ManifestAudience::AllowList(list)) => Audience::AllowList(keys(list)),
                Some(ManifestAudience::DenyList(list)) => Audience::DenyList(keys(list)),
            },
        })
    }

    fn shape(&self, formula: Option<&str>) -> Result<Shape, Fault> {
        let parsed = || {
            let text = formula.ok_or_else(|| ("formula", "what a row is rewarded by".to_owned()))?;
            Formula::parse(text).map_err(|error| ("formula", error.to_string()))
        };
        match (self.kind, &self.raffle_buckets, self.raffle_weighting, &self.distribution_function) {
            (Kind::Raffle, Some(buckets), Some(weighting), None) => self.raffle(buckets, weighting).map(Shape::Raffle),
            (Kind::Raffle, ..) => {
                Err(("raffleBuckets", "a raffle has buckets, a weighting and no distribution function".to_owned()))
            }
            (Kind::Curve, None, None, Some(curve)) => Ok(Shape::Curve(curve.clone())),
            (Kind::Curve, ..) => {
                Err(("distributionFunction", "a curve has a distribution function and no raffle".to_owned()))
            }
            (Kind::Leaderboard, None, None, None) => parsed().map(Shape::Leaderboard),
            (Kind::Rebate, None, None, None) => parsed().map(Shape::Rebate),
            (Kind::Direct, None, None, None) => parsed().map(Shape::Direct),
            _ => Err(("type", "only a raffle has buckets and only a curve a distribution function".to_owned())),
        }
    }

    /// The prizes, whose sum is the pool.
    fn raffle(&self, buckets: &[ManifestBucket], weighting: Weighting) -> Result<Raffle, Fault> {
        let buckets = buckets.iter().map(|bucket| Bucket { amount: bucket.amount.0, count: bucket.count }).collect();
        let raffle = Raffle::new(buckets, weighting).ok().filter(|raffle| raffle.pool() == self.pool.0);
        raffle.ok_or_else(|| ("raffleBuckets", "prizes above 0 whose sum is the pool".to_owned()))
    }
}

impl ManifestAudience {
    fn new(audience: &Audience) -> Option<Self> {
        let texts = |list: &BTreeSet<Pubkey>| list.iter().copied().map(Text).collect();
        match audience {
            Audience::Everyone => None,
            Audience::AllowList(list) => Some(Self::AllowList(texts(list))),
            Audience::DenyList(list) => Some(Self::DenyList(texts(list))),
        }
    }
}
