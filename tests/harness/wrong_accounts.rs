//! For a valid call, the accounts that somebody could pass in the wrong place, and what passing them leads to.

use anchor_spl::associated_token;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank::chain::address::{self, Asset, DistributorAddresses};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use crate::assertions::Sent;
use crate::calls::authority::next_holders;
use crate::calls::{Call, fee_payer};
use crate::world::keypair;

/// An account for a place that is not its own.
pub struct WrongAccount {
    /// What it is.
    pub name: String,
    /// Where it is.
    pub address: Pubkey,
}

/// What trying a changed call led to.
pub struct Trial {
    /// What the cluster said.
    pub sent: Sent,
    /// Whether an account of the call, or one passed instead, differs afterwards.
    pub has_changed_anything: bool,
}

impl Call {
    /// Tries `instruction`, a changed form of the call, in a copy of its world.
    #[must_use]
    pub fn try_changed(&self, instruction: &Instruction) -> Trial {
        let (mut instruction, mut signers) = (instruction.clone(), vec![fee_payer()]);
        for account in instruction.accounts.iter_mut().filter(|account| account.is_signer) {
            match self.key_of(&account.pubkey) {
                Some(key) => signers.push(key),
                None => account.is_signer = false,
            }
        }
        let mut world = self.world.fork();
        let sent = world.send(instruction.clone(), &signers.iter().collect::<Vec<_>>());
        let mut touched = self.instruction.accounts.iter().chain(&instruction.accounts);
        let has_changed_anything = touched.any(|account| {
            self.world.cluster.svm.get_account(&account.pubkey) != world.cluster.svm.get_account(&account.pubkey)
        });
        Trial { sent, has_changed_anything }
    }

    /// The call with the account at `address` in place `slot`.
    #[must_use]
    pub fn with_account(&self, slot: usize, address: Pubkey) -> Instruction {
        let mut instruction = self.instruction.clone();
        instruction.accounts[slot].pubkey = address;
        instruction
    }

    /// Accounts of every sort for place `slot`, without the right one.
    #[must_use]
    pub fn wrong_accounts(&mut self, slot: usize) -> Vec<WrongAccount> {
        let right = self.instruction.accounts[slot].pubkey;
        let mut wrong = named(&people());
        wrong.extend(named(&programs_and_sysvars()));
        wrong.extend(named(&self.strangers_and_mints()));
        let exists = |account: &WrongAccount| self.world.cluster.svm.get_account(&account.address).is_some();
        wrong.extend(named(&second_campaign()).into_iter().filter(exists));
        wrong.extend(self.same_bytes_elsewhere(&right));
        for (name, account) in self.slots.iter().zip(&self.instruction.accounts) {
            wrong.push(WrongAccount { name: format!("its own {name}"), address: account.pubkey });
        }
        wrong.retain(|account| account.address != right);
        wrong
    }

    /// The key of `address`, if somebody we know has it.
    fn key_of(&self, address: &Pubkey) -> Option<Keypair> {
        let people = (1..=6).map(keypair).chain(next_holders());
        self.signers.iter().map(Keypair::insecure_clone).chain(people).find(|key| key.pubkey() == *address)
    }

    /// A stranger's account of the call's token, if it has one, and mints that the call does not mean.
    fn strangers_and_mints(&mut self) -> [(&'static str, Pubkey); 4] {
        let world = &mut self.world;
        let [plain, extended] = [spl_token::ID, spl_token_2022::ID].map(|program| world.create_token(program));
        let place = |name| self.slots.iter().position(|slot| *slot == name);
        let address = |name| place(name).map(|slot| self.instruction.accounts[slot].pubkey);
        let own =
            address("mint").zip(address("token_program")).map(|(mint, token_program)| Asset { mint, token_program });
        let asset = own.filter(|asset| !asset.is_native()).unwrap_or(plain);
        let stranger = world.stranger.pubkey();
        for asset in [&asset, &plain] {
            world.open_account(asset, &stranger);
        }
        [
            ("the stranger's account of the token", asset.account_of(&stranger)),
            ("the stranger's account of another token", plain.account_of(&stranger)),
            ("another mint", plain.mint),
            ("another mint of Token-2022", extended.mint),
        ]
    }

    /// What stands at `right`, byte for byte, but belonging to another program.
    fn same_bytes_elsewhere(&mut self, right: &Pubkey) -> Option<WrongAccount> {
        let data = self.world.cluster.svm.get_account(right).filter(|account| !account.data.is_empty())?.data;
        let [address, program] = [30_000, 30_001].map(|number| keypair(number).pubkey());
        self.world.put_account(address, program, data);
        Some(WrongAccount { name: "the same bytes of another program".to_owned(), address })
    }
}

/// Everybody with a role, and nobody.
fn people() -> [(&'static str, Pubkey); 7] {
    let [admin, owner, publisher, guardian, stranger, treasury, nobody] =
        [1, 2, 3, 4, 5, 6, 40_000].map(|number| keypair(number).pubkey());
    [
        ("the admin", admin),
        ("the owner", owner),
        ("the publisher", publisher),
        ("the guardian", guardian),
        ("the stranger", stranger),
        ("the treasury", treasury),
        ("an address without an account", nobody),
    ]
}

fn programs_and_sysvars() -> [(&'static str, Pubkey); 6] {
    [
        ("the clock", Pubkey::from_str_const("SysvarC1ock11111111111111111111111111111111")),
        ("the system program", Asset::SOL.token_program),
        ("SPL Token", spl_token::ID),
        ("Token-2022", spl_token_2022::ID),
        ("the associated-token program", associated_token::ID),
        ("the program itself", torque::ID),
    ]
}

/// The accounts of the second campaign, of which the stranger may be a sponsor, and the settings.
fn second_campaign() -> [(&'static str, Pubkey); 7] {
    let owner = keypair(2).pubkey();
    let addresses = DistributorAddresses::new(owner, 2, Asset::SOL);
    let action = address::action(&owner, 2);
    [
        ("another distributor", addresses.distributor),
        ("another distributor's vault", addresses.vault),
        ("another distributor's epoch", addresses.epoch(0)),
        ("another distributor's sponsor account", address::sponsor(&addresses.distributor, &keypair(5).pubkey())),
        ("another action", action),
        ("another link", address::link(&action, &addresses.distributor)),
        ("the settings", address::config()),
    ]
}

fn named(accounts: &[(&str, Pubkey)]) -> Vec<WrongAccount> {
    accounts.iter().map(|(name, address)| WrongAccount { name: (*name).to_owned(), address: *address }).collect()
}
