//! What goes back of a sponsorship: "what came in for the part that lies above the sponsors' paid total". Of a vault
//! that its mint's permanent delegate emptied, sponsors come first, "each with the same part of what it is owed", and
//! "a sponsor who is not covered must sign, since it gives the rest up".

use anchor_lang::AccountSerialize as _;
use crank_cluster::address::Asset;
use crank_cluster::instruction::settlement;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::Campaign;
use tests::memory::sponsorship_address;
use tests::world::World;
use torque::powers::Powers;
use torque::state::{Mode, Sponsorship};

use super::machine::Machine;
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, floor, stored};
use super::totals::Totals;

/// The refund of a sponsorship of SOL.
pub(super) struct SponsorRefund {
    machine: Machine,
    wallet: Pubkey,
    sponsorship: (Sponsorship, Account),
}

/// The distributor's totals, the part of the sponsors' line, what is refunded of others, and base units in the vault.
#[derive(Debug)]
pub(super) struct Numbers {
    totals: Totals,
    start: u64,
    contributed: u64,
    refunded: u64,
    balance: u64,
    can_be_emptied: bool,
    is_signed: bool,
}

impl Numbers {
    /// What came in for the part of the line that is not paid: for the line up to the part's end, less that for the
    /// line up to where the part begins or the payments end.
    fn owed(&self) -> Result<u64, &'static str> {
        let end = stored(&(big(self.start) + big(self.contributed)))?;
        let first_unpaid = self.totals.sponsored_paid.max(self.start).min(end);
        stored(&(big(self.totals.with_fee(end)?) - big(self.totals.with_fee(first_unpaid)?)))
    }
}

impl Rule for SponsorRefund {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["ArithmeticOverflow", "VaultShort"];

    fn stage() -> Self {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let wallet = world.stranger.insecure_clone();
        expect_success(campaign.sponsor(&mut world, &wallet, 1));
        let wallet = wallet.pubkey();
        let address = sponsorship_address(&campaign.addresses.distributor, &wallet, 0);
        let sponsorship =
            (world.cluster.decode(&address, "sponsorship").unwrap(), world.cluster.account(&address).unwrap());
        Self { machine: Machine::of(world, campaign), wallet, sponsorship }
    }

    fn choose(random: &mut Random) -> Numbers {
        let totals = Totals::choose(random);
        let start = random.mostly_part_of(totals.sponsored);
        let contributed = random.mostly_part_of(totals.sponsored.saturating_sub(start));
        let (can_be_emptied, is_signed) = (random.once_in(2), random.once_in(2));
        let mut numbers = Numbers { totals, start, contributed, refunded: 0, balance: 0, can_be_emptied, is_signed };
        if random.once_in(4) {
            // The payments end in it, or right beside it.
            numbers.totals.sponsored_paid = random.part_of(contributed).saturating_add(start);
        }
        let owed = numbers.owed().unwrap_or_default();
        let others = numbers.totals.owed_to_sponsors(owed).unwrap_or_default();
        numbers.refunded = random.mostly_part_of(others);
        let owed_to_all = numbers.totals.owed_to_sponsors(numbers.refunded).unwrap_or_default();
        numbers.balance = match random.below(6) {
            0 => random.beside(owed),
            1 => random.beside(owed_to_all),
            2 => random.amount(),
            3 => random.part_of(owed_to_all),
            _ => owed_to_all,
        };
        // With rents it must fit an account.
        numbers.balance = numbers.balance.min(u64::MAX / 100 * 99);
        numbers
    }

    fn expected(numbers: &Numbers) -> Outcome {
        let Numbers { refunded, balance, can_be_emptied, is_signed, .. } = *numbers;
        let (owed_to_all, owed) = (numbers.totals.owed_to_sponsors(refunded)?, numbers.owed()?);
        let refunded = stored(&(big(refunded) + big(owed)))?;
        let is_covered = balance >= owed_to_all || !can_be_emptied;
        let amount = if is_covered { big(owed) } else { floor(big(owed) * big(balance), owed_to_all) };
        let is_taken = amount == big(owed) || is_signed;
        if is_taken && amount <= big(balance) { Ok(vec![stored(&amount)?, refunded]) } else { Err("VaultShort") }
    }

    fn observed(&mut self, numbers: &Numbers) -> Result<Vec<u64>, String> {
        let Self { machine, wallet, sponsorship: (sponsorship, account) } = self;
        machine.forge_distributor(|distributor| {
            numbers.totals.write(distributor);
            distributor.sponsored_refunded = numbers.refunded;
            distributor.sponsorships_open = 2;
            distributor.is_refunding = true;
            if numbers.can_be_emptied {
                distributor.accepted_powers = Powers::PERMANENT_DELEGATE;
            }
        });
        let addresses = machine.campaign.addresses;
        let Numbers { start, contributed, .. } = *numbers;
        let (sponsorship, mut account) = (Sponsorship { start, contributed, ..sponsorship.clone() }, account.clone());
        sponsorship.try_serialize(&mut &mut account.data[..]).unwrap();
        let rent = account.lamports;
        machine.put(sponsorship_address(&addresses.distributor, wallet, 0), account);
        machine.put_vault(numbers.balance);
        machine.put(*wallet, Account::default());
        let mut refund = settlement::sponsor_refund(&addresses, wallet, 0);
        refund.accounts[0].is_signer = numbers.is_signed;
        machine.run(refund)?;
        let paid = machine.world.cluster.lamports(wallet) - rent;
        assert_eq!(numbers.balance - machine.vault(), paid, "{numbers:?}");
        let distributor = machine.world.distributor(&addresses);
        assert_eq!(distributor.sponsorships_open, 1);
        Ok(vec![paid, distributor.sponsored_refunded])
    }
}
