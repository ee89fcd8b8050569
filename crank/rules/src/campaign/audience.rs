//! `audience`: the wallets that a campaign admits, by a list of admitted or of excluded ones.

use std::collections::BTreeSet;

use solana_pubkey::Pubkey;

use super::{
    CampaignError,
    fields::{self, Fields, wrong},
};
use crate::evaluation::Audience;

/// How many wallets a list may name.
const MAX_ADDRESSES: usize = 1_000_000;
const ADDRESSES: &str = "a list of public keys in base58";

/// Reads the audience; without the field it is everyone.
pub(super) fn read(fields: &Fields<'_>) -> Result<Audience, CampaignError> {
    let expected = "an object with either `allowList` or `denyList`";
    let Some(value) = fields.optional("audience", expected, Some)? else { return Ok(Audience::Everyone) };
    let lists = Fields::of_object(&fields.place("audience"), value, &["allowList", "denyList"], expected)?;
    let allowed = addresses(&lists, "allowList")?;
    let denied = addresses(&lists, "denyList")?;
    match (allowed, denied) {
        (Some(list), None) => Ok(Audience::AllowList(list)),
        (None, Some(list)) => Ok(Audience::DenyList(list)),
        (Some(_), Some(_)) => Err(CampaignError::Surplus {
            field: lists.place("denyList"),
            reason: "`allowList` is given too and they exclude each other".to_owned(),
        }),
        (None, None) => Err(CampaignError::Missing { field: lists.place("allowList"), expected: ADDRESSES.to_owned() }),
    }
}

/// The public keys of one list of the audience.
fn addresses(lists: &Fields<'_>, name: &str) -> Result<Option<BTreeSet<Pubkey>>, CampaignError> {
    let Some(list) = lists.elements(name, ADDRESSES, MAX_ADDRESSES)? else { return Ok(None) };
    let mut addresses = BTreeSet::new();
    for (place, value) in list {
        let address = fields::address(value);
        let address = address.ok_or_else(|| wrong(&place, fields::quote(value), "a public key in base58"))?;
        if !addresses.insert(address) {
            return Err(wrong(&place, format!("{address} again"), "each wallet once"));
        }
    }
    Ok(Some(addresses))
}
