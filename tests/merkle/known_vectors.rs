//! The reference tree against the published vectors of Certificate Transparency.
//!
//! Source: `testonly/constants.go` and `testonly/reference_test.go` of transparency-dev/merkle, which RFC 6962 and RFC
//! 9162 logs share.

use tests::reference_tree::{Digest, inclusion_path, leaf_digest, merkle_tree_hash, verifies_inclusion};

const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The root over the first 0, 1, … 8 entries.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, tree size, path.
const PATHS: [(usize, usize, &[&str]); 6] = [
    (0, 1, &[]),
    (1, 2, &["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

#[test]
fn the_reference_gives_the_published_roots() {
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(hexadecimal(&merkle_tree_hash(&ENTRIES[..size])), *root, "{size} entries");
    }
}

#[test]
fn the_reference_gives_the_published_paths() {
    for (index, size, expected) in PATHS {
        let path: Vec<String> = inclusion_path(index, &ENTRIES[..size]).iter().map(hexadecimal).collect();
        assert_eq!(path, expected, "entry {index} of {size}");
    }
}

#[test]
fn the_reference_verifies_a_path_for_its_own_index_only() {
    for size in 1..=ENTRIES.len() {
        let entries = &ENTRIES[..size];
        let root = merkle_tree_hash(entries);
        for index in 0..size {
            let path = inclusion_path(index, entries);
            for claimed in 0..size + 1 {
                let verifies =
                    verifies_inclusion(leaf_digest(entries[index]), claimed as u64, size as u64, &path, root);
                assert_eq!(verifies, claimed == index, "entry {index} of {size} claimed as {claimed}");
            }
        }
    }
}

/// The lower-case hexadecimal text of a digest.
pub(crate) fn hexadecimal(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
