//! The cells of a table: whole numbers to bytes and back. Addresses are in `base58`, other numbers in `decimal`.

/// Appends a whole number in decimal digits.
pub(super) fn push_whole(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Reads a whole number.
pub(super) fn whole(cell: &[u8]) -> Option<u64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}
