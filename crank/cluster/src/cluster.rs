//! A cluster as the steps use it: it shows accounts as of one slot, and lands transactions.
//!
//! The embedded machine is one (`embedded`), and what nodes show another (`rpc`). Not here: what to send and in which
//! order, which `steps` decide.

use std::collections::BTreeMap;
use std::future::Future;

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signature::Signature;

use super::error::ChainError;
use super::fetched::FetchedAccount;
use super::transaction::Format;

/// The account in which a cluster keeps its time.
pub const CLOCK: Pubkey = solana_sdk_ids::sysvar::clock::ID;

/// Reads accounts and sends transactions.
///
/// Its methods take `&self`, so that many tasks can share one cluster.
pub trait Cluster: Sync {
    /// The accounts at `addresses` as of one finalized slot; more than a hundred may be as of later ones too.
    ///
    /// It is one call because money depends on the order inside it: the block height is read before the accounts, and
    /// the accounts at the height's slot or later. If a transaction has expired at this height and left no trace in
    /// these accounts, it never will, so its payment may be signed again.
    ///
    /// # Errors
    /// `Unreachable`, `WrongAccount`.
    fn finalized_view(&self, addresses: &[Pubkey]) -> impl Future<Output = Result<FinalizedView, ChainError>> + Send;

    /// Sends `instructions` as one transaction, signed by `signers`, of whom the first pays the fee, and returns once
    /// the transaction is finalized.
    ///
    /// After `Unreachable` it is not known whether the transaction has landed; a later view shows it.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`, `Unreachable`.
    fn send_and_confirm(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> impl Future<Output = Result<Receipt, ChainError>> + Send;
}

/// Accounts as of one finalized slot.
#[derive(Clone, Debug)]
pub struct FinalizedView {
    /// The slot.
    pub slot: u64,
    /// How many blocks the cluster has made up to that slot; transactions expire by this number.
    pub block_height: u64,
    accounts: BTreeMap<Pubkey, FetchedAccount>,
}

impl FinalizedView {
    /// A view of `accounts`. Every other account that was asked for does not exist.
    #[must_use]
    pub fn new(slot: u64, block_height: u64, accounts: impl IntoIterator<Item = FetchedAccount>) -> Self {
        let accounts = accounts.into_iter().map(|account| (account.address, account)).collect();
        Self { slot, block_height, accounts }
    }

    /// The account at `address`, which must have been asked for; `None` if it does not exist.
    #[must_use]
    pub fn account(&self, address: &Pubkey) -> Option<&FetchedAccount> {
        self.accounts.get(address)
    }

    /// The cluster's time in unix seconds; the account at [`CLOCK`] must have been asked for.
    ///
    /// # Errors
    /// `NoAccount`, `WrongAccount`.
    pub fn time(&self) -> Result<i64, ChainError> {
        let clock = self.existing(&CLOCK)?;
        let time = clock.data.last_chunk().map(|bytes| i64::from_le_bytes(*bytes));
        time.ok_or_else(|| clock.wrong("clock", "it has no time".to_owned()))
    }

    /// The account at `address`, which must exist.
    ///
    /// # Errors
    /// `NoAccount`.
    pub fn existing(&self, address: &Pubkey) -> Result<&FetchedAccount, ChainError> {
        self.account(address).ok_or(ChainError::NoAccount(*address))
    }
}

/// The costs and logs of a transaction.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its first signature, by which everybody finds it.
    pub signature: Signature,
    /// Compute units consumed by all its instructions.
    pub compute_units: u64,
    /// Bytes on the wire.
    pub bytes: usize,
    /// Lamports paid for signatures.
    pub fee: u64,
    /// What the programs logged.
    pub logs: Vec<String>,
}
