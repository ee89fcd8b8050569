//! Mints of Token-2022 that take a fee of every transfer, the chain's epochs at which the fee changes, and withheld
//! fees.
//!
//! Other extensions of mints are in `extensions`.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::transfer_fee::instruction::{initialize_transfer_fee_config, set_transfer_fee};
use spl_token_2022::extension::transfer_fee::{TransferFee, TransferFeeAmount, TransferFeeConfig};
use spl_token_2022::extension::{BaseStateWithExtensions, ExtensionType, StateWithExtensions};
use spl_token_2022::state::{Account, Mint};

use crate::assertions::expect_success;
use crate::extensions::Initialisation;
use crate::world::{World, keypair};

/// The key of the mint that [`World::create_fee_token`] creates.
pub const FEE_MINT: u32 = 900;

/// The instruction that gives mint `key` a fee of `basis_points`, at most `maximum`, with the owner as its authority.
#[must_use]
pub fn fee_extension(world: &World, key: u32, basis_points: u16, maximum: u64) -> Initialisation {
    let (mint, owner) = (keypair(key).pubkey(), world.owner.pubkey());
    let program = &spl_token_2022::ID;
    let initialize =
        initialize_transfer_fee_config(program, &mint, Some(&owner), Some(&owner), basis_points, maximum).unwrap();
    (ExtensionType::TransferFeeConfig, initialize)
}

/// A fee as the interface writes it.
#[must_use]
pub fn fee(basis_points: u16, maximum: u64) -> TransferFee {
    TransferFee { epoch: 0.into(), maximum_fee: maximum.into(), transfer_fee_basis_points: basis_points.into() }
}

impl World {
    /// A token that takes `basis_points`, at most `maximum`, of every transfer; owner and treasury have accounts.
    pub fn create_fee_token(&mut self, basis_points: u16, maximum: u64) -> Asset {
        let extension = fee_extension(self, FEE_MINT, basis_points, maximum);
        let asset = self.create_extended_mint(&[extension], FEE_MINT);
        self.issue(&asset);
        asset
    }

    /// Announces another fee; it is in force two epochs of the chain later.
    pub fn announce_fee(&mut self, asset: &Asset, basis_points: u16, maximum: u64) {
        let owner = self.owner.insecure_clone();
        let (program, mint) = (&asset.token_program, &asset.mint);
        let announce = set_transfer_fee(program, mint, &owner.pubkey(), &[], basis_points, maximum).unwrap();
        expect_success(self.send(announce, &[&owner]));
    }

    /// Moves the chain on by `epochs` of its own, without any seconds.
    pub fn pass_chain_epochs(&mut self, epochs: u64) {
        self.cluster.edit_clock(|clock| clock.epoch += epochs);
    }

    /// Base units of fees that the token account at `address` withholds.
    #[must_use]
    pub fn withheld_by(&self, address: &Pubkey) -> u64 {
        let data = self.cluster.account(address).unwrap().data;
        let account = StateWithExtensions::<Account>::unpack(&data).unwrap();
        account.get_extension::<TransferFeeAmount>().unwrap().withheld_amount.into()
    }

    /// Base units of fees that the mint withholds.
    #[must_use]
    pub fn withheld_by_mint(&self, asset: &Asset) -> u64 {
        let data = self.cluster.account(&asset.mint).unwrap().data;
        let mint = StateWithExtensions::<Mint>::unpack(&data).unwrap();
        mint.get_extension::<TransferFeeConfig>().unwrap().withheld_amount.into()
    }
}
