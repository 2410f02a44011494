//! A short name for a text that stays the same from run to run and from machine to machine.

use std::fmt;

/// FNV-1a with 128 bits, as <http://www.isthe.com/chongo/tech/comp/fnv/> and the Internet draft `draft-eastlake-fnv` define it.
/// It tells texts apart and keeps no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint(u128);

const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;

impl Fingerprint {
    /// Of these parts, which are kept apart.
    pub(super) fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        // 0xff is in no UTF-8 text, so that ("ab", "c") and ("a", "bc") differ.
        let bytes = parts.into_iter().enumerate().flat_map(|(index, part)| {
            let between: &[u8] = if index == 0 { &[] } else { &[0xff] };
            between.iter().copied().chain(part.bytes())
        });
        Self(bytes.fold(OFFSET_BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_draft_says() {
        // The offset basis and the test vectors of the draft for "a" and "foobar".
        let table = [
            ("", "6c62272e07bb014262b821756295c58d"),
            ("a", "d228cb696f1a8caf78912b704e4a8964"),
            ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
        ];
        for (text, expected) in table {
            assert_eq!(Fingerprint::of([text]).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(Fingerprint::of(["ab", "c"]), Fingerprint::of(["a", "bc"]));
    }
}
