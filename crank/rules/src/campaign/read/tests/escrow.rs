//! Tests of the parameters of the escrow: who has power over what is paid, and who may add to it.

use serde_json::json;
use torque::powers::Powers;

use super::{direct, leaderboard, parse, refuses};

#[test]
fn a_sponsor_adds_at_least_a_pool_unless_the_campaign_says_otherwise() {
    assert_eq!(parse(leaderboard(), json!({})).minimum_sponsorship, 50_000_000_000);
    assert_eq!(parse(leaderboard(), json!({"minimumSponsorship": 1.5})).minimum_sponsorship, 1_500_000);
    refuses(
        &leaderboard(),
        &[
            (json!({"minimumSponsorship": 0}), &["`minimumSponsorship`: found the number 0", "above 0"]),
            (
                json!({"emissionType": "POINTS", "tokenAddress": null, "minimumSponsorship": 5}),
                &["`minimumSponsorship` is given, but the campaign gives points"],
            ),
        ],
    );
}

#[test]
fn the_powers_over_a_token_are_accepted_by_name_and_none_without_the_field() {
    assert_eq!(parse(leaderboard(), json!({})).accepted_powers, Powers::NONE);
    assert_eq!(parse(direct(), json!({})).accepted_powers, Powers::NONE);
    let accepted = parse(leaderboard(), json!({"acceptedPowers": ["permanentDelegate", "ownerFreeze", "freeze"]}));
    let expected = Powers::PERMANENT_DELEGATE.with(Powers::FREEZE).with(Powers::FREEZE.of_owner());
    assert_eq!(accepted.accepted_powers, expected);
}
