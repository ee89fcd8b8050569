//! The two accounts in which the upgradeable loader keeps a program, read where they lie.
//!
//! `config_initialize` learns from them who deployed this program. Anchor reads them with bincode, whose errors can
//! print floating-point numbers: 58 KB of bytecode for two fields.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::bpf_loader_upgradeable;

/// How the account of a program begins: a u32 LE that says so. The address of its data account follows.
const PROGRAM: [u8; 4] = [2, 0, 0, 0];
/// How the data account of a program begins. The slot of the last deployment follows, u64 LE, then who may deploy it
/// again: a byte, 0 for nobody and 1 for the address behind it.
const PROGRAM_DATA: [u8; 4] = [3, 0, 0, 0];
/// Bytes of a slot's number.
const SLOT: usize = 8;

/// What is known of a program from its data account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProgramData {
    /// Who may deploy the program again; nobody if it is final.
    pub upgrade_authority: Option<Pubkey>,
}

impl AccountDeserialize for ProgramData {
    fn try_deserialize_unchecked(data: &mut &[u8]) -> Result<Self> {
        let authority = data.strip_prefix(&PROGRAM_DATA).and_then(|rest| rest.get(SLOT..));
        let upgrade_authority = match authority.and_then(<[u8]>::split_first) {
            Some((0, _)) => None,
            Some((1, address)) => Some(address_in(address).ok_or(ErrorCode::AccountNotProgramData)?),
            _ => return refuse!(ErrorCode::AccountNotProgramData),
        };
        Ok(Self { upgrade_authority })
    }
}

/// The loader's account is never written here.
impl AccountSerialize for ProgramData {}

impl Owner for ProgramData {
    fn owner() -> Pubkey {
        bpf_loader_upgradeable::ID
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlBuild for ProgramData {}

#[cfg(feature = "idl-build")]
impl Discriminator for ProgramData {
    const DISCRIMINATOR: &'static [u8] = &[];
}

/// The address of the data account that the account of `program` names; nothing if another loader keeps the program.
///
/// # Errors
/// Those of the runtime.
pub fn address_of_data(program: &AccountInfo<'_>) -> Result<Option<Pubkey>> {
    if *program.owner != bpf_loader_upgradeable::ID {
        return Ok(None);
    }
    Ok(program.try_borrow_data()?.strip_prefix(&PROGRAM).and_then(address_in))
}

/// The address with which `bytes` begin.
fn address_in(bytes: &[u8]) -> Option<Pubkey> {
    bytes.first_chunk().copied().map(Pubkey::new_from_array)
}

#[cfg(test)]
mod tests {
    use anchor_lang::prelude::ProgramData as ReadByAnchor;

    use super::*;

    const AUTHORITY: [u8; 32] = [7; 32];

    /// A data account in the loader's `state` whose byte before the authority is `tag`.
    fn data(state: u8, tag: u8) -> Vec<u8> {
        [&[state, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, tag][..], &AUTHORITY, &[1, 2, 3]].concat()
    }

    fn authority_in(data: &[u8]) -> Option<Option<Pubkey>> {
        ProgramData::try_deserialize(&mut &*data).ok().map(|data| data.upgrade_authority)
    }

    #[test]
    fn the_upgrade_authority_is_read_as_anchor_reads_it() {
        for state in 0..=4 {
            for tag in 0..=2 {
                let data = data(state, tag);
                let expected = ReadByAnchor::try_deserialize(&mut &*data).ok();
                assert_eq!(authority_in(&data), expected.map(|data| data.upgrade_authority_address), "{state} {tag}");
            }
        }
        assert_eq!(authority_in(&data(3, 1)), Some(Some(Pubkey::new_from_array(AUTHORITY))));
        assert_eq!(authority_in(&data(3, 0)), Some(None));
    }

    #[test]
    fn a_data_account_that_ends_early_is_refused() {
        let whole = data(3, 1);
        for length in 0..45 {
            assert_eq!(authority_in(&whole[..length]), None, "{length} bytes");
        }
        assert!(authority_in(&whole[..45]).is_some());
    }
}
