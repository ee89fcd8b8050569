//! However a set of events is cut, repeated and ordered, the store has each of them once.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_give_the_same_rows(
        pieces in prop::collection::vec(prop::collection::vec(0_i64..60, 1..40), 1..8),
        compact_after in 0_usize..8,
    ) {
        let all: Vec<i64> = pieces.iter().flatten().copied().collect();
        let expected = rows_of(&lines(all));
        let (_, store) = memory();
        for (number, piece) in pieces.iter().enumerate() {
            let text = lines(piece.iter().copied()).join("\n");
            store.ingest_lines(|| Ok(Cursor::new(&text)), None).unwrap();
            if number == compact_after {
                store.compact(1 << 20).unwrap();
            }
        }
        prop_assert_eq!(rows(&store), expected);
    }
}
