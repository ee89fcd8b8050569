//! Random bytes as a row of choices, so that everything made from them shrinks with the bytes.

/// Bytes that are used up one by one; when they are out, every choice is the first.
pub(crate) struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number below `end`, which is at most 256.
    pub(crate) fn below(&mut self, end: u16) -> u8 {
        let byte = self.bytes.next().copied().unwrap_or(0);
        u8::try_from(u16::from(byte) % end).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u16) -> bool {
        self.below(times) == times.to_le_bytes()[0].wrapping_sub(1)
    }

    /// A number of so many bytes, at most eight.
    pub(crate) fn number(&mut self, bytes: usize) -> u64 {
        (0..bytes).fold(0, |number, _| number << 8 | u64::from(self.below(256)))
    }

    /// One of several.
    pub(crate) fn one_of<'b, T>(&mut self, options: &'b [T]) -> &'b T {
        &options[usize::from(self.below(u16::try_from(options.len()).unwrap()))]
    }
}
