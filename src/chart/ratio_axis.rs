//! The axis of ratios: logarithmic, with 1 on it, and ticks at ratios that people use.

use super::figure::{Axis, Scale, Tick};
use super::ticks::nice_step;

/// How far beyond the outermost ratio an interval may stretch the axis.
const STRETCH: f64 = 1.5;

/// An axis for ratios with their intervals, with 1 and both margins of what matters on it; `None` without a ratio.
///
/// `margin` is from 1.
pub(super) fn ratio_axis(
    label: String,
    ratios: impl Iterator<Item = (f64, Option<(f64, f64)>)>,
    margin: f64,
) -> Option<Axis> {
    let (mut low, mut high, mut any) = (margin.recip(), margin, false);
    let (mut interval_low, mut interval_high) = (low, high);
    for (ratio, interval) in ratios {
        any = true;
        (low, high) = (low.min(ratio), high.max(ratio));
        let (from, to) = interval.unwrap_or((ratio, ratio));
        (interval_low, interval_high) = (interval_low.min(from), interval_high.max(to));
    }
    let (low, high) = (interval_low.min(low).max(low / STRETCH), interval_high.max(high).min(high * STRETCH));
    // A little room, so that neither marker nor cap sits on the frame.
    let room = (high / low).powf(0.04).max(1.001);
    let (min, max) = (low / room, high * room);
    any.then(|| Axis { label, scale: Scale::Log, min, max, ticks: ticks(min, max) })
}

fn ticks(min: f64, max: f64) -> Vec<Tick> {
    if max / min <= 1.8 {
        return even_ticks(min, max);
    }
    let steps: &[f64] = match max / min {
        narrow if narrow <= 6.0 => &[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
        medium if medium <= 30.0 => &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
        wide if wide <= 1000.0 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let every = ((max / min).log10() / 8.0).ceil().max(1.0) as i32;
    let (first, last) = (min.log10().floor() as i32, max.log10().ceil() as i32);
    (first..=last)
        .filter(|exponent| exponent % every == 0)
        .flat_map(|exponent| steps.iter().map(move |step| step * 10_f64.powi(exponent)))
        .filter(|value| min <= *value && *value <= max)
        .map(|value| Tick { value, label: shown(value) })
        .collect()
}

/// Ticks at equal distances from 1.
fn even_ticks(min: f64, max: f64) -> Vec<Tick> {
    let step = nice_step((max - min) / 7.0);
    let (first, last) = (((min - 1.0) / step.step).ceil() as i32, ((max - 1.0) / step.step).floor() as i32);
    let tick = |count: i32| {
        let value = 1.0 + f64::from(count) * step.step;
        Tick { value, label: format!("{value:.0$}", step.decimals) }
    };
    (first..=last).map(tick).collect()
}

fn shown(value: f64) -> String {
    match value {
        usual if (1e-4..1e5).contains(&usual) => {
            let text = format!("{usual:.5}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        other => format!("{other:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ratios: &[f64]) -> Vec<String> {
        let axis = ratio_axis(String::new(), ratios.iter().map(|ratio| (*ratio, None)), 1.05).unwrap();
        for ratio in ratios {
            assert!(axis.min < *ratio && *ratio < axis.max);
        }
        axis.ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn one_is_always_on_the_axis() {
        let cases: [&[f64]; 7] = [&[1.0], &[1.01, 0.99], &[1.3], &[0.4, 2.0], &[15.0], &[300.0, 0.5], &[1e-7, 1e9]];
        for ratios in cases {
            let labels = labels(ratios);
            assert!(labels.iter().any(|label| label.trim_end_matches(['0', '.']) == "1"), "{ratios:?}: {labels:?}");
            assert!((3..=16).contains(&labels.len()), "{ratios:?}: {labels:?}");
        }
    }

    #[test]
    fn ticks_are_ratios_that_people_use() {
        assert_eq!(labels(&[1.02]), ["0.96", "0.98", "1.00", "1.02", "1.04"]);
        assert_eq!(labels(&[0.5, 2.0]), ["0.5", "0.6", "0.7", "0.8", "0.9", "1", "1.2", "1.5", "2"]);
        assert_eq!(labels(&[20.0]), ["1", "1.5", "2", "3", "5", "7", "10", "15", "20"]);
    }

    #[test]
    fn a_huge_interval_does_not_squeeze_the_others() {
        let axis = ratio_axis(String::new(), [(1.2, Some((1e-9, 1e9)))].into_iter(), 1.0).unwrap();
        assert!(0.6 < axis.min && axis.max < 2.0, "{} {}", axis.min, axis.max);
        assert_eq!(ratio_axis(String::new(), std::iter::empty(), 1.05), None);
    }
}
