//! A whole epoch at size: events in a store, the query in its own process, and everything up to the finished bundle.
//!
//! It makes its own events, the same ones every time, and keeps them for the next run. It prints one JSON object a line
//! with each stage's seconds and the peak memory of this process and the query's together;
//! `scripts/benchmark-evaluation` compares the figures with another engine's.
//!
//! `cargo bench -p crank --bench evaluation -- --events 10000000 --wallets 1000000 --directory /tmp/activity`
#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark reads the clock, prints its figures and stops at the first thing that is not as it should be"
)]

mod activity;
mod memory;

use std::{fs, path::PathBuf, time::Instant};

use clap::Parser;
use crank_activity::{
    engine::{Activity, AnswerShape, ENGINE_VERSION, QueryLimits, Question, Worker},
    store::Store,
};
use crank_rules::{
    bundle::{Bundle, Input, Measured, Occasion, Statement},
    campaign::{Campaign, CampaignFile, Source},
    evaluation::{Circumstances, Row, evaluate},
    tree::MerkleTree,
};
use memory::PeakMemory;
use serde_json::json;
use torque::merkle::leaf_hash;

/// One week of trades; every wallet is paid, so the tree and the tables are as large as they can be.
const CAMPAIGN: &str = r#"{
  "name": "A week of trades", "type": "leaderboard", "emissionType": "TOKENS",
  "tokenAddress": "RbsL7CBWUJ78U8LAv385pyFyTfaBaEFTgNW22S8eSZq", "tokenDecimals": 6, "totalFundAmount": 1000000000000,
  "startDate": "2026-01-19", "interval": "WEEKLY", "maxIterations": 1, "customFormula": "min(N * 0.1, 500)",
  "sqlQuery": "SELECT user_pubkey AS address, SUM(amount) AS value FROM events.trade WHERE timestamp >= {{startDate}} AND timestamp < {{endDate}} GROUP BY user_pubkey"
}"#;

/// What to measure.
#[derive(Parser)]
struct Arguments {
    /// How many events.
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// How many wallets they are of.
    #[arg(long, default_value_t = 100_000)]
    wallets: u64,
    /// How many threads the query and the evaluation use.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// How often.
    #[arg(long, default_value_t = 1)]
    runs: usize,
    /// Where the events and the bundle are written.
    #[arg(long, default_value = "/tmp/torque-benchmark")]
    directory: PathBuf,
    /// Makes the events and measures nothing.
    #[arg(long)]
    only_generate: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build_global().expect("a pool of threads");
    let place = arguments.directory.join(format!("store-{}-{}", arguments.events, arguments.wallets));
    let place = place.to_str().expect("a path in UTF-8").to_owned();
    let start = Instant::now();
    if activity::generate(&place, arguments.events, arguments.wallets) {
        println!("{}", json!({ "generated": arguments.events, "seconds": start.elapsed().as_secs_f64() }));
    }
    for _ in 0..if arguments.only_generate { 0 } else { arguments.runs } {
        println!("{}", measure(&arguments, &place));
    }
}

/// One run, from the store to the bundle on the disk.
fn measure(arguments: &Arguments, place: &str) -> serde_json::Value {
    let file = CampaignFile::parse(CAMPAIGN.as_bytes()).expect("a campaign");
    let campaign = file.distributor(None).expect("one distributor");
    let memory = PeakMemory::watch();
    let mut stages = serde_json::Map::new();
    let mut timed = |name: &str, start: Instant| {
        stages.insert(name.to_owned(), json!(start.elapsed().as_secs_f64()));
    };

    let start = Instant::now();
    let (activity, inputs) = fetch(place);
    timed("inputs", start);

    let start = Instant::now();
    let rows = query(campaign, &activity, arguments.threads);
    timed("query", start);

    // These two are part of the bundle's time below, and are measured on their own first.
    let start = Instant::now();
    let evaluation = evaluate(rows.clone(), &campaign.terms, &Circumstances::default()).expect("an evaluation");
    timed("formula_and_ranking", start);
    let start = Instant::now();
    let epoch = solana_pubkey::Pubkey::default();
    let leaves = evaluation.allocations().map(|leaf| leaf_hash(&epoch, leaf.index, &leaf.address, leaf.amount));
    let root = MerkleTree::from_leaves(leaves.collect()).map(|tree| tree.root());
    timed("tree_on_one_thread", start);
    drop(evaluation);

    let start = Instant::now();
    let bundle = bundle(campaign, inputs, rows);
    timed("bundle", start);
    assert_eq!(bundle.tree().map(MerkleTree::root), root);
    let start = Instant::now();
    let out = arguments.directory.join("bundle");
    let _ = fs::remove_dir_all(&out);
    bundle.write(&out).expect("a bundle on the disk");
    timed("write", start);
    let leaves = bundle.tree().map_or(0, MerkleTree::leaf_count);
    json!({ "seconds": stages, "leaves": leaves, "peak_mib": memory.mebibytes() })
}

/// The store's files, each compared with its hash.
fn fetch(place: &str) -> (Activity, Vec<Input>) {
    let store = Store::open(place).expect("a store");
    let snapshot = store.snapshot().expect("a version");
    let tables = store.fetch_period(&snapshot, |_| true, i64::MIN, i64::MAX).expect("its files");
    let files = snapshot.select(|_| true, i64::MIN, i64::MAX);
    let inputs = files.into_iter().map(|file| Input { name: file.path(), sha256: file.sha256 });
    (Activity { tables }, inputs.collect())
}

fn query(campaign: &Campaign, activity: &Activity, threads: usize) -> Vec<Row> {
    let Source::Actions(actions) = &campaign.source else { panic!("a query") };
    let question = Question {
        sql: actions[0].sql.clone(),
        period: campaign.period(0).expect("a first epoch"),
        campaign_start: campaign.start,
        views: std::collections::BTreeMap::new(),
        answer: AnswerShape::Values,
    };
    let worker = Worker { executable: PathBuf::from(env!("CARGO_BIN_EXE_crank")) };
    let rows = worker.ask(activity, &question, &QueryLimits { threads, ..QueryLimits::default() }).expect("rows");
    rows.into_iter().map(|row| Row { address: row.address, value: row.value }).collect()
}

fn bundle(campaign: &Campaign, inputs: Vec<Input>, rows: Vec<Row>) -> Bundle {
    let occasion = Occasion {
        cluster: "embedded".to_owned(),
        distributor: None,
        epoch: 0,
        raffle_seed: None,
        previous: None,
        correction: None,
    };
    let statement = Statement::new(campaign, occasion, ENGINE_VERSION, inputs).expect("an epoch");
    Bundle::new(statement, Measured::of_rows(rows)).expect("a bundle")
}
