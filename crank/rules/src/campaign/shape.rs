//! `type` and the parameters that shape a reward: which each type needs, and which contradict it.

use super::{
    CampaignError, curve,
    fields::{self, Fields},
    raffle,
};
use crate::{
    evaluation::{Kind, Shape},
    formula::Formula,
};

const KINDS: [(&str, Kind); 5] = [
    ("leaderboard", Kind::Leaderboard),
    ("rebate", Kind::Rebate),
    ("raffle", Kind::Raffle),
    ("direct", Kind::Direct),
    ("curve", Kind::Curve),
];

/// The parameters that only one type has, with that type and what a message says about them.
const OF_ONE_KIND: [(&str, Kind, &str); 5] = [
    ("rebatePercentage", Kind::Rebate, "only a rebate has one"),
    ("raffleBuckets", Kind::Raffle, "only a raffle has them"),
    ("raffleWeighting", Kind::Raffle, "only a raffle has one"),
    ("distributionFunction", Kind::Curve, "only a curve has one"),
    ("allocations", Kind::Direct, "only a direct campaign has them and queries measure the others"),
];

/// Reads `type`.
pub(super) fn kind(fields: &Fields<'_>) -> Result<Kind, CampaignError> {
    fields.required_choice("type", &KINDS)
}

/// Reads the parameters that turn the rows of a campaign of this type into amounts.
pub(super) fn read(fields: &Fields<'_>, kind: Kind, decimals: u8) -> Result<Shape, CampaignError> {
    refuse_contradictions(fields, kind)?;
    match kind {
        Kind::Leaderboard => formula(fields).map(Shape::Leaderboard),
        Kind::Direct => formula(fields).map(Shape::Direct),
        Kind::Rebate => rebate(fields).map(Shape::Rebate),
        Kind::Raffle => raffle::read(fields, decimals).map(Shape::Raffle),
        Kind::Curve => curve::read(fields).map(Shape::Curve),
    }
}

fn refuse_contradictions(fields: &Fields<'_>, kind: Kind) -> Result<(), CampaignError> {
    for (name, owner, reason) in OF_ONE_KIND {
        if owner != kind {
            fields.refuse(name, reason)?;
        }
    }
    match kind {
        Kind::Leaderboard | Kind::Direct => Ok(()),
        Kind::Rebate => fields.refuse(
            "customFormula",
            "a rebate's formula is built from its `rebatePercentage` (a formula of your own makes it a leaderboard)",
        ),
        Kind::Raffle => {
            fields.refuse("customFormula", "a raffle's prizes are its `raffleBuckets`")?;
            fields.refuse("maxPerParticipant", "a wallet wins at most one prize, so the largest bucket is the most")
        }
        Kind::Curve => fields.refuse("customFormula", "a curve's rewards come from its `distributionFunction`"),
    }
}

/// `customFormula`; the default is `N`.
fn formula(fields: &Fields<'_>) -> Result<Formula, CampaignError> {
    let name = "customFormula";
    let text = fields.optional(name, "a formula such as \"min(N, 500)\"", fields::filled_text)?;
    parsed(fields, name, text.as_deref().unwrap_or("N"))
}

fn rebate(fields: &Fields<'_>) -> Result<Formula, CampaignError> {
    let name = "rebatePercentage";
    let percentage = fields.required(name, "a number above 0, such as 5 for 5 %", fields::positive_number)?;
    parsed(fields, name, &format!("VALUE * ({percentage} / 100)"))
}

fn parsed(fields: &Fields<'_>, name: &str, text: &str) -> Result<Formula, CampaignError> {
    Formula::parse(text).map_err(|source| CampaignError::Formula { field: fields.place(name), source })
}
