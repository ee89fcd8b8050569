//! Which mint is one of a kind: an NFT, in the plain sense that the token program alone vouches for.
//!
//! Whatever a metadata program says is not looked at: only who may issue more. So a mint whose authority is a program
//! that promises never to use it counts as one that can grow.

use anchor_lang::solana_program::program_pack::Pack;
use anchor_spl::token_2022::spl_token_2022::state::Mint;

/// Whether the bytes of a mint say that there is one token of it, undivided, and that there can never be another.
#[must_use]
pub fn is_unique(data: &[u8]) -> bool {
    let mint = data.get(..Mint::LEN).and_then(|base| Mint::unpack(base).ok());
    mint.is_some_and(|mint| mint.supply == 1 && mint.decimals == 0 && mint.mint_authority.is_none())
}

#[cfg(test)]
mod tests {
    use anchor_lang::prelude::Pubkey;

    use super::*;

    /// The bytes of a mint that is one of a kind, changed by `edit`.
    fn mint(edit: fn(&mut Mint)) -> Vec<u8> {
        let mut mint = Mint { supply: 1, is_initialized: true, ..Mint::default() };
        edit(&mut mint);
        let mut data = vec![0; Mint::LEN];
        mint.pack_into_slice(&mut data);
        data
    }

    #[test]
    fn one_undivided_token_without_an_authority_is_unique_with_or_without_extensions() {
        let mut data = mint(|_| {});
        assert!(is_unique(&data));
        data.extend([0; 200]);
        assert!(is_unique(&data));
        assert!(is_unique(&mint(|mint| mint.freeze_authority = Some(Pubkey::new_from_array([1; 32])).into())));
    }

    #[test]
    fn everything_else_is_not() {
        let edits: [fn(&mut Mint); 5] = [
            |mint| mint.supply = 0,
            |mint| mint.supply = 2,
            |mint| mint.decimals = 1,
            |mint| mint.mint_authority = Some(Pubkey::new_from_array([1; 32])).into(),
            |mint| mint.is_initialized = false,
        ];
        for edit in edits {
            assert!(!is_unique(&mint(edit)));
        }
        assert!(!is_unique(&mint(|_| {})[..81]));
        assert!(!is_unique(&[]));
    }
}
