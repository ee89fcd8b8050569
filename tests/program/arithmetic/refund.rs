//! What closing sends and holds back: the earned fee goes to the treasury, what came in for the sponsors' rewards that
//! are not paid is held back for those that are not refunded, and what the vault holds beyond that is the owner's. Of a
//! vault that its mint's permanent delegate emptied sponsors have theirs first, then the treasury, and the owner last.

use crank_cluster::instruction::{self, view};
use solana_signer::Signer as _;
use torque::instructions::RefundView;
use torque::powers::Powers;

use super::machine::{Machine, RENT};
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, stored};
use super::totals::Totals;

/// The question what closing a distributor of SOL would send, and the closing.
pub(super) struct Refund(Machine);

/// The distributor's totals, what sponsors and the treasury have of it already, and base units in its vault.
#[derive(Debug)]
pub(super) struct Numbers {
    totals: Totals,
    refunded: u64,
    fee_collected: u64,
    balance: u64,
    can_be_emptied: bool,
}

impl Numbers {
    /// What sponsors and treasury do not have yet.
    fn owed(&self) -> Result<[u64; 2], &'static str> {
        let sponsors = self.totals.owed_to_sponsors(self.refunded)?;
        let treasury = stored(&(self.totals.earned()? - big(self.fee_collected)))?;
        stored(&(big(sponsors) + big(treasury)))?;
        Ok([sponsors, treasury])
    }
}

impl Rule for Refund {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["ArithmeticOverflow", "VaultShort"];

    fn stage() -> Self {
        Self(Machine::of_sol())
    }

    fn choose(random: &mut Random) -> Numbers {
        let totals = Totals::choose(random);
        let refunded = random.mostly_part_of(totals.owed_to_sponsors(0).unwrap_or_default());
        let earned = totals.earned().and_then(|earned| stored(&earned)).unwrap_or_default();
        let fee_collected = if random.once_in(16) { random.beside(earned) } else { random.part_of(earned) };
        let can_be_emptied = random.once_in(3);
        let mut numbers = Numbers { totals, refunded, fee_collected, balance: 0, can_be_emptied };
        let [sponsors, treasury] = numbers.owed().unwrap_or_default();
        numbers.balance = match random.below(6) {
            0 => random.beside(sponsors + treasury),
            1 => random.beside(sponsors),
            2 => random.amount(),
            3 => random.part_of(sponsors + treasury),
            _ => (sponsors + treasury).saturating_add(random.amount()),
        };
        // With the vault's and the owner's rent it must fit an account.
        numbers.balance = numbers.balance.min(u64::MAX - 2 * RENT);
        numbers
    }

    fn expected(numbers: &Numbers) -> Outcome {
        let ([sponsors, treasury], balance) = (numbers.owed()?, numbers.balance);
        if !numbers.can_be_emptied {
            let owner = balance.checked_sub(sponsors + treasury).ok_or("VaultShort")?;
            return Ok(vec![owner, treasury, sponsors]);
        }
        let held_back = balance.min(sponsors);
        let treasury = treasury.min(balance - held_back);
        Ok(vec![balance - held_back - treasury, treasury, held_back])
    }

    fn observed(&mut self, numbers: &Numbers) -> Result<Vec<u64>, String> {
        let Self(machine) = self;
        let (addresses, owner, treasury) =
            (machine.campaign.addresses, machine.world.owner.pubkey(), machine.world.treasury);
        machine.forge_distributor(|distributor| {
            numbers.totals.write(distributor);
            distributor.sponsored_refunded = numbers.refunded;
            distributor.fee_collected = numbers.fee_collected;
            distributor.is_refunding = true;
            // Somebody waits for what is held back, so that the vault stays.
            distributor.sponsorships_open = 1;
            if numbers.can_be_emptied {
                distributor.accepted_powers = Powers::PERMANENT_DELEGATE;
            }
        });
        machine.put_vault(numbers.balance);
        machine.put_lamports(owner, RENT);
        machine.put_lamports(treasury, RENT);
        let view: RefundView = machine.ask(view::refund(&addresses, &treasury))?;
        assert!(view.is_over, "nothing is open");
        machine.run(instruction::distributor_close(&addresses, &treasury))?;
        let [owner, treasury] = [owner, treasury].map(|wallet| machine.world.cluster.lamports(&wallet) - RENT);
        assert_eq!([owner, treasury, machine.vault()], [view.owner, view.treasury, view.held_back], "{numbers:?}");
        let collected = machine.world.distributor(&addresses).fee_collected;
        assert_eq!(collected, numbers.fee_collected + treasury, "{numbers:?}");
        Ok(vec![owner, treasury, view.held_back])
    }
}
