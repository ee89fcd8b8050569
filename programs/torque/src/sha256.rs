//! SHA-256 of bytes that lie in several places, as one call of the runtime on the chain.
//!
//! `solana-sha256-hasher` does the same off the chain. On it, that library's result is moved about before it is used,
//! which for the nodes of a tree costs as much as the hash.

/// The hash of `parts`, one after the other.
#[cfg(not(target_os = "solana"))]
#[must_use]
pub fn sha256<const N: usize>(parts: &[&[u8]; N]) -> [u8; 32] {
    solana_sha256_hasher::hashv(parts).to_bytes()
}

/// The hash of `parts`, one after the other.
#[cfg(target_os = "solana")]
#[expect(unsafe_code, reason = "the runtime's calls take pointers")]
#[inline(always)]
#[must_use]
pub fn sha256<const N: usize>(parts: &[&[u8]; N]) -> [u8; 32] {
    let mut hash = std::mem::MaybeUninit::<[u8; 32]>::uninit();
    // SAFETY: on the chain a slice is its address and its length, 16 bytes, as the call reads them. It writes all of
    // the hash, or ends the program.
    unsafe {
        pinocchio::syscalls::sol_sha256(parts.as_ptr().cast(), N as u64, hash.as_mut_ptr().cast());
        hash.assume_init()
    }
}
