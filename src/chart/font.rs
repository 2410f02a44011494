//! The letters: three fonts that come with the binary, measured and outlined without any help from the system.
//!
//! Lengths are in em (the nominal size of the letters), y downwards from the baseline, so that callers scale them once.

use std::{iter, sync::LazyLock};

use tiny_skia::{Path, PathBuilder, Rect};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// What SVG readers are asked for: the font that everything is measured with, then what looks like it
/// and is hardly wider, then what has Chinese.
pub(super) const FAMILIES: &str =
    "DejaVu Sans, Verdana, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif";

/// How far letters reach above the baseline, in em.
pub(super) const ASCENT: f64 = 0.93;

/// How far letters reach below the baseline, in em.
pub(super) const DESCENT: f64 = 0.24;

/// The height of a small x, in em.
pub(super) const X_HEIGHT: f64 = 0.547;

/// From the upper edge of a line to its baseline, in em, where plotters-svg aligns a text at its top.
pub(super) const TOP_TO_BASELINE: f64 = 0.76;

/// The width of `text`.
pub(super) fn width(text: &str, weight: Weight) -> f64 {
    walk(text, weight, |_, _| ())
}

/// The outlines of a text, ready to be filled.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// To be filled.
    pub(super) exact: Option<Path>,
    /// To be filled and stroked with [`EMBOLDEN`], because the fallback font has no bold face.
    pub(super) widened: Option<Path>,
}

/// How wide to stroke [`Outline::widened`], in em.
pub(super) const EMBOLDEN: f32 = 0.035;

/// The outlines of `text`, which begins at the origin.
pub(super) fn outline(text: &str, weight: Weight) -> Outline {
    let (mut exact, mut widened) = (PathBuilder::new(), PathBuilder::new());
    walk(text, weight, |glyph, x| {
        let target = match (glyph, weight) {
            (Glyph::Of(Typeface::Chinese, _), Weight::Bold) => &mut widened,
            _ => &mut exact,
        };
        glyph.outline(x, target);
    });
    Outline { exact: exact.finish(), widened: widened.finish() }
}

/// Visits each glyph with the distance from the start of the text to its origin, and returns the whole width.
fn walk(text: &str, weight: Weight, mut visit: impl FnMut(Glyph, f64)) -> f64 {
    let mut pen = 0.0;
    let mut previous = None;
    for glyph in text.chars().map(|character| Glyph::of(character, weight)) {
        if let Some(previous) = previous.replace(glyph) {
            pen += kerning(previous, glyph);
        }
        visit(glyph, pen);
        pen += glyph.advance();
    }
    pen
}

static REGULAR: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("../../assets/fonts/DejaVuSans-Subset.ttf"), 0).ok());
static BOLD: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("../../assets/fonts/DejaVuSans-Bold-Subset.ttf"), 0).ok());
static CHINESE: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("../../assets/fonts/NotoSansSC-GB2312-L1.ttf"), 0).ok());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typeface {
    Regular,
    Bold,
    Chinese,
}

impl Typeface {
    /// The parsed font. It is parsed when it is first asked for, so that whoever draws nothing pays nothing.
    fn face(self) -> Option<&'static Face<'static>> {
        match self {
            Self::Regular => REGULAR.as_ref(),
            Self::Bold => BOLD.as_ref(),
            Self::Chinese => CHINESE.as_ref(),
        }
    }

    fn units_per_em(self) -> f64 {
        self.face().map_or(1.0, |face| f64::from(face.units_per_em()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glyph {
    Of(Typeface, GlyphId),
    /// A box: these fonts have no picture of their own for what they lack.
    Missing,
}

impl Glyph {
    /// The glyph of the first font that has one.
    fn of(character: char, weight: Weight) -> Self {
        let first = match weight {
            Weight::Regular => Typeface::Regular,
            Weight::Bold => Typeface::Bold,
        };
        iter::once(first)
            .chain(iter::once(Typeface::Chinese))
            .find_map(|typeface| Some(Self::Of(typeface, typeface.face()?.glyph_index(character)?)))
            .unwrap_or(Self::Missing)
    }

    fn advance(self) -> f64 {
        match self {
            Self::Of(typeface, id) => {
                let units = typeface.face().and_then(|face| face.glyph_hor_advance(id)).unwrap_or_default();
                f64::from(units) / typeface.units_per_em()
            }
            Self::Missing => MISSING_ADVANCE,
        }
    }

    fn outline(self, x: f64, target: &mut PathBuilder) {
        match self {
            Self::Of(typeface, id) => {
                let scale = (1.0 / typeface.units_per_em()) as f32;
                let mut pen = Pen { target, x: x as f32, scale };
                // A glyph without an outline is a space.
                typeface.face().and_then(|face| face.outline_glyph(id, &mut pen));
            }
            Self::Missing => {
                let left = x as f32 + 0.08;
                if let Some(outer) = Rect::from_xywh(left, -0.7, 0.44, 0.7) {
                    target.push_rect(outer);
                }
                // The inner edge runs against the outer one, which makes it a hole.
                target.move_to(left + 0.06, -0.64);
                target.line_to(left + 0.06, -0.06);
                target.line_to(left + 0.38, -0.06);
                target.line_to(left + 0.38, -0.64);
                target.close();
            }
        }
    }
}

const MISSING_ADVANCE: f64 = 0.6;

/// How much closer (negative) or further apart two neighbours stand than their widths say.
fn kerning(left: Glyph, right: Glyph) -> f64 {
    let (Glyph::Of(typeface, left), Glyph::Of(other, right)) = (left, right) else { return 0.0 };
    if typeface != other {
        return 0.0;
    }
    // DejaVu has the same pairs in GPOS, where finding them takes much more code.
    let units = typeface
        .face()
        .and_then(|face| face.tables().kern)
        .into_iter()
        .flat_map(|table| table.subtables)
        .filter(|table| table.horizontal && !table.variable)
        .find_map(|table| table.glyphs_kerning(left, right))
        .unwrap_or_default();
    f64::from(units) / typeface.units_per_em()
}

/// Puts the outline of one glyph where it belongs in the path of the text.
struct Pen<'a> {
    target: &'a mut PathBuilder,
    x: f32,
    scale: f32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, -y * self.scale)
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.target.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.target.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.target.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.target.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.target.close();
    }
}

/// The characters of `text` that no font has.
pub(super) fn missing(text: &str, weight: Weight) -> Vec<char> {
    text.chars().filter(|character| Glyph::of(*character, weight) == Glyph::Missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fonts_parse() {
        for typeface in [Typeface::Regular, Typeface::Bold, Typeface::Chinese] {
            assert!(typeface.face().is_some(), "{typeface:?}");
        }
    }

    #[test]
    fn a_kerned_pair_is_narrower_than_its_letters() {
        let apart = |text: &str| text.chars().map(|letter| width(&letter.to_string(), Weight::Regular)).sum::<f64>();
        assert!(width("To", Weight::Regular) < apart("To") - 0.1);
        assert!((width("nn", Weight::Regular) - apart("nn")).abs() < 1e-9);
    }

    #[test]
    fn widths_are_those_of_the_fonts() {
        let cases = [
            ("", Weight::Regular, 0.0),
            ("0", Weight::Regular, 1303.0 / 2048.0),
            ("0", Weight::Bold, 1425.0 / 2048.0),
            (" ", Weight::Regular, 651.0 / 2048.0),
            ("并发数", Weight::Regular, 3.0),
            ("并发数", Weight::Bold, 3.0),
            ("\u{10FFFF}", Weight::Regular, MISSING_ADVANCE),
        ];
        for (text, weight, expected) in cases {
            assert!((width(text, weight) - expected).abs() < 1e-9, "{text:?}: {}", width(text, weight));
        }
    }

    #[test]
    fn every_visible_character_leaves_ink() {
        for text in ["a", "µ", "…", "数", "🚀", "\u{FFFD}", "한"] {
            let drawn = outline(text, Weight::Regular);
            assert!(drawn.exact.is_some() && drawn.widened.is_none(), "{text}");
        }
        assert!(outline(" ", Weight::Regular).exact.is_none());
    }

    #[test]
    fn only_fallback_letters_in_bold_text_are_widened() {
        let drawn = outline("a数", Weight::Bold);
        assert!(drawn.exact.is_some() && drawn.widened.is_some());
    }

    #[test]
    fn letters_stay_within_ascent_and_descent() {
        for weight in [Weight::Regular, Weight::Bold] {
            let bounds = outline("ÅÇgjpqy|()并发数量秒", weight).exact.map(|path| path.bounds()).unwrap();
            assert!(-1.0 <= f64::from(bounds.top()), "{bounds:?}");
            assert!(f64::from(bounds.bottom()) <= DESCENT + 0.01, "{bounds:?}");
        }
    }
}
