//! Every key that has a role in the worlds of the calls, before and after all authorities were handed over.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::Sent;
use tests::calls::authority::{action_owner, next_holders};
use tests::calls::{Call, fee_payer};
use tests::world::{World, keypair, known_key};

use super::table::{RoleRow, rows_of};

/// Whether the authorities were handed over.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Moment {
    /// The next holders are named and have not accepted.
    Offered,
    /// They have.
    Accepted,
}

/// A key and the roles that it has.
pub(super) struct Person {
    pub(super) key: Keypair,
    roles: Vec<&'static str>,
}

/// The authorities that are handed over.
const AUTHORITIES: [&str; 5] = ["admin", "owner", "publisher", "guardian", "action owner"];
/// The names of the next holders of these roles.
const NEXT: [&str; 5] = ["next admin", "next owner", "next publisher", "next guardian", "next action owner"];

/// Everybody at `moment`: the first holders, the next ones, the pauser, and two that never have a role.
pub(super) fn people(moment: Moment) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for ((first, next), place) in first_holders().into_iter().zip(next_holders()).zip(0..) {
        let (before, after) = match moment {
            Moment::Offered => (vec![AUTHORITIES[place]], vec![NEXT[place]]),
            Moment::Accepted => (Vec::new(), vec![AUTHORITIES[place]]),
        };
        people.push(Person { key: first, roles: before });
        people.push(Person { key: next, roles: after });
    }
    people[0].roles.push("upgrade authority");
    // An epoch keeps the guardian that it began under.
    let first_guardian = keypair(4).pubkey();
    people.iter_mut().filter(|it| it.key.pubkey() == first_guardian).for_each(|it| it.roles.push("epoch's guardian"));
    people.push(Person { key: keypair(9), roles: vec!["pauser"] });
    people.extend([5, 6].map(|number| Person { key: keypair(number), roles: Vec::new() }));
    people
}

impl Person {
    /// Whether `row` lets this key sign in a call that `own` signs.
    pub(super) fn may(&self, row: &RoleRow, own: &Pubkey) -> bool {
        row.who.split(" or ").any(|who| match who {
            "anybody" => true,
            "upgrade authority" | "epoch's guardian" => self.roles.contains(&who),
            who if AUTHORITIES.contains(&who) || NEXT.contains(&who) => self.roles.contains(&who),
            _ => self.key.pubkey() == *own,
        })
    }
}

/// Brings the world of a call to `moment` and gives everybody lamports. A world without the protocol stays as it is.
pub(super) fn prepare(call: &mut Call, moment: Moment) {
    for person in people(moment) {
        if call.world.cluster.lamports(&person.key.pubkey()) == 0 {
            call.world.set_lamports(&person.key.pubkey(), 1_000_000_000_000);
        }
    }
    // A sponsor names who holds the roles, so its call is refused once they change: `sponsoring` shows that.
    if !has_protocol(&call.world) || call.name.ends_with("by a sponsor") {
        return;
    }
    call.world.offer_everything();
    if moment == Moment::Accepted {
        call.world.accept_everything();
        sign_with_new_keys(call);
    }
}

/// Puts the new holder of each authority in the place in which the call has the old one by that authority.
fn sign_with_new_keys(call: &mut Call) {
    for row in rows_of(call.name) {
        let slot = call.slots.iter().position(|slot| *slot == row.signer);
        let Some(own) = slot.map(|slot| call.instruction.accounts[slot].pubkey) else { continue };
        let place = first_holders()
            .iter()
            .zip(AUTHORITIES)
            .position(|(first, authority)| first.pubkey() == own && row.who.split(" or ").any(|who| who == authority));
        if let Some(place) = place {
            replace(call, row.signer, &own, next_holders()[place].pubkey());
        }
    }
}

/// Puts `next` in the place of `own` where it signs, and where it is itself what its lamports are taken from.
fn replace(call: &mut Call, signer: &str, own: &Pubkey, next: Pubkey) {
    for (slot, account) in call.slots.iter().zip(&mut call.instruction.accounts) {
        if account.pubkey == *own && [signer, "source"].contains(slot) {
            account.pubkey = next;
        }
    }
}

fn first_holders() -> [Keypair; 5] {
    [keypair(1), keypair(2), keypair(3), keypair(4), action_owner()]
}

/// Whether the protocol is set up.
pub(super) fn has_protocol(world: &World) -> bool {
    !world.is_absent(&crank_cluster::address::config())
}

/// Sends `instruction` in `world`, signed by every account that must sign and by a payer of the fee.
pub(super) fn send(world: &mut World, instruction: &Instruction) -> Sent {
    let signing = instruction.accounts.iter().filter(|account| account.is_signer);
    let keys: Vec<Keypair> = signing.map(|account| known_key(&account.pubkey).unwrap()).collect();
    let payer = fee_payer();
    let signers: Vec<&Keypair> = std::iter::once(&payer).chain(&keys).collect();
    world.send(instruction.clone(), &signers)
}
