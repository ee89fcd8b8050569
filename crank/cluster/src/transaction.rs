//! Builds and signs transactions of version 0, with lookup tables if there are any, and computes their size.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{AddressLookupTableAccount, VersionedMessage, v0};
use solana_signer::Signer as _;
use solana_transaction::versioned::VersionedTransaction;

use super::error::ChainError;

/// The most bytes a transaction may have, so that it fits one packet.
pub const MAX_TRANSACTION_BYTES: usize = 1_232;

/// Signs `instructions` with `signers`, of whom the first pays the fee.
///
/// # Errors
/// `Unbuildable` when there is no signer, one is missing, or there are too many accounts.
pub fn sign(
    instructions: &[Instruction],
    signers: &[&Keypair],
    lookup_tables: &[AddressLookupTableAccount],
    blockhash: solana_message::Hash,
) -> Result<VersionedTransaction, ChainError> {
    let unbuildable = |error: &dyn std::fmt::Display| ChainError::Unbuildable(error.to_string());
    let payer = signers.first().ok_or_else(|| unbuildable(&"nobody signs"))?.pubkey();
    let message = v0::Message::try_compile(&payer, instructions, lookup_tables, blockhash)
        .map_err(|error| unbuildable(&error))?;
    let mut unique = signers.to_vec();
    unique.sort_by_key(|signer| signer.pubkey());
    unique.dedup_by_key(|signer| signer.pubkey());
    VersionedTransaction::try_new(VersionedMessage::V0(message), &unique[..]).map_err(|error| unbuildable(&error))
}

/// How many bytes `transaction` has on the wire.
#[must_use]
pub fn size(transaction: &VersionedTransaction) -> usize {
    let signatures = transaction.signatures.len().saturating_mul(size_of::<solana_signature::Signature>());
    // The count of signatures takes one more byte, as it is below 128.
    transaction.message.serialize().len().saturating_add(signatures).saturating_add(1)
}
