//! Whose money an epoch used, once it is closed: "the owner's money is used first", and the sponsors' for the rest.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::{Campaign, WINDOW};
use tests::world::World;
use torque::state::{Epoch, Mode};

use super::machine::Machine;
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, stored};
use super::totals::Totals;

/// The closing of an epoch whose window is over.
pub(super) struct Settling {
    machine: Machine,
    epoch: Account,
    rent_payer: Pubkey,
}

/// The distributor's totals, what its open epochs hold, what the closed one of them held and spent, and
/// what all of them spent.
#[derive(Debug)]
pub(super) struct Numbers {
    totals: Totals,
    reserved_by_all: u64,
    reserved: u64,
    spent: u64,
    spent_open: u64,
}

impl Rule for Settling {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["ArithmeticOverflow"];

    fn stage() -> Self {
        let mut world = World::new();
        let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(WINDOW);
        let epoch = world.cluster.account(&campaign.epoch(0)).unwrap();
        let rent_payer = campaign.publisher.pubkey();
        Self { machine: Machine::of(world, campaign), epoch, rent_payer }
    }

    fn choose(random: &mut Random) -> Numbers {
        let totals = Totals::choose(random);
        let free = totals.funded.saturating_sub(totals.paid);
        let reserved_by_all = random.mostly_part_of(free);
        let reserved = random.mostly_part_of(reserved_by_all);
        let left = totals.owners().ok().zip(totals.owners_paid().ok());
        let owners = left.map_or(0, |(brought, paid)| brought.saturating_sub(paid));
        let spent =
            if random.once_in(4) { random.beside(owners).min(reserved) } else { random.mostly_part_of(reserved) };
        let spent_open =
            if random.once_in(16) { random.beside(spent) } else { spent + random.part_of(u64::MAX - spent) };
        Numbers { totals, reserved_by_all, reserved, spent, spent_open }
    }

    fn expected(Numbers { totals, reserved_by_all, reserved, spent, spent_open }: &Numbers) -> Outcome {
        let owners = stored(&(big(totals.owners()?) - big(totals.owners_paid()?)))?;
        let by_owner = big(*spent).min(big(owners));
        let by_sponsors = big(*spent) - by_owner;
        let left = stored(&(big(*reserved_by_all) - big(*reserved)))?;
        let paid = stored(&(big(totals.paid) + big(*spent)))?;
        let sponsored_paid = stored(&(big(totals.sponsored_paid) + by_sponsors))?;
        // No epoch spends more than it holds.
        stored(&(big(*reserved) - big(*spent)))?;
        let left_open = stored(&(big(*spent_open) - big(*spent)))?;
        Ok(vec![paid, sponsored_paid, left, left_open])
    }

    fn observed(
        &mut self,
        Numbers { totals, reserved_by_all, reserved, spent, spent_open }: &Numbers,
    ) -> Result<Vec<u64>, String> {
        let Self { machine, epoch, rent_payer } = self;
        machine.forge_distributor(|distributor| {
            totals.write(distributor);
            distributor.reserved = *reserved_by_all;
            distributor.limiter.spent_open = *spent_open;
        });
        let (addresses, mut account) = (machine.campaign.addresses, epoch.clone());
        let (header, _) = Epoch::split(&mut account.data).unwrap();
        (header.reserved, header.spent) = (*reserved, *spent);
        machine.put(addresses.epoch(0), account);
        machine.run(instruction::epoch_close(&addresses, *rent_payer, 0))?;
        let distributor = machine.world.distributor(&addresses);
        Ok(vec![distributor.paid, distributor.sponsored_paid, distributor.reserved, distributor.limiter.spent_open])
    }
}
