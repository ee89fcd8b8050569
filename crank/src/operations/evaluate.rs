//! Evaluates one epoch of a campaign: measures it, allots the rewards, and makes the bundle that explains them.
//!
//! It sends nothing and writes nothing. A preview uses the same function, so the two cannot disagree.

mod earlier;

use std::path::PathBuf;

use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use super::{
    OperationError,
    activity_source::{ActivityPlace, Gathered},
    measure::{self, with_threads},
};
use crank_activity::{
    engine::{ENGINE_VERSION, QueryLimits},
    measurement::Inquiry,
};
use crank_rules::{
    bundle::{Bundle, Input, Measured, Occasion, Statement},
    campaign::{Campaign, Source},
    evaluation::SeedError,
};

/// Which epoch to evaluate, for whom and on what.
#[derive(Clone, Debug, Default)]
pub struct EvaluateRequest {
    /// The cluster's name.
    pub cluster: String,
    /// The distributor that will pay, if there is one yet.
    pub distributor: Option<Pubkey>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// Where the events are; a direct campaign needs none.
    pub activity: Option<ActivityPlace>,
    /// Whether to evaluate even if the store may still get events of the epoch.
    pub even_if_incomplete: bool,
    /// The seed of the draws, which a raffle needs and no other campaign has.
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before, which a curve needs from its second epoch on and no other campaign has.
    pub previous: Option<PathBuf>,
    /// The bundle of the same epoch that this one corrects, if it does.
    pub corrects: Option<PathBuf>,
    /// The limits of the queries; the bundle does not depend on them.
    pub limits: QueryLimits,
}

/// Evaluates one epoch of a campaign. Only what the request names is read and nothing is written.
///
/// # Errors
/// `Input`, `Field` or `Held` when the epoch, the events, a query, the formula or the request is wrong, `Check` when an
/// earlier bundle is not what it claims to be, and `Outside` when no query can run.
pub fn evaluate(campaign: &Campaign, request: &EvaluateRequest) -> Result<Bundle, OperationError> {
    check_seed(campaign, request.raffle_seed.as_ref())?;
    let earlier = earlier::bundles(campaign, request)?;
    let inquiry = Inquiry::new(campaign, request.epoch).map_err(OperationError::input)?;
    let gathered = match inquiry {
        Some(inquiry) => gather(campaign, &inquiry, request)?,
        None => Gathered::default(),
    };
    let measured = measured(campaign, inquiry.as_ref(), &gathered, &request.limits)?;
    let occasion = Occasion {
        cluster: request.cluster.clone(),
        distributor: request.distributor,
        epoch: request.epoch,
        raffle_seed: request.raffle_seed,
        previous: earlier.previous,
        correction: earlier.correction,
    };
    bundle(campaign, occasion, gathered.inputs, measured, &request.limits)
}

/// The rows that the campaign's queries measure, or the rows that it gives.
pub(super) fn measured(
    campaign: &Campaign,
    inquiry: Option<&Inquiry<'_>>,
    gathered: &Gathered,
    limits: &QueryLimits,
) -> Result<Measured, OperationError> {
    match (inquiry, &campaign.source) {
        (Some(inquiry), _) => measure::measure(gathered, inquiry, limits),
        (None, Source::Given(rows)) => Ok(Measured::of_rows(rows.clone())),
        (None, Source::Actions(_)) => Ok(Measured::default()),
    }
}

/// The bundle of a measurement.
pub(super) fn bundle(
    campaign: &Campaign,
    occasion: Occasion,
    inputs: Vec<Input>,
    measured: Measured,
    limits: &QueryLimits,
) -> Result<Bundle, OperationError> {
    let statement = Statement::new(campaign, occasion, ENGINE_VERSION, inputs).map_err(OperationError::input)?;
    with_threads(limits, move || Bundle::new(statement, measured).map_err(OperationError::input))?
}

fn check_seed(campaign: &Campaign, seed: Option<&Hash>) -> Result<(), OperationError> {
    SeedError::check(campaign.terms.shape.kind(), seed).map_err(|error| {
        let problem = match error {
            SeedError::Missing => "is missing: the draws of a raffle need 32 bytes in hexadecimal digits",
            SeedError::WithoutRaffle(_) => "is given, but the campaign is not a raffle: leave it out",
        };
        OperationError::field("raffle_seed", problem)
    })
}

/// The activity that the queries need. It must be complete unless the request says otherwise.
fn gather(campaign: &Campaign, inquiry: &Inquiry<'_>, request: &EvaluateRequest) -> Result<Gathered, OperationError> {
    let place = request.activity.as_ref().ok_or_else(|| {
        OperationError::field("events", "is missing: the queries of this campaign need a file of events, or a store")
    })?;
    let grace = i64::try_from(campaign.grace_seconds).unwrap_or(i64::MAX);
    let until = inquiry.period.end.saturating_add(grace).saturating_mul(1_000);
    Gathered::from_place(place, |table| inquiry.may_read(table), (!request.even_if_incomplete).then_some(until))
}
