//! Which mints a distributor may pay: every extension of Token-2022, allowed or refused, each with its reason.
//!
//! A mint is judged by what it can become, not by what it is: a power that is unused but still somebody's counts as
//! used, and one that was given up for good counts as absent. An extension is fixed when its mint is created, except
//! those that only describe. A mint can be closed and created anew only while nothing of it exists, which no funded
//! vault survives; so it is judged when a distributor is created and again at every funding, and never in between.
//!
//! What a freeze authority may do on any mint (stop an account, the vault included) is no reason to refuse an extension
//! that can do the same. What a transfer costs is in `transfer_fee`, what a recipient's account refuses in `recipient`.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::program_pack::Pack;
use anchor_spl::token_2022::spl_token_2022::extension::pausable::PausableConfig;
use anchor_spl::token_2022::spl_token_2022::extension::permanent_delegate::PermanentDelegate;
use anchor_spl::token_2022::spl_token_2022::extension::transfer_fee::{MAX_FEE_BASIS_POINTS, TransferFeeConfig};
use anchor_spl::token_2022::spl_token_2022::extension::transfer_hook::TransferHook;
use anchor_spl::token_2022::spl_token_2022::extension::{
    BaseStateWithExtensions, ExtensionType, PodStateWithExtensions,
};
use anchor_spl::token_2022::spl_token_2022::pod::PodMint;
use anchor_spl::token_2022::spl_token_2022::state::Mint as MintLayout;

use crate::error::TorqueError;

/// The decimals of `mint`, once it is known that a distributor may pay it.
///
/// # Errors
/// `MintInvalid` unless it is a mint of `token_program`, `MintExtensionRefused` for the table below.
pub fn decimals_of_payable(mint: &AccountInfo<'_>, token_program: &Pubkey) -> Result<u8> {
    require_keys_eq!(*mint.owner, *token_program, TorqueError::MintInvalid);
    let data = mint.try_borrow_data()?;
    // A token account is longer than a mint too, but says at byte 165 what it is; the base must decode first.
    let base = data.get(..MintLayout::LEN).ok_or(TorqueError::MintInvalid)?;
    let decimals = MintLayout::unpack(base).map_err(|_| TorqueError::MintInvalid)?.decimals;
    let is_payable = data.len() == MintLayout::LEN || has_only_allowed(&data).unwrap_or(false);
    require!(is_payable, TorqueError::MintExtensionRefused);
    Ok(decimals)
}

/// Whether every extension of the mint in `data` is allowed; an error for numbers and layouts that nobody knows.
fn has_only_allowed(data: &[u8]) -> Result<bool> {
    let mint = PodStateWithExtensions::<PodMint>::unpack(data)?;
    for extension in mint.get_extension_types()? {
        if !is_allowed(extension, &mint)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The table. There is no arm for the rest, so that an extension which a new version adds must be decided to compile.
fn is_allowed(extension: ExtensionType, mint: &PodStateWithExtensions<'_, PodMint>) -> Result<bool> {
    Ok(match extension {
        // Padding: nothing follows it.
        ExtensionType::Uninitialized => true,
        // The vault sends what arrives as promised. At 100 % nothing would arrive, now or two epochs from now.
        ExtensionType::TransferFeeConfig => {
            let config = mint.get_extension::<TransferFeeConfig>()?;
            let fees = [config.older_transfer_fee, config.newer_transfer_fee];
            fees.iter().all(|fee| u16::from(fee.transfer_fee_basis_points) < MAX_FEE_BASIS_POINTS)
        }
        // Only while there is no supply, hence nothing in a vault; what is created anew is judged at the next funding.
        ExtensionType::MintCloseAuthority => true,
        // A recipient could refuse plain credits, and with them the block that it is in.
        ExtensionType::ConfidentialTransferMint => false,
        // The same, and a part of the fee that nobody can see.
        ExtensionType::ConfidentialTransferFeeConfig => false,
        // A supply that nobody can see: whether nothing of a mint exists could not be told.
        ExtensionType::ConfidentialMintBurn => false,
        // No more than a freeze authority can do. A vault or a recipient that starts frozen waits to be thawed.
        ExtensionType::DefaultAccountState => true,
        // Could never be paid.
        ExtensionType::NonTransferable => false,
        // Changes what is displayed; amounts here are base units.
        ExtensionType::InterestBearingConfig => true,
        // Changes what is displayed; amounts here are base units.
        ExtensionType::ScaledUiAmount => true,
        // Could empty the vault. A delegate that was removed can never be named again.
        ExtensionType::PermanentDelegate => {
            Option::<Pubkey>::from(mint.get_extension::<PermanentDelegate>()?.delegate).is_none()
        }
        // A stranger's program in every payment: it could stop a block, want accounts that do not fit, or be changed
        // later. Resolving its accounts would not help against that. Harmless once neither a program nor an authority
        // is left, since neither can come back.
        ExtensionType::TransferHook => {
            let hook = mint.get_extension::<TransferHook>()?;
            Option::<Pubkey>::from(hook.program_id).is_none() && Option::<Pubkey>::from(hook.authority).is_none()
        }
        // No more than a freeze authority can do, who may freeze the vault. Paused for good nobody would be paid.
        ExtensionType::Pausable => {
            let pausable = mint.get_extension::<PausableConfig>()?;
            !bool::from(pausable.paused) || Option::<Pubkey>::from(pausable.authority).is_some()
        }
        // They describe.
        ExtensionType::MetadataPointer | ExtensionType::TokenMetadata => true,
        // They describe.
        ExtensionType::GroupPointer | ExtensionType::TokenGroup => true,
        // They describe.
        ExtensionType::GroupMemberPointer | ExtensionType::TokenGroupMember => true,
        // Of token accounts, never of a mint. What they mean for a recipient is in `recipient`: only one that insists
        // on memos is skipped, since a guard against programs guards what leaves an account.
        ExtensionType::TransferFeeAmount
        | ExtensionType::ConfidentialTransferAccount
        | ExtensionType::ConfidentialTransferFeeAmount
        | ExtensionType::ImmutableOwner
        | ExtensionType::MemoTransfer
        | ExtensionType::CpiGuard
        | ExtensionType::NonTransferableAccount
        | ExtensionType::TransferHookAccount
        | ExtensionType::PausableAccount => false,
    })
}
