//! Files with the same content: the same measurement, given twice, would look like two that agree.

use std::collections::HashMap;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use foldhash::fast::FixedState;

use super::source::Head;

/// The contents that were seen, by their lengths and beginnings.
#[derive(Debug, Default)]
pub(super) struct Contents {
    seen: HashMap<(u64, u64), Vec<PathBuf>>,
}

impl Contents {
    /// An earlier file with the same bytes as this one, which begins with `head`. Only files of the same length and
    /// beginning are compared, so that others cost nothing.
    pub(super) fn earlier(&mut self, path: &Path, head: &Head<'_>) -> Option<PathBuf> {
        let length = path.metadata().ok()?.len();
        let key = (length, FixedState::default().hash_one(head.bytes));
        let others = self.seen.entry(key).or_default();
        let found = others.iter().find(|other| is_same(other, path).unwrap_or(false)).cloned();
        if found.is_none() {
            others.push(path.to_owned());
        }
        found
    }
}

/// Whether two files of the same length have the same bytes.
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    const PIECE: u64 = 1 << 20;
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    loop {
        own.clear();
        theirs.clear();
        one.by_ref().take(PIECE).read_to_end(&mut own)?;
        other.by_ref().take(PIECE).read_to_end(&mut theirs)?;
        if own != theirs {
            return Ok(false);
        }
        if own.is_empty() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut contents = Contents::default();
        let long = "x".repeat(2_000_000);
        let files = [
            ("a", "same", None),
            ("b", "else", None),
            ("c", "same", Some("a")),
            ("d", long.as_str(), None),
            ("e", &format!("{}y", &long[1..]), None),
            ("f", long.as_str(), Some("d")),
        ];
        for (name, content, expected) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            let head = Head { bytes: &content.as_bytes()[..content.len().min(1_000)], is_whole: content.len() < 1_000 };
            let found = contents.earlier(&path, &head);
            assert_eq!(found, expected.map(|name| folder.path().join(name)), "{name}");
        }
    }
}
