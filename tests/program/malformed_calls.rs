//! Calls that are malformed in ways that no client makes: an account too many or too few, data that is cut.

use anchor_lang::error::ErrorCode;
use solana_instruction::AccountMeta;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_error};
use tests::calls::{calls, fee_payer};
use torque::error::TorqueError;

#[test]
fn a_surplus_account_is_refused_by_every_instruction_but_push() {
    for call in calls().filter(|call| !call.name.starts_with("push")) {
        let mut instruction = call.instruction.clone();
        instruction.accounts.push(AccountMeta::new_readonly(fee_payer().pubkey(), false));
        expect_error(call.try_changed(&instruction).sent, TorqueError::SurplusAccount);
    }
}

#[test]
fn a_surplus_account_of_a_push_is_no_recipient() {
    for call in calls().filter(|call| call.name.starts_with("push")) {
        let mut instruction = call.instruction.clone();
        instruction.accounts.push(instruction.accounts.last().unwrap().clone());
        expect_error(call.try_changed(&instruction).sent, TorqueError::BlockEncoding);
    }
}

#[test]
fn a_missing_account_is_refused_by_every_instruction_but_push() {
    for call in calls().filter(|call| !call.name.starts_with("push")) {
        let mut instruction = call.instruction.clone();
        instruction.accounts.pop();
        expect_anchor_error(call.try_changed(&instruction).sent, ErrorCode::AccountNotEnoughKeys);
    }
}

#[test]
fn data_that_is_cut_is_refused_at_every_length() {
    for call in calls() {
        for length in 0..call.instruction.data.len() {
            let mut instruction = call.instruction.clone();
            instruction.data.truncate(length);
            let trial = call.try_changed(&instruction);
            assert!(trial.sent.is_err() && !trial.has_changed_anything, "{}: {length} bytes", call.name);
        }
    }
}

#[test]
fn an_unknown_instruction_is_refused() {
    for call in calls() {
        let mut instruction = call.instruction.clone();
        instruction.data[0] ^= 1;
        expect_anchor_error(call.try_changed(&instruction).sent, ErrorCode::InstructionFallbackNotFound);
    }
}
