//! A bundle on the disk: whole or not at all, never overwritten, and with exactly its five files.

use std::fs;

use super::{direct, files, leaderboard};
use crate::bundle::{DirectoryError, FILE_NAMES, read_directory, verify};

#[test]
fn what_is_written_is_what_is_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("new").join("bundle");
    leaderboard().write(&path).unwrap();
    let read = read_directory(&path).unwrap();
    assert_eq!(read, files(&leaderboard()));
    assert!(verify(&read).is_ok());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn an_empty_directory_is_taken_and_another_is_not() {
    let place = tempfile::tempdir().unwrap();
    direct().write(place.path()).unwrap();
    let error = leaderboard().write(place.path()).unwrap_err();
    assert!(matches!(error, DirectoryError::Occupied(_)), "{error}");
    assert_eq!(read_directory(place.path()).unwrap(), files(&direct()), "the first bundle is untouched");
    let file = place.path().join("results.csv");
    assert!(matches!(direct().write(&file).unwrap_err(), DirectoryError::Occupied(_)));
}

#[test]
fn a_missing_file_is_named() {
    for name in FILE_NAMES {
        let place = tempfile::tempdir().unwrap();
        direct().write(place.path()).unwrap();
        fs::remove_file(place.path().join(name)).unwrap();
        assert_eq!(
            read_directory(place.path()).unwrap_err().to_string(),
            format!("{name}: expected a file, found none")
        );
        fs::create_dir(place.path().join(name)).unwrap();
        assert!(read_directory(place.path()).is_err());
    }
}

#[test]
fn a_surplus_file_is_named() {
    let place = tempfile::tempdir().unwrap();
    direct().write(place.path()).unwrap();
    fs::write(place.path().join("notes.txt"), "").unwrap();
    let error = read_directory(place.path()).unwrap_err().to_string();
    assert_eq!(error, "notes.txt: expected no such file in a bundle, found one");
}

#[test]
fn a_place_without_a_directory_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let error = read_directory(&place.path().join("none")).unwrap_err();
    assert!(matches!(error, DirectoryError::NotADirectory(_)), "{error}");
}
