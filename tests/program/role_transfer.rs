//! `role_transfer`: the owner names the next owner, publisher or guardian, who have no power until they accept.

use crank_cluster::address::Asset;
use crank_cluster::instruction::authority;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityOffered};
use torque::state::{Mode, Role};

/// Every role, and its name in events.
const ROLES: [(Role, Authority); 3] =
    [(Role::Owner, Authority::Owner), (Role::Publisher, Authority::Publisher), (Role::Guardian, Authority::Guardian)];

#[test]
fn the_owner_names_the_next_holder_of_each_role_and_nobody_else_changes() {
    for (place, (role, named)) in ROLES.into_iter().enumerate() {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let holders = [world.owner.pubkey(), world.publisher.pubkey(), world.guardian.pubkey()];
        let stranger = world.stranger.pubkey();
        let event: AuthorityOffered = the_event(&expect_success(transfer(&mut world, &campaign, role, stranger)));
        assert_eq!((event.account, event.authority), (campaign.addresses.distributor, named));
        assert_eq!((event.holder, event.pending), (holders[place], [Pubkey::default(), stranger]));
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!([distributor.owner, distributor.publisher, distributor.guardian], holders);
        let mut pending = [Pubkey::default(); 3];
        pending[place] = stranger;
        let found = [distributor.pending_owner, distributor.pending_publisher, distributor.pending_guardian];
        assert_eq!(found, pending);
    }
}

#[test]
fn c_039_no_role_is_handed_to_the_default_key_which_only_withdraws() {
    for (role, _) in ROLES {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let withdraw = |world: &mut World| transfer(world, &campaign, role, Pubkey::default());
        expect_unchanged(&mut world, TorqueError::RoleMissing, withdraw);
        let stranger = world.stranger.insecure_clone();
        expect_success(transfer(&mut world, &campaign, role, stranger.pubkey()));
        expect_success(withdraw(&mut world));
        let accept = authority::role_accept(campaign.addresses.distributor, role, stranger.pubkey());
        expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept, &[&stranger]));
        expect_unchanged(&mut world, TorqueError::RoleMissing, withdraw);
    }
}

#[test]
fn c_039_nobody_but_the_owner_starts_a_hand_over_even_of_its_own_role() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    for (role, _) in ROLES {
        for person in [&world.publisher, &world.guardian, &world.stranger, &world.admin].map(|key| key.insecure_clone())
        {
            let addresses = campaign.addresses.owned_by(person.pubkey());
            let transfer = authority::role_transfer(&addresses, role, person.pubkey());
            expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(transfer, &[&person]));
        }
    }
}

fn transfer(world: &mut World, campaign: &Campaign, role: Role, to: Pubkey) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::role_transfer(&campaign.addresses, role, to), &[&owner])
}
