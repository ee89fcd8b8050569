//! The SHA-256 (FIPS 180-4) of bytes and of files, which identifies the files of bundles and stores.
//!
//! The hashes of a tree's leaves and nodes, which are tagged, are the program's own in `torque::merkle`.

use std::io::{self, Read};

use sha2::{Digest, Sha256};
use torque::merkle::Hash;

/// The bytes that are read at a time.
const BUFFER_BYTES: usize = 1 << 18;

/// The SHA-256 of these bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of everything that is left to read.
///
/// # Errors
/// The reader's error.
pub fn sha256_of_reader(mut reader: impl Read) -> io::Result<Hash> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_letters_have_the_hash_that_the_standard_says() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(sha256(b"abc")), expected);
        assert_eq!(sha256_of_reader(&b"abc"[..]).map(hex::encode).unwrap(), expected);
    }

    #[test]
    fn a_reader_is_hashed_whole_whatever_it_gives_at_a_time() {
        let bytes = vec![7; BUFFER_BYTES + 1];
        let pieces = bytes[..5].chain(&bytes[5..]);
        assert_eq!(sha256_of_reader(pieces).unwrap(), sha256(&bytes));
    }
}
