//! Derived addresses, each computed once per thread: deriving one takes longer than most work of a test.

use std::cell::RefCell;
use std::collections::BTreeMap;

use anchor_spl::associated_token;
use crank_cluster::address::{self, Asset};
use solana_pubkey::Pubkey;
use torque::state::Epoch;

thread_local! {
    static EPOCHS: RefCell<BTreeMap<(Pubkey, u32), Pubkey>> = RefCell::default();
    static SPONSORSHIPS: RefCell<BTreeMap<([Pubkey; 2], u32), Pubkey>> = RefCell::default();
    static ACCOUNTS: RefCell<BTreeMap<[Pubkey; 3], (Pubkey, u8)>> = RefCell::default();
}

/// The address of epoch `index` of `distributor`.
#[must_use]
pub fn epoch_address(distributor: &Pubkey, index: u32) -> Pubkey {
    EPOCHS.with_borrow_mut(|known| {
        *known.entry((*distributor, index)).or_insert_with(|| Epoch::address(distributor, index).0)
    })
}

/// The address of sponsorship `number` of `distributor` by `wallet`.
#[must_use]
pub fn sponsorship_address(distributor: &Pubkey, wallet: &Pubkey, number: u32) -> Pubkey {
    let address = || address::sponsorship(distributor, wallet, number);
    SPONSORSHIPS.with_borrow_mut(|known| *known.entry(([*distributor, *wallet], number)).or_insert_with(address))
}

/// The account through which `wallet` holds `asset`, and the bump of its address, which is zero for SOL.
#[must_use]
pub fn account_of(asset: &Asset, wallet: &Pubkey) -> (Pubkey, u8) {
    if asset.is_native() {
        return (*wallet, 0);
    }
    let seeds = [*wallet, asset.token_program, asset.mint];
    ACCOUNTS.with_borrow_mut(|known| {
        *known.entry(seeds).or_insert_with(|| {
            Pubkey::find_program_address(&seeds.each_ref().map(Pubkey::as_ref), &associated_token::ID)
        })
    })
}
