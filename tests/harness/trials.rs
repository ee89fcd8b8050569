//! Tries changed forms of a call one after another. A refused one must change no account of the cluster, so the next
//! one needs no new world; one that succeeds is undone.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use crate::calls::{Call, fee_payer};
use crate::ledger::Ledger;
use crate::unsigned::{Executed, refusal};
use crate::world::{World, known_key};

/// A world in which changed forms of a call are tried.
pub struct Bench {
    before: World,
    world: World,
    payer: Pubkey,
}

impl Bench {
    /// A bench with the world of `call` as it stands.
    #[must_use]
    pub fn of(call: &Call) -> Self {
        let before = call.world.fork().without_signatures();
        Self { world: before.fork(), before, payer: fee_payer().pubkey() }
    }

    /// Tries `instruction`, signed by every account that must and can sign. `None` if it succeeds, which is undone;
    /// else the name of the refusal.
    ///
    /// # Panics
    /// If it is refused and any account differs afterwards but the fee payer's.
    pub fn refusal_of(&mut self, name: &str, instruction: &Instruction) -> Option<String> {
        let refused = self.execute(instruction).err().map(|failed| refusal(&failed));
        match &refused {
            None => self.world = self.before.fork(),
            Some(refusal) => assert!(!self.has_changed_anything(), "{name}: refused with {refusal}, but changed"),
        }
        refused
    }

    /// Whether `instruction` leaves the cluster exactly as `other` does.
    #[must_use]
    pub fn is_same(&self, instruction: &Instruction, other: &Instruction) -> bool {
        let [one, other] = [instruction, other].map(|instruction| {
            let mut bench = Self { before: self.before.fork(), world: self.before.fork(), payer: self.payer };
            let executed = bench.execute(instruction).is_ok();
            (executed, bench.world)
        });
        one.0 == other.0 && differences(&one.1, &other.1, &self.payer).is_empty()
    }

    fn execute(&mut self, instruction: &Instruction) -> Executed {
        let mut instruction = instruction.clone();
        for account in &mut instruction.accounts {
            account.is_signer &= known_key(&account.pubkey).is_some();
        }
        self.world.execute(&[instruction], &self.payer)
    }

    fn has_changed_anything(&self) -> bool {
        !differences(&self.before, &self.world, &self.payer).is_empty()
    }
}

/// The accounts that differ between the two worlds, without the fee payer's.
fn differences(one: &World, other: &World, payer: &Pubkey) -> Vec<Pubkey> {
    let mut differing = Ledger::of(one).differences(&Ledger::of(other));
    differing.retain(|address| address != payer);
    differing
}
