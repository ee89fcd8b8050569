//! What the operations on a cluster share: the nodes, a distributor with its time, and whose fault an error is.

use crank_cluster::{
    address,
    cluster::{CLOCK, Cluster as _},
    error::ChainError,
    rpc::{Node, Remote},
};
use solana_pubkey::Pubkey;
use torque::state::{Config, Distributor, Moment};

use super::OperationError;

/// A distributor as of one finalized slot.
pub(super) struct Scene {
    /// The distributor.
    pub(super) distributor: Distributor,
    /// The protocol's settings.
    pub(super) config: Config,
    /// The slot, the cluster's time, and the pauses until then.
    pub(super) moment: Moment,
}

/// Waits for an operation that talks to the cluster of the nodes at `places`.
///
/// # Errors
/// `Input` for a place that is none, `Outside` if a node does not answer, and those of `operation`.
pub(super) fn on_cluster<T>(
    places: &[String],
    operation: impl AsyncFnOnce(Remote) -> Result<T, OperationError>,
) -> Result<T, OperationError> {
    for place in places {
        Node::at(place).map_err(OperationError::input)?;
    }
    wait(async {
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        operation(Remote::at(&places).await.map_err(outside)?).await
    })
}

/// Waits for `operation`, which talks to the network.
///
/// # Errors
/// `Outside` if it cannot be begun, and its own.
pub(super) fn wait<T>(operation: impl Future<Output = Result<T, OperationError>>) -> Result<T, OperationError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| OperationError::Outside(format!("no thread for the network: {error}")))?;
    runtime.block_on(operation)
}

impl Scene {
    /// The distributor at `address` of `remote`.
    ///
    /// # Errors
    /// `Input` for the address of no distributor, `Check` for one that is closed, `Outside`.
    pub(super) async fn read(remote: &Remote, address: Pubkey) -> Result<Self, OperationError> {
        let view = remote.finalized_view(&[address, address::config(), CLOCK]).await.map_err(outside)?;
        let Some(account) = view.account(&address) else {
            return Err(OperationError::Input(format!("there is no account at {address} on this cluster")));
        };
        let distributor: Distributor = account.decode("distributor").map_err(|error| match error {
            ChainError::Closed { .. } => OperationError::Check(error.to_string()),
            _ => OperationError::input(error),
        })?;
        let config: Config =
            view.existing(&address::config()).and_then(|account| account.decode("configuration")).map_err(outside)?;
        let now = view.time().map_err(outside)?;
        let moment = Moment { now, slot: view.slot, downtime: distributor.downtime_at(&config, now) };
        Ok(Self { distributor, config, moment })
    }
}

/// A fault of the network or of the nodes.
pub(super) fn outside(error: impl ToString) -> OperationError {
    OperationError::Outside(error.to_string())
}
