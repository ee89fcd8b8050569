//! What an epoch reserves: "for the fee in force or announced", the most that its leaves can cost however the total is
//! divided up; if its budget allows the total, the money is free, the milestone has unlocked it, and "all that is open,
//! in what leaves the vault, could leave within the shortest window of an open epoch".

use crank_cluster::instruction;
use dashu::integer::IBig;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::{BUNDLE_URI, EPOCH};
use torque::instructions::EpochPostArgs;
use torque::state::MilestoneStep;

use super::machine::Machine;
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, ceil, floor, stored};

/// The posting of an epoch's root.
pub(super) struct Posting {
    machine: Machine,
    publisher: Pubkey,
}

/// A bucket that fills up in `window` seconds, what is missing of it, what left it for the open epochs, and the seconds
/// in which the rest must be able to leave.
#[derive(Clone, Copy, Debug)]
struct Limits {
    absolute: u64,
    window: u32,
    missing: u64,
    spent_open: u64,
    payable_within: u32,
}

impl Limits {
    /// Limits that hold nothing back.
    const NONE: Self = Self { absolute: u64::MAX, window: 1, missing: 0, spent_open: 0, payable_within: u32::MAX };

    /// Limits that just let out `open` in time, or do not.
    fn choose(random: &mut Random, open: u64) -> Self {
        let (window, payable_within) =
            (random.one_of(&[600, 3_600, u32::MAX]), random.one_of(&[1, 600, 604_200, u32::MAX]));
        let spent_open = if random.once_in(2) { 0 } else { random.mostly_part_of(open) };
        let unspent = open.saturating_sub(spent_open);
        let needed = floor(big(unspent) * big(window), payable_within);
        let absolute = random.beside(stored(&needed).unwrap_or(u64::MAX));
        let missing = if random.once_in(2) { random.beside(absolute / 2) } else { random.part_of(absolute) };
        Self { absolute, window, missing, spent_open, payable_within }
    }

    /// Whether a bucket of which half is missing, or more, lets out what is not spent of `open`, and makes up for what
    /// is missing beyond the half, in time.
    fn have_room(&self, open: &IBig) -> Result<bool, &'static str> {
        let unspent = stored(&(open - big(self.spent_open)))?;
        let debt = self.missing.saturating_sub(self.absolute / 2);
        let seconds = big(self.payable_within) * big(self.absolute);
        Ok((big(unspent) + big(debt)) * big(self.window) <= seconds)
    }
}

/// The distributor's totals, the epoch, the mint's fees, the milestone, and the limits.
#[derive(Debug)]
pub(super) struct Numbers {
    funded: u64,
    paid: u64,
    reserved: u64,
    budget: u64,
    total: u64,
    leaf_count: u32,
    fees: [(u16, u64); 2],
    milestone: Option<(u64, [MilestoneStep; 4])>,
    limits: Limits,
}

impl Numbers {
    /// The most that must be sent so that the total arrives in as many transfers as there are leaves: each of them
    /// costs the most that a transfer may, or what the rate says and the rounding of each but one.
    fn most_sent(&self) -> Result<u64, &'static str> {
        let (rate, most) = self.dearest();
        let (total, leaves) = (big(self.total), big(self.leaf_count));
        if rate == 0 {
            return Ok(self.total);
        }
        let by_most = &total + big(most) * &leaves;
        if rate == 10_000 {
            return stored(&by_most);
        }
        let by_rate = ceil(total * big(10_000_u16), 10_000 - rate) + leaves - IBig::ONE;
        stored(&by_most.min(by_rate))
    }

    /// A fee that is as dear as either: the higher rate with the higher most, unless one takes nothing.
    fn dearest(&self) -> (u16, u64) {
        match self.fees {
            [(0, _) | (_, 0), other] => other,
            [one, (0, _) | (_, 0)] => one,
            [(rate, most), (other_rate, other_most)] => (rate.max(other_rate), most.max(other_most)),
        }
    }

    /// Base units of what was funded that the milestone has unlocked: the highest part of the targets that are reached.
    fn unlocked(&self) -> IBig {
        let Some((reported, steps)) = &self.milestone else { return big(self.funded) };
        let reached = steps.iter().filter(|step| step.target <= *reported);
        let part = reached.map(|step| step.unlocked_basis_points).max().unwrap_or(0);
        floor(big(self.funded) * big(part), 10_000_u16)
    }
}

impl Rule for Posting {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &[
        "ArithmeticOverflow",
        "TotalZero",
        "BudgetExceeded",
        "FundsInsufficient",
        "MilestoneNotReached",
        "LimiterBusy",
    ];

    fn stage() -> Self {
        let mut machine = Machine::of_fee_token();
        machine.world.pass(EPOCH);
        let publisher = machine.world.publisher.pubkey();
        Self { machine, publisher }
    }

    fn choose(random: &mut Random) -> Numbers {
        let fee = |random: &mut Random| (random.rate(10_000), random.amount());
        let fees = if random.once_in(3) { [(0, 0); 2] } else { [fee(random), fee(random)] };
        let (funded, leaf_count) = (random.amount(), random.one_of(&[1, 2, 7, 4_096, 80_000]));
        let paid = random.part_of(funded / 2);
        let reserved = if random.once_in(16) { random.amount() } else { random.part_of((funded - paid) / 2) };
        let milestone = random.once_in(2).then(|| milestone(random));
        let (budget, total) = (random.amount(), random.amount());
        let mut numbers =
            Numbers { funded, paid, reserved, budget, total, leaf_count, fees, milestone, limits: Limits::NONE };
        let free = funded.saturating_sub(paid).saturating_sub(reserved);
        let unlocked = stored(&numbers.unlocked()).unwrap().saturating_sub(paid).saturating_sub(reserved);
        numbers.total = match random.below(6) {
            0 => random.amount(),
            1 => random.beside(free),
            2 => random.beside(unlocked),
            3 => random.part_of(free / 4),
            _ => random.part_of(unlocked),
        };
        numbers.budget = if random.once_in(4) { random.beside(numbers.total) } else { u64::MAX };
        if random.once_in(3) {
            let open = numbers.most_sent().unwrap_or(0).saturating_add(reserved);
            numbers.limits = Limits::choose(random, open);
        }
        numbers
    }

    fn expected(numbers: &Numbers) -> Outcome {
        let needed = numbers.most_sent()?;
        if numbers.total == 0 {
            return Err("TotalZero");
        }
        if numbers.total > numbers.budget {
            return Err("BudgetExceeded");
        }
        let bound = stored(&(big(numbers.paid) + big(numbers.reserved)))?;
        let free = stored(&(big(numbers.funded) - big(bound)))?;
        if needed > free {
            return Err("FundsInsufficient");
        }
        if big(bound) + big(needed) > numbers.unlocked() {
            return Err("MilestoneNotReached");
        }
        let open = big(numbers.reserved) + big(needed);
        if numbers.limits.have_room(&open)? { Ok(vec![needed, stored(&open)?]) } else { Err("LimiterBusy") }
    }

    fn observed(&mut self, numbers: &Numbers) -> Result<Vec<u64>, String> {
        let Self { machine, publisher } = self;
        machine.forge_fees(numbers.fees);
        let now = machine.world.cluster.clock().unix_timestamp;
        machine.forge_distributor(|distributor| {
            let (limiter, limits) = (&mut distributor.limiter, numbers.limits);
            (limiter.absolute, limiter.window) = (limits.absolute, limits.window);
            (limiter.limits.absolute, limiter.limits.window) = (limits.absolute, limits.window);
            (limiter.drained, limiter.drained_at, limiter.spent_open) = (limits.missing, now, limits.spent_open);
            limiter.payable_within = limits.payable_within;
            distributor.funded = numbers.funded;
            distributor.paid = numbers.paid;
            distributor.reserved = numbers.reserved;
            distributor.terms.epoch_budget = numbers.budget;
            if let Some((reported, steps)) = numbers.milestone {
                distributor.milestone.deadline = i64::MAX;
                distributor.milestone.reported = reported;
                distributor.milestone.steps = steps;
            }
        });
        let addresses = machine.campaign.addresses;
        machine.put(addresses.epoch(0), Account::default());
        machine.put(*publisher, Account { lamports: u64::MAX / 4, ..Account::default() });
        let Numbers { total, leaf_count, .. } = *numbers;
        let bundle_uri = BUNDLE_URI.to_owned();
        let args = EpochPostArgs { index: 0, root: [5; 32], leaf_count, total, manifest_hash: [9; 32], bundle_uri };
        machine.run(instruction::epoch_post(&addresses, *publisher, *publisher, args))?;
        let (epoch, distributor) = (machine.world.epoch(&addresses, 0), machine.world.distributor(&addresses));
        Ok(vec![epoch.reserved, distributor.reserved])
    }
}

/// A reported total, and rising targets that unlock rising parts; fewer than four leave the others zero.
fn milestone(random: &mut Random) -> (u64, [MilestoneStep; 4]) {
    let count = 1 + random.below(4);
    let mut targets: Vec<u64> = (0..count).map(|_| random.amount().max(1)).collect();
    let mut parts: Vec<u64> = (0..count).map(|_| u64::from(random.rate(10_000).max(1))).collect();
    targets.sort_unstable();
    parts.sort_unstable();
    targets.dedup();
    parts.dedup();
    let mut steps = [MilestoneStep::default(); 4];
    for (step, (target, unlocked_basis_points)) in steps.iter_mut().zip(targets.iter().zip(parts)) {
        *step = MilestoneStep { target: *target, unlocked_basis_points };
    }
    let near = random.one_of(&targets);
    (if random.once_in(4) { random.amount() } else { random.beside(near) }, steps)
}
