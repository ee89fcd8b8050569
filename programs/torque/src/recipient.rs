//! The recipients of a push: who each leaf's wallet is, and whether its account can take a payment now.
//!
//! A token account names its owner, so the wallet of a leaf needs no bytes of its own in the transaction. Where there
//! is no such account the push names the wallet instead, and the leaf is proven but not paid.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::confidential_transfer::ConfidentialTransferAccount;
use anchor_spl::token_2022::spl_token_2022::extension::memo_transfer::MemoTransfer;
use anchor_spl::token_2022::spl_token_2022::extension::{BaseStateWithExtensions, StateWithExtensions};
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;

use pinocchio::AccountView;
use pinocchio::address::address_eq;

use crate::error::TorqueError;
use crate::events::SkipReason;
use crate::state::Distributor;
use crate::token_account::{AssociatedAddresses, TokenAccount, is_extended};

/// A leaf's wallet and the account that would be credited.
pub struct Recipient {
    /// The wallet that the leaf names.
    pub wallet: Pubkey,
    /// The account to credit, or why there is none.
    pub account: std::result::Result<AccountView, SkipReason>,
}

impl Recipient {
    /// A wallet that the push does not try to pay.
    #[must_use]
    pub fn absent(wallet: Pubkey) -> Self {
        Self { wallet, account: Err(SkipReason::Absent) }
    }

    /// The wallet itself, to be credited with lamports.
    #[must_use]
    pub fn of_lamports(account: AccountView) -> Self {
        let is_creditable = account.is_writable() && !account.executable();
        Self {
            wallet: *account.address(),
            account: if is_creditable { Ok(account) } else { Err(SkipReason::NotCreditable) },
        }
    }

    /// The owner of the associated token account `account`, whose address has the bump `bump` among the `addresses` of
    /// the distributor's mint.
    ///
    /// # Errors
    /// `RecipientAccountMissing` when it is no token account of the distributor's mint, `RecipientAccountNotAssociated`
    /// when it is not its owner's associated one.
    #[inline(always)]
    pub fn of_tokens(
        account: AccountView,
        bump: u8,
        addresses: &mut AssociatedAddresses,
        distributor: &Distributor,
    ) -> Result<Self> {
        let is_token_account = address_eq(account.owner(), &distributor.token_program);
        ensure!(is_token_account, TorqueError::RecipientAccountMissing);
        let data = account.try_borrow()?;
        let TokenAccount { mint, owner, is_frozen, .. } =
            TokenAccount::read(&data).ok_or(TorqueError::RecipientAccountMissing)?;
        ensure!(address_eq(mint, &distributor.mint), TorqueError::RecipientAccountMissing);
        let is_associated = addresses.has(account.address(), owner, bump);
        ensure!(is_associated, TorqueError::RecipientAccountNotAssociated);
        let account = match is_extended(&data).then(|| refusal(&data)).flatten() {
            _ if is_frozen => Err(SkipReason::Frozen),
            Some(reason) => Err(reason),
            None if !account.is_writable() => Err(SkipReason::NotCreditable),
            None => Ok(account),
        };
        Ok(Self { wallet: *owner, account })
    }
}

/// Why the token account in `data` takes no transfer that a program makes: it insists on a memo, which such a transfer
/// cannot have, or on credits that are confidential.
pub(crate) fn refusal(data: &[u8]) -> Option<SkipReason> {
    if !is_extended(data) {
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
