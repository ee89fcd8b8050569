//! The invariants of the money, I1, I2, I4 and I10: whose it is, and that it is there. The others are in `invariants`.
//!
//! The rules are written out here a second time, so that the program's own are not trusted.

use torque::state::{Distributor, Epoch, Sponsorship};

use crate::campaign::Campaign;
use crate::world::World;

/// `rewards` and the fee on them, rounded up.
pub(super) fn with_fee(distributor: &Distributor, rewards: u64) -> u64 {
    let fee = (u128::from(rewards) * u128::from(distributor.fee_basis_points)).div_ceil(10_000);
    rewards + u64::try_from(fee).unwrap()
}

/// What owner and sponsors will have paid once the epochs that are open, which spent `open`, are closed: the owner's
/// money is used first.
pub(super) fn paid_by_each(distributor: &Distributor, open: u64) -> [u64; 2] {
    let Distributor { funded, sponsored, paid, sponsored_paid, .. } = *distributor;
    let owners_left = (funded - sponsored) - (paid - sponsored_paid);
    let sponsors = sponsored_paid + open.saturating_sub(owners_left);
    [paid + open - sponsors, sponsors]
}

/// Base units that came in, and those that were used once the epochs that are open, which spent `open`, are closed.
pub(super) fn totals(distributor: &Distributor, open: u64) -> [u64; 2] {
    let came = [distributor.funded - distributor.sponsored, distributor.sponsored];
    [came, paid_by_each(distributor, open)].map(|both| both.iter().map(|one| with_fee(distributor, *one)).sum())
}

/// I1, I2 and I4: conservation, solvency, bounds.
///
/// After refunds have begun, the accounts no longer show what the owner got; then only [`check_sponsors`] checks.
#[track_caller]
pub(super) fn check_money(distributor: &Distributor, epochs: &[Epoch], vault: u64) {
    let Distributor { funded, reserved, paid, fee_collected, is_refunding, .. } = *distributor;
    let paid_by_open: u64 = epochs.iter().map(|epoch| epoch.spent).sum();
    let owed: u64 = epochs.iter().map(|epoch| epoch.reserved - epoch.spent).sum();
    let [deposited, used] = totals(distributor, paid_by_open);
    let accounted = vault + paid + paid_by_open + fee_collected;
    if is_refunding {
        assert!(accounted + distributor.sponsored_refunded <= deposited, "I1: money came");
        assert_eq!((epochs.len(), reserved), (0, 0), "I2: refunds while epochs are open");
    } else {
        assert_eq!((deposited, distributor.sponsored_refunded), (accounted, 0), "I1: money came or went");
    }
    let fee_owed = used - paid - paid_by_open - fee_collected;
    assert!(vault >= owed + fee_owed, "I2: the vault holds {vault} and owes {owed} with a fee of {fee_owed}");
    assert!(paid + reserved <= funded, "I4: {paid} paid and {reserved} reserved of {funded}");
    assert_eq!(reserved, epochs.iter().map(|epoch| epoch.reserved).sum::<u64>(), "I10: reserved");
    assert_eq!(distributor.open_epochs as usize, epochs.len(), "I10: open epochs");
    assert!(distributor.next_epoch <= distributor.terms.epoch_count, "I4: an epoch beyond the schedule");
}

/// I2, I4 and I10 of the sponsors: their money lies on one line without gaps, and the vault holds what is not paid.
#[track_caller]
pub(super) fn check_sponsors(
    world: &World,
    campaign: &Campaign,
    distributor: &Distributor,
    sponsorships: &[Sponsorship],
) {
    let Distributor { funded, paid, fee_collected, sponsored, sponsored_paid, sponsored_refunded, .. } = *distributor;
    assert_eq!(sponsorships.len() as u32, distributor.sponsorships_open, "I10: sponsorships");
    assert!(sponsored_paid <= sponsored && sponsored <= funded, "I4: {sponsored_paid} of {sponsored} sponsored");
    let mut end = 0;
    for sponsorship in sponsorships {
        let is_next = if distributor.is_refunding { sponsorship.start >= end } else { sponsorship.start == end };
        assert!(is_next && sponsorship.contributed > 0, "I10: {sponsorship:?} after {end}");
        end = sponsorship.start + sponsorship.contributed;
    }
    assert!(end == sponsored || distributor.is_refunding && end < sponsored, "I10: {end} of {sponsored} sponsored");
    let held: u64 = sponsorships.iter().map(|it| unpaid(distributor, it, sponsored_paid)).sum();
    let owed = with_fee(distributor, sponsored) - with_fee(distributor, sponsored_paid) - sponsored_refunded;
    assert_eq!(held, owed, "I10: what is owed to sponsors");
    let fee_owed = totals(distributor, 0)[1] - paid - fee_collected;
    let vault = world.vault_balance(&campaign.addresses);
    let is_over = distributor.is_refunding;
    assert!(!is_over || vault >= held + fee_owed, "I2: the vault holds {vault} and owes {held} and {fee_owed}");
}

/// Base units of `sponsorship` that go back, fee included, if `paid` of all sponsors' rewards are paid.
pub(super) fn unpaid(distributor: &Distributor, sponsorship: &Sponsorship, paid: u64) -> u64 {
    let end = sponsorship.start + sponsorship.contributed;
    with_fee(distributor, end) - with_fee(distributor, paid.clamp(sponsorship.start, end))
}
