//! Tokens of regulated issuers, with exactly the extensions that they have on the main network, and what their issuer
//! can do with them.
//!
//! The lists are those that explorers and `spl-token display` show for the mints named below, as several public
//! projects published them in 2026; the powers are in the hands of one key there too. Extensions one by one are in
//! `extensions`.

use anchor_spl::token_2022::spl_token_2022;
use anchor_spl::token_2022_extensions::spl_token_metadata_interface;
use crank_cluster::address::Asset;
use crank_cluster::mint;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use solana_system_interface::instruction::create_account;
use spl_token_2022::extension::{
    ExtensionType, confidential_transfer, confidential_transfer_fee, default_account_state, metadata_pointer, pausable,
    scaled_ui_amount, transfer_fee, transfer_hook,
};
use spl_token_2022::instruction as token_instruction;
use spl_token_2022::state::{AccountState, Mint};
use torque::powers::Powers;

use crate::assertions::{Sent, expect_success};
use crate::extensions::Initialisation;
use crate::world::{OWNER_TOKENS, World, keypair};

/// A token of a regulated issuer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Issued {
    /// `PayPal` USD, `2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo`.
    Pyusd,
    /// Global Dollar, `2u1tszSeqZ3qBWF3uNGPFc8TzMk2tdiwknnRMWGWjGWH`.
    Usdg,
    /// A tokenised share of Backed, such as Tesla's, `XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB`.
    XStock,
}

/// All of them.
pub const ISSUED: [Issued; 3] = [Issued::Pyusd, Issued::Usdg, Issued::XStock];
/// The base units that the issuer's own metadata needs at most, as bytes of rent.
const METADATA_BYTES: usize = 300;

/// The key that has every power over these tokens.
#[must_use]
pub fn issuer() -> Keypair {
    keypair(71)
}

impl Issued {
    /// Its name and symbol.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Pyusd => ("PayPal USD", "PYUSD"),
            Self::Usdg => ("Global Dollar", "USDG"),
            Self::XStock => ("Tesla xStock", "TSLAx"),
        }
    }

    /// Its decimals.
    #[must_use]
    pub fn decimals(self) -> u8 {
        if self == Self::XStock { 8 } else { 6 }
    }

    /// What its issuer can do.
    #[must_use]
    pub fn powers(self) -> Powers {
        let common = Powers::FREEZE.with(Powers::PERMANENT_DELEGATE).with(Powers::TRANSFER_HOOK);
        let own = if self == Self::XStock { Powers::PAUSE } else { Powers::TRANSFER_FEE };
        common.with(Powers::CONFIDENTIAL_TRANSFERS).with(own)
    }

    /// Its extensions but the metadata, in the order of its mint.
    fn extensions(self, mint: &Pubkey, issuer: &Pubkey) -> Vec<Initialisation> {
        let (id, some) = (&spl_token_2022::ID, Some(*issuer));
        let delegate = token_instruction::initialize_permanent_delegate(id, mint, issuer);
        let hook = transfer_hook::instruction::initialize(id, mint, some, None);
        let confidential = confidential_transfer::instruction::initialize_mint(id, mint, some, false, None);
        let pointer = metadata_pointer::instruction::initialize(id, mint, some, Some(*mint));
        let extensions = if self == Self::XStock {
            let scaled = scaled_ui_amount::instruction::initialize(id, mint, some, 1.0);
            let state = default_account_state::instruction::initialize_default_account_state(
                id,
                mint,
                &AccountState::Initialized,
            );
            vec![
                (ExtensionType::PermanentDelegate, delegate),
                (ExtensionType::ScaledUiAmount, scaled),
                (ExtensionType::DefaultAccountState, state),
                (ExtensionType::Pausable, pausable::instruction::initialize(id, mint, issuer)),
                (ExtensionType::ConfidentialTransferMint, confidential),
                (ExtensionType::TransferHook, hook),
                (ExtensionType::MetadataPointer, pointer),
            ]
        } else {
            let close = token_instruction::initialize_mint_close_authority(id, mint, Some(issuer));
            let fee =
                transfer_fee::instruction::initialize_transfer_fee_config(id, mint, Some(issuer), Some(issuer), 0, 0);
            let hidden_fee = confidential_transfer_fee::instruction::initialize_confidential_transfer_fee_config(
                id,
                mint,
                some,
                &Default::default(),
            );
            vec![
                (ExtensionType::MintCloseAuthority, close),
                (ExtensionType::PermanentDelegate, delegate),
                (ExtensionType::TransferFeeConfig, fee),
                (ExtensionType::ConfidentialTransferMint, confidential),
                (ExtensionType::ConfidentialTransferFeeConfig, hidden_fee),
                (ExtensionType::TransferHook, hook),
                (ExtensionType::MetadataPointer, pointer),
            ]
        };
        extensions.into_iter().map(|(extension, instruction)| (extension, instruction.unwrap())).collect()
    }
}

impl World {
    /// A new token like `issued`, all of whose authorities are the issuer's; owner and treasury have accounts of it,
    /// and the owner has the usual supply.
    pub fn issue_token(&mut self, issued: Issued) -> Asset {
        let (issuer, mint_key) = (issuer(), keypair(72));
        let asset = Asset { mint: mint_key.pubkey(), token_program: spl_token_2022::ID };
        self.cluster.airdrop(&issuer.pubkey(), 1_000_000_000_000).unwrap();
        self.create_issued_mint(issued, &issuer, &mint_key);
        let owner = self.owner.pubkey();
        for wallet in [owner, self.treasury, issuer.pubkey()] {
            self.open_account(&asset, &wallet);
        }
        expect_success(self.by_issuer(mint::issue(&asset, &issuer.pubkey(), &owner, OWNER_TOKENS).unwrap()));
        asset
    }

    fn create_issued_mint(&mut self, issued: Issued, issuer: &Keypair, mint_key: &Keypair) {
        let (id, mint, authority) = (spl_token_2022::ID, mint_key.pubkey(), issuer.pubkey());
        let extensions = issued.extensions(&mint, &authority);
        let types: Vec<ExtensionType> = extensions.iter().map(|(extension, _)| *extension).collect();
        let size = ExtensionType::try_calculate_account_len::<Mint>(&types).unwrap();
        // The token program grows the account by the metadata, for which the rent must lie there.
        let rent = self.rent(size + METADATA_BYTES);
        let mut instructions = vec![create_account(&authority, &mint, rent, size as u64, &id)];
        instructions.extend(extensions.into_iter().map(|(_, initialize)| initialize));
        let decimals = issued.decimals();
        let finish = token_instruction::initialize_mint2(&id, &mint, &authority, Some(&authority), decimals);
        instructions.push(finish.unwrap());
        let ((name, symbol), uri) = (issued.name(), "https://example.com/token.json");
        instructions.push(spl_token_metadata_interface::instruction::initialize(
            &id,
            &mint,
            &authority,
            &mint,
            &authority,
            name.to_owned(),
            symbol.to_owned(),
            uri.to_owned(),
        ));
        expect_success(self.cluster.send(&instructions, &[issuer, mint_key]));
    }

    /// Sends what the issuer signs.
    pub fn by_issuer(&mut self, instruction: Instruction) -> Sent {
        self.send(instruction, &[&issuer()])
    }

    /// The issuer takes `amount` base units out of the token account at `from`, as a permanent delegate may.
    pub fn seize(&mut self, asset: &Asset, from: &Pubkey, amount: u64) {
        let issuer = issuer().pubkey();
        self.move_as_issuer(asset, from, &asset.account_of(&issuer), amount);
    }

    /// The issuer gives `amount` base units of what it took to the token account at `to`.
    pub fn put_back(&mut self, asset: &Asset, to: &Pubkey, amount: u64) {
        let issuer = issuer().pubkey();
        self.move_as_issuer(asset, &asset.account_of(&issuer), to, amount);
    }

    fn move_as_issuer(&mut self, asset: &Asset, from: &Pubkey, to: &Pubkey, amount: u64) {
        let (program, issuer) = (&asset.token_program, issuer().pubkey());
        let decimals = self.decimals_of(asset);
        let transfer =
            token_instruction::transfer_checked(program, from, &asset.mint, to, &issuer, &[], amount, decimals);
        expect_success(self.by_issuer(transfer.unwrap()));
    }

    /// The decimals of a mint, which stand at byte 44.
    #[must_use]
    pub fn decimals_of(&self, asset: &Asset) -> u8 {
        self.cluster.account(&asset.mint).unwrap().data[44]
    }

    /// The issuer freezes or thaws the token account at `address`.
    pub fn set_frozen(&mut self, asset: &Asset, address: &Pubkey, is_frozen: bool) {
        let (program, issuer) = (&asset.token_program, issuer().pubkey());
        let set = if is_frozen { token_instruction::freeze_account } else { token_instruction::thaw_account };
        expect_success(self.by_issuer(set(program, address, &asset.mint, &issuer, &[]).unwrap()));
    }

    /// The issuer stops or resumes every transfer of a pausable token.
    pub fn set_mint_paused(&mut self, asset: &Asset, is_paused: bool) {
        let (program, issuer) = (&asset.token_program, issuer().pubkey());
        let set = if is_paused { pausable::instruction::pause } else { pausable::instruction::resume };
        expect_success(self.by_issuer(set(program, &asset.mint, &issuer, &[]).unwrap()));
    }

    /// The issuer names the program that every transfer must call, or none.
    pub fn set_mint_hook(&mut self, asset: &Asset, program: Option<Pubkey>) {
        let (id, issuer) = (&asset.token_program, issuer().pubkey());
        let update = transfer_hook::instruction::update(id, &asset.mint, &issuer, &[], program);
        expect_success(self.by_issuer(update.unwrap()));
    }
}
