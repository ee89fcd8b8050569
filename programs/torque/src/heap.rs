//! The memory of an instruction on the chain: 32 KB, handed out from the end down and never taken back.
//!
//! It gives the same places as the SDK's allocator. But that one is compiled into every place that asks for memory, and
//! the program is a tenth larger; this one is a function.

use anchor_lang::solana_program::entrypoint::{HEAP_LENGTH, HEAP_START_ADDRESS};

/// Where the memory begins. Its first word keeps the lowest place that was handed out, zero at first.
#[expect(clippy::cast_possible_truncation, reason = "an address of the chain has as many bits as `usize` there")]
const START: usize = HEAP_START_ADDRESS as usize;
/// Where the first place may begin, behind that word.
const FLOOR: usize = START + size_of::<usize>();
/// Where the memory ends.
const END: usize = START + HEAP_LENGTH;

/// The highest place for `size` bytes at a multiple of `alignment`, a power of two, below `lowest`, the lowest that was
/// handed out; `None` if the memory is used up.
fn place_below(lowest: usize, size: usize, alignment: usize) -> Option<usize> {
    let end = if lowest == 0 { END } else { lowest };
    let place = end.saturating_sub(size) & alignment.wrapping_neg();
    (place >= FLOOR).then_some(place)
}

#[cfg(target_os = "solana")]
#[expect(unsafe_code, reason = "an allocator answers by raw memory")]
mod allocator {
    use std::alloc::{GlobalAlloc, Layout};
    use std::ptr;

    struct Heap;

    #[global_allocator]
    static HEAP: Heap = Heap;

    // SAFETY: only this allocator uses the memory, which the runtime gives to each instruction filled with zeros, and
    // there is one thread. A place ends at or below where the one before begins, so that none overlap.
    unsafe impl GlobalAlloc for Heap {
        #[inline(never)]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let lowest: *mut usize = ptr::with_exposed_provenance_mut(super::START);
            // SAFETY: it is the first word of the memory, which no place contains.
            let Some(place) = super::place_below(unsafe { *lowest }, layout.size(), layout.align()) else {
                return ptr::null_mut();
            };
            // SAFETY: as above.
            unsafe { *lowest = place };
            ptr::with_exposed_provenance_mut(place)
        }

        unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_below_each_other_and_are_aligned() {
        let first = place_below(0, 10, 8).unwrap();
        assert_eq!(first, END - 16);
        let second = place_below(first, 1, 1).unwrap();
        assert_eq!(second, first - 1);
        assert_eq!(place_below(second, 3, 4), Some(first - 4));
        assert_eq!(place_below(first, 0, 1), Some(first));
    }

    #[test]
    fn all_but_the_first_word_is_handed_out_and_no_more() {
        let most = HEAP_LENGTH - 8;
        assert_eq!(place_below(0, most, 8), Some(FLOOR));
        assert_eq!(place_below(0, most + 1, 1), None);
        assert_eq!(place_below(FLOOR, 1, 1), None);
        assert_eq!(place_below(FLOOR + 7, 8, 8), None);
        assert_eq!(place_below(0, usize::MAX, 1), None);
    }
}
