//! One root, whatever the order of the events, the files' row groups and the threads.

use std::env;

use super::stored::{Event, stored};
use super::{LIMITS, PERIOD};
use crate::engine::QueryLimits;
use crate::engine::sandbox::service::answer_here;
use crank_rules::evaluation::{Audience, Circumstances, RewardTerms, Row, Shape, evaluate};
use crank_rules::formula::Formula;
use crank_rules::tree::MerkleTree;
use solana_pubkey::Pubkey;
use torque::merkle::{Hash, leaf_hash};

/// How many orders are tried, unless `TORQUE_SHUFFLES` says so.
const SHUFFLES: u64 = 12;
const ROW_GROUPS: [usize; 3] = [1, 7, 1_000];
const THREADS: [usize; 3] = [1, 2, 8];

/// Ties everywhere: of times, of values, and of all that a `LIMIT` and a window look at.
const QUERY: &str = "select u as address, sum(a) / 3 + max(n) as value from (select user_pubkey as u, \
                     coalesce(amount, 1) as a, row_number() over (partition by user_pubkey order by timestamp) as n \
                     from events.swapDone where timestamp >= {{startDate}} order by pool limit 50) as t group by u";

fn events() -> Vec<Event> {
    let event = |number: u8| Event {
        user: 1 + number % 9,
        time: PERIOD.start * 1_000 + i64::from(number % 13) * 3_600_000,
        amount: (!number.is_multiple_of(7)).then(|| i64::from(number % 11)),
        pool: (!number.is_multiple_of(5)).then_some(number % 3),
        even: Some(number.is_multiple_of(2)),
    };
    (0..64).map(event).collect()
}

/// The numbers of `SplitMix64`.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// Fisher and Yates' shuffle.
pub(super) fn shuffle(events: &mut [Event], seed: u64) {
    let mut random = Random(seed);
    for last in (1..events.len()).rev() {
        events.swap(last, random.below(last + 1));
    }
}

fn root(rows: Vec<Row>) -> Hash {
    let terms = RewardTerms {
        shape: Shape::Leaderboard(Formula::parse("min(100 * VALUE / TOTAL_VALUE, 40 / RANK)").unwrap()),
        decimals: 9,
        pool: 100_000_000_000,
        max_per_participant: None,
        audience: Audience::Everyone,
    };
    let evaluation = evaluate(rows, &terms, &Circumstances::default()).unwrap();
    let leaf = |leaf: crank_rules::evaluation::Allocation| {
        leaf_hash(&Pubkey::default(), leaf.index, &leaf.address, leaf.amount)
    };
    MerkleTree::from_leaves(evaluation.allocations().map(leaf).collect()).unwrap().root()
}

#[test]
fn any_order_row_groups_and_threads_give_one_root() {
    let shuffles = env::var("TORQUE_SHUFFLES").map_or(SHUFFLES, |count| count.parse().unwrap());
    let mut events = events();
    let mut expected = None;
    for seed in 0..shuffles {
        shuffle(&mut events, seed);
        let directory = tempfile::tempdir().unwrap();
        let files = 1 + usize::try_from(seed % 4).unwrap();
        for (row_group, threads) in ROW_GROUPS.iter().flat_map(|group| THREADS.map(|threads| (*group, threads))) {
            let activity = stored(directory.path(), &events, files, row_group);
            let answer = answer_here(activity, QUERY, PERIOD, &QueryLimits { threads, ..LIMITS }).unwrap();
            let rows = answer.into_iter().map(|row| Row { address: row.address, value: row.value });
            let root = root(rows.collect());
            assert_eq!(*expected.get_or_insert(root), root, "seed {seed}, groups of {row_group}, {threads} threads");
        }
    }
}
