//! Vacuum: what old versions alone have goes, what kept ones have stays.

use super::*;

#[test]
fn kept_versions_stay_readable_and_others_are_refused() {
    let (_, store) = memory();
    for number in 0..4 {
        store.ingest(&read(&lines([number * 4 + 1]))).unwrap();
    }
    store.compact(1 << 20).unwrap();
    let newest = store.snapshot().unwrap();
    assert_eq!((newest.version, newest.files.len()), (6, 1));
    let at_four = rows_at(&store, &store.snapshot_at(4).unwrap());
    assert_eq!(store.vacuum(2).unwrap().deleted, 0);
    assert_eq!(rows_at(&store, &store.snapshot_at(4).unwrap()), at_four);
    let done = store.vacuum(0).unwrap();
    assert_eq!((done.deleted, done.oldest), (8, 6));
    assert!(matches!(store.snapshot_at(5), Err(StoreError::Vacuumed { version: 5, oldest: 6 })));
    assert_eq!(rows(&store), at_four);
    assert_eq!(store.ingest(&read(&lines([1, 5]))).unwrap().tables[&trade()].repeated, 2);
}

#[test]
fn a_sweep_deletes_what_no_version_names() {
    let (_, store) = memory();
    store.ingest(&read(&lines(0..8))).unwrap();
    let mut abandoned = store.writer().unwrap();
    abandoned.write_events(&read(&lines(20..30))).unwrap();
    drop(abandoned);
    let expected = rows(&store);
    assert_eq!(store.vacuum(0).unwrap().deleted, 0);
    assert_eq!(store.sweep().unwrap(), 4 + 2);
    assert_eq!(store.sweep().unwrap(), 0);
    assert_eq!(rows(&store), expected);
}

#[test]
fn a_writer_starts_again_after_a_vacuum() {
    let (_, store) = memory();
    store.ingest(&read(&lines([1]))).unwrap();
    store.ingest(&read(&lines([2]))).unwrap();
    store.compact(1 << 20).unwrap();
    let mut writer = store.writer().unwrap();
    writer.write_events(&read(&lines([3]))).unwrap();
    store.vacuum(0).unwrap();
    assert!(matches!(writer.commit(None), Err(StoreError::Overtaken)));
}
