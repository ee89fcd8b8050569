//! The registry: one valid call of every instruction, and one more for SOL if it moves money. The generated tests make
//! their wrong calls from these.
//!
//! A new instruction needs one row in the table of one of the modules here and the function that the row names;
//! `tests/program/registry.rs` compares the rows with the committed interface description. A call succeeds at its stage
//! (`stages`).

pub mod authority;
mod campaigns;
mod epochs;
mod payments;
mod raffles;
mod reports;
mod settings;
mod sponsors;

use crank_cluster::address::Asset;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use crate::idl;
pub use crate::stages::action_args;
use crate::stages::{Scene, Side};
use crate::world::{World, keypair, known_key};

/// A call that succeeds in its world.
pub struct Call {
    /// The instruction's name, with the asset that it moves if that matters.
    pub name: &'static str,
    /// The names of its accounts, in order.
    pub slots: Vec<&'static str>,
    /// The scene in which it succeeds.
    pub world: World,
    /// The call.
    pub instruction: Instruction,
    /// The same call for the campaign beside the one that it is about.
    pub twin: Instruction,
    /// Who must sign, besides the payer of the fee.
    pub signers: Vec<Keypair>,
    /// The asset that its campaign pays.
    pub asset: Asset,
}

/// Builds the stage on which a call succeeds, for the program that moves the money.
type Stage = fn(Pubkey) -> Scene;
/// Builds the call for one of the campaigns of its stage.
type Build = fn(&World, &Side) -> Instruction;
/// A call: its name, its stage, its builder, and the program that moves its money.
type Row = (&'static str, Stage, Build, Pubkey);

const SOL: Pubkey = Asset::SOL.token_program;

/// The name of an account that follows those that an instruction names.
const FOLLOWING: &str = "recipient";

/// Pays the fees, and is not an account of any call.
#[must_use]
pub fn fee_payer() -> Keypair {
    keypair(7)
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let tables: [&[Row]; 8] = [
        &campaigns::CALLS,
        &sponsors::CALLS,
        &epochs::CALLS,
        &payments::CALLS,
        &raffles::CALLS,
        &reports::CALLS,
        &settings::CALLS,
        &authority::CALLS,
    ];
    tables.into_iter().flatten()
}

/// Every call.
pub fn calls() -> impl Iterator<Item = Call> {
    rows().map(Call::of)
}

/// The names of all calls.
#[must_use]
pub fn names() -> Vec<&'static str> {
    rows().map(|(name, ..)| *name).collect()
}

/// The call of that name.
///
/// # Panics
/// If no call has that name.
#[must_use]
pub fn call(name: &str) -> Call {
    Call::of(rows().find(|(known, ..)| *known == name).unwrap())
}

/// The name of a call's instruction.
#[must_use]
pub fn instruction_of(call: &str) -> &str {
    call.split(' ').next().unwrap_or(call)
}

impl Call {
    fn of((name, stage, build, token_program): &Row) -> Self {
        let Scene { world, sides } = stage(*token_program);
        world.cluster.airdrop(&fee_payer().pubkey(), 1_000_000_000_000).unwrap();
        let [instruction, twin] = sides.each_ref().map(|side| build(&world, side));
        let mut slots: Vec<_> = idl::accounts(instruction_of(name)).iter().map(|account| account.name).collect();
        slots.resize(instruction.accounts.len().max(slots.len()), FOLLOWING);
        let signers = instruction.accounts.iter().filter(|account| account.is_signer);
        let signers = signers.map(|account| known_key(&account.pubkey).unwrap()).collect();
        Self { name, slots, world, instruction, twin, signers, asset: sides[0].campaign.addresses.asset }
    }
}
