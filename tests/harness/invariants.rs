//! The invariants of the escrow, read off the accounts alone: I1 to I5, I7, I10, I12 and I13 of the threat model,
//! and I14: a sponsor pays for nothing that was paid before it came.
//!
//! The account's layout is written out here a second time, so that the program's own reading of it is not trusted.

mod money;

use std::collections::{BTreeMap, BTreeSet};

use anchor_lang::Discriminator;
use solana_pubkey::Pubkey;
use torque::merkle::Hash;
use torque::state::{Distributor, Epoch, EpochTerms, Limiter, Limits, Sponsorship};

use self::money::{check_money, check_sponsors, paid_by_each, unpaid};
use crate::campaign::{Allocations, Campaign};
use crate::memory;
use crate::outflow::OutflowRecord;
use crate::sponsors::sponsorships_among;
use crate::world::World;

/// Bytes of an epoch account before its subtree roots: the discriminator and the header.
const HEADER: usize = 8 + 328;
/// Leaves of one subtree.
const SUBTREE: u32 = 4_096;

/// Checks the campaigns as they stand.
///
/// It does not work for a vault that received a donation, because such a vault holds more than was funded.
#[track_caller]
pub fn check(world: &World, campaigns: &[&Campaign]) {
    Watch::default().check(world, campaigns);
}

/// The earlier state of every epoch, so that a later check finds a mark or a root that was changed.
#[derive(Clone, Default)]
pub struct Watch {
    /// The root and the paid-marks of every epoch that has opened, by its address.
    opened: BTreeMap<Pubkey, (Hash, Vec<u8>)>,
    /// The epochs that had opened and are gone.
    ended: BTreeSet<Pubkey>,
    /// The amounts that left every bucket, by the address of its distributor or epoch.
    outflows: BTreeMap<Pubkey, OutflowRecord>,
    /// What the distributor had spent when a sponsorship came, by its address and place.
    arrivals: BTreeMap<(Pubkey, u64), u64>,
}

/// The paid-marks of epoch `index`, a bit for each leaf, the first in the lowest bit.
#[must_use]
pub fn marks(world: &World, campaign: &Campaign, index: u32) -> Vec<u8> {
    let account = world.cluster.account(&campaign.epoch(index)).unwrap();
    let leaf_count = world.epoch(&campaign.addresses, index).leaf_count;
    let roots = if leaf_count <= SUBTREE { 0 } else { leaf_count.div_ceil(SUBTREE) as usize * size_of::<Hash>() };
    let marks = account.data.get(HEADER + roots..).unwrap_or_default();
    assert!(marks.len() <= leaf_count.div_ceil(8) as usize, "epoch {index} is longer than its marks");
    marks.to_vec()
}

/// I10 with the amounts: the epoch's paid total is the sum of the marked leaves.
#[track_caller]
pub fn check_paid_sum(world: &World, campaign: &Campaign, allocations: &Allocations) {
    let marks = marks(world, campaign, allocations.epoch);
    let is_paid = |index: usize| marks.get(index / 8).is_some_and(|byte| byte & (1 << (index % 8)) != 0);
    let payments = allocations.payments.iter().enumerate();
    let sum: u64 = payments.filter(|(index, _)| is_paid(*index)).map(|(_, payment)| payment.amount).sum();
    let epoch = world.epoch(&campaign.addresses, allocations.epoch);
    assert_eq!(epoch.paid_total, sum, "I10: the paid total is not the sum of the paid leaves");
}

/// What outsiders can still get of a campaign if nothing more is paid to others, by the account that says so: the
/// leaves of each epoch that has opened, and what goes back of each sponsorship.
#[must_use]
pub fn dues(world: &World, campaign: &Campaign) -> BTreeMap<Pubkey, u64> {
    let Ok(distributor) = world.cluster.decode::<Distributor>(&campaign.addresses.distributor, "distributor") else {
        return BTreeMap::new();
    };
    let epochs = (0..distributor.next_epoch).map(|index| campaign.epoch(index));
    let epochs: Vec<(Pubkey, Epoch)> = epochs.filter_map(|at| Some((at, world.cluster.epoch(&at).ok()?))).collect();
    let spent = epochs.iter().map(|(_, epoch)| epoch.spent).sum();
    let [_, paid] = paid_by_each(&distributor, spent);
    let slot = world.slot();
    let has_opened = |epoch: &Epoch| world.cluster.time() >= epoch.opens_at && slot >= epoch.opens_in_slot();
    let opened = epochs.iter().filter(|(_, epoch)| has_opened(epoch));
    let leaves = opened.map(|(address, epoch)| (*address, epoch.reserved - epoch.spent));
    let sponsorships = world.sponsorships_of(&campaign.addresses.distributor);
    let refunds = sponsorships.iter().map(|it| {
        let address = memory::sponsorship_address(&it.distributor, &it.wallet, it.number);
        (address, unpaid(&distributor, it, paid))
    });
    leaves.chain(refunds).collect()
}

impl Watch {
    /// Checks the campaigns, alone and against their earlier state.
    #[track_caller]
    pub fn check(&mut self, world: &World, campaigns: &[&Campaign]) {
        let accounts = world.cluster.accounts_of(&torque::ID);
        accounts.iter().for_each(|(address, account)| check_rent(world, address, account.lamports, account.data.len()));
        let mut present = BTreeSet::new();
        for campaign in campaigns {
            let account = world.cluster.account(&campaign.addresses.distributor).unwrap();
            if account.data == Distributor::DISCRIMINATOR {
                assert_eq!(world.cluster.lamports(&campaign.addresses.vault), 0, "I1: money stays in a closed vault");
                continue;
            }
            let data = accounts.iter().map(|(address, account)| (address, &account.data[..]));
            let sponsorships = sponsorships_among(data, &campaign.addresses.distributor);
            present.extend(self.check_campaign(world, campaign, &sponsorships));
        }
        let (opened, ended) = (&mut self.opened, &mut self.ended);
        ended.extend(opened.keys().filter(|address| !present.contains(*address)));
        let revived = ended.iter().find(|address| world.cluster.account(address).is_some_and(|it| !it.data.is_empty()));
        assert_eq!(revived, None, "I12: an epoch that opened exists again");
    }

    /// Returns the epochs that exist.
    #[track_caller]
    fn check_campaign(&mut self, world: &World, campaign: &Campaign, sponsorships: &[Sponsorship]) -> Vec<Pubkey> {
        let distributor = world.distributor(&campaign.addresses);
        let addresses = (0..distributor.next_epoch).map(|index| (index, campaign.epoch(index)));
        let existing: Vec<(u32, Pubkey)> =
            addresses.filter(|(_, address)| world.cluster.epoch(address).is_ok()).collect();
        let next = campaign.epoch(distributor.next_epoch);
        assert!(world.cluster.epoch(&next).is_err(), "I8: the next epoch exists already");
        let epochs: Vec<Epoch> = existing.iter().map(|(index, _)| world.epoch(&campaign.addresses, *index)).collect();
        check_money(&distributor, &epochs, world.vault_balance(&campaign.addresses));
        check_limiter(&distributor.limiter, &epochs);
        self.check_outflow(world.cluster.time(), campaign, &distributor, &epochs);
        check_sponsors(world, campaign, &distributor, sponsorships);
        self.check_arrivals(&distributor, &epochs, sponsorships);
        check_vault(world, campaign);
        for ((index, address), epoch) in existing.iter().zip(&epochs) {
            let marks = marks(world, campaign, *index);
            check_epoch(epoch, &marks);
            check_rent(world, address, world.cluster.lamports(address), Epoch::full_size(epoch.leaf_count));
            self.check_history(world, *address, epoch, marks);
        }
        existing.into_iter().map(|(_, address)| address).collect()
    }

    /// I13, of the distributor and of each epoch, in what leaves the vault. A leaf takes at most what its epoch
    /// reserves.
    #[track_caller]
    fn check_outflow(&mut self, now: i64, campaign: &Campaign, distributor: &Distributor, epochs: &[Epoch]) {
        let Limiter { window, absolute, .. } = distributor.limiter;
        let paid = distributor.paid + epochs.iter().map(|epoch| epoch.spent).sum::<u64>();
        let largest = epochs.iter().map(|epoch| epoch.reserved).max().unwrap_or_default();
        let record = self.outflows.entry(campaign.addresses.distributor).or_default();
        record.note(now, paid, (absolute, window), largest);
        for epoch in epochs.iter().filter(|epoch| now >= epoch.opens_at) {
            let EpochTerms { outflow_window, epoch_basis_points, .. } = epoch.terms;
            let capacity = (u128::from(epoch.reserved) * u128::from(epoch_basis_points)).div_ceil(10_000);
            let bucket = (u64::try_from(capacity).unwrap(), outflow_window);
            let record = self.outflows.entry(campaign.epoch(epoch.index)).or_default();
            record.note(now, epoch.spent, bucket, epoch.reserved);
        }
    }

    /// I14: a sponsor loses no more than what was paid since it came.
    #[track_caller]
    fn check_arrivals(&mut self, distributor: &Distributor, epochs: &[Epoch], sponsorships: &[Sponsorship]) {
        let open = epochs.iter().map(|epoch| epoch.spent).sum::<u64>();
        let (spent, [_, sponsors]) = (distributor.paid + open, paid_by_each(distributor, open));
        for Sponsorship { distributor, wallet, number, start, contributed, .. } in sponsorships {
            let address = memory::sponsorship_address(distributor, wallet, *number);
            let lost = sponsors.clamp(*start, start + contributed) - start;
            // One that is not seen from the beginning may have lost something already.
            let before = *self.arrivals.entry((address, *start)).or_insert(spent - lost);
            assert!(lost <= spent - before, "I14: {lost} lost, and {} paid since it came", spent - before);
        }
    }

    /// I3 and I5: an epoch that has opened keeps its root and every mark.
    #[track_caller]
    fn check_history(&mut self, world: &World, address: Pubkey, epoch: &Epoch, marks: Vec<u8>) {
        if world.cluster.time() < epoch.opens_at || world.slot() < epoch.opens_in_slot() {
            assert_eq!(epoch.paid_count, 0, "I9: paid before it opens");
            return;
        }
        if let Some((root, before)) = self.opened.get(&address) {
            assert_eq!(*root, epoch.root, "I5: the root of an open epoch changed");
            let is_kept = before.iter().zip(&marks).all(|(before, after)| before & !after == 0);
            assert!(is_kept && before.len() <= marks.len(), "I3: a mark disappeared");
        }
        self.opened.insert(address, (epoch.root, marks));
    }
}

/// I10 of the limiter: it counts what the open epochs have spent and how many of them are older than the terms, and no
/// open epoch was posted under faster limits or has less time to be paid.
#[track_caller]
fn check_limiter(limiter: &Limiter, epochs: &[Epoch]) {
    let Limiter { absolute, window, limits, payable_within, spent_open, first_epoch, older_epochs, .. } = *limiter;
    assert_eq!(spent_open, epochs.iter().map(|epoch| epoch.spent).sum::<u64>(), "I10: spent by open epochs");
    let older = epochs.iter().filter(|epoch| epoch.index < first_epoch).count();
    assert_eq!(older_epochs as usize, older, "I10: epochs that are older than the terms");
    let is_as_fast = |absolute: u64, window: u32| {
        u128::from(limits.absolute) * u128::from(window) <= u128::from(absolute) * u128::from(limits.window)
    };
    assert!(limits.absolute <= absolute && is_as_fast(absolute, window), "I13: slower than its terms");
    for epoch in epochs {
        let EpochTerms { outflow_window, epoch_basis_points, claim_window, .. } = epoch.terms;
        let limits = Limits { absolute: 0, window: outflow_window, epoch_basis_points };
        assert!(payable_within <= limits.payable_within(claim_window), "I13: more time than epoch {}", epoch.index);
    }
}

/// I4, I5 and I10 of one epoch. Where it has no root it owes nothing and has no leaf.
#[track_caller]
fn check_epoch(epoch: &Epoch, marks: &[u8]) {
    if epoch.root == Hash::default() {
        assert_eq!((epoch.total, epoch.leaf_count, epoch.opens_at), (0, 0, i64::MAX), "I5: owed without a root");
        assert_eq!((epoch.paid_total, epoch.paid_count, marks), (0, 0, &[][..]), "I5: paid without a root");
        assert_eq!((epoch.reserved, epoch.spent), (0, 0), "I5: reserved without a root");
        return;
    }
    assert!(epoch.total <= epoch.terms.budget, "I4: the total exceeds the budget");
    assert!(epoch.paid_total <= epoch.total, "I4: more is paid than owed");
    assert!(epoch.total <= epoch.reserved && epoch.paid_total <= epoch.spent, "I4: less is counted than moves");
    assert!(epoch.spent <= epoch.reserved, "I4: more is spent than reserved");
    let settled = epoch.paid_count + epoch.struck_count;
    assert!(settled <= epoch.leaf_count, "I4: more leaves are paid or struck than there are");
    let bits: u32 = marks.iter().map(|byte| byte.count_ones()).sum();
    assert_eq!(settled, bits, "I10: paid and struck leaves are not the number of marks");
    let padding = epoch.leaf_count.div_ceil(8) * 8 - epoch.leaf_count;
    if marks.len() == epoch.leaf_count.div_ceil(8) as usize {
        assert!(marks.last().unwrap().leading_zeros() >= padding, "I10: a mark without a leaf");
    }
}

/// A vault of tokens belongs to the distributor, and no other key may spend from it or close it.
#[track_caller]
fn check_vault(world: &World, campaign: &Campaign) {
    if campaign.addresses.asset.is_native() {
        return;
    }
    let data = world.cluster.account(&campaign.addresses.vault).unwrap().data;
    assert_eq!(data[32..64], campaign.addresses.distributor.to_bytes(), "the vault has another owner");
    assert_eq!((&data[72..76], &data[129..133]), (&[0; 4][..], &[0; 4][..]), "a delegate or a close authority");
}

/// I7: every account of the program keeps its rent.
#[track_caller]
fn check_rent(world: &World, address: &Pubkey, lamports: u64, size: usize) {
    let rent = world.cluster.rent(size);
    assert!(lamports >= rent, "I7: {address} holds {lamports} of {rent}");
}
