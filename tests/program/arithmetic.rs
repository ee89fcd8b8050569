//! The bytecode's arithmetic against big integers, on states that no transaction leads to: any amount, up to the last
//! that a u64 holds.
//!
//! Each rule (`arithmetic/rule`) forges accounts, runs the committed program, and compares its answer, or its refusal,
//! with what the documents say, written down a second time with integers of any size and without the program's code.
//! `TORQUE_ARITHMETIC_CASES` sets how many cases of each rule are tried, `TORQUE_ARITHMETIC_CASE` tries that one alone.
//! They are the same ones in every run.

mod funding;
mod machine;
mod numbers;
mod outflow;
mod payment;
mod posting;
mod refund;
mod rule;
mod settling;
mod sponsor_refund;
mod totals;

use funding::Funding;
use outflow::Outflow;
use payment::Payment;
use posting::Posting;
use refund::Refund;
use rule::expect_same;
use settling::Settling;
use sponsor_refund::SponsorRefund;

/// What comes with an amount of the owner's or a sponsor's rewards, and that all together fit.
#[test]
fn the_fee_that_is_deposited_is_that_on_all_rewards_rounded_up() {
    expect_same::<Funding>();
}

/// Whose money an epoch used.
#[test]
fn an_epoch_uses_the_owner_s_money_first_and_then_the_sponsors() {
    expect_same::<Settling>();
}

/// What goes back of a sponsorship.
#[test]
fn a_sponsor_gets_what_came_in_for_the_part_of_the_line_that_is_not_paid() {
    expect_same::<SponsorRefund>();
}

/// What treasury and owner get, and what stays for the sponsors.
#[test]
fn the_fee_that_is_earned_is_that_on_all_payments_rounded_up_and_the_rest_is_the_owner_s() {
    expect_same::<Refund>();
}

/// What leaves the vault for a leaf, if its mint takes a fee.
#[test]
fn a_payment_takes_the_least_of_which_the_leaf_s_amount_arrives() {
    expect_same::<Payment>();
}

/// What an epoch reserves, whether its milestone has unlocked that, and whether all that is open could leave in time.
#[test]
fn an_epoch_reserves_the_most_that_its_leaves_can_cost_if_that_is_free_unlocked_and_payable() {
    expect_same::<Posting>();
}

/// When a payment may leave, and what its two buckets store then.
#[test]
fn a_payment_leaves_when_both_buckets_have_it_or_half_of_what_they_hold() {
    expect_same::<Outflow>();
}
