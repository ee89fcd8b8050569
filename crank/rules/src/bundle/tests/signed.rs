//! The publisher's signature: it is this key's, over this manifest, or it is refused.

use solana_keypair::Keypair;
use solana_signer::Signer as _;

use super::{direct, files, leaderboard};
use crate::bundle::{Bundle, Files, SIGNATURE, signature_file, signed_message, verify};

fn keypair(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}

fn signature(bundle: &Bundle, keypair: &Keypair) -> Vec<u8> {
    let signature = keypair.sign_message(signed_message(&bundle.manifest_hash()).as_bytes());
    signature_file(keypair.pubkey(), signature, &bundle.manifest_hash()).unwrap()
}

fn with_signature(bundle: &Bundle, signature: Vec<u8>) -> Files {
    let mut files = files(bundle);
    files.insert(SIGNATURE.to_owned(), signature);
    files
}

fn refusal(bundle: &Bundle, signature: Vec<u8>) -> String {
    let difference = verify(&with_signature(bundle, signature)).map(|_| ()).unwrap_err();
    assert_eq!(difference.file, SIGNATURE);
    difference.to_string()
}

#[test]
fn a_signature_tells_who_published_the_bundle() {
    let signed = with_signature(&leaderboard(), signature(&leaderboard(), &keypair(1)));
    assert_eq!(verify(&signed).unwrap().publisher(), Some(keypair(1).pubkey()));
    assert_eq!(verify(&files(&leaderboard())).unwrap().publisher(), None);
}

#[test]
fn the_signed_message_is_a_text_with_the_manifest_s_hash() {
    let bundle = direct();
    let expected = format!("torque-bundle-v1:{}", hex::encode(bundle.manifest_hash()));
    assert_eq!(signed_message(&bundle.manifest_hash()), expected);
}

#[test]
fn another_bundle_s_signature_is_refused() {
    let message = refusal(&leaderboard(), signature(&direct(), &keypair(1)));
    assert!(message.contains("expected a signature of") && message.contains("torque-bundle-v1:"), "{message}");
}

#[test]
fn another_key_s_signature_is_refused() {
    let text = String::from_utf8(signature(&direct(), &keypair(1))).unwrap();
    let forged = text.replace(&keypair(1).pubkey().to_string(), &keypair(2).pubkey().to_string());
    assert_ne!(text, forged);
    refusal(&direct(), forged.into_bytes());
}

#[test]
fn a_signature_of_another_message_is_refused_before_it_is_written() {
    let bundle = direct();
    for message in [bundle.manifest_hash().to_vec(), hex::encode(bundle.manifest_hash()).into_bytes()] {
        let signature = keypair(1).sign_message(&message);
        assert!(signature_file(keypair(1).pubkey(), signature, &bundle.manifest_hash()).is_err());
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_refused() {
    let bundle = direct();
    let right = signature(&bundle, &keypair(1));
    for position in 0..right.len() {
        let mut changed = right.clone();
        if let Some(byte) = changed.get_mut(position) {
            *byte ^= 1;
        }
        refusal(&bundle, changed);
    }
}

#[test]
fn a_file_of_another_form_is_refused() {
    let bundle = direct();
    let right = String::from_utf8(signature(&bundle, &keypair(1))).unwrap();
    refusal(&bundle, Vec::new());
    refusal(&bundle, right.trim_end().as_bytes().to_vec());
    refusal(&bundle, right.replace("{\n", "{\n  \"note\": \"x\",\n").into_bytes());
    refusal(&bundle, right.replace("publicKey", "public_key").into_bytes());
}
