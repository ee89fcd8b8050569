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
use solana_message::AddressLookupTableAccount;

use crate::cluster::{Cluster, Receipt};
use crate::error::ChainError;

/// Sends the transactions of `plan`, each a list of instructions, one after the other has landed.
async fn send_each<C: Cluster>(
    cluster: &C,
    plan: Vec<Vec<Instruction>>,
    signer: &Keypair,
    lookup_tables: &[AddressLookupTableAccount],
) -> Result<Vec<Receipt>, ChainError> {
    let mut receipts = Vec::with_capacity(plan.len());
    for instructions in plan {
        receipts.push(cluster.send_and_confirm(&instructions, &[signer], lookup_tables).await?);
    }
    Ok(receipts)
}
