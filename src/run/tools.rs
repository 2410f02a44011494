//! Load testers that others wrote: how each is called, and which format its report has.

use super::suite::Work;

/// A load tester.
#[derive(Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name of the driver, which is that of the program.
    pub name: &'static str,
    /// What makes it say its version.
    pub version: &'static [&'static str],
    /// How it is called in a closed loop, for some time.
    pub closed_for: Option<&'static [&'static str]>,
    /// How it is called in a closed loop, for a number of requests.
    pub closed: Option<&'static [&'static str]>,
    /// How it is called with a rate, for some time.
    pub open: Option<&'static [&'static str]>,
    /// The format of its report.
    pub format: &'static str,
    /// Whether its report is the file `{output}` and not what it prints.
    pub writes_file: bool,
}

/// Every load tester that can be a driver. `{seconds}` is a whole number.
const TOOLS: [Tool; 0] = [];

/// The load tester of this name.
pub(super) fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The names of all load testers.
pub(super) fn names() -> Vec<&'static str> {
    TOOLS.iter().map(|tool| tool.name).collect()
}

impl Tool {
    /// Whether it can do this work.
    ///
    /// # Errors
    ///
    /// What it can't.
    pub(super) fn check(&self, is_rate: bool, work: Work) -> Result<(), String> {
        let is_able = match (is_rate, work) {
            (true, Work::For(_)) => self.open.is_some(),
            (false, Work::For(_)) => self.closed_for.is_some(),
            (false, Work::Requests(_)) => self.closed.is_some(),
            _ => false,
        };
        if is_able { Ok(()) } else { Err(format!("the driver {} can't do this work", self.name)) }
    }
}
