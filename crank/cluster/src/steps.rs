//! What the crank does on a cluster, one step each: launch a campaign, post an epoch, push it.
//!
//! Every step has two halves. Its *plan* is a pure function: from the accounts of one finalized view to the
//! instructions that are still missing. Accounts that are as wanted need no instruction, and an account that is
//! otherwise is refused with the name of the field (`agreement`). Its *driver* reads the view, plans, and sends. A step
//! that was interrupted, at whatever instant, is therefore simply asked for again. A step prints nothing and reads no
//! clock.
//!
//! One thing the program cannot tell apart: two fundings of the same amount. On a cluster whose transactions outlive
//! their sender, `launch::fund` may be asked for again only when the earlier ones have landed or have expired.

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

/// Sends each of `plan`, the instructions of one transaction, after the one before has landed.
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
