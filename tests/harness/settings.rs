//! The protocol's settings and its pause, as admin and pauser change them.

use crank_cluster::address;
use crank_cluster::instruction::settings;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::Config;

use crate::assertions::{Sent, expect_success};
use crate::world::World;

impl World {
    /// The settings.
    #[must_use]
    pub fn config(&self) -> Config {
        self.cluster.decode(&address::config(), "config").unwrap()
    }

    /// The pauser pauses the protocol.
    pub fn pause_protocol(&mut self) -> Sent {
        let pauser = self.pauser.insecure_clone();
        self.send(settings::pause(pauser.pubkey()), &[&pauser])
    }

    /// The admin ends the protocol's pause that began at `since`, unix seconds.
    pub fn unpause_protocol(&mut self, since: i64) -> Sent {
        self.send_as_admin(settings::unpause(self.admin.pubkey(), since))
    }

    /// Pauses the protocol or lets it run again, unless it does so already.
    pub fn set_paused(&mut self, paused: bool) {
        let downtime = self.config().downtime;
        if downtime.is_paused() != paused {
            expect_success(if paused { self.pause_protocol() } else { self.unpause_protocol(downtime.since) });
        }
    }

    /// The admin sets the fee of later distributors.
    pub fn set_fee(&mut self, fee_basis_points: u16) -> Sent {
        self.send_as_admin(settings::set_fee(self.admin.pubkey(), fee_basis_points))
    }

    /// The admin makes `treasury` the wallet that receives fees, in the protocol and in this world.
    pub fn set_treasury(&mut self, treasury: Pubkey) -> Sent {
        let sent = self.send_as_admin(settings::set_treasury(self.admin.pubkey(), treasury))?;
        self.treasury = treasury;
        Ok(sent)
    }

    /// The admin names `pauser` as the key that may pause.
    pub fn set_pauser(&mut self, pauser: Pubkey) -> Sent {
        self.send_as_admin(settings::set_pauser(self.admin.pubkey(), pauser))
    }

    fn send_as_admin(&mut self, instruction: Instruction) -> Sent {
        let admin = self.admin.insecure_clone();
        self.send(instruction, &[&admin])
    }
}
