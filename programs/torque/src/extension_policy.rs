//! Which mints a distributor may pay: every extension of Token-2022, allowed, refused, or a power that somebody has and
//! that the creator must accept; each with its reason.
//!
//! A mint is judged by what it can become, not by what it is: a power that is unused but still somebody's counts as
//! used, and one that was given up for good counts as absent. An extension is fixed when its mint is created, except
//! those that only describe. A mint can be closed and created anew only while nothing of it exists; so it is judged
//! when a distributor is created and again at every funding, and never in between.
//!
//! What cannot be prevented: an authority may pass to the owner, or the distributor to whoever has an authority, after
//! the last funding. The owner may also hold one by a second key, or through somebody who obeys. So what is refused
//! here unless it is accepted is the plain case, in which the owner's own key can stop or take what it promised.
//!
//! What a transfer costs is in `transfer_fee`, what a recipient's account refuses in `recipient`.

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
use crate::powers::Powers;

/// What a distributor must know of a mint that it may pay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayableMint {
    /// Its decimals.
    pub decimals: u8,
    /// What somebody can do to it, and what the owner can.
    pub powers: Powers,
}

/// A power over a mint and the key that has it, if it is anybody's.
type Power = (Powers, Option<Pubkey>);

/// What an extension means for a distributor.
enum Verdict {
    /// Harmless.
    Allowed,
    /// Never payable, whatever is accepted.
    Refused,
    /// Payable if the creator accepts the power.
    Gives(Power),
}

/// Why no transfer of a mint succeeds at present.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stop {
    /// Its transfers are paused.
    Paused,
    /// Its transfers call a program.
    Hooked,
}

/// What stops every transfer of the mint in `data` now, if something does.
#[must_use]
pub fn stop(data: &[u8]) -> Option<Stop> {
    let mint = PodStateWithExtensions::<PodMint>::unpack(data).ok()?;
    let is_paused = mint.get_extension::<PausableConfig>().is_ok_and(|pausable| bool::from(pausable.paused));
    let hook = mint.get_extension::<TransferHook>().ok().and_then(|hook| Option::<Pubkey>::from(hook.program_id));
    is_paused.then_some(Stop::Paused).or(hook.map(|_| Stop::Hooked))
}

impl PayableMint {
    /// Reads `mint`, a mint of `token_program`, for a distributor whose owner has the keys `owners`.
    ///
    /// # Errors
    /// `MintInvalid` unless it is a mint of `token_program`, `MintExtensionRefused` for the table below.
    pub fn read(mint: &AccountInfo<'_>, token_program: &Pubkey, owners: &[Pubkey]) -> Result<Self> {
        ensure_same!(*mint.owner, *token_program, TorqueError::MintInvalid);
        Self::of_data(&mint.try_borrow_data()?, owners)
    }

    /// The same of the bytes of a mint, for clients.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_data(data: &[u8], owners: &[Pubkey]) -> Result<Self> {
        // A token account is longer than a mint too, but says at byte 165 what it is; the base must decode first.
        let base = data.get(..MintLayout::LEN).ok_or(TorqueError::MintInvalid)?;
        let base = MintLayout::unpack(base).map_err(|_| TorqueError::MintInvalid)?;
        let mut powers = Powers::NONE;
        let mut count = |(power, holder): Power| {
            let is_owners = holder.is_some_and(|holder| owners.contains(&holder));
            powers = powers.with(power).with(if is_owners { power.of_owner() } else { Powers::NONE });
        };
        if let Some(holder) = base.freeze_authority.into() {
            count((Powers::FREEZE, Some(holder)));
        }
        let is_payable = data.len() == MintLayout::LEN || count_extensions(data, count).unwrap_or(false);
        ensure!(is_payable, TorqueError::MintExtensionRefused);
        Ok(Self { decimals: base.decimals, powers })
    }
}

/// Whether no extension of the mint in `data` is refused, of which each power is told to `count`; an error for numbers
/// and layouts that nobody knows.
fn count_extensions(data: &[u8], mut count: impl FnMut(Power)) -> Result<bool> {
    let mint = PodStateWithExtensions::<PodMint>::unpack(data)?;
    for extension in mint.get_extension_types()? {
        match verdict(extension, &mint)? {
            Verdict::Allowed => {}
            Verdict::Refused => return Ok(false),
            Verdict::Gives(power) => count(power),
        }
    }
    Ok(true)
}

/// A power that is nobody's, once its authority was given up, can never be used again.
fn power(power: Powers, holder: impl Into<Option<Pubkey>>) -> Verdict {
    holder.into().map_or(Verdict::Allowed, |holder| Verdict::Gives((power, Some(holder))))
}

/// The table. There is no arm for the rest, so that an extension which a new version adds must be decided to compile.
fn verdict(extension: ExtensionType, mint: &PodStateWithExtensions<'_, PodMint>) -> Result<Verdict> {
    Ok(match extension {
        // Padding: nothing follows it.
        ExtensionType::Uninitialized => Verdict::Allowed,
        // The vault sends what arrives as promised. At 100 % nothing would arrive, now or two epochs from now. A fee
        // that nobody can change is a price and no power.
        ExtensionType::TransferFeeConfig => {
            let config = mint.get_extension::<TransferFeeConfig>()?;
            let fees = [config.older_transfer_fee, config.newer_transfer_fee];
            let is_payable = fees.iter().all(|fee| u16::from(fee.transfer_fee_basis_points) < MAX_FEE_BASIS_POINTS);
            let by_authority = power(Powers::TRANSFER_FEE, config.transfer_fee_config_authority);
            if is_payable { by_authority } else { Verdict::Refused }
        }
        // Only while there is no supply, hence nothing in a vault; what is created anew is judged at the next funding.
        ExtensionType::MintCloseAuthority => Verdict::Allowed,
        // A recipient can refuse plain credits: it is skipped, and the others of its block are paid. The supply, which
        // tells whether anything of a mint exists, stays plain.
        ExtensionType::ConfidentialTransferMint => Verdict::Gives((Powers::CONFIDENTIAL_TRANSFERS, None)),
        // Hides what transfers between hidden balances cost. A vault's balance is never hidden, nor its fees.
        ExtensionType::ConfidentialTransferFeeConfig => Verdict::Gives((Powers::CONFIDENTIAL_TRANSFERS, None)),
        // A supply that nobody can see: a mint could be closed and created anew while a vault holds some of it.
        ExtensionType::ConfidentialMintBurn => Verdict::Refused,
        // Only a freeze authority can set it, which is counted. A vault or a recipient that starts frozen waits.
        ExtensionType::DefaultAccountState => Verdict::Allowed,
        // Could never be paid.
        ExtensionType::NonTransferable => Verdict::Refused,
        // Changes what is displayed; amounts here are base units.
        ExtensionType::InterestBearingConfig => Verdict::Allowed,
        // Changes what is displayed; amounts here are base units.
        ExtensionType::ScaledUiAmount => Verdict::Allowed,
        // Can empty the vault. A delegate that was removed can never be named again.
        ExtensionType::PermanentDelegate => {
            power(Powers::PERMANENT_DELEGATE, mint.get_extension::<PermanentDelegate>()?.delegate)
        }
        // A stranger's program in every payment: it could stop a block, want accounts that do not fit, or be changed
        // later. Resolving its accounts would not help against that. Whoever can name one later can stop payments.
        ExtensionType::TransferHook => {
            let hook = mint.get_extension::<TransferHook>()?;
            let is_called = Option::<Pubkey>::from(hook.program_id).is_some();
            if is_called { Verdict::Refused } else { power(Powers::TRANSFER_HOOK, hook.authority) }
        }
        // Paused for good nobody would be paid.
        ExtensionType::Pausable => {
            let pausable = mint.get_extension::<PausableConfig>()?;
            let is_for_good = bool::from(pausable.paused) && Option::<Pubkey>::from(pausable.authority).is_none();
            if is_for_good { Verdict::Refused } else { power(Powers::PAUSE, pausable.authority) }
        }
        // They describe.
        ExtensionType::MetadataPointer | ExtensionType::TokenMetadata => Verdict::Allowed,
        // They describe.
        ExtensionType::GroupPointer | ExtensionType::TokenGroup => Verdict::Allowed,
        // They describe.
        ExtensionType::GroupMemberPointer | ExtensionType::TokenGroupMember => Verdict::Allowed,
        // Of token accounts, never of a mint. What they mean for a recipient is in `recipient`: only one that insists
        // on memos or refuses plain credits is skipped, since a guard against programs guards what leaves an account.
        ExtensionType::TransferFeeAmount
        | ExtensionType::ConfidentialTransferAccount
        | ExtensionType::ConfidentialTransferFeeAmount
        | ExtensionType::ImmutableOwner
        | ExtensionType::MemoTransfer
        | ExtensionType::CpiGuard
        | ExtensionType::NonTransferableAccount
        | ExtensionType::TransferHookAccount
        | ExtensionType::PausableAccount => Verdict::Refused,
    })
}
