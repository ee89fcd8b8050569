//! Mints and token accounts, under SPL Token and Token-2022 alike.

use anchor_spl::token_2022::spl_token_2022::extension::StateWithExtensions;
use anchor_spl::token_2022::spl_token_2022::instruction::{initialize_mint2, mint_to};
use anchor_spl::token_2022::spl_token_2022::state::{Account, Mint};
use solana_instruction::Instruction;
use solana_program_pack::Pack;
use solana_pubkey::Pubkey;
use solana_system_interface::instruction::create_account;
use spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent;

use super::address::{Asset, DistributorAddresses};
use super::embedded::Embedded;
use super::error::ChainError;

/// Bytes of a mint without extensions.
pub const MINT_BYTES: usize = Mint::LEN;

/// The instructions that create the mint of `asset` with `authority`; `payer` pays `rent` lamports.
///
/// # Errors
/// `Unbuildable` when the asset names no token program.
pub fn create(
    asset: &Asset,
    payer: &Pubkey,
    authority: &Pubkey,
    decimals: u8,
    rent: u64,
) -> Result<[Instruction; 2], ChainError> {
    let account = create_account(payer, &asset.mint, rent, MINT_BYTES as u64, &asset.token_program);
    let mint = initialize_mint2(&asset.token_program, &asset.mint, authority, Some(authority), decimals);
    Ok([account, mint.map_err(|error| ChainError::Unbuildable(error.to_string()))?])
}

/// Mints `amount` base units to the associated account of `wallet`.
///
/// # Errors
/// `Unbuildable` when the asset names no token program.
pub fn issue(asset: &Asset, authority: &Pubkey, wallet: &Pubkey, amount: u64) -> Result<Instruction, ChainError> {
    mint_to(&asset.token_program, &asset.mint, &asset.account_of(wallet), authority, &[], amount)
        .map_err(|error| ChainError::Unbuildable(error.to_string()))
}

/// Creates the associated account of `wallet`, if there is none.
#[must_use]
pub fn open_account(asset: &Asset, payer: &Pubkey, wallet: &Pubkey) -> Instruction {
    create_associated_token_account_idempotent(payer, wallet, &asset.mint, &asset.token_program)
}

/// Decimals of the mint at `address`, and the program that owns it.
///
/// # Errors
/// `NoAccount`, `WrongAccount`.
pub fn read(cluster: &Embedded, address: &Pubkey) -> Result<(u8, Pubkey), ChainError> {
    let account = cluster.svm.get_account(address).ok_or(ChainError::NoAccount(*address))?;
    let mint = StateWithExtensions::<Mint>::unpack(&account.data).map_err(|error| ChainError::WrongAccount {
        address: *address,
        expected: "mint",
        reason: error.to_string(),
    })?;
    Ok((mint.base.decimals, account.owner))
}

/// Base units of `asset` that `wallet` holds; zero without an account.
#[must_use]
pub fn balance(cluster: &Embedded, asset: &Asset, wallet: &Pubkey) -> u64 {
    let address = asset.account_of(wallet);
    if asset.is_native() {
        return cluster.lamports(&address);
    }
    account_balance(cluster, &address)
}

/// Base units in the token account at `address`; zero if there is none.
#[must_use]
pub fn account_balance(cluster: &Embedded, address: &Pubkey) -> u64 {
    let Some(account) = cluster.svm.get_account(address) else { return 0 };
    StateWithExtensions::<Account>::unpack(&account.data).map_or(0, |account| account.base.amount)
}

/// Base units in the vault of a distributor, without a SOL vault's rent.
#[must_use]
pub fn vault_balance(cluster: &Embedded, addresses: &DistributorAddresses) -> u64 {
    if addresses.asset.is_native() {
        let rent = cluster.svm.minimum_balance_for_rent_exemption(0);
        return cluster.lamports(&addresses.vault).saturating_sub(rent);
    }
    account_balance(cluster, &addresses.vault)
}
