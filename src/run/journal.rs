//! What has been measured so far: one line for each run that came to its end, on the disk before the next one begins.
//!
//! A line that was being written when the machine stopped is no line yet, and its run is measured again.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::RunError;
use super::http::Details;

/// The file's name.
const NAME: &str = "journal.ndjson";

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    /// Measuring began, or went on.
    Begin {
        /// What all processes are marked with.
        mark: String,
        /// The version of this program.
        version: String,
    },
    /// A run came to its end.
    Run(Box<Entry>),
    /// All runs came to their ends.
    End,
}

/// A cell: what is measured again and again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CellName {
    /// The target.
    pub target: String,
    /// The load.
    pub load: String,
    /// The level of the load.
    pub level: u32,
}

/// A run that came to its end, well or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was measured.
    #[serde(flatten)]
    pub cell: CellName,
    /// In which pass over all cells, from 1: the repetition.
    pub block: u32,
    /// As which of that pass, from 1.
    pub position: u32,
    /// When it began, µs since 1970.
    pub began: i64,
    /// How long all of it took, with starting and warming up, s.
    pub took: f64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was measured.
    Measured(Box<Measured>),
    /// It failed, and its cell with it.
    Failed {
        /// Why.
        reason: String,
    },
}

/// What is known of a run that was measured, beside the run itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The file of the run, in the folder of the results.
    pub file: String,
    /// What repetitions are compared by, s: the mean time per request, or the mean latency where a rate was asked for.
    /// None where the run says neither.
    pub value: Option<f64>,
    /// Why the run is no evidence of any time, where that is so.
    pub withheld: Option<String>,
    /// How long the measured part took, s.
    pub measured: f64,
    /// How long a fixed piece of work took just before, s.
    pub sentinel: f64,
    /// What the target took.
    pub target: Option<TargetUsage>,
    /// How busy the machine was.
    pub host: HostUsage,
    /// What the built-in driver knows.
    pub http: Option<Details>,
    /// The version that another driver says it has.
    pub driver_version: Option<String>,
}

/// What a target took while it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetUsage {
    /// Processor time of all its processes, s.
    pub cpu: f64,
    /// The most memory that its processes held, bytes; not known of a program that ran to its end.
    pub peak_memory: Option<u64>,
}

/// How busy the machine was, as shares of all its processors' time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct HostUsage {
    /// Not idle.
    pub busy: f64,
    /// Taken by other guests of the same hardware.
    pub steal: f64,
}

/// The journal of a measurement, open for more lines.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
    /// What the processes of earlier parts were marked with.
    marks: Vec<String>,
    is_ended: bool,
}

impl Journal {
    /// Whether a folder has one.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(NAME).exists()
    }

    /// Opens the journal in a folder, and begins it where there is none.
    pub(super) fn open(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(NAME);
        let before = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(RunError::Read { path, error }),
        };
        // What follows the last line end was being written.
        let whole = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let write = |error| RunError::Write { path: path.clone(), error };
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(write)?;
        file.set_len(whole as u64).map_err(write)?;
        let mut journal = Self { path, file, entries: Vec::new(), marks: Vec::new(), is_ended: false };
        for (index, line) in before.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').enumerate() {
            if !line.is_empty() {
                journal.take(index + 1, line)?;
            }
        }
        Ok(journal)
    }

    fn take(&mut self, line: usize, bytes: &[u8]) -> Result<(), RunError> {
        match serde_json::from_slice(bytes) {
            Ok(Line::Begin { mark, .. }) => self.marks.push(mark),
            Ok(Line::Run(entry)) => self.entries.push(*entry),
            Ok(Line::End) => self.is_ended = true,
            Err(error) => {
                return Err(RunError::Journal { path: self.path.clone(), line, message: error.to_string() });
            }
        }
        Ok(())
    }

    /// Writes that measuring begins, or goes on.
    pub(super) fn begin(&mut self, mark: &str) -> Result<(), RunError> {
        self.write(&Line::Begin { mark: mark.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
    }

    /// Adds a run.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), RunError> {
        self.write(&Line::Run(Box::new(entry.clone())))?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes that all runs came to their ends.
    pub(super) fn end(&mut self) -> Result<(), RunError> {
        if self.is_ended {
            return Ok(());
        }
        self.is_ended = true;
        self.write(&Line::End)
    }

    /// Whether all runs came to their ends.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// All runs so far, in the order in which they ended.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What the processes of earlier parts were marked with.
    pub(super) fn marks(&self) -> &[String] {
        &self.marks
    }

    fn write(&mut self, line: &Line) -> Result<(), RunError> {
        let error = |error| RunError::Write { path: self.path.clone(), error };
        let mut bytes = serde_json::to_vec(line).map_err(|cause| error(cause.into()))?;
        bytes.push(b'\n');
        self.file.write_all(&bytes).and_then(|()| self.file.sync_data()).map_err(error)
    }
}

impl Entry {
    /// What was measured; `None` where the run failed.
    pub fn measured(&self) -> Option<&Measured> {
        match &self.outcome {
            Outcome::Measured(measured) => Some(measured),
            Outcome::Failed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(block: u32) -> Entry {
        Entry {
            cell: CellName { target: "a".into(), load: "data".into(), level: 10 },
            block,
            position: 1,
            began: 1_795_335_689_508_449,
            took: 1.5,
            outcome: Outcome::Failed { reason: "it ended with exit code 1".into() },
        }
    }

    #[test]
    fn lines_survive_and_a_torn_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.begin("1-a").unwrap();
        journal.add(entry(1)).unwrap();
        journal.add(entry(2)).unwrap();
        let whole = std::fs::read(folder.path().join(NAME)).unwrap();
        let second = whole.iter().take(whole.len() - 1).rposition(|byte| *byte == b'\n').unwrap() + 1;
        // Wherever the last line was torn, the one before it is there, and the next one can be written.
        for length in second..whole.len() {
            std::fs::write(folder.path().join(NAME), &whole[..length]).unwrap();
            let mut journal = Journal::open(folder.path()).unwrap();
            assert_eq!(journal.entries(), [entry(1)]);
            assert_eq!((journal.marks(), journal.is_ended()), (&["1-a".to_owned()][..], false));
            journal.add(entry(2)).unwrap();
            journal.end().unwrap();
            let again = Journal::open(folder.path()).unwrap();
            assert_eq!((again.entries(), again.is_ended()), (&[entry(1), entry(2)][..], true));
        }
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "{\"kind\":\"end\"}\n{\"kind\":\"sonnet\"}\n").unwrap();
        assert!(matches!(Journal::open(folder.path()), Err(RunError::Journal { line: 2, .. })));
    }
}
