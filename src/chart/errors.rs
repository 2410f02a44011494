//! Error rate against concurrency.

use std::collections::{HashMap, HashSet};

use super::figure::{Axis, Figure, Scale, Tick};
use super::lines::{Lines, WIDE, panel, points, range};
use super::options::ChartOptions;
use super::performance::gaps_note;
use super::ticks::value_axis;
use crate::analysis::{Analysis, ErrorLevel};

/// Bands of more lines than this only hide each other: they all reach down to about zero.
const MOST_BANDS: usize = 3;

/// The figure; `None` where no error is known of.
pub fn errors(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let levels: HashMap<(&str, &str, Option<u32>), &ErrorLevel> = analysis
        .error_levels
        .iter()
        .map(|level| ((level.framework.as_str(), level.scenario.as_str(), level.concurrency), level))
        .collect();
    let failing: HashSet<(&str, &str)> = analysis
        .error_levels
        .iter()
        .filter(|level| 0 < level.errors)
        .map(|level| (level.framework.as_str(), level.scenario.as_str()))
        .collect();
    let has_bands = failing.len() <= MOST_BANDS;
    let series = lines.series(|line, level| {
        let found = levels.get(&(line.framework, line.scenario, level))?;
        let interval = (has_bands && 1 < found.runs).then_some((found.min * 100.0, found.max * 100.0));
        Some((found.error_rate * 100.0, interval))
    });
    let rates = || points(&series).map(|point| point.y);
    let ends = points(&series).filter_map(|point| point.interval).flat_map(|(low, high)| [low, high]);
    let (smallest, highest) = range(rates().chain(ends).filter(|rate| 0.0 < *rate))?;
    let label = language.errors_axis().to_owned();
    let y = if options.log_y || smallest * WIDE <= highest {
        axis_with_zero(label, smallest, highest)
    } else {
        value_axis(label, Scale::Linear, 0.0, highest)
    };

    let is_clean = |name: &str| {
        let mut own = points(series.iter().filter(|series| series.name == name)).peekable();
        own.peek().is_some() && own.all(|point| point.y <= 0.0)
    };
    let clean: Vec<&str> = lines.all.iter().map(|line| line.name.as_str()).filter(|name| is_clean(name)).collect();
    let mut footnotes = Vec::new();
    if points(&series).filter_map(|point| point.interval).any(|(low, high)| low < high) {
        footnotes.push(language.error_ranges().to_owned());
    }
    if !clean.is_empty() {
        footnotes.push(language.without_errors(&clean.join(language.comma())));
    }
    let panels = vec![panel(language.errors_title().to_owned(), lines.x.clone(), y, series)];
    footnotes.extend(gaps_note(analysis, &panels));
    Some(lines.figure(options, panels, footnotes))
}

/// A logarithmic axis of percents that has zero on it, for rates that are too far apart for a linear one.
fn axis_with_zero(label: String, smallest: f64, largest: f64) -> Axis {
    let first = smallest.log10().floor() as i32;
    let last = largest.log10().ceil() as i32;
    let zero = Tick { value: 0.0, label: "0".to_owned() };
    let power = |exponent: i32| {
        let value = 10_f64.powi(exponent);
        Tick { value, label: format!("{value:.*}", usize::try_from(-exponent).unwrap_or_default()) }
    };
    // Rates end at 100 %, and a little above there is room for the markers that stand on it.
    let max = if 50.0 <= largest { 130.0 } else { largest * 1.3 };
    let ticks = std::iter::once(zero).chain((first..=last).map(power).filter(|tick| tick.value <= max)).collect();
    Axis { label, scale: Scale::LogWithZero { linear_to: 10_f64.powi(first) }, min: 0.0, max, ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_every_power_of_ten_have_a_tick() {
        let labels = |smallest, largest| -> Vec<String> {
            axis_with_zero(String::new(), smallest, largest).ticks.into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(0.02, 100.0), ["0", "0.01", "0.1", "1", "10", "100"]);
        assert_eq!(labels(0.5, 20.0), ["0", "0.1", "1", "10"]);
        assert_eq!(labels(3.0, 3.0), ["0", "1"]);
    }
}
