//! What a funder pays: the fee on everything that was ever funded, rounded up, of the owner's money and of the
//! sponsors' apart, less what is deposited of it; and all of it must fit the vault. A sponsor's money gets the next
//! part of the sponsors' line, is not less than the creator's minimum, and does not come into a vault that has
//! certainly lost some of what it should hold.

use crank_cluster::instruction;
use dashu::integer::IBig;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::memory::sponsorship_address;
use torque::instructions::SponsorArgs;
use torque::powers::Powers;
use torque::state::Sponsorship;

use super::machine::{Machine, RENT};
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, stored};
use super::totals::Totals;

/// A funding of SOL.
pub(super) struct Funding(Machine);

/// What came in before, what is added and by whom, the least that a sponsor adds, and what open epochs and the treasury
/// may have taken out of the vault besides, with its balance.
#[derive(Debug)]
pub(super) struct Numbers {
    totals: Totals,
    amount: u64,
    minimum: u64,
    is_sponsor: bool,
    reserved: u64,
    fee_collected: u64,
    balance: u64,
    can_be_emptied: bool,
}

impl Numbers {
    /// What lies in the vault for certain if nobody took any: all that came in, less what was paid, went to the
    /// treasury, or is held by open epochs, which may have paid it.
    fn least(&self) -> Result<u64, &'static str> {
        let deposited = big(self.totals.deposited()?);
        let gone = stored(&(big(self.totals.paid) + big(self.fee_collected) + big(self.reserved)))?;
        stored(&(deposited - big(gone)).max(IBig::ZERO))
    }
}

impl Rule for Funding {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["AmountZero", "ArithmeticOverflow", "SponsorshipTooSmall", "VaultShort"];

    fn stage() -> Self {
        Self(Machine::of_sol())
    }

    fn choose(random: &mut Random) -> Numbers {
        let mut totals = Totals::choose(random);
        if random.once_in(2) {
            (totals.funded, totals.sponsored) = (totals.funded / 4, totals.sponsored / 4);
        }
        let amount = match random.below(4) {
            0 => random.amount(),
            1 => random.beside(totals.most_that_fits()),
            _ => random.part_of(u64::MAX - totals.funded),
        };
        let minimum = if random.once_in(4) { random.beside(amount) } else { random.part_of(amount) };
        let reserved = random.mostly_part_of(totals.funded.saturating_sub(totals.paid));
        let fee_collected = totals.earned().map_or(0, |earned| random.mostly_part_of(stored(&earned).unwrap_or(0)));
        let (is_sponsor, can_be_emptied) = (random.once_in(2), random.once_in(4));
        let mut numbers =
            Numbers { totals, amount, minimum, is_sponsor, reserved, fee_collected, balance: 0, can_be_emptied };
        if can_be_emptied {
            // With its rent it must fit an account.
            numbers.balance = random.beside(numbers.least().unwrap_or(0)).min(u64::MAX - RENT);
        }
        numbers
    }

    fn expected(numbers: &Numbers) -> Outcome {
        let Numbers { totals, amount, minimum, is_sponsor, balance, .. } = numbers;
        if *is_sponsor && numbers.can_be_emptied && *balance < numbers.least()? {
            return Err("VaultShort");
        }
        let before = if *is_sponsor { totals.sponsored } else { totals.owners()? };
        if *amount == 0 {
            return Err("AmountZero");
        }
        let after = stored(&(big(before) + big(*amount)))?;
        let deposit = stored(&(totals.fee(after) - totals.fee(before)))?;
        if *is_sponsor && amount < minimum {
            return Err("SponsorshipTooSmall");
        }
        let funded = stored(&(big(totals.funded) + big(*amount)))?;
        let sponsored = if *is_sponsor { after } else { totals.sponsored };
        Totals { funded, sponsored, ..*totals }.deposited()?;
        let paid = stored(&(big(*amount) + big(deposit)))?;
        // The system program's own refusal, if the vault beside its rent and balance cannot hold that.
        stored(&(big(paid) + big(RENT) + big(*balance)))?;
        let part = if *is_sponsor { vec![before, *amount] } else { Vec::new() };
        Ok([vec![funded, sponsored, deposit], part].concat())
    }

    fn observed(&mut self, numbers: &Numbers) -> Result<Vec<u64>, String> {
        let (Self(machine), Numbers { amount, is_sponsor, balance, .. }) = (self, numbers);
        machine.forge_distributor(|distributor| {
            numbers.totals.write(distributor);
            distributor.minimum_sponsorship = numbers.minimum;
            distributor.reserved = numbers.reserved;
            distributor.fee_collected = numbers.fee_collected;
            if numbers.can_be_emptied {
                distributor.accepted_powers = Powers::PERMANENT_DELEGATE;
            }
        });
        machine.put_vault(*balance);
        let funder = if *is_sponsor { machine.world.stranger.pubkey() } else { machine.world.owner.pubkey() };
        machine.put_lamports(funder, u64::MAX);
        let addresses = machine.campaign.addresses;
        let part = if *is_sponsor {
            sponsor(machine, funder, *amount)?
        } else {
            machine.run(instruction::distributor_fund(&addresses, *amount))?;
            Vec::new()
        };
        let distributor = machine.world.distributor(&addresses);
        Ok([vec![distributor.funded, distributor.sponsored, machine.vault() - balance - amount], part].concat())
    }
}

/// Adds `amount` as the sponsor `wallet`'s. Returns its part of the line: from where on, and how much.
fn sponsor(machine: &mut Machine, wallet: Pubkey, amount: u64) -> Result<Vec<u64>, String> {
    let addresses = machine.campaign.addresses;
    let address = sponsorship_address(&addresses.distributor, &wallet, 0);
    // The rent is there already, so that the wallet has all of its lamports for the funding.
    machine.put_lamports(address, machine.world.rent(128));
    let args = SponsorArgs { number: 0, agreed: machine.world.agreed_terms(&addresses) };
    machine.run(instruction::distributor_sponsor(&addresses, wallet, amount, args))?;
    let Sponsorship { start, contributed, .. } = machine.world.cluster.decode(&address, "sponsorship").unwrap();
    Ok(vec![start, contributed])
}
