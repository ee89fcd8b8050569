//! What it costs to move a token whose mint takes a fee of every transfer, so that a wallet gets what it was promised.
//!
//! The sender pays for it: a funder sends more than arrives in the vault, and the vault sends more than arrives at
//! a wallet. The fee of a mint may change at an epoch of the chain, announced two epochs before. A payment goes by the
//! fee in force; what an epoch reserves goes by the dearer of the one in force and the one announced. The protocol's
//! own fee is in `fee`.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::{AccountMeta, Instruction};
use anchor_lang::solana_program::program::invoke_signed;
use anchor_lang::solana_program::program_pack::Pack;
use anchor_spl::token_2022::spl_token_2022::extension::transfer_fee::{
    MAX_FEE_BASIS_POINTS, TransferFee, TransferFeeAmount, TransferFeeConfig,
};
use anchor_spl::token_2022::spl_token_2022::extension::{BaseStateWithExtensions, PodStateWithExtensions};
use anchor_spl::token_2022::spl_token_2022::pod::{PodAccount, PodMint};
use anchor_spl::token_2022::spl_token_2022::state::{Account as TokenAccountLayout, Mint as MintLayout};
use anchor_spl::token_2022_extensions::transfer_fee::{HarvestWithheldTokensToMint, harvest_withheld_tokens_to_mint};

use crate::error::TorqueError;

/// The fee that transfers of the mint with the bytes `mint` cost now: nothing for SOL and for a mint that takes none.
///
/// # Errors
/// Those of the runtime.
pub fn in_force(mint: &[u8]) -> Result<TransferFee> {
    let Some(config) = config(mint)? else { return Ok(TransferFee::default()) };
    Ok(*config.get_epoch_fee(Clock::get()?.epoch))
}

/// A fee that is as dear for any amount as each of those that are in force now or announced.
///
/// # Errors
/// Those of the runtime.
pub fn dearest(mint: &AccountInfo<'_>) -> Result<TransferFee> {
    let Some(config) = config(&mint.try_borrow_data()?)? else { return Ok(TransferFee::default()) };
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
#[inline(always)]
#[must_use]
pub fn gross(fee: &TransferFee, net: u64) -> Option<u64> {
    // What most mints take; the rest is a function.
    if u16::from(fee.transfer_fee_basis_points) == 0 { Some(net) } else { fee.calculate_pre_fee_amount(net) }
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

/// The number of `TransferChecked` among the instructions of SPL Token and of Token-2022.
pub const TRANSFER_CHECKED: u8 = 12;
/// The number of the extension for transfer fees among the instructions of Token-2022, and the number of
/// `TransferCheckedWithFee` among those of the extension.
const TRANSFER_CHECKED_WITH_FEE: [u8; 2] = [26, 1];

/// The data of a transfer: `TransferChecked`, or `TransferCheckedWithFee` where the mint takes a fee.
pub enum TransferData {
    /// Ten bytes.
    Free([u8; 10]),
    /// Nineteen bytes.
    WithFee([u8; 19]),
}

impl TransferData {
    /// Of a transfer of `gross` base units, of which `net` arrive, of a token with `decimals`. The token program
    /// refuses unless the difference is just the fee that it takes.
    ///
    /// # Errors
    /// `ArithmeticOverflow` if more would arrive than is sent.
    #[inline(always)]
    pub fn new(gross: u64, net: u64, decimals: u8) -> Result<Self> {
        let fee = gross.checked_sub(net).ok_or(TorqueError::ArithmeticOverflow)?;
        let [a, b, c, d, e, f, g, h] = gross.to_le_bytes();
        if fee == 0 {
            return Ok(Self::Free([TRANSFER_CHECKED, a, b, c, d, e, f, g, h, decimals]));
        }
        let [first, second] = TRANSFER_CHECKED_WITH_FEE;
        let [i, j, k, l, m, n, o, p] = fee.to_le_bytes();
        Ok(Self::WithFee([first, second, a, b, c, d, e, f, g, h, decimals, i, j, k, l, m, n, o, p]))
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Self::Free(bytes) => bytes,
            Self::WithFee(bytes) => bytes,
        }
    }
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
    /// Those of [`TransferData::new`] and of the token program.
    pub fn send(&self, gross: u64, net: u64, seeds: &[&[&[u8]]]) -> Result<()> {
        let instruction = Instruction {
            program_id: self.token_program.key(),
            accounts: vec![
                AccountMeta::new(self.from.key(), false),
                AccountMeta::new_readonly(self.mint.key(), false),
                AccountMeta::new(self.to.key(), false),
                AccountMeta::new_readonly(self.authority.key(), true),
            ],
            data: TransferData::new(gross, net, self.decimals)?.as_slice().to_vec(),
        };
        let accounts = [self.from, self.mint, self.to, self.authority].map(AccountInfo::clone);
        Ok(invoke_signed(&instruction, &accounts, seeds)?)
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

fn config(data: &[u8]) -> Result<Option<TransferFeeConfig>> {
    // Most mints end here, and what stands for SOL.
    if data.len() <= MintLayout::LEN {
        return Ok(None);
    }
    let mint = PodStateWithExtensions::<PodMint>::unpack(data)?;
    Ok(mint.get_extension::<TransferFeeConfig>().ok().copied())
}
