//! The text of OpenMetrics: families of samples with their types, units and help, each series once, and an end.
//!
//! Written by <https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md>. A family's name ends in
//! its unit; its samples stand together, and no two of them have the same labels.

use std::collections::HashSet;
use std::io::{self, Write};

use super::escape::label;

/// A family of gauges.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// The name, with the unit at its end.
    pub(super) name: String,
    /// The unit; empty where there is none.
    pub(super) unit: String,
    /// What it is, in a sentence.
    pub(super) help: String,
    samples: Vec<(String, f64)>,
    seen: HashSet<String>,
}

impl Family {
    /// A family without samples: `benchplot_{name}_{unit}`.
    pub(super) fn new(name: &str, unit: &str, help: impl Into<String>) -> Self {
        let spelt = |c: char| if c.is_ascii() { c.to_string() } else { format!("u{:x}", u32::from(c)) };
        let name: String = name.chars().map(spelt).collect();
        let is_said = unit.is_empty() || name.ends_with(&format!("_{unit}"));
        let ending = if is_said { String::new() } else { format!("_{unit}") };
        Self {
            name: format!("{PREFIX}_{name}{ending}"),
            unit: unit.to_owned(),
            help: help.into(),
            samples: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Adds a sample. One without a finite value, or with labels that the family has, is left out; labels without a text
    /// are, too, as OpenMetrics takes an empty label for none.
    pub(super) fn add(&mut self, labels: &[(&str, &str)], value: Option<f64>) {
        let Some(value) = value.filter(|value| value.is_finite()) else { return };
        let there = labels.iter().filter(|(_, text)| !text.is_empty());
        let labels: Vec<String> = there.map(|(name, text)| format!("{name}=\"{}\"", label(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        if self.seen.insert(labels.clone()) {
            self.samples.push((labels, value));
        }
    }
}

const PREFIX: &str = "benchplot";

/// Writes all families that have samples, and the end.
pub(super) fn write_exposition(families: &[Family], sink: &mut dyn Write) -> io::Result<()> {
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let name = &family.name;
        writeln!(sink, "# TYPE {name} gauge")?;
        if !family.unit.is_empty() {
            writeln!(sink, "# UNIT {name} {}", family.unit)?;
        }
        writeln!(sink, "# HELP {name} {}", label(&family.help))?;
        for (labels, value) in &family.samples {
            writeln!(sink, "{name}{labels} {value}")?;
        }
    }
    writeln!(sink, "# EOF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_written_once_and_nothing_but_numbers_is_a_value() {
        let mut family = Family::new("change", "ratio", "Candidate\nover baseline.");
        family.add(&[("framework", "a\"b\\"), ("scenario", "")], Some(1.5));
        family.add(&[("framework", "a\"b\\")], Some(2.5));
        family.add(&[("framework", "c")], Some(f64::NAN));
        family.add(&[], Some(1e-7));
        let mut text = Vec::new();
        write_exposition(&[family, Family::new("empty", "", "Nothing.")], &mut text).unwrap();
        let expected = "# TYPE benchplot_change_ratio gauge\n# UNIT benchplot_change_ratio ratio\n\
                        # HELP benchplot_change_ratio Candidate\\nover baseline.\n\
                        benchplot_change_ratio{framework=\"a\\\"b\\\\\"} 1.5\nbenchplot_change_ratio 0.0000001\n# EOF\n";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
