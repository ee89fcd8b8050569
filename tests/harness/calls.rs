//! One valid call of every instruction, and of those that move money one more for SOL: the rows of the tests that try
//! the same mischief on each of them.
//!
//! Beside the campaign that a call is about stands a second one of the same people at the same stage, so that there is
//! a wrong account of the right type for every place.

pub mod authority;
mod payments;
mod raffle;
mod reports;
mod sponsors;

use anchor_spl::token::spl_token;
use crank::chain::address::{self, Asset, DistributorAddresses};
use crank::chain::instruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::ActionCreateArgs;
use torque::state::{Audience, Mode};

use crate::assertions::expect_success;
use crate::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, WINDOW};
use crate::world::{FEE_BASIS_POINTS, World, keypair};

/// A call that succeeds in its world.
pub struct Call {
    /// The instruction's name, and what it moves if that matters.
    pub name: &'static str,
    /// The names of its accounts, in order.
    pub slots: &'static [&'static str],
    /// Where it succeeds.
    pub world: World,
    /// The call.
    pub instruction: Instruction,
    /// Who must sign, besides the payer of the fee.
    pub signers: Vec<Keypair>,
}

/// Pays the fees and is no account of any call.
#[must_use]
pub fn fee_payer() -> Keypair {
    keypair(7)
}

/// Names of the accounts, world, instruction, signers.
type Row = (&'static [&'static str], World, Instruction, Vec<Keypair>);
/// Builds a row for the program that moves the money.
type Builder = fn(Pubkey) -> Row;

/// Every call: its name, its builder, and the program that moves its money.
const CALLS: [(&str, Builder, Pubkey); 37] = [
    ("action_create", action_create, spl_token::ID),
    ("claim", payments::claim, spl_token::ID),
    ("claim of SOL", payments::claim, SOL),
    ("config_initialize", config_initialize, spl_token::ID),
    ("config_update", config_update, spl_token::ID),
    ("distributor_close", distributor_close, spl_token::ID),
    ("distributor_close of SOL", distributor_close, SOL),
    ("distributor_create", distributor_create, spl_token::ID),
    ("distributor_create of SOL", distributor_create, SOL),
    ("distributor_end", distributor_end, spl_token::ID),
    ("distributor_fund", distributor_fund, spl_token::ID),
    ("distributor_fund of SOL", distributor_fund, SOL),
    ("distributor_fund by a sponsor", sponsors::distributor_fund, spl_token::ID),
    ("distributor_fund of SOL by a sponsor", sponsors::distributor_fund, SOL),
    ("epoch_cancel", epoch_cancel, spl_token::ID),
    ("epoch_close", epoch_close, spl_token::ID),
    ("epoch_extend", epoch_extend, spl_token::ID),
    ("epoch_post", epoch_post, spl_token::ID),
    ("epoch_post of a raffle", raffle::post, spl_token::ID),
    ("epoch_repost", epoch_repost, spl_token::ID),
    ("epoch_skip", epoch_skip, spl_token::ID),
    ("fee_collect", sponsors::fee_collect, spl_token::ID),
    ("fee_collect of SOL", sponsors::fee_collect, SOL),
    ("link_create", link_create, spl_token::ID),
    ("milestone_report", reports::milestone_report, spl_token::ID),
    ("push", payments::push, spl_token::ID),
    ("push of SOL", payments::push, SOL),
    ("raffle_close", raffle::close, spl_token::ID),
    ("raffle_commit", raffle::commit, spl_token::ID),
    ("raffle_draw", raffle::draw, spl_token::ID),
    ("sponsor_refund", sponsors::sponsor_refund, spl_token::ID),
    ("sponsor_refund of SOL", sponsors::sponsor_refund, SOL),
    ("subtree_prove", payments::subtree_prove, spl_token::ID),
    ("view_claimable", reports::view_claimable, spl_token::ID),
    ("view_leaf", reports::view_leaf, spl_token::ID),
    ("view_refund", reports::view_refund, spl_token::ID),
    ("view_refund of SOL", reports::view_refund, SOL),
];
const SOL: Pubkey = Asset::SOL.token_program;

fn all() -> impl Iterator<Item = &'static (&'static str, Builder, Pubkey)> {
    CALLS.iter().chain(&authority::CALLS)
}

/// Every call.
pub fn calls() -> impl Iterator<Item = Call> {
    all().map(|(name, build, token_program)| Call::new(name, build(*token_program)))
}

/// The calls of one instruction: one, or one for tokens and one for SOL.
pub fn calls_of(instruction: &str) -> impl Iterator<Item = Call> {
    let rows = all().filter(move |(name, ..)| name.split(' ').next() == Some(instruction));
    rows.map(|(name, build, token_program)| Call::new(name, build(*token_program)))
}

/// The arguments with which action `id` is created for everyone and for ever.
#[must_use]
pub fn action_args(id: u64) -> ActionCreateArgs {
    let (query_hash, metadata_hash) = ([1; 32], [2; 32]);
    ActionCreateArgs { id, audience: Audience::Everyone, query_hash, metadata_hash, start: 0, end: i64::MAX }
}

/// How far the two campaigns of a call are.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Stage {
    Posted,
    Open,
    Over,
}

/// Two campaigns at `stage` with three leaves each, an action and a link of each; the second pays another token.
fn two_campaigns(token_program: Pubkey, mode: Mode, stage: Stage) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = if token_program == SOL { Asset::SOL } else { world.create_token(token_program) };
    let other = world.create_token(spl_token::ID);
    let campaigns = [Campaign::funded(&mut world, asset, mode, 1), Campaign::funded(&mut world, other, mode, 2)];
    for (campaign, id) in campaigns.iter().zip(1..) {
        create_link(&mut world, campaign, id);
    }
    let [allocations, _] = campaigns.each_ref().map(|campaign| campaign.allocations(0, 3));
    world.pass(EPOCH);
    for campaign in &campaigns {
        expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    }
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
    }
    if stage >= Stage::Open {
        world.pass(DELAY);
    }
    if stage >= Stage::Over {
        world.pass(WINDOW);
    }
    let [campaign, _] = campaigns;
    (world, campaign, allocations)
}

fn create_link(world: &mut World, campaign: &Campaign, id: u64) {
    let owner = world.owner.insecure_clone();
    let action = instruction::action_create(owner.pubkey(), action_args(id));
    let link = instruction::link_create(&campaign.addresses, address::action(&owner.pubkey(), id), 10_000);
    expect_success(world.cluster.send(&[action, link], &[&owner]));
}

impl Call {
    /// Puts the row together; the payer of the fees gets lamports.
    fn new(name: &'static str, (slots, mut world, instruction, signers): Row) -> Self {
        assert_eq!(slots.len(), instruction.accounts.len(), "{name}: one name for each account");
        world.cluster.airdrop(&fee_payer().pubkey(), 1_000_000_000_000).unwrap();
        Self { name, slots, world, instruction, signers }
    }
}

fn action_create(_: Pubkey) -> Row {
    let (world, ..) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let owner = world.owner.insecure_clone();
    let create = instruction::action_create(owner.pubkey(), action_args(3));
    (&["owner", "action", "system_program"], world, create, vec![owner])
}

fn config_initialize(_: Pubkey) -> Row {
    let world = World::without_config();
    let admin = world.admin.insecure_clone();
    let initialize = instruction::config_initialize(admin.pubkey(), world.treasury, FEE_BASIS_POINTS);
    let slots = &["admin", "config", "treasury", "program", "program_data", "system_program"];
    (slots, world, initialize, vec![admin])
}

fn config_update(_: Pubkey) -> Row {
    let (world, ..) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let admin = world.admin.insecure_clone();
    let update = instruction::config_update(admin.pubkey(), admin.pubkey(), 1, true);
    (&["admin", "config", "treasury"], world, update, vec![admin])
}

fn distributor_close(token_program: Pubkey) -> Row {
    let (mut world, campaign, allocations) = two_campaigns(token_program, Mode::Claim, Stage::Open);
    campaign.finish(&mut world, &allocations);
    let slots = &["owner", "config", "distributor", "vault", "treasury", "destination", "mint", "token_program"];
    let close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    let owner = world.owner.insecure_clone();
    (slots, world, close, vec![owner])
}

fn distributor_create(token_program: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(token_program, Mode::Claim, Stage::Posted);
    let owner = world.owner.insecure_clone();
    let addresses = DistributorAddresses::new(owner.pubkey(), 3, campaign.addresses.asset);
    let slots = &["owner", "config", "distributor", "vault", "mint", "token_program", "system_program"];
    let create = instruction::distributor_create(&addresses, Campaign::create_args(&world, Mode::Claim, 3));
    (slots, world, create, vec![owner])
}

fn distributor_end(_: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let owner = world.owner.insecure_clone();
    (&["owner", "distributor"], world, instruction::distributor_end(&campaign.addresses), vec![owner])
}

fn distributor_fund(token_program: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(token_program, Mode::Claim, Stage::Posted);
    let owner = world.owner.insecure_clone();
    (&sponsors::FUND_SLOTS, world, instruction::distributor_fund(&campaign.addresses, FUNDING), vec![owner])
}

fn epoch_cancel(_: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let guardian = world.guardian.insecure_clone();
    let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), world.publisher.pubkey(), 0);
    (&["authority", "config", "distributor", "epoch", "rent_payer"], world, cancel, vec![guardian])
}

fn epoch_close(_: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Over);
    let close = instruction::epoch_close(&campaign.addresses, world.publisher.pubkey(), 0);
    (&["config", "distributor", "epoch", "rent_payer"], world, close, vec![])
}

fn epoch_extend(_: Pubkey) -> Row {
    let (world, campaign, _) = payments::with_large_epoch();
    let stranger = world.stranger.insecure_clone();
    let extend = instruction::epoch_extend(stranger.pubkey(), campaign.addresses.epoch(0));
    (&["payer", "epoch", "system_program"], world, extend, vec![stranger])
}

fn epoch_post(_: Pubkey) -> Row {
    let (mut world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    world.pass(EPOCH);
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = campaign.post_args(&campaign.allocations(1, 3));
    let post = instruction::epoch_post(&campaign.addresses, publisher.pubkey(), payer.pubkey(), args);
    let slots = &["publisher", "payer", "config", "distributor", "epoch", "mint", "system_program", "raffle"];
    (slots, world, post, vec![publisher, payer])
}

fn epoch_repost(_: Pubkey) -> Row {
    let (mut world, campaign, allocations) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let second = DistributorAddresses::new(world.owner.pubkey(), 2, Asset::SOL);
    for addresses in [&campaign.addresses, &second] {
        let guardian = world.guardian.insecure_clone();
        let cancel = instruction::epoch_cancel(addresses, guardian.pubkey(), publisher.pubkey(), 0);
        expect_success(world.send(cancel, &[&guardian]));
    }
    let (args, rent_payer) = (campaign.post_args(&allocations), publisher.pubkey());
    let repost = instruction::epoch_repost(&campaign.addresses, publisher.pubkey(), payer.pubkey(), rent_payer, args);
    let slots =
        &["publisher", "payer", "config", "distributor", "epoch", "rent_payer", "mint", "system_program", "raffle"];
    (slots, world, repost, vec![publisher, payer])
}

fn epoch_skip(_: Pubkey) -> Row {
    let (mut world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    world.pass(EPOCH);
    let publisher = world.publisher.insecure_clone();
    let payer = world.stranger.insecure_clone();
    let skip = instruction::epoch_skip(&campaign.addresses, publisher.pubkey(), payer.pubkey(), 1);
    let slots = &["publisher", "payer", "config", "distributor", "epoch", "system_program"];
    (slots, world, skip, vec![publisher, payer])
}

fn link_create(_: Pubkey) -> Row {
    let (mut world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let owner = world.owner.insecure_clone();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(3)), &[&owner]));
    let link = instruction::link_create(&campaign.addresses, address::action(&owner.pubkey(), 3), 1);
    (&["owner", "action", "distributor", "link", "system_program"], world, link, vec![owner])
}
