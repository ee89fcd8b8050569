//! The crank's steps on a cluster: launch a campaign, post an epoch, push it.
//!
//! Every step has two halves. Its *plan* is a pure function from the accounts of one finalized view to the instructions
//! that are still missing. An account that already is as it should be needs no instruction; one that differs is refused
//! with the name of the field (`agreement`). Its *driver* reads the view, plans, and sends. So a step that was
//! interrupted at any instant is simply run again. A step prints nothing and reads no clock.
//!
//! There is one exception: the program cannot tell two fundings of the same amount apart. Where a transaction can still
//! land after its sender is gone, `launch::fund` may be run again only when the earlier ones have landed or expired.

mod agreement;
pub mod launch;
pub mod lookup_table;
pub mod post;
pub mod push;

use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::cluster::{Cluster, Receipt};
use crate::error::ChainError;
use crate::transaction::Format;

/// All instructions of a plan in one transaction.
const TOGETHER: usize = usize::MAX;

/// Sends `missing` in transactions of at most `per_transaction` instructions, each after the one before has landed.
async fn send<C: Cluster>(
    cluster: &C,
    missing: &[Instruction],
    per_transaction: usize,
    signer: &Keypair,
) -> Result<Vec<Receipt>, ChainError> {
    let mut receipts = Vec::new();
    for instructions in missing.chunks(per_transaction) {
        receipts.push(cluster.send_and_confirm(instructions, &[signer], Format::PLAIN).await?);
    }
    Ok(receipts)
}

/// The number of leaves before `place`, as the program counts them.
///
/// # Errors
/// `Unbuildable` when an index cannot count so many.
fn leaf_index(place: usize) -> Result<u32, ChainError> {
    u32::try_from(place)
        .map_err(|_| ChainError::Unbuildable("the epoch has more leaves than an index counts".to_owned()))
}
