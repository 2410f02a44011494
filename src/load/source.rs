//! An input as a stream of bytes: opened, decompressed, and looked at without being used up.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::progress::{Counted, Progress};

/// How much of an input can be looked at before it is read.
const HEAD: usize = 64 * 1024;

/// One input, opened.
pub struct Source {
    path: Option<PathBuf>,
    is_compressed: bool,
    head: Vec<u8>,
    is_whole: bool,
    rest: Box<dyn Read + Send>,
}

impl Source {
    /// Opens a file; gzip and zstd are seen by their first bytes and taken off.
    ///
    /// # Errors
    ///
    /// When it can't be opened or its beginning can't be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Self::new(Some(path.to_owned()), Box::new(file))
    }

    /// As [`Source::open`], and counts the bytes that are read.
    ///
    /// # Errors
    ///
    /// As [`Source::open`].
    pub(super) fn open_counted(path: &Path, progress: &Arc<Progress>) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Self::new(Some(path.to_owned()), Box::new(Counted { inner: file, progress: Arc::clone(progress) }))
    }

    /// Takes bytes from any reader, such as standard input, as [`Source::open`] takes those of a file.
    ///
    /// # Errors
    ///
    /// When the beginning can't be read.
    pub fn from_reader(reader: Box<dyn Read + Send>) -> io::Result<Self> {
        Self::new(None, reader)
    }

    fn new(path: Option<PathBuf>, mut reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut magic = Vec::with_capacity(4);
        reader.by_ref().take(4).read_to_end(&mut magic)?;
        let is_gzip = magic.starts_with(&[0x1f, 0x8b]);
        let is_zstd = magic == [0x28, 0xb5, 0x2f, 0xfd];
        let whole = Cursor::new(magic).chain(reader);
        let mut rest: Box<dyn Read + Send> = if is_gzip {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(HEAD, whole)))
        } else if is_zstd {
            Box::new(zstd::Decoder::new(whole)?)
        } else {
            Box::new(whole)
        };
        let mut head = Vec::new();
        rest.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let is_whole = head.len() < HEAD;
        Ok(Self { path, is_compressed: is_gzip || is_zstd, head, is_whole, rest })
    }

    /// The file that it was opened from; `None` where it is a stream.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether compression is taken off.
    pub(super) fn is_compressed(&self) -> bool {
        self.is_compressed
    }

    /// Its first bytes, 64 KiB at most, decompressed.
    pub fn head(&self) -> Head<'_> {
        Head { bytes: &self.head, is_whole: self.is_whole }
    }

    /// Its bytes from the first on, decompressed.
    pub fn into_reader(self) -> impl BufRead + Send {
        BufReader::with_capacity(HEAD, Cursor::new(self.head).chain(self.rest))
    }

    /// Its bytes as from [`Source::into_reader`], for a reader that asks for large pieces.
    pub(super) fn into_bytes(self) -> impl Read + Send {
        Cursor::new(self.head).chain(self.rest)
    }

    /// A file to read at any place: the one that was opened, or a temporary copy of what is compressed or comes from a
    /// pipe.
    ///
    /// # Errors
    ///
    /// When it can't be opened again, or can't be copied.
    pub fn into_file(self) -> io::Result<File> {
        match &self.path {
            Some(path) if !self.is_compressed => File::open(path),
            _ => {
                let mut copy = tempfile::tempfile()?;
                io::copy(&mut self.into_reader(), &mut copy)?;
                io::Seek::rewind(&mut copy)?;
                Ok(copy)
            }
        }
    }
}

/// The first bytes of an input.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// As many as can be looked at.
    pub bytes: &'a [u8],
    /// Whether there are no more than these.
    pub is_whole: bool,
}

impl<'a> Head<'a> {
    /// The bytes as text without a byte-order mark, up to the first that is not UTF-8; `None` where that leaves no whole
    /// line, or there is a NUL.
    ///
    /// A broken line in a text does not make it something else: its reader tells of the line.
    pub fn text(&self) -> Option<&'a str> {
        let text = match std::str::from_utf8(self.bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = std::str::from_utf8(self.bytes.get(..error.valid_up_to())?).ok()?;
                let is_cut_off = error.error_len().is_none() && !self.is_whole;
                Some(valid).filter(|valid| is_cut_off || valid.contains('\n'))?
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        (!text.contains('\0')).then_some(text)
    }

    /// Whether the text begins a JSON object and holds all of these marks, which are names in their quotes, or the
    /// beginnings of names. The head may end in the middle of the document, so it is looked at and not parsed.
    pub(crate) fn is_object_with(&self, marks: &[&str]) -> bool {
        self.text()
            .is_some_and(|text| text.trim_start().starts_with('{') && marks.iter().all(|mark| text.contains(mark)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: Vec<u8>) -> Vec<u8> {
        let mut all = Vec::new();
        Source::from_reader(Box::new(Cursor::new(bytes))).unwrap().into_reader().read_to_end(&mut all).unwrap();
        all
    }

    #[test]
    fn compression_is_taken_off() {
        let plain = b"framework,total_time\n".repeat(10_000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        assert_eq!(read(gzip.finish().unwrap()), plain);
        assert_eq!(read(zstd::encode_all(plain.as_slice(), 1).unwrap()), plain);
        assert_eq!(read(plain.clone()), plain);
        assert_eq!(read(Vec::new()), b"");
    }

    #[test]
    fn a_stream_becomes_a_file() {
        let source = Source::from_reader(Box::new(Cursor::new(b"PAR1".to_vec()))).unwrap();
        let mut copied = String::new();
        source.into_file().unwrap().read_to_string(&mut copied).unwrap();
        assert_eq!(copied, "PAR1");
    }

    #[test]
    fn a_head_is_text_or_not() {
        let head = |bytes, is_whole| Head { bytes, is_whole }.text();
        assert_eq!(head("\u{feff}框架".as_bytes(), true), Some("框架"));
        assert_eq!(head(&"框架".as_bytes()[..4], false), Some("框"));
        assert_eq!(head(&"框架".as_bytes()[..4], true), None);
        assert_eq!(head(b"a,b\n1,\xff\n", true), Some("a,b\n1,"));
        assert_eq!(head(b"\x89PNG\r\n", true), None);
        assert_eq!(head(b"a\0b", true), None);
    }

    #[test]
    fn a_head_is_an_object_with_these_members_or_not() {
        let has = |bytes: &[u8], marks: &[&str]| Head { bytes, is_whole: false }.is_object_with(marks);
        let head = br#" {"spec": {"url": "x"}, "resu"#;
        assert!(has(head, &["\"spec\"", "\"url\""]));
        assert!(!has(head, &["\"spec\"", "\"result\""]));
        assert!(!has(br#"[{"spec": 1}]"#, &["\"spec\""]));
    }
}
