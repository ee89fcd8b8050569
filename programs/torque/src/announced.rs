//! Reads bytes whose number the caller announces, without making room for more than there can be.
//!
//! Borsh makes room for what is announced, up to a mebibyte, before it reads; the heap has not that much, and the
//! program would end without an error that a caller could read.

use std::io::{ErrorKind, Read, Result};

use anchor_lang::AnchorDeserialize;

/// Reads the bytes behind their announced length.
///
/// # Errors
/// `InvalidData` if more than `most` are announced; `UnexpectedEof` if there are not as many as announced.
pub fn read_bytes<R: Read>(reader: &mut R, most: u32) -> Result<Vec<u8>> {
    let len = u32::deserialize_reader(reader)?;
    if len > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; len as usize];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
