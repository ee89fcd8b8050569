//! The embedded cluster: a Solana virtual machine in this process, with the committed program deployed.
//!
//! It is the real runtime and the real bytecode without a network: no forks, no fee market, and a clock that stands
//! still until it is set. The tests and the demonstration run on it. `embedded/control` has the operations that only an
//! embedded cluster allows, such as writing an account or setting the clock.

mod control;

use std::sync::{Mutex, MutexGuard, PoisonError};

use litesvm::LiteSVM;
use solana_account::Account;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;

use super::cluster::{Cluster, FinalizedView, Receipt};
use super::error::ChainError;
use super::fetched::FetchedAccount;
use super::transaction::{self, Format};

/// The program as it is deployed.
pub const PROGRAM: &[u8] = include_bytes!("../../program/torque.so");

/// A Solana cluster inside this process.
pub struct Embedded {
    machine: Mutex<LiteSVM>,
}

impl Embedded {
    /// Sends `instructions`, signed by `signers`, of whom the first pays the fee.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn send(&self, instructions: &[Instruction], signers: &[&Keypair]) -> Result<Receipt, ChainError> {
        self.send_as(instructions, signers, Format::PLAIN)
    }

    /// Sends as [`Self::send`] does, as a transaction of the version that `format` says.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn send_as(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> Result<Receipt, ChainError> {
        let mut machine = self.machine();
        // Two identical transactions with one blockhash count as one, so each gets a new blockhash.
        machine.expire_blockhash();
        let transaction = transaction::sign(instructions, signers, format, machine.latest_blockhash())?;
        let bytes = transaction::require_size(&transaction, format)?;
        match machine.send_transaction(transaction) {
            Ok(meta) => {
                let (signature, compute_units) = (meta.signature, meta.compute_units_consumed);
                Ok(Receipt { signature, compute_units, bytes, fee: meta.fee, logs: meta.logs })
            }
            Err(failed) => Err(explain(&failed)),
        }
    }

    /// Simulates `question` and returns its return data; nothing changes, and `payer` pays nothing.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn ask(&self, question: Instruction, payer: &Keypair) -> Result<Vec<u8>, ChainError> {
        let machine = self.machine();
        let transaction = transaction::sign(&[question], &[payer], Format::PLAIN, machine.latest_blockhash())?;
        let simulated = machine.simulate_transaction(transaction).map_err(|failed| explain(&failed))?;
        Ok(simulated.meta.return_data.data)
    }

    /// The account at `address`.
    #[must_use]
    pub fn account(&self, address: &Pubkey) -> Option<Account> {
        self.machine().get_account(address)
    }

    /// The account at `address` as a node would show it; `None` if it has no lamports and therefore does not exist.
    #[must_use]
    pub fn fetched(&self, address: &Pubkey) -> Option<FetchedAccount> {
        fetched(&self.machine(), address)
    }

    fn machine(&self) -> MutexGuard<'_, LiteSVM> {
        // A panic elsewhere leaves the cluster in a good state: every transaction is executed completely or not at all.
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cluster for Embedded {
    /// Everything that has landed is final, and every slot has its block.
    async fn finalized_view(&self, addresses: &[Pubkey]) -> Result<FinalizedView, ChainError> {
        let machine = self.machine();
        let slot = machine.get_sysvar::<Clock>().slot;
        Ok(FinalizedView::new(slot, slot, addresses.iter().filter_map(|address| fetched(&machine, address))))
    }

    /// The slot moves on after the transaction, so that it lies in the past, as on every cluster.
    async fn send_and_confirm(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> Result<Receipt, ChainError> {
        let receipt = self.send_as(instructions, signers, format)?;
        self.next_slot();
        Ok(receipt)
    }
}

fn fetched(machine: &LiteSVM, address: &Pubkey) -> Option<FetchedAccount> {
    let account = machine.get_account(address).filter(|account| account.lamports > 0)?;
    let Account { owner, lamports, data, .. } = account;
    Some(FetchedAccount { address: *address, owner, lamports, data })
}

/// The error of a failed transaction, with the program's own message if the program refused it.
fn explain(failed: &litesvm::types::FailedTransactionMetadata) -> ChainError {
    let code = match &failed.err {
        solana_transaction::TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(*code),
        _ => None,
    };
    ChainError::refused(failed.err.to_string(), code, failed.meta.logs.clone())
}
