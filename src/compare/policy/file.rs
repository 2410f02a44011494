//! A policy as it stands in `benchplot.toml`.
//!
//! ```toml
//! [gate]
//! fail-on = ["worse", "missing"]
//! min-effect = "5%"
//! lost = "2%"
//! limit = ["p99 < 200ms @ concurrency=100", "errors < 1%"]
//! allow = ["gin/json until 2027-01-31 because the new parser is slower and wanted"]
//!
//! [[gate.rule]]
//! match = "gin/*@100"
//! metric = "latency_p99"
//! min-effect = "20%"
//! fail-on = ["worse"]
//! ```

use serde::Deserialize;
use thiserror::Error;

use super::{Allowance, FailOn, Limit, Policy, SeriesPattern, SeriesRule, parse_metric, parse_share};

/// Why a file gives no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyFileError {
    /// It is no TOML, or has keys that nobody knows.
    #[error("{message}{}", hint.as_ref().map(|hint| format!("; did you mean {hint}?")).unwrap_or_default())]
    Toml {
        /// Where and what.
        message: String,
        /// The nearest key.
        hint: Option<String>,
    },
    /// A value is not understood.
    #[error("{key}: {message}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        message: String,
    },
}

#[derive(Deserialize)]
struct File {
    gate: Option<Gate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Gate {
    #[serde(alias = "fail_on")]
    fail_on: Option<Vec<String>>,
    #[serde(alias = "min_effect")]
    min_effect: Option<Share>,
    lost: Option<Share>,
    #[serde(default)]
    rule: Vec<Rule>,
    #[serde(default)]
    limit: Vec<String>,
    #[serde(default)]
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Rule {
    #[serde(rename = "match")]
    pattern: String,
    metric: Option<String>,
    #[serde(alias = "min_effect")]
    min_effect: Option<Share>,
    #[serde(alias = "fail_on")]
    fail_on: Option<Vec<String>>,
}

/// `"5%"` or `0.05`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Share {
    Number(f64),
    Text(String),
}

/// The policy in the text of a `benchplot.toml`; `None` where it has no section `[gate]`.
///
/// A section that says nothing fails on what is worse. Keys outside of the section are not looked at.
///
/// # Errors
///
/// When it is no TOML, or a key or value is not understood.
pub fn parse_policy(text: &str) -> Result<Option<Policy>, PolicyFileError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.to_string().trim_end().to_owned();
        PolicyFileError::Toml { hint: nearest_key(error.message()), message }
    })?;
    let Some(gate) = file.gate else { return Ok(None) };
    let mut policy = Policy {
        fail_on: gate.fail_on.map(|names| fail_on(&names)).transpose()?.unwrap_or_default(),
        min_effect: gate.min_effect.map(|value| share("min-effect", value)).transpose()?,
        lost: gate.lost.map(|value| share("lost", value)).transpose()?,
        rules: gate.rule.into_iter().map(rule).collect::<Result<_, _>>()?,
        limits: parse_all("limit", &gate.limit, |text| text.parse::<Limit>().map_err(|error| error.to_string()))?,
        allowances: parse_all("allow", &gate.allow, |text| {
            text.parse::<Allowance>().map_err(|error| error.to_string())
        })?,
    };
    if !policy.is_gate() {
        policy.fail_on.push(FailOn::Worse);
    }
    Ok(Some(policy))
}

fn rule(rule: Rule) -> Result<SeriesRule, PolicyFileError> {
    let metric = rule.metric.map(|name| parse_metric(&name)).transpose();
    Ok(SeriesRule {
        pattern: SeriesPattern::new(rule.pattern),
        metric: metric.map_err(|message| PolicyFileError::Value { key: "metric", message })?,
        min_effect: rule.min_effect.map(|value| share("min-effect", value)).transpose()?,
        fail_on: rule.fail_on.map(|names| fail_on(&names)).transpose()?,
    })
}

fn fail_on(names: &[String]) -> Result<Vec<FailOn>, PolicyFileError> {
    parse_all("fail-on", names, str::parse)
}

fn share(key: &'static str, share: Share) -> Result<f64, PolicyFileError> {
    let found = match share {
        Share::Number(number) => parse_share(&number.to_string()),
        Share::Text(text) => parse_share(&text),
    };
    found.map_err(|message| PolicyFileError::Value { key, message })
}

fn parse_all<T>(
    key: &'static str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, PolicyFileError> {
    let value = |text: &String| parse(text).map_err(|message| PolicyFileError::Value { key, message });
    texts.iter().map(value).collect()
}

/// The key that a message about an unknown one lists and that is most like it.
fn nearest_key(message: &str) -> Option<String> {
    let (unknown, expected) = message.strip_prefix("unknown field `")?.split_once('`')?;
    let keys = expected.split('`').skip(1).step_by(2);
    let with_distance = keys.map(|key| (distance(unknown, key), key));
    let (least, nearest) = with_distance.min_by_key(|(distance, _)| *distance)?;
    (least <= nearest.chars().count() / 2).then(|| nearest.to_owned())
}

/// The number of letters to insert, delete or replace (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (other, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Metric;

    #[test]
    fn every_key_is_read() {
        let policy = parse_policy(
            "framework = 'gin'\n[gate]\nfail-on = ['worse', 'trust']\nmin-effect = '10%'\nlost = '2%'\nlimit = ['errors < 1%']\n\
             allow = ['gin until 2027-01-31 because of that']\n[[gate.rule]]\nmatch = 'gin/*@100'\nmetric = 'p99'\n\
             min_effect = 0.2\nfail_on = []\n",
        );
        let policy = policy.unwrap().unwrap();
        assert_eq!((policy.fail_on.as_slice(), policy.min_effect), (&[FailOn::Worse, FailOn::Trust][..], Some(0.1)));
        assert_eq!((policy.limits.len(), policy.allowances.len()), (1, 1));
        assert_eq!(policy.lost, Some(0.02));
        let rule = &policy.rules[0];
        assert_eq!((rule.metric, rule.min_effect), (Some(Metric::LatencyP99), Some(0.2)));
        assert_eq!(rule.fail_on, Some(Vec::new()));
        assert_eq!(rule.to_string(), "gin/*@100, latency_p99, min-effect 20%: never fails");
    }

    #[test]
    fn an_empty_gate_fails_on_what_is_worse_and_no_gate_is_none() {
        assert_eq!(parse_policy("[gate]").unwrap().unwrap().fail_on, [FailOn::Worse]);
        assert_eq!(parse_policy("framework = 'gin'"), Ok(None));
    }

    #[test]
    fn what_is_not_understood_names_the_nearest_key() {
        for (text, part) in [
            ("[gate]\nfail-no = ['worse']", "did you mean fail-on?"),
            ("[gate]\nmin-efect = 0.1", "did you mean min-effect?"),
            ("[[gate.rule]]\nmach = 'a'", "did you mean match?"),
            ("[gate]\nfail-on = ['slower']", "fail-on: \"slower\" is nothing to fail on"),
            ("[gate]\nmin-effect = 'much'", "min-effect: expected a share"),
            ("[gate]\nmin-effect = 5", "did you mean 5%?"),
            ("[gate]\nlost = 2", "lost: "),
            ("[[gate.rule]]\nmatch = 'a'\nmin-effect = 5.0", "did you mean 5%?"),
            ("[gate]\nlimit = ['p99 < 3']", "limit: "),
            ("[gate]\nallow = ['gin']", "allow: "),
            ("[[gate.rule]]\nmatch = 'a'\nmetric = 'speed'", "metric: there is no metric"),
            ("[[gate.rule]]\nmetric = 'p99'", "missing field `match`"),
            ("[gate", "TOML parse error"),
        ] {
            let error = parse_policy(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
