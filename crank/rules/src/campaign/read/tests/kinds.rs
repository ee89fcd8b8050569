//! Tests of the types and what each needs, refuses and derives.

use serde_json::{Value, json};

use super::{MINT, WALLET, direct, error, leaderboard, parse, refuses};
use crate::{
    campaign::{Campaign, Reward},
    evaluation::{Bucket, CurveFunction, Shape, Tier, Trend, Weighting},
};

/// The leaderboard turned into another type by its parameters.
fn of_type(kind: &str, parameters: Value) -> Value {
    let mut campaign = leaderboard();
    campaign["type"] = json!(kind);
    for (name, value) in parameters.as_object().unwrap() {
        campaign[name] = value.clone();
    }
    campaign
}

fn raffle(buckets: Value) -> Value {
    of_type("raffle", json!({"raffleBuckets": buckets, "totalFundAmount": null}))
}

fn curve(function: Value) -> Value {
    of_type("curve", json!({"distributionFunction": function}))
}

fn shape(campaign: Value) -> Shape {
    parse(campaign, json!({})).terms.shape
}

fn formula(campaign: Value) -> String {
    shape(campaign).formula().unwrap().source().to_owned()
}

fn function(campaign: Value) -> CurveFunction {
    match shape(campaign) {
        Shape::Curve(curve) => curve.into(),
        other => panic!("{other:?} is no curve"),
    }
}

#[test]
fn a_rebate_s_formula_is_built_from_its_percentage() {
    let rebate = |percentage: Value| formula(of_type("rebate", json!({"rebatePercentage": percentage})));
    assert_eq!(rebate(json!(5)), "VALUE * (5 / 100)");
    assert_eq!(rebate(json!(0.25)), "VALUE * (0.25 / 100)");
    assert!(matches!(shape(of_type("rebate", json!({"rebatePercentage": 5}))), Shape::Rebate(_)));
}

#[test]
fn a_rebate_needs_its_percentage_and_no_formula() {
    let rebate = of_type("rebate", json!({"rebatePercentage": 5}));
    refuses(
        &rebate,
        &[
            (json!({"rebatePercentage": null}), &["`rebatePercentage` is missing", "5 for 5 %"]),
            (json!({"rebatePercentage": 0}), &["`rebatePercentage`: found the number 0, expected a number above 0"]),
            (json!({"rebatePercentage": -1}), &["`rebatePercentage`: found the number -1"]),
            (json!({"rebatePercentage": "5"}), &["`rebatePercentage`: found the text \"5\""]),
            (json!({"totalFundAmount": null}), &["`totalFundAmount` is missing"]),
            (json!({"sqlQuery": null}), &["`sqlQuery` is missing"]),
            (
                json!({"customFormula": "N"}),
                &[
                    "`customFormula` is given, but a rebate's formula is built from its `rebatePercentage`",
                    "leaderboard",
                ],
            ),
        ],
    );
}

#[test]
fn a_raffle_s_pool_is_the_sum_of_its_buckets() {
    let seeds = json!([{"amount": 100, "count": 1}, {"amount": 50, "count": 5}, {"amount": 10, "count": 20}]);
    let campaign = parse(raffle(seeds.clone()), json!({}));
    assert_eq!(campaign.terms.pool, 550_000_000);
    let Shape::Raffle(raffle_read) = campaign.terms.shape else { panic!("no raffle") };
    let sizes: Vec<(u64, u32)> =
        raffle_read.buckets().iter().map(|Bucket { amount, count }| (*amount, *count)).collect();
    assert_eq!(sizes, [(100_000_000, 1), (50_000_000, 5), (10_000_000, 20)]);
    assert_eq!(raffle_read.weighting(), Weighting::WeightedByMetric);
    assert_eq!(parse(raffle(seeds), json!({"totalFundAmount": 1})).terms.pool, 550_000_000);
}

#[test]
fn tickets_may_be_one_for_each_wallet() {
    let mut campaign = raffle(json!([{"amount": 1, "count": 1}]));
    campaign["raffleWeighting"] = json!("EQUAL_CHANCES");
    assert!(matches!(shape(campaign), Shape::Raffle(raffle) if raffle.weighting() == Weighting::EqualChances));
}

#[test]
fn a_raffle_names_the_bucket_that_is_wrong() {
    let many: Vec<Value> = (0..101).map(|_| json!({"amount": 1, "count": 1})).collect();
    refuses(
        &raffle(json!([{"amount": 1, "count": 1}])),
        &[
            (json!({"raffleBuckets": null}), &["`raffleBuckets` is missing", "\"amount\": 100"]),
            (json!({"raffleBuckets": []}), &["`raffleBuckets`: found a list of 0", "from 1 to 100"]),
            (json!({"raffleBuckets": many}), &["`raffleBuckets`: found a list of 101", "from 1 to 100"]),
            (json!({"raffleBuckets": [7]}), &["`raffleBuckets[0]`: found the number 7, expected an object"]),
            (json!({"raffleBuckets": [{"amount": 1}]}), &["`raffleBuckets[0].count` is missing"]),
            (json!({"raffleBuckets": [{"count": 1}]}), &["`raffleBuckets[0].amount` is missing"]),
            (
                json!({"raffleBuckets": [{"amount": 1, "count": 1}, {"amount": 1, "count": 0}]}),
                &["`raffleBuckets[1].count`: found the number 0", "from 1 to 1000000"],
            ),
            (json!({"raffleBuckets": [{"amount": 0, "count": 1}]}), &["`raffleBuckets[0].amount`", "above 0"]),
            (
                json!({"raffleBuckets": [{"amount": 1, "count": 1_000_000}, {"amount": 1, "count": 1}]}),
                &["`raffleBuckets`: found 1000001 prizes"],
            ),
            (
                json!({"raffleBuckets": [{"amount": 18_446_744_073_709_u64, "count": 2}]}),
                &["`raffleBuckets`: found a sum that passes 64 bits"],
            ),
            (json!({"raffleWeighting": "LUCK"}), &["`raffleWeighting`", "\"WEIGHTED_BY_METRIC\" or \"EQUAL_CHANCES\""]),
            (json!({"maxPerParticipant": 1}), &["`maxPerParticipant` is given, but a wallet wins at most one prize"]),
            (json!({"customFormula": "N"}), &["`customFormula` is given, but a raffle's prizes"]),
            (json!({"totalFundAmount": "x"}), &["`totalFundAmount`: found the text"]),
        ],
    );
}

#[test]
fn a_curve_is_one_of_four_functions() {
    let number = |text: &str| text.parse().unwrap();
    assert_eq!(
        function(curve(json!({"type": "CONSTANT", "yIntercept": 5}))),
        CurveFunction::Constant { y_intercept: number("5") }
    );
    assert_eq!(
        function(curve(json!({"type": "LINEAR", "yIntercept": 100, "slope": 0.5, "trend": "NEGATIVE"}))),
        CurveFunction::Linear { y_intercept: number("100"), slope: number("0.5"), trend: Trend::Negative }
    );
    assert_eq!(
        function(curve(json!({"type": "STEP", "tiers": [{"input": 0, "output": 9}, {"input": 10, "output": 0}]}))),
        CurveFunction::Step {
            tiers: vec![Tier { input: 0, output: number("9") }, Tier { input: 10, output: number("0") }]
        }
    );
    let exponential = json!({"type": "EXPONENTIAL", "yIntercept": 8, "curveDepth": 1.5, "curveWidth": 100});
    assert_eq!(
        function(curve(exponential)),
        CurveFunction::Exponential { y_intercept: number("8"), curve_depth: number("1.5"), curve_width: number("100") }
    );
}

#[test]
fn a_curve_names_the_parameter_that_is_wrong() {
    let constant = curve(json!({"type": "CONSTANT", "yIntercept": 5}));
    let change = |function: Value| json!({"distributionFunction": function});
    let steps = |tiers: Value| change(json!({"type": "STEP", "tiers": tiers}));
    refuses(
        &constant,
        &[
            (json!({"distributionFunction": null}), &["`distributionFunction` is missing", "LINEAR"]),
            (json!({"totalFundAmount": null}), &["`totalFundAmount` is missing"]),
            (json!({"customFormula": "N"}), &["`customFormula` is given, but a curve's rewards"]),
            (change(json!("CONSTANT")), &["`distributionFunction`: found the text \"CONSTANT\", expected an object"]),
            (change(json!({"type": "SINE"})), &["`distributionFunction.type`", "\"STEP\" or \"EXPONENTIAL\""]),
            (change(json!({"type": "CONSTANT"})), &["`distributionFunction.yIntercept` is missing"]),
            (change(json!({"type": "CONSTANT", "yIntercept": 0})), &["`distributionFunction.yIntercept`", "above 0"]),
            (
                change(json!({"type": "CONSTANT", "yIntercept": 1, "slope": 1})),
                &["`distributionFunction.slope` is given, but the parameters of this `type` are yIntercept"],
            ),
            (
                change(json!({"type": "LINEAR", "yIntercept": 1, "slope": -1, "trend": "POSITIVE"})),
                &["`distributionFunction.slope`: found the number -1"],
            ),
            (
                change(json!({"type": "LINEAR", "yIntercept": 1, "slope": 1})),
                &["`distributionFunction.trend` is missing", "\"POSITIVE\" or \"NEGATIVE\""],
            ),
            (
                change(json!({"type": "EXPONENTIAL", "yIntercept": 1, "curveDepth": 101, "curveWidth": 1})),
                &["`distributionFunction.curveDepth`: found the number 101", "at most 100"],
            ),
            (
                change(json!({"type": "EXPONENTIAL", "yIntercept": 1, "curveDepth": 1, "curveWidth": 0})),
                &["`distributionFunction.curveWidth`: found the number 0"],
            ),
            (steps(json!([])), &["`distributionFunction.tiers`: found a list of 0"]),
            (
                steps(json!([{"input": 5, "output": 1}, {"input": 5, "output": 2}])),
                &["`distributionFunction.tiers[1].input`: found the number 5, expected more than 5"],
            ),
            (steps(json!([{"input": 0.5, "output": 1}])), &["`distributionFunction.tiers[0].input`"]),
            (
                steps(json!([{"input": 0, "output": -1}])),
                &["`distributionFunction.tiers[0].output`: found the number -1"],
            ),
        ],
    );
}

#[test]
fn a_direct_campaign_may_transform_and_cap_its_amounts() {
    let campaign: Campaign = parse(direct(), json!({"customFormula": "min(N, 1)", "maxPerParticipant": 0.5}));
    assert_eq!(campaign.terms.shape.formula().unwrap().source(), "min(N, 1)");
    assert_eq!(campaign.terms.max_per_participant, Some(500_000_000));
    refuses(
        &direct(),
        &[
            (json!({"milestone": {"target": 5}}), &["`milestone` is given, but nothing is measured"]),
            (json!({"filters": []}), &["`filters` is given, but nothing is measured"]),
            (json!({"gracePeriodSeconds": 5}), &["`gracePeriodSeconds` is given, but nothing is measured"]),
            (json!({"customEventId": "x"}), &["`customEventId` is given, but the rows of a direct"]),
        ],
    );
}

#[test]
fn a_parameter_of_another_type_is_refused() {
    let cases = [
        ("rebatePercentage", json!(5), "only a rebate has one"),
        ("raffleBuckets", json!([]), "only a raffle has them"),
        ("raffleWeighting", json!("EQUAL_CHANCES"), "only a raffle has one"),
        ("distributionFunction", json!({}), "only a curve has one"),
        ("allocations", json!(format!("{WALLET},1")), "only a direct campaign has them"),
    ];
    for (name, value, reason) in cases {
        assert!(error(leaderboard(), json!({name: value})).contains(reason), "{name}");
    }
}

#[test]
fn points_have_decimals_and_no_mint() {
    let points = |decimals: Value| {
        let changes = json!({"emissionType": "POINTS", "tokenAddress": null, "tokenDecimals": decimals});
        parse(leaderboard(), changes)
    };
    assert_eq!(points(json!(null)).reward, Reward::Points { decimals: 0 });
    assert_eq!(points(json!(null)).terms.pool, 50_000);
    assert_eq!(points(json!(2)).terms.pool, 5_000_000);
    let message = error(leaderboard(), json!({"emissionType": "POINTS", "tokenAddress": MINT}));
    assert!(message.starts_with("`tokenAddress` is given, but the campaign gives points"), "{message}");
    let message = error(leaderboard(), json!({"emissionType": "POINTS", "tokenAddress": null, "tokenDecimals": 19}));
    assert!(message.starts_with("`tokenDecimals`: found the number 19, expected the points' decimals"), "{message}");
}
