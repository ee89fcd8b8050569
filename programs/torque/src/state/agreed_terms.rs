//! What a sponsor agrees to: the terms that decide how long its money stays in, how fast it can be paid, and who
//! decides over it.
//!
//! While sponsors' money is in a distributor these terms are not loosened (`terms`), and nobody but the guardian names
//! the next guardian (`hand_over`).

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::{Distributor, Limits};

/// The terms of a distributor that its owner may change and that matter to a sponsor. What the owner cannot change is
/// as the distributor says for good.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AgreedTerms {
    /// How many epochs there are; `u32::MAX` until the owner ends it.
    pub epoch_count: u32,
    /// The most base units that one epoch may pay.
    pub epoch_budget: u64,
    /// Seconds from posting to opening.
    pub activation_delay: u32,
    /// Seconds from opening to the end of payments.
    pub claim_window: u32,
    /// How fast money may leave.
    pub limits: Limits,
    /// The protocol's fee on top.
    pub fee_basis_points: u16,
    /// Posts roots.
    pub publisher: Pubkey,
    /// Cancels roots and strikes leaves.
    pub guardian: Pubkey,
}

impl AgreedTerms {
    /// The name of the first term that `other` has otherwise.
    fn first_difference(&self, other: &Self) -> Option<&'static str> {
        let terms = [
            ("epoch_count", self.epoch_count == other.epoch_count),
            ("epoch_budget", self.epoch_budget == other.epoch_budget),
            ("activation_delay", self.activation_delay == other.activation_delay),
            ("claim_window", self.claim_window == other.claim_window),
            ("limits", self.limits == other.limits),
            ("fee_basis_points", self.fee_basis_points == other.fee_basis_points),
            ("publisher", self.publisher == other.publisher),
            ("guardian", self.guardian == other.guardian),
        ];
        terms.into_iter().find(|(_, is_equal)| !is_equal).map(|(name, _)| name)
    }
}

impl Distributor {
    /// What somebody who would sponsor now agrees to. Where the owner has changed terms, but not of the next epoch to
    /// post, it is the larger budget and window and the shorter delay of both, and the limits to come.
    #[must_use]
    pub fn agreed_terms(&self) -> AgreedTerms {
        let latest = self.latest_terms();
        AgreedTerms {
            epoch_count: self.terms.epoch_count,
            epoch_budget: self.terms.epoch_budget.max(latest.epoch_budget),
            activation_delay: self.terms.activation_delay.min(latest.activation_delay),
            claim_window: self.terms.claim_window.max(latest.claim_window),
            limits: latest.limits,
            fee_basis_points: self.fee_basis_points,
            publisher: self.publisher,
            guardian: latest.guardian,
        }
    }

    /// Refuses a sponsor that agrees to other terms than there are, or while a guardian is named whom it cannot know.
    ///
    /// # Errors
    /// `GuardianChanging`, `TermsNotAgreed`; the log then names the first term that differs.
    pub fn require_agreed(&self, agreed: &AgreedTerms) -> Result<()> {
        let terms = self.agreed_terms();
        let is_settled = self.pending_guardian == Pubkey::default() && self.guardian == terms.guardian;
        ensure!(is_settled, TorqueError::GuardianChanging);
        if let Some(name) = agreed.first_difference(&terms) {
            msg!("{}", name);
            return refuse!(TorqueError::TermsNotAgreed);
        }
        Ok(())
    }
}
