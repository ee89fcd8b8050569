//! A campaign whose accounts are forged between one call and the next, on a machine that checks no signatures.

use anchor_lang::{AccountSerialize as _, AnchorDeserialize};
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use litesvm::types::TransactionMetadata;
use solana_account::Account;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::transfer_fee::TransferFeeConfig;
use spl_token_2022::extension::{BaseStateWithExtensionsMut as _, StateWithExtensionsMut};
use spl_token_2022::state::Mint;
use tests::calls::fee_payer;
use tests::campaign::Campaign;
use tests::transfer_fees::fee;
use tests::unsigned::refusal;
use tests::world::World;
use torque::state::{Distributor, Mode};

/// Lamports that every account keeps that has no data: what a SOL vault holds besides its balance.
pub(super) const RENT: u64 = 890_880;

/// A campaign, and the accounts of it as they are before each case.
pub(super) struct Machine {
    pub(super) world: World,
    pub(super) campaign: Campaign,
    distributor: (Distributor, Account),
    mint: Option<Account>,
    payer: Pubkey,
}

impl Machine {
    /// A campaign of SOL that pays by claim.
    pub(super) fn of_sol() -> Self {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        Self::of(world, campaign)
    }

    /// A campaign of a token that can take a fee of every transfer.
    pub(super) fn of_fee_token() -> Self {
        let mut world = World::new();
        let asset = world.create_fee_token(1, 1);
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        Self::of(world, campaign)
    }

    /// `campaign`, whose accounts are as they should be before each case.
    pub(super) fn of(mut world: World, campaign: Campaign) -> Self {
        let payer = fee_payer().pubkey();
        world.set_lamports(&payer, u64::MAX / 2);
        let address = campaign.addresses.distributor;
        let distributor = (world.distributor(&campaign.addresses), world.cluster.account(&address).unwrap());
        let asset = campaign.addresses.asset;
        let mint = (!asset.is_native()).then(|| world.cluster.account(&asset.mint).unwrap());
        Self { world: world.without_signatures(), campaign, distributor, mint, payer }
    }

    /// Writes the distributor as it was created, with the changes of `edit`.
    pub(super) fn forge_distributor(&mut self, edit: impl FnOnce(&mut Distributor)) {
        let (mut distributor, mut account) = self.distributor.clone();
        edit(&mut distributor);
        distributor.try_serialize(&mut &mut account.data[..]).unwrap();
        self.put(self.campaign.addresses.distributor, account);
    }

    /// Writes the fees that the mint takes: the one in force, and the one that is announced.
    pub(super) fn forge_fees(&mut self, [in_force, announced]: [(u16, u64); 2]) {
        let mut account = self.mint.clone().unwrap();
        let mut state = StateWithExtensionsMut::<Mint>::unpack(&mut account.data).unwrap();
        let config = state.get_extension_mut::<TransferFeeConfig>().unwrap();
        let later = (self.world.cluster.clock().epoch + 1).into();
        config.older_transfer_fee = fee(in_force.0, in_force.1);
        config.newer_transfer_fee = fee(announced.0, announced.1);
        config.newer_transfer_fee.epoch = later;
        self.put(self.campaign.addresses.asset.mint, account);
    }

    /// Writes `account` at `address`; one without lamports does not exist afterwards.
    pub(super) fn put(&mut self, address: Pubkey, account: Account) {
        self.world.cluster.set_account(address, account).unwrap();
    }

    /// Writes a SOL vault with `balance`.
    pub(super) fn put_vault(&mut self, balance: u64) {
        self.put_lamports(self.campaign.addresses.vault, RENT + balance);
    }

    /// Writes an account at `address` that holds `lamports` and nothing else.
    pub(super) fn put_lamports(&mut self, address: Pubkey, lamports: u64) {
        let owner = if address == self.campaign.addresses.vault { torque::ID } else { Pubkey::default() };
        self.put(address, Account { lamports, owner, ..Account::default() });
    }

    /// What a SOL vault holds.
    pub(super) fn vault(&self) -> u64 {
        self.world.cluster.lamports(&self.campaign.addresses.vault) - RENT
    }

    /// Runs `instruction`.
    pub(super) fn run(&mut self, instruction: Instruction) -> Result<TransactionMetadata, String> {
        self.world.execute(&[instruction], &self.payer).map_err(|failed| refusal(&failed))
    }

    /// Asks `question` and reads the answer.
    pub(super) fn ask<T: AnchorDeserialize>(&mut self, question: Instruction) -> Result<T, String> {
        let answer = self.run(question)?.return_data.data;
        Ok(T::try_from_slice(&answer).unwrap())
    }
}
