//! Every instruction with a wrong account in every place, with read-only accounts and with missing signatures: refused,
//! and nothing is changed.
//!
//! The calls are `tests::calls`, the wrong accounts `tests::wrong_accounts`. What is accepted on purpose is the table
//! `accepted`, and a row of it that no longer holds fails too.

mod accepted;

use anchor_lang::error::ErrorCode;
use solana_instruction::Instruction;
use tests::assertions::{expect_anchor_error, expect_success};
use tests::calls::{Call, calls, calls_of};

use accepted::Accepted::{self, Anything, Only};
use accepted::{ACCEPTED, READ_ONLY};

#[test]
fn action_create_refuses_every_wrong_account() {
    refuses_every_wrong_account("action_create");
}

#[test]
fn claim_refuses_every_wrong_account() {
    refuses_every_wrong_account("claim");
}

#[test]
fn config_initialize_refuses_every_wrong_account() {
    refuses_every_wrong_account("config_initialize");
}

#[test]
fn config_update_refuses_every_wrong_account() {
    refuses_every_wrong_account("config_update");
}

#[test]
fn distributor_close_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_close");
}

#[test]
fn distributor_create_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_create");
}

#[test]
fn distributor_end_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_end");
}

#[test]
fn distributor_fund_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_fund");
}

#[test]
fn epoch_cancel_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_cancel");
}

#[test]
fn epoch_close_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_close");
}

#[test]
fn epoch_extend_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_extend");
}

#[test]
fn epoch_post_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_post");
}

#[test]
fn epoch_repost_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_repost");
}

#[test]
fn epoch_skip_refuses_every_wrong_account() {
    refuses_every_wrong_account("epoch_skip");
}

#[test]
fn fee_collect_refuses_every_wrong_account() {
    refuses_every_wrong_account("fee_collect");
}

#[test]
fn link_create_refuses_every_wrong_account() {
    refuses_every_wrong_account("link_create");
}

#[test]
fn push_refuses_every_wrong_account() {
    refuses_every_wrong_account("push");
}

#[test]
fn raffle_close_refuses_every_wrong_account() {
    refuses_every_wrong_account("raffle_close");
}

#[test]
fn raffle_commit_refuses_every_wrong_account() {
    refuses_every_wrong_account("raffle_commit");
}

#[test]
fn raffle_draw_refuses_every_wrong_account() {
    refuses_every_wrong_account("raffle_draw");
}

#[test]
fn sponsor_refund_refuses_every_wrong_account() {
    refuses_every_wrong_account("sponsor_refund");
}

#[test]
fn subtree_prove_refuses_every_wrong_account() {
    refuses_every_wrong_account("subtree_prove");
}

#[test]
fn action_accept_refuses_every_wrong_account() {
    refuses_every_wrong_account("action_accept");
}

#[test]
fn action_close_refuses_every_wrong_account() {
    refuses_every_wrong_account("action_close");
}

#[test]
fn action_transfer_refuses_every_wrong_account() {
    refuses_every_wrong_account("action_transfer");
}

#[test]
fn action_update_refuses_every_wrong_account() {
    refuses_every_wrong_account("action_update");
}

#[test]
fn config_accept_refuses_every_wrong_account() {
    refuses_every_wrong_account("config_accept");
}

#[test]
fn config_transfer_refuses_every_wrong_account() {
    refuses_every_wrong_account("config_transfer");
}

#[test]
fn distributor_pause_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_pause");
}

#[test]
fn distributor_unpause_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_unpause");
}

#[test]
fn distributor_update_refuses_every_wrong_account() {
    refuses_every_wrong_account("distributor_update");
}

#[test]
fn leaf_strike_refuses_every_wrong_account() {
    refuses_every_wrong_account("leaf_strike");
}

#[test]
fn link_close_refuses_every_wrong_account() {
    refuses_every_wrong_account("link_close");
}

#[test]
fn milestone_report_refuses_every_wrong_account() {
    refuses_every_wrong_account("milestone_report");
}

#[test]
fn role_accept_refuses_every_wrong_account() {
    refuses_every_wrong_account("role_accept");
}

#[test]
fn role_transfer_refuses_every_wrong_account() {
    refuses_every_wrong_account("role_transfer");
}

#[test]
fn view_claimable_refuses_every_wrong_account() {
    refuses_every_wrong_account("view_claimable");
}

#[test]
fn view_leaf_refuses_every_wrong_account() {
    refuses_every_wrong_account("view_leaf");
}

#[test]
fn view_refund_refuses_every_wrong_account() {
    refuses_every_wrong_account("view_refund");
}

#[test]
fn every_call_succeeds_as_it_is() {
    for call in calls() {
        expect_success(call.try_changed(&call.instruction).sent);
    }
}

#[test]
fn every_missing_signature_is_refused() {
    for call in calls() {
        for slot in 0..call.slots.len() {
            let mut instruction = call.instruction.clone();
            if std::mem::replace(&mut instruction.accounts[slot].is_signer, false) {
                expect_anchor_error(call.try_changed(&instruction).sent, ErrorCode::AccountNotSigner);
            }
        }
    }
}

#[test]
fn every_accepted_substitute_is_of_a_call_and_a_place_that_exist() {
    let calls: Vec<Call> = calls().collect();
    for (name, slot, ..) in ACCEPTED {
        assert!(calls.iter().any(|call| call.name == name && call.slots.contains(&slot)), "{name}: {slot}");
    }
}

/// Fails unless each place of the calls of `instruction` accepts exactly what the table says.
fn refuses_every_wrong_account(instruction: &str) {
    for mut call in calls_of(instruction) {
        for slot in 0..call.slots.len() {
            let (place, mut accepted) = (call.slots[slot], Vec::new());
            for wrong in call.wrong_accounts(slot) {
                try_one(&call, &call.with_account(slot, wrong.address), wrong.name, &mut accepted);
            }
            if call.instruction.accounts[slot].is_writable {
                try_one(&call, &read_only(&call, slot), READ_ONLY.to_owned(), &mut accepted);
            }
            match expected(call.name, place) {
                Anything => assert!(!accepted.iter().any(|name| name == READ_ONLY), "{}: {place}", call.name),
                Only(names) => assert_eq!(accepted, names, "{}: {place}", call.name),
            }
        }
    }
}

/// Tries a changed call; adds `name` to `accepted` if it succeeds, and fails if it is refused but leaves a trace.
fn try_one(call: &Call, instruction: &Instruction, name: String, accepted: &mut Vec<String>) {
    let trial = call.try_changed(instruction);
    if trial.sent.is_ok() {
        accepted.push(name);
    } else {
        assert!(!trial.has_changed_anything, "{}: refused {name}, but changed something", call.name);
    }
}

/// The call with the account of place `slot` read-only wherever it stands.
fn read_only(call: &Call, slot: usize) -> Instruction {
    let mut instruction = call.instruction.clone();
    let address = instruction.accounts[slot].pubkey;
    for account in instruction.accounts.iter_mut().filter(|account| account.pubkey == address) {
        account.is_writable = false;
    }
    instruction
}

fn expected(call: &str, place: &str) -> Accepted {
    let row = ACCEPTED.iter().find(|(name, slot, ..)| *name == call && *slot == place);
    row.map_or(Only(&[]), |(_, _, accepted, _)| *accepted)
}
