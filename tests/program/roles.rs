//! Who may do what: every instruction with every role's key in the place of every signer, against
//! `programs/torque/roles.csv`. The same table is the one in the architecture document.
//!
//! A new instruction needs its rows in the table and its call in `tests::calls`, and nothing here. C-037 to C-041 of
//! the threat model.

mod people;
mod table;

use std::collections::BTreeMap;

use anchor_lang::error::ErrorCode;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_anchor_error, expect_code, expect_error, expect_success};
use tests::calls::authority::called_distributor;
use tests::calls::{Call, calls};
use tests::ledger::Ledger;
use tests::world::World;
use torque::error::TorqueError;

use people::{Moment, has_protocol, people, prepare, send};
use table::{NONE, RoleRow, in_markdown, rows, rows_of, signers};

/// The interface description that clients are made from.
const INTERFACE: &str = include_str!("../../programs/torque/idl/torque.json");
/// Where the table is shown.
const DOCUMENT: &str = include_str!("../../ARCHITECTURE.md");
const DOCUMENT_MARKS: [&str; 2] = ["<!-- roles.csv -->\n", "<!-- end of roles.csv -->"];

#[test]
fn the_table_has_a_row_for_every_signer_of_every_instruction() {
    let interface: serde_json::Value = serde_json::from_str(INTERFACE).unwrap();
    let mut expected = BTreeMap::new();
    for instruction in interface["instructions"].as_array().unwrap() {
        let accounts = instruction["accounts"].as_array().unwrap().iter();
        let signing = accounts.filter(|account| account["signer"] == true);
        let names: Vec<&str> = signing.map(|account| account["name"].as_str().unwrap()).collect();
        expected.insert(instruction["name"].as_str().unwrap(), names);
    }
    assert_eq!(signers(), expected, "programs/torque/roles.csv is on the left");
}

#[test]
fn every_row_of_the_table_has_a_call_and_every_call_has_rows() {
    let names: Vec<&str> = calls().map(|call| call.name).collect();
    for row in rows() {
        let has_call = names.iter().any(|name| *name == row.call || name.split(' ').next() == Some(row.call));
        assert!(has_call, "{}: tests::calls has no call", row.call);
    }
    for name in names {
        let has_rows = !rows_of(name).is_empty();
        assert!(has_rows, "{name}: programs/torque/roles.csv has no row");
    }
}

#[test]
fn the_architecture_document_shows_the_table() {
    let shown = DOCUMENT.split_once(DOCUMENT_MARKS[0]).and_then(|(_, rest)| rest.split_once(DOCUMENT_MARKS[1]));
    let shown = shown.map(|(shown, _)| shown).unwrap_or_default();
    let expected = in_markdown();
    assert!(shown == expected, "ARCHITECTURE.md: between {DOCUMENT_MARKS:?} should stand\n{expected}");
}

#[test]
fn c_037_exactly_the_listed_keys_pass_in_the_place_of_every_signer() {
    for mut call in calls() {
        prepare(&mut call, Moment::Offered);
        try_everybody(&call, Moment::Offered);
    }
}

#[test]
fn c_038_the_right_key_that_does_not_sign_is_refused_everywhere() {
    for call in calls() {
        for slot in (0..call.slots.len()).filter(|slot| call.instruction.accounts[*slot].is_signer) {
            for address in [call.instruction.accounts[slot].pubkey, called_distributor().distributor] {
                let mut instruction = call.instruction.clone();
                instruction.accounts[slot].pubkey = address;
                instruction.accounts[slot].is_signer = false;
                let sent = send(&mut call.world.fork(), &instruction);
                expect_anchor_error(sent, ErrorCode::AccountNotSigner);
            }
        }
    }
}

#[test]
fn c_039_after_every_hand_over_the_new_keys_pass_and_the_old_ones_do_not() {
    let all: Vec<Call> = calls().filter(|call| has_protocol(&call.world)).collect();
    let names: Vec<&str> = all.iter().map(|call| call.name).collect();
    for mut call in all {
        // Tokens are taken from the old owner's account; what is taken in SOL shows the same.
        if names.contains(&format!("{} of SOL", call.name).as_str()) {
            continue;
        }
        prepare(&mut call, Moment::Accepted);
        try_everybody(&call, Moment::Accepted);
    }
}

#[test]
fn c_041_a_pause_of_the_protocol_stops_what_the_table_says() {
    for call in calls() {
        let expected = rows_of(call.name)[0].paused[0];
        if expected == NONE {
            assert!(!has_protocol(&call.world), "{}: could be paused", call.name);
            continue;
        }
        let mut world = call.world.fork();
        world.set_paused(true);
        expect_paused(&call, &mut world, expected, TorqueError::Paused);
    }
}

#[test]
fn c_041_a_pause_of_the_distributor_stops_what_the_table_says() {
    for call in calls() {
        let expected = rows_of(call.name)[0].paused[1];
        if expected == NONE {
            assert!(!has_protocol(&call.world), "{}: could be paused", call.name);
            continue;
        }
        let mut world = call.world.fork();
        pause_distributor(&mut world);
        expect_paused(&call, &mut world, expected, TorqueError::DistributorPaused);
    }
}

/// Puts every key in the place of every signer, and expects the table's result.
fn try_everybody(call: &Call, moment: Moment) {
    for row in rows_of(call.name).into_iter().filter(|row| row.signer != NONE) {
        let slot = call.slots.iter().position(|slot| *slot == row.signer);
        let slot = slot.unwrap_or_else(|| panic!("{}: has no account {}", call.name, row.signer));
        let own = call.instruction.accounts[slot].pubkey;
        let mut is_anybody_allowed = false;
        for person in people(moment) {
            let is_allowed = person.may(row, &own);
            is_anybody_allowed |= is_allowed;
            try_one(call, row, (slot, person.key.pubkey()), is_allowed);
        }
        let is_own_known = people(moment).iter().any(|person| person.key.pubkey() == own);
        if !is_own_known {
            try_one(call, row, (slot, own), true);
            is_anybody_allowed = true;
        }
        // After a hand-over no next holder is named any more.
        let is_empty = moment == Moment::Accepted && row.who.starts_with("next ");
        assert!(is_anybody_allowed != is_empty, "{}: nobody may sign as {}", call.name, row.signer);
    }
}

fn try_one(call: &Call, row: &RoleRow, (slot, key): (usize, Pubkey), is_allowed: bool) {
    let mut instruction = call.instruction.clone();
    instruction.accounts[slot].pubkey = key;
    let mut world = call.world.fork();
    let sent = send(&mut world, &instruction);
    if is_allowed {
        expect_success(sent);
        return;
    }
    let name = format!("{} ({} as {})", row.others, key, row.signer);
    expect_code(sent, row.refusal(), &name);
    assert_eq!(Ledger::of(&call.world).changes(&world), [], "{}: {name} changed accounts", call.name);
}

fn expect_paused(call: &Call, world: &mut World, expected: &str, error: TorqueError) {
    let sent: Sent = send(world, &call.instruction);
    match expected {
        "stops" => expect_error(sent, error),
        "runs" => drop(expect_success(sent)),
        other => panic!("{}: `{other}` is neither `runs` nor `stops`", call.name),
    }
}

/// Pauses the distributor that the calls are about, unless it is.
fn pause_distributor(world: &mut World) {
    let (addresses, guardian) = (called_distributor(), world.guardian.insecure_clone());
    if !world.distributor(&addresses).downtime.is_paused() {
        let pause = crank_cluster::instruction::authority::distributor_pause(&addresses, guardian.pubkey());
        expect_success(world.send(pause, &[&guardian]));
    }
}
