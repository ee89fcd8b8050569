//! Operations that only an embedded cluster allows: starting it, setting its clock, lamports from nowhere, accounts
//! written by hand, and copies of the whole cluster. Sending and reading are in `embedded`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anchor_lang::{AccountDeserialize, Discriminator};
use litesvm::LiteSVM;
use litesvm::types::{FailedTransactionMetadata, TransactionMetadata};
use solana_account::{Account, AccountSharedData};
use solana_clock::Clock;
use solana_pubkey::Pubkey;
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_slot_hashes::SlotHashes;
use solana_transaction::versioned::VersionedTransaction;
use torque::merkle::Hash;
use torque::state::Epoch;

use super::{Embedded, PROGRAM};
use crate::address::{Asset, DistributorAddresses};
use crate::error::ChainError;
use crate::mint;

impl Embedded {
    /// Starts a cluster on which `upgrade_authority` has deployed the program, at `now` in unix seconds.
    ///
    /// # Errors
    /// `Unstartable`.
    pub fn start(upgrade_authority: &Pubkey, now: i64) -> Result<Self, ChainError> {
        let unstartable = |error: &dyn std::fmt::Display| ChainError::Unstartable(error.to_string());
        let mut machine = LiteSVM::new();
        machine.add_program(torque::ID, PROGRAM).map_err(|error| unstartable(&error))?;
        let embedded = Self::of(machine);
        embedded.set_upgrade_authority(upgrade_authority)?;
        embedded.set_time(now);
        Ok(embedded)
    }

    fn of(machine: LiteSVM) -> Self {
        Self { machine: Mutex::new(machine) }
    }

    /// Writes the upgrade authority into the program's data account, where the machine leaves it empty. The account
    /// begins with a u32 variant, a u64 slot and an optional address.
    fn set_upgrade_authority(&self, authority: &Pubkey) -> Result<(), ChainError> {
        let address = Pubkey::find_program_address(&[torque::ID.as_ref()], &bpf_loader_upgradeable::ID).0;
        let mut account = self.account(&address).ok_or(ChainError::NoAccount(address))?;
        let slot = account.data.get_mut(12..45).ok_or(ChainError::NoAccount(address))?;
        if let Some((tag, key)) = slot.split_first_mut() {
            *tag = 1;
            key.copy_from_slice(authority.as_ref());
        }
        self.set_account(address, account)
    }

    /// A copy of the cluster in its present state, independent from now on.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::of(self.machine().clone())
    }

    /// The same cluster, but from now on it checks no signatures and no blockhashes and remembers no transactions.
    #[must_use]
    pub fn without_checks(self) -> Self {
        let machine = self.machine.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self::of(machine.with_sigverify(false).with_blockhash_check(false).with_transaction_history(0))
    }

    /// The cluster's clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.machine().get_sysvar::<Clock>()
    }

    /// Changes the cluster's clock.
    pub fn edit_clock(&self, edit: impl FnOnce(&mut Clock)) {
        let mut machine = self.machine();
        let mut clock = machine.get_sysvar::<Clock>();
        edit(&mut clock);
        machine.set_sysvar(&clock);
    }

    /// The cluster's time, unix seconds.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.clock().unix_timestamp
    }

    /// Sets the cluster's time, unix seconds. As time passes so do slots, five in two seconds, without hashes.
    pub fn set_time(&self, now: i64) {
        self.edit_clock(|clock| {
            let seconds = u64::try_from(now.saturating_sub(clock.unix_timestamp)).unwrap_or_default();
            clock.slot = clock.slot.saturating_add(seconds.saturating_mul(5) / 2);
            clock.unix_timestamp = now;
        });
    }

    /// The cluster's slot.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.clock().slot
    }

    /// Moves on by a slot.
    pub fn next_slot(&self) {
        self.edit_clock(|clock| clock.slot = clock.slot.saturating_add(1));
    }

    /// Sets the slot, and the hashes of earlier slots that the cluster remembers, in any order.
    pub fn set_slot(&self, slot: u64, hashes: &[(u64, Hash)]) {
        self.edit_clock(|clock| clock.slot = slot);
        let hashes: Vec<_> = hashes.iter().map(|(slot, hash)| (*slot, (*hash).into())).collect();
        self.machine().set_sysvar(&SlotHashes::new(&hashes));
    }

    /// Gives `address` lamports from nowhere.
    ///
    /// # Errors
    /// `Refused`.
    pub fn airdrop(&self, address: &Pubkey, lamports: u64) -> Result<(), ChainError> {
        let given = self.machine().airdrop(address, lamports);
        given.map(|_| ()).map_err(|failed| ChainError::refused(failed.err.to_string(), None, failed.meta.logs))
    }

    /// Writes `account` at `address`. No transaction may be able to lead to this state.
    ///
    /// # Errors
    /// `Unstartable` when it is a program that cannot be loaded.
    pub fn set_account(&self, address: Pubkey, account: Account) -> Result<(), ChainError> {
        let written = self.machine().set_account(address, account);
        written.map_err(|error| ChainError::Unstartable(error.to_string()))
    }

    /// Executes `transaction` unchanged, even if it is not well formed, and returns the machine's result.
    ///
    /// # Errors
    /// The machine's error for a transaction that fails.
    pub fn execute(
        &self,
        transaction: VersionedTransaction,
    ) -> Result<TransactionMetadata, Box<FailedTransactionMetadata>> {
        self.machine().send_transaction(transaction).map_err(Box::new)
    }

    /// A blockhash that no transaction has named yet.
    #[must_use]
    pub fn new_blockhash(&self) -> solana_message::Hash {
        let mut machine = self.machine();
        machine.expire_blockhash();
        machine.latest_blockhash()
    }

    /// The account at `address`, without a copy of its bytes.
    #[must_use]
    pub fn shared_account(&self, address: &Pubkey) -> Option<AccountSharedData> {
        self.machine().accounts_db().get_account(address)
    }

    /// Every account, without copies of their bytes.
    #[must_use]
    pub fn accounts(&self) -> BTreeMap<Pubkey, AccountSharedData> {
        self.machine().accounts_db().inner.iter().map(|(address, account)| (*address, account.clone())).collect()
    }

    /// The accounts that belong to `program`.
    #[must_use]
    pub fn accounts_of(&self, program: &Pubkey) -> Vec<(Pubkey, Account)> {
        self.machine().get_program_accounts(program)
    }

    /// Lamports that an account of `bytes` must hold.
    #[must_use]
    pub fn rent(&self, bytes: usize) -> u64 {
        self.machine().minimum_balance_for_rent_exemption(bytes)
    }

    /// The account at `address`, decoded as an account of the program.
    ///
    /// # Errors
    /// `NoAccount`, `WrongAccount`.
    pub fn decode<T: AccountDeserialize + Discriminator>(
        &self,
        address: &Pubkey,
        expected: &'static str,
    ) -> Result<T, ChainError> {
        self.fetched(address).ok_or(ChainError::NoAccount(*address))?.decode(expected)
    }

    /// The header of the epoch at `address`.
    ///
    /// # Errors
    /// `NoAccount`, `WrongAccount`.
    pub fn epoch(&self, address: &Pubkey) -> Result<Epoch, ChainError> {
        self.fetched(address).ok_or(ChainError::NoAccount(*address))?.epoch()
    }

    /// Lamports of `address`; zero for an account that does not exist.
    #[must_use]
    pub fn lamports(&self, address: &Pubkey) -> u64 {
        self.machine().get_balance(address).unwrap_or(0)
    }

    /// Base units of `asset` that `wallet` holds.
    #[must_use]
    pub fn balance(&self, asset: &Asset, wallet: &Pubkey) -> u64 {
        mint::balance(asset, self.fetched(&asset.account_of(wallet)).as_ref())
    }

    /// Base units in the vault of a distributor, without a SOL vault's rent.
    #[must_use]
    pub fn vault_balance(&self, addresses: &DistributorAddresses) -> u64 {
        let held = mint::balance(&addresses.asset, self.fetched(&addresses.vault).as_ref());
        if addresses.asset.is_native() { held.saturating_sub(self.rent(0)) } else { held }
    }
}
