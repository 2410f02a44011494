//! What runs are grouped by, and the one way in which every output names a group.

use std::fmt;

use super::Run;

/// A framework in a scenario. Shown as `gin`, or `gin (json)` where there is a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SeriesKey {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
}

/// A series at one level. Shown as `gin (json) at 10`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CellKey {
    /// The series.
    pub series: SeriesKey,
    /// Requests in flight at once, or the value of the parameter that the runs' axis names; `None` where it is not known.
    pub concurrency: Option<u32>,
}

impl SeriesKey {
    /// The key of a framework in a scenario.
    pub fn new(framework: impl Into<String>, scenario: impl Into<String>) -> Self {
        Self { framework: framework.into(), scenario: scenario.into() }
    }

    /// The series of a run.
    pub fn of(run: &Run) -> Self {
        Self::new(&run.framework, &run.scenario)
    }

    /// The key of this series at a level.
    pub fn at(&self, concurrency: Option<u32>) -> CellKey {
        CellKey { series: self.clone(), concurrency }
    }
}

impl CellKey {
    /// The key of a framework in a scenario at a level.
    pub fn new(framework: impl Into<String>, scenario: impl Into<String>, concurrency: Option<u32>) -> Self {
        Self { series: SeriesKey::new(framework, scenario), concurrency }
    }

    /// The cell of a run.
    pub fn of(run: &Run) -> Self {
        SeriesKey::of(run).at(run.concurrency)
    }

    /// The framework.
    pub fn framework(&self) -> &str {
        &self.series.framework
    }

    /// The scenario; empty where there is only one.
    pub fn scenario(&self) -> &str {
        &self.series.scenario
    }
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.framework)?;
        if self.scenario.is_empty() { Ok(()) } else { write!(f, " ({})", self.scenario) }
    }
}

impl fmt::Display for CellKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.series.fmt(f)?;
        self.concurrency.map_or(Ok(()), |level| write!(f, " at {level}"))
    }
}

/// The name without its case, blanks and characters that nobody sees: two names that agree in this are hard to tell apart.
pub fn folded_name(name: &str) -> String {
    let is_invisible = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    name.chars().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_shown() {
        let shown = [
            (CellKey::new("gin", "json", Some(10)), "gin (json) at 10"),
            (CellKey::new("gin", "", Some(10)), "gin at 10"),
            (CellKey::new("gin", "json", None), "gin (json)"),
            (CellKey::new("gin", "", None), "gin"),
        ];
        for (key, text) in shown {
            assert_eq!(key.to_string(), text);
        }
    }
}
