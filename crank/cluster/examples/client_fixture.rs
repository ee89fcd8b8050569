//! Prints the values that the TypeScript client is compared with: addresses, a tree's paths and the bytes of
//! instructions, as JSON.
//!
//! `scripts/build-client` runs it and keeps the result in `web/client/test/fixture.json`. Every key comes from a
//! number, so that the result is always the same; the client's test signs with the same keys.
#![expect(clippy::print_stdout, reason = "its output is the result")]

use crank_cluster::{
    address::{self, Asset, DistributorAddresses},
    instruction::{self, ClaimedLeaf},
};
use crank_rules::tree::MerkleTree;
use serde_json::{Value, json};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::merkle::leaf_hash;

/// The owner's number for the action and for the distributor, with more than one byte.
const ID: u64 = 0x0102_0304_0506;
/// Lamports of the first leaf; each further leaf has one more.
const FIRST_AMOUNT: u64 = 2_000_000;
/// How many wallets are paid: an odd number, so that paths differ in length.
const WALLETS: u8 = 5;
/// Lamports that the distributor is funded with.
const FUNDING: u64 = 1_000_000_000;

fn main() -> Result<(), String> {
    let owner = keypair(1).pubkey();
    let addresses = DistributorAddresses::new(owner, ID, Asset::SOL);
    let leaves = (0..WALLETS).map(|number| {
        let wallet = keypair(number.saturating_add(100)).pubkey();
        (wallet, FIRST_AMOUNT.saturating_add(number.into()))
    });
    let leaves: Vec<(Pubkey, u64)> = leaves.collect();
    let epoch = addresses.epoch(0);
    let hashes = leaves.iter().zip(0..).map(|((wallet, amount), index)| leaf_hash(&epoch, index, wallet, *amount));
    let tree = MerkleTree::from_leaves(hashes.collect()).ok_or("there are no leaves")?;
    let claims: Vec<Value> = leaves
        .iter()
        .zip(0..)
        .map(|((wallet, amount), index)| claim(&addresses, &tree, *wallet, *amount, index))
        .collect();
    let action = address::action(&owner, ID);
    let fixture = json!({
        "id": ID.to_string(),
        "ownerSeed": seed_text(1),
        "addresses": {
            "action": action.to_string(),
            "config": address::config().to_string(),
            "distributor": addresses.distributor.to_string(),
            "epoch": epoch.to_string(),
            "link": address::link(&action, &addresses.distributor).to_string(),
            "vault": addresses.vault.to_string(),
        },
        "root": hex::encode(tree.root()),
        "funding": FUNDING.to_string(),
        "fund": instruction_json(&instruction::distributor_fund(&addresses, FUNDING)),
        "claims": claims,
    });
    let text = serde_json::to_string_pretty(&fixture).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(())
}

/// A leaf, its path, and the instruction that claims it.
fn claim(addresses: &DistributorAddresses, tree: &MerkleTree, wallet: Pubkey, amount: u64, index: u32) -> Value {
    let path = tree.path(0, index, u8::MAX);
    let texts: Vec<String> = path.iter().map(hex::encode).collect();
    let claim = instruction::claim(addresses, wallet, wallet, ClaimedLeaf { epoch: 0, index, amount, path });
    let number = u8::try_from(index).unwrap_or(u8::MAX).saturating_add(100);
    json!({
        "walletSeed": seed_text(number),
        "amount": amount.to_string(),
        "path": texts,
        "instruction": instruction_json(&claim),
    })
}

fn instruction_json(instruction: &Instruction) -> Value {
    let account = |account: &solana_instruction::AccountMeta| {
        json!({
            "address": account.pubkey.to_string(),
            "isSigner": account.is_signer,
            "isWritable": account.is_writable,
        })
    };
    json!({
        "programAddress": instruction.program_id.to_string(),
        "accounts": instruction.accounts.iter().map(account).collect::<Vec<_>>(),
        "data": hex::encode(&instruction.data),
    })
}

fn seed(number: u8) -> [u8; 32] {
    [number; 32]
}

fn seed_text(number: u8) -> String {
    hex::encode(seed(number))
}

fn keypair(number: u8) -> Keypair {
    Keypair::new_from_array(seed(number))
}
