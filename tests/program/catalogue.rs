//! The security catalogue: cases of the threat model, each as tests with its number in their names.
//!
//! They are about paying once, about the proof, about what a leaf is bound to, and about what a mint can do; `stage` and `in_process` are what they
//! play on. Not here: what the single instructions do when nobody attacks (the modules beside this one).

mod batch;
mod binding;
mod bit_flips;
mod claim_once;
mod clawback;
mod closing;
mod extensions;
mod forgery;
mod in_process;
mod index;
mod length;
mod mints;
mod odd_trees;
mod receivers;
mod roots;
mod stage;
mod substitution;
mod token_accounts;
mod transfer_fees;
mod vaults;
mod withheld_fees;

/// The cases that this catalogue has.
const CASES: [std::ops::RangeInclusive<u32>; 6] = [1..=30, 60..=62, 69..=70, 73..=74, 77..=88, 95..=108];

/// The files in which they are.
const SOURCES: [&str; 19] = [
    include_str!("catalogue/batch.rs"),
    include_str!("catalogue/binding.rs"),
    include_str!("catalogue/bit_flips.rs"),
    include_str!("catalogue/claim_once.rs"),
    include_str!("catalogue/clawback.rs"),
    include_str!("catalogue/closing.rs"),
    include_str!("catalogue/extensions.rs"),
    include_str!("catalogue/forgery.rs"),
    include_str!("catalogue/index.rs"),
    include_str!("catalogue/length.rs"),
    include_str!("catalogue/mints.rs"),
    include_str!("catalogue/odd_trees.rs"),
    include_str!("catalogue/receivers.rs"),
    include_str!("catalogue/roots.rs"),
    include_str!("catalogue/substitution.rs"),
    include_str!("catalogue/token_accounts.rs"),
    include_str!("catalogue/transfer_fees.rs"),
    include_str!("catalogue/vaults.rs"),
    include_str!("catalogue/withheld_fees.rs"),
];

#[test]
fn every_case_of_the_catalogue_has_a_test_with_its_number() {
    let sources = SOURCES.concat();
    let is_tested = |case: &u32| sources.contains(&format!("#[test]\nfn c_{case:03}_"));
    let missing: Vec<u32> = CASES.into_iter().flatten().filter(|case| !is_tested(case)).collect();
    assert!(missing.is_empty(), "cases without a test: {missing:?}");
}

#[test]
fn every_test_of_the_catalogue_names_its_case_in_its_documentation() {
    let blocks = SOURCES.iter().flat_map(|source| source.split("\n\n")).filter(|block| block.contains("#[test]"));
    for block in blocks {
        let (_, name) = block.split_once("fn c_").unwrap_or_else(|| panic!("a test without a number:\n{block}"));
        let case = &name[..3];
        assert!(block.starts_with(&format!("/// C-{case}")), "documentation of another case than {case}:\n{block}");
    }
}
