//! States that none of our transactions leads to: lamports from nowhere, bytes of another program, a wallet that is a
//! program.
//!
//! An attacker can prepare some of them (a funded address); only a bug could cause others (a vault with too little
//! money).

use anchor_lang::AccountSerialize as _;
use anchor_lang::solana_program::program_pack::Pack as _;
use anchor_spl::token::spl_token::native_mint;
use anchor_spl::token::spl_token::state::Mint;
use solana_pubkey::Pubkey;
use torque::state::Distributor;

use crate::world::World;

impl World {
    /// Sets the lamports of `address`, which need not exist; no account pays or receives the difference.
    pub fn set_lamports(&mut self, address: &Pubkey, lamports: u64) {
        let mut account = self.cluster.account(address).unwrap_or_default();
        account.lamports = lamports;
        self.cluster.set_account(*address, account).unwrap();
    }

    /// Changes the bytes of the existing account at `address`.
    pub fn edit_data(&mut self, address: &Pubkey, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut account = self.cluster.account(address).unwrap();
        edit(&mut account.data);
        self.cluster.set_account(*address, account).unwrap();
    }

    /// Changes the distributor at `address`.
    pub fn edit_distributor(&mut self, address: &Pubkey, edit: impl FnOnce(&mut Distributor)) {
        let mut distributor: Distributor = self.cluster.decode(address, "distributor").unwrap();
        edit(&mut distributor);
        self.edit_data(address, |data| distributor.try_serialize(&mut &mut data[..]).unwrap());
    }

    /// Puts a rent-exempt account of the program `owner` with `data` at `address`.
    pub fn put_account(&mut self, address: Pubkey, owner: Pubkey, data: Vec<u8>) {
        let mut account = self.cluster.account(&address).unwrap_or_default();
        account.lamports = self.rent(data.len());
        account.owner = owner;
        account.data = data;
        self.cluster.set_account(address, account).unwrap();
    }

    /// Puts the mint of wrapped SOL at its usual address.
    pub fn put_native_mint(&mut self) {
        let [address, program] = [native_mint::ID, anchor_spl::token::ID];
        let mint = Mint { decimals: native_mint::DECIMALS, is_initialized: true, ..Mint::default() };
        let mut data = vec![0; Mint::LEN];
        mint.pack_into_slice(&mut data);
        self.put_account(address, program, data);
    }

    /// Deploys a program at `address`: the bytecode of SPL Token, since any will do.
    pub fn make_executable(&mut self, address: &Pubkey) {
        let program = self.cluster.account(&anchor_spl::token::ID).unwrap();
        self.cluster.set_account(*address, program).unwrap();
    }

    /// The rent-exempt minimum of an account with `size` bytes, in lamports.
    #[must_use]
    pub fn rent(&self, size: usize) -> u64 {
        self.cluster.rent(size)
    }

    /// Whether no account exists at `address`.
    #[must_use]
    pub fn is_absent(&self, address: &Pubkey) -> bool {
        self.cluster.account(address).is_none_or(|account| account.lamports == 0)
    }

    /// How many bytes the account at `address` has.
    #[must_use]
    pub fn size(&self, address: &Pubkey) -> usize {
        self.cluster.account(address).unwrap().data.len()
    }
}
