//! An account of another layout is refused by name, by every instruction that reads it and by the crank.

use std::collections::BTreeSet;

use crank_cluster::address;
use rayon::prelude::*;
use solana_signer::Signer as _;
use tests::calls::{call, fee_payer, names};
use tests::trials::Bench;
use tests::world::World;
use torque::constants::ACCOUNT_VERSION;
use torque::error::TorqueError;
use torque::state::Config;
use torque::state::layout::VERSION_OFFSET;

/// Places whose account is looked at without being read: whether it exists is all that counts.
const UNREAD: [(&str, &str); 2] = [("raffle_commit", "epoch"), ("raffle_close", "epoch")];

/// Versions that this program does not write: the one before the first, the next one, and the last.
const OTHERS: [u8; 3] = [0, ACCOUNT_VERSION + 1, u8::MAX];

/// What a test of a call has found: the types of the accounts that it reads, and in how many places.
type Found = (BTreeSet<[u8; VERSION_OFFSET]>, usize);

#[test]
fn every_place_of_every_call_refuses_an_account_of_another_layout() {
    let found = names().into_par_iter().map(refuse_other_layouts);
    let (types, places) = found.reduce(Found::default, |one, other| (&one.0 | &other.0, one.1 + other.1));
    assert_eq!(types.len(), 7, "every type of account is read by some call");
    assert!(places >= 90, "only {places} places");
}

/// Tries the call `name` with another version in every place in which an account of this program stands.
fn refuse_other_layouts(name: &'static str) -> Found {
    let mut call = call(name);
    let (before, mut found) = (call.world.fork(), Found::default());
    for (slot, account) in call.instruction.accounts.clone().into_iter().enumerate() {
        let place = (name, call.slots[slot]);
        let bytes = before.cluster.account(&account.pubkey).filter(|account| account.owner == torque::ID);
        let Some(bytes) = bytes.map(|account| account.data).filter(|data| data.len() > VERSION_OFFSET) else {
            continue;
        };
        if UNREAD.contains(&place) {
            continue;
        }
        found.0.extend(bytes.first_chunk().copied());
        found.1 += 1;
        for version in OTHERS {
            call.world = before.fork();
            call.world.edit_data(&account.pubkey, |data| data[VERSION_OFFSET] = version);
            let refusal = Bench::of(&call).refusal_of(name, &call.instruction);
            assert_eq!(refusal, Some(TorqueError::AccountVersionUnsupported.name()), "{place:?} of version {version}");
        }
    }
    found
}

#[test]
fn the_log_says_which_version_was_found_and_which_is_read() {
    let mut call = call("claim");
    let slot = call.slots.iter().position(|slot| *slot == "distributor").unwrap();
    let address = call.instruction.accounts[slot].pubkey;
    call.world.edit_data(&address, |data| data[VERSION_OFFSET] = 7);
    let mut world = call.world.without_signatures();
    let logs = world.execute(&[call.instruction], &fee_payer().pubkey()).unwrap_err().meta.logs;
    for line in ["Program log: Left: 7", "Program log: Right: 1"] {
        assert!(logs.iter().any(|logged| logged == line), "{line} is missing in {logs:#?}");
    }
}

#[test]
fn the_crank_refuses_an_account_of_another_layout_by_its_version() {
    let mut world = World::new();
    world.edit_data(&address::config(), |data| data[VERSION_OFFSET] = 2);
    let refused = world.cluster.decode::<Config>(&address::config(), "config").unwrap_err();
    let expected = "its layout has version 2, and this crank reads version 1: use the crank of that version";
    assert!(refused.to_string().ends_with(expected), "{refused}");

    let mut call = call("view_leaf");
    let epoch = call.instruction.accounts[0].pubkey;
    call.world.edit_data(&epoch, |data| data[VERSION_OFFSET] = 3);
    let refused = call.world.cluster.epoch(&epoch).unwrap_err();
    assert!(refused.to_string().contains("is not a valid epoch: its layout has version 3"), "{refused}");
}
