//! A distributor on a cluster: what it is, what it has, and how far each of its open epochs is.
//!
//! It reads the chain alone, as of one finalized slot; nobody need have the campaign's file or a bundle. The nodes are
//! trusted. Not here: text for people (`commands::status`).

use crank_cluster::{
    address,
    cluster::{Cluster as _, FinalizedView},
    error::ChainError,
    fetched::FetchedAccount,
    rpc::Remote,
};
use crank_rules::{campaign::named_powers, wording::second};
use solana_pubkey::Pubkey;
use torque::state::{Config, Distributor, Epoch, Moment};

use self::answer::Amounts;
use super::OperationError;

mod answer;

pub use answer::{Amount, Money, OpenEpoch, Roles, Schedule, Status};

/// The address of the cluster's clock.
const CLOCK: Pubkey = Pubkey::from_str_const("SysvarC1ock11111111111111111111111111111111");

/// Which distributor, and where.
pub struct StatusRequest {
    /// Its address.
    pub distributor: Pubkey,
    /// The nodes of the cluster, asked as one: each a URL, `localnet`, `devnet` or `mainnet`.
    pub cluster: Vec<String>,
}

/// Reads a distributor from a cluster.
///
/// # Errors
/// `Input` for the address of no distributor, `Check` for one that is closed, `Outside` if no node answers.
pub fn status(request: &StatusRequest) -> Result<Status, OperationError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| OperationError::Outside(format!("no thread for the network: {error}")))?;
    runtime.block_on(async {
        let places: Vec<&str> = request.cluster.iter().map(String::as_str).collect();
        let remote = Remote::at(&places).await.map_err(outside)?;
        read(&remote, request.distributor).await
    })
}

async fn read(remote: &Remote, address: Pubkey) -> Result<Status, OperationError> {
    let view = remote.finalized_view(&[address, address::config(), CLOCK]).await.map_err(outside)?;
    let Some(account) = view.account(&address) else {
        return Err(OperationError::Input(format!("there is no account at {address} on this cluster")));
    };
    let distributor: Distributor = account.decode("distributor").map_err(|error| match error {
        ChainError::Closed { .. } => OperationError::Check(error.to_string()),
        _ => OperationError::input(error),
    })?;
    let config: Config = existing(&view, &address::config())?.decode("configuration").map_err(outside)?;
    let now = existing(&view, &CLOCK)?.data.last_chunk().map(|bytes| i64::from_le_bytes(*bytes));
    let now = now.ok_or_else(|| OperationError::Outside("the cluster's clock has no time".to_owned()))?;
    let moment = Moment { now, slot: view.slot, downtime: distributor.downtime_at(&config, now) };
    let amounts = Amounts(distributor.decimals);
    let mut open_epochs = Vec::new();
    for index in (0..distributor.next_epoch).rev() {
        if open_epochs.len() as u64 >= u64::from(distributor.open_epochs) {
            break;
        }
        let epoch = address::epoch(&address, index);
        // The marks behind the header may be ten megabytes.
        let account = remote.account(&epoch, Some(Epoch::VACANT_SIZE)).await.map_err(outside)?;
        let Some(account) = account else { continue };
        open_epochs.push(amounts.epoch(index, &account.epoch().map_err(outside)?, moment));
    }
    let unfit = || OperationError::Check("the distributor's sums do not fit their integers".to_owned());
    let has_ended = distributor.has_ended(now, moment.downtime).ok().ok_or_else(unfit)?;
    Ok(Status {
        distributor: address.to_string(),
        genesis_hash: remote.genesis().to_owned(),
        slot: view.slot,
        time: second(now),
        state: match () {
            () if distributor.is_refunding => "REFUNDING",
            () if distributor.require_running(&config).is_err() => "PAUSED",
            () if has_ended && distributor.open_epochs == 0 => "ENDED",
            () => "RUNNING",
        },
        kind: format!("{:?}", distributor.kind).to_lowercase(),
        mode: format!("{:?}", distributor.mode).to_lowercase(),
        token_address: (!distributor.is_native()).then(|| distributor.mint.to_string()),
        token_decimals: distributor.decimals,
        roles: Roles {
            owner: distributor.owner.to_string(),
            publisher: distributor.publisher.to_string(),
            guardian: distributor.guardian.to_string(),
        },
        money: amounts.money(&distributor, now).ok_or_else(unfit)?,
        schedule: amounts.schedule(&distributor, has_ended),
        accepted_powers: named_powers(distributor.accepted_powers).map(|named| named.name).collect(),
        open_epochs,
    })
}

fn existing<'a>(view: &'a FinalizedView, address: &Pubkey) -> Result<&'a FetchedAccount, OperationError> {
    view.existing(address).map_err(outside)
}

fn outside(error: impl ToString) -> OperationError {
    OperationError::Outside(error.to_string())
}
