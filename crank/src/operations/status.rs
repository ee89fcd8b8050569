//! A distributor on a cluster: what it is, what it has, and how far each of its open epochs is.
//!
//! It reads the chain alone, as of one finalized slot; nobody need have the campaign's file or a bundle. The nodes are
//! trusted. Not here: text for people (`commands::status`).

use crank_cluster::{address, rpc::Remote};
use crank_rules::{campaign::named_powers, wording::second};
use solana_pubkey::Pubkey;
use torque::state::Epoch;

use self::answer::Amounts;
use super::{
    OperationError,
    chain::{Scene, on_cluster, outside},
};

mod answer;

pub use answer::{Amount, Money, OpenEpoch, Roles, Schedule, Status};

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
    on_cluster(&request.cluster, async |remote| read(&remote, request.distributor).await)
}

async fn read(remote: &Remote, address: Pubkey) -> Result<Status, OperationError> {
    let Scene { distributor, config, moment, .. } = Scene::read(remote, address).await?;
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
    let has_ended = distributor.has_ended(moment.now, moment.downtime).ok().ok_or_else(unfit)?;
    Ok(Status {
        distributor: address.to_string(),
        genesis_hash: remote.genesis().to_owned(),
        slot: moment.slot,
        time: second(moment.now),
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
        money: amounts.money(&distributor, moment.now).ok_or_else(unfit)?,
        schedule: amounts.schedule(&distributor, has_ended),
        accepted_powers: named_powers(distributor.accepted_powers).map(|named| named.name).collect(),
        open_epochs,
    })
}
