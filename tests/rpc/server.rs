//! The server of `TORQUE_RPC_URL` with the program deployed and the protocol set up, and what only a test may do to it.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use anchor_spl::token;
use crank::operations::OperationError;
use crank::operations::claim::{ClaimRequest, Claimed, claim};
use crank::operations::status::{Status, StatusRequest, status};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::cluster::{CLOCK, Cluster as _};
use crank_cluster::embedded::PROGRAM;
use crank_cluster::rpc::{Node, Remote};
use crank_cluster::transaction::Format;
use crank_cluster::{instruction, mint};
use serde_json::{Value, json};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::world::{FEE_BASIS_POINTS, keypair};
use torque::state::Epoch;

/// Bytes of the program that are written at once, in hexadecimal digits.
const CHUNK: usize = 512 << 10;

/// A cluster behind a server.
pub(crate) struct Server {
    pub(crate) cluster: Remote,
    node: Node,
    url: String,
}

impl Server {
    /// The server, once the program is deployed on it, the protocol is set up and everybody has SOL.
    pub(crate) async fn deployed() -> Self {
        let url = env::var("TORQUE_RPC_URL").expect("scripts/test-rpc names the server in TORQUE_RPC_URL");
        let node = Node::at(&url).unwrap();
        let server = Self { cluster: Remote::at(&[&url]).await.unwrap(), node, url };
        let admin = keypair(1);
        for (chunk, offset) in PROGRAM.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            let bytes: String = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
            let authority = admin.pubkey().to_string();
            server.cheat("surfnet_writeProgram", json!([torque::ID.to_string(), bytes, offset, authority])).await;
        }
        for number in [1, 2, 3, 4, 5, 6] {
            let wallet = keypair(number).pubkey().to_string();
            server.cheat("surfnet_setAccount", json!([wallet, { "lamports": 1_000_000_000_000_u64 }])).await;
        }
        let view = server.cluster.finalized_view(&[crank_cluster::address::config()]).await.unwrap();
        if view.account(&crank_cluster::address::config()).is_none() {
            let treasury = keypair(6).pubkey();
            server.send(&[instruction::config_initialize(admin.pubkey(), treasury, FEE_BASIS_POINTS)], &[&admin]).await;
        }
        server
    }

    /// A new token of SPL Token without decimals, of which `owner` has `amount`; the treasury has an account of it.
    pub(crate) async fn token(&self, owner: &Keypair, amount: u64) -> Asset {
        let key = Keypair::new();
        let asset = Asset { mint: key.pubkey(), token_program: token::ID };
        let payer = owner.pubkey();
        let rent = self.rent(82).await;
        let create = mint::create(&asset, &payer, &payer, None, 0, rent).unwrap();
        self.send(&create, &[owner, &key]).await;
        let accounts = [payer, keypair(6).pubkey()].map(|wallet| mint::open_account(&asset, &payer, &wallet));
        self.send(&accounts, &[owner]).await;
        self.send(&[mint::issue(&asset, &payer, &payer, amount).unwrap()], &[owner]).await;
        asset
    }

    /// Base units of `asset` that `wallet` has.
    pub(crate) async fn balance(&self, asset: &Asset, wallet: &Pubkey) -> u64 {
        let address = asset.account_of(wallet);
        let view = self.cluster.finalized_view(&[address]).await.unwrap();
        mint::balance(asset, view.account(&address))
    }

    /// The epoch at `address`.
    pub(crate) async fn epoch(&self, address: &Pubkey) -> Epoch {
        self.cluster.finalized_view(&[*address]).await.unwrap().existing(address).unwrap().epoch().unwrap()
    }

    /// What `crank status` shows of the distributor at `distributor`.
    pub(crate) async fn status(&self, distributor: Pubkey) -> Result<Status, OperationError> {
        let request = StatusRequest { distributor, cluster: vec![self.url.clone()] };
        // It waits for the network by itself.
        tokio::task::spawn_blocking(move || status(&request)).await.unwrap()
    }

    /// Claims the leaf of `wallet` as `crank claim` does; `payer` pays the fee.
    pub(crate) async fn claim(
        &self,
        bundle: PathBuf,
        wallet: Keypair,
        payer: Keypair,
    ) -> Result<Claimed, OperationError> {
        let cluster = vec![self.url.clone()];
        let request = ClaimRequest { bundle, wallet, payer: Some(payer), destination: None, cluster };
        tokio::task::spawn_blocking(move || claim(&request)).await.unwrap()
    }

    /// Closes the only epoch of a distributor, and then the distributor itself.
    pub(crate) async fn close(&self, addresses: &DistributorAddresses) {
        let (owner, publisher) = (keypair(2), keypair(3));
        self.send(&[instruction::epoch_close(addresses, publisher.pubkey(), 0)], &[&publisher]).await;
        self.send(&[instruction::distributor_close(addresses, &keypair(6).pubkey())], &[&owner]).await;
        let closed = self.status(addresses.distributor).await.unwrap_err();
        assert!(closed.to_string().contains("is closed"), "{closed}");
    }

    /// Lamports that `wallet` has.
    pub(crate) async fn lamports(&self, wallet: &Pubkey) -> u64 {
        let view = self.cluster.finalized_view(&[*wallet]).await.unwrap();
        view.account(wallet).map_or(0, |account| account.lamports)
    }

    /// A day and some minutes before now, as a campaign file writes it.
    pub(crate) async fn day_before(&self) -> String {
        jiff::Timestamp::from_second(self.time().await - 87_000).unwrap().to_string()
    }

    /// The cluster's time, unix seconds.
    pub(crate) async fn time(&self) -> i64 {
        self.cluster.finalized_view(&[CLOCK]).await.unwrap().time().unwrap()
    }

    /// Lets time pass until `time`, unix seconds.
    pub(crate) async fn travel_to(&self, time: i64) {
        self.cheat("surfnet_timeTravel", json!([{ "absoluteTimestamp": time.saturating_mul(1_000) }])).await;
        while self.time().await < time {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn rent(&self, bytes: usize) -> u64 {
        self.node.ask("getMinimumBalanceForRentExemption", json!([bytes])).await.unwrap()
    }

    async fn send(&self, instructions: &[Instruction], signers: &[&Keypair]) {
        self.cluster.send_and_confirm(instructions, signers, Format::PLAIN).await.unwrap();
    }

    async fn cheat(&self, method: &str, params: Value) {
        let _: Value = self.node.ask(method, params).await.unwrap();
    }
}
