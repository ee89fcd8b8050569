//! A random epoch: few wallets, small and tied values, tight pools, so that every rule is met often.

use std::collections::BTreeMap;

use crank_rules::evaluation::{
    Audience, Bucket, Circumstances, Curve, CurveFunction, Raffle, RewardTerms, Row, Shape, Tier, Trend, Weighting,
    evaluate,
};
use crank_rules::formula::Formula;
use crank_rules::values::decimal::Decimal;
use solana_pubkey::Pubkey;

use crate::choices::Choices;
use crate::expression::{Expression, VARIABLES};

/// The most bytes of chance in an epoch.
pub(crate) const BYTES: usize = 320;

/// An epoch in the crank's types, and its formula in the reference's.
#[derive(Clone, Debug)]
pub(crate) struct Epoch {
    pub(crate) rows: Vec<Row>,
    pub(crate) terms: RewardTerms,
    pub(crate) circumstances: Circumstances,
    /// `None` for a curve and a raffle.
    pub(crate) formula: Option<Expression>,
}

impl Epoch {
    pub(crate) fn random(bytes: &[u8]) -> Self {
        let choices = &mut Choices::new(bytes);
        let decimals = *choices.one_of(&[2, 0, 6, 9, 18]);
        let (shape, formula) = shape(choices);
        let rows = rows(choices, &shape);
        let is_raffle = matches!(shape, Shape::Raffle(_));
        let is_corrected = !is_raffle && choices.once_in(3);
        let pool = amount(choices, decimals);
        let mut circumstances = Circumstances {
            raffle_seed: is_raffle.then(|| std::array::from_fn(|_| choices.below(256))),
            first_conversion: if matches!(shape, Shape::Curve(_)) { u64::from(choices.below(20)) } else { 0 },
            excluded: wallets(choices, 4).into_iter().map(|wallet| (wallet, u16::from(choices.below(3)))).collect(),
            allotted_before: None,
            is_milestone_missed: false,
        };
        let max_per_participant = choices.once_in(2).then(|| amount(choices, decimals));
        let terms = RewardTerms { shape, decimals, pool, max_per_participant, audience: audience(choices) };
        if is_corrected {
            circumstances.allotted_before = Some(match choices.below(2) {
                0 => allotted(choices, decimals),
                _ => allotted_to_some(&rows, &terms, &circumstances, choices),
            });
        }
        Self { rows, terms, circumstances, formula }
    }
}

fn shape(choices: &mut Choices<'_>) -> (Shape, Option<Expression>) {
    match choices.below(8) {
        0..=2 => with_formula(Expression::random(choices, 3), Shape::Leaderboard),
        3 => {
            let percent = Expression::Literal(choices.number(1), u32::from(choices.below(3)));
            let share = Expression::Operation('/', Box::new([percent, Expression::Literal(100, 0)]));
            with_formula(Expression::Operation('*', Box::new([Expression::Variable(0), share])), Shape::Rebate)
        }
        4 => with_formula(Expression::random(choices, 1), Shape::Direct),
        5 => (Shape::Raffle(raffle(choices)), None),
        _ => (Shape::Curve(Curve::new(curve(choices)).unwrap()), None),
    }
}

fn with_formula(formula: Expression, shape: impl Fn(Formula) -> Shape) -> (Shape, Option<Expression>) {
    debug_assert_eq!(VARIABLES[0], "VALUE");
    (shape(Formula::parse(&formula.to_string()).unwrap()), Some(formula))
}

fn raffle(choices: &mut Choices<'_>) -> Raffle {
    let weighting = *choices.one_of(&[Weighting::WeightedByMetric, Weighting::EqualChances]);
    let bucket =
        |choices: &mut Choices<'_>| Bucket { amount: 1 + choices.number(1), count: 1 + u32::from(choices.below(6)) };
    Raffle::new((0..=choices.below(4)).map(|_| bucket(choices)).collect(), weighting).unwrap()
}

fn curve(choices: &mut Choices<'_>) -> CurveFunction {
    let y_intercept = decimal(choices.number(1) + 1, choices.below(3));
    match choices.below(4) {
        0 => CurveFunction::Constant { y_intercept },
        1 => CurveFunction::Linear {
            y_intercept,
            slope: decimal(choices.number(1), choices.below(3)),
            trend: *choices.one_of(&[Trend::Negative, Trend::Positive]),
        },
        2 => {
            let mut input = 0;
            let mut tier = |choices: &mut Choices<'_>| {
                input += 1 + u64::from(choices.below(10));
                Tier { input: input - 1, output: decimal(choices.number(1), choices.below(4)) }
            };
            CurveFunction::Step { tiers: (0..=choices.below(4)).map(|_| tier(choices)).collect() }
        }
        _ => CurveFunction::Exponential {
            y_intercept,
            curve_depth: choices.one_of(&["1", "2", "3", "0.5", "0.25", "1.5", "0.2", "2.4"]).parse().unwrap(),
            curve_width: decimal(choices.number(1) + 1, choices.below(3)),
        },
    }
}

/// Up to thirty rows; for a curve, the same wallet and the same time come often.
fn rows(choices: &mut Choices<'_>, shape: &Shape) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..choices.below(31) {
        let address = wallet(choices);
        let is_curve = matches!(shape, Shape::Curve(_));
        let is_new = rows.iter().all(|row| row.address != address);
        if is_curve {
            rows.push(Row { address, value: u64::from(choices.below(40)).into() });
        } else if is_new || choices.once_in(200) {
            rows.push(Row { address, value: value(choices, matches!(shape, Shape::Direct(_))) });
        }
    }
    rows
}

fn value(choices: &mut Choices<'_>, is_positive: bool) -> Decimal {
    let (mantissa, scale) = match choices.below(16) {
        0..=7 => (i128::from(choices.number(1)), choices.below(3)),
        8..=11 => (i128::from(choices.number(3)), choices.below(10)),
        12 => (i128::from(choices.below(4)), 38),
        13 => (i128::from(choices.below(4)) * 10_i128.pow(36), 0),
        _ => (-i128::from(choices.number(1)), choices.below(3)),
    };
    let mantissa = if is_positive && !choices.once_in(100) { mantissa.abs().max(1) } else { mantissa };
    Decimal::new(mantissa, u32::from(scale)).unwrap()
}

/// An amount of base units around the size of the values, sometimes nothing and sometimes all there is.
fn amount(choices: &mut Choices<'_>, decimals: u8) -> u64 {
    let unit = 10_u64.pow(u32::from(decimals.min(9)));
    match choices.below(8) {
        0 => 0,
        1 => u64::MAX,
        2 => choices.number(1),
        3 => choices.number(8),
        _ => choices.number(2).saturating_mul(unit) / (1 + u64::from(choices.below(7))),
    }
}

fn allotted(choices: &mut Choices<'_>, decimals: u8) -> BTreeMap<Pubkey, u64> {
    let amount = |choices: &mut Choices<'_>| match choices.below(3) {
        0 => choices.number(1),
        _ => choices.number(2).saturating_mul(10_u64.pow(u32::from(decimals.min(9)))) / 50,
    };
    wallets(choices, 12).into_iter().map(|wallet| (wallet, amount(choices))).collect()
}

/// The amounts that an earlier bundle allotted, before the last rows were known.
fn allotted_to_some(
    rows: &[Row],
    terms: &RewardTerms,
    circumstances: &Circumstances,
    choices: &mut Choices<'_>,
) -> BTreeMap<Pubkey, u64> {
    let known = rows.iter().take(usize::from(choices.below(31))).copied().collect();
    evaluate(known, terms, circumstances).map_or_else(
        |_| BTreeMap::new(),
        |evaluation| evaluation.allocations().map(|leaf| (leaf.address, leaf.amount)).collect(),
    )
}

fn audience(choices: &mut Choices<'_>) -> Audience {
    match choices.below(6) {
        0 => Audience::AllowList(wallets(choices, 24).into_iter().collect()),
        1 => Audience::DenyList(wallets(choices, 8).into_iter().collect()),
        _ => Audience::Everyone,
    }
}

fn wallets(choices: &mut Choices<'_>, end: u16) -> Vec<Pubkey> {
    (0..choices.below(end)).map(|_| wallet(choices)).collect()
}

/// One of 48 addresses; some differ only in the first byte and some only in the last.
fn wallet(choices: &mut Choices<'_>) -> Pubkey {
    let number = choices.below(48);
    let mut bytes = [7; 32];
    bytes[0] = (number / 8).wrapping_mul(50);
    bytes[31] = (number % 8).wrapping_mul(36);
    Pubkey::new_from_array(bytes)
}

fn decimal(mantissa: u64, scale: u8) -> Decimal {
    Decimal::new(mantissa.into(), scale.into()).unwrap()
}
