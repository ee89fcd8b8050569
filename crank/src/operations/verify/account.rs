//! Compares a bundle with the accounts of its epoch and its distributor, field by field.
//!
//! A node shows both; a file shows only the epoch, and then the distributor is not checked. The node or the file is
//! trusted: a right bundle can also be compared with made-up accounts.

use std::{fmt, fs};

use solana_pubkey::Pubkey;
use torque::state::{self, Distributor, Epoch};

use super::{AccountPlace, Check};
use crate::operations::{
    OperationError,
    chain::{outside, wait},
};
use crank_cluster::{
    steps::launch,
    {error::ChainError, fetched::FetchedAccount, rpc::Node},
};
use crank_rules::{bundle::Bundle, campaign::Reward};

/// A field whose value differs from the bundle's.
#[derive(Debug)]
struct Mismatch {
    field: &'static str,
    on_chain: String,
    in_bundle: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: on chain {}, in the bundle {}", self.field, self.on_chain, self.in_bundle)
    }
}

/// Compares the bundle with the accounts at a place, and returns which accounts were compared.
pub(super) fn check(bundle: &Bundle, place: &AccountPlace) -> Result<Check, OperationError> {
    let distributor = bundle.statement().distributor.ok_or_else(|| {
        OperationError::input("the bundle names no distributor, so there is no account to compare it with")
    })?;
    let address = bundle.statement().epoch_address();
    let (epoch, distributor) = match place {
        AccountPlace::Cluster(node) => {
            let (epoch, distributor) = ask(node, &address, &distributor)?;
            (epoch, Some(distributor))
        }
        AccountPlace::File(path) => {
            let at = |error: &dyn fmt::Display| OperationError::input(error).about(path.display());
            let text = fs::read(path).map_err(|error| at(&error))?;
            (FetchedAccount::from_file(address, &text).map_err(|error| at(&error))?, None)
        }
    };
    let epoch = epoch.epoch().map_err(failed_check)?;
    let mut mismatches = compare_epoch(bundle, &epoch);
    if let Some(distributor) = &distributor {
        let distributor: Distributor = distributor.decode("distributor").map_err(failed_check)?;
        mismatches.extend(compare_distributor(bundle, &epoch, &distributor));
    }
    if mismatches.is_empty() {
        return Ok(if distributor.is_some() { Check::EpochAndDistributorAccounts } else { Check::EpochAccount });
    }
    let lines: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
    Err(OperationError::Check(format!(
        "the epoch's account {address} is not what the bundle says\n{}",
        lines.join("\n")
    )))
}

/// The accounts of an epoch and its distributor, as a node shows them.
fn ask(place: &str, epoch: &Pubkey, distributor: &Pubkey) -> Result<(FetchedAccount, FetchedAccount), OperationError> {
    let node = Node::at(place).map_err(OperationError::input)?;
    wait(async {
        // The marks and roots behind the header may be ten megabytes and are not needed for the comparison.
        let epoch_account = node.account(epoch, Some(Epoch::VACANT_SIZE)).await.map_err(outside)?;
        let distributor_account = node.account(distributor, None).await.map_err(outside)?;
        let missing = |what: &str, address: &Pubkey| {
            OperationError::Check(format!("there is no {what} at {address}: it was never made, or it is closed"))
        };
        Ok((
            epoch_account.ok_or_else(|| missing("epoch", epoch))?,
            distributor_account.ok_or_else(|| missing("distributor", distributor))?,
        ))
    })
}

fn failed_check(error: ChainError) -> OperationError {
    OperationError::Check(error.to_string())
}

/// Collects the fields that differ.
#[derive(Default)]
struct Mismatches(Vec<Mismatch>);

impl Mismatches {
    fn compare<T: PartialEq + fmt::Display>(&mut self, field: &'static str, on_chain: T, in_bundle: T) {
        if on_chain != in_bundle {
            let (on_chain, in_bundle) = (on_chain.to_string(), in_bundle.to_string());
            self.0.push(Mismatch { field, on_chain, in_bundle });
        }
    }

    /// Records a mismatch of a field unless `is_right`.
    fn require(&mut self, field: &'static str, is_right: bool, on_chain: impl fmt::Display, expected: String) {
        if !is_right {
            self.0.push(Mismatch { field, on_chain: on_chain.to_string(), in_bundle: expected });
        }
    }
}

fn compare_epoch(bundle: &Bundle, epoch: &Epoch) -> Vec<Mismatch> {
    let statement = bundle.statement();
    let mut found = Mismatches::default();
    let distributor = statement.distributor.unwrap_or_default();
    found.compare("distributor", epoch.distributor, distributor);
    found.compare("index", epoch.index, statement.epoch);
    let root = |root: Option<[u8; 32]>| root.map_or_else(|| "none".to_owned(), hex::encode);
    found.compare(
        "root",
        root((!epoch.is_vacant()).then_some(epoch.root)),
        root(bundle.tree().map(crank_rules::tree::MerkleTree::root)),
    );
    let end = statement.period.end;
    found.require("posted at", end <= epoch.posted_at, epoch.posted_at, format!("an end of the period of {end}"));
    if epoch.is_vacant() {
        return found.0;
    }
    found.compare("manifest hash", hex::encode(epoch.manifest_hash), hex::encode(bundle.manifest_hash()));
    found.compare("leaf count", u64::from(epoch.leaf_count), u64::try_from(bundle.leaf_count()).unwrap_or(u64::MAX));
    found.compare("total", epoch.total, bundle.evaluation().total());
    let seed = statement.raffle_seed.unwrap_or_default();
    found.compare("raffle seed", hex::encode(epoch.raffle_seed), hex::encode(seed));
    let (posted, opens, closes) = (epoch.posted_at, epoch.opens_at, epoch.closes_at);
    let windows = format!("{posted}, {opens}, {closes}");
    found.require(
        "windows",
        posted < opens && opens < closes,
        windows,
        "posted before opened before closed".to_owned(),
    );
    let paid = format!("{} of {}", epoch.paid_total, epoch.total);
    found.require("paid", epoch.paid_total <= epoch.total, paid, "at most the total".to_owned());
    found.0
}

fn compare_distributor(bundle: &Bundle, epoch: &Epoch, distributor: &Distributor) -> Vec<Mismatch> {
    let statement = bundle.statement();
    let mut found = Mismatches::default();
    if let Some(signer) = bundle.publisher() {
        found.compare("publisher", distributor.publisher, signer);
    }
    let (mint, decimals) = match statement.reward {
        Reward::Tokens { mint, .. } => (mint.to_string(), statement.reward.decimals()),
        Reward::Sol => (torque::constants::NATIVE_SOL.to_string(), statement.reward.decimals()),
        Reward::Points { .. } => ("points, which no distributor pays".to_owned(), statement.reward.decimals()),
    };
    found.compare("mint", distributor.mint.to_string(), mint);
    found.compare("decimals", distributor.decimals, decimals);
    found.compare("kind", kind_name(distributor.kind), kind_name(launch::kind(statement.terms.shape.kind())));
    found.compare("mode", mode_name(distributor.mode), mode_name(launch::mode(statement.distribution_mode)));
    let budget = distributor.terms.epoch_budget;
    let total = bundle.evaluation().total();
    found.require("epoch budget", total <= budget, budget, format!("a total of {total}"));
    let delay = epoch.opens_at.saturating_sub(epoch.posted_at);
    let expected = i64::from(distributor.terms.activation_delay);
    let is_delayed = epoch.is_vacant() || delay == expected;
    found.require(
        "windows",
        is_delayed,
        format!("opens after {delay} s"),
        format!("after {expected} s, as the distributor says"),
    );
    // A correction is posted in another epoch, for a period that is long over.
    if statement.correction.is_none() {
        let end = distributor.terms.period_end(statement.epoch).unwrap_or(i64::MAX);
        found.compare("period end", end, statement.period.end);
        let start = end.saturating_sub(i64::from(distributor.terms.epoch_duration));
        found.compare("period start", start, statement.period.start);
    }
    found.0
}

fn kind_name(kind: state::Kind) -> String {
    format!("{kind:?}").to_lowercase()
}

fn mode_name(mode: state::Mode) -> String {
    format!("{mode:?}").to_uppercase()
}
