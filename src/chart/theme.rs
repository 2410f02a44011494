//! What things look like: the colours of both themes, and the style that each series number stands for.

use plotters::style::RGBColor;

use super::marker::Marker;

/// Whether a chart is drawn dark on light or light on dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Dark text on white, for documents and print.
    #[default]
    Light,
    /// Light text on near-black, for slides and dark pages.
    Dark,
}

impl Theme {
    /// The colours of this theme.
    pub(super) fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

/// The colours of one theme.
pub(super) struct Palette {
    pub(super) background: RGBColor,
    pub(super) text: RGBColor,
    /// For what is read last: tick labels and footnotes.
    pub(super) muted: RGBColor,
    pub(super) grid: RGBColor,
    pub(super) axis: RGBColor,
    /// How strongly an interval band covers what lies below it, from 0 to 1.
    pub(super) band_opacity: f64,
    series: [RGBColor; Marker::ALL.len()],
}

impl Palette {
    /// The look of the series number `style`; different for all numbers below 144.
    ///
    /// Each further dozen takes the same colours with other markers and swaps solid for dashed lines, so that two
    /// series of the same colour differ twice.
    pub(super) fn series(&self, style: usize) -> SeriesStyle {
        let count = Marker::ALL.len();
        let dozen = style / count;
        SeriesStyle {
            color: self.series[style % count],
            marker: Marker::ALL[(style % count + dozen % count) % count],
            dashed: dozen % 2 == 1,
        }
    }
}

/// What tells one series from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SeriesStyle {
    pub(super) color: RGBColor,
    pub(super) marker: Marker,
    pub(super) dashed: bool,
}

// The hues begin with those of Okabe and Ito, which stay apart under the common colour blindnesses; the later ones
// differ from them in lightness first, because there are not twelve hues that everyone can tell apart.
const LIGHT: Palette = Palette {
    background: RGBColor(255, 255, 255),
    text: RGBColor(28, 32, 38),
    muted: RGBColor(82, 90, 102),
    grid: RGBColor(228, 231, 236),
    axis: RGBColor(120, 128, 140),
    band_opacity: 0.16,
    series: [
        RGBColor(0, 104, 180),
        RGBColor(217, 84, 0),
        RGBColor(0, 150, 110),
        RGBColor(170, 60, 160),
        RGBColor(184, 134, 0),
        RGBColor(50, 34, 136),
        RGBColor(45, 150, 205),
        RGBColor(136, 20, 60),
        RGBColor(104, 122, 20),
        RGBColor(232, 90, 140),
        RGBColor(110, 72, 40),
        RGBColor(112, 120, 132),
    ],
};

const DARK: Palette = Palette {
    background: RGBColor(22, 25, 31),
    text: RGBColor(236, 239, 244),
    muted: RGBColor(168, 176, 189),
    grid: RGBColor(46, 51, 61),
    axis: RGBColor(120, 128, 142),
    band_opacity: 0.20,
    series: [
        RGBColor(86, 180, 240),
        RGBColor(255, 140, 60),
        RGBColor(40, 200, 150),
        RGBColor(214, 132, 220),
        RGBColor(245, 205, 80),
        RGBColor(138, 124, 255),
        RGBColor(150, 228, 240),
        RGBColor(240, 90, 110),
        RGBColor(176, 190, 60),
        RGBColor(255, 170, 205),
        RGBColor(190, 136, 90),
        RGBColor(176, 182, 194),
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Contrast ratio of two colours as WCAG 2.2 defines it: from 1 (the same) to 21 (black on white).
    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let luminance = |RGBColor(r, g, b): RGBColor| {
            let linear = |channel: u8| {
                let value = f64::from(channel) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn everything_stands_out_from_its_background() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = theme.palette();
            for color in palette.series {
                let ratio = contrast(color, palette.background);
                assert!(3.0 <= ratio, "{theme:?} {color:?}: {ratio}");
            }
            assert!(7.0 <= contrast(palette.text, palette.background), "{theme:?} text");
            assert!(4.5 <= contrast(palette.muted, palette.background), "{theme:?} muted");
        }
    }

    #[test]
    fn no_two_series_look_the_same() {
        for theme in [Theme::Light, Theme::Dark] {
            let looks: HashSet<_> = (0..144)
                .map(|style| {
                    let SeriesStyle { color: RGBColor(r, g, b), marker, .. } = theme.palette().series(style);
                    (r, g, b, marker)
                })
                .collect();
            assert_eq!(looks.len(), 144, "{theme:?}");
        }
    }

    #[test]
    fn the_second_dozen_is_dashed_and_has_other_markers() {
        let palette = Theme::Light.palette();
        let (first, second) = (palette.series(0), palette.series(12));
        assert_eq!(first.color, second.color);
        assert_ne!(first.marker, second.marker);
        assert_eq!((first.dashed, second.dashed), (false, true));
    }

    #[test]
    fn any_number_has_a_style() {
        assert_eq!(Theme::Dark.palette().series(144), Theme::Dark.palette().series(0));
        assert!(Theme::Dark.palette().series.contains(&Theme::Dark.palette().series(usize::MAX).color));
    }
}
