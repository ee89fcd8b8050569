//! Mints of Token-2022 with extensions, those that a distributor may pay and those that it may not. Accounts with one
//! are in `recipients`, mints that take a fee of every transfer in `transfer_fees`.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::mint;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use solana_system_interface::instruction::create_account;
use spl_token_2022::extension::{
    ExtensionType, confidential_transfer, default_account_state, group_member_pointer, group_pointer,
    interest_bearing_mint, metadata_pointer, pausable, scaled_ui_amount, transfer_fee, transfer_hook,
};
use spl_token_2022::instruction::{self as token_instruction, AuthorityType};
use spl_token_2022::state::{AccountState, Mint};

use crate::assertions::expect_success;
use crate::world::{OWNER_TOKENS, World, keypair};

/// Extensions that a mint can be created with, and the instruction for each.
#[must_use]
pub fn mint_extensions(mint: &Pubkey, authority: &Pubkey) -> Vec<Initialisation> {
    let (id, some) = (&spl_token_2022::ID, Some(*authority));
    let hook = Some(torque::ID);
    [
        (
            ExtensionType::MintCloseAuthority,
            token_instruction::initialize_mint_close_authority(id, mint, Some(authority)),
        ),
        (ExtensionType::PermanentDelegate, token_instruction::initialize_permanent_delegate(id, mint, authority)),
        (ExtensionType::NonTransferable, token_instruction::initialize_non_transferable_mint(id, mint)),
        (
            ExtensionType::TransferFeeConfig,
            transfer_fee::instruction::initialize_transfer_fee_config(id, mint, Some(authority), Some(authority), 0, 0),
        ),
        (
            ExtensionType::DefaultAccountState,
            default_account_state::instruction::initialize_default_account_state(id, mint, &AccountState::Frozen),
        ),
        (ExtensionType::InterestBearingConfig, interest_bearing_mint::instruction::initialize(id, mint, some, 1)),
        (ExtensionType::TransferHook, transfer_hook::instruction::initialize(id, mint, some, hook)),
        (ExtensionType::MetadataPointer, metadata_pointer::instruction::initialize(id, mint, some, some)),
        (ExtensionType::GroupPointer, group_pointer::instruction::initialize(id, mint, some, some)),
        (ExtensionType::GroupMemberPointer, group_member_pointer::instruction::initialize(id, mint, some, some)),
        (ExtensionType::ScaledUiAmount, scaled_ui_amount::instruction::initialize(id, mint, some, 1.0)),
        (ExtensionType::Pausable, pausable::instruction::initialize(id, mint, authority)),
        (
            ExtensionType::ConfidentialTransferMint,
            confidential_transfer::instruction::initialize_mint(id, mint, some, true, None),
        ),
    ]
    .map(|(extension, instruction)| (extension, instruction.unwrap()))
    .into()
}

/// An extension and the instruction that gives it to a mint which is not initialised yet.
pub type Initialisation = (ExtensionType, Instruction);

impl World {
    /// A mint of Token-2022 with `extensions`, 6 decimals, all authorities with the owner, and no supply.
    pub fn create_extended_mint(&mut self, extensions: &[Initialisation], key: u32) -> Asset {
        self.create_mint_of_decimals(extensions, key, 6)
    }

    /// The same with other decimals.
    pub fn create_mint_of_decimals(&mut self, extensions: &[Initialisation], key: u32, decimals: u8) -> Asset {
        let (owner, mint) = (self.owner.insecure_clone(), keypair(key));
        let types: Vec<ExtensionType> = extensions.iter().map(|(extension, _)| *extension).collect();
        let size = ExtensionType::try_calculate_account_len::<Mint>(&types).unwrap();
        let (authority, token_program) = (owner.pubkey(), spl_token_2022::ID);
        let mut instructions =
            vec![create_account(&authority, &mint.pubkey(), self.rent(size), size as u64, &token_program)];
        instructions.extend(extensions.iter().map(|(_, initialize)| initialize.clone()));
        let freezer = Some(&authority);
        let finish = token_instruction::initialize_mint2(&token_program, &mint.pubkey(), &authority, freezer, decimals);
        instructions.push(finish.unwrap());
        expect_success(self.cluster.send(&instructions, &[&owner, &mint]));
        Asset { mint: mint.pubkey(), token_program }
    }

    /// Opens accounts of owner and treasury, thaws them if they start frozen, and issues the usual supply to the owner.
    pub fn issue(&mut self, asset: &Asset) {
        let owner = self.owner.insecure_clone();
        for wallet in [owner.pubkey(), self.treasury] {
            self.open_account(asset, &wallet);
            self.thaw_if_frozen(asset, &asset.account_of(&wallet));
        }
        let issue = mint::issue(asset, &owner.pubkey(), &owner.pubkey(), OWNER_TOKENS).unwrap();
        expect_success(self.send(issue, &[&owner]));
    }

    /// Gives up or hands over an authority of the mint that the owner has.
    pub fn set_mint_authority(&mut self, asset: &Asset, kind: AuthorityType, to: Option<&Pubkey>) {
        self.set_mint_authority_by(&self.owner.insecure_clone(), asset, kind, to);
    }

    /// The same of one that `holder` has; the owner pays.
    pub fn set_mint_authority_by(&mut self, holder: &Keypair, asset: &Asset, kind: AuthorityType, to: Option<&Pubkey>) {
        let (payer, program) = (self.owner.insecure_clone(), &asset.token_program);
        let set = token_instruction::set_authority(program, &asset.mint, to, kind, &holder.pubkey(), &[]).unwrap();
        let is_owner = holder.pubkey() == payer.pubkey();
        let signers = if is_owner { vec![holder] } else { vec![&payer, holder] };
        expect_success(self.send(set, &signers));
    }

    /// Closes a mint without supply, as its close authority may; its lamports go to the owner.
    pub fn close_mint(&mut self, asset: &Asset) {
        let owner = self.owner.insecure_clone();
        let (program, authority) = (&asset.token_program, &owner.pubkey());
        let close = token_instruction::close_account(program, &asset.mint, authority, authority, &[]).unwrap();
        expect_success(self.send(close, &[&owner]));
    }

    /// Pauses every transfer of a pausable mint, or lets them go on.
    pub fn pause_mint(&mut self, asset: &Asset, is_paused: bool) {
        let owner = self.owner.insecure_clone();
        let (program, mint, authority) = (&asset.token_program, &asset.mint, &owner.pubkey());
        let instruction = if is_paused {
            pausable::instruction::pause(program, mint, authority, &[])
        } else {
            pausable::instruction::resume(program, mint, authority, &[])
        };
        expect_success(self.send(instruction.unwrap(), &[&owner]));
    }

    /// Thaws the token account at `address`, if it is frozen.
    pub fn thaw_if_frozen(&mut self, asset: &Asset, address: &Pubkey) {
        // The state of a token account stands at byte 108; 2 is frozen.
        if self.cluster.account(address).unwrap().data[108] == 2 {
            self.thaw(asset, address);
        }
    }
}
