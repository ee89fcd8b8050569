//! The instructions of a raffle and of a milestone.

use solana_signer::Signer as _;
use torque::constants::POSTING_GRACE;
use torque::instructions::{DistributorCreateArgs, RaffleCommitArgs};
use torque::merkle::Hash;
use torque::state::{Kind, Milestone, MilestoneStep, Mode, Raffle};

use super::workshop::{AMOUNT, EPOCH, Receipts, Workshop};
use crank_cluster::error::ChainError;
use crank_cluster::{
    address,
    instruction::{self, raffle},
};

/// Slots whose hashes a cluster keeps.
const KEPT_SLOTS: usize = 512;

/// Measures each of them once, on a cluster of their own.
pub(super) fn measure() -> Result<Receipts, ChainError> {
    let mut workshop = Workshop::new()?;
    let report = milestone_report(&mut workshop)?;
    let mut receipts = draw(&mut workshop)?;
    receipts.extend(report);
    Ok(receipts)
}

fn milestone_report(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let deadline = workshop.cluster.time().saturating_add(EPOCH.saturating_mul(2));
    let steps = [1, 2, 3, 4]
        .map(|quarter: u64| MilestoneStep { target: quarter, unlocked_basis_points: quarter.saturating_mul(2_500) });
    let milestone = Some(Milestone { deadline, reported: 0, steps });
    let (addresses, _) = workshop.create_with(DistributorCreateArgs { milestone, ..workshop.args(1, Mode::Claim) })?;
    let publisher = workshop.owner.pubkey();
    Ok(vec![("milestone_report", workshop.send(instruction::milestone_report(&addresses, publisher, 1))?)])
}

/// Commits, keeps the slot's hash, skips the epoch nevertheless, and closes the raffle.
fn draw(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let args = DistributorCreateArgs { kind: Kind::Raffle, ..workshop.args(2, Mode::Claim) };
    let (addresses, _) = workshop.create_with(args)?;
    workshop.send(instruction::distributor_fund(&addresses, AMOUNT))?;
    workshop.pass(EPOCH);
    let (owner, distributor) = (workshop.owner.pubkey(), addresses.distributor);
    let at = address::raffle(&distributor, 0);
    let secret_hash = Raffle::secret_hash_of(&at, &[5; 32]);
    let args =
        RaffleCommitArgs { index: 0, tickets_root: [3; 32], tickets_total: 1_000, secret_hash, min_escrowed: AMOUNT };
    let commit = workshop.send(raffle::commit(distributor, owner, owner, args))?;
    let target = workshop.cluster.decode::<Raffle>(&at, "raffle")?.target_slot;
    let hashes: Vec<(u64, Hash)> = (0..=target).rev().take(KEPT_SLOTS).map(|slot| (slot, [6; 32])).collect();
    workshop.cluster.set_slot(target.saturating_add(1), &hashes);
    let draw = workshop.send(raffle::capture(at, owner))?;
    workshop.send(instruction::epoch_skip(&addresses, owner, owner, 0))?;
    workshop.pass(POSTING_GRACE);
    workshop.send(instruction::epoch_close(&addresses, owner, 0))?;
    let close = workshop.send(raffle::close(distributor, 0, owner))?;
    Ok(vec![("raffle_commit", commit), ("raffle_draw", draw), ("raffle_close", close)])
}
