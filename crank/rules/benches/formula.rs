//! A million rows through the formulas that campaigns use, and a million decimals written, read and compared.
//!
//! A row is what `evaluation` does for it: its variables, the formula and the rounding down to base units, on all
//! threads. Run with `cargo bench -p crank --bench formula`.
#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]

use std::hint::black_box;

use crank_rules::{
    formula::{Exact, Formula, Variables},
    values::decimal::Decimal,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;

const ROWS: u64 = 1_000_000;
/// Base units of one display unit.
const UNIT: u64 = 1_000_000;
const FORMULAS: [&str; 9] = [
    "N",
    "min(N * 0.1, 500)",
    "VALUE * (5 / 100)",
    "RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 33000 * VALUE / TOTAL_VALUE",
    "TOTAL_REWARD_POOL / TOTAL_PARTICIPANTS",
    "TOTAL_REWARD_POOL * sqrt(VALUE) / 1000",
    "TOTAL_REWARD_POOL / pow(RANK, 0.5)",
    "log(N + 1)",
    "pow(N, 0.75)",
];

/// Values of up to thirteen digits with six decimals, in no order.
fn values() -> Vec<Decimal> {
    let mut state = 1_u64;
    let value = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Decimal::from_base_units(state >> 20, 6)
    };
    (0..ROWS).map(value).collect()
}

/// The sum of all amounts.
fn amounts(formula: &Formula, values: &[Decimal]) -> u64 {
    let variables = Variables {
        value: Exact::ZERO,
        rank: 0,
        total_participants: ROWS,
        total_reward_pool: Exact::from(50_000),
        total_value: Exact::from(8_796_093_022_208),
    };
    let amount = |variables: &mut Variables, (index, value): (usize, &Decimal)| {
        variables.rank = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
        variables.value = (*value).into();
        formula.evaluate(variables).map_or(0, |reward| reward.floor_scaled(UNIT))
    };
    values
        .par_iter()
        .enumerate()
        .with_min_len(256)
        .map_init(|| variables.clone(), amount)
        .reduce(|| 0, u64::wrapping_add)
}

fn formulas(criterion: &mut Criterion) {
    let values = values();
    let mut group = criterion.benchmark_group("a million rows");
    group.sample_size(10).throughput(Throughput::Elements(ROWS));
    for source in FORMULAS {
        let Ok(formula) = Formula::parse(source) else { continue };
        group.bench_function(source, |bencher| bencher.iter(|| amounts(black_box(&formula), black_box(&values))));
    }
    group.finish();
}

fn decimals(criterion: &mut Criterion) {
    let values = values();
    let texts: Vec<String> = values.iter().map(Decimal::to_string).collect();
    let mut group = criterion.benchmark_group("a million decimals on one thread");
    group.sample_size(10).throughput(Throughput::Elements(ROWS));
    group.bench_function("written", |bencher| {
        bencher.iter(|| black_box(&values).iter().map(|value| value.to_string().len()).sum::<usize>());
    });
    group.bench_function("read", |bencher| {
        bencher.iter(|| black_box(&texts).iter().filter(|text| text.parse::<Decimal>().is_ok()).count());
    });
    group.bench_function("sorted", |bencher| bencher.iter_with_large_drop(|| sorted(black_box(&values))));
    group.finish();
}

fn sorted(values: &[Decimal]) -> Vec<Decimal> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values
}

criterion_group!(benches, formulas, decimals);
criterion_main!(benches);
