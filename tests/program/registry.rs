//! The registry of calls is complete: every instruction of the committed interface description has a call that
//! succeeds, with the accounts and the rights of the description.

use std::collections::BTreeSet;

use rayon::prelude::*;
use tests::calls::{call, instruction_of, names};
use tests::idl;
use tests::trials::Bench;

/// Accounts that an instruction changes only for some distributors, although the interface says that it does not: the
/// mint, if the vault has withheld fees. For SOL the account could not be written.
const WRITTEN_AT_TIMES: [(&str, &str); 1] = [("distributor_close", "mint")];

#[test]
fn every_instruction_of_the_interface_has_a_call_and_no_call_is_of_another() {
    let called: BTreeSet<&str> = names().into_iter().map(instruction_of).collect();
    assert_eq!(called, idl::instructions().into_iter().collect(), "tests/harness/calls.rs needs a row for each");
}

#[test]
fn every_call_succeeds_as_it_is() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        assert_eq!(Bench::of(&call).refusal_of(name, &call.instruction), None, "{name}");
    });
}

#[test]
fn every_call_gives_its_accounts_the_rights_that_the_interface_names() {
    names().into_par_iter().for_each(|name| {
        let call = call(name);
        for (account, rule) in call.instruction.accounts.iter().zip(idl::accounts(instruction_of(name))) {
            // The program's own address stands for an optional account that is not passed.
            let is_absent = account.pubkey == torque::ID;
            let is_writable = rule.is_writable && !is_absent || WRITTEN_AT_TIMES.contains(&(name, rule.name));
            let rights = (account.is_writable, account.is_signer);
            assert_eq!(rights, (is_writable, rule.is_signer), "{name}: {}", rule.name);
        }
    });
}

#[test]
fn every_call_has_a_name_of_its_own() {
    let names = names();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}
