//! Why nothing could be measured.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::load::{LoadError, SaveError};

/// Why nothing could be measured, or a measurement could not go on.
///
/// A run that fails is none of these: it is told with the others, and the rest goes on.
#[derive(Debug, Error)]
pub enum RunError {
    /// A file can't be read.
    #[error("{path} can't be read: {error}", path = path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file can't be written.
    #[error("{path} can't be written: {error}", path = path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A suite is not understood, or asks for what can't be done.
    #[error("{path}: {message}", path = path.display())]
    Suite {
        /// Which one.
        path: PathBuf,
        /// What was expected and found.
        message: String,
    },
    /// The folder holds the results of something already.
    #[error("{folder} holds results already", folder = folder.display())]
    Occupied {
        /// Which one.
        folder: PathBuf,
    },
    /// The results in the folder are of another suite.
    #[error("{folder} holds results of another suite: it has {found:?} where this one has {expected:?}", folder = folder.display())]
    OtherSuite {
        /// Which one.
        folder: PathBuf,
        /// The first line of the other suite that differs.
        found: String,
        /// The same line of this suite.
        expected: String,
    },
    /// A line of the journal is not understood.
    #[error("{path}, line {line}: {message}", path = path.display())]
    Journal {
        /// Which one.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What was found.
        message: String,
    },
    /// A service that every run needs is not there.
    #[error("the service {name} can't be used: {reason}")]
    Service {
        /// Which one.
        name: String,
        /// Why.
        reason: String,
    },
    /// No run came to its end.
    #[error("no run came to its end: {reason}")]
    Nothing {
        /// Why the first one did not.
        reason: String,
    },
    /// The results can't be kept.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// The results can't be read again.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The operating system refuses something.
    #[error("{what}: {error}")]
    System {
        /// What was to be done.
        what: &'static str,
        /// Why not.
        error: io::Error,
    },
}
