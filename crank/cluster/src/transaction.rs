//! Builds and signs transactions of both versions that clusters take, and computes their size.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::v1::{self, TransactionConfig};
use solana_message::{AddressLookupTableAccount, VersionedMessage, v0};
use solana_signer::Signer as _;
use solana_transaction::versioned::VersionedTransaction;

use super::error::ChainError;

/// Compute units that a transaction of version 1 asks for with each instruction: as many as one of version 0 gets.
const UNITS_PER_INSTRUCTION: u32 = 200_000;
/// The most that any transaction may ask for.
const MOST_UNITS: u32 = 1_400_000;
/// Bytes of accounts that a transaction of version 1 asks for: as many as one of version 0 gets.
const LOADED_BYTES: u32 = 64 * 1024 * 1024;

/// The version of a transaction, which decides how much fits into it.
#[derive(Clone, Copy, Debug)]
pub enum Format<'a> {
    /// Version 0: at most 1,232 bytes, so that it fits one packet. Accounts in these lookup tables take a byte each.
    V0(&'a [AddressLookupTableAccount]),
    /// Version 1 (SIMD-0385): at most 4,096 bytes and 64 accounts, without lookup tables. Not every cluster and not
    /// every wallet takes it.
    V1,
}

impl Format<'_> {
    /// Version 0 without lookup tables.
    pub const PLAIN: Self = Self::V0(&[]);

    /// The most bytes that a transaction may have.
    #[must_use]
    pub const fn most_bytes(self) -> usize {
        match self {
            Self::V0(_) => 1_232,
            Self::V1 => v1::MAX_TRANSACTION_SIZE,
        }
    }
}

/// Signs `instructions` with `signers`, of whom the first pays the fee.
///
/// # Errors
/// `Unbuildable` when there is no signer, one is missing, or there are too many accounts.
pub fn sign(
    instructions: &[Instruction],
    signers: &[&Keypair],
    format: Format<'_>,
    blockhash: solana_message::Hash,
) -> Result<VersionedTransaction, ChainError> {
    let unbuildable = |error: &dyn std::fmt::Display| ChainError::Unbuildable(error.to_string());
    let payer = signers.first().ok_or_else(|| unbuildable(&"nobody signs"))?.pubkey();
    let message = match format {
        Format::V0(lookup_tables) => v0::Message::try_compile(&payer, instructions, lookup_tables, blockhash)
            .map(VersionedMessage::V0)
            .map_err(|error| unbuildable(&error))?,
        Format::V1 => v1::Message::try_compile_with_config(&payer, instructions, blockhash, config(instructions.len()))
            .map(VersionedMessage::V1)
            .map_err(|error| unbuildable(&error))?,
    };
    let mut unique = signers.to_vec();
    unique.sort_by_key(|signer| signer.pubkey());
    unique.dedup_by_key(|signer| signer.pubkey());
    VersionedTransaction::try_new(message, &unique[..]).map_err(|error| unbuildable(&error))
}

/// The bytes of `transaction` on the wire, which are no more than `format` allows.
///
/// # Errors
/// `Unbuildable`.
pub fn require_size(transaction: &VersionedTransaction, format: Format<'_>) -> Result<usize, ChainError> {
    let (bytes, most) = (size(transaction), format.most_bytes());
    if bytes > most {
        return Err(ChainError::Unbuildable(format!("it has {bytes} bytes and may have {most}")));
    }
    Ok(bytes)
}

/// What a transaction of version 1 must ask for itself, since without it there is nothing.
fn config(instructions: usize) -> TransactionConfig {
    let instructions = u32::try_from(instructions).unwrap_or(u32::MAX);
    TransactionConfig::empty()
        .with_compute_unit_limit(UNITS_PER_INSTRUCTION.saturating_mul(instructions).min(MOST_UNITS))
        .with_loaded_accounts_data_size_limit(LOADED_BYTES)
}

/// How many bytes `transaction` has on the wire.
#[must_use]
pub fn size(transaction: &VersionedTransaction) -> usize {
    let signatures = transaction.signatures.len().saturating_mul(size_of::<solana_signature::Signature>());
    // Version 0 says how many signatures there are, in one byte as they are fewer than 128; version 1 does not.
    let count = usize::from(!matches!(transaction.message, VersionedMessage::V1(_)));
    transaction.message.serialize().len().saturating_add(signatures).saturating_add(count)
}
