//! The running totals from which it follows whose money is left: "the deposited fee is the fee on everything that was
//! ever funded, the earned fee that on everything that was ever paid, both rounded up, of the owner's money and of the
//! sponsors' apart".

use dashu::integer::IBig;
use torque::constants::MAX_FEE_BASIS_POINTS;
use torque::state::Distributor;

use super::numbers::Random;
use super::rule::{big, ceil, floor, stored};

/// A distributor's totals in base units, as it stores them, and its fee.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    /// What owner and sponsors brought.
    pub(super) funded: u64,
    /// Of that, what sponsors brought.
    pub(super) sponsored: u64,
    /// What closed epochs paid.
    pub(super) paid: u64,
    /// Of that, what was sponsors' money.
    pub(super) sponsored_paid: u64,
    /// The fee on top.
    pub(super) fee_basis_points: u16,
}

impl Totals {
    /// Any totals, mostly such as there may be: nobody paid more than it brought.
    pub(super) fn choose(random: &mut Random) -> Self {
        let (funded, fee_basis_points) = (random.amount(), random.rate(MAX_FEE_BASIS_POINTS));
        let sponsored = random.mostly_part_of(funded);
        let sponsored_paid = random.mostly_part_of(sponsored);
        let owners_paid = random.mostly_part_of(funded.saturating_sub(sponsored));
        let paid = if random.once_in(32) { random.amount() } else { sponsored_paid.saturating_add(owners_paid) };
        Self { funded, sponsored, paid, sponsored_paid, fee_basis_points }
    }

    /// Writes them into `distributor`.
    pub(super) fn write(&self, distributor: &mut Distributor) {
        distributor.funded = self.funded;
        distributor.sponsored = self.sponsored;
        distributor.paid = self.paid;
        distributor.sponsored_paid = self.sponsored_paid;
        distributor.fee_basis_points = self.fee_basis_points;
    }

    /// What the owner brought.
    pub(super) fn owners(&self) -> Result<u64, &'static str> {
        stored(&(big(self.funded) - big(self.sponsored)))
    }

    /// Of that, what is paid.
    pub(super) fn owners_paid(&self) -> Result<u64, &'static str> {
        stored(&(big(self.paid) - big(self.sponsored_paid)))
    }

    /// The fee on `rewards`, of one of both.
    pub(super) fn fee(&self, rewards: u64) -> IBig {
        ceil(big(rewards) * big(self.fee_basis_points), 10_000_u16)
    }

    /// `rewards` of one of both, and the fee on them.
    pub(super) fn with_fee(&self, rewards: u64) -> Result<u64, &'static str> {
        stored(&(big(rewards) + self.fee(rewards)))
    }

    /// All that came in, which was in the vault, so it fits.
    pub(super) fn deposited(&self) -> Result<u64, &'static str> {
        stored(&(big(self.with_fee(self.owners()?)?) + big(self.with_fee(self.sponsored)?)))
    }

    /// About as much as can come in besides until all of it and its fee fit no more.
    pub(super) fn most_that_fits(&self) -> u64 {
        let room = u64::MAX - self.deposited().unwrap_or_default();
        let most = floor(big(room) * big(10_000_u16), 10_000 + self.fee_basis_points);
        stored(&most).unwrap_or_default()
    }

    /// The fee that the payments have earned. They and it were in the vault, so they fit.
    pub(super) fn earned(&self) -> Result<IBig, &'static str> {
        let used = big(self.with_fee(self.owners_paid()?)?) + big(self.with_fee(self.sponsored_paid)?);
        Ok(big(stored(&used)?) - big(self.paid))
    }

    /// What came in for all sponsors' rewards that are not paid, less what was `refunded` of it.
    pub(super) fn owed_to_sponsors(&self, refunded: u64) -> Result<u64, &'static str> {
        stored(&(big(self.with_fee(self.sponsored)?) - big(self.with_fee(self.sponsored_paid)?) - big(refunded)))
    }
}
