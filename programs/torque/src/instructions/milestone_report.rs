//! Reports the total that a community has reached towards a distributor's milestone.
//!
//! Works while the protocol is paused: it moves nothing, and a pause over the deadline must not miss a milestone.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::MilestoneReported;
use crate::state::Distributor;

/// Accounts of `milestone_report`.
#[derive(Accounts)]
pub struct MilestoneReport<'info> {
    /// The distributor's publisher, who is trusted with the total as with the roots.
    pub publisher: Signer<'info>,
    /// The distributor with the milestone.
    #[account(mut, has_one = publisher @ TorqueError::NotPublisher)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl MilestoneReport<'_> {
    pub(crate) fn handler(ctx: Context<Self>, total: u64) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let (before, now) = (distributor.milestone, Clock::get()?.unix_timestamp);
        // A report pays for epochs that have begun, the first one among them.
        distributor.require_publisher_of(0, now)?;
        distributor.milestone.report(total, now)?;
        emit!(MilestoneReported {
            distributor: distributor.key(),
            publisher: distributor.publisher,
            total: [before.reported, total],
            unlocked_basis_points: [before, distributor.milestone].map(|it| it.unlocked_basis_points()),
        });
        Ok(())
    }
}
