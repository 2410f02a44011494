//! Bars, sparklines and intervals of single characters, for a terminal; and plain ones for pipes and `--ascii`.

/// Which characters may be drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// ASCII only.
    #[default]
    Plain,
    /// Block elements and box drawing.
    Blocks,
}

/// Eighths of a block, from none to a whole one.
const EIGHTHS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// Heights of a sparkline.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Glyphs {
    /// A bar of `share` (0 to 1) of `width` characters; never empty for a share above 0.
    pub(super) fn bar(self, share: f64, width: usize) -> String {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        match self {
            Self::Plain => {
                let whole = (share * width as f64).round() as usize;
                "#".repeat(if 0.0 < share { whole.max(1) } else { 0 })
            }
            Self::Blocks => {
                let eighths = (share * width as f64 * 8.0).round() as usize;
                let eighths = if 0.0 < share { eighths.max(1) } else { 0 };
                let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
                format!("{}{rest}", "█".repeat(eighths / 8))
            }
        }
    }

    /// Values as heights between the smallest and the largest, on a log scale where all are above 0; a blank for one that is
    /// missing. Empty where it can't be drawn or has one value.
    pub(super) fn sparkline(self, values: &[Option<f64>]) -> String {
        let known = || values.iter().flatten().copied();
        if self == Self::Plain || known().count() < 2 {
            return String::new();
        }
        let is_log = known().all(|value| 0.0 < value);
        let scaled = |value: f64| if is_log { value.ln() } else { value };
        let low = known().map(scaled).fold(f64::INFINITY, f64::min);
        let high = known().map(scaled).fold(f64::NEG_INFINITY, f64::max);
        let height = |value: f64| {
            let share = if low < high { (scaled(value) - low) / (high - low) } else { 0.5 };
            let step = (share * (HEIGHTS.len() - 1) as f64).round() as usize;
            HEIGHTS.get(step).copied().unwrap_or(' ')
        };
        values.iter().map(|value| value.map_or(' ', height)).collect()
    }

    /// An interval with its estimate on a scale from `scale.0` to `scale.1`, `width` characters wide: `├──●──┤`.
    pub(super) fn interval(self, (low, middle, high): (f64, f64, f64), scale: (f64, f64), width: usize) -> String {
        let (left, line, right, dot) = match self {
            Self::Plain => ('|', '-', '|', 'o'),
            Self::Blocks => ('├', '─', '┤', '●'),
        };
        let place = |value: f64| {
            let share = if scale.0 < scale.1 { (value - scale.0) / (scale.1 - scale.0) } else { 0.5 };
            (share.clamp(0.0, 1.0) * width.saturating_sub(1) as f64).round() as usize
        };
        let (from, at, to) = (place(low), place(middle), place(high));
        let character = |index: usize| match index {
            index if index == at => dot,
            index if index == from => left,
            index if index == to => right,
            index if from < index && index < to => line,
            _ => ' ',
        };
        (0..width).map(character).collect::<String>().trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_exact_to_an_eighth_and_never_vanish() {
        let table = [(1.0, "████"), (0.5, "██"), (0.28, "█▏"), (0.0001, "▏"), (0.0, ""), (f64::NAN, "")];
        for (share, expected) in table {
            assert_eq!(Glyphs::Blocks.bar(share, 4), expected, "{share}");
        }
        assert_eq!(Glyphs::Plain.bar(0.5, 4), "##");
        assert_eq!(Glyphs::Plain.bar(0.0001, 4), "#");
    }

    #[test]
    fn sparklines_keep_gaps_and_span_the_values() {
        assert_eq!(Glyphs::Blocks.sparkline(&[Some(1.0), None, Some(10.0), Some(100.0)]), "▁ ▅█");
        assert_eq!(Glyphs::Blocks.sparkline(&[Some(2.0), Some(2.0)]), "▅▅");
        assert_eq!(Glyphs::Blocks.sparkline(&[Some(1.0)]), "");
        assert_eq!(Glyphs::Plain.sparkline(&[Some(1.0), Some(2.0)]), "");
    }

    #[test]
    fn intervals_lie_on_their_scale() {
        assert_eq!(Glyphs::Blocks.interval((1.0, 2.0, 3.0), (0.0, 4.0), 9), "  ├─●─┤");
        assert_eq!(Glyphs::Plain.interval((0.0, 0.0, 4.0), (0.0, 4.0), 5), "o---|");
    }
}
