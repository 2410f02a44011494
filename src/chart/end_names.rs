//! Names at the ends of lines, where they need no legend.

use super::figure::{EndName, Series, Style};

/// A name at the last point of each series, as `label` writes it from the name and the value there.
pub(super) fn end_names(series: &[Series], label: impl Fn(&str, f64) -> String) -> Vec<EndName> {
    let end = |series: &Series| {
        let last = series.segments.last()?.last()?;
        Some(EndName { value: last.y, label: label(&series.name, last.y), style: series.style })
    };
    series.iter().filter(|series| matches!(series.style, Style::Framework(_))).filter_map(end).collect()
}

/// A ratio with three digits.
pub(super) fn shown(ratio: f64) -> String {
    match ratio {
        small if small < 10.0 => format!("{small:.2}"),
        medium if medium < 100.0 => format!("{medium:.1}"),
        large => format!("{large:.0}"),
    }
}
