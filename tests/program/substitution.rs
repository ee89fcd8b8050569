//! C-049: a wrong account of every kind in every place of every instruction, and the right one without its rights: each
//! refused with its exact error, and every account of the cluster is what it was.
//!
//! The calls are `tests::calls`, the kinds `tests::wrong_accounts`. What each is refused with stands in a fixture that
//! people review; what is accepted on purpose in another, with the reason.

use rayon::prelude::*;
use solana_signer::Signer as _;
use tests::calls::{call, names};
use tests::fixture::{ACCEPTED, Case, expect_cases};
use tests::trials::Bench;
use tests::world::keypair;

/// Fewer would mean that an instruction or a kind of substitute has been lost.
const FEWEST_CASES: usize = 6_000;
/// Fewer kinds of wrong accounts than these would prove little for a place.
const FEWEST_KINDS: usize = 12;

/// C-049, and with it C-038 (not signing), C-050 and C-051 (lookalike programs), C-052 (the same bytes of another
/// program), C-053 (another tag) and C-075 (an account of the call in another of its places).
#[test]
fn c_049_every_substitution_is_refused_with_its_error_and_changes_nothing() {
    let cases: Vec<Case> = names().into_par_iter().flat_map_iter(cases_of).collect();
    assert!(cases.len() >= FEWEST_CASES, "only {} cases", cases.len());
    expect_cases("calls/substitutions.txt", "calls/harmless_substitutions.txt", &cases);
}

/// The calls in which the settings say what is owed to whom.
const SETTLING: [&str; 4] = ["distributor_close", "distributor_create", "fee_collect", "sponsor_refund"];

/// There is one settings account and nothing creates another. If there were one, these instructions would still refuse
/// it.
#[test]
fn a_second_settings_account_would_be_refused_where_the_settings_say_what_is_owed() {
    for name in SETTLING {
        let mut call = call(name);
        let slot = call.slots.iter().position(|slot| *slot == "config").unwrap();
        let settings = call.world.cluster.account(&call.instruction.accounts[slot].pubkey).unwrap();
        let second = keypair(33_000).pubkey();
        call.world.put_account(second, torque::ID, settings.data);
        call.instruction.accounts[slot].pubkey = second;
        let refusal = Bench::of(&call).refusal_of(name, &call.instruction);
        assert_eq!(refusal.as_deref(), Some("ConstraintSeeds"), "{name}");
    }
}

/// Tries every substitution of a call.
fn cases_of(name: &'static str) -> Vec<Case> {
    let mut call = call(name);
    let substitutions = call.substitutions();
    let mut bench = Bench::of(&call);
    let mut cases = Vec::new();
    for (slot, substitutions) in substitutions.into_iter().enumerate() {
        let place = format!("{name} | {}", call.place(slot));
        assert!(substitutions.len() >= FEWEST_KINDS, "{place}: too few substitutes");
        for substitution in substitutions {
            let outcome = bench.refusal_of(&place, &substitution.instruction);
            let outcome = outcome.unwrap_or_else(|| ACCEPTED.to_owned());
            cases.push(Case { place: place.clone(), kind: substitution.kind, outcome });
        }
    }
    cases
}
