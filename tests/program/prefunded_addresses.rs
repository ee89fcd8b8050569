//! Lamports that are sent to an address before its account exists block nothing, and the surplus is accounted for.

use anchor_spl::token::spl_token;
use crank_cluster::address::{self, Asset};
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::{Call, calls};
use tests::campaign::{Campaign, EPOCH};
use tests::events::the_event;
use tests::world::World;
use torque::constants::RAFFLE_BOUNTY;
use torque::events::DistributorClosed;
use torque::state::Mode;

/// One lamport, a little less and exactly the rent of an empty account, one SOL.
const AMOUNTS: [u64; 4] = [1, 890_879, 890_880, 1_000_000_000];

/// The instructions that create accounts, and the places of these accounts.
const CREATED: [(&str, &[&str]); 10] = [
    ("action_create", &["action"]),
    ("config_initialize", &["config"]),
    ("distributor_create", &["distributor", "vault"]),
    ("distributor_create of SOL", &["distributor", "vault"]),
    ("distributor_fund by a sponsor", &["sponsorship"]),
    ("distributor_fund of SOL by a sponsor", &["sponsorship"]),
    ("epoch_post", &["epoch"]),
    ("epoch_skip", &["epoch"]),
    ("link_create", &["link"]),
    ("raffle_commit", &["raffle"]),
];

#[test]
fn every_address_may_hold_lamports_before_it_is_created() {
    for call in calls() {
        for slot in created_by(&call) {
            for lamports in AMOUNTS {
                let mut world = call.world.fork();
                let address = call.instruction.accounts[slot].pubkey;
                world.set_lamports(&address, lamports);
                let signers: Vec<_> = call.signers.iter().collect();
                expect_success(world.send(call.instruction.clone(), &signers));
                let bounty = if call.name == "raffle_commit" { RAFFLE_BOUNTY } else { 0 };
                let needed = world.rent(world.size(&address)) + bounty;
                assert_eq!(world.cluster.lamports(&address), needed.max(lamports), "{}", call.name);
            }
        }
    }
}

#[test]
fn every_address_may_get_lamports_in_the_transaction_that_creates_it() {
    for call in calls() {
        for slot in created_by(&call) {
            let (attacker, address) = (call.world.stranger.insecure_clone(), call.instruction.accounts[slot].pubkey);
            let gift = solana_system_interface::instruction::transfer(&attacker.pubkey(), &address, 890_880);
            let mut signers = vec![&attacker];
            signers.extend(&call.signers);
            expect_success(call.world.fork().cluster.send(&[gift, call.instruction.clone()], &signers));
        }
    }
}

#[test]
fn lamports_that_a_vault_of_sol_had_before_its_creation_return_to_the_owner() {
    for lamports in AMOUNTS {
        let mut world = World::new();
        let vault = address::vault(&address::distributor(&world.owner.pubkey(), 1));
        world.set_lamports(&vault, lamports);
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        let surplus = lamports.saturating_sub(world.rent(0));
        assert_eq!(refund(&mut world, &campaign), 3_150_000_000 + surplus);
    }
}

#[test]
fn lamports_that_a_vault_of_tokens_had_before_its_creation_return_to_the_owner() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let owner = world.owner.pubkey();
    world.set_lamports(&address::vault(&address::distributor(&owner, 1)), 1_000_000_000);
    let campaign = Campaign::funded(&mut world, asset, Mode::Claim, 1);
    let before = world.cluster.lamports(&owner);
    assert_eq!(refund(&mut world, &campaign), 3_150_000_000);
    assert!(world.cluster.lamports(&owner) - before > 1_000_000_000);
}

#[test]
fn wrapped_sol_that_a_vault_had_before_its_creation_returns_to_the_owner() {
    let mut world = World::new();
    let wrapped = Asset { mint: spl_token::native_mint::ID, token_program: spl_token::ID };
    world.put_native_mint();
    let owner = world.owner.pubkey();
    world.set_lamports(&address::vault(&address::distributor(&owner, 1)), 1_000_000_000);
    world.open_account(&wrapped, &owner);
    world.open_account(&wrapped, &world.treasury.clone());
    let campaign = Campaign::created(&mut world, wrapped, Mode::Claim, 1);
    assert_eq!(refund(&mut world, &campaign), 1_000_000_000 - world.rent(165));
}

#[test]
fn an_epoch_s_surplus_goes_to_the_payer_of_its_rent() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.set_lamports(&campaign.addresses.epoch(0), 1_000_000_000);
    world.pass(EPOCH);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    let (guardian, payer) = (world.guardian.insecure_clone(), world.publisher.pubkey());
    let before = world.cluster.lamports(&payer);
    let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), payer, 0);
    expect_success(world.send(cancel, &[&guardian]));
    assert_eq!(world.cluster.lamports(&payer) - before, 1_000_000_000 - world.rent(336));
}

/// The places of the accounts that a call creates.
fn created_by(call: &Call) -> Vec<usize> {
    let names = CREATED.iter().find(|(name, _)| *name == call.name).map_or(&[][..], |(_, names)| *names);
    names.iter().map(|name| call.slots.iter().position(|slot| slot == name).unwrap()).collect()
}

/// Ends the campaign before it begins, closes it, and tells what the owner got of the vault.
fn refund(world: &mut World, campaign: &Campaign) -> u64 {
    world.pass(-1);
    expect_success(campaign.end(world));
    let event: DistributorClosed = the_event(&expect_success(campaign.close(world)));
    event.refunded
}
