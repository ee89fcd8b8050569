//! What a store was at a version: its watermark, its files, and which of them matter for a period.

use super::*;

#[test]
fn an_event_older_than_the_watermark_is_late() {
    let (_, store) = memory();
    let ingest = |numbers: std::ops::Range<i64>, until: Option<i64>| {
        let text = lines(numbers).join("\n");
        store.ingest_lines(|| Ok(text.as_bytes()), until)
    };
    assert_eq!(ingest(0..10, Some(20 * HOUR)).unwrap().tables[&trade()].late, 0);
    let report = ingest(10..30, None).unwrap();
    assert_eq!((report.tables[&trade()].added, report.tables[&trade()].late), (15, 8));
    // A repetition is not late, and an event at the watermark is not.
    assert_eq!(ingest(10..21, None).unwrap().tables[&trade()].late, 0);
    assert_eq!(ingest(0..0, Some(20 * HOUR)).unwrap().version, 2);
    let message = ingest(30..31, Some(20 * HOUR - 1)).unwrap_err().to_string();
    assert!(message.starts_with("the store was declared complete until 1970-01-01T20:00:00Z"), "{message}");
    assert_eq!(ingest(0..0, Some(50 * HOUR)).unwrap().version, 3);
    ingest(31..32, None).unwrap();
    let snapshot = store.snapshot().unwrap();
    let late = snapshot.status()[&trade()].late;
    assert_eq!((late.events, late.first_version, late.last_version), (9, 2, 4));
    assert_eq!((snapshot.watermark, store.snapshot_at(1).unwrap().watermark), (Some(50 * HOUR), Some(20 * HOUR)));
}

#[test]
fn a_version_stays_what_it_was() {
    let (_, store) = memory();
    let mut expected = Vec::new();
    // Past two versions that list everything.
    for version in 1..=140 {
        store.ingest(&read(&[line(version)])).unwrap();
        expected.push(store.snapshot().unwrap());
    }
    for (version, expected) in (1..).zip(&expected) {
        assert_eq!(store.snapshot_at(version).unwrap(), *expected);
        assert_eq!(expected.files.len(), usize::try_from(version).unwrap());
    }
}

#[test]
fn only_files_that_can_have_events_of_the_period_are_selected() {
    let (_, store) = memory();
    store.ingest(&read(&lines(0..100))).unwrap();
    let snapshot = store.snapshot().unwrap();
    let selected = |from: i64, to: i64| snapshot.select(|table| *table == trade(), from * HOUR, to * HOUR).len();
    assert_eq!(
        [selected(0, 100), selected(30, 40), selected(47, 49), selected(48, 49), selected(5, 5)],
        [5, 1, 1, 0, 1]
    );
    assert_eq!([selected(48, 50), selected(100, 200), selected(-9, 1), selected(-9, 2)], [1, 0, 0, 1]);
    let tables = store.fetch_period(&snapshot, |table| *table == trade(), 1000 * HOUR, 2000 * HOUR).unwrap();
    assert_eq!((tables.len(), tables[0].columns.len(), tables[0].files.len()), (1, 3, 0));
}
