//! Draws a figure on any backend of plotters, from a finished layout; nothing is measured or decided here.

mod bar;
mod key;
mod series;

use plotters::{
    chart::ChartBuilder,
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind},
    element::{Circle, PathElement, Polygon},
    style::{
        Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TRANSPARENT, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use plotters_backend::{BackendCoord, DrawingBackend};

use super::{
    axis::AxisCoord,
    figure::{Figure, Mark, Panel},
    font::{self, Weight},
    layout::{Anchor, Direction, Label, Layout, PanelPlace, Ruler},
    marker::Shape,
    theme::{Palette, SeriesStyle, Theme},
};

/// What plotters calls the size of a font, for letters of size one: it counts the line that they stand in.
pub(super) const PLOTTERS_SIZE_OF_EM: f64 = 1.24;

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Draws `figure` as `layout` says.
///
/// # Errors
///
/// If the backend fails.
pub(super) fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    figure: &Figure,
    layout: &Layout,
    theme: Theme,
) -> Drawn<DB> {
    let brush = Brush { area, palette: theme.palette(), ruler: layout.ruler };
    area.fill(&brush.palette.background)?;
    for (panel, place) in figure.panels.iter().zip(&layout.panels) {
        brush.panel(panel, place)?;
        if let (Some(below), Some(place)) = (&panel.below, &place.below) {
            brush.panel(below, place)?;
        }
    }
    for key in &layout.keys {
        brush.key(*key)?;
    }
    for label in &layout.labels {
        brush.label(label)?;
    }
    area.present()
}

/// What all parts of a drawing need.
struct Brush<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    palette: &'static Palette,
    ruler: Ruler,
}

impl<DB: DrawingBackend> Brush<'_, DB> {
    fn panel(&self, panel: &Panel, place: &PanelPlace) -> Drawn<DB> {
        let plot = place.plot;
        // plotters leaves out the last row and column of an area, so that ranges end one before its edge.
        let area = self.area.clone().shrink((plot.left, plot.top), (plot.width() + 1, plot.height() + 1));
        let mut chart =
            ChartBuilder::on(&area).build_cartesian_2d(AxisCoord::new(&panel.x), AxisCoord::new(&panel.y))?;
        // Grid lines would only strike through a notice.
        if panel.notice.is_none() {
            chart
                .configure_mesh()
                .disable_axes()
                .light_line_style(TRANSPARENT)
                .bold_line_style(self.stroke(self.palette.grid, GRID_WIDTH))
                .draw()?;
        }
        self.axes(place)?;

        self.all_series(&mut chart, panel)
    }

    /// The axes themselves, with their tick marks.
    fn axes(&self, place: &PanelPlace) -> Drawn<DB> {
        let plot = place.plot;
        let style = self.stroke(self.palette.axis, AXIS_WIDTH);
        self.path(vec![(plot.left, plot.top), (plot.left, plot.bottom)], style)?;
        self.path(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], style)?;
        for &x in &place.x_marks {
            self.path(vec![(x, plot.bottom), (x, plot.bottom + place.mark)], style)?;
        }
        for &y in &place.y_marks {
            self.path(vec![(plot.left - place.mark, y), (plot.left, y)], style)?;
        }
        Ok(())
    }

    /// A marker with a thin border in the colour of the background, which keeps crossing lines apart.
    fn marker(&self, (x, y): BackendCoord, style: SeriesStyle, radius: f64) -> Drawn<DB> {
        let radius = f64::from(self.ruler.points(radius));
        let border = self.ruler.points(MARKER_BORDER);
        match style.marker.shape(radius) {
            Shape::Disc(radius) => {
                let radius = radius.round() as i32;
                self.area.draw(&Circle::new((x, y), radius + border, self.palette.background.filled()))?;
                self.area.draw(&Circle::new((x, y), radius, style.color.filled()))
            }
            Shape::Polygon(corners) => {
                let mut corners: Vec<BackendCoord> =
                    corners.iter().map(|(dx, dy)| (x + dx.round() as i32, y + dy.round() as i32)).collect();
                let filled = Polygon::new(corners.clone(), style.color);
                corners.extend_from_within(..2);
                self.path(corners, self.stroke(self.palette.background, 2.0 * MARKER_BORDER))?;
                self.area.draw(&filled)
            }
        }
    }

    fn label(&self, label: &Label) -> Drawn<DB> {
        let of_role = if label.role.is_muted() { self.palette.muted } else { self.palette.text };
        let color = label.style.map_or(of_role, |style| self.palette.series(style, Mark::Measured).color);
        let style = match label.role.weight() {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let h_pos = match label.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        // Only the distance from the top of a line to its baseline is the same in all fonts that SVG may meet.
        let rise = (label.em * font::TOP_TO_BASELINE).round() as i32;
        let (transform, at) = match label.direction {
            Direction::Rightwards => (FontTransform::None, (label.x, label.y - rise)),
            Direction::Upwards => (FontTransform::Rotate270, (label.x - rise, label.y)),
        };
        let font = FontDesc::new(FontFamily::Name(font::FAMILIES), label.em * PLOTTERS_SIZE_OF_EM, style);
        let style = TextStyle::from(font.transform(transform)).color(&color).pos(Pos::new(h_pos, VPos::Top));
        self.area.draw_text(&label.text, &style, at)
    }

    fn path(&self, points: Vec<BackendCoord>, style: ShapeStyle) -> Drawn<DB> {
        self.area.draw(&PathElement::new(points, style))
    }

    /// A line of this width in points.
    fn stroke(&self, color: RGBColor, width: f64) -> ShapeStyle {
        color.stroke_width(self.ruler.points(width).unsigned_abs().max(1))
    }

    /// How long dashes and the gaps between them are.
    fn dash(&self) -> (i32, i32) {
        (self.ruler.points(7.0).max(1), self.ruler.points(5.0).max(1))
    }
}

// In points.
const GRID_WIDTH: f64 = 0.6;
const AXIS_WIDTH: f64 = 0.8;
const GUIDE_WIDTH: f64 = 1.3;
const ERROR_BAR_WIDTH: f64 = 1.3;
const LINE_WIDTH: f64 = 2.0;
const EDGE_WIDTH: f64 = 1.2;
const MARKER_RADIUS: f64 = 3.6;
const SUMMARY_RADIUS: f64 = 4.8;
const RING_RADIUS: f64 = 7.0;
const RING_WIDTH: f64 = 1.4;
const PIN_HEIGHT: f64 = 9.0;
const MARKER_BORDER: f64 = 0.8;
