//! The recipients of a push: who each leaf's wallet is, and whether its account can take a payment now.
//!
//! A token account names its owner, so the wallet of a leaf needs no bytes of its own in the transaction. Where there
//! is no such account the push names the wallet instead, and the leaf is proven but not paid.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::confidential_transfer::ConfidentialTransferAccount;
use anchor_spl::token_2022::spl_token_2022::extension::memo_transfer::MemoTransfer;
use anchor_spl::token_2022::spl_token_2022::extension::{BaseStateWithExtensions, StateWithExtensions};
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;

use crate::error::TorqueError;
use crate::events::SkipReason;
use crate::state::Distributor;
use crate::token_account::{TokenAccount, is_associated};

/// A leaf's wallet and the account that would be credited.
pub struct Recipient<'info> {
    /// The wallet that the leaf names.
    pub wallet: Pubkey,
    /// The account to credit, or why there is none.
    pub account: std::result::Result<&'info AccountInfo<'info>, SkipReason>,
}

impl<'info> Recipient<'info> {
    /// A wallet that the push does not try to pay.
    #[must_use]
    pub fn absent(wallet: Pubkey) -> Self {
        Self { wallet, account: Err(SkipReason::Absent) }
    }

    /// The wallet itself, to be credited with lamports.
    #[must_use]
    pub fn of_lamports(account: &'info AccountInfo<'info>) -> Self {
        let is_creditable = account.is_writable && !account.executable;
        Self {
            wallet: account.key(),
            account: if is_creditable { Ok(account) } else { Err(SkipReason::NotCreditable) },
        }
    }

    /// The owner of the associated token account `account`, whose address has the bump `bump`.
    ///
    /// # Errors
    /// `RecipientAccountMissing` when it is no token account of the distributor's mint, `RecipientAccountNotAssociated`
    /// when it is not its owner's associated one.
    pub fn of_tokens(account: &'info AccountInfo<'info>, bump: u8, distributor: &Distributor) -> Result<Self> {
        require_keys_eq!(*account.owner, distributor.token_program, TorqueError::RecipientAccountMissing);
        let data = account.try_borrow_data()?;
        let TokenAccount { mint, owner, is_frozen, .. } =
            TokenAccount::read(&data).ok_or(TorqueError::RecipientAccountMissing)?;
        require_keys_eq!(mint, distributor.mint, TorqueError::RecipientAccountMissing);
        require!(
            is_associated(account.key, &owner, &distributor.token_program, &mint, bump),
            TorqueError::RecipientAccountNotAssociated
        );
        let refusal = if is_frozen {
            Some(SkipReason::Frozen)
        } else {
            refusal(&data).or((!account.is_writable).then_some(SkipReason::NotCreditable))
        };
        Ok(Self { wallet: owner, account: refusal.map_or(Ok(account), Err) })
    }
}

/// Why the token account in `data` takes no transfer that a program makes: it insists on a memo, which such a transfer
/// cannot have, or on credits that are confidential.
pub(crate) fn refusal(data: &[u8]) -> Option<SkipReason> {
    if !TokenAccount::is_extended(data) {
        return None;
    }
    let account = StateWithExtensions::<TokenAccountLayout>::unpack(data).ok()?;
    let memo = account.get_extension::<MemoTransfer>();
    if memo.is_ok_and(|memo| bool::from(memo.require_incoming_transfer_memos)) {
        return Some(SkipReason::MemoRequired);
    }
    let confidential = account.get_extension::<ConfidentialTransferAccount>();
    let is_closed = confidential.is_ok_and(|account| !bool::from(account.allow_non_confidential_credits));
    is_closed.then_some(SkipReason::PlainCreditRefused)
}
