//! What things look like: the colours of both themes, and the style that each series number stands for.

use plotters::style::RGBColor;

use super::{
    figure::{Mark, SHADES, Style},
    marker::Marker,
};
use crate::compare::Verdict;

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
    /// From what is rare, and close to the background, to what is frequent: equal steps in lightness and to the eye.
    shades: [RGBColor; SHADES],
}

impl Palette {
    /// The look of a series.
    pub(super) fn series(&self, style: Style, mark: Mark) -> SeriesStyle {
        let look = match style {
            Style::Framework(number) => self.framework(number),
            Style::Verdict(verdict) => self.verdict(verdict),
            Style::Plain => SeriesStyle { color: self.axis, marker: Marker::Circle, dashed: false },
            Style::Ink => SeriesStyle { color: self.text, marker: Marker::Circle, dashed: false },
            Style::Trouble => SeriesStyle { color: self.series[1], marker: Marker::Circle, dashed: false },
        };
        match mark {
            Mark::Former => SeriesStyle { color: self.paler(look.color), dashed: true, ..look },
            Mark::Guide | Mark::EdgedDashed => SeriesStyle { dashed: true, ..look },
            _ => look,
        }
    }

    /// The look of the framework with this number; different for all numbers below 144.
    ///
    /// Each further dozen takes the same colours with other markers and swaps solid for dashed lines, so that two
    /// series of the same colour differ twice.
    fn framework(&self, style: usize) -> SeriesStyle {
        let count = Marker::ALL.len();
        let dozen = style / count;
        SeriesStyle {
            color: self.series[style % count],
            marker: Marker::ALL[(style % count + dozen % count) % count],
            dashed: dozen % 2 == 1,
        }
    }

    /// The look of a verdict: blue and red, which everyone can tell apart, for the two that take sides.
    fn verdict(&self, verdict: Verdict) -> SeriesStyle {
        let (color, marker) = match verdict {
            Verdict::Better => (self.series[0], Marker::Circle),
            Verdict::Worse => (self.series[1], Marker::Square),
            Verdict::Equivalent => (self.text, Marker::Diamond),
            Verdict::Inconclusive => (self.axis, Marker::TriangleUp),
        };
        SeriesStyle { color, marker, dashed: false }
    }

    /// The colour of cells of this shade.
    pub(super) fn shade(&self, shade: usize) -> RGBColor {
        self.shades[shade.min(SHADES - 1)]
    }

    /// The colour half-way to the background.
    fn paler(&self, RGBColor(red, green, blue): RGBColor) -> RGBColor {
        let RGBColor(to_red, to_green, to_blue) = self.background;
        let mix = |from: u8, to: u8| u8::midpoint(from, to);
        RGBColor(mix(red, to_red), mix(green, to_green), mix(blue, to_blue))
    }
}

/// What tells one series from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SeriesStyle {
    pub(super) color: RGBColor,
    pub(super) marker: Marker,
    pub(super) dashed: bool,
}

// Twelve hues that everyone can tell apart do not exist, so the colours differ in lightness too. They were moved as far
// from each other as they go, as seen with normal vision and with each kind of colour blindness.
const LIGHT: Palette = Palette {
    background: RGBColor(255, 255, 255),
    text: RGBColor(28, 32, 38),
    muted: RGBColor(82, 90, 102),
    grid: RGBColor(228, 231, 236),
    axis: RGBColor(120, 128, 140),
    band_opacity: 0.16,
    series: [
        RGBColor(13, 93, 222),
        RGBColor(200, 42, 7),
        RGBColor(0, 157, 129),
        RGBColor(172, 39, 160),
        RGBColor(200, 136, 0),
        RGBColor(15, 45, 123),
        RGBColor(17, 154, 247),
        RGBColor(103, 0, 77),
        RGBColor(63, 111, 61),
        RGBColor(255, 77, 182),
        RGBColor(68, 50, 0),
        RGBColor(91, 78, 105),
    ],
    shades: [
        RGBColor(199, 235, 255),
        RGBColor(160, 217, 255),
        RGBColor(129, 198, 250),
        RGBColor(108, 177, 239),
        RGBColor(93, 156, 226),
        RGBColor(82, 135, 210),
        RGBColor(74, 114, 192),
        RGBColor(68, 94, 171),
        RGBColor(61, 75, 148),
        RGBColor(54, 57, 123),
        RGBColor(46, 41, 98),
        RGBColor(35, 27, 72),
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
        RGBColor(46, 178, 255),
        RGBColor(231, 123, 19),
        RGBColor(43, 239, 160),
        RGBColor(189, 90, 179),
        RGBColor(249, 238, 41),
        RGBColor(102, 105, 255),
        RGBColor(190, 244, 229),
        RGBColor(255, 64, 128),
        RGBColor(218, 185, 45),
        RGBColor(225, 192, 247),
        RGBColor(149, 119, 77),
        RGBColor(143, 191, 182),
    ],
    shades: [
        RGBColor(53, 39, 119),
        RGBColor(56, 60, 136),
        RGBColor(58, 80, 151),
        RGBColor(61, 100, 165),
        RGBColor(66, 120, 179),
        RGBColor(74, 140, 191),
        RGBColor(85, 159, 202),
        RGBColor(100, 179, 212),
        RGBColor(117, 198, 223),
        RGBColor(137, 217, 232),
        RGBColor(159, 236, 243),
        RGBColor(183, 254, 253),
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Red, green and blue as amounts of light.
    fn linear(RGBColor(red, green, blue): RGBColor) -> [f64; 3] {
        [red, green, blue].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Contrast ratio of two colours as WCAG 2.2 defines it: from 1 (the same) to 21 (black on white).
    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let luminance = |color| {
            let [red, green, blue] = linear(color);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn transform(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(factor, value)| factor * value).sum())
    }

    /// The colour in Oklab (Ottosson, 2020), where distances are about as large as they look.
    fn oklab(light: [f64; 3]) -> [f64; 3] {
        let to_cones = [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ];
        let from_cones = [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ];
        transform(from_cones, transform(to_cones, light).map(f64::cbrt))
    }

    /// What is left of light for each kind of vision, by Machado, Oliveira and Fernandes (2009) at full severity, and
    /// the least distance that the colours must keep.
    const VISIONS: [(&str, f64, [[f64; 3]; 3]); 4] = [
        ("normal vision", 0.12, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            0.07,
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranopia",
            0.07,
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanopia",
            0.06,
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    #[test]
    fn colors_stay_apart_for_everyone() {
        for theme in [Theme::Light, Theme::Dark] {
            for (vision, least, matrix) in VISIONS {
                let seen = |color| oklab(transform(matrix, linear(color)).map(|light| light.clamp(0.0, 1.0)));
                let colors = theme.palette().series.map(seen);
                for (index, one) in colors.iter().enumerate() {
                    for (other_index, other) in colors.iter().enumerate().skip(index + 1) {
                        let distance = one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(
                            least <= distance,
                            "{theme:?}, {vision}: {index} and {other_index} are {distance:.3} apart"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn shades_are_equal_steps_to_every_eye_and_end_far_from_where_they_begin() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = theme.palette();
            for (vision, _, matrix) in VISIONS {
                let seen = |color| oklab(transform(matrix, linear(color)).map(|light| light.clamp(0.0, 1.0)));
                let from_background: Vec<[f64; 3]> =
                    std::iter::once(palette.background).chain(palette.shades).map(seen).collect();
                let lightness: Vec<f64> = from_background.windows(2).map(|pair| pair[1][0] - pair[0][0]).collect();
                let is_one_way = |sign: f64| lightness.iter().all(|step| 0.03 <= step * sign && step * sign <= 0.16);
                assert!(is_one_way(1.0) || is_one_way(-1.0), "{theme:?}, {vision}: {lightness:?}");
                let steps = lightness.iter().skip(1).map(|step| step.abs());
                let (least, most) = steps
                    .fold((f64::INFINITY, 0.0), |(least, most), step| (f64::min(least, step), f64::max(most, step)));
                assert!(most <= 1.6 * least, "{theme:?}, {vision}: {lightness:?}");
            }
        }
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
                    let SeriesStyle { color: RGBColor(r, g, b), marker, .. } = theme.palette().framework(style);
                    (r, g, b, marker)
                })
                .collect();
            assert_eq!(looks.len(), 144, "{theme:?}");
        }
    }

    #[test]
    fn the_second_dozen_is_dashed_and_has_other_markers() {
        let palette = Theme::Light.palette();
        let (first, second) = (palette.framework(0), palette.framework(12));
        assert_eq!(first.color, second.color);
        assert_ne!(first.marker, second.marker);
        assert_eq!((first.dashed, second.dashed), (false, true));
    }

    #[test]
    fn any_number_has_a_style() {
        assert_eq!(Theme::Dark.palette().framework(144), Theme::Dark.palette().framework(0));
        assert!(Theme::Dark.palette().series.contains(&Theme::Dark.palette().framework(usize::MAX).color));
    }
}
