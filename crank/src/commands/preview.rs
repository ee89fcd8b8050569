//! `crank preview`: what a campaign costs and what one of its epochs would pay, before anything is signed.
//!
//! It measures and evaluates exactly as `crank evaluate` does, and writes no bundle. What it shows is put together in
//! the modules below and written by `text` for people, or as JSON for machines.

mod board;
mod comparison;
mod cost;
mod findings;
mod text;

use std::{fs, io::Write, str};

use serde::Serialize;
use sha2::{Digest, Sha256};
use torque::merkle::Hash;

use super::{activity_source, report};
use crate::{
    activity::{Activity, QueryLimits},
    campaign::{Campaign, CampaignError, CampaignFile},
    canonical_json::canonical_object,
    cli::PreviewArguments,
    evaluation::{Circumstances, Evaluation, Kind, evaluate},
    failure::Failure,
    filters,
    hash::sha256,
    measurement::{Inquiry, Measurement, measure},
    operation::launch::CLAIM_WINDOW,
};
use board::Board;
use comparison::Comparison;
use cost::{Cost, EpochTimes};
use findings::{Finding, MilestoneProgress, NextConversion};

/// What the hash leaves out: it says whether to preview or to create, and nothing about the campaign.
const NOT_CONFIRMED: [&str; 1] = ["confirmed"];
/// What the hash stands for.
const COVERED: &str = "every parameter of the campaign file but `confirmed`, however it is written; no events";

/// Runs the command.
pub(super) fn run(arguments: &PreviewArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", arguments.campaign.display()));
    let bytes = fs::read(&arguments.campaign).map_err(|error| at(&error))?;
    let file = CampaignFile::parse(&bytes).map_err(|error| at(&error))?;
    let campaign = file.distributor(arguments.distributor_name.as_deref()).map_err(|error| match error {
        CampaignError::SeveralDistributors(_) => at(&format!("{error} with --distributor-name")),
        _ => at(&error),
    })?;
    let text = str::from_utf8(&bytes).ok().and_then(|text| canonical_object(text, &NOT_CONFIRMED));
    let canonical = text.ok_or_else(|| at(&"the campaign is nested too deeply"))?;
    let preview = Preview::of(&file.name, campaign, arguments, sha256(canonical.as_bytes()))?;
    if arguments.json {
        let json = serde_json::to_string_pretty(&preview).map_err(|error| Failure::Outside(error.to_string()))?;
        return report(out, &format!("{json}\n"));
    }
    report(out, &text::text(&preview, campaign))
}

/// All that is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    campaign: String,
    distributor: String,
    #[serde(rename = "type")]
    kind: Kind,
    epoch: u32,
    /// None for points.
    cost: Option<Cost>,
    claim_window_seconds: u32,
    schedule: Vec<EpochTimes>,
    findings: Vec<Finding>,
    milestone: Option<MilestoneProgress>,
    raffle: Option<Draw>,
    /// None without events. As if the milestone were reached.
    board: Option<Board>,
    comparison: Option<Comparison>,
    next_conversions: Vec<NextConversion>,
    confirmation: Confirmation,
}

/// What decides a raffle's draws.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Draw {
    seed: String,
    /// Whether the seed was made up for the preview.
    is_sample: bool,
}

/// What stands for the campaign as it was shown.
#[derive(Serialize)]
struct Confirmation {
    sha256: String,
    covers: &'static str,
}

/// An epoch as it was measured and would be decided.
struct Outcome {
    measurement: Measurement,
    evaluation: Evaluation,
    /// How many conversions a curve has counted, this epoch's included.
    counted: u64,
}

impl Preview {
    fn of(name: &str, campaign: &Campaign, arguments: &PreviewArguments, hash: Hash) -> Result<Self, Failure> {
        campaign.period(arguments.epoch).map_err(|error| Failure::Input(error.to_string()))?;
        let draw = draw(campaign, arguments, hash)?;
        let outcome = outcome(campaign, arguments, draw.as_ref().map(|(seed, _)| *seed))?;
        let measurement = outcome.as_ref().map(|outcome| &outcome.measurement);
        Ok(Self {
            campaign: name.to_owned(),
            distributor: campaign.name.clone(),
            kind: campaign.terms.shape.kind(),
            epoch: arguments.epoch,
            cost: Cost::of(campaign),
            claim_window_seconds: CLAIM_WINDOW,
            schedule: cost::schedule(campaign, arguments.epoch),
            findings: findings::findings(campaign, measurement),
            milestone: findings::milestone(campaign, measurement),
            raffle: draw.map(|(seed, is_sample)| Draw { seed: hex::encode(seed), is_sample }),
            board: outcome.as_ref().map(|outcome| Board::of(campaign, &outcome.evaluation)),
            comparison: measurement.and_then(|measurement| Comparison::of(campaign, measurement)),
            next_conversions: findings::next_conversions(
                campaign,
                outcome.as_ref().map_or(0, |outcome| outcome.counted),
            )?,
            confirmation: Confirmation { sha256: hex::encode(hash), covers: COVERED },
        })
    }
}

/// The seed of a raffle, and whether it is a sample.
fn draw(campaign: &Campaign, arguments: &PreviewArguments, hash: Hash) -> Result<Option<(Hash, bool)>, Failure> {
    match (campaign.terms.shape.kind(), arguments.raffle_seed) {
        (Kind::Raffle, Some(seed)) => Ok(Some((seed, false))),
        // Always the same one for the same campaign, and nothing that a real draw could use.
        (Kind::Raffle, None) => {
            Ok(Some((Sha256::new().chain_update(b"sample draw").chain_update(hash).finalize().into(), true)))
        }
        (_, None) => Ok(None),
        (_, Some(_)) => Err(Failure::Input("--raffle-seed is given, but the campaign is no raffle".to_owned())),
    }
}

/// Measures and evaluates the epoch; none if that needs events and there are none.
fn outcome(campaign: &Campaign, arguments: &PreviewArguments, seed: Option<Hash>) -> Result<Option<Outcome>, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    // What cannot be a filter is refused without events too.
    filters::views(&campaign.filters).map_err(|error| input(&error))?;
    let inquiry = Inquiry::new(campaign, arguments.epoch).map_err(|error| input(&error))?;
    let activity = match inquiry {
        None => Some(Activity::Stored(Vec::new())),
        Some(inquiry) => activity_source::activity(&arguments.activity, |table| inquiry.may_read(table))?,
    };
    let Some(activity) = activity else { return Ok(None) };
    let mut counted = 0_u64;
    if campaign.terms.shape.kind() == Kind::Curve {
        // What a curve pays depends on how many conversions there were in all the epochs before.
        for epoch in 0..arguments.epoch {
            let measurement = measure(campaign, epoch, &activity, &QueryLimits::default())?;
            let is_milestone_missed = findings::is_missed(campaign, &measurement);
            let circumstances =
                Circumstances { first_conversion: counted, is_milestone_missed, ..Circumstances::default() };
            let evaluation = decide(campaign, epoch, &measurement, circumstances)?;
            counted = counted.saturating_add(evaluation.conversions());
        }
    }
    let measurement = measure(campaign, arguments.epoch, &activity, &QueryLimits::default())?;
    // As if the milestone were reached: whether it is, is shown beside.
    let circumstances = Circumstances { raffle_seed: seed, first_conversion: counted, ..Circumstances::default() };
    let evaluation = decide(campaign, arguments.epoch, &measurement, circumstances)?;
    let counted = counted.saturating_add(evaluation.conversions());
    Ok(Some(Outcome { measurement, evaluation, counted }))
}

fn decide(
    campaign: &Campaign,
    epoch: u32,
    measurement: &Measurement,
    circumstances: Circumstances,
) -> Result<Evaluation, Failure> {
    let circumstances = Circumstances { excluded: measurement.excluded.clone(), ..circumstances };
    evaluate(measurement.rows.clone(), &campaign.terms, &circumstances)
        .map_err(|error| Failure::Input(format!("epoch {epoch}: {error}")))
}
