//! The worlds of the cases: each kind of asset, campaigns with lists that the case writes itself, and checks of an
//! epoch after the case.

use anchor_spl::{token, token_2022};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::payment::Payment;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, creation, tree};
use tests::invariants;
use tests::world::{World, keypair};
use torque::state::Mode;

/// Runs `case` once with each kind of asset that a distributor may pay, each time in a new world.
pub(super) fn with_each_asset(case: impl Fn(&mut World, Asset)) {
    let mut world = World::new();
    case(&mut world, Asset::SOL);
    for token_program in [token::ID, token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(token_program);
        case(&mut world, asset);
    }
}

/// The list of epoch `epoch` of `campaign` that pays wallet number `number` the amount beside it, in this order.
pub(super) fn list(campaign: &Campaign, epoch: u32, leaves: &[(u32, u64)]) -> Allocations {
    let wallets: Vec<Keypair> = leaves.iter().map(|(number, _)| keypair(*number)).collect();
    let payments: Vec<Payment> = wallets
        .iter()
        .zip(leaves)
        .map(|(wallet, (_, amount))| Payment { recipient: wallet.pubkey(), amount: *amount })
        .collect();
    let tree = tree(&campaign.addresses.epoch(epoch), &payments);
    Allocations { epoch, wallets, payments, tree }
}

/// Funded campaigns number 1 and 2 of one owner with the same asset, after their first epoch.
pub(super) fn two_campaigns(world: &mut World, asset: Asset, mode: Mode) -> (Campaign, Campaign) {
    let campaigns = (Campaign::funded(world, asset, mode, 1), Campaign::funded(world, asset, mode, 2));
    world.pass(EPOCH);
    campaigns
}

/// Posts every list, opens an account for every wallet, and passes the time until the epochs are open.
pub(super) fn open(world: &mut World, lists: &[(&Campaign, &Allocations)]) {
    for (campaign, allocations) in lists {
        expect_success(campaign.post(world, allocations));
        for payment in &allocations.payments {
            world.open_account(&campaign.addresses.asset, &payment.recipient);
        }
    }
    world.pass(DELAY);
}

/// Campaign number 1 with an open epoch 0 that pays `leaves`.
pub(super) fn open_list(world: &mut World, asset: Asset, mode: Mode, leaves: &[(u32, u64)]) -> (Campaign, Allocations) {
    let campaign = Campaign::funded(world, asset, mode, 1);
    world.pass(EPOCH);
    let allocations = list(&campaign, 0, leaves);
    open(world, &[(&campaign, &allocations)]);
    (campaign, allocations)
}

/// Sends `instructions` in one transaction; a stranger pays the fee.
pub(super) fn together(world: &mut World, instructions: &[Instruction], wallets: &[&Keypair]) -> Sent {
    let stranger = world.stranger.insecure_clone();
    let signers: Vec<&Keypair> = std::iter::once(&stranger).chain(wallets.iter().copied()).collect();
    world.cluster.send(instructions, &signers)
}

/// Exactly the leaves `paid` of the epoch are marked, counted and in their wallets' own accounts, which were empty;
/// and the invariants of the campaign hold.
#[track_caller]
pub(super) fn expect_paid(world: &World, campaign: &Campaign, allocations: &Allocations, paid: &[usize]) {
    let mut marks = vec![0_u8; allocations.payments.len().div_ceil(8)];
    for index in paid {
        marks[index / 8] |= 1 << (index % 8);
    }
    assert_eq!(invariants::marks(world, campaign, allocations.epoch), marks, "the marks");
    let epoch = world.epoch(&campaign.addresses, allocations.epoch);
    let sum: u64 = paid.iter().map(|index| allocations.payments[*index].amount).sum();
    assert_eq!((epoch.paid_count as usize, epoch.paid_total), (paid.len(), sum), "the counters");
    for payment in &allocations.payments {
        let leaves = paid.iter().map(|index| allocations.payments[*index]);
        let received: u64 = leaves.filter(|leaf| leaf.recipient == payment.recipient).map(|leaf| leaf.amount).sum();
        assert_eq!(world.balance(&campaign.addresses.asset, &payment.recipient), received, "{}", payment.recipient);
    }
    invariants::check_paid_sum(world, campaign, allocations);
    invariants::check(world, &[campaign]);
}

/// Creates distributor 1 of `asset`; the owner asks for it.
pub(super) fn create(world: &mut World, asset: Asset) -> Sent {
    let owner = world.owner.insecure_clone();
    let addresses = DistributorAddresses::new(owner.pubkey(), 1, asset);
    let args = Campaign::create_args(world, Mode::Claim, 1);
    let create = creation(world, &addresses, args);
    world.send(create, &[&owner])
}

/// A distributor's whole life with an issued token, whose accounts are thawed where they start frozen: every leaf of an
/// epoch arrives in full, and nothing is left of the vault.
pub(super) fn live(world: &mut World, asset: Asset, mode: Mode) {
    let campaign = Campaign::created(world, asset, mode, 1);
    world.thaw_if_frozen(&asset, &campaign.addresses.vault);
    expect_success(campaign.fund(world, FUNDING));
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
        world.thaw_if_frozen(&asset, &asset.account_of(&payment.recipient));
    }
    world.pass(DELAY);
    for index in 0..3 {
        expect_success(campaign.pay(world, &allocations, index));
    }
    expect_paid(world, &campaign, &allocations, &[0, 1, 2]);
    campaign.wind_up(world);
    expect_success(campaign.close(world));
    assert!(world.is_absent(&campaign.addresses.vault));
}
