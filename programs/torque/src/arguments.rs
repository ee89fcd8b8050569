//! The arguments of `claim` and `push` where they lie in the instruction, from front to back. They are encoded by
//! Borsh.
//!
//! What is left over is no error, as it is none for Anchor, which reads the arguments of all other instructions.

use anchor_lang::prelude::*;

use crate::merkle::Hash;

/// What is not yet read.
pub struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    /// All that stand in `data`.
    #[must_use]
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Reads an unsigned integer of one byte.
    ///
    /// # Errors
    /// `InstructionDidNotDeserialize` of Anchor, as for all others.
    #[inline(always)]
    pub fn u8(&mut self) -> Result<u8> {
        self.chunk().map(u8::from_le_bytes)
    }

    /// Reads an unsigned integer of four bytes.
    ///
    /// # Errors
    /// Those of [`Self::u8`].
    #[inline(always)]
    pub fn u32(&mut self) -> Result<u32> {
        self.chunk().map(u32::from_le_bytes)
    }

    /// Reads an unsigned integer of eight bytes.
    ///
    /// # Errors
    /// Those of [`Self::u8`].
    #[inline(always)]
    pub fn u64(&mut self) -> Result<u64> {
        self.chunk().map(u64::from_le_bytes)
    }

    /// Reads a truth value: a byte that is zero or one.
    ///
    /// # Errors
    /// Those of [`Self::u8`].
    #[inline(always)]
    pub fn bool(&mut self) -> Result<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(malformed()),
        }
    }

    /// Reads bytes behind their number.
    ///
    /// # Errors
    /// Those of [`Self::u8`].
    #[inline(always)]
    pub fn bytes(&mut self) -> Result<&'a [u8]> {
        let len = self.u32()? as usize;
        self.take(len)
    }

    /// Reads hashes, or addresses, behind their number.
    ///
    /// # Errors
    /// Those of [`Self::u8`].
    #[inline(always)]
    pub fn hashes(&mut self) -> Result<&'a [Hash]> {
        let len = (self.u32()? as usize).saturating_mul(size_of::<Hash>());
        let (hashes, _) = self.take(len)?.as_chunks();
        Ok(hashes)
    }

    #[inline(always)]
    fn chunk<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or_else(malformed)?;
        self.0 = rest;
        Ok(*chunk)
    }

    #[inline(always)]
    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(bytes)
    }
}

#[cold]
fn malformed() -> Error {
    ErrorCode::InstructionDidNotDeserialize.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instructions::PushArgs;

    fn encoded(value: &impl AnchorSerialize) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.serialize(&mut bytes).unwrap();
        bytes
    }

    fn push() -> PushArgs {
        PushArgs {
            first_index: 0x0102_0304,
            level: 5,
            absent: 0x0607_0809,
            amounts: vec![1, 2, 3],
            bumps: vec![255, 254],
            wallets: vec![Pubkey::new_from_array([7; 32]), Pubkey::new_from_array([8; 32])],
            path: vec![[9; 32], [10; 32], [11; 32]],
            is_batched: true,
        }
    }

    #[test]
    fn the_arguments_of_a_claim_are_read_as_anchor_writes_them() {
        let data = encoded(&crate::instruction::Claim { index: 7, amount: 1 << 40, path: vec![[1; 32], [2; 32]] });
        let mut arguments = Arguments::new(&data);
        assert_eq!((arguments.u32().unwrap(), arguments.u64().unwrap()), (7, 1 << 40));
        assert_eq!(arguments.hashes().unwrap(), [[1; 32], [2; 32]]);
        assert!(arguments.u8().is_err());
    }

    #[test]
    fn the_arguments_of_a_push_are_read_as_anchor_writes_them() {
        let (args, data) = (push(), encoded(&push()));
        let mut arguments = Arguments::new(&data);
        assert_eq!(arguments.u32().unwrap(), args.first_index);
        assert_eq!(arguments.u8().unwrap(), args.level);
        assert_eq!(arguments.u32().unwrap(), args.absent);
        assert_eq!(arguments.bytes().unwrap(), args.amounts);
        assert_eq!(arguments.bytes().unwrap(), args.bumps);
        assert_eq!(arguments.hashes().unwrap(), [[7; 32], [8; 32]]);
        assert_eq!(arguments.hashes().unwrap(), args.path);
        assert!(arguments.bool().unwrap());
        assert!(arguments.u8().is_err());
    }

    #[test]
    fn what_is_cut_short_or_announces_more_than_there_is_is_refused() {
        let refusal = || Error::from(ErrorCode::InstructionDidNotDeserialize);
        for len in 0..8 {
            assert_eq!(Arguments::new(&[1; 7][..len.min(7)]).u64(), Err(refusal()), "{len} bytes of eight");
        }
        for (announced, there) in [(1_u32, 0), (33, 32), (u32::MAX, 64)] {
            let data = [&announced.to_le_bytes()[..], &vec![1; there]].concat();
            assert_eq!(Arguments::new(&data).bytes(), Err(refusal()), "{announced} of {there}");
            assert_eq!(Arguments::new(&data).hashes(), Err(refusal()), "{announced} hashes in {there} bytes");
        }
        assert_eq!(Arguments::new(&[2]).bool(), Err(refusal()));
    }
}
