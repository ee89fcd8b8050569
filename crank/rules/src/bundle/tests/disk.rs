//! A bundle on the disk: it is written completely or not at all, never overwritten, and has exactly its files.

use std::fs;

use super::{all, correction, direct, files, filtered, leaderboard};
use crate::bundle::{DirectoryError, SIGNATURE, read_directory, verify, write_signature};

#[test]
fn a_bundle_is_read_as_it_was_written() {
    let place = tempfile::tempdir().unwrap();
    for (number, bundle) in all().iter().enumerate() {
        let path = place.path().join(format!("new{number}")).join("bundle");
        bundle.write(&path).unwrap();
        let read = read_directory(&path).unwrap();
        assert_eq!(read, files(bundle));
        assert!(verify(&read).is_ok());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left behind");
    }
}

#[test]
fn a_bundle_s_name_is_the_hash_of_its_manifest() {
    let place = tempfile::tempdir().unwrap();
    let path = leaderboard().write_by_hash(place.path()).unwrap();
    assert_eq!(path, place.path().join(hex::encode(leaderboard().manifest_hash())));
    write_signature(&path, b"signature").unwrap();
    assert_eq!(leaderboard().write_by_hash(place.path()).unwrap(), path, "again is the same");
    direct().write_by_hash(place.path()).unwrap();
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    fs::write(path.join("rejected.csv"), "x").unwrap();
    let error = leaderboard().write_by_hash(place.path()).unwrap_err();
    assert!(matches!(error, DirectoryError::Occupied(_)), "{error}");
}

#[test]
fn another_bundle_under_a_hash_s_name_is_found() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(hex::encode(leaderboard().manifest_hash()));
    direct().write(&path).unwrap();
    let error = read_directory(&path).unwrap_err().to_string();
    assert!(error.starts_with("manifest.json: expected the SHA-256 ") && error.contains("named"), "{error}");
}

#[test]
fn a_signature_is_written_once() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("bundle");
    direct().write(&path).unwrap();
    write_signature(&path, b"one").unwrap();
    write_signature(&path, b"one").unwrap();
    let error = write_signature(&path, b"two").unwrap_err();
    assert!(matches!(error, DirectoryError::Signed(_)), "{error}");
    assert_eq!(read_directory(&path).unwrap().get(SIGNATURE).unwrap(), b"one");
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
    for bundle in [direct(), filtered(), correction()] {
        for name in bundle.files().keys() {
            let place = tempfile::tempdir().unwrap();
            bundle.write(place.path()).unwrap();
            fs::remove_file(place.path().join(name)).unwrap();
            let expected = format!("{name}: expected a file, found none");
            assert_eq!(refusal(place.path()), expected);
            fs::create_dir(place.path().join(name)).unwrap();
            assert_eq!(refusal(place.path()), expected);
        }
    }
}

fn refusal(path: &std::path::Path) -> String {
    match read_directory(path) {
        Ok(files) => verify(&files).map(|_| ()).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_table_of_another_sort_of_bundle_is_surplus() {
    for name in ["actions.csv", "filters.csv", "allotted.csv"] {
        let mut files = files(&direct());
        files.insert(name.to_owned(), Vec::new());
        let expected = format!("{name}: expected no such file in this bundle, found one");
        assert_eq!(verify(&files).map(|_| ()).unwrap_err().to_string(), expected);
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
