//! Known exceptions: `gin/json@* until 2027-01-31 because the new parser is slower and wanted`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use thiserror::Error;

use super::pattern::SeriesPattern;

/// A known exception, which ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The series that are excused.
    pub pattern: SeriesPattern,
    /// The last day.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// An exception that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is no exception: {why}; write it like 'gin/json until 2027-01-31 because it is being mended'")]
pub struct AllowanceError {
    text: String,
    why: String,
}

impl Allowance {
    /// Whether its last day has gone by.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until < today
    }
}

impl FromStr for Allowance {
    type Err = AllowanceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |why: &str| AllowanceError { text: text.to_owned(), why: why.to_owned() };
        let (pattern, rest) =
            text.split_once(" until ").ok_or_else(|| error("it has no end, which is said with until"))?;
        let (until, reason) =
            rest.split_once(" because ").ok_or_else(|| error("it has no reason, which is said with because"))?;
        let until = until.trim().parse().map_err(|_| error("its end is no date like 2027-01-31"))?;
        let (pattern, reason) = (pattern.trim(), reason.trim());
        if pattern.is_empty() || reason.is_empty() {
            return Err(error("its pattern or reason is empty"));
        }
        Ok(Self { pattern: SeriesPattern::new(pattern), until, reason: reason.to_owned() })
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} until {} because {}", self.pattern, self.until, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_has_a_last_day_and_a_reason() {
        let text = "gin/json@* until 2027-01-31 because it is wanted";
        let allowance: Allowance = text.parse().unwrap();
        assert_eq!(allowance.to_string(), text);
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(!allowance.is_expired(day("2027-01-31")) && allowance.is_expired(day("2027-02-01")));
        for (text, why) in [
            ("gin", "no end"),
            ("gin until 2027-01-31", "no reason"),
            ("gin until soon because of that", "no date"),
            ("gin until 2027-02-30 because of that", "no date"),
            (" until 2027-01-31 because of that", "empty"),
        ] {
            let error = text.parse::<Allowance>().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
