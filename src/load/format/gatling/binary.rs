//! `simulation.log` as Gatling 3.13 and later write it: records in big-endian binary.
//!
//! After `gatling-charts/src/main/scala/io/gatling/charts/stats/LogFileReader.scala`. A record begins with its kind in one
//! byte. A text is its length in bytes (i32), the bytes, and Java's coder for them (0 Latin-1, 1 UTF-16 of the writing
//! machine), which an empty text lacks. Texts that recur are cached: a number of their own and the text the first
//! time, the negative of that number afterwards. Times are ms since the start of the run.

use std::collections::HashMap;
use std::io::{self, Read};

use super::{Log, scenario};
use crate::load::format::prelude::*;

/// A log in binary.
pub(in super::super) static GATLING_BINARY: Format = Format {
    name: "gatling-binary",
    about: "Gatling simulation.log, binary (from 3.13)",
    recognised_by: "a record of a run with Gatling's version at the beginning",
    marks: Marks::Head(recognises),
    read,
    ..Format::BASE
};

/// What no text of a log exceeds; a longer one is a sign that the log is broken.
const LONGEST_TEXT: u64 = 16 * 1024 * 1024;

/// What no list of a log exceeds.
const LONGEST_LIST: i32 = 1_000_000;

fn recognises(head: &Head<'_>) -> bool {
    let Some([0, 0, 0, 0, length, rest @ ..]) = head.bytes.get(..) else { return false };
    let is_version = |version: &[u8]| {
        version.first().is_some_and(u8::is_ascii_digit)
            && version.contains(&b'.')
            && version.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(byte))
    };
    let coder = rest.get(usize::from(*length));
    coder == Some(&0) && rest.get(..usize::from(*length)).is_some_and(is_version)
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    const EXPECTED: &str = "a record of a run, and of its requests";
    let mut records = Records { input: source.into_reader(), start: 0, cache: HashMap::new(), log: Log::new(sink) };
    let end = loop {
        match records.next() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(Broken::Io(error)) => return Err(ReadError::Io(error)),
            Err(Broken::Format(reason)) => break Some(reason),
        }
    };
    if let Some(reason) = end {
        if records.log.requests.is_empty() {
            return Err(ReadError::NoRecord { expected: EXPECTED });
        }
        let message = format!("the log is not whole, the test may have been aborted: {reason}");
        let help = "the requests before this place are used; run the test again to have it whole";
        sink.report(Severity::Error, "truncated", &Place::Whole, message, Some(help));
    }
    records.log.finish(sink)
}

/// Why the next record can't be read.
enum Broken {
    Io(io::Error),
    Format(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Format("it ends in the middle of a record".to_owned())
        } else {
            Self::Io(error)
        }
    }
}

struct Records<R> {
    input: R,
    /// ms since 1970.
    start: i64,
    /// The texts that recur, by their numbers.
    cache: HashMap<i32, String>,
    log: Log,
}

impl<R: Read> Records<R> {
    /// Reads a record. Returns `false` at the end.
    fn next(&mut self) -> Result<bool, Broken> {
        let mut kind = [0];
        if self.input.read(&mut kind)? == 0 {
            return Ok(false);
        }
        match kind {
            [0] => self.run()?,
            [1] => self.request()?,
            [2] => {
                self.int()?;
                let is_start = self.byte()? != 0;
                self.int()?;
                self.log.user(is_start);
            }
            [3] => {
                self.groups()?;
                for _ in 0..3 {
                    self.int()?;
                }
                self.byte()?;
            }
            [4] => {
                self.cached()?;
                self.int()?;
            }
            [other] => return Err(Broken::Format(format!("there is no record of kind {other}"))),
        }
        Ok(true)
    }

    fn run(&mut self) -> Result<(), Broken> {
        self.text()?;
        let class = self.text()?;
        let mut start = [0; 8];
        self.input.read_exact(&mut start)?;
        self.start = i64::from_be_bytes(start);
        self.text()?;
        for _ in 0..self.length()? {
            self.text()?;
        }
        for _ in 0..self.length()? {
            let length = self.int()?;
            self.bytes(length)?;
        }
        self.log.simulation(&class);
        Ok(())
    }

    fn request(&mut self) -> Result<(), Broken> {
        let groups = self.groups()?;
        let name = self.cached()?;
        let (start, end) = (self.int()?, self.int()?);
        let ok = self.byte()? != 0;
        self.cached()?;
        let at = |offset: i32| self.start.saturating_add(i64::from(offset));
        let (start, end) = (at(start), at(end));
        self.log.request(&scenario(groups.iter().map(String::as_str), &name), start, end, ok);
        Ok(())
    }

    fn groups(&mut self) -> Result<Vec<String>, Broken> {
        (0..self.length()?).map(|_| self.cached()).collect()
    }

    /// The number of elements of a list.
    fn length(&mut self) -> Result<i32, Broken> {
        let length = self.int()?;
        if (0..=LONGEST_LIST).contains(&length) {
            Ok(length)
        } else {
            Err(Broken::Format(format!("a list has {length} elements")))
        }
    }

    fn cached(&mut self) -> Result<String, Broken> {
        let number = self.int()?;
        if 0 <= number {
            let text = self.text()?;
            self.cache.insert(number, text.clone());
            return Ok(text);
        }
        let text = number.checked_neg().and_then(|number| self.cache.get(&number));
        text.cloned().ok_or_else(|| Broken::Format(format!("there is no text {number}")))
    }

    fn text(&mut self) -> Result<String, Broken> {
        let length = self.int()?;
        if length == 0 {
            return Ok(String::new());
        }
        let bytes = self.bytes(length)?;
        match self.byte()? {
            0 => Ok(bytes.iter().copied().map(char::from).collect()),
            1 => Ok(utf16(&bytes)),
            other => Err(Broken::Format(format!("there is no coder {other}"))),
        }
    }

    fn bytes(&mut self, length: i32) -> Result<Vec<u8>, Broken> {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if LONGEST_TEXT < length {
            return Err(Broken::Format(format!("a text has {length} bytes")));
        }
        let mut bytes = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(bytes)
    }

    fn int(&mut self) -> Result<i32, Broken> {
        let mut bytes = [0; 4];
        self.input.read_exact(&mut bytes)?;
        Ok(i32::from_be_bytes(bytes))
    }

    fn byte(&mut self) -> Result<u8, Broken> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        let [byte] = byte;
        Ok(byte)
    }
}

/// The order of the bytes is that of the machine which wrote the log, and not said. Nearly all are little-endian; where
/// that gives more characters without a meaning than the other order, the other one is meant.
fn utf16(bytes: &[u8]) -> String {
    let decode = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| match pair {
                [first, second] => unit([*first, *second]),
                _ => 0,
            })
            .collect();
        String::from_utf16_lossy(&units)
    };
    let strange = |text: &str| text.chars().filter(|c| c.is_control() || *c == char::REPLACEMENT_CHARACTER).count();
    let (little, big) = (decode(u16::from_le_bytes), decode(u16::from_be_bytes));
    if strange(&little) <= strange(&big) { little } else { big }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_both_coders() {
        let little: Vec<u8> = "首页 a".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16(&little), "首页 a");
        let mut records = Records {
            input: &[0, 0, 0, 2, 0xe9, b'a', 0, 0, 0, 0, 0][..],
            start: 0,
            cache: HashMap::new(),
            log: Log::default(),
        };
        assert_eq!((records.text().ok().as_deref(), records.text().ok().as_deref()), (Some("éa"), Some("")));
    }
}
