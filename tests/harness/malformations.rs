//! Forms of a valid call that no client makes: too few or too many accounts or another order, one account in two
//! writable places, and data that is cut or announces an enormous length.

use solana_instruction::{AccountMeta, Instruction};
use solana_signer::Signer as _;

use crate::calls::{Call, fee_payer, instruction_of};
use crate::idl;

/// A malformed call and what is wrong with it.
pub struct Malformation {
    /// The changed part of the call, which is a column of a fixture.
    pub part: &'static str,
    /// The change.
    pub kind: String,
    /// The changed call.
    pub instruction: Instruction,
}

impl Call {
    /// C-054: accounts that are missing, surplus or exchanged.
    #[must_use]
    pub fn with_other_accounts(&self) -> Vec<Malformation> {
        let places = 0..self.slots.len();
        let without = |slot| {
            self.changed("accounts", format!("without {}", self.place(slot)), |it| {
                it.accounts.remove(slot);
            })
        };
        let mut all: Vec<_> = places.clone().map(without).collect();
        all.push(self.changed("accounts", "without any", |it| it.accounts.clear()));
        let surplus = AccountMeta::new_readonly(fee_payer().pubkey(), false);
        all.push(self.changed("accounts", "one more", |it| it.accounts.push(surplus)));
        all.push(self.changed("accounts", "the last one twice", |it| it.accounts.extend(it.accounts.last().cloned())));
        all.push(self.changed("accounts", "reversed", |it| it.accounts.reverse()));
        for first in places.clone() {
            for second in first + 1..places.end {
                let kind = format!("{} and {} exchanged", self.place(first), self.place(second));
                all.push(self.changed("accounts", kind, |it| it.accounts.swap(first, second)));
            }
        }
        all.retain(|malformation| malformation.instruction != self.instruction);
        all
    }

    /// C-055: data that is cut, or has a vector of 2^32 - 1 items.
    #[must_use]
    pub fn with_other_data(&self) -> Vec<Malformation> {
        let data = &self.instruction.data;
        let mut all = Vec::new();
        for (kind, length) in [("none", 0), ("one byte", 1), ("the discriminator alone", idl::DISCRIMINATOR)] {
            all.push(self.changed("data", kind, |it| it.data.truncate(length)));
        }
        all.push(self.changed("data", "one byte short", |it| it.data.truncate(data.len() - 1)));
        for (name, at) in idl::vector_lengths(instruction_of(self.name), data) {
            let kind = format!("2^32 - 1 {name}");
            all.push(self.changed("data", kind, |it| it.data[at..at + 4].fill(u8::MAX)));
        }
        all.retain(|malformation| malformation.instruction != self.instruction);
        all
    }

    /// C-075: the account of one place that the call may change stands in another such place too.
    #[must_use]
    pub fn with_an_account_twice(&self) -> Vec<Malformation> {
        let accounts = &self.instruction.accounts;
        let is_writable = |slot: &usize| accounts[*slot].is_writable;
        let writable: Vec<usize> = (0..accounts.len()).filter(is_writable).collect();
        let pairs = writable.iter().flat_map(|place| writable.iter().map(move |other| (*place, *other)));
        let mut all: Vec<_> = pairs
            .map(|(place, other)| {
                let kind = format!("{} as {}", self.place(other), self.place(place));
                self.changed("account in two places", kind, |it| it.accounts[place].pubkey = accounts[other].pubkey)
            })
            .collect();
        all.retain(|malformation| malformation.instruction != self.instruction);
        all
    }

    fn changed(
        &self,
        part: &'static str,
        kind: impl Into<String>,
        change: impl FnOnce(&mut Instruction),
    ) -> Malformation {
        let mut instruction = self.instruction.clone();
        change(&mut instruction);
        Malformation { part, kind: kind.into(), instruction }
    }
}
