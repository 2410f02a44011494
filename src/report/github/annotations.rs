//! Annotations of GitHub Actions: a workflow command a line, errors first.
//!
//! GitHub shows ten errors and ten warnings of a step and drops the others, so the tenth says how many more there are. A
//! runner reads commands from standard output and standard error alike.

use crate::report::escape::{command_data, command_property, shortened};
use crate::report::problems::{Level, Problem, problems};
use crate::report::subject::Subject;

/// Annotations of one level that GitHub shows for a step.
const MOST: usize = 10;

/// Characters of a message; a runner cuts at 4,096.
const LONGEST: usize = 1_000;

/// Characters of a title.
const LONGEST_TITLE: usize = 200;

/// The lines that annotate a run with what somebody has to look at, each with its end; `errors_only` leaves warnings out.
pub fn annotations<'a>(subject: impl Into<Subject<'a>>, errors_only: bool) -> String {
    let subject = subject.into();
    let problems = problems(subject);
    let mut text = String::new();
    for (level, command) in [(Level::Error, "error"), (Level::Warning, "warning")] {
        if errors_only && level != Level::Error {
            continue;
        }
        let of_level: Vec<&Problem> = problems.iter().filter(|problem| problem.level == level).collect();
        let shown = if MOST < of_level.len() { MOST - 1 } else { of_level.len() };
        for problem in of_level.iter().take(shown) {
            let about = if problem.about.is_empty() { String::new() } else { format!(": {}", problem.about) };
            text.push_str(&line(command, &format!("{}{about}", problem.check), &problem.message));
        }
        let more = of_level.len() - shown;
        if 0 < more {
            let told = subject.words().pick(
                format!("{more} more of these; the report has them all"),
                format!("另有 {more} 项；报告中有全部内容"),
            );
            text.push_str(&line(command, "benchplot", &told));
        }
    }
    text
}

fn line(command: &str, title: &str, message: &str) -> String {
    let title = command_property(&shortened(title, LONGEST_TITLE));
    format!("::{command} title={title}::{}\n", command_data(&shortened(message, LONGEST)))
}
