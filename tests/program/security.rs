//! The committed bytecode says where to report a vulnerability.

use crank_cluster::embedded::PROGRAM;
use solana_security_txt::{SECURITY_TXT_BEGIN, SECURITY_TXT_END, find_and_parse};

#[test]
fn the_program_carries_the_security_policy_of_the_repository() {
    let Ok(found) = find_and_parse(PROGRAM) else { panic!("the program has no security.txt that can be parsed") };
    assert_eq!((found.name.as_str(), found.project_url.as_str()), ("Torque", "private"));
    assert_eq!(found.policy, include_str!("../../SECURITY.md"));
    assert_eq!(found.preferred_languages, ["en"]);
    let contacts: Vec<String> = found.contacts.iter().map(ToString::to_string).collect();
    assert_eq!(contacts, ["Other: the private security advisory form of the program's repository"]);
}

#[test]
fn the_program_carries_it_once() {
    // Readers search for the first beginning and the first end.
    for delimiter in [SECURITY_TXT_BEGIN, SECURITY_TXT_END] {
        let places = PROGRAM.windows(delimiter.len()).filter(|bytes| *bytes == delimiter.as_bytes());
        assert_eq!(places.count(), 1, "{delimiter}");
    }
}
