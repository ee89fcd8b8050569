//! The stages at which calls succeed: two campaigns of the same people at the same stage, so that every place of a call
//! has a wrong account of the right type.
//!
//! Each function here is one stage. It takes the program that moves the money of the first campaign; the second always
//! pays another token. Not here: the calls (`calls`).

use anchor_spl::token::spl_token;
use crank_cluster::address::{self, Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{ActionCreateArgs, DistributorCreateArgs};
use torque::state::{Audience, Mode};

use crate::assertions::expect_success;
use crate::campaign::{Allocations, Campaign, DELAY, EPOCH, WINDOW};
use crate::large_epoch::open_large_epoch;
use crate::world::World;

/// Two campaigns in one world.
pub struct Scene {
    /// The world.
    pub world: World,
    /// The campaign that a call is about, and the one beside it.
    pub sides: [Side; 2],
}

/// One of the campaigns.
pub struct Side {
    /// 1 or 2: the number of the distributor, and of the action that feeds it.
    pub id: u64,
    /// The campaign.
    pub campaign: Campaign,
    /// The allocations of its epoch 0.
    pub allocations: Allocations,
}

/// The arguments with which action `id` is created for everyone and for ever.
#[must_use]
pub fn action_args(id: u64) -> ActionCreateArgs {
    let (query_hash, metadata_hash) = ([1; 32], [2; 32]);
    ActionCreateArgs { id, audience: Audience::Everyone, query_hash, metadata_hash, start: 0, end: i64::MAX }
}

/// Only the program is deployed.
#[must_use]
pub fn bare(_: Pubkey) -> Scene {
    let world = World::without_config();
    let sides = [1, 2].map(|id| {
        let addresses = DistributorAddresses::new(world.owner.pubkey(), id, Asset::SOL);
        side(Campaign { addresses, mode: Mode::Claim, publisher: world.publisher.insecure_clone() }, id)
    });
    Scene { world, sides }
}

/// Epoch 0 of three leaves is posted and can be cancelled; every leaf is claimed.
#[must_use]
pub fn posted(token_program: Pubkey) -> Scene {
    posted_in(token_program, Mode::Claim)
}

/// As `posted`, and the period of epoch 1 has ended too.
#[must_use]
pub fn ended(token_program: Pubkey) -> Scene {
    posted(token_program).after(EPOCH)
}

/// As `posted`, and the guardian has cancelled epoch 0.
#[must_use]
pub fn cancelled(token_program: Pubkey) -> Scene {
    let mut scene = posted(token_program);
    let guardian = scene.world.guardian.insecure_clone();
    for side in &scene.sides {
        expect_success(side.campaign.cancel(&mut scene.world, &guardian, 0));
    }
    scene
}

/// Epoch 0 is open and claimed.
#[must_use]
pub fn open(token_program: Pubkey) -> Scene {
    posted(token_program).after(DELAY)
}

/// Epoch 0 is open and pushed.
#[must_use]
pub fn open_to_push(token_program: Pubkey) -> Scene {
    posted_in(token_program, Mode::Push).after(DELAY)
}

/// The window of epoch 0 is over.
#[must_use]
pub fn over(token_program: Pubkey) -> Scene {
    open(token_program).after(WINDOW)
}

/// Every leaf of the first campaign is paid, its epoch is closed and its schedule has ended.
#[must_use]
pub fn finished(token_program: Pubkey) -> Scene {
    finish(posted(token_program))
}

/// A posted scene whose first campaign then pays every leaf and ends.
#[must_use]
pub fn finish(scene: Scene) -> Scene {
    let mut scene = scene.after(DELAY);
    let [side, _] = &scene.sides;
    side.campaign.finish(&mut scene.world, &side.allocations);
    scene
}

/// Two campaigns that are created with `args` and not funded, with an action and a link of each.
#[must_use]
pub fn created(token_program: Pubkey, args: fn(&World, u64) -> DistributorCreateArgs) -> Scene {
    let mut world = World::new();
    let sides = assets(&mut world, token_program).map(|(asset, id)| {
        let args = args(&world, id);
        side(Campaign::created_with(&mut world, asset, args), id)
    });
    for side in &sides {
        create_actions(&mut world, side);
    }
    Scene { world, sides }
}

/// Epoch 0 of the first campaign is large, open, and as small as it was created; that of the second is posted.
#[must_use]
pub fn large(_: Pubkey) -> Scene {
    let mut world = World::new();
    let [asset, other] = [(); 2].map(|()| world.create_token(spl_token::ID));
    let (campaign, _) = open_large_epoch(&mut world, asset, Mode::Claim);
    let sides = [side(campaign, 1), side(Campaign::funded(&mut world, other, Mode::Claim, 2), 2)];
    for side in &sides {
        create_actions(&mut world, side);
    }
    expect_success(sides[1].campaign.post(&mut world, &sides[1].allocations));
    Scene { world, sides }
}

fn side(campaign: Campaign, id: u64) -> Side {
    let allocations = campaign.allocations(0, 3);
    Side { id, campaign, allocations }
}

/// The assets that the campaigns pay, with the campaigns' numbers.
fn assets(world: &mut World, token_program: Pubkey) -> [(Asset, u64); 2] {
    let asset = if token_program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(token_program) };
    [(asset, 1), (world.create_token(spl_token::ID), 2)]
}

fn posted_in(token_program: Pubkey, mode: Mode) -> Scene {
    let mut world = World::new();
    let sides =
        assets(&mut world, token_program).map(|(asset, id)| side(Campaign::funded(&mut world, asset, mode, id), id));
    world.pass(EPOCH);
    for side in &sides {
        create_actions(&mut world, side);
        expect_success(side.campaign.post(&mut world, &side.allocations));
        for payment in &side.allocations.payments {
            world.open_account(&side.campaign.addresses.asset, &payment.recipient);
        }
    }
    Scene { world, sides }
}

/// An action that feeds the side's distributor, and one that does not yet.
fn create_actions(world: &mut World, side: &Side) {
    let owner = world.owner.insecure_clone();
    let [action, unlinked] =
        [side.id, side.unlinked_action()].map(|id| instruction::action_create(owner.pubkey(), action_args(id)));
    let link = instruction::link_create(&side.campaign.addresses, address::action(&owner.pubkey(), side.id), 10_000);
    expect_success(world.cluster.send(&[action, link, unlinked], &[&owner]));
}

impl Scene {
    /// The scene `seconds` later.
    fn after(mut self, seconds: i64) -> Self {
        self.world.pass(seconds);
        self
    }
}

impl Side {
    /// The number of an action of the owner that does not feed the distributor.
    #[must_use]
    pub fn unlinked_action(&self) -> u64 {
        self.id + 2
    }

    /// A number under which the owner has neither a distributor nor an action.
    #[must_use]
    pub fn unused_id(&self) -> u64 {
        self.id + 4
    }
}
