//! Files with the same content: the same measurement, given twice, would look like two that agree.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use foldhash::fast::FixedState;

use super::source::Source;

/// The contents that were seen, by their beginnings.
#[derive(Debug, Default)]
pub(super) struct Contents {
    seen: HashMap<u64, Vec<PathBuf>>,
}

impl Contents {
    /// An earlier file with the same bytes as this one, compressed ones by what they hold. Only
    /// files with the same beginning are compared, so that others cost nothing.
    pub(super) fn earlier(&mut self, source: &Source) -> Option<PathBuf> {
        let path = source.path()?;
        let others = self.seen.entry(FixedState::default().hash_one(source.head().bytes)).or_default();
        let found = others.iter().find(|other| is_same(other, path).unwrap_or(false)).cloned();
        if found.is_none() {
            others.push(path.to_owned());
        }
        found
    }
}

/// Whether two files have the same bytes when compression is taken off.
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    const PIECE: u64 = 1 << 20;
    let lengths = (one.metadata()?.len(), other.metadata()?.len());
    let (one, other) = (Source::open(one)?, Source::open(other)?);
    if !one.is_compressed() && !other.is_compressed() && lengths.0 != lengths.1 {
        return Ok(false);
    }
    let (mut one, mut other) = (one.into_bytes(), other.into_bytes());
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
    use std::io::Write as _;

    use super::*;

    #[test]
    fn compression_does_not_hide_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let mut contents = Contents::default();
        let text = "0.5,200\n".repeat(100_000).into_bytes();
        let gzip = |level: u32, text: &[u8]| {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
            gzip.write_all(text).unwrap();
            gzip.finish().unwrap()
        };
        let files = [
            ("a.gz", gzip(1, &text), None),
            ("a", text.clone(), Some("a.gz")),
            ("b.gz", gzip(9, &text), Some("a.gz")),
            ("c.zst", zstd::encode_all(text.as_slice(), 1).unwrap(), Some("a.gz")),
            ("d.gz", gzip(1, &text[8..]), None),
        ];
        for (name, content, expected) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            let found = contents.earlier(&Source::open(&path).unwrap());
            assert_eq!(found, expected.map(|name| folder.path().join(name)), "{name}");
        }
    }

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
            let found = contents.earlier(&Source::open(&path).unwrap());
            assert_eq!(found, expected.map(|name| folder.path().join(name)), "{name}");
        }
    }
}
