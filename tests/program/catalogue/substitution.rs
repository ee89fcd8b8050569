//! C-024 to C-026: a leaf of one asset is not paid from another's vault, under another mint, or by another program.

use anchor_spl::{token, token_2022};
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, EPOCH};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::error::TorqueError;
use torque::state::Mode;

use super::stage::{expect_paid, open, together};

/// The errors for an account in the wrong place; by number, because the token program has errors of its own.
fn code(refusal: TorqueError) -> Option<u32> {
    Some(u32::from(refusal))
}

/// Two open campaigns of one mode whose assets differ, with the same payments.
struct Pair {
    world: World,
    one: (Campaign, Allocations),
    other: (Campaign, Allocations),
}

/// Campaigns that pay the assets of `assets`.
fn pair(mode: Mode, assets: impl FnOnce(&mut World) -> [Asset; 2]) -> Pair {
    let mut world = World::new();
    let [one, other] = assets(&mut world);
    let (one, other) = (Campaign::funded(&mut world, one, mode, 1), Campaign::funded(&mut world, other, mode, 2));
    world.pass(EPOCH);
    let (of_one, of_other) = (one.allocations(0, 4), other.allocations(0, 4));
    open(&mut world, &[(&one, &of_one), (&other, &of_other)]);
    Pair { world, one: (one, of_one), other: (other, of_other) }
}

impl Pair {
    /// The right payment of leaf 1 of `one`.
    fn right(&self) -> Instruction {
        let (campaign, list) = &self.one;
        match campaign.mode {
            Mode::Claim => campaign.claim_instruction(list, 1),
            Mode::Push => campaign.push_instruction(list, campaign.plan_push(list, 1, 0)),
        }
    }

    /// Refuses the payment of leaf 1 of `one` with the accounts `swaps` exchanged, and returns the number of the error.
    #[track_caller]
    fn refuse(&mut self, swaps: &[(Pubkey, Pubkey)]) -> Option<u32> {
        let mut payment = self.right();
        for account in &mut payment.accounts {
            account.pubkey =
                swaps.iter().find(|(from, _)| *from == account.pubkey).map_or(account.pubkey, |swap| swap.1);
        }
        let wallet = self.one.1.wallets[1].insecure_clone();
        let wallets = if self.one.0.mode == Mode::Claim { vec![&wallet] } else { Vec::new() };
        expect_unchanged_by(&mut self.world, |world| together(world, &[payment], &wallets))
    }

    /// Pays leaf 1 of `one` as it should be, and nothing else was paid.
    #[track_caller]
    fn pay(&mut self) {
        let (payment, wallet) = (self.right(), self.one.1.wallets[1].insecure_clone());
        let wallets = if self.one.0.mode == Mode::Claim { vec![&wallet] } else { Vec::new() };
        expect_success(together(&mut self.world, &[payment], &wallets));
        expect_paid(&self.world, &self.one.0, &self.one.1, &[1]);
        expect_paid(&self.world, &self.other.0, &self.other.1, &[]);
    }

    /// The accounts that differ: vault, mint, token program, and the wallet's own account.
    fn swaps(&self) -> [(Pubkey, Pubkey); 4] {
        let (one, other) = (&self.one.0.addresses, &self.other.0.addresses);
        let wallet = self.one.1.payments[1].recipient;
        [
            (one.vault, other.vault),
            (one.asset.mint, other.asset.mint),
            (one.asset.token_program, other.asset.token_program),
            (one.asset.account_of(&wallet), other.asset.account_of(&wallet)),
        ]
    }
}

/// C-024, in both modes: the other mint's vault, the mint alone, both, all of the other campaign but the distributor
/// and epoch, and the wallet's account of the other mint.
#[test]
fn c_024_a_leaf_of_one_mint_is_not_paid_from_the_vault_of_another() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut pair = pair(mode, |world| [world.create_token(token::ID), world.create_token(token::ID)]);
        let [vault, mint, _, account] = pair.swaps();
        assert_eq!(pair.refuse(&[vault]), code(TorqueError::VaultMismatch));
        assert_eq!(pair.refuse(&[mint]), code(TorqueError::MintMismatch));
        assert_eq!(pair.refuse(&[vault, mint]), code(TorqueError::VaultMismatch));
        assert_eq!(pair.refuse(&[vault, mint, account]), code(TorqueError::VaultMismatch));
        // A push looks at the account before the token program does.
        let missing = code(TorqueError::RecipientAccountMissing);
        let wrong_account = if mode == Mode::Claim { Some(SPL_MINT_MISMATCH) } else { missing };
        assert_eq!(pair.refuse(&[account]), wrong_account);
        let (one, other) = (&pair.one.0.addresses, &pair.other.0.addresses);
        let distributor = (one.distributor, other.distributor);
        assert_eq!(pair.refuse(&[vault, mint, account, distributor]), code(TorqueError::EpochMismatch));
        pair.pay();
    }
}

/// The token program's own refusal of an account of another mint.
const SPL_MINT_MISMATCH: u32 = 3;

/// C-025, each way: the other token program, with and without the mint, vault and account that go with it.
#[test]
fn c_025_a_leaf_of_one_token_program_is_not_paid_by_the_other() {
    for programs in [[token::ID, token_2022::ID], [token_2022::ID, token::ID]] {
        for mode in [Mode::Claim, Mode::Push] {
            let mut pair = pair(mode, |world| programs.map(|program| world.create_token(program)));
            let [vault, mint, program, account] = pair.swaps();
            assert_eq!(pair.refuse(&[program]), code(TorqueError::TokenProgramMismatch));
            assert_eq!(pair.refuse(&[program, mint]), code(TorqueError::MintMismatch));
            assert_eq!(pair.refuse(&[program, account]), code(TorqueError::TokenProgramMismatch));
            assert_eq!(pair.refuse(&[vault, mint, program, account]), code(TorqueError::VaultMismatch));
            // The wallet's address of the same mint under the other program, where no account can be.
            let wallet = pair.one.1.payments[1].recipient;
            let asset = pair.one.0.addresses.asset;
            let elsewhere = Asset { token_program: program.1, ..asset }.account_of(&wallet);
            pair.refuse(&[(asset.account_of(&wallet), elsewhere)]);
            pair.pay();
        }
    }
}

/// Wrapped SOL, with accounts for owner and treasury and enough of it.
fn wrapped_sol(world: &mut World) -> Asset {
    let asset = Asset { mint: token::spl_token::native_mint::ID, token_program: token::ID };
    let (owner, treasury) = (world.owner.insecure_clone(), world.treasury);
    create_native_mint(world);
    world.open_account(&asset, &owner.pubkey());
    world.open_account(&asset, &treasury);
    let account = asset.account_of(&owner.pubkey());
    let wrap = [
        anchor_lang::solana_program::system_instruction::transfer(&owner.pubkey(), &account, 10_000_000_000),
        token::spl_token::instruction::sync_native(&token::ID, &account).unwrap(),
    ];
    expect_success(world.cluster.send(&wrap, &[&owner]));
    asset
}

/// Puts the mint of wrapped SOL where every cluster has it: no authority, no supply, nine decimals.
fn create_native_mint(world: &mut World) {
    let model = world.create_token(token::ID).mint;
    let mut mint = world.cluster.account(&model).unwrap();
    mint.data.fill(0);
    // Decimals and whether it is initialized follow the authority (36 bytes) and the supply (8 bytes).
    (mint.data[44], mint.data[45]) = (9, 1);
    world.cluster.set_account(token::spl_token::native_mint::ID, mint).unwrap();
}

/// C-026, each way: the mint, the program, the vault and all of them, in both modes.
#[test]
fn c_026_a_leaf_of_sol_is_not_paid_as_wrapped_sol_nor_the_reverse() {
    for is_wrapped in [false, true] {
        for mode in [Mode::Claim, Mode::Push] {
            let mut pair = pair(mode, |world| {
                let wrapped = wrapped_sol(world);
                if is_wrapped { [wrapped, Asset::SOL] } else { [Asset::SOL, wrapped] }
            });
            let [vault, mint, program, account] = pair.swaps();
            assert_eq!(pair.refuse(&[vault]), code(TorqueError::VaultMismatch));
            for swaps in [vec![mint], vec![program], vec![mint, program]] {
                let refusal = pair.refuse(&swaps);
                let refusals = [code(TorqueError::MintMismatch), code(TorqueError::TokenProgramMismatch)];
                assert!(refusals.contains(&refusal), "{refusal:?}");
            }
            assert_eq!(pair.refuse(&[vault, mint, program]), code(TorqueError::VaultMismatch));
            if is_wrapped || mode == Mode::Push {
                pair.refuse(&[account]);
            }
            pair.pay();
        }
    }
}

/// C-026, the rule for destinations: a wallet may have its SOL sent to any account, so also to its account of wrapped
/// SOL, where it arrives as lamports; the leaf is paid once all the same.
#[test]
fn c_026_sol_claimed_into_an_account_of_wrapped_sol_arrives_as_lamports_once() {
    let Pair { mut world, one: (campaign, list), .. } = pair(Mode::Claim, |world| [Asset::SOL, wrapped_sol(world)]);
    let wrapped = Asset { mint: token::spl_token::native_mint::ID, token_program: token::ID };
    let wallet = &list.wallets[1];
    let destination = wrapped.account_of(&wallet.pubkey());
    let before = world.cluster.lamports(&destination);
    let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, list.leaf(1));
    expect_success(together(&mut world, std::slice::from_ref(&claim), &[wallet]));
    assert_eq!(world.cluster.lamports(&destination) - before, list.payments[1].amount);
    assert_eq!(world.balance(&wrapped, &wallet.pubkey()), 0);
    let refusal = TorqueError::LeafAlreadyPaid;
    expect_unchanged(&mut world, refusal, |world| together(world, &[claim], &[wallet]));
    tests::invariants::check(&world, &[&campaign]);
}
