//! Mints of Token-2022 with an extension, none of which a distributor may pay. Accounts with one are in `recipients`.

use anchor_spl::token_2022::spl_token_2022;
use crank::chain::address::Asset;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use solana_system_interface::instruction::create_account;
use spl_token_2022::extension::{
    ExtensionType, confidential_transfer, default_account_state, group_member_pointer, group_pointer,
    interest_bearing_mint, metadata_pointer, pausable, scaled_ui_amount, transfer_fee, transfer_hook,
};
use spl_token_2022::instruction as token_instruction;
use spl_token_2022::state::{AccountState, Mint};

use crate::assertions::expect_success;
use crate::world::{World, keypair};

/// Extensions that a mint can be created with, and the instruction for each.
#[must_use]
pub fn mint_extensions(mint: &Pubkey, authority: &Pubkey) -> Vec<(ExtensionType, Instruction)> {
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

impl World {
    /// A mint of Token-2022 with `extension`, which `initialize` gives it.
    pub fn create_extended_mint(&mut self, extension: ExtensionType, initialize: Instruction, key: u32) -> Asset {
        let (owner, mint) = (self.owner.insecure_clone(), keypair(key));
        let size = ExtensionType::try_calculate_account_len::<Mint>(&[extension]).unwrap();
        let (authority, token_program) = (owner.pubkey(), spl_token_2022::ID);
        let create = create_account(&authority, &mint.pubkey(), self.rent(size), size as u64, &token_program);
        let finish =
            token_instruction::initialize_mint2(&token_program, &mint.pubkey(), &authority, Some(&authority), 6);
        expect_success(self.cluster.send(&[create, initialize, finish.unwrap()], &[&owner, &mint]));
        Asset { mint: mint.pubkey(), token_program }
    }
}
