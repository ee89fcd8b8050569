//! Mints and token accounts, under SPL Token and Token-2022 alike.

use anchor_spl::token_2022::spl_token_2022::extension::StateWithExtensions;
use anchor_spl::token_2022::spl_token_2022::instruction::{initialize_mint2, mint_to};
use anchor_spl::token_2022::spl_token_2022::state::{Account, Mint};
use solana_instruction::Instruction;
use solana_program_pack::Pack;
use solana_pubkey::Pubkey;
use solana_system_interface::instruction::create_account;
use spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent;

use super::address::Asset;
use super::error::ChainError;
use super::fetched::FetchedAccount;

/// Bytes of a mint without extensions.
pub const MINT_BYTES: usize = Mint::LEN;

/// The instructions that create the mint of `asset` with `authority`, and with one who may freeze accounts if it is
/// given; `payer` pays `rent` lamports.
///
/// # Errors
/// `Unbuildable` when the asset names no token program.
pub fn create(
    asset: &Asset,
    payer: &Pubkey,
    authority: &Pubkey,
    freeze_authority: Option<&Pubkey>,
    decimals: u8,
    rent: u64,
) -> Result<[Instruction; 2], ChainError> {
    let account = create_account(payer, &asset.mint, rent, MINT_BYTES as u64, &asset.token_program);
    let mint = initialize_mint2(&asset.token_program, &asset.mint, authority, freeze_authority, decimals);
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

/// Decimals of the mint in `account`, and the program that it belongs to.
///
/// # Errors
/// `WrongAccount`.
pub fn read(account: &FetchedAccount) -> Result<(u8, Pubkey), ChainError> {
    let mint = StateWithExtensions::<Mint>::unpack(&account.data);
    let mint = mint.map_err(|error| account.wrong("mint", error.to_string()))?;
    Ok((mint.base.decimals, account.owner))
}

/// Base units of `asset` in `account`, which is a wallet's token account, or the wallet for SOL; zero without an
/// account.
#[must_use]
pub fn balance(asset: &Asset, account: Option<&FetchedAccount>) -> u64 {
    let Some(account) = account else { return 0 };
    if asset.is_native() {
        return account.lamports;
    }
    StateWithExtensions::<Account>::unpack(&account.data).map_or(0, |account| account.base.amount)
}
