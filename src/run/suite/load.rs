//! What is asked of the targets.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Length;
use crate::run::tools::{self, Tool};

/// What is asked of the targets, by which driver and at which levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "LoadTable", into = "LoadTable")]
pub struct Load {
    /// The targets that it is for.
    pub targets: Vec<String>,
    /// How hard it is.
    pub levels: Levels,
    /// How much is done in each run.
    pub work: Work,
    /// How long the load lasts before a run is measured.
    pub warm_up: Length,
    /// What makes the load.
    pub driver: Driver,
}

/// How hard a load is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Levels {
    /// Requests in flight at once: the next one waits for an answer.
    Concurrency(Vec<u32>),
    /// Requests per second, whether they are answered or not.
    Rate {
        /// The rates.
        per_second: Vec<u32>,
        /// How many may be in flight at once; the others wait, and their latency counts from when they were due.
        connections: u32,
        /// How they lie in time.
        arrivals: Arrivals,
    },
}

/// How requests lie in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrivals {
    /// As far apart as the rate says.
    #[default]
    Constant,
    /// At random, as from many callers that do not know of each other.
    Poisson,
}

/// How much is done in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// What is begun within this time.
    For(Length),
    /// So many requests.
    Requests(u64),
    /// Whatever the command does.
    Once,
}

/// What makes the load.
#[derive(Debug, Clone, PartialEq)]
pub enum Driver {
    /// The HTTP/1.1 client in here.
    Http(Request),
    /// A program that runs to its end.
    Command {
        /// The program and its arguments; the target's where this is empty.
        command: Vec<String>,
        /// Where its result is.
        reads: Reads,
        /// How long it may take.
        timeout: Length,
    },
    /// A load tester, whose report is read.
    Tool {
        /// Which one.
        tool: &'static Tool,
        /// The path that it asks for.
        path: String,
        /// How long it may take beyond its duration.
        timeout: Length,
    },
}

/// The request that is sent again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// GET, POST and so on.
    pub method: String,
    /// With the query.
    pub path: String,
    /// Beside Host and Content-Length.
    pub headers: IndexMap<String, String>,
    /// Empty for none.
    pub body: String,
    /// What an answer has to be.
    pub expect: Expect,
    /// How long an answer may take.
    pub timeout: Length,
    /// Whether a connection takes more than one request.
    pub keep_alive: bool,
    /// What is done about a failure.
    pub retry: Retry,
}

/// What an answer has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The status of every answer.
    #[serde(default = "status")]
    pub status: u16,
    /// A text in the body of the answers that are looked at before and after each run.
    #[serde(default)]
    pub contains: String,
}

/// What is done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How often a request is sent at most.
    pub attempts: u32,
    /// The pause before the second attempt; twice as long before each one after it.
    #[serde(default = "backoff")]
    pub backoff: Length,
}

/// Where the result of a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reads {
    /// It is the time that the command took.
    #[default]
    Time,
    /// In what it prints, in any format that is read.
    Stdout,
    /// In the file `{output}`, in any format that is read.
    Output,
}

/// A load as it stands in a file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LoadTable {
    driver: String,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rates: Option<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arrivals: Option<Arrivals>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Length>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_up: Option<Length>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Length>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_alive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reads: Option<Reads>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<IndexMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<Expect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<Retry>,
}

/// The keys that only the built-in driver takes, and whether they are there.
fn keys_of_http(table: &LoadTable) -> [(&'static str, bool); 6] {
    [
        ("method", table.method.is_some()),
        ("headers", table.headers.is_some()),
        ("body", table.body.is_some()),
        ("expect", table.expect.is_some()),
        ("keep_alive", table.keep_alive.is_some()),
        ("retry", table.retry.is_some()),
    ]
}

impl TryFrom<LoadTable> for Load {
    type Error = String;

    fn try_from(mut table: LoadTable) -> Result<Self, Self::Error> {
        let is_command = table.driver == "command";
        let levels = levels(&table)?;
        let work = work(&table, is_command)?;
        let warm_up = table.warm_up.unwrap_or(if is_command { Length::default() } else { Length::seconds(1) });
        let unused: Vec<&str> = keys_of_http(&table)
            .into_iter()
            .chain([("path", table.path.is_some() && is_command)])
            .chain([
                ("command", table.command.is_some() && !is_command),
                ("reads", table.reads.is_some() && !is_command),
            ])
            .filter(|(key, is_there)| *is_there && (table.driver != "http" || matches!(*key, "command" | "reads")))
            .map(|(key, _)| key)
            .collect();
        if !unused.is_empty() {
            return Err(format!("the driver {} does not take {}", table.driver, unused.join(", ")));
        }
        let targets = std::mem::take(&mut table.targets);
        Ok(Self { targets, levels, work, warm_up, driver: driver(table)? })
    }
}

fn levels(table: &LoadTable) -> Result<Levels, String> {
    match (&table.levels, &table.rates) {
        (Some(levels), None) if table.connections.is_none() && table.arrivals.is_none() => {
            Ok(Levels::Concurrency(levels.clone()))
        }
        (Some(_), None) => Err("`connections` and `arrivals` go with `rates`, and not with `levels`".to_owned()),
        (None, Some(rates)) => Ok(Levels::Rate {
            per_second: rates.clone(),
            connections: table.connections.unwrap_or(100),
            arrivals: table.arrivals.unwrap_or_default(),
        }),
        _ => Err("expected either `levels`, requests in flight at once, or `rates`, requests per second".to_owned()),
    }
}

fn work(table: &LoadTable, is_command: bool) -> Result<Work, String> {
    match (table.duration, table.requests) {
        (Some(_), Some(_)) => Err("expected either `duration` or `requests`, and not both".to_owned()),
        (Some(duration), None) => Ok(Work::For(duration)),
        (None, Some(requests)) => Ok(Work::Requests(requests)),
        (None, None) if is_command => Ok(Work::Once),
        (None, None) => Ok(Work::For(Length::seconds(10))),
    }
}

fn driver(table: LoadTable) -> Result<Driver, String> {
    let path = table.path.unwrap_or_else(|| "/".to_owned());
    match table.driver.as_str() {
        "http" => Ok(Driver::Http(Request {
            method: table.method.unwrap_or_else(|| "GET".to_owned()),
            path,
            headers: table.headers.unwrap_or_default(),
            body: table.body.unwrap_or_default(),
            expect: table.expect.unwrap_or_default(),
            timeout: table.timeout.unwrap_or(Length::seconds(5)),
            keep_alive: table.keep_alive.unwrap_or(true),
            retry: table.retry.unwrap_or_default(),
        })),
        "command" => Ok(Driver::Command {
            command: table.command.unwrap_or_default(),
            reads: table.reads.unwrap_or_default(),
            timeout: table.timeout.unwrap_or(Length::seconds(600)),
        }),
        name => {
            let tool = tools::named(name).ok_or_else(|| {
                format!("there is no driver {name:?}; there are http, command, {}", tools::names().join(", "))
            })?;
            Ok(Driver::Tool { tool, path, timeout: table.timeout.unwrap_or(Length::seconds(30)) })
        }
    }
}

impl From<Load> for LoadTable {
    fn from(load: Load) -> Self {
        let mut table = Self { targets: load.targets, warm_up: Some(load.warm_up), ..Self::default() };
        match load.levels {
            Levels::Concurrency(levels) => table.levels = Some(levels),
            Levels::Rate { per_second, connections, arrivals } => {
                table.rates = Some(per_second);
                table.connections = Some(connections);
                table.arrivals = Some(arrivals);
            }
        }
        match load.work {
            Work::For(duration) => table.duration = Some(duration),
            Work::Requests(requests) => table.requests = Some(requests),
            Work::Once => {}
        }
        match load.driver {
            Driver::Http(request) => Self {
                driver: "http".to_owned(),
                method: Some(request.method),
                path: Some(request.path),
                headers: Some(request.headers),
                body: Some(request.body),
                expect: Some(request.expect),
                timeout: Some(request.timeout),
                keep_alive: Some(request.keep_alive),
                retry: Some(request.retry),
                ..table
            },
            Driver::Command { command, reads, timeout } => Self {
                driver: "command".to_owned(),
                command: Some(command),
                reads: Some(reads),
                timeout: Some(timeout),
                ..table
            },
            Driver::Tool { tool, path, timeout } => {
                Self { driver: tool.name.to_owned(), path: Some(path), timeout: Some(timeout), ..table }
            }
        }
    }
}

impl Levels {
    /// The levels, in their order.
    pub fn values(&self) -> &[u32] {
        match self {
            Self::Concurrency(levels) => levels,
            Self::Rate { per_second, .. } => per_second,
        }
    }

    /// What the levels are in the run table, where they are no concurrency.
    pub fn axis(&self) -> &'static str {
        match self {
            Self::Concurrency(_) => "",
            Self::Rate { .. } => "rate",
        }
    }
}

impl Default for Expect {
    fn default() -> Self {
        Self { status: status(), contains: String::new() }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 1, backoff: backoff() }
    }
}

const fn status() -> u16 {
    200
}

const fn backoff() -> Length {
    Length::millis(50)
}
