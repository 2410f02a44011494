//! GitLab's metrics report: what was measured now, in the text of OpenMetrics.
//!
//! GitLab shows each value beside that of the target branch and compares the two as texts, so values are rounded: noise
//! in the fourth digit is no change. Its reader
//! (`ee/lib/gitlab/ci/parsers/metrics/generic.rb`) takes a `#` for the begin of a comment, even within a label, and gives up
//! on a line that it can't split as a shell does; a `#` in a name is therefore written as its full-width form.
//! See <https://docs.gitlab.com/ci/testing/metrics_reports/>.

use std::io::{self, Write};

use super::exposition::{Family, write_exposition};
use super::openmetrics::{error_rates, help, metrics, outcomes, unit, with_labels};
use super::quantity::rounded;
use super::subject::Subject;

/// So many significant digits of a value are written.
const DIGITS: usize = 3;

/// Writes the mean of every cell, the error rates, and how many series changed.
pub(super) fn write_gitlab_metrics(subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    let words = subject.words();
    let sides = subject.current_cells();
    let mut families = Vec::new();
    for metric in metrics(&sides) {
        let mut family = Family::new(metric.name(), &unit(metric), help(metric, words));
        for side in &sides {
            for cell in side.cells.iter().filter(|cell| cell.metric == metric) {
                with_labels(side.side, cell, |labels| family.add(labels, Some(rounded(cell.mean, DIGITS))));
            }
        }
        families.push(family);
    }
    families.push(error_rates(&sides, words));
    if let Subject::Changes(changes) = subject {
        families.push(outcomes(changes));
    }
    let mut text = Vec::new();
    write_exposition(&families, &mut text)?;
    for line in String::from_utf8_lossy(&text).lines() {
        // The lines that the text itself begins with a `#` are comments to both.
        match line.strip_prefix('#') {
            Some(comment) => writeln!(sink, "#{comment}")?,
            None => writeln!(sink, "{}", line.replace('#', "＃"))?,
        }
    }
    Ok(())
}
