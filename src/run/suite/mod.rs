//! The suite: what is measured, under which loads, how often and in which order.
//!
//! A suite is read from TOML, in which unknown keys are errors and nothing comes from the environment. What it leaves out
//! gets its default here, so that a suite that is written again says every value.

mod check;
mod length;
mod load;

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use length::Length;
pub use load::{Arrivals, Driver, Expect, Levels, Load, Reads, Request, Retry, Work};

use super::RunError;
use crate::compare::parse_share;

/// What is measured, under which loads, how often and in which order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Decides every order and every random arrival.
    #[serde(default = "seed")]
    pub seed: u64,
    /// How often each cell is measured.
    #[serde(default)]
    pub repetitions: Repetitions,
    /// When a target's server is started anew.
    #[serde(default)]
    pub fresh: Fresh,
    /// How long to rest before each run.
    #[serde(default = "pause")]
    pub pause: Length,
    /// What sends the requests of the built-in driver.
    #[serde(default)]
    pub generator: Generator,
    /// What runs need and nobody compares, such as a database; started once, in this order.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub services: IndexMap<String, Process>,
    /// What is compared, by its name in every table.
    pub targets: IndexMap<String, Target>,
    /// What is asked of the targets; each is a scenario where there are several.
    pub loads: IndexMap<String, Load>,
}

/// How often each cell is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "RepetitionsForm", into = "RepetitionsTable")]
pub struct Repetitions {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
    /// Between both, until every ratio of two targets at one level is known within this share of itself, either way.
    pub width: f64,
}

/// When a target's server is started anew. The more often, the less does what one process happened to be decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fresh {
    /// For each pass over all cells.
    #[default]
    Block,
    /// For each run.
    Cell,
    /// Not at all, but where it died.
    Never,
}

/// What sends the requests of the built-in driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    /// Threads that share the connections.
    #[serde(default = "threads")]
    pub threads: u32,
    /// The processors that they run on, such as `0,2-3`; empty for all.
    #[serde(default)]
    pub cpus: String,
}

/// A process that goes on until it is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The program and its arguments; `{port}` stands for the port.
    pub command: Vec<String>,
    /// Where it runs; from the folder of the suite on.
    #[serde(default)]
    pub cwd: PathBuf,
    /// Added to the environment.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// The processors that it runs on, such as `0,2-3`; empty for all.
    #[serde(default)]
    pub cpus: String,
    /// The port that it listens on: 0 for one that is free, none where it does not listen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How it is known to be ready.
    #[serde(default)]
    pub ready: Ready,
    /// How it is stopped.
    #[serde(default)]
    pub stop: Stop,
}

/// How a process is known to be ready: it lives, it holds its port, and it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// A path that has to answer with a status of 200 to 299; a connection is enough where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A text that has to appear in its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// How many answers in a row it takes.
    #[serde(default = "answers")]
    pub answers: u32,
    /// How long it may take.
    #[serde(default = "ready_timeout")]
    pub timeout: Length,
}

/// How a process is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// The signal that asks it to stop.
    #[serde(default)]
    pub signal: StopSignal,
    /// How long it may take until it is killed.
    #[serde(default = "stop_timeout")]
    pub timeout: Length,
}

/// A signal that asks a process to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "signals have their usual names")]
pub enum StopSignal {
    #[default]
    Term,
    Int,
    Quit,
    Hup,
    Kill,
}

/// What is compared: a server, or a program that runs to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The server that is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Process>,
    /// Where a server listens that somebody else started, as `http://127.0.0.1:8080`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The program that is measured, for loads of the driver `command`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Where that program runs; from the folder of the suite on.
    #[serde(default)]
    pub cwd: PathBuf,
    /// Added to that program's environment.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// The processors that it runs on, such as `0,2-3`; empty for all.
    #[serde(default)]
    pub cpus: String,
}

/// Several ways to write [`Repetitions`].
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a number such as 5, or { min = 5, max = 20, width = \"3%\" }")]
enum RepetitionsForm {
    Number(u32),
    Table(RepetitionsTable),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RepetitionsTable {
    min: u32,
    max: u32,
    #[serde(default = "width")]
    width: Share,
}

/// A share as people write it: `3%` or `0.03`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Share(f64);

impl Suite {
    /// Reads a suite from a file, with the paths in it from the file's folder on.
    ///
    /// # Errors
    ///
    /// When the file can't be read, says something that is not understood, or asks for what can't be done.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let text = fs::read_to_string(path).map_err(|error| RunError::Read { path: path.to_owned(), error })?;
        let error = |message: String| RunError::Suite { path: path.to_owned(), message };
        let mut suite: Self = toml::from_str(&text).map_err(|cause| error(cause.to_string()))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).map_err(|error| RunError::Read { path: path.to_owned(), error })?;
        suite.complete(&folder);
        suite.check().map_err(error)?;
        Ok(suite)
    }

    /// The suite with every value that it has.
    ///
    /// # Errors
    ///
    /// When a value can't be written as TOML.
    pub fn write(&self) -> Result<String, RunError> {
        toml::to_string_pretty(self)
            .map_err(|cause| RunError::Suite { path: PathBuf::from("suite.toml"), message: cause.to_string() })
    }

    /// Whether the loads have names that tell runs apart.
    pub fn has_scenarios(&self) -> bool {
        1 < self.loads.len()
    }

    /// Makes explicit what follows from the rest.
    fn complete(&mut self, folder: &Path) {
        let names: Vec<String> = self.targets.keys().cloned().collect();
        for load in self.loads.values_mut().filter(|load| load.targets.is_empty()) {
            load.targets.clone_from(&names);
        }
        let servers = self.targets.values_mut().filter_map(|target| target.server.as_mut());
        for process in self.services.values_mut().chain(servers) {
            process.cwd = folder.join(&process.cwd);
        }
        for target in self.targets.values_mut() {
            target.cwd = folder.join(&target.cwd);
        }
    }
}

impl Repetitions {
    /// The same number for every cell.
    pub const fn exactly(number: u32) -> Self {
        Self { min: number, max: number, width: WIDTH }
    }
}

impl Default for Repetitions {
    fn default() -> Self {
        Self::exactly(5)
    }
}

impl From<RepetitionsForm> for Repetitions {
    fn from(form: RepetitionsForm) -> Self {
        match form {
            RepetitionsForm::Number(number) => Self::exactly(number),
            RepetitionsForm::Table(RepetitionsTable { min, max, width }) => Self { min, max, width: width.0 },
        }
    }
}

impl From<Repetitions> for RepetitionsTable {
    fn from(Repetitions { min, max, width }: Repetitions) -> Self {
        Self { min, max, width: Share(width) }
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_share(&text).map(Self)
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        share.0.to_string()
    }
}

impl Default for Generator {
    fn default() -> Self {
        Self { threads: threads(), cpus: String::new() }
    }
}

impl Default for Ready {
    fn default() -> Self {
        Self { path: None, log: None, answers: answers(), timeout: ready_timeout() }
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self { signal: StopSignal::default(), timeout: stop_timeout() }
    }
}

const WIDTH: f64 = 0.03;

const fn width() -> Share {
    Share(WIDTH)
}

const fn seed() -> u64 {
    1
}

const fn pause() -> Length {
    Length::millis(200)
}

const fn threads() -> u32 {
    1
}

const fn answers() -> u32 {
    3
}

const fn ready_timeout() -> Length {
    Length::seconds(30)
}

const fn stop_timeout() -> Length {
    Length::seconds(10)
}
