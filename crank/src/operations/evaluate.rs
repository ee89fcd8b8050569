//! Evaluates one epoch of a campaign: what was measured, who is allotted what, and the bundle that explains it.
//!
//! It sends nothing and writes nothing. Preview makes its boards by the same function, so the two cannot disagree.

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
    /// Where the events are, which a direct campaign does not need.
    pub activity: Option<ActivityPlace>,
    /// Whether it does not matter that a store may still get events of the epoch.
    pub even_if_incomplete: bool,
    /// What decides the draws, which a raffle needs and no other campaign has.
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before, which a curve needs from its second epoch on and no other campaign has.
    pub previous: Option<PathBuf>,
    /// The bundle of the same epoch that is corrected, if one is.
    pub corrects: Option<PathBuf>,
    /// What the queries may use up; the bundle does not depend on it.
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

/// What the campaign's queries measure, or the rows that it gives.
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

/// The bundle of what was measured.
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

/// The activity that the queries need, complete unless the request says that it need not be.
fn gather(campaign: &Campaign, inquiry: &Inquiry<'_>, request: &EvaluateRequest) -> Result<Gathered, OperationError> {
    let place = request.activity.as_ref().ok_or_else(|| {
        OperationError::field("events", "is missing: the queries of this campaign need a file of events, or a store")
    })?;
    let grace = i64::try_from(campaign.grace_seconds).unwrap_or(i64::MAX);
    let until = inquiry.period.end.saturating_add(grace).saturating_mul(1_000);
    Gathered::from_place(place, |table| inquiry.may_read(table), (!request.even_if_incomplete).then_some(until))
}
