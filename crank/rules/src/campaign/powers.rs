//! `acceptedPowers`: what others, and the owner itself, can do to the token that a campaign pays.
//!
//! Here is the name and the meaning of each power. Which powers a mint really gives is on the chain; a launch compares.

use torque::powers::Powers;

use super::{
    CampaignError, Reward,
    fields::{self, Fields, wrong},
};

/// A power over a mint, as campaign files name it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NamedPower {
    /// Its bit.
    pub power: Powers,
    /// Its name in `acceptedPowers`.
    pub name: &'static str,
    /// What it means for wallets, as a clause.
    pub meaning: &'static str,
}

/// The powers of issuers, then the same as the owner's own.
const POWERS: [NamedPower; 11] = [
    named(Powers::FREEZE, "freeze", "its freeze authority can stop the vault and any wallet"),
    named(Powers::PAUSE, "pause", "its pause authority can stop every payment"),
    named(Powers::TRANSFER_FEE, "transferFee", "its fee authority can make payments so dear that leaves stay unpaid"),
    named(Powers::PERMANENT_DELEGATE, "permanentDelegate", "its permanent delegate can empty the vault"),
    named(Powers::TRANSFER_HOOK, "transferHook", "its hook authority can stop every payment"),
    named(
        Powers::CONFIDENTIAL_TRANSFERS,
        "confidentialTransfers",
        "a wallet whose account takes confidential credits only is not paid",
    ),
    named(Powers::FREEZE.of_owner(), "ownerFreeze", "the freeze authority is the campaign's owner"),
    named(Powers::PAUSE.of_owner(), "ownerPause", "the pause authority is the campaign's owner"),
    named(Powers::TRANSFER_FEE.of_owner(), "ownerTransferFee", "the fee authority is the campaign's owner"),
    named(
        Powers::PERMANENT_DELEGATE.of_owner(),
        "ownerPermanentDelegate",
        "the permanent delegate is the campaign's owner",
    ),
    named(Powers::TRANSFER_HOOK.of_owner(), "ownerTransferHook", "the hook authority is the campaign's owner"),
];

const fn named(power: Powers, name: &'static str, meaning: &'static str) -> NamedPower {
    NamedPower { power, name, meaning }
}

/// The powers in `powers`, by name.
pub fn named_powers(powers: Powers) -> impl Iterator<Item = NamedPower> {
    POWERS.into_iter().filter(move |named| powers.contains(named.power))
}

/// `powers` as a campaign file has them, such as `["freeze", "pause"]`.
#[must_use]
pub fn written_powers(powers: Powers) -> String {
    let names: Vec<String> = named_powers(powers).map(|named| format!("\"{}\"", named.name)).collect();
    format!("[{}]", names.join(", "))
}

/// Reads `acceptedPowers` of a campaign that pays `reward`; without the field no power is accepted.
pub(super) fn read(fields: &Fields<'_>, reward: &Reward) -> Result<Powers, CampaignError> {
    const FIELD: &str = "acceptedPowers";
    match reward {
        Reward::Sol => fields.refuse(FIELD, "the campaign pays SOL, over which nobody has power")?,
        Reward::Points { .. } => fields.refuse(FIELD, "the campaign gives points, which are not escrowed")?,
        Reward::Tokens { .. } => {}
    }
    let expected = format!("a list of powers, each one of {}", written_powers(Powers::ALL).replace(['[', ']'], ""));
    let mut accepted = Powers::NONE;
    for (place, value) in fields.elements(FIELD, &expected, POWERS.len())?.unwrap_or_default() {
        let name = fields::text(value);
        let found = POWERS.iter().find(|named| name.as_deref() == Some(named.name));
        let power = found.ok_or_else(|| wrong(&place, fields::quote(value), &expected))?.power;
        if accepted.contains(power) {
            return Err(wrong(&place, format!("{} again", fields::quote(value)), "each power once"));
        }
        accepted = accepted.with(power);
    }
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_power_has_one_name_and_no_name_means_two() {
        let mut all = Powers::NONE;
        for named in POWERS {
            assert_eq!(named.power.bits.count_ones(), 1, "{}", named.name);
            assert!(!all.contains(named.power), "{}", named.name);
            all = all.with(named.power);
        }
        assert_eq!(all, Powers::ALL);
        assert_eq!(named_powers(Powers::ALL).count(), POWERS.len());
    }

    #[test]
    fn powers_are_written_as_a_campaign_file_has_them() {
        let powers = Powers::FREEZE.with(Powers::PAUSE.of_owner());
        assert_eq!(written_powers(powers), "[\"freeze\", \"ownerPause\"]");
        assert_eq!(written_powers(Powers::NONE), "[]");
    }
}
