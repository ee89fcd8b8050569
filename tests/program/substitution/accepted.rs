//! The accounts that may stand in another's place, and why each is harmless. Whether they are accepted, and no others, is
//! asked by `substitution`.

use Accepted::{Anything, Only};

/// Substitutes that are accepted: in which call and place, which ones, and why.
pub(super) const ACCEPTED: [(&str, &str, Accepted, &str); 24] = [
    ("claim", "destination", Only(&[STRANGERS_ACCOUNT]), "the recipient signs and may name any account of the token"),
    ("claim of SOL", "destination", Anything, "the recipient signs and may name any account"),
    ("config_initialize", "treasury", Anything, "the admin chooses, and nothing else exists yet"),
    ("config_update", "treasury", Only(&WALLETS), "the admin chooses the wallet"),
    (
        "distributor_close",
        "destination",
        Only(&REFUND_ACCOUNTS),
        "the owner signs and may name any account of the token",
    ),
    ("distributor_close", "mint", Only(&[READ_ONLY]), "only where the vault holds fees of the mint is it written"),
    ("distributor_close of SOL", "destination", Anything, "the owner signs and may name any account"),
    ("distributor_create", "mint", Only(&["another mint"]), "that is a distributor of another token"),
    ("distributor_end", "distributor", Only(&[OTHER]), "it has the same owner and can be ended too"),
    ("distributor_pause", "authority", Only(&["the owner"]), "the owner may do what the guardian may"),
    ("distributor_pause", "distributor", Only(&[OTHER]), "it has the same guardian and can be paused too"),
    ("distributor_update", "distributor", Only(&[OTHER]), "it has the same owner and can be changed too"),
    ("epoch_cancel", "authority", Only(&["the owner"]), "the owner may do what the guardian may"),
    ("epoch_extend", "payer", Only(&PEOPLE), "anybody may pay for the growth, and signs"),
    ("epoch_post", "payer", Only(&PEOPLE_AND_PUBLISHER), "anybody may pay the rent, and signs"),
    ("epoch_post of a raffle", "payer", Only(&PEOPLE_AND_PUBLISHER), "anybody may pay the rent, and signs"),
    ("epoch_repost", "payer", Only(&PEOPLE_AND_PAYER), "anybody may take the rent over, and signs"),
    ("epoch_skip", "payer", Only(&PEOPLE_AND_PUBLISHER), "anybody may pay the rent, and signs"),
    ("milestone_report", "distributor", Only(&[OTHER]), "it has the same publisher and takes reports too"),
    ("role_transfer", "distributor", Only(&[OTHER]), "it has the same owner and can be handed over too"),
    ("push", "recipient", Only(&[READ_ONLY]), "the leaf is skipped and reported, not paid"),
    ("push of SOL", "recipient", Only(&[READ_ONLY]), "the leaf is skipped and reported, not paid"),
    ("raffle_commit", "payer", Only(&PEOPLE_AND_PUBLISHER), "anybody may pay the rent, and signs"),
    ("view_leaf", "epoch", Only(&[OTHER_EPOCH]), "it is asked about that one then"),
];
const STRANGERS_ACCOUNT: &str = "the stranger's account of the token";
const REFUND_ACCOUNTS: [&str; 2] = [STRANGERS_ACCOUNT, "its own treasury"];
const OTHER_EPOCH: &str = "another distributor's epoch";
const OTHER: &str = "another distributor";
const PEOPLE: [&str; 5] = ["the admin", "the owner", "the publisher", "the guardian", "the treasury"];
const PEOPLE_AND_PUBLISHER: [&str; 6] =
    ["the admin", "the owner", "the publisher", "the guardian", "the treasury", "its own publisher"];
const WALLETS: [&str; 6] =
    ["the owner", "the publisher", "the guardian", "the stranger", "the treasury", "an address without an account"];
const PEOPLE_AND_PAYER: [&str; 7] = [
    "the admin",
    "the owner",
    "the publisher",
    "the guardian",
    "the treasury",
    "its own publisher",
    "its own rent_payer",
];
pub(super) const READ_ONLY: &str = "itself, but read-only";

/// Which substitutes a place accepts.
#[derive(Clone, Copy)]
pub(super) enum Accepted {
    /// Every account that can be credited, so that listing them says nothing.
    Anything,
    /// These and no other.
    Only(&'static [&'static str]),
}
