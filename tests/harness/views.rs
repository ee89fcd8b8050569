//! The program's questions, asked as any client asks them: simulated, and the answer read from the return data.

use anchor_lang::AnchorDeserialize;
use crank_cluster::error::ChainError;
use crank_cluster::instruction::view;
use crank_cluster::payment;
use solana_instruction::Instruction;
use torque::instructions::{ClaimableView, LeafView, RefundView};

use crate::campaign::{Allocations, Campaign};
use crate::world::World;

impl World {
    /// The answer to the question `ask`; no account pays for it.
    ///
    /// # Errors
    /// `Refused`.
    pub fn view<T: AnchorDeserialize>(&self, ask: Instruction) -> Result<T, ChainError> {
        assert!(ask.accounts.iter().all(|account| !account.is_writable), "a question changes nothing");
        let answer = self.cluster.ask(ask, &self.stranger)?;
        Ok(T::try_from_slice(&answer).unwrap())
    }
}

impl Campaign {
    /// The program's answer about leaf `index` of epoch `epoch`.
    ///
    /// # Errors
    /// `Refused`.
    pub fn view_leaf(&self, world: &World, epoch: u32, index: u32) -> Result<LeafView, ChainError> {
        world.view(view::leaf(self.addresses.epoch(epoch), index))
    }

    /// The amount that the wallet of leaf `index` would get now, with the whole path or one to its subtree's root.
    ///
    /// # Errors
    /// `Refused`.
    pub fn view_claimable(
        &self,
        world: &World,
        allocations: &Allocations,
        index: u32,
        is_below_subtree: bool,
    ) -> Result<ClaimableView, ChainError> {
        let mut leaf = allocations.leaf(index);
        leaf.path = payment::path(&allocations.tree, 0, index, is_below_subtree);
        world.view(view::claimable(&self.addresses, allocations.payments[index as usize].recipient, leaf))
    }

    /// The amounts that closing the distributor would send now.
    ///
    /// # Errors
    /// `Refused`.
    pub fn view_refund(&self, world: &World) -> Result<RefundView, ChainError> {
        world.view(view::refund(&self.addresses, &world.treasury))
    }
}
