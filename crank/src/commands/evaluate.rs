//! `crank evaluate`: decides who is paid what in one epoch and writes the bundle. It sends nothing.
//!
//! Where the activity comes from is in `activity_source`, what earlier bundles contribute in `earlier`, and the text that the
//! command ends with in `report`.

mod earlier;
mod report;

use std::{
    fs,
    io::Write,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use super::{activity_source::Gathered, measure};
use crate::{
    activity::ENGINE_VERSION,
    bundle::{self, Bundle, Measured, Occasion, Statement},
    campaign::{Campaign, CampaignError, CampaignFile, Source},
    cli::EvaluateArguments,
    evaluation::Kind,
    failure::Failure,
    measurement::Inquiry,
};
pub(super) use report::{root_text, table};

/// Runs the command.
pub(super) fn run(arguments: &EvaluateArguments, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(directory) = &arguments.out {
        bundle::refuse_occupied(directory)?;
    }
    let file = read_campaign_file(&arguments.campaign)?;
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", arguments.campaign.display()));
    let campaign = file.distributor(arguments.distributor_name.as_deref()).map_err(|error| match error {
        CampaignError::SeveralDistributors(_) => at(&format!("{error} with --distributor-name")),
        _ => at(&error),
    })?;
    let bundle = make_bundle(campaign, &request(arguments))?;
    let path = match (&arguments.out, &arguments.out_root) {
        (Some(directory), _) => bundle.write(directory).map(|()| directory.clone()),
        (None, Some(root)) => bundle.write_by_hash(root),
        (None, None) => return Err(Failure::Input("--out or --out-root is missing".to_owned())),
    }?;
    super::report(out, &report::summary(&file.name, campaign, &bundle, &path))
}

fn request(arguments: &EvaluateArguments) -> Request {
    let EvaluateArguments { events, store, even_if_incomplete, .. } = arguments;
    let activity = match (events, store) {
        (Some(path), _) => Some(Place::Lines(path.clone())),
        (None, Some(url)) => Some(Place::Store { url: url.clone(), even_if_incomplete: *even_if_incomplete }),
        (None, None) => None,
    };
    Request {
        cluster: arguments.cluster.clone(),
        distributor: arguments.distributor,
        epoch: arguments.epoch,
        activity,
        raffle_seed: arguments.raffle_seed,
        previous: arguments.previous.clone(),
        corrects: arguments.corrects.clone(),
        threads: measure::threads_or_default(arguments.threads),
    }
}

/// Which epoch to evaluate, for whom and on what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The cluster's name.
    pub cluster: String,
    /// The distributor that will pay, if there is one yet.
    pub distributor: Option<Pubkey>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// Where the events are, which a direct campaign does not need.
    pub activity: Option<Place>,
    /// What decides the draws, which a raffle needs and no other campaign has.
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before, which a curve needs from its second epoch on and no other campaign has.
    pub previous: Option<PathBuf>,
    /// The bundle of the same epoch that is corrected, if one is.
    pub corrects: Option<PathBuf>,
    /// How many threads to use; the bundle does not depend on it.
    pub threads: NonZeroUsize,
}

/// Where events are.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of events, one JSON object a line. Whether it is complete is the caller's business.
    Lines(PathBuf),
    /// A store.
    Store {
        /// Its directory or URL.
        url: String,
        /// Whether it does not matter that events of the epoch may still arrive.
        even_if_incomplete: bool,
    },
}

/// Reads and checks a campaign file.
///
/// # Errors
/// `Failure::Input` when it cannot be read or is not a campaign.
pub fn read_campaign_file(path: &Path) -> Result<CampaignFile, Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let bytes = fs::read(path).map_err(|error| at(&error))?;
    CampaignFile::parse(&bytes).map_err(|error| at(&error))
}

/// Reads and checks a campaign file with a single distributor.
///
/// # Errors
/// `Failure::Input` when it cannot be read or is not such a campaign.
pub fn read_campaign(path: &Path) -> Result<Campaign, Failure> {
    let file = read_campaign_file(path)?;
    let only = file.distributor(None).cloned();
    only.map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
}

/// Evaluates one epoch of a campaign. Only what the request names is read and nothing is written.
///
/// # Errors
/// `Failure::Input` when the epoch, the events, a query, the formula or the request is wrong, `Failure::Check` when an
/// earlier bundle is none, and `Failure::Outside` when no query can run.
pub fn make_bundle(campaign: &Campaign, request: &Request) -> Result<Bundle, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    refuse_seed(campaign, request)?;
    let earlier = earlier::bundles(campaign, request)?;
    let inquiry = Inquiry::new(campaign, request.epoch).map_err(|error| input(&error))?;
    let (measured, inputs) = match (&campaign.source, inquiry) {
        (Source::Given(rows), _) => (Measured::of_rows(rows.clone()), Vec::new()),
        (Source::Actions(_), None) => (Measured::default(), Vec::new()),
        (Source::Actions(_), Some(inquiry)) => {
            let gathered = gather(&inquiry, campaign.grace_seconds, request)?;
            (measure::measure(&gathered, &inquiry, request.threads)?, gathered.inputs)
        }
    };
    let occasion = Occasion {
        cluster: request.cluster.clone(),
        distributor: request.distributor,
        epoch: request.epoch,
        raffle_seed: request.raffle_seed,
        previous: earlier.previous,
        correction: earlier.correction,
    };
    let statement = Statement::new(campaign, occasion, ENGINE_VERSION, inputs).map_err(|error| input(&error))?;
    measure::with_threads(request.threads, move || Bundle::new(statement, measured).map_err(|error| input(&error)))?
}

fn refuse_seed(campaign: &Campaign, request: &Request) -> Result<(), Failure> {
    let text = match (campaign.terms.shape.kind(), request.raffle_seed) {
        (Kind::Raffle, None) => "--raffle-seed is missing: the draws of a raffle need 32 bytes in hexadecimal digits",
        (Kind::Raffle, Some(_)) | (_, None) => return Ok(()),
        (_, Some(_)) => "--raffle-seed is given, but the campaign is no raffle: leave it out",
    };
    Err(Failure::Input(text.to_owned()))
}

/// The activity that the queries need.
fn gather(inquiry: &Inquiry<'_>, grace_seconds: u64, request: &Request) -> Result<Gathered, Failure> {
    match &request.activity {
        None => Err(Failure::Input(
            "--events is missing: the queries of this campaign need a file of events, or a --store".to_owned(),
        )),
        Some(Place::Lines(path)) => Gathered::lines(path),
        Some(Place::Store { url, even_if_incomplete }) => {
            let grace = i64::try_from(grace_seconds).unwrap_or(i64::MAX);
            let until = inquiry.period.end.saturating_add(grace).saturating_mul(1_000);
            Gathered::stored(url, |table| inquiry.may_read(table), (!even_if_incomplete).then_some(until))
        }
    }
}
