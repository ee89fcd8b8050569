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
    bundle::{self, Bundle, Query, Statement},
    campaign::{Campaign, Source},
    cli::EvaluateArguments,
    decimal::Decimal,
    evaluation::{Circumstances, Row, evaluate},
    failure::Failure,
};

/// How many ranks the report shows.
const SHOWN_RANKS: usize = 10;

/// Runs the command.
pub(super) fn run(arguments: &EvaluateArguments, out: &mut dyn Write) -> Result<(), Failure> {
    bundle::refuse_occupied(&arguments.out)?;
    let campaign = read_campaign(&arguments.campaign)?;
    let request = Request {
        cluster: arguments.cluster.clone(),
        distributor: arguments.distributor,
        epoch: arguments.epoch,
        events: arguments.events.clone(),
        threads: measure::threads_or_default(arguments.threads),
    };
    let bundle = make_bundle(&campaign, &request)?;
    bundle.write(&arguments.out)?;
    report(out, &summary(&campaign.name, &bundle, &arguments.out))
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
/// `Failure::Input` when the epoch, the events, the query or the formula is wrong, or no row is paid.
pub fn make_bundle(campaign: &Campaign, request: &Request) -> Result<Bundle, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    let period = campaign.period(request.epoch).map_err(|error| input(&error))?;
    let (rows, query) = rows(campaign, request)?;
    let statement = Statement {
        cluster: request.cluster.clone(),
        distributor: request.distributor,
        epoch: request.epoch,
        period,
        reward: campaign.reward,
        distribution_mode: campaign.distribution_mode,
        terms: campaign.terms.clone(),
        circumstances: Circumstances::default(),
        query,
    };
    measure::with_threads(request.threads, move || {
        let evaluation = evaluate(rows, &statement.terms, &statement.circumstances).map_err(|error| input(&error))?;
        let row_count = evaluation.rows().len();
        Bundle::new(statement, evaluation)
            .map_err(|error| Failure::Input(format!("epoch {}: of {row_count} rows {error}", request.epoch)))
    })?
}

/// The epoch's rows, and what they come from if that is a query.
fn rows(campaign: &Campaign, request: &Request) -> Result<(Vec<Row>, Option<Query>), Failure> {
    let sql = match &campaign.source {
        Source::Given(rows) => return Ok((rows.clone(), None)),
        Source::Actions(actions) => {
            actions.first().map(|action| &action.sql).ok_or_else(|| Failure::Input("no action".to_owned()))?
        }
    };
    let period = campaign.period(request.epoch).map_err(|error| Failure::Input(error.to_string()))?;
    let path = request.events.as_ref().ok_or_else(|| {
        Failure::Input("--events is missing: the query of this campaign needs a file of events".to_owned())
    })?;
    let (rows, hash) = measure::measure(path, sql, period, campaign.schedule.start, request.threads)?;
    let query = Query { sql: sql.clone(), engine_version: activity::ENGINE_VERSION.to_owned(), events: hash };
    Ok((rows, Some(query)))
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
        ("allocations", bundle.tree().leaf_count().to_string()),
        ("rejected", evaluation.rejected().count().to_string()),
        ("total", Decimal::from_base_units(evaluation.total(), decimals).to_string()),
        ("pool", Decimal::from_base_units(statement.terms.pool, decimals).to_string()),
        ("root", hex::encode(bundle.tree().root())),
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
