//! Load testers that others wrote: how each is called, and which format its report has.

use std::process::Command;

use super::suite::Work;

/// A load tester.
#[derive(Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name of the driver, which is that of the program.
    pub name: &'static str,
    /// What makes it say its version; `None` where nothing does.
    pub version: Option<&'static str>,
    /// How it is called in a closed loop, for some time.
    pub closed_for: Option<&'static [&'static str]>,
    /// How it is called in a closed loop, for a number of requests.
    pub closed: Option<&'static [&'static str]>,
    /// How it is called with a rate, for some time.
    pub open: Option<&'static [&'static str]>,
    /// The format of its report, which it prints.
    pub format: &'static str,
}

/// Every load tester that can be a driver. `{seconds}` is a whole number.
const TOOLS: [Tool; 4] = [
    Tool {
        name: "wrk",
        version: Some("-v"),
        closed_for: Some(&["-t", "1", "-c", "{concurrency}", "-d", "{seconds}s", "--latency", "{url}"]),
        closed: None,
        open: None,
        format: "wrk",
    },
    Tool {
        name: "ab",
        version: Some("-V"),
        // -t sets a number of requests, too, so -n has to come after it; ab takes 32 bytes for each of them before it begins.
        closed_for: Some(&["-q", "-k", "-t", "{seconds}", "-n", "10000000", "-c", "{concurrency}", "{url}"]),
        closed: Some(&["-q", "-k", "-n", "{requests}", "-c", "{concurrency}", "{url}"]),
        open: None,
        format: "ab",
    },
    Tool {
        name: "h2load",
        version: Some("--version"),
        closed_for: Some(&["--h1", "-t", "1", "-c", "{concurrency}", "-D", "{seconds}", "{url}"]),
        closed: Some(&["--h1", "-t", "1", "-n", "{requests}", "-c", "{concurrency}", "{url}"]),
        open: None,
        format: "h2load",
    },
    Tool {
        name: "hey",
        version: None,
        closed_for: Some(&["-z", "{seconds}s", "-c", "{concurrency}", "{url}"]),
        closed: Some(&["-n", "{requests}", "-c", "{concurrency}", "{url}"]),
        open: None,
        format: "hey",
    },
];

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
        if self.arguments(is_rate, work).is_some() {
            return Ok(());
        }
        let wanted = match (is_rate, work) {
            (true, _) => "`rates` for a `duration`",
            (false, Work::For(_)) => "`levels` for a `duration`",
            (false, _) => "`levels` with a number of `requests`",
        };
        Err(format!("the driver {} has no {wanted}", self.name))
    }

    /// How it is called for this work, with names for values.
    pub(super) fn arguments(&self, is_rate: bool, work: Work) -> Option<Vec<String>> {
        let arguments = match (is_rate, work) {
            (true, Work::For(_)) => self.open,
            (false, Work::For(_)) => self.closed_for,
            (false, Work::Requests(_)) => self.closed,
            _ => None,
        };
        Some([self.name].iter().chain(arguments?).map(|&argument| argument.to_owned()).collect())
    }

    /// The first line that names its version; `None` where it has no word for it.
    ///
    /// # Errors
    ///
    /// Where it is not installed.
    pub(super) fn find_version(&self) -> Result<Option<String>, String> {
        let Some(version) = self.version else { return Ok(None) };
        let output = Command::new(self.name).arg(version).output();
        // Some fail when they are asked for their version, and say it all the same.
        let output = output.map_err(|error| format!("{} can't be started: {error}; install it", self.name))?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let line = text.lines().find(|line| line.bytes().any(|byte| byte.is_ascii_digit()));
        Ok(line.map(|line| line.trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::suite::Length;

    #[test]
    fn every_tool_has_a_format_and_a_use() {
        for tool in &TOOLS {
            assert!(crate::load::named(tool.format).is_some(), "{}", tool.name);
            assert!(tool.arguments(false, Work::For(Length::seconds(1))).is_some(), "{}", tool.name);
        }
        let error = named("wrk").unwrap().check(true, Work::For(Length::seconds(1))).unwrap_err();
        assert_eq!(error, "the driver wrk has no `rates` for a `duration`");
    }
}
