//! C-045, C-047, C-057, C-059, C-070 and C-118: unusual destinations, addresses and logs.

use anchor_spl::token_2022::spl_token_2022::instruction::{AuthorityType, approve, set_authority};
use anchor_spl::{token, token_2022};
use crank_cluster::address::{self, Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::call;
use tests::campaign::{Campaign, EPOCH};
use tests::trials::Bench;
use tests::unsigned::refusal;
use tests::world::{World, keypair};
use torque::constants::{SEED_ACTION, SEED_CONFIG, SEED_DISTRIBUTOR, SEED_EPOCH, SEED_LINK, SEED_VAULT};
use torque::state::Mode;

use super::stage::{expect_paid, list, open};

/// C-045, the rule: it is the wallet's own account whoever else may spend from it, so it is paid, by claim and by push.
#[test]
fn c_045_an_account_with_a_delegate_and_a_foreign_close_authority_is_paid() {
    for program in [token::ID, token_2022::ID] {
        for mode in [Mode::Claim, Mode::Push] {
            let mut world = World::new();
            let asset = world.create_token(program);
            let (campaign, allocations) = Campaign::open(&mut world, asset, mode, 3);
            let (owner, stranger) = (world.owner.insecure_clone(), world.stranger.pubkey());
            let wallet = &allocations.wallets[1];
            let (account, key) = (asset.account_of(&wallet.pubkey()), wallet.pubkey());
            let delegate = approve(&program, &account, &stranger, &key, &[], u64::MAX).unwrap();
            let mut changes = vec![delegate];
            // The owner of an associated account of Token-2022 can never change, and neither can its close authority.
            if program == token::ID {
                let kind = AuthorityType::CloseAccount;
                changes.push(set_authority(&program, &account, Some(&stranger), kind, &key, &[]).unwrap());
            }
            expect_success(world.cluster.send(&changes, &[&owner, wallet]));
            expect_success(campaign.pay(&mut world, &allocations, 1));
            expect_paid(&world, &campaign, &allocations, &[1]);
        }
    }
}

/// C-047, the rule: an address that no key signs for is pushed to like any other, and cannot claim.
#[test]
fn c_047_a_wallet_that_is_another_program_s_address_is_pushed_to() {
    for is_native in [true, false] {
        let mut world = World::new();
        let asset = if is_native { Asset::SOL } else { world.create_token(token::ID) };
        let campaign = Campaign::funded(&mut world, asset, Mode::Push, 1);
        world.pass(EPOCH);
        let mut allocations = list(&campaign, 0, &[(9_001, 2_000_000), (9_002, 3_000_000)]);
        let (off_curve, _) = Pubkey::find_program_address(&[b"treasury"], &token_2022::ID);
        allocations.payments[1].recipient = off_curve;
        allocations.tree = tests::campaign::tree(&campaign.epoch(0), &allocations.payments);
        open(&mut world, &[(&campaign, &allocations)]);
        let push = campaign.plan_push(&allocations, 0, 1);
        expect_success(campaign.push(&mut world, &allocations, push));
        expect_paid(&world, &campaign, &allocations, &[0, 1]);
    }
}

/// The addresses that calls create, with their seeds.
fn created() -> Vec<(&'static str, &'static str, Vec<Vec<u8>>)> {
    let owner = keypair(2).pubkey();
    let bytes = |seeds: &[&[u8]]| seeds.iter().map(|seed| seed.to_vec()).collect();
    let first = address::distributor(&owner, 1);
    let (id, index) = (5_u64.to_le_bytes(), 1_u32.to_le_bytes());
    let action = address::action(&owner, 3);
    vec![
        ("config_initialize", "config", bytes(&[SEED_CONFIG])),
        ("action_create", "action", bytes(&[SEED_ACTION, owner.as_ref(), &id])),
        ("distributor_create", "distributor", bytes(&[SEED_DISTRIBUTOR, owner.as_ref(), &id])),
        ("distributor_create", "vault", bytes(&[SEED_VAULT, address::distributor(&owner, 5).as_ref()])),
        ("epoch_post", "epoch", bytes(&[SEED_EPOCH, first.as_ref(), &index])),
        ("epoch_skip", "epoch", bytes(&[SEED_EPOCH, first.as_ref(), &index])),
        ("link_create", "link", bytes(&[SEED_LINK, action.as_ref(), first.as_ref()])),
    ]
}

/// C-057. The seeds and every lower bump that gives an address.
#[test]
fn c_057_an_address_with_another_bump_is_refused_for_every_account_that_is_created() {
    for (name, place, seeds) in created() {
        let call = call(name);
        let slot = call.slots.iter().position(|slot| *slot == place).unwrap();
        let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
        let (canonical, highest) = Pubkey::find_program_address(&seeds, &torque::ID);
        assert_eq!(call.instruction.accounts[slot].pubkey, canonical, "{name}: {place}");
        let mut bench = Bench::of(&call);
        for bump in (0..highest).rev() {
            let Ok(address) = Pubkey::create_program_address(&[&seeds[..], &[&[bump]]].concat(), &torque::ID) else {
                continue;
            };
            let mut changed = call.instruction.clone();
            changed.accounts[slot].pubkey = address;
            assert_eq!(bench.refusal_of(name, &changed).as_deref(), Some("ConstraintSeeds"), "{name}: {bump}");
        }
    }
}

/// C-059. Numbers at their ends: each distributor has an address and a vault of its own.
#[test]
fn c_059_distributors_with_numbers_at_their_ends_exist_side_by_side() {
    let mut world = World::new();
    let numbers = [0, 1, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX - 1, u64::MAX];
    let campaigns = numbers.map(|id| Campaign::funded(&mut world, Asset::SOL, Mode::Claim, id));
    for (campaign, id) in campaigns.iter().zip(numbers) {
        assert_eq!(world.distributor(&campaign.addresses).id, id);
    }
    tests::invariants::check(&world, &campaigns.each_ref());
}

/// C-070. Closed and created again within one transaction, which undoes both; and afterwards the address stays taken.
#[test]
fn c_070_a_distributor_is_not_closed_and_created_again_in_one_transaction() {
    let call = call("distributor_close of SOL");
    let mut world = call.world.fork();
    let owner = world.owner.insecure_clone();
    let addresses = DistributorAddresses::new(owner.pubkey(), 1, Asset::SOL);
    let create = instruction::distributor_create(&addresses, Campaign::create_args(&world, Mode::Claim, 1));
    let both = [call.instruction.clone(), create];
    tests::assertions::expect_address_taken(world.cluster.send(&both, &[&owner]));
    assert!(!world.is_absent(&addresses.vault));
    expect_success(world.send(call.instruction, &[&owner]));
}

/// C-118. What preceding instructions log, of the 10,000 bytes that there are, leaves no room for the event; the
/// accounts say all the same what was paid.
#[test]
fn c_118_a_payment_whose_event_does_not_fit_the_log_is_marked_like_any_other() {
    let call = call("claim");
    let mut world = call.world.fork().without_signatures();
    let memo_program = Pubkey::from_str_const("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
    let memo = Instruction { program_id: memo_program, accounts: Vec::new(), data: vec![b'x'; 4_750] };
    let payer = tests::calls::fee_payer().pubkey();
    let limit = compute_limit(1_400_000);
    let executed = world.execute(&[limit, memo.clone(), memo, call.instruction.clone()], &payer);
    let logs = executed.unwrap_or_else(|failed| panic!("{}", refusal(&failed))).logs;
    assert!(!logs.iter().any(|line| line.starts_with("Program data: ")), "the event fits");
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, call.asset);
    assert_eq!(world.epoch(&addresses, 0).paid_count, 1);
    let failed = world.execute(&[call.instruction], &payer).unwrap_err();
    assert_eq!(refusal(&failed), "LeafAlreadyPaid");
}

/// Asks for so many compute units: the instruction's number, and the units.
fn compute_limit(units: u32) -> Instruction {
    let program_id = Pubkey::from_str_const("ComputeBudget111111111111111111111111111111");
    Instruction { program_id, accounts: Vec::new(), data: [&[2], &units.to_le_bytes()[..]].concat() }
}
