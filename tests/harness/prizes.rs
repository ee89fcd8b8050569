//! Mints that are one of a kind, or nearly, and the distributors that give them away by a raffle's draw.

use anchor_spl::token_2022::spl_token_2022::instruction::{AuthorityType, set_authority};
use crank_cluster::address::Asset;
use crank_cluster::mint;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Kind, Mode, Terms};

use crate::assertions::expect_success;
use crate::campaign::{Campaign, terms};
use crate::world::{World, keypair};

/// How a mint is made.
#[derive(Clone, Copy)]
pub struct Making {
    /// The program that owns it.
    pub token_program: Pubkey,
    /// How many base units the owner gets.
    pub supply: u64,
    /// Its decimals.
    pub decimals: u8,
    /// Whether the mint keeps an authority that may issue more.
    pub can_grow: bool,
}

impl Making {
    /// An NFT under `token_program`.
    #[must_use]
    pub fn unique(token_program: Pubkey) -> Self {
        Self { token_program, supply: 1, decimals: 0, can_grow: false }
    }
}

impl World {
    /// A mint with key `key` that is made as `making` says; owner and treasury have accounts.
    pub fn make_mint(&mut self, key: u32, making: Making) -> Asset {
        let (owner, mint_key) = (self.owner.insecure_clone(), keypair(key));
        let asset = Asset { mint: mint_key.pubkey(), token_program: making.token_program };
        let authority = owner.pubkey();
        let create =
            mint::create(&asset, &authority, &authority, Some(&authority), making.decimals, self.rent(82)).unwrap();
        expect_success(self.cluster.send(&create, &[&owner, &mint_key]));
        self.open_account(&asset, &authority);
        self.open_account(&asset, &self.treasury.clone());
        let issue = mint::issue(&asset, &authority, &authority, making.supply).unwrap();
        expect_success(self.send(issue, &[&owner]));
        if !making.can_grow {
            let (program, kind) = (asset.token_program, AuthorityType::MintTokens);
            let give_up = set_authority(&program, &asset.mint, None, kind, &authority, &[]).unwrap();
            expect_success(self.send(give_up, &[&owner]));
        }
        asset
    }
}

impl Campaign {
    /// What a prize is created with that follows the draw of epoch `drawn` of raffle number `raffle`: one epoch over
    /// the same period, which pays one token.
    #[must_use]
    pub fn prize_args(world: &World, mode: Mode, id: u64, raffle: u64, drawn: u32) -> DistributorCreateArgs {
        let period = terms();
        let start = period.start + i64::from(drawn) * i64::from(period.epoch_duration);
        let terms = Terms { start, epoch_count: 1, epoch_budget: 1, ..period };
        let args = Self::create_args(world, mode, id);
        DistributorCreateArgs { kind: Kind::Raffle, draw: Some(raffle), terms, ..args }
    }
}
