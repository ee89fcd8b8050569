//! The parameters of one distributor and the rules between them, for both forms of a file.
//!
//! Parameters of one subject have modules of their own: `shape` for the type, `reward`, `schedule`, `audience`,
//! `filter`. `file` has the two forms of a campaign file.

use super::{
    Action, Campaign, CampaignError, DistributionMode, Milestone, Reward, Schedule, Source, allocations, audience,
    fields::{self, Fields},
    filter, powers, shape,
};
use crate::evaluation::{Kind, RewardTerms, Row, Shape, sum_of_given};

/// The longest time to wait for late events, in seconds: six days, because on-chain the last epoch of a campaign must
/// be posted within seven.
const MAX_GRACE_SECONDS: u64 = 6 * 24 * 60 * 60;

/// Reads a distributor of type `kind` that is fed by `actions` and begins at `start` at the earliest.
///
/// `actions` is empty for a direct distributor, and only for that.
pub(super) fn distributor(
    fields: &Fields<'_>,
    name: String,
    kind: Kind,
    actions: Vec<Action>,
    start: i64,
) -> Result<Campaign, CampaignError> {
    let description = "a text of at most 65536 bytes";
    fields.optional("description", description, |value| fields::text(value).filter(|text| text.len() <= 64 << 10))?;
    // The tool that creates campaigns uses `confirmed` to choose between preview and execution; it is ignored here.
    fields.optional("confirmed", "true or false", fields::flag)?;
    let reward = Reward::read(fields)?;
    let decimals = reward.decimals();
    let shape = shape::read(fields, kind, decimals)?;
    let source = source(fields, kind, actions, decimals)?;
    let terms = RewardTerms {
        pool: pool(fields, &shape, &source, decimals)?,
        shape,
        decimals,
        max_per_participant: fields.amount("maxPerParticipant", decimals)?,
        audience: audience::read(fields)?,
    };
    Ok(Campaign {
        name,
        source,
        accepted_powers: powers::read(fields, &reward)?,
        minimum_sponsorship: minimum_sponsorship(fields, &reward)?.unwrap_or(terms.pool),
        reward,
        distribution_mode: DistributionMode::read(fields)?,
        terms,
        schedule: Schedule::read(fields, start)?,
        start,
        filters: filter::filters(fields)?,
        milestone: Milestone::read(fields)?,
        grace_seconds: grace_seconds(fields)?,
    })
}

/// Reads one query, with the identifiers of the events or instructions that it is based on.
pub(super) fn action(fields: &Fields<'_>, name: String) -> Result<Action, CampaignError> {
    let identifier = "an identifier, one line of at most 200 characters";
    fields.optional("customEventId", identifier, fields::line)?;
    fields.optional("instructionId", identifier, fields::line)?;
    if fields.has("customEventId") {
        fields.refuse("instructionId", "`customEventId` is given too and they exclude each other")?;
    }
    let expected = "a query that returns `address` and `value`, at most 65536 bytes";
    let sql = fields.required("sqlQuery", expected, fields::long_text)?;
    Ok(Action { name, sql, weight_basis_points: Action::WHOLE_WEIGHT })
}

fn source(fields: &Fields<'_>, kind: Kind, actions: Vec<Action>, decimals: u8) -> Result<Source, CampaignError> {
    if kind != Kind::Direct {
        return Ok(Source::Actions(actions));
    }
    for name in ["milestone", "filters", "gracePeriodSeconds"] {
        fields.refuse(name, "nothing is measured for a direct distributor, whose rows are its `allocations`")?;
    }
    allocations::read(fields, decimals).map(Source::Given)
}

/// The pool of an epoch in base units: `totalFundAmount`, or the sum if prizes or allocations are given one by one.
fn pool(fields: &Fields<'_>, shape: &Shape, source: &Source, decimals: u8) -> Result<u64, CampaignError> {
    let name = "totalFundAmount";
    if let Shape::Raffle(raffle) = shape {
        fields.optional(name, "a number", fields::number)?;
        return Ok(raffle.pool());
    }
    match source {
        Source::Actions(_) => fields.required_amount(name, decimals),
        Source::Given(rows) => {
            fields.optional(name, "a number", fields::number)?;
            sum_of_given(rows, decimals).map_err(|row: &Row| CampaignError::Value {
                field: fields.place("allocations"),
                found: format!("a sum that passes 64 bits of base units at {}", row.address),
                expected: format!("amounts that sum up to at most {} base units", u64::MAX),
            })
        }
    }
}

fn minimum_sponsorship(fields: &Fields<'_>, reward: &Reward) -> Result<Option<u64>, CampaignError> {
    const FIELD: &str = "minimumSponsorship";
    if let Reward::Points { .. } = reward {
        fields.refuse(FIELD, "the campaign gives points, which nobody sponsors")?;
    }
    fields.amount(FIELD, reward.decimals())
}

fn grace_seconds(fields: &Fields<'_>) -> Result<u64, CampaignError> {
    let expected = format!("a whole number of seconds from 0 to {MAX_GRACE_SECONDS} (six days), such as 3600");
    let seconds = fields.optional("gracePeriodSeconds", &expected, |value| {
        fields::whole_number(value).filter(|seconds| *seconds <= MAX_GRACE_SECONDS)
    })?;
    Ok(seconds.unwrap_or(0))
}

#[cfg(test)]
mod tests;
