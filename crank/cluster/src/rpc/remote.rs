//! A cluster behind nodes: finalized views and transactions that land, as the steps need them.

use serde_json::json;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;

use super::endpoints::Endpoints;
use super::node::{AsOf, Node, NodeError};
use super::progress::{EpochInfo, progress, require_reached};
use super::sender::Sender;
use crate::cluster::{Cluster, FinalizedView, Receipt};
use crate::error::ChainError;
use crate::fetched::{AccountJson, FetchedAccount};
use crate::transaction::Format;

/// The most accounts that nodes show at once.
const ACCOUNTS_AT_ONCE: usize = 100;

/// A cluster that nodes show over JSON-RPC.
pub struct Remote {
    endpoints: Endpoints,
}

impl Remote {
    /// The cluster of the nodes at `places`, each `localnet`, `devnet`, `mainnet` or a URL.
    ///
    /// # Errors
    /// Those of [`Endpoints::at`].
    pub async fn at(places: &[&str]) -> Result<Self, ChainError> {
        Ok(Self { endpoints: Endpoints::at(places).await? })
    }

    /// The account at `address` as of the last finalized slot of the first node that answers and is not behind; `None`
    /// if it does not exist. `first_bytes` is how many of its bytes to read; `None` for all.
    ///
    /// # Errors
    /// `Unreachable`.
    pub async fn account(
        &self,
        address: &Pubkey,
        first_bytes: Option<usize>,
    ) -> Result<Option<FetchedAccount>, ChainError> {
        let floor = self.endpoints.floor();
        let question = |node: Node| async move {
            let shown = node.show(address, first_bytes).await?;
            require_reached(shown.context.slot, floor)?;
            shown.value.map(|json| decoded(address, &json)).transpose()
        };
        self.endpoints.first(question).await
    }

    /// The hash of the cluster's genesis, which names the cluster.
    #[must_use]
    pub fn genesis(&self) -> &str {
        self.endpoints.genesis()
    }
}

impl Cluster for Remote {
    /// One node answers all of it: its accounts are as of its height's slot or later.
    async fn finalized_view(&self, addresses: &[Pubkey]) -> Result<FinalizedView, ChainError> {
        let floor = self.endpoints.floor();
        let view = self.endpoints.first(|node| async move { view(&node, floor, addresses).await }).await?;
        self.endpoints.believe(view.slot);
        Ok(view)
    }

    async fn send_and_confirm(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> Result<Receipt, ChainError> {
        Sender::new(&self.endpoints).send(instructions, signers, format).await
    }
}

async fn view(node: &Node, floor: u64, addresses: &[Pubkey]) -> Result<FinalizedView, NodeError> {
    let EpochInfo { absolute_slot: slot, block_height } = progress(node, floor, "finalized").await?;
    let mut accounts = Vec::new();
    for addresses in addresses.chunks(ACCOUNTS_AT_ONCE) {
        accounts.extend(accounts_of(node, slot, addresses).await?);
    }
    Ok(FinalizedView::new(slot, block_height, accounts))
}

/// Those of the accounts at `addresses` that exist, as of `slot` or later.
async fn accounts_of(node: &Node, slot: u64, addresses: &[Pubkey]) -> Result<Vec<FetchedAccount>, NodeError> {
    let names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let options = json!({ "commitment": "finalized", "minContextSlot": slot, "encoding": "base64" });
    let answer: AsOf<Vec<Option<AccountJson>>> = node.ask("getMultipleAccounts", json!([names, options])).await?;
    require_reached(answer.context.slot, slot)?;
    if answer.value.len() != addresses.len() {
        let reason = format!("the node shows {} accounts of {}", answer.value.len(), addresses.len());
        return Err(NodeError::Unusable(reason));
    }
    let existing = addresses.iter().zip(answer.value).filter_map(|(address, json)| Some((address, json?)));
    existing.map(|(address, json)| decoded(address, &json)).collect()
}

fn decoded(address: &Pubkey, json: &AccountJson) -> Result<FetchedAccount, NodeError> {
    FetchedAccount::from_json(*address, json).map_err(|error| NodeError::Unusable(error.to_string()))
}
