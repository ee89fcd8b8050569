//! Shows what a campaign costs and what one of its epochs would pay, before anything is signed.
//!
//! Its board comes from the bundle that `evaluate` would make, so the two cannot disagree; nothing is written. The
//! modules below compute the parts of a preview.

pub mod board;
pub mod comparison;
pub mod cost;
pub mod findings;

use serde::Serialize;
use sha2::{Digest, Sha256};
use torque::merkle::Hash;

use super::{
    OperationError,
    activity_source::{ActivityPlace, Gathered},
    campaign_text::CampaignText,
    evaluate::{bundle, measured},
};
use board::Board;
use comparison::Comparison;
use cost::{Cost, EpochTimes};
use crank_activity::{engine::QueryLimits, filters, measurement::Inquiry};
use crank_cluster::steps::launch::CLAIM_WINDOW;
use crank_rules::{
    bundle::{Bundle, Measured, Occasion, Previous},
    campaign::{Campaign, NamedPower, Reward, named_powers},
    evaluation::Kind,
};
use findings::{Finding, MilestoneProgress, NextConversion};

/// What the hash stands for.
const COVERED: &str = "every parameter of the campaign file but `confirmed`, however it is written; no events";

/// Which epoch of which distributor to preview, and on what.
#[derive(Clone, Debug, Default)]
pub struct PreviewRequest {
    /// Which of the campaign's distributors, if it has several.
    pub distributor_name: Option<String>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// Where the events are; without them the preview shows only the parts that need none.
    pub activity: Option<ActivityPlace>,
    /// The seed of a raffle's draws; without it a sample is used.
    pub raffle_seed: Option<Hash>,
    /// The limits of the queries.
    pub limits: QueryLimits,
}

/// All that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The campaign's name.
    pub campaign: String,
    /// The distributor's name; the campaign's where it has only one.
    pub distributor: String,
    /// The kind of campaign.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// What others, and the owner, can do to the token, as the campaign accepts it; `None` without a token.
    pub accepted_powers: Option<Vec<AcceptedPower>>,
    /// What the creator pays; `None` for points.
    pub cost: Option<Cost>,
    /// How long payments are open.
    pub claim_window_seconds: u32,
    /// The epoch's times and those of the next ones.
    pub schedule: Vec<EpochTimes>,
    /// Probable mistakes.
    pub findings: Vec<Finding>,
    /// How far the milestone is, if there is one.
    pub milestone: Option<MilestoneProgress>,
    /// The seed of a raffle's draws.
    pub raffle: Option<Draw>,
    /// The board, as if the milestone were reached; `None` without events.
    pub board: Option<Board>,
    /// The board with and without filters, if there are any.
    pub comparison: Option<Comparison>,
    /// The next rewards of a curve.
    pub next_conversions: Vec<NextConversion>,
    /// What stands for the campaign as it was shown.
    pub confirmation: Confirmation,
}

/// A power over the token that the campaign accepts.
#[derive(Debug, Serialize)]
pub struct AcceptedPower {
    /// Its name in the campaign file.
    pub name: &'static str,
    /// What it means for wallets.
    pub meaning: &'static str,
}

/// The seed of a raffle's draws.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Draw {
    /// 32 bytes in hexadecimal digits.
    pub seed: String,
    /// Whether the seed was made up for the preview.
    pub is_sample: bool,
}

/// What stands for the campaign as it was shown.
#[derive(Debug, Serialize)]
pub struct Confirmation {
    /// The SHA-256 of the campaign, in hexadecimal digits.
    pub sha256: String,
    /// The part of the campaign that it covers.
    pub covers: &'static str,
}

/// An epoch's measurement, and the bundle that would follow from it.
struct Outcome {
    measured: Measured,
    /// The bundle, as if the milestone were reached.
    bundle: Bundle,
}

/// Shows what a campaign costs and what one of its epochs would pay.
///
/// # Errors
/// `Input`, `Field` or `Held` when the epoch, the events, a query, the formula or the request is wrong, and `Outside`
/// when no query can run.
pub fn preview(text: &CampaignText, request: &PreviewRequest) -> Result<Preview, OperationError> {
    let campaign = text.distributor(request.distributor_name.as_deref())?;
    campaign.period(request.epoch).map_err(OperationError::input)?;
    let draw = draw(campaign, request.raffle_seed, text.confirmation())?;
    let outcome = outcome(campaign, request, draw.as_ref().map(|(seed, _)| *seed))?;
    let measured = outcome.as_ref().map(|outcome| &outcome.measured);
    let counted = outcome.as_ref().map_or(0, |outcome| conversions_so_far(&outcome.bundle));
    Ok(Preview {
        campaign: text.name().to_owned(),
        distributor: campaign.name.clone(),
        kind: campaign.terms.shape.kind(),
        epoch: request.epoch,
        accepted_powers: accepted_powers(campaign),
        cost: Cost::of(campaign),
        claim_window_seconds: CLAIM_WINDOW,
        schedule: cost::schedule(campaign, request.epoch),
        findings: findings::findings(campaign, measured),
        milestone: findings::milestone(campaign, measured),
        raffle: draw.map(|(seed, is_sample)| Draw { seed: hex::encode(seed), is_sample }),
        board: outcome.as_ref().map(|outcome| Board::of(campaign, outcome.bundle.evaluation())),
        comparison: measured.and_then(|measured| Comparison::of(campaign, measured)),
        next_conversions: findings::next_conversions(campaign, counted)?,
        confirmation: Confirmation { sha256: hex::encode(text.confirmation()), covers: COVERED },
    })
}

/// The powers that a campaign accepts over its token. Whether the mint gives just these is compared at the launch.
fn accepted_powers(campaign: &Campaign) -> Option<Vec<AcceptedPower>> {
    let Reward::Tokens { .. } = campaign.reward else { return None };
    let powers = named_powers(campaign.accepted_powers);
    Some(powers.map(|NamedPower { name, meaning, .. }| AcceptedPower { name, meaning }).collect())
}

/// The seed of a raffle, and whether it is a sample.
fn draw(campaign: &Campaign, seed: Option<Hash>, confirmation: Hash) -> Result<Option<(Hash, bool)>, OperationError> {
    match (campaign.terms.shape.kind(), seed) {
        (Kind::Raffle, Some(seed)) => Ok(Some((seed, false))),
        // The sample is always the same for a campaign, and cannot be the seed of a real draw.
        (Kind::Raffle, None) => {
            let sample = Sha256::new().chain_update(b"sample draw").chain_update(confirmation).finalize();
            Ok(Some((sample.into(), true)))
        }
        (_, None) => Ok(None),
        (_, Some(_)) => {
            Err(OperationError::field("raffle_seed", "is given, but the campaign is not a raffle: leave it out"))
        }
    }
}

/// Measures the epoch and makes its bundle; `None` if that needs events and none are given.
fn outcome(
    campaign: &Campaign,
    request: &PreviewRequest,
    seed: Option<Hash>,
) -> Result<Option<Outcome>, OperationError> {
    // A filter that is not valid is refused even without events.
    filters::views(&campaign.filters).map_err(OperationError::input)?;
    let inquiry = Inquiry::new(campaign, request.epoch).map_err(OperationError::input)?;
    let gathered = match (inquiry, &request.activity) {
        (None, _) => Gathered::default(),
        (Some(_), None) => return Ok(None),
        (Some(inquiry), Some(place)) => Gathered::from_place(place, |table| inquiry.may_read(table), None)?,
    };
    let epoch = Epochs { campaign, gathered: &gathered, limits: &request.limits };
    let previous = epoch.before(request.epoch)?;
    let measured = epoch.measured(request.epoch)?;
    // The board is shown as if the milestone were reached; the preview shows separately whether it is.
    let reached = Campaign { milestone: None, ..campaign.clone() };
    let occasion = Occasion { epoch: request.epoch, raffle_seed: seed, previous, ..Occasion::default() };
    let bundle = bundle(&reached, occasion, gathered.inputs.clone(), measured.clone(), &request.limits)?;
    Ok(Some(Outcome { measured, bundle }))
}

/// The epochs of a campaign over the same activity.
struct Epochs<'a> {
    campaign: &'a Campaign,
    gathered: &'a Gathered,
    limits: &'a QueryLimits,
}

impl Epochs<'_> {
    fn measured(&self, epoch: u32) -> Result<Measured, OperationError> {
        let inquiry = Inquiry::new(self.campaign, epoch).map_err(OperationError::input)?;
        measured(self.campaign, inquiry.as_ref(), self.gathered, self.limits)
    }

    /// The count from which a curve goes on: its rewards depend on the number of conversions in all epochs before.
    fn before(&self, epoch: u32) -> Result<Option<Previous>, OperationError> {
        let mut previous = None;
        if self.campaign.terms.shape.kind() == Kind::Curve {
            for epoch in 0..epoch {
                let occasion = Occasion { epoch, previous, ..Occasion::default() };
                let inputs = self.gathered.inputs.clone();
                let made = bundle(self.campaign, occasion, inputs, self.measured(epoch)?, self.limits);
                previous = Some(Previous::of(&made.map_err(|error| error.about(format!("epoch {epoch}")))?));
            }
        }
        Ok(previous)
    }
}

/// How many conversions a curve has counted, including this epoch's.
fn conversions_so_far(bundle: &Bundle) -> u64 {
    bundle.statement().first_conversion().saturating_add(bundle.evaluation().conversions())
}
