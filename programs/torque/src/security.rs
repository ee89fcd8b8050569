//! Where to report a vulnerability, in the form in which explorers look for it in the bytecode (`security.txt`).
//!
//! The policy is the repository's `SECURITY.md` itself, so that the two cannot differ.

#[cfg(all(feature = "own-entrypoint", not(feature = "cpi")))]
solana_security_txt::security_txt! {
    name: "Torque",
    project_url: "private",
    contacts: "other:the private security advisory form of the program's repository",
    policy: include_str!("../../../SECURITY.md"),
    preferred_languages: "en"
}
