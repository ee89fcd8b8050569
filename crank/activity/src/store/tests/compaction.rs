//! Compaction: fewer files, the same rows, in canonical order over the whole day.

use super::*;
use crate::store::encoding::ROW_GROUP_ROWS;

#[test]
fn many_small_files_become_one_a_day_in_canonical_order() {
    let (_, store) = memory();
    // Some have other columns.
    for start in 0..60 {
        let some = (0..5).map(|step| line(start + step * 60));
        let lines: Vec<String> =
            some.map(|line| if start % 2 == 0 { line.replace("\"side\"", "\"edge\"") } else { line }).collect();
        store.ingest(&read(&lines)).unwrap();
    }
    let before = store.snapshot().unwrap();
    let expected = rows(&store);
    let done = store.compact(1 << 20).unwrap();
    let after = store.snapshot().unwrap();
    assert_eq!((done.files_before, done.files_after), (before.files.len(), after.files.len()));
    assert_eq!(after.files.len(), 2 * 13);
    assert_eq!((done.id_files_before, done.id_files_after), (60, 2));
    assert_eq!(rows(&store), expected);
    assert_eq!(after.tables, before.tables);
    for rows in rows_in_order(&store.fetch(&after.files).unwrap()).values() {
        assert!(rows.is_sorted_by_key(|row| row.split("timestamp=").nth(1).unwrap().split(' ').next().unwrap()));
    }
    assert_eq!(store.compact(1 << 20).unwrap().version, done.version, "there is nothing left to do");
    assert_eq!(rows_at(&store, &store.snapshot_at(before.version).unwrap()), expected);
}

#[test]
fn more_files_than_are_open_at_a_time_are_merged() {
    let (_, store) = memory();
    for number in (0..60).rev() {
        let other = line(1).replace("i1", &format!("i{number}")).replace("3600000", &format!("{}", number * 7 % 60));
        store.ingest(&read(&[other])).unwrap();
    }
    let expected = rows(&store);
    let done = store.compact(1 << 20).unwrap();
    assert_eq!((done.files_before, done.files_after), (60, 1));
    let files = store.snapshot().unwrap().files;
    assert_eq!((files[0].rows, files[0].first_timestamp, files[0].last_timestamp), (60, 0, 59));
    let in_order = rows_in_order(&store.fetch(&files).unwrap());
    assert!(in_order[&trade()].is_sorted());
    assert_eq!(rows(&store), expected);
}

#[test]
fn a_large_day_is_cut_into_files_that_follow_each_other() {
    let (_, store) = memory();
    let rows = i64::try_from(ROW_GROUP_ROWS).unwrap() + 10;
    for offset in 0..2 {
        let numbers = (0..rows).map(|number| Some(i128::from(number))).collect();
        let table = EventTable::new(
            (0..rows).map(user).collect(),
            (0..rows).map(|number| number * 2 + offset).collect(),
            BTreeMap::from([("n".to_owned(), Column::Number(numbers))]),
        );
        let mut writer = store.writer().unwrap();
        writer.write(&trade(), &table.unwrap()).unwrap();
        writer.commit(None).unwrap();
    }
    store.compact(1000).unwrap();
    let files = store.snapshot().unwrap().files;
    let mut counts: Vec<(i64, i64, u64)> =
        files.iter().map(|file| (file.first_timestamp, file.last_timestamp, file.rows)).collect();
    counts.sort_unstable();
    let group = i64::try_from(ROW_GROUP_ROWS).unwrap();
    let expected = [(0, group - 1), (group, 2 * group - 1), (2 * group, 2 * group + 19)];
    assert_eq!(counts, expected.map(|(first, last)| (first, last, u64::try_from(last - first + 1).unwrap())));
    let version = store.snapshot().unwrap().version;
    assert_eq!(store.compact(1000).unwrap().version, version);
}
