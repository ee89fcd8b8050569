//! `crank evaluate`: decides who is paid what in one epoch and writes the bundle. It sends nothing.

use std::{
    fmt::Write as _,
    fs,
    io::Write,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use comfy_table::{CellAlignment, Table, presets};
use jiff::Timestamp;
use solana_pubkey::Pubkey;

use super::{measure, report};
use crate::{
    activity,
    bundle::{self, Bundle, Input, Measured, Occasion, Statement},
    campaign::{Campaign, Source},
    cli::EvaluateArguments,
    decimal::Decimal,
    evaluation::Row,
    failure::Failure,
};

/// How many ranks the report shows.
const SHOWN_RANKS: usize = 10;

/// What a file of events is called in a manifest; its real name is nobody's business.
pub(super) const EVENTS_INPUT: &str = "events";

/// Runs the command.
pub(super) fn run(arguments: &EvaluateArguments, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(directory) = &arguments.out {
        bundle::refuse_occupied(directory)?;
    }
    let campaign = read_campaign(&arguments.campaign)?;
    let request = Request {
        cluster: arguments.cluster.clone(),
        distributor: arguments.distributor,
        epoch: arguments.epoch,
        events: arguments.events.clone(),
        threads: measure::threads_or_default(arguments.threads),
    };
    let bundle = make_bundle(&campaign, &request)?;
    let path = match (&arguments.out, &arguments.out_root) {
        (Some(directory), _) => bundle.write(directory).map(|()| directory.clone()),
        (None, Some(root)) => bundle.write_by_hash(root),
        (None, None) => return Err(Failure::Input("--out or --out-root is missing".to_owned())),
    }?;
    report(out, &summary(&campaign.name, &bundle, &path))
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
    /// The events file, which a direct campaign does not need.
    pub events: Option<PathBuf>,
    /// How many threads to use; the bundle does not depend on it.
    pub threads: NonZeroUsize,
}

/// Reads and checks a campaign file.
///
/// # Errors
/// `Failure::Input` when it cannot be read or is not a campaign.
pub fn read_campaign(path: &Path) -> Result<Campaign, Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let bytes = fs::read(path).map_err(|error| at(&error))?;
    Campaign::parse(&bytes).map_err(|error| at(&error))
}

/// Evaluates one epoch of a campaign. Only the events file is read and nothing is written.
///
/// # Errors
/// `Failure::Input` when the epoch, the events, the query or the formula is wrong.
pub fn make_bundle(campaign: &Campaign, request: &Request) -> Result<Bundle, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    let (rows, inputs) = rows(campaign, request)?;
    let occasion = Occasion {
        cluster: request.cluster.clone(),
        distributor: request.distributor,
        epoch: request.epoch,
        ..Occasion::default()
    };
    let statement = Statement::new(campaign, occasion, activity::ENGINE_VERSION, inputs);
    let statement = statement.map_err(|error| input(&error))?;
    measure::with_threads(request.threads, move || {
        Bundle::new(statement, Measured::of_rows(rows)).map_err(|error| input(&error))
    })?
}

/// The epoch's rows, and the files that they come from.
fn rows(campaign: &Campaign, request: &Request) -> Result<(Vec<Row>, Vec<Input>), Failure> {
    let sql = match &campaign.source {
        Source::Given(rows) => return Ok((rows.clone(), Vec::new())),
        Source::Actions(actions) => {
            actions.first().map(|action| &action.sql).ok_or_else(|| Failure::Input("no action".to_owned()))?
        }
    };
    let period = campaign.period(request.epoch).map_err(|error| Failure::Input(error.to_string()))?;
    let path = request.events.as_ref().ok_or_else(|| {
        Failure::Input("--events is missing: the query of this campaign needs a file of events".to_owned())
    })?;
    let (events, sha256) = measure::read_events(path)?;
    let rows = measure::measure(&events, sql, period, request.threads)?;
    Ok((rows, vec![Input { name: EVENTS_INPUT.to_owned(), sha256 }]))
}

/// What the command says when it is done.
fn summary(name: &str, bundle: &Bundle, path: &Path) -> String {
    let statement = bundle.statement();
    let evaluation = bundle.evaluation();
    let decimals = statement.reward.decimals();
    let bound = |second| Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string());
    let lines = [
        ("campaign", name.to_owned()),
        ("epoch", format!("{}, {} to {}", statement.epoch, bound(statement.period.start), bound(statement.period.end))),
        ("participants", evaluation.rows().len().to_string()),
        ("allocations", bundle.leaf_count().to_string()),
        ("rejected", evaluation.rejected().count().to_string()),
        ("total", Decimal::from_base_units(evaluation.total(), decimals).to_string()),
        ("pool", Decimal::from_base_units(statement.terms.pool, decimals).to_string()),
        ("root", root_text(bundle)),
        ("manifest", hex::encode(bundle.manifest_hash())),
        ("bundle", path.display().to_string()),
    ];
    let mut text = String::new();
    for (label, value) in lines {
        // A string takes everything.
        let _ = writeln!(text, "{label:<13}{value}");
    }
    let _ = writeln!(text, "\n{}", table(bundle, decimals).trim_fmt());
    text
}

/// The root, or why there is none.
pub(super) fn root_text(bundle: &Bundle) -> String {
    match (bundle.tree(), bundle.manifest().skip()) {
        (Some(tree), _) => hex::encode(tree.root()),
        (None, Some(reason)) => format!("none, skip the epoch: {reason}"),
        (None, None) => "none".to_owned(),
    }
}

/// The first ranks that are paid.
pub(super) fn table(bundle: &Bundle, decimals: u8) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["rank", "address", "value", "amount"]);
    for allocation in bundle.evaluation().allocations().take(SHOWN_RANKS) {
        table.add_row([
            allocation.rank.to_string(),
            allocation.address.to_string(),
            allocation.value.to_string(),
            Decimal::from_base_units(allocation.amount, decimals).to_string(),
        ]);
    }
    for index in [0, 2, 3] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
