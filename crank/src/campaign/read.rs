//! The campaign file's fields and the rules between them.

use std::{collections::BTreeSet, str};

use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::{
    Action, Campaign, CampaignError, DistributionMode, Reward, Schedule, Source, allocations,
    fields::{self, Fields},
};
use crate::{
    evaluation::{Audience, Kind, MAX_DECIMALS, Row, Shape, Terms, sum_of_given},
    formula::Formula,
};

/// The parameters of `create_recurring_incentive`, then ours: `evalDurationSeconds`, `audience`, `distributionMode`.
const NAMES: [&str; 24] = [
    "name",
    "description",
    "type",
    "emissionType",
    "totalFundAmount",
    "startDate",
    "confirmed",
    "evalDurationDays",
    "interval",
    "maxIterations",
    "tokenAddress",
    "tokenDecimals",
    "sqlQuery",
    "customEventId",
    "instructionId",
    "customFormula",
    "maxPerParticipant",
    "rebatePercentage",
    "raffleBuckets",
    "raffleWeighting",
    "allocations",
    "evalDurationSeconds",
    "audience",
    "distributionMode",
];

const TYPE: &str = "\"leaderboard\" or \"direct\", the types that this version supports";
const ADDRESSES: &str = "a list of at least one public key in base58";

/// Reads a campaign file.
pub(super) fn campaign(bytes: &[u8]) -> Result<Campaign, CampaignError> {
    let text = str::from_utf8(bytes).map_err(|error| CampaignError::Json(error.to_string()))?;
    let fields = Fields::of_text(text, &NAMES)?;
    let name = fields.required("name", "the name to show, such as \"Season one\"", fields::filled_text)?;
    fields.optional("description", "a text", fields::text)?;
    // Asks for a preview or an execution where campaigns are created; a file that is evaluated has no use for it.
    fields.optional("confirmed", "true or false", fields::flag)?;
    let kind = fields.required("type", TYPE, kind)?;
    refuse_other_types(&fields, kind)?;
    let reward = reward(&fields)?;
    let decimals = reward.decimals();
    let source = source(&fields, kind, decimals)?;
    let formula = Formula::parse(&formula(&fields)?)?;
    let terms = Terms {
        shape: if kind == Kind::Direct { Shape::Direct(formula) } else { Shape::Leaderboard(formula) },
        decimals,
        pool: pool(&fields, &source, decimals)?,
        max_per_participant: amount(&fields, "maxPerParticipant", decimals)?,
        audience: audience(&fields)?,
    };
    let distribution_mode = distribution_mode(&fields)?;
    let schedule = Schedule::read(&fields)?;
    let (filters, milestone, grace_seconds) = (Vec::new(), None, 0);
    Ok(Campaign { name, source, reward, distribution_mode, terms, schedule, filters, milestone, grace_seconds })
}

fn kind(value: &RawValue) -> Option<Kind> {
    match fields::text(value)?.as_str() {
        "leaderboard" => Some(Kind::Leaderboard),
        "direct" => Some(Kind::Direct),
        _ => None,
    }
}

/// Refuses the parameters that belong to one type where the campaign is of another.
fn refuse_other_types(fields: &Fields<'_>, kind: Kind) -> Result<(), CampaignError> {
    fields.refuse("rebatePercentage", "only a rebate has one")?;
    fields.refuse("raffleBuckets", "only a raffle has them")?;
    fields.refuse("raffleWeighting", "only a raffle has one")?;
    match kind {
        Kind::Leaderboard => fields.refuse("allocations", "the rows of a leaderboard come from its `sqlQuery`"),
        Kind::Direct => fields.refuse("sqlQuery", "the rows of a direct campaign are its `allocations`"),
        Kind::Rebate | Kind::Raffle | Kind::Curve => Ok(()),
    }
}

fn reward(fields: &Fields<'_>) -> Result<Reward, CampaignError> {
    let is_sol =
        fields.required("emissionType", "\"TOKENS\" or \"SOL\"", |value| match fields::text(value)?.as_str() {
            "SOL" => Some(true),
            "TOKENS" => Some(false),
            _ => None,
        })?;
    if is_sol {
        fields.refuse("tokenAddress", "the campaign pays SOL")?;
        fields.refuse("tokenDecimals", "the campaign pays SOL, which has 9 decimals")?;
        return Ok(Reward::Sol);
    }
    let mint = fields
        .required("tokenAddress", "the mint's public key in base58", |value| fields::text(value)?.parse().ok())?;
    let expected = format!("the mint's decimals, a whole number from 0 to {MAX_DECIMALS}");
    let decimals = fields.required("tokenDecimals", &expected, |value| {
        u8::try_from(fields::whole_number(value)?).ok().filter(|decimals| *decimals <= MAX_DECIMALS)
    })?;
    Ok(Reward::Tokens { mint, decimals })
}

fn source(fields: &Fields<'_>, kind: Kind, decimals: u8) -> Result<Source, CampaignError> {
    fields.optional("customEventId", "a text", fields::filled_text)?;
    fields.optional("instructionId", "a text", fields::filled_text)?;
    if fields.has("customEventId") {
        fields.refuse("instructionId", "`customEventId` is given too and they exclude each other")?;
    }
    match kind {
        Kind::Leaderboard | Kind::Rebate | Kind::Raffle | Kind::Curve => {
            let expected = "a query that returns `address` and `value`";
            let sql = fields.required("sqlQuery", expected, fields::filled_text)?;
            let weight_basis_points = Action::WHOLE_WEIGHT;
            Ok(Source::Actions(vec![Action { name: String::new(), sql, weight_basis_points }]))
        }
        Kind::Direct => allocations::read(fields, decimals).map(Source::Given),
    }
}

/// The pool of an epoch in base units: `totalFundAmount`, which a direct campaign replaces by the sum of its rows.
fn pool(fields: &Fields<'_>, source: &Source, decimals: u8) -> Result<u64, CampaignError> {
    match source {
        Source::Actions(_) => {
            let pool = amount(fields, "totalFundAmount", decimals)?;
            pool.ok_or_else(|| CampaignError::Missing {
                field: "totalFundAmount".to_owned(),
                expected: expected_amount(decimals),
            })
        }
        Source::Given(rows) => {
            fields.optional("totalFundAmount", "a number", fields::number)?;
            sum_of_given(rows, decimals).map_err(|row: &Row| CampaignError::Value {
                field: "allocations".to_owned(),
                found: format!("a sum that passes 64 bits of base units at {}", row.address),
                expected: format!("amounts that sum up to at most {} base units", u64::MAX),
            })
        }
    }
}

/// An amount in base units.
fn amount(fields: &Fields<'_>, name: &str, decimals: u8) -> Result<Option<u64>, CampaignError> {
    fields.optional(name, &expected_amount(decimals), |value| {
        fields::number(value)?.to_base_units_exact(decimals).ok().filter(|amount| *amount > 0)
    })
}

fn expected_amount(decimals: u8) -> String {
    format!("an amount above 0 with at most {decimals} decimals and at most {} base units, such as 50000", u64::MAX)
}

fn audience(fields: &Fields<'_>) -> Result<Audience, CampaignError> {
    let expected = "an object with either `allowList` or `denyList`";
    let Some(value) = fields.optional("audience", expected, Some)? else { return Ok(Audience::Everyone) };
    let wrong = || CampaignError::Value {
        field: "audience".to_owned(),
        found: fields::quote(value),
        expected: expected.to_owned(),
    };
    let lists = Fields::of_value("audience", value, &["allowList", "denyList"])?.ok_or_else(wrong)?;
    let allowed = addresses(&lists, "allowList")?;
    let denied = addresses(&lists, "denyList")?;
    match (allowed, denied) {
        (Some(list), None) => Ok(Audience::AllowList(list)),
        (None, Some(list)) => Ok(Audience::DenyList(list)),
        (Some(_), Some(_)) => Err(CampaignError::Surplus {
            field: "audience.denyList".to_owned(),
            reason: "`audience.allowList` is given too and they exclude each other".to_owned(),
        }),
        (None, None) => {
            Err(CampaignError::Missing { field: "audience.allowList".to_owned(), expected: ADDRESSES.to_owned() })
        }
    }
}

/// The public keys of one list of the audience.
fn addresses(lists: &Fields<'_>, name: &str) -> Result<Option<BTreeSet<Pubkey>>, CampaignError> {
    let Some(list) = lists.optional(name, ADDRESSES, |value| fields::list(value).filter(|list| !list.is_empty()))?
    else {
        return Ok(None);
    };
    let address = |(index, value): (usize, &RawValue)| {
        fields::text(value).and_then(|text| text.parse().ok()).ok_or_else(|| CampaignError::Value {
            field: format!("audience.{name}[{index}]"),
            found: fields::quote(value),
            expected: "a public key in base58".to_owned(),
        })
    };
    list.into_iter().enumerate().map(address).collect::<Result<_, _>>().map(Some)
}

fn formula(fields: &Fields<'_>) -> Result<String, CampaignError> {
    let formula = fields.optional("customFormula", "a formula such as \"min(N, 500)\"", fields::filled_text)?;
    Ok(formula.unwrap_or_else(|| "N".to_owned()))
}

fn distribution_mode(fields: &Fields<'_>) -> Result<DistributionMode, CampaignError> {
    let mode =
        fields.optional("distributionMode", "\"CLAIM\" or \"PUSH\"", |value| match fields::text(value)?.as_str() {
            "CLAIM" => Some(DistributionMode::Claim),
            "PUSH" => Some(DistributionMode::Push),
            _ => None,
        })?;
    Ok(mode.unwrap_or(DistributionMode::Claim))
}

#[cfg(test)]
mod tests;
