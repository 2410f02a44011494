//! Where ticks stand on an axis, and how far the axis goes.

use unicode_width::UnicodeWidthStr;

use super::figure::{Axis, Scale, Tick};
use super::unit::TimeUnit;
use crate::language::Language;

/// About how many ticks a linear axis gets.
const WANTED: f64 = 6.0;

/// And one that is low.
const WANTED_OF_LOW: f64 = 2.0;

/// An axis of measured values from zero, or from below the smallest on a logarithmic scale, to above `largest`.
///
/// `smallest` and `largest` are positive where the scale is logarithmic.
pub(super) fn value_axis(label: String, scale: Scale, smallest: f64, largest: f64) -> Axis {
    match scale {
        Scale::Log => logarithmic(label, smallest, largest),
        _ => linear(label, largest, WANTED),
    }
}

/// An axis of times in `unit`. Ticks of a linear one are numbers of the unit that the label names; those of a logarithmic one
/// have a unit each.
pub(super) fn time_axis(
    label: &dyn Fn(Option<TimeUnit>) -> String,
    scale: Scale,
    unit: TimeUnit,
    (smallest, largest): (f64, f64),
    language: Language,
) -> Axis {
    let (low, high) = (smallest / unit.seconds(), largest / unit.seconds());
    if scale != Scale::Log {
        return value_axis(label(Some(unit)), scale, low, high);
    }
    let mut axis = value_axis(language.scaled(label(None), scale), scale, low, high);
    for tick in &mut axis.ticks {
        tick.label = language.time(tick.value * unit.seconds());
    }
    axis
}

/// An axis of measured levels, with a tick at each of them and a little room at both ends.
pub(super) fn level_axis(label: String, scale: Scale, levels: &[u32]) -> Axis {
    let first = levels.first().copied().map_or(1.0, f64::from);
    let last = levels.last().copied().map_or(1.0, f64::from);
    let (min, max) = match scale {
        Scale::Log => {
            let room = if first < last { (last / first).powf(0.03) } else { 1.5 };
            (first / room, last * room)
        }
        _ => {
            let room = if first < last { (last - first) * 0.03 } else { 0.5 };
            (first - room, last + room)
        }
    };
    let tick = |level: &u32| Tick { value: f64::from(*level), label: level.to_string() };
    let ticks = if levels.len() <= MOST_LEVELS {
        levels.iter().map(tick).collect()
    } else {
        // Of many levels, those that people count by.
        let axis = if scale == Scale::Log {
            logarithmic(String::new(), first, last)
        } else {
            linear(String::new(), last, WANTED)
        };
        axis.ticks.into_iter().filter(|tick| min <= tick.value && tick.value <= max).collect()
    };
    Axis { label, scale, min, max, ticks }
}

/// An axis of measured values from zero that has room for few ticks only.
pub(super) fn low_axis(label: String, largest: f64) -> Axis {
    linear(label, largest, WANTED_OF_LOW)
}

/// An axis from zero to exactly `largest`, which need not have a tick.
pub(super) fn span_axis(label: String, largest: f64) -> Axis {
    let step = nice_step(largest / WANTED);
    let ticks = (0..).map(|index| f64::from(index) * step.step).take_while(|value| *value <= largest * (1.0 + 1e-9));
    let ticks = ticks.take(MOST_TICKS).map(|value| Tick { value, label: format!("{value:.0$}", step.decimals) });
    Axis { label, scale: Scale::Linear, min: 0.0, max: largest, ticks: ticks.collect() }
}

/// A step that is no number would go on without end.
const MOST_TICKS: usize = 20;

/// More levels than this do not have a tick each.
const MOST_LEVELS: usize = 12;

/// How much higher a linear axis is than its largest value, at least, so that no marker sits on the frame.
const HEADROOM: f64 = 1.03;

/// How many letters have room below the axis of one of two panels on a page.
const ROOM: usize = 70;

/// An axis of names, the first at 1. Where the names have no room the ticks stay without labels, and the legend tells.
pub(super) fn name_axis(label: String, names: &[&str]) -> Axis {
    let longest = names.iter().map(|name| name.width()).max().unwrap_or_default();
    let has_room = (longest + 2) * names.len() <= ROOM;
    let tick = |(index, name): (usize, &&str)| Tick {
        value: (index + 1) as f64,
        label: if has_room { (*name).to_owned() } else { String::new() },
    };
    Axis {
        label,
        scale: Scale::Linear,
        min: 0.5,
        max: names.len() as f64 + 0.5,
        ticks: names.iter().enumerate().map(tick).collect(),
    }
}

fn linear(label: String, largest: f64, wanted: f64) -> Axis {
    let largest = if 0.0 < largest { largest } else { 1.0 / HEADROOM };
    let Step { step, decimals } = nice_step(largest / wanted);
    let count = (largest * HEADROOM / step).ceil().max(1.0);
    let tick = |index: usize| {
        let value = index as f64 * step;
        Tick { value, label: format!("{value:.decimals$}") }
    };
    Axis { label, scale: Scale::Linear, min: 0.0, max: count * step, ticks: (0..=count as usize).map(tick).collect() }
}

fn logarithmic(label: String, smallest: f64, largest: f64) -> Axis {
    let (smallest, largest) = if 0.0 < smallest && smallest <= largest { (smallest, largest) } else { (1.0, 10.0) };
    let (min, max) = (smallest / 1.15, largest * 1.15);
    let decades = (max / min).log10();
    // The shorter the axis, the more of the numbers between two powers of ten have room on it.
    let steps: &[f64] = match decades {
        decades if decades <= 0.7 => &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
        decades if decades <= 2.5 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let every = (decades / 8.0).ceil().max(1.0) as i32;
    let (first, last) = (min.log10().floor() as i32, max.log10().ceil() as i32);
    let values = (first..=last)
        .filter(|exponent| exponent.rem_euclid(every) == 0)
        .flat_map(|exponent| steps.iter().map(move |step| (exponent, step * 10_f64.powi(exponent))))
        .filter(|(_, value)| min <= *value && *value <= max);
    let tick = |(exponent, value): (i32, f64)| {
        // Beyond these a row of zeros takes longer to count than to read.
        let label = match exponent {
            -4..=5 => format!("{value:.0$}", (-exponent).clamp(0, 4) as usize),
            _ => format!("{value:e}"),
        };
        Tick { value, label }
    };
    Axis { label, scale: Scale::Log, min, max, ticks: values.map(tick).collect() }
}

/// The distance of two ticks, and the decimals that it takes to write it.
pub(super) struct Step {
    pub(super) step: f64,
    pub(super) decimals: usize,
}

/// The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `least`.
pub(super) fn nice_step(least: f64) -> Step {
    let exponent = least.log10().floor();
    let power = 10_f64.powf(exponent);
    // A little slack, as the logarithm of a power of ten may come out just below it.
    let fits = |(factor, _): &(f64, f64)| least <= factor * power * (1.0 + 1e-9);
    let (factor, more) =
        [(1.0, 0.0), (2.0, 0.0), (2.5, 1.0), (5.0, 0.0)].into_iter().find(fits).unwrap_or((10.0, -1.0));
    Step { step: factor * power, decimals: (more - exponent).clamp(0.0, 12.0) as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn values_begin_at_zero_and_end_at_a_tick() {
        let table: [(f64, &[&str]); 8] = [
            (12.0, &["0", "2", "4", "6", "8", "10", "12", "14"]),
            (12.1, &["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"]),
            (0.58, &["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]),
            (4.5, &["0", "1", "2", "3", "4", "5"]),
            (0.105, &["0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12"]),
            (20.7, &["0", "5", "10", "15", "20", "25"]),
            (7.3e-5, &["0.00000", "0.00002", "0.00004", "0.00006", "0.00008"]),
            (0.0, &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ];
        for (largest, expected) in table {
            let axis = value_axis(String::new(), Scale::Linear, 0.0, largest);
            assert_eq!(labels(&axis), expected, "{largest}");
            assert!(largest <= axis.max && axis.min <= 0.0);
        }
    }

    #[test]
    fn times_end_where_the_run_ends_and_low_axes_have_few_ticks() {
        let axis = span_axis(String::new(), 59.9);
        assert_eq!(labels(&axis), ["0", "10", "20", "30", "40", "50"]);
        assert!(axis.min <= 0.0 && (axis.max - 59.9).abs() < 1e-12);
        assert_eq!(labels(&span_axis(String::new(), 0.3)).last(), Some(&"0.30"));
        assert_eq!(labels(&span_axis(String::new(), 0.0)).len(), 20, "a run without a length has no place for them");
        assert_eq!(labels(&low_axis(String::new(), 700.0)), ["0", "500", "1000"]);
        assert_eq!(labels(&low_axis(String::new(), 0.0)), ["0.0", "0.5", "1.0"]);
    }

    #[test]
    fn logarithmic_axes_hold_their_values() {
        for (smallest, largest) in [(0.6, 52.0), (1.0, 1.0), (1e-6, 1e6), (3.0, 4.0)] {
            let axis = value_axis(String::new(), Scale::Log, smallest, largest);
            assert!(axis.min < smallest && largest < axis.max && 0.0 < axis.min);
            assert!(axis.ticks.iter().all(|tick| axis.min <= tick.value && tick.value <= axis.max));
            assert!((1..=10).contains(&axis.ticks.len()), "{:?}", labels(&axis));
        }
        assert_eq!(labels(&value_axis(String::new(), Scale::Log, 0.6, 52.0)), ["1", "2", "5", "10", "20", "50"]);
    }

    #[test]
    fn levels_have_a_tick_each() {
        let axis = level_axis(String::new(), Scale::Linear, &[10, 25, 50, 100]);
        assert_eq!(labels(&axis), ["10", "25", "50", "100"]);
        assert!(axis.min < 10.0 && 100.0 < axis.max);
        for levels in [&[10][..], &[][..]] {
            for scale in [Scale::Linear, Scale::Log] {
                let axis = level_axis(String::new(), scale, levels);
                assert!(axis.min < axis.max && 0.0 < axis.max);
            }
        }
    }
}
