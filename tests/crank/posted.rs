//! An epoch that was posted on the embedded cluster: its bundle in a folder, and the accounts that a node may show.

use anchor_lang::AccountSerialize;
use crank::operations::evaluate::{EvaluateRequest, evaluate};
use crank_cluster::address::{self, Asset};
use crank_cluster::cluster::CLOCK;
use crank_cluster::steps::{launch, post};
use crank_cluster::{embedded::Embedded, instruction};
use crank_rules::campaign::Campaign;
use solana_keypair::{Keypair, write_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::{Distributor, Epoch};

use crate::node::Accounts;
use crate::working_directory::{WorkingDirectory, fixture_text};

pub(crate) const PUBLISHER: u8 = 3;
const BUNDLES: &str = "https://example.com/bundles";

/// A bundle of the epoch in `@bundle`, signed by its publisher, and the accounts after it was posted.
pub(crate) struct Posted {
    pub(crate) work: WorkingDirectory,
    pub(crate) epoch: Pubkey,
    pub(crate) distributor: Pubkey,
    pub(crate) accounts: Accounts,
}

pub(crate) fn keypair(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}

pub(crate) fn campaign() -> Campaign {
    Campaign::parse(fixture_text("thank-you/campaign.json").as_bytes()).unwrap()
}

impl Posted {
    pub(crate) fn new() -> Self {
        Self::of(&campaign())
    }

    pub(crate) fn of(campaign: &Campaign) -> Self {
        let [admin, owner, publisher] = [1, 2, PUBLISHER].map(keypair);
        let cluster = Embedded::start(&admin.pubkey(), campaign.schedule.start).unwrap();
        for person in [&admin, &owner, &publisher] {
            cluster.airdrop(&person.pubkey(), 10_000_000_000).unwrap();
        }
        cluster.send(&[instruction::config_initialize(admin.pubkey(), admin.pubkey(), 0)], &[&admin]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let action = runtime.block_on(launch::action(&cluster, &owner, campaign, 1, [0; 32])).unwrap();
        let (publisher_key, guardian) = (publisher.pubkey(), keypair(9).pubkey());
        let roles = launch::Roles { owner: &owner, publisher: publisher_key, guardian, max_fee_basis_points: 0 };
        let step = launch::distributor(&cluster, roles, campaign, Asset::SOL, 1, action);
        let addresses = runtime.block_on(step).unwrap();
        runtime.block_on(launch::fund(&cluster, &owner, &addresses, campaign.terms.pool)).unwrap();
        let request = EvaluateRequest {
            cluster: "embedded".to_owned(),
            distributor: Some(addresses.distributor),
            ..EvaluateRequest::default()
        };
        let bundle = evaluate(campaign, &request).unwrap();
        cluster.set_time(campaign.period(0).unwrap().end);
        let args = post::args(&bundle, BUNDLES).unwrap();
        runtime.block_on(post::epoch(&cluster, &addresses, &publisher, args)).unwrap();
        let work = WorkingDirectory::new();
        bundle.write(&work.path("bundle")).unwrap();
        write_keypair_file(&publisher, work.path("publisher.json")).unwrap();
        work.crank(&["sign", "@bundle", "--keypair", "@publisher.json"]).expect_success();
        let (epoch, distributor) = (addresses.epoch(0), addresses.distributor);
        let account = |address: Pubkey| {
            let account = cluster.account(&address).unwrap();
            (address, (account.owner, account.data))
        };
        let accounts = [epoch, distributor, address::config(), CLOCK].map(account);
        Self { work, epoch, distributor, accounts: Accounts::from(accounts) }
    }

    pub(crate) fn edit_epoch(&mut self, edit: impl FnOnce(&mut Epoch)) {
        let (_, data) = self.accounts.get_mut(&self.epoch).unwrap();
        edit(Epoch::split(data).unwrap().0);
    }

    pub(crate) fn edit_distributor(&mut self, edit: impl FnOnce(&mut Distributor)) {
        let (_, data) = self.accounts.get_mut(&self.distributor).unwrap();
        let mut distributor = anchor_lang::AccountDeserialize::try_deserialize(&mut &data[..]).unwrap();
        edit(&mut distributor);
        let mut bytes = Vec::new();
        distributor.try_serialize(&mut bytes).unwrap();
        *data = bytes;
    }
}
