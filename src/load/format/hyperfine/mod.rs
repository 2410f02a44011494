//! hyperfine: commands timed from start to exit, one execution after the other.
//!
//! A command is a framework. A parameter that was scanned over whole numbers is the level, and its value in the command
//! gives way to its name, so that the executions of one command line are one framework: `work --jobs 4` becomes
//! `work --jobs {jobs}` at 4. Parameters of any other kind stay in the command, which is what tells them apart.
//!
//! An execution is one request that takes all of the run's time. With `-i` hyperfine times commands that fail, and only
//! the exit code tells: these are errors, and have no time here.

mod csv;
mod json;

pub(super) use csv::HYPERFINE_CSV;
pub(super) use json::HYPERFINE;

use super::parameters::{self, Parameter, Varying};
use crate::load::format::prelude::*;

/// Fills in what a command and its parameters say.
fn name(run: &mut Run, command: &str, parameters: &[Parameter], varying: &Varying) {
    let mut framework = command.trim().to_owned();
    let level = varying.level(parameters);
    if let Some((place, level)) = level
        && let Some((name, value)) = parameters.get(place)
    {
        run.concurrency = Some(level);
        run.axis = parameters::axis(name);
        framework = with_placeholder(&framework, name, value);
    }
    // A name that was given to the command need not hold the parameters.
    for (place, (name, value)) in parameters.iter().enumerate() {
        if level.map(|(place, _)| place) != Some(place) && !framework.contains(value.as_str()) {
            framework.push_str(&format!(" ({name}={value})"));
        }
    }
    run.framework = framework;
}

/// The command with `{name}` for each place where the value stands as a word or number of its own.
fn with_placeholder(command: &str, name: &str, value: &str) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let mut text = String::new();
    let mut rest = command;
    while let Some(start) = rest.find(value).filter(|_| !value.is_empty()) {
        let (before, found) = rest.split_at(start);
        let after = found.get(value.len()..).unwrap_or_default();
        text.push_str(before);
        // `-j8` is an option with its value, while `h264` and `1.8` only hold the digits.
        let stem = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_option = stem.starts_with('-') && !stem.ends_with(|c: char| c.is_ascii_digit() || c == '.');
        if (is_option || !stem.ends_with(belongs)) && !after.starts_with(belongs) {
            text.push_str(&format!("{{{name}}}"));
        } else {
            text.push_str(value);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_leaves_the_command() {
        let table = [
            ("work 20000", "n", "20000", "work {n}"),
            ("make -j8 h264", "jobs", "8", "make -j{jobs} h264"),
            ("make --jobs=8 x8 8", "jobs", "8", "make --jobs={jobs} x8 {jobs}"),
            ("v1.8 --c 8", "c", "8", "v1.8 --c {c}"),
            ("echo 88", "c", "8", "echo 88"),
            ("8", "c", "8", "{c}"),
            ("nothing", "c", "", "nothing"),
        ];
        for (command, name, value, expected) in table {
            assert_eq!(with_placeholder(command, name, value), expected, "{command}");
        }
    }

    #[test]
    fn a_text_parameter_stays_in_the_command() {
        let named = |command: &str, value: &str| {
            let mut run = Run::default();
            name(&mut run, command, &[("c".to_owned(), value.to_owned())], &Varying::default());
            (run.framework, run.concurrency, run.axis)
        };
        assert_eq!(named("gzip -c", "gzip"), ("gzip -c".to_owned(), None, String::new()));
        assert_eq!(named("pack", "gzip"), ("pack (c=gzip)".to_owned(), None, String::new()));
        assert_eq!(named("bench -c 16", "16"), ("bench -c {c}".to_owned(), Some(16), String::new()));
    }
}
