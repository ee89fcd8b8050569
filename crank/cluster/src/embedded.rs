//! The embedded cluster: a Solana virtual machine in this process, with the committed program deployed.
//!
//! It is the real runtime and the real bytecode without a network: no forks, no fees market, and a clock that stands
//! until it is set. The tests and the demonstration run on it.

use anchor_lang::AccountDeserialize;
use litesvm::LiteSVM;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_pubkey::Pubkey;
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_slot_hashes::SlotHashes;
use torque::merkle::Hash;
use torque::state::Epoch;

use super::error::ChainError;
use super::transaction;

/// The program as it is deployed.
pub const PROGRAM: &[u8] = include_bytes!("../../program/torque.so");

/// What a transaction cost.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Compute units consumed by all its instructions.
    pub compute_units: u64,
    /// Bytes on the wire.
    pub bytes: usize,
    /// Lamports paid for signatures.
    pub fee: u64,
    /// What the programs logged.
    pub logs: Vec<String>,
}

/// A Solana cluster inside this process.
pub struct Embedded {
    /// The machine. Public for the tests, which put it into states that no transaction leads to.
    pub svm: LiteSVM,
}

impl Embedded {
    /// Starts a cluster on which `upgrade_authority` has deployed the program, at `now` in unix seconds.
    ///
    /// # Errors
    /// `Unstartable`.
    pub fn start(upgrade_authority: &Pubkey, now: i64) -> Result<Self, ChainError> {
        let unstartable = |error: &dyn std::fmt::Display| ChainError::Unstartable(error.to_string());
        let mut svm = LiteSVM::new();
        svm.add_program(torque::ID, PROGRAM).map_err(|error| unstartable(&error))?;
        let mut embedded = Self { svm };
        embedded.set_upgrade_authority(upgrade_authority)?;
        embedded.set_time(now);
        Ok(embedded)
    }

    /// Writes the authority into the program's data account, where the machine leaves none: a u32 variant, a u64
    /// slot, then an option of an address.
    fn set_upgrade_authority(&mut self, authority: &Pubkey) -> Result<(), ChainError> {
        let address = Pubkey::find_program_address(&[torque::ID.as_ref()], &bpf_loader_upgradeable::ID).0;
        let mut account = self.svm.get_account(&address).ok_or(ChainError::NoAccount(address))?;
        let slot = account.data.get_mut(12..45).ok_or(ChainError::NoAccount(address))?;
        if let Some((tag, key)) = slot.split_first_mut() {
            *tag = 1;
            key.copy_from_slice(authority.as_ref());
        }
        self.svm.set_account(address, account).map_err(|error| ChainError::Unstartable(error.to_string()))
    }

    /// The cluster's time, unix seconds.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Sets the cluster's time, unix seconds.
    pub fn set_time(&mut self, now: i64) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.unix_timestamp = now;
        self.svm.set_sysvar(&clock);
    }

    /// Moves on by a slot.
    pub fn next_slot(&mut self) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.slot = clock.slot.saturating_add(1);
        self.svm.set_sysvar(&clock);
    }

    /// Sets the slot, and the hashes that the cluster remembers of slots before it, in any order.
    pub fn set_slot(&mut self, slot: u64, hashes: &[(u64, Hash)]) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.slot = slot;
        self.svm.set_sysvar(&clock);
        let hashes: Vec<_> = hashes.iter().map(|(slot, hash)| (*slot, (*hash).into())).collect();
        self.svm.set_sysvar(&SlotHashes::new(&hashes));
    }

    /// The newest slot whose hash the cluster remembers.
    #[must_use]
    pub fn recent_slot(&self) -> u64 {
        self.svm.get_sysvar::<SlotHashes>().first().map_or(0, |(slot, _)| *slot)
    }

    /// Gives `address` lamports from nowhere.
    ///
    /// # Errors
    /// `Refused`.
    pub fn airdrop(&mut self, address: &Pubkey, lamports: u64) -> Result<(), ChainError> {
        self.svm
            .airdrop(address, lamports)
            .map(|_| ())
            .map_err(|failed| refusal(failed.err.to_string(), None, failed.meta.logs))
    }

    /// Sends `instructions`, signed by `signers`, of whom the first pays the fee.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Result<Receipt, ChainError> {
        self.send_with_tables(instructions, signers, &[])
    }

    /// Sends as [`Self::send`] does, with accounts named through `lookup_tables`.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn send_with_tables(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        lookup_tables: &[AddressLookupTableAccount],
    ) -> Result<Receipt, ChainError> {
        // Identical transactions in one block are one; the next one is in another block.
        self.svm.expire_blockhash();
        let blockhash = self.svm.latest_blockhash();
        let transaction = transaction::sign(instructions, signers, lookup_tables, blockhash)?;
        let bytes = transaction::size(&transaction);
        if bytes > transaction::MAX_TRANSACTION_BYTES {
            let most = transaction::MAX_TRANSACTION_BYTES;
            return Err(ChainError::Unbuildable(format!("it has {bytes} bytes and may have {most}")));
        }
        match self.svm.send_transaction(transaction) {
            Ok(meta) => {
                Ok(Receipt { compute_units: meta.compute_units_consumed, bytes, fee: meta.fee, logs: meta.logs })
            }
            Err(failed) => Err(explain(&failed)),
        }
    }

    /// The bytes that `question` answers with when it is simulated; nothing is changed, and `payer` pays nothing.
    ///
    /// # Errors
    /// `Unbuildable`, `Refused`.
    pub fn ask(&self, question: Instruction, payer: &Keypair) -> Result<Vec<u8>, ChainError> {
        let transaction = transaction::sign(&[question], &[payer], &[], self.svm.latest_blockhash())?;
        let simulated = self.svm.simulate_transaction(transaction).map_err(|failed| explain(&failed))?;
        Ok(simulated.meta.return_data.data)
    }

    /// The account at `address`, decoded as an account of the program.
    ///
    /// # Errors
    /// `NoAccount`, `WrongAccount`.
    pub fn decode<T: AccountDeserialize>(&self, address: &Pubkey, expected: &'static str) -> Result<T, ChainError> {
        let account = self.svm.get_account(address).ok_or(ChainError::NoAccount(*address))?;
        T::try_deserialize(&mut &account.data[..]).map_err(|error| ChainError::WrongAccount {
            address: *address,
            expected,
            reason: error.to_string(),
        })
    }

    /// The header of the epoch at `address`.
    ///
    /// # Errors
    /// `NoAccount`, `WrongAccount`.
    pub fn epoch(&self, address: &Pubkey) -> Result<Epoch, ChainError> {
        let mut account = self.svm.get_account(address).ok_or(ChainError::NoAccount(*address))?;
        let wrong = |reason: String| ChainError::WrongAccount { address: *address, expected: "epoch", reason };
        Epoch::split(&mut account.data).map(|(epoch, _)| *epoch).map_err(|error| wrong(error.to_string()))
    }

    /// Bytes of the account at `address`; zero for an account that does not exist.
    #[must_use]
    pub fn data_len(&self, address: &Pubkey) -> usize {
        self.svm.get_account(address).map_or(0, |account| account.data.len())
    }

    /// Lamports of `address`; zero for an account that does not exist.
    #[must_use]
    pub fn lamports(&self, address: &Pubkey) -> u64 {
        self.svm.get_balance(address).unwrap_or(0)
    }
}

fn refusal(reason: String, code: Option<u32>, logs: Vec<String>) -> ChainError {
    ChainError::Refused { reason, code, logs }
}

/// The program's own words for a failed transaction, where it was the program that refused.
fn explain(failed: &litesvm::types::FailedTransactionMetadata) -> ChainError {
    let logs = failed.meta.logs.clone();
    let message = logs.iter().find_map(|line| line.split_once("Error Message: ").map(|(_, text)| text.to_owned()));
    let code = match &failed.err {
        solana_transaction::TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(*code),
        _ => None,
    };
    refusal(message.unwrap_or_else(|| failed.err.to_string()), code, logs)
}
