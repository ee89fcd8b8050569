//! Recipients who cannot be paid, each for a different reason: the account is frozen, requires a memo, refuses plain
//! credits, or was given away.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::{ExtensionType, confidential_transfer, cpi_guard, memo_transfer};
use spl_token_2022::instruction::{self, AuthorityType};

use crate::assertions::expect_success;
use crate::world::World;

/// Bytes of the extension with which a token account holds a hidden balance.
const CONFIDENTIAL_EXTENSION: usize = 295;

impl World {
    /// Freezes the token account at `address`, as the mint's freeze authority may.
    pub fn freeze(&mut self, asset: &Asset, address: &Pubkey) {
        let owner = self.owner.insecure_clone();
        let freeze =
            instruction::freeze_account(&asset.token_program, address, &asset.mint, &owner.pubkey(), &[]).unwrap();
        expect_success(self.send(freeze, &[&owner]));
    }

    /// Thaws the token account at `address`.
    pub fn thaw(&mut self, asset: &Asset, address: &Pubkey) {
        let owner = self.owner.insecure_clone();
        let thaw = instruction::thaw_account(&asset.token_program, address, &asset.mint, &owner.pubkey(), &[]).unwrap();
        expect_success(self.send(thaw, &[&owner]));
    }

    /// Makes the Token-2022 account of `wallet` require a memo with every payment.
    pub fn insist_on_memo(&mut self, asset: &Asset, wallet: &Keypair) {
        let (owner, program) = (self.owner.insecure_clone(), asset.token_program);
        let (account, wallet_key) = (asset.account_of(&wallet.pubkey()), wallet.pubkey());
        let extensions = [ExtensionType::MemoTransfer];
        let grow = instruction::reallocate(&program, &account, &owner.pubkey(), &wallet_key, &[], &extensions).unwrap();
        let insist =
            memo_transfer::instruction::enable_required_transfer_memos(&program, &account, &wallet_key, &[]).unwrap();
        expect_success(self.cluster.send(&[grow, insist], &[&owner, wallet]));
    }

    /// Makes the Token-2022 account of `wallet` take confidential credits only, or plain ones again.
    ///
    /// To become confidential an account needs proofs, which are not made here: the extension is written by hand, and
    /// the wallet then closes it to plain credits through the token program, as it would.
    pub fn refuse_plain_credits(&mut self, asset: &Asset, wallet: &Keypair, is_refused: bool) {
        let (program, owner) = (asset.token_program, wallet.pubkey());
        let account = asset.account_of(&owner);
        let is_confidential = self.cluster.account(&account).unwrap().data.len() > CONFIDENTIAL_EXTENSION;
        if !is_confidential {
            self.edit_data(&account, |data| {
                let mut extension = [0; CONFIDENTIAL_EXTENSION];
                // Approved; credits of both kinds are allowed.
                (extension[0], extension[261], extension[262]) = (1, 1, 1);
                data.extend((ExtensionType::ConfidentialTransferAccount as u16).to_le_bytes());
                data.extend((CONFIDENTIAL_EXTENSION as u16).to_le_bytes());
                data.extend(extension);
            });
            self.set_lamports(&account, self.rent(self.size(&account)));
        }
        let set = if is_refused {
            confidential_transfer::instruction::disable_non_confidential_credits
        } else {
            confidential_transfer::instruction::enable_non_confidential_credits
        };
        let (payer, set) = (self.owner.insecure_clone(), set(&program, &account, &owner, &[]).unwrap());
        expect_success(self.send(set, &[&payer, wallet]));
    }

    /// Lets no program move anything out of the Token-2022 account of `wallet`.
    pub fn guard_against_programs(&mut self, asset: &Asset, wallet: &Keypair) {
        let (owner, program) = (self.owner.insecure_clone(), asset.token_program);
        let (account, wallet_key) = (asset.account_of(&wallet.pubkey()), wallet.pubkey());
        let extensions = [ExtensionType::CpiGuard];
        let grow = instruction::reallocate(&program, &account, &owner.pubkey(), &wallet_key, &[], &extensions).unwrap();
        let guard = cpi_guard::instruction::enable_cpi_guard(&program, &account, &wallet_key, &[]).unwrap();
        expect_success(self.cluster.send(&[grow, guard], &[&owner, wallet]));
    }

    /// Gives the SPL Token account of `wallet` to `heir`, who then owns an account at another wallet's address.
    pub fn give_account_away(&mut self, asset: &Asset, wallet: &Keypair, heir: &Pubkey) {
        let (owner, account) = (self.owner.insecure_clone(), asset.account_of(&wallet.pubkey()));
        let (program, kind) = (asset.token_program, AuthorityType::AccountOwner);
        let give = instruction::set_authority(&program, &account, Some(heir), kind, &wallet.pubkey(), &[]).unwrap();
        expect_success(self.cluster.send(&[give], &[&owner, wallet]));
    }

    /// Empties the token account of `wallet` and closes it.
    pub fn close_account(&mut self, asset: &Asset, wallet: &Keypair) {
        let (owner, program, account) =
            (self.owner.insecure_clone(), asset.token_program, asset.account_of(&wallet.pubkey()));
        let (key, amount) = (wallet.pubkey(), self.balance(asset, &wallet.pubkey()));
        let to = asset.account_of(&owner.pubkey());
        let empty = instruction::transfer_checked(&program, &account, &asset.mint, &to, &key, &[], amount, 6).unwrap();
        let close = instruction::close_account(&program, &account, &owner.pubkey(), &key, &[]).unwrap();
        expect_success(self.cluster.send(&[empty, close], &[&owner, wallet]));
    }

    /// Sends `amount` base units from the owner's own account to the token account at `address`.
    pub fn send_tokens(&mut self, asset: &Asset, address: &Pubkey, amount: u64) {
        let owner = self.owner.insecure_clone();
        let (program, source) = (asset.token_program, asset.account_of(&owner.pubkey()));
        let decimals = self.decimals_of(asset);
        let transfer = instruction::transfer_checked(
            &program,
            &source,
            &asset.mint,
            address,
            &owner.pubkey(),
            &[],
            amount,
            decimals,
        );
        expect_success(self.send(transfer.unwrap(), &[&owner]));
    }
}
