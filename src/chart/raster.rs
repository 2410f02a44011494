//! A backend for plotters that draws into pixels, anti-aliased, with the fonts that come with the binary.
//!
//! It is called with twips, as SVG is, and scales them to pixels: shapes keep fractions of a pixel that way.

use std::convert::Infallible;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
    text_anchor::{HPos, VPos},
};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Shader, Stroke, Transform,
};

use super::{
    canvas::{TWIPS_PER_INCH, TWIPS_PER_POINT},
    draw::PLOTTERS_SIZE_OF_EM,
    font::{self, Weight},
};

/// Draws into a pixmap of any resolution.
pub(super) struct RasterBackend<'a> {
    pixmap: &'a mut Pixmap,
    size: (i32, i32),
    /// Pixels per twip.
    scale: f32,
}

impl<'a> RasterBackend<'a> {
    /// Draws on `pixmap`, which shows `size` twips at `dpi` pixels per inch.
    pub(super) fn new(pixmap: &'a mut Pixmap, size: (i32, i32), dpi: u32) -> Self {
        Self { pixmap, size, scale: (f64::from(dpi) / TWIPS_PER_INCH) as f32 }
    }

    /// The place of a coordinate in pixels. What lies far outside is moved closer, where it is as invisible, because
    /// the rasterizer counts in fractions of a pixel and has only so many bits.
    fn at(&self, (x, y): BackendCoord) -> (f32, f32) {
        let near = |value: i32, size: i32| value.clamp(-size, size.saturating_mul(2)) as f32 * self.scale;
        (near(x, self.size.0), near(y, self.size.1))
    }

    fn path(&self, points: impl IntoIterator<Item = BackendCoord>, closed: bool) -> Option<Path> {
        let mut builder = PathBuilder::new();
        for (index, point) in points.into_iter().enumerate() {
            let (x, y) = self.at(point);
            if index == 0 {
                builder.move_to(x, y);
            } else {
                builder.line_to(x, y);
            }
        }
        if closed {
            builder.close();
        }
        builder.finish()
    }

    fn fill(&mut self, path: Option<&Path>, color: BackendColor, transform: Transform) {
        if let Some(path) = path {
            self.pixmap.fill_path(path, &paint(color), FillRule::Winding, transform, None);
        }
    }

    fn stroke<S: BackendStyle>(&mut self, path: Option<&Path>, style: &S) {
        let Some(path) = path else { return };
        let width = style.stroke_width() as f32 * self.scale;
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(path, &paint(style.color()), &stroke, Transform::identity(), None);
    }

    /// Draws a thin horizontal or vertical line on whole pixels, which anti-aliasing would blur into two grey ones.
    ///
    /// Returns whether it was such a line.
    fn hairline<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> bool {
        if HAIRLINE < f64::from(style.stroke_width()) || (from.0 != to.0 && from.1 != to.1) {
            return false;
        }
        let width = (style.stroke_width() as f32 * self.scale).round().max(1.0);
        let ((x0, y0), (x1, y1)) =
            (self.at((from.0.min(to.0), from.1.min(to.1))), self.at((from.0.max(to.0), from.1.max(to.1))));
        let snap = |value: f32| (value - width / 2.0).round();
        // Both ends reach half a width further, so that lines meet in a full corner.
        let rect = Rect::from_ltrb(snap(x0), snap(y0), snap(x1) + width, snap(y1) + width);
        self.fill_rect(rect, style.color());
        true
    }

    fn fill_rect(&mut self, rect: Option<Rect>, color: BackendColor) {
        if let Some(rect) = rect {
            let paint = Paint { anti_alias: false, ..paint(color) };
            self.pixmap.fill_rect(rect, &paint, Transform::identity(), None);
        }
    }
}

/// Lines up to this width, in twips, are drawn on whole pixels.
const HAIRLINE: f64 = 1.5 * TWIPS_PER_POINT;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for RasterBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0.unsigned_abs(), self.size.1.unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        let (x, y) = self.at(point);
        self.fill_rect(Rect::from_xywh(x.floor(), y.floor(), 1.0, 1.0), color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<_> = path.into_iter().collect();
        if is_invisible(style.color()) || matches!(points[..], [from, to] if self.hairline(from, to, style)) {
            return Ok(());
        }
        let path = self.path(points, false);
        self.stroke(path.as_ref(), style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let ((left, top), (right, bottom)) = (self.at(upper_left), self.at(bottom_right));
        let rect = Rect::from_ltrb(left.round(), top.round(), right.round(), bottom.round());
        if is_invisible(style.color()) {
            return Ok(());
        }
        if fill {
            self.fill_rect(rect, style.color());
        } else {
            self.stroke(rect.map(PathBuilder::from_rect).as_ref(), style);
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let (x, y) = self.at(center);
        let path = PathBuilder::from_circle(x, y, radius as f32 * self.scale);
        match (is_invisible(style.color()), fill) {
            (true, _) => {}
            (false, true) => self.fill(path.as_ref(), style.color(), Transform::identity()),
            (false, false) => self.stroke(path.as_ref(), style),
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, vert: I, style: &S) -> Drawn {
        if !is_invisible(style.color()) {
            let path = self.path(vert, true);
            self.fill(path.as_ref(), style.color(), Transform::identity());
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        if is_invisible(style.color()) {
            return Ok(());
        }
        let (weight, em) = (weight(style), em(style));
        // The same distances as plotters-svg has, so that both kinds of chart are the same.
        let dx = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -font::width(text, weight) / 2.0,
            HPos::Right => -font::width(text, weight),
        };
        let dy = match style.anchor().v_pos {
            VPos::Top => font::TOP_TO_BASELINE,
            VPos::Center => 0.5 * font::X_HEIGHT,
            VPos::Bottom => -0.5 * font::X_HEIGHT,
        };
        let (x, y) = self.at(pos);
        let size = (em * f64::from(self.scale)) as f32;
        let (dx, dy) = (dx as f32 * size, dy as f32 * size);
        // Baselines lie on whole pixels, which keeps the feet of letters sharp.
        let transform = match style.transform() {
            FontTransform::None => Transform::from_row(size, 0.0, 0.0, size, x + dx, (y + dy).round()),
            FontTransform::Rotate90 => Transform::from_row(0.0, size, -size, 0.0, (x - dy).round(), y + dx),
            FontTransform::Rotate180 => Transform::from_row(-size, 0.0, 0.0, -size, x - dx, (y - dy).round()),
            FontTransform::Rotate270 => Transform::from_row(0.0, -size, size, 0.0, (x + dy).round(), y - dx),
        };
        let outline = font::outline(text, weight);
        self.fill(outline.exact.as_ref(), style.color(), transform);
        self.fill(outline.widened.as_ref(), style.color(), transform);
        if let Some(path) = &outline.widened {
            let stroke = Stroke { width: font::EMBOLDEN, line_join: LineJoin::Round, ..Stroke::default() };
            self.pixmap.stroke_path(path, &paint(style.color()), &stroke, transform, None);
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let length = font::width(text, weight(style)) * em(style);
        let height = (font::ASCENT + font::DESCENT) * em(style);
        Ok((length.ceil() as u32, height.ceil() as u32))
    }
}

/// The size of the letters in twips.
fn em<S: BackendTextStyle>(style: &S) -> f64 {
    style.size() / PLOTTERS_SIZE_OF_EM
}

fn weight<S: BackendTextStyle>(style: &S) -> Weight {
    match style.style() {
        FontStyle::Bold => Weight::Bold,
        FontStyle::Normal | FontStyle::Oblique | FontStyle::Italic => Weight::Regular,
    }
}

fn is_invisible(color: BackendColor) -> bool {
    color.alpha <= 0.0
}

fn paint(color: BackendColor) -> Paint<'static> {
    let (red, green, blue) = color.rgb;
    let alpha = (color.alpha.clamp(0.0, 1.0) * 255.0).round() as u8;
    Paint { shader: Shader::SolidColor(Color::from_rgba8(red, green, blue, alpha)), ..Paint::default() }
}

#[cfg(test)]
mod tests {
    use plotters::style::{BLACK, IntoFont as _, RED, RGBColor, ShapeStyle, TRANSPARENT, TextStyle, WHITE};

    use super::*;

    /// What a drawing leaves on a white square of 20×20 pixels at 72 dpi, where a pixel is 20 twips.
    fn drawn(draw: impl Fn(&mut RasterBackend<'_>) -> Drawn) -> Pixmap {
        let mut pixmap = Pixmap::new(20, 20).unwrap();
        pixmap.fill(Color::WHITE);
        draw(&mut RasterBackend::new(&mut pixmap, (400, 400), 72)).unwrap();
        pixmap
    }

    fn stroke(color: RGBColor, width: u32) -> ShapeStyle {
        ShapeStyle::from(color).stroke_width(width)
    }

    /// The pixels that are not white: left, top, right and bottom of the box around them.
    fn ink(pixmap: &Pixmap) -> Option<(u32, u32, u32, u32)> {
        let places = (0..20).flat_map(|y| (0..20).map(move |x| (x, y)));
        places.filter(|&(x, y)| pixmap.pixel(x, y).is_some_and(|pixel| pixel.green() != 255)).fold(
            None,
            |seen, (x, y)| match seen {
                None => Some((x, y, x, y)),
                Some((left, top, right, bottom)) => Some((left.min(x), top.min(y), right.max(x), bottom.max(y))),
            },
        )
    }

    #[test]
    fn hairlines_fill_whole_pixels() {
        for y in [201, 207, 210, 215, 219] {
            let pixmap = drawn(|backend| backend.draw_line((0, y), (400, y), &stroke(BLACK, 12)));
            let dark: Vec<u8> = (0..20).map(|y| pixmap.pixel(10, y).unwrap().green()).filter(|&g| g != 255).collect();
            assert_eq!(dark, [0], "at {y}");
        }
    }

    #[test]
    fn shapes_are_where_they_should_be() {
        let square = [(100, 100), (200, 100), (200, 200), (100, 200)];
        let cases = [
            ("polygon", drawn(|backend| backend.fill_polygon(square, &RED)), (5, 5, 9, 9)),
            ("circle", drawn(|backend| backend.draw_circle((200, 200), 100, &RED, true)), (5, 5, 14, 14)),
            ("rect", drawn(|backend| backend.draw_rect((0, 0), (400, 200), &RED, true)), (0, 0, 19, 9)),
            (
                "thick line",
                drawn(|backend| backend.draw_line((100, 200), (300, 200), &stroke(RED, 80))),
                (3, 8, 16, 11),
            ),
            ("pixel", drawn(|backend| backend.draw_pixel((110, 70), RED.color())), (5, 3, 5, 3)),
        ];
        for (what, pixmap, expected) in cases {
            assert_eq!(ink(&pixmap), Some(expected), "{what}");
        }
    }

    #[test]
    fn strokes_are_anti_aliased() {
        let pixmap = drawn(|backend| backend.draw_path([(0, 0), (390, 280), (40, 390)], &stroke(BLACK, 40)));
        let greys = pixmap.pixels().iter().filter(|pixel| pixel.green() != 0 && pixel.green() != 255).count();
        assert!(20 < greys, "{greys}");
    }

    #[test]
    fn text_stands_where_its_anchor_says_and_turns_around_it() {
        let text = |h_pos, transform| {
            let pos = plotters_backend::text_anchor::Pos::new(h_pos, VPos::Top);
            let font = ("any", 200.0 * PLOTTERS_SIZE_OF_EM).into_font().transform(transform);
            let style = TextStyle::from(font).pos(pos);
            ink(&drawn(|backend| backend.draw_text("H", &style, (200, 200)))).unwrap()
        };
        let (left, top, ..) = text(HPos::Left, FontTransform::None);
        assert!(10 <= left && 10 <= top);
        let (.., right, _) = text(HPos::Right, FontTransform::None);
        assert!(right <= 9);
        let (left, _, _, bottom) = text(HPos::Left, FontTransform::Rotate270);
        assert!(10 <= left && bottom <= 9);
        let (_, top, right, _) = text(HPos::Left, FontTransform::Rotate90);
        assert!(10 <= top && right <= 9);
    }

    #[test]
    fn what_lies_outside_or_is_transparent_leaves_nothing_and_does_no_harm() {
        let far = [(i32::MIN, i32::MAX), (i32::MAX, i32::MAX), (i32::MAX, 5000)];
        assert_eq!(ink(&drawn(|backend| backend.draw_path(far, &stroke(BLACK, 40)))), None);
        assert_eq!(ink(&drawn(|backend| backend.fill_polygon([(-90, -90), (-10, -90), (-10, -10)], &BLACK))), None);
        assert_eq!(ink(&drawn(|backend| backend.draw_circle((i32::MAX, 0), u32::MAX, &WHITE, false))), None);
        assert_eq!(ink(&drawn(|backend| backend.draw_rect((0, 0), (400, 400), &TRANSPARENT, true))), None);
        assert_eq!(ink(&drawn(|backend| backend.draw_path([], &BLACK))), None);
        assert_eq!(ink(&drawn(|backend| backend.fill_polygon([(10, 10)], &BLACK))), None);
    }
}
