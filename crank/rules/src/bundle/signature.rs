//! `manifest.sig`: the publisher's signature over the manifest, so that a copy from any source shows its publisher.
//!
//! The publisher signs (Ed25519, RFC 8032) a text: [`SIGNED_PREFIX`] and the manifest's SHA-256 in lower-case
//! hexadecimal digits. It is a text because any wallet can sign one. The prefix keeps the signature from being used for
//! anything else. The text cannot be read as a transaction either: its first byte would announce more signatures than
//! the text has room for.

use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use torque::merkle::Hash;

use super::{Difference, SIGNATURE, text::Text};

/// The beginning of the signed text, before the manifest's hash.
pub const SIGNED_PREFIX: &str = "torque-bundle-v1:";

/// The content of `manifest.sig`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignatureFile {
    public_key: Text<Pubkey>,
    signature: Text<Signature>,
}

/// The text that a publisher signs for a manifest with this hash.
#[must_use]
pub fn signed_message(manifest_hash: &Hash) -> String {
    format!("{SIGNED_PREFIX}{}", hex::encode(manifest_hash))
}

/// The bytes of `manifest.sig`.
///
/// # Errors
/// When the signature is not this key's for this manifest.
pub fn signature_file(public_key: Pubkey, signature: Signature, manifest_hash: &Hash) -> Result<Vec<u8>, Difference> {
    let file = to_bytes(public_key, signature);
    check(&file, manifest_hash).map(|_| file)
}

fn to_bytes(public_key: Pubkey, signature: Signature) -> Vec<u8> {
    let file = SignatureFile { public_key: Text(public_key), signature: Text(signature) };
    // Writing plain fields into a string cannot fail; a reader would refuse an empty file.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// The key that signed the manifest with this hash, by the bytes of `manifest.sig`.
pub(super) fn check(bytes: &[u8], manifest_hash: &Hash) -> Result<Pubkey, Difference> {
    let file: SignatureFile = serde_json::from_slice(bytes).map_err(|error| {
        let expected = "an object with `publicKey` and `signature`";
        Difference::new(SIGNATURE, Some(error.line()), expected, error)
    })?;
    let (key, signature) = (file.public_key.0, file.signature.0);
    super::compare(SIGNATURE, &to_bytes(key, signature), bytes)?;
    let message = signed_message(manifest_hash);
    if !signature.verify(key.as_ref(), message.as_bytes()) {
        let expected = format!("a signature of {key} over `{message}`");
        return Err(Difference::new(SIGNATURE, None, expected, "one that is not"));
    }
    Ok(key)
}
