//! The wrong accounts that an attacker could pass in the places of a valid call, by kinds that are the same for every
//! place.

use anchor_lang::Discriminator;
use anchor_spl::associated_token;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{self, Asset};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::Distributor;

use crate::calls::Call;
use crate::calls::authority::called_distributor;
use crate::world::keypair;

/// A call with another account in one of its places.
pub struct Substitution {
    /// The name of the other account.
    pub kind: String,
    /// The changed call.
    pub instruction: Instruction,
}

/// Where accounts are put that are the same for every place of every call.
const LOOKALIKE: u32 = 31_000;
const REMAINS: u32 = 31_001;
const NOBODY: u32 = 31_002;
/// Where accounts are put that differ from place to place: this many from here on for each.
const FORGERIES: u32 = 32_000;
const FORGERIES_OF_A_PLACE: u32 = 8;

impl Call {
    /// Every substitution, by place. The accounts that they need are put into the call's world.
    #[must_use]
    pub fn substitutions(&mut self) -> Vec<Vec<Substitution>> {
        let shared = self.shared_accounts();
        (0..self.slots.len()).map(|slot| self.substitutions_of(slot, &shared)).collect()
    }

    fn substitutions_of(&mut self, slot: usize, shared: &[(&'static str, Pubkey)]) -> Vec<Substitution> {
        let right = self.instruction.accounts[slot].pubkey;
        let mut wrong: Vec<(String, Pubkey)> = Vec::new();
        let named = shared.iter().copied().chain([
            ("the other campaign's", self.twin.accounts[slot].pubkey),
            ("another type", self.another_type(&right)),
        ]);
        wrong.extend(named.map(|(kind, address)| (kind.to_owned(), address)));
        wrong.extend(self.forgeries(slot, &right).into_iter().map(|(kind, address)| (kind.to_owned(), address)));
        for (place, account) in self.instruction.accounts.iter().enumerate() {
            wrong.push((format!("its own {}", self.place(place)), account.pubkey));
        }
        let mut seen = vec![right];
        wrong.retain(|(_, address)| {
            let is_new = !seen.contains(address);
            seen.push(*address);
            is_new
        });
        let with = |address| {
            let mut instruction = self.instruction.clone();
            instruction.accounts[slot].pubkey = address;
            instruction
        };
        let mut all: Vec<Substitution> =
            wrong.into_iter().map(|(kind, address)| Substitution { kind, instruction: with(address) }).collect();
        all.extend(self.without_rights(slot));
        all
    }

    /// The name of place `slot`, with a number where several have it.
    #[must_use]
    pub fn place(&self, slot: usize) -> String {
        let name = self.slots[slot];
        let is_same = |other: &&&str| **other == name;
        let number = self.slots[..slot].iter().filter(is_same).count() + 1;
        let is_only = self.slots.iter().filter(is_same).count() == 1;
        if is_only { name.to_owned() } else { format!("{name} {number}") }
    }

    /// The right account without the rights that the call gives it, wherever it stands.
    fn without_rights(&self, slot: usize) -> Vec<Substitution> {
        let right = &self.instruction.accounts[slot];
        let mut weaker = Vec::new();
        for (kind, is_given) in [("read-only", right.is_writable), ("not signing", right.is_signer)] {
            let mut instruction = self.instruction.clone();
            for account in instruction.accounts.iter_mut().filter(|account| account.pubkey == right.pubkey) {
                account.is_writable &= kind != "read-only";
                account.is_signer &= kind != "not signing";
            }
            if is_given {
                weaker.push(Substitution { kind: kind.to_owned(), instruction });
            }
        }
        weaker
    }

    /// Accounts that are the same for every place.
    fn shared_accounts(&mut self) -> Vec<(&'static str, Pubkey)> {
        let own = self.asset;
        let world = &mut self.world;
        let [plain, extended] = [spl_token::ID, spl_token_2022::ID].map(|program| world.create_token(program));
        let asset = if own.is_native() { plain } else { own };
        let stranger = world.stranger.pubkey();
        let [lookalike, remains, nobody] = [LOOKALIKE, REMAINS, NOBODY].map(|number| keypair(number).pubkey());
        world.make_executable(&lookalike);
        world.put_account(remains, torque::ID, Distributor::DISCRIMINATOR.to_vec());
        for asset in [&asset, &plain] {
            world.open_account(asset, &stranger);
        }
        vec![
            ("a wallet", stranger),
            ("no account", nobody),
            ("a closed distributor", remains),
            ("a sysvar", CLOCK),
            ("this program", torque::ID),
            ("the system program", Asset::SOL.token_program),
            ("SPL Token", spl_token::ID),
            ("Token-2022", spl_token_2022::ID),
            ("the associated-token program", associated_token::ID),
            ("a lookalike program", lookalike),
            ("another mint", plain.mint),
            ("a mint of Token-2022", extended.mint),
            ("a stranger's token account", asset.account_of(&stranger)),
            ("a stranger's account of another token", plain.account_of(&stranger)),
            ("the admin", world.admin.pubkey()),
            ("the pauser", world.pauser.pubkey()),
            ("the owner", world.owner.pubkey()),
            ("the publisher", world.publisher.pubkey()),
            ("the guardian", world.guardian.pubkey()),
            ("the treasury", world.treasury),
        ]
    }

    /// An account of this program that is of another type than the one at `right`.
    fn another_type(&self, right: &Pubkey) -> Pubkey {
        let is_of = |tag: &[u8]| self.world.cluster.account(right).is_some_and(|it| it.data.starts_with(tag));
        let distributor = called_distributor().distributor;
        if is_of(Distributor::DISCRIMINATOR) { address::config() } else { distributor }
    }

    /// Accounts that resemble the one at `right`: the same bytes under another owner, with another type, or all zero.
    fn forgeries(&mut self, slot: usize, right: &Pubkey) -> Vec<(&'static str, Pubkey)> {
        let first = FORGERIES + FORGERIES_OF_A_PLACE * slot as u32;
        let [foreign, erased, renamed, owner] = [0, 1, 2, 3].map(|number| keypair(first + number).pubkey());
        let Some(account) = self.world.cluster.account(right).filter(|account| !account.executable) else {
            self.world.put_account(foreign, owner, vec![0; 8]);
            return vec![("a foreign account", foreign)];
        };
        self.world.put_account(foreign, owner, account.data.clone());
        let mut forgeries = vec![("the same bytes of another program", foreign)];
        if !account.data.is_empty() {
            self.world.put_account(erased, account.owner, vec![0; account.data.len()]);
            forgeries.push(("erased bytes", erased));
        }
        if account.owner == torque::ID && !account.data.is_empty() {
            let mut data = account.data;
            data[0] ^= 1;
            self.world.put_account(renamed, torque::ID, data);
            forgeries.push(("the same bytes of another tag", renamed));
        }
        forgeries
    }
}

const CLOCK: Pubkey = Pubkey::from_str_const("SysvarC1ock11111111111111111111111111111111");
