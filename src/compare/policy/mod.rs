//! What has to hold for a change to pass: which outcomes fail, which differences are too small to matter, which limits are
//! absolute, and which exceptions are known.

mod allowance;
mod file;
mod limit;
mod pattern;

pub use allowance::{Allowance, AllowanceError};
pub use file::{PolicyFileError, parse_policy};
pub use limit::{Bound, Limit, LimitError};
pub use pattern::SeriesPattern;

use std::fmt;
use std::str::FromStr;

use crate::record::Metric;

/// What has to hold for a change to pass.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policy {
    /// What fails, in series that no rule speaks of.
    pub fail_on: Vec<FailOn>,
    /// The smallest relative difference that matters, where the policy says so.
    pub min_effect: Option<f64>,
    /// The share of a side that may be lost on the way in: runs without a value, records and files that can't be used. Nothing
    /// may be lost where the policy does not say.
    pub lost: Option<f64>,
    /// What holds for some series; the first rule that speaks of a row decides.
    pub rules: Vec<SeriesRule>,
    /// What values may not exceed, whatever they were before.
    pub limits: Vec<Limit>,
    /// Known exceptions.
    pub allowances: Vec<Allowance>,
}

/// What can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailOn {
    /// A series that is worse.
    Worse,
    /// A series over all its levels of which the data does not say.
    Inconclusive,
    /// A series or level that the candidate lacks.
    Missing,
    /// A trust finding that is a warning or worse.
    Trust,
}

/// What holds for some series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRule {
    /// The series.
    pub pattern: SeriesPattern,
    /// The metric; all where there is none.
    pub metric: Option<Metric>,
    /// The smallest relative difference that matters; that of the policy where there is none.
    pub min_effect: Option<f64>,
    /// What fails; as in the policy where there is nothing said, and nothing where this is empty.
    pub fail_on: Option<Vec<FailOn>>,
}

impl Policy {
    /// Whether it asks for anything: without that there is no gate.
    pub fn is_gate(&self) -> bool {
        !(self.fail_on.is_empty() && self.rules.is_empty() && self.limits.is_empty())
    }

    /// Puts what is said on the command line on top of what is said in a file. Lists grow; a number is replaced.
    ///
    /// What the command line fails on holds for series with a rule of their own too: the stricter wins, or a rule for `*` that
    /// never fails would silently switch off what was just asked for.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        let own = self.rules.iter_mut().filter_map(|rule| rule.fail_on.as_mut());
        for fail_on in own.chain([&mut self.fail_on]) {
            fail_on.extend(&other.fail_on);
            fail_on.sort_unstable();
            fail_on.dedup();
        }
        self.min_effect = other.min_effect.or(self.min_effect);
        self.lost = other.lost.or(self.lost);
        self.rules.extend(other.rules);
        self.limits.extend(other.limits);
        self.allowances.extend(other.allowances);
        self
    }
}

impl FailOn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Worse, Self::Inconclusive, Self::Missing, Self::Trust];

    /// Its name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Inconclusive => "inconclusive",
            Self::Missing => "missing",
            Self::Trust => "trust",
        }
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|fail_on| fail_on.name() == text);
        found.ok_or_else(|| format!("{text:?} is nothing to fail on; there are worse, inconclusive, missing and trust"))
    }
}

impl fmt::Display for SeriesRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pattern)?;
        if let Some(metric) = self.metric {
            write!(f, ", {metric}")?;
        }
        if let Some(min_effect) = self.min_effect {
            write!(f, ", min-effect {}%", min_effect * 100.0)?;
        }
        match self.fail_on.as_deref() {
            Some([]) => write!(f, ": never fails"),
            Some(fail_on) => write!(f, ": fail on {}", list(fail_on)),
            None => Ok(()),
        }
    }
}

/// `worse and missing`, as it stands in a rule.
fn list(fail_on: &[FailOn]) -> String {
    fail_on.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
}

/// A share such as `5%` or `0.05`, from 0 to below 10; from 1 on with a percent sign only.
///
/// # Errors
///
/// When it is not a share, or a bare number of 1 or more: `5` is far more often meant as 5 % than as 500 %.
pub fn parse_share(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let (number, is_percent) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end().parse::<f64>().map(|percent| percent / 100.0), true),
        None => (text.parse(), false),
    };
    match number {
        Ok(share) if (0.0..1.0).contains(&share) || is_percent && (1.0..10.0).contains(&share) => Ok(share),
        Ok(number) if !is_percent && (1.0..1000.0).contains(&number) => {
            Err(format!("expected a share, such as 5% or 0.05, and found {text:?}; did you mean {number}%?"))
        }
        _ => Err(format!("expected a share, such as 5% or 0.05, and found {text:?}")),
    }
}

/// The metric of this name, or of its short form: `p99` for `latency_p99`, `errors` for `error_rate`, `avg` for
/// `avg_time_per_request`.
///
/// # Errors
///
/// When there is none; the message lists all.
pub fn parse_metric(text: &str) -> Result<Metric, String> {
    let all = || Metric::ALL.into_iter().chain([Metric::ErrorRate]);
    let by_name = all().find(|metric| metric.name() == text || metric.name().strip_prefix("latency_") == Some(text));
    let by_short_form = || match text {
        "errors" => Some(Metric::ErrorRate),
        "avg" => Some(Metric::AvgTimePerRequest),
        "total" => Some(Metric::TotalTime),
        _ => None,
    };
    by_name.or_else(by_short_form).ok_or_else(|| {
        let names: Vec<&str> = all().map(Metric::name).collect();
        format!("there is no metric {text:?}; there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_metrics() {
        assert_eq!(parse_metric("p99"), Ok(Metric::LatencyP99));
        assert_eq!(parse_metric("errors"), Ok(Metric::ErrorRate));
        assert_eq!(parse_metric("throughput"), Ok(Metric::Throughput));
        assert!(parse_metric("p98").unwrap_err().contains("latency_p95, latency_p99"));
    }

    #[test]
    fn what_is_said_later_is_added_and_a_number_replaced() {
        let file = Policy { fail_on: vec![FailOn::Missing], min_effect: Some(0.1), ..Policy::default() };
        let line = Policy { fail_on: vec![FailOn::Worse, FailOn::Missing], ..Policy::default() };
        let both = file.with(line);
        assert_eq!((both.fail_on, both.min_effect), (vec![FailOn::Worse, FailOn::Missing], Some(0.1)));
        assert!(!Policy { min_effect: Some(0.1), ..Policy::default() }.is_gate());
    }

    #[test]
    fn what_the_command_line_fails_on_holds_under_every_rule() {
        let lenient =
            SeriesRule { pattern: SeriesPattern::new("*"), metric: None, min_effect: None, fail_on: Some(Vec::new()) };
        let without = SeriesRule { fail_on: None, ..lenient.clone() };
        let file = Policy { rules: vec![lenient, without], ..Policy::default() };
        let line = Policy { fail_on: vec![FailOn::Worse], ..Policy::default() };
        let both = file.clone().with(line);
        let of_rules: Vec<_> = both.rules.iter().map(|rule| rule.fail_on.clone()).collect();
        assert_eq!(of_rules, [Some(vec![FailOn::Worse]), None]);
        assert_eq!(file.clone().with(Policy::default()), file);
    }

    #[test]
    fn a_bare_number_of_one_or_more_is_asked_about() {
        for (text, hint) in [("5", "did you mean 5%?"), ("1", "did you mean 1%?"), ("2.5", "did you mean 2.5%?")] {
            let error = parse_share(text).unwrap_err();
            assert!(error.ends_with(hint), "{error}");
        }
        assert_eq!((parse_share("500%"), parse_share("100 %")), (Ok(5.0), Ok(1.0)));
        assert!(!parse_share("1000").unwrap_err().contains("did you mean"));
        assert!(parse_share("1000%").is_err() && parse_share("inf").is_err());
    }

    #[test]
    fn shares() {
        assert_eq!((parse_share("5%"), parse_share(" 0.05 ")), (Ok(0.05), Ok(0.05)));
        assert!(parse_share("-5%").is_err() && parse_share("NaN").is_err());
    }
}
