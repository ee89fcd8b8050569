//! Two writers at the same time: both have what they stored, and nothing is there twice.

use std::thread;

use super::*;

#[test]
fn writers_at_the_same_time_lose_nothing_and_double_nothing() {
    let (objects, store) = memory();
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().to_str().unwrap().to_owned();
    let open: [&(dyn Fn() -> Store + Sync); 2] =
        [&|| on(Arc::clone(&objects) as Arc<dyn ObjectStore>), &|| Store::create(&place).unwrap()];
    for open in open {
        let ingest = |writer: i64| {
            // Every event comes from two writers.
            let pieces = (0..6).map(|piece| (writer % 2) * 60 + piece * 10);
            let reports = pieces.map(|start| open().ingest(&read(&lines(start..start + 10))).unwrap());
            reports.flat_map(|report| report.tables.into_values()).map(|table| table.added).sum::<u64>()
        };
        let added: u64 = thread::scope(|scope| {
            let writers: Vec<_> = (0..4).map(|writer| scope.spawn(move || ingest(writer))).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).sum()
        });
        assert_eq!(added, 120);
        assert_eq!(rows(&open()), rows_of(&lines(0..120)));
        assert_eq!(open().snapshot().unwrap().version, 12);
    }
    assert_eq!(store.snapshot().unwrap().version, 12);
}

#[test]
fn a_writer_starts_again_only_where_another_s_events_concern_its_own() {
    let (_, store) = memory();
    let written = |numbers: std::ops::Range<i64>| {
        let mut writer = store.writer().unwrap();
        writer.write_events(&read(&lines(numbers))).unwrap();
        writer
    };
    let (mine, same, other) = (written(0..10), written(9..12), written(20..30));
    mine.commit(None).unwrap();
    assert!(matches!(same.commit(None), Err(StoreError::Overtaken)));
    assert_eq!(other.commit(None).unwrap().version, 2);
    assert_eq!(rows(&store), rows_of(&lines((0..10).chain(20..30))));
    // Lateness is measured by the watermark that another writer moved.
    let late = written(40..41);
    store.ingest_lines(|| Ok(&b""[..]), Some(100 * HOUR)).unwrap();
    assert!(matches!(late.commit(None), Err(StoreError::Overtaken)));
}

#[test]
fn a_type_that_another_writer_fixed_is_seen() {
    let (_, store) = memory();
    let mut writer = store.writer().unwrap();
    writer.write_events(&read(&lines(0..3))).unwrap();
    store.ingest(&read(&[line(5).replace("5.25", "true")])).unwrap();
    assert!(matches!(writer.commit(None), Err(StoreError::Overtaken)));
    assert!(matches!(store.ingest(&read(&lines(0..3))), Err(StoreError::TypeChanged { .. })));
}

#[test]
fn ingest_and_compaction_go_on_side_by_side() {
    let (objects, store) = memory();
    for start in 0..4 {
        store.ingest(&read(&lines(start * 10..start * 10 + 10))).unwrap();
    }
    thread::scope(|scope| {
        let open = || on(Arc::clone(&objects) as Arc<dyn ObjectStore>);
        scope.spawn(move || {
            for start in 4..12 {
                open().ingest(&read(&lines(start * 10..start * 10 + 15))).unwrap();
            }
        });
        scope.spawn(move || {
            for _ in 0..4 {
                open().compact(1 << 20).unwrap();
            }
        });
    });
    assert_eq!(rows(&store), rows_of(&lines(0..125)));
}
