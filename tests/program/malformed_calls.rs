//! C-054 to C-056 and C-075: calls that are malformed in ways that no client makes, generated from every call.
//!
//! What each form is refused with stands in a fixture that people review; what is accepted in another, with the reason.

use rayon::prelude::*;
use solana_instruction::AccountMeta;
use solana_signer::Signer as _;
use tests::calls::{Call, call, fee_payer, instruction_of, names};
use tests::fixture::{ACCEPTED, Case, expect_cases};
use tests::malformations::Malformation;
use tests::trials::Bench;

#[test]
fn c_054_accounts_too_few_too_many_or_in_another_order_are_refused() {
    let cases = cases(Call::with_other_accounts);
    expect_cases("calls/malformed_accounts.txt", "calls/harmless_malformed_accounts.txt", &cases);
}

/// C-054, by the error's own name; what follows the accounts of a push are recipients.
#[test]
fn c_054_a_surplus_account_is_refused_by_every_instruction_but_push() {
    names().into_par_iter().filter(|name| instruction_of(name) != "push").for_each(|name| {
        let call = call(name);
        let mut instruction = call.instruction.clone();
        instruction.accounts.push(AccountMeta::new_readonly(fee_payer().pubkey(), false));
        assert_eq!(Bench::of(&call).refusal_of(name, &instruction).as_deref(), Some("SurplusAccount"), "{name}");
    });
}

/// C-054, up to the most accounts that the runtime passes, which are more than the entrypoint looks at.
#[test]
fn c_054_surplus_accounts_are_refused_however_many_there_are() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        let expected = if instruction_of(name) == "push" { "BlockEncoding" } else { "SurplusAccount" };
        let mut bench = Bench::of(&call);
        for count in [38, 39, 40, 64, 255] {
            let mut instruction = call.instruction.clone();
            instruction.accounts.resize(count, AccountMeta::new_readonly(fee_payer().pubkey(), false));
            assert_eq!(bench.refusal_of(name, &instruction).as_deref(), Some(expected), "{name}: {count} accounts");
        }
    });
}

#[test]
fn c_055_data_that_is_cut_or_boundless_is_refused() {
    expect_cases("calls/malformed_data.txt", "calls/harmless_malformed_data.txt", &cases(Call::with_other_data));
}

/// C-055: cut at every length, not only at those of the fixture.
#[test]
fn c_055_data_that_is_cut_is_refused_at_every_length() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        let mut bench = Bench::of(&call);
        for length in 0..call.instruction.data.len() {
            let mut instruction = call.instruction.clone();
            instruction.data.truncate(length);
            assert!(bench.refusal_of(name, &instruction).is_some(), "{name}: {length} bytes");
        }
    });
}

/// C-055, the rule for data that is too long: what follows the arguments is not read.
#[test]
fn c_055_bytes_after_the_arguments_change_nothing() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        let mut longer = call.instruction.clone();
        longer.data.push(u8::MAX);
        assert!(Bench::of(&call).is_same(&call.instruction, &longer), "{name}");
    });
}

#[test]
fn c_056_every_other_first_byte_is_refused_as_no_instruction() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        let mut bench = Bench::of(&call);
        let mut instruction = call.instruction.clone();
        for byte in 0..=u8::MAX {
            instruction.data[0] = byte;
            let refusal = bench.refusal_of(name, &instruction);
            let expected = if byte == call.instruction.data[0] { None } else { Some("InstructionFallbackNotFound") };
            assert_eq!(refusal.as_deref(), expected, "{name}: first byte {byte}");
        }
    });
}

#[test]
fn c_075_an_account_in_two_places_that_may_change_it_is_refused() {
    let cases = cases(Call::with_an_account_twice);
    expect_cases("calls/accounts_in_two_places.txt", "calls/harmless_accounts_in_two_places.txt", &cases);
}

/// Tries every form that `malform` makes of a call.
fn cases(malform: impl Fn(&Call) -> Vec<Malformation> + Sync) -> Vec<Case> {
    let forms = |name| {
        let call = call(name);
        let mut bench = Bench::of(&call);
        malform(&call)
            .into_iter()
            .map(|Malformation { part, kind, instruction }| {
                let outcome = bench.refusal_of(name, &instruction).unwrap_or_else(|| ACCEPTED.to_owned());
                Case { place: format!("{name} | {part}"), kind, outcome }
            })
            .collect::<Vec<_>>()
    };
    names().into_par_iter().flat_map_iter(forms).collect()
}
