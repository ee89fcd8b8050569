//! What it costs to move a token whose mint takes a fee of every transfer, so that a wallet gets what it was promised.
//!
//! The sender pays for it: a funder sends more than arrives in the vault, and the vault sends more than arrives at
//! a wallet. The fee of a mint may change at an epoch of the chain, announced two epochs before. A payment goes by the
//! fee in force; what an epoch reserves goes by the dearer of the one in force and the one announced. The protocol's
//! own fee is in `fee`.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::program_pack::Pack;
use anchor_spl::token_2022::spl_token_2022::extension::transfer_fee::{
    MAX_FEE_BASIS_POINTS, TransferFee, TransferFeeAmount, TransferFeeConfig,
};
use anchor_spl::token_2022::spl_token_2022::extension::{BaseStateWithExtensions, PodStateWithExtensions};
use anchor_spl::token_2022::spl_token_2022::pod::{PodAccount, PodMint};
use anchor_spl::token_2022::spl_token_2022::state::{Account as TokenAccountLayout, Mint as MintLayout};
use anchor_spl::token_2022_extensions::transfer_fee::{
    HarvestWithheldTokensToMint, TransferCheckedWithFee, harvest_withheld_tokens_to_mint, transfer_checked_with_fee,
};
use anchor_spl::token_interface::{self, TransferChecked};

use crate::error::TorqueError;

/// The fee that transfers of `mint` cost now: nothing for SOL and for a mint that takes none.
///
/// # Errors
/// Those of the runtime.
pub fn in_force(mint: &AccountInfo<'_>) -> Result<TransferFee> {
    let Some(config) = config(mint)? else { return Ok(TransferFee::default()) };
    Ok(*config.get_epoch_fee(Clock::get()?.epoch))
}

/// A fee that is as dear for any amount as each of those that are in force now or announced.
///
/// # Errors
/// Those of the runtime.
pub fn dearest(mint: &AccountInfo<'_>) -> Result<TransferFee> {
    let Some(config) = config(mint)? else { return Ok(TransferFee::default()) };
    Ok(dearer(config.get_epoch_fee(Clock::get()?.epoch), &config.newer_transfer_fee))
}

/// A fee that is as dear for any amount as either: the higher rate with the higher maximum, unless one costs nothing.
///
/// For leaves of which some are paid under the one and some under the other, neither alone would be enough.
#[must_use]
pub fn dearer(one: &TransferFee, other: &TransferFee) -> TransferFee {
    let is_free = |fee: &TransferFee| u16::from(fee.transfer_fee_basis_points) == 0 || u64::from(fee.maximum_fee) == 0;
    if is_free(one) {
        return *other;
    }
    if is_free(other) {
        return *one;
    }
    let rates = [one, other].map(|fee| u16::from(fee.transfer_fee_basis_points));
    let maxima = [one, other].map(|fee| u64::from(fee.maximum_fee));
    TransferFee {
        epoch: one.epoch,
        maximum_fee: maxima[0].max(maxima[1]).into(),
        transfer_fee_basis_points: rates[0].max(rates[1]).into(),
    }
}

/// The least that must be sent so that exactly `net` arrives; nothing if no amount does that.
#[must_use]
pub fn gross(fee: &TransferFee, net: u64) -> Option<u64> {
    fee.calculate_pre_fee_amount(net)
}

/// The most that an epoch of `budget` takes out of a vault at the dearest of the fees of `mint`, without the unit for
/// which each further payment may be rounded up; `u64::MAX` for what no vault holds.
///
/// # Errors
/// Those of the runtime.
pub fn gross_budget(mint: &AccountInfo<'_>, budget: u64) -> Result<u64> {
    Ok(reservation(&dearest(mint)?, budget, 1).unwrap_or(u64::MAX))
}

/// The most that must be sent so that `total` arrives in `parts` transfers, however it is divided up.
///
/// # Errors
/// `ArithmeticOverflow` past `u64`.
pub fn reservation(fee: &TransferFee, total: u64, parts: u32) -> Result<u64> {
    let (rate, maximum) = (u16::from(fee.transfer_fee_basis_points), u64::from(fee.maximum_fee));
    if rate == 0 {
        return Ok(total);
    }
    let (whole, net, parts) = (u128::from(MAX_FEE_BASIS_POINTS), u128::from(total), u128::from(parts));
    let by_maximum = u128::from(maximum).checked_mul(parts).and_then(|fees| fees.checked_add(net));
    // Each part is rounded up by less than one, so all by less than their number. At 100 % nothing would arrive.
    let kept = whole.checked_sub(u128::from(rate)).filter(|kept| *kept > 0);
    let by_rate = kept.and_then(|kept| net.checked_mul(whole)?.div_ceil(kept).checked_add(parts.saturating_sub(1)));
    let least = by_maximum.into_iter().chain(by_rate).min().and_then(|least| u64::try_from(least).ok());
    Ok(least.ok_or(TorqueError::ArithmeticOverflow)?)
}

/// Who sends what to whom.
pub struct Transfer<'a, 'info> {
    /// The account that is debited.
    pub from: &'a AccountInfo<'info>,
    /// Of both accounts.
    pub mint: &'a AccountInfo<'info>,
    /// The account that is credited.
    pub to: &'a AccountInfo<'info>,
    /// Owns the debited account and signs.
    pub authority: &'a AccountInfo<'info>,
    /// Moves it.
    pub token_program: &'a AccountInfo<'info>,
    /// Of the mint.
    pub decimals: u8,
}

impl Transfer<'_, '_> {
    /// Sends `gross` base units of which `net` arrive; the token program refuses if it would be any other number.
    ///
    /// # Errors
    /// `ArithmeticOverflow` if more would arrive than is sent, and those of the token program.
    pub fn send(&self, gross: u64, net: u64, seeds: &[&[&[u8]]]) -> Result<()> {
        let fee = gross.checked_sub(net).ok_or(TorqueError::ArithmeticOverflow)?;
        if fee == 0 {
            let accounts = TransferChecked {
                from: self.from.clone(),
                mint: self.mint.clone(),
                to: self.to.clone(),
                authority: self.authority.clone(),
            };
            let ctx = CpiContext::new_with_signer(self.token_program.key(), accounts, seeds);
            return token_interface::transfer_checked(ctx, gross, self.decimals);
        }
        let accounts = TransferCheckedWithFee {
            token_program_id: self.token_program.clone(),
            source: self.from.clone(),
            mint: self.mint.clone(),
            destination: self.to.clone(),
            authority: self.authority.clone(),
        };
        let ctx = CpiContext::new_with_signer(self.token_program.key(), accounts, seeds);
        transfer_checked_with_fee(ctx, gross, self.decimals, fee)
    }
}

/// Moves the fees that `account` holds back to `mint`, without which it cannot be closed. The mint must be writable.
///
/// # Errors
/// Those of the token program.
pub fn harvest<'info>(
    account: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    token_program: &AccountInfo<'info>,
) -> Result<()> {
    if withheld(&account.try_borrow_data()?) == 0 {
        return Ok(());
    }
    let accounts = HarvestWithheldTokensToMint { token_program_id: token_program.clone(), mint: mint.clone() };
    harvest_withheld_tokens_to_mint(CpiContext::new(token_program.key(), accounts), vec![account.clone()])
}

/// Base units of fees that the token account in `data` holds back.
fn withheld(data: &[u8]) -> u64 {
    if data.len() <= TokenAccountLayout::LEN {
        return 0;
    }
    let account = PodStateWithExtensions::<PodAccount>::unpack(data);
    account.map_or(0, |account| {
        account.get_extension::<TransferFeeAmount>().map_or(0, |amount| u64::from(amount.withheld_amount))
    })
}

fn config(mint: &AccountInfo<'_>) -> Result<Option<TransferFeeConfig>> {
    let data = mint.try_borrow_data()?;
    // Most mints end here, and what stands for SOL.
    if data.len() <= MintLayout::LEN {
        return Ok(None);
    }
    let mint = PodStateWithExtensions::<PodMint>::unpack(&data)?;
    Ok(mint.get_extension::<TransferFeeConfig>().ok().copied())
}
