//! The numbers of the cases: mostly those near which arithmetic goes wrong.

/// `SplitMix64`: the same numbers in every run.
pub(super) struct Random(u64);

impl Random {
    /// The numbers of case `case`.
    pub(super) fn of(case: u64) -> Self {
        let mut random = Self(case);
        Self(random.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// One of `choices`.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// Any amount: an extreme, of any number of bits, near a multiple of 10,000, or near the last.
    pub(super) fn amount(&mut self) -> u64 {
        let small = self.below(4);
        match self.below(8) {
            0 => {
                self.one_of(&[0, 1, 2, 9_999, 10_000, 10_001, u64::MAX / 2, u64::MAX / 10_000, u64::MAX - 1, u64::MAX])
            }
            1 => (self.amount_of_any_size() / 10_000).saturating_mul(10_000).saturating_add(small),
            2 => u64::MAX - self.amount_of_any_size() / 1_000,
            _ => self.amount_of_any_size(),
        }
    }

    /// An amount up to `most`: often all of it, or as good as all.
    pub(super) fn part_of(&mut self, most: u64) -> u64 {
        match self.below(6) {
            0 => most,
            1 => most.saturating_sub(self.below(4)),
            2 => self.amount().min(most),
            _ => {
                if most == u64::MAX {
                    self.next()
                } else {
                    self.below(most + 1)
                }
            }
        }
    }

    /// An amount up to `most`, but now and then any, as no state may hold it.
    pub(super) fn mostly_part_of(&mut self, most: u64) -> u64 {
        if self.once_in(16) { self.amount() } else { self.part_of(most) }
    }

    /// An amount at `near` or beside it.
    pub(super) fn beside(&mut self, near: u64) -> u64 {
        self.one_of(&[near.saturating_sub(1), near, near.saturating_add(1)])
    }

    /// A rate in basis points, up to `most`.
    pub(super) fn rate(&mut self, most: u16) -> u16 {
        let any = self.below(u64::from(most) + 1) as u16;
        self.one_of(&[0, 1, most.saturating_sub(1), most, any, any, any, any])
    }

    fn amount_of_any_size(&mut self) -> u64 {
        let bits = self.below(64);
        self.next() >> bits
    }
}
