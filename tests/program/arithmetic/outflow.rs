//! When a payment may leave: the account "stores when the bucket was last full and how much was taken since", time
//! refills it, and a payment waits until it is there, or half of the bucket is. Both buckets must let it out.

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, ClaimedLeaf, view};
use dashu::integer::IBig;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::{Campaign, DELAY, EPOCH};
use tests::world::{BEGINNING, World};
use torque::instructions::ClaimableView;
use torque::merkle::leaf_hash;
use torque::state::{Epoch, Mode};

use super::machine::{Machine, RENT};
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, ceil, floor, stored};

/// The moment of every case, unix seconds: that at which the epoch opens.
const NOW: i64 = BEGINNING + EPOCH + DELAY;

/// The claim of a leaf of SOL.
pub(super) struct Outflow {
    machine: Machine,
    epoch: Account,
    wallet: Pubkey,
}

/// A bucket as it is stored, and how many seconds ago it was full.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    capacity: u64,
    window: u32,
    drained: u64,
    elapsed: i64,
}

impl Bucket {
    /// Any bucket of `capacity`, often one that the last second filled, or the next will.
    fn choose(random: &mut Random, capacity: u64) -> Self {
        let window = random.one_of(&[1, 60, 3_600, 86_400, u32::MAX]);
        let drained = if random.once_in(4) { random.amount() } else { random.part_of(capacity.saturating_mul(2)) };
        let full = u64::try_from(&(big(drained) * big(window) / big(capacity.max(1)))).unwrap_or(u64::MAX);
        let elapsed = match random.below(4) {
            0 => random.beside(full),
            1 => random.amount(),
            _ => random.part_of(full),
        };
        let elapsed = i64::try_from(elapsed).unwrap_or(i64::MAX);
        // Now and then the clock has gone back since.
        Self { capacity, window, drained, elapsed: if random.once_in(16) { -elapsed } else { elapsed } }
    }

    /// What is missing until it is full.
    fn missing(&self) -> IBig {
        let refilled = floor(big(self.capacity) * big(self.elapsed.max(0)), self.window);
        (big(self.drained) - refilled).max(IBig::ZERO)
    }

    /// Unix seconds at which it was full.
    fn full_at(&self) -> i64 {
        NOW.saturating_sub(self.elapsed)
    }

    /// What is stored of it: how much was taken since it was full, and when that was.
    fn stored(&self) -> [u64; 2] {
        [self.drained, self.full_at().cast_unsigned()]
    }

    /// Whether `amount` may be taken.
    fn admits(&self, amount: u64) -> bool {
        let needed = big(amount).min(ceil(big(self.capacity), 2_u8));
        amount == 0 || self.missing() + needed <= big(self.capacity)
    }

    /// What is stored of it once `amount` is taken.
    fn after(&self, amount: u64) -> Result<[u64; 2], &'static str> {
        let missing = self.missing();
        stored(&(&missing + big(amount)))?;
        let is_full = missing == IBig::ZERO;
        let (drained, full_at) = if is_full { (0, self.full_at().max(NOW)) } else { (self.drained, self.full_at()) };
        Ok([stored(&(big(drained) + big(amount)))?, full_at.cast_unsigned()])
    }
}

/// The leaf's amount, the distributor's bucket, and what left for all open epochs, and the epoch's bucket with what it
/// is a part of: of the total, or of what is reserved if that is more.
#[derive(Debug)]
pub(super) struct Numbers {
    amount: u64,
    distributor: Bucket,
    total: u64,
    reserved: u64,
    spent_open: u64,
    basis_points: u16,
    epoch: Bucket,
}

impl Rule for Outflow {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["OutflowLimited", "ArithmeticOverflow"];

    fn stage() -> Self {
        let mut world = World::new();
        let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 1);
        let epoch = world.cluster.account(&campaign.epoch(0)).unwrap();
        let wallet = world.stranger.pubkey();
        assert_eq!(world.cluster.clock().unix_timestamp, NOW);
        Self { machine: Machine::of(world, campaign), epoch, wallet }
    }

    fn choose(random: &mut Random) -> Numbers {
        let capacity = random.amount();
        let distributor = Bucket::choose(random, capacity);
        let there = stored(&(big(capacity) - distributor.missing())).unwrap_or_default();
        let amount = match random.below(4) {
            0 => random.beside(there),
            1 => random.beside(capacity / 2),
            2 => random.amount(),
            _ => random.part_of(there),
        };
        // With rents it must fit an account.
        let amount = amount.min(u64::MAX - 2 * RENT);
        let [total, reserved] = [(); 2].map(|()| amount + random.part_of(u64::MAX - amount));
        let basis_points = random.rate(10_000).max(1);
        let capacity = ceil(big(total.max(reserved)) * big(basis_points), 10_000_u16);
        let epoch = Bucket::choose(random, stored(&capacity).unwrap());
        let spent_open = random.part_of(u64::MAX - amount);
        Numbers { amount, distributor, total, reserved, spent_open, basis_points, epoch }
    }

    fn expected(Numbers { amount, distributor, spent_open, basis_points, epoch, .. }: &Numbers) -> Outcome {
        // An epoch whose part is the whole has no bucket.
        let has_bucket = *basis_points < 10_000;
        if !distributor.admits(*amount) || (has_bucket && !epoch.admits(*amount)) {
            return Err("OutflowLimited");
        }
        let distributor = distributor.after(*amount)?;
        let epoch = if has_bucket { epoch.after(*amount)? } else { epoch.stored() };
        Ok([&distributor[..], &epoch, &[spent_open + amount]].concat())
    }

    fn observed(&mut self, numbers: &Numbers) -> Result<Vec<u64>, String> {
        let Self { machine, epoch, wallet } = self;
        let Numbers { amount, distributor, total, reserved, spent_open, basis_points, epoch: bucket } = numbers;
        machine.forge_distributor(|forged| {
            let limiter = &mut forged.limiter;
            (limiter.absolute, limiter.window) = (distributor.capacity, distributor.window);
            (limiter.drained, limiter.drained_at) = (distributor.drained, distributor.full_at());
            (limiter.limits.absolute, limiter.limits.window) = (distributor.capacity, distributor.window);
            limiter.spent_open = *spent_open;
        });
        let (addresses, mut account) = (machine.campaign.addresses, epoch.clone());
        let address = addresses.epoch(0);
        let (header, _) = Epoch::split(&mut account.data).unwrap();
        header.root = leaf_hash(&address, 0, wallet, *amount);
        (header.total, header.spent, header.reserved) = (*total, 0, *reserved);
        header.terms.outflow_window = bucket.window;
        header.terms.epoch_basis_points = (*basis_points).into();
        (header.drained, header.drained_at) = (bucket.drained, bucket.full_at());
        machine.put(address, account);
        machine.put_vault(*amount);
        machine.put_lamports(*wallet, RENT);
        let leaf = ClaimedLeaf { epoch: 0, index: 0, amount: *amount, path: Vec::new() };
        let view: ClaimableView = machine.ask(view::claimable(&addresses, *wallet, leaf.clone()))?;
        let claimed = machine.run(instruction::claim(&addresses, *wallet, *wallet, leaf));
        assert_eq!(view.obstacle.is_none(), claimed.is_ok(), "{:?} is foretold: {numbers:?}", view.obstacle);
        claimed?;
        assert_eq!(machine.world.cluster.lamports(wallet) - RENT, *amount, "{numbers:?}");
        let (limiter, epoch) = (machine.world.distributor(&addresses).limiter, machine.world.epoch(&addresses, 0));
        let times = [limiter.drained_at, epoch.drained_at].map(i64::cast_unsigned);
        Ok(vec![limiter.drained, times[0], epoch.drained, times[1], limiter.spent_open])
    }
}
