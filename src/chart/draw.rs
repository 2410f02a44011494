//! Draws a figure on any backend of plotters, from a finished layout; nothing is measured or decided here.

use plotters::{
    chart::{ChartBuilder, ChartContext},
    coord::{Shift, cartesian::Cartesian2d},
    drawing::{DrawingArea, DrawingAreaErrorKind},
    element::{Circle, PathElement, Polygon},
    series::{DashedLineSeries, LineSeries},
    style::{
        Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TRANSPARENT, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use plotters_backend::{BackendCoord, DrawingBackend};

use super::{
    axis::{AxisCoord, AxisRange},
    band::{self, Span},
    figure::{Figure, Panel, Point},
    font::{self, Weight},
    layout::{Anchor, Direction, Key, Label, Layout, PanelPlace, Ruler},
    marker::Shape,
    theme::{Palette, SeriesStyle, Theme},
};

/// What plotters calls the size of a font, for letters of size one: it counts the line that they stand in.
pub(super) const PLOTTERS_SIZE_OF_EM: f64 = 1.24;

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;
type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<AxisCoord, AxisCoord>>;

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

        let axes = Axes { x: AxisRange::new(&panel.x), y: AxisRange::new(&panel.y) };
        // All bands lie below all lines: what was measured must not be covered by how sure it is.
        for series in &panel.series {
            let color = self.palette.series(series.style).color;
            for stretch in axes.stretches(&series.segments) {
                self.bands(&mut chart, &axes, stretch, color)?;
            }
        }
        for series in &panel.series {
            let style = self.palette.series(series.style);
            for stretch in axes.stretches(&series.segments) {
                self.line(&mut chart, stretch, style)?;
            }
            for point in axes.stretches(&series.segments).flatten() {
                self.marker(chart.backend_coord(&(point.x, point.y)), style)?;
            }
        }
        Ok(())
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

    /// Bands where neighbours have intervals, and error bars where an interval stands alone.
    fn bands(&self, chart: &mut Chart<'_, DB>, axes: &Axes, stretch: &[Point], color: RGBColor) -> Drawn<DB> {
        let spans: Vec<Option<Span>> = stretch.iter().map(|point| axes.span(point)).collect();
        for neighbours in spans.split(Option::is_none) {
            let neighbours: Vec<Span> = neighbours.iter().copied().flatten().collect();
            if let [alone] = neighbours[..] {
                self.error_bar(chart, axes, alone, color)?;
                continue;
            }
            let corners: Vec<_> = band::polygon(&neighbours).into_iter().map(|corner| axes.values(corner)).collect();
            if !corners.is_empty() {
                chart.plotting_area().draw(&Polygon::new(corners, color.mix(self.palette.band_opacity)))?;
            }
        }
        Ok(())
    }

    fn error_bar(&self, chart: &Chart<'_, DB>, axes: &Axes, span: Span, color: RGBColor) -> Drawn<DB> {
        let style = self.stroke(color, ERROR_BAR_WIDTH);
        let half = self.ruler.points(4.0);
        let end = |y: f64| chart.backend_coord(&axes.values((span.x, y.clamp(0.0, 1.0))));
        if span.high < 0.0 || 1.0 < span.low {
            return Ok(());
        }
        self.path(vec![end(span.low), end(span.high)], style)?;
        // A cap says that the interval ends there; one that goes on beyond the axis has none.
        for y in [span.low, span.high].into_iter().filter(|y| (0.0..=1.0).contains(y)) {
            let (x, y) = end(y);
            self.path(vec![(x - half, y), (x + half, y)], style)?;
        }
        Ok(())
    }

    fn line(&self, chart: &mut Chart<'_, DB>, stretch: &[Point], style: SeriesStyle) -> Drawn<DB> {
        if stretch.len() < 2 {
            return Ok(());
        }
        let points = stretch.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>();
        let stroke = self.stroke(style.color, LINE_WIDTH);
        if style.dashed {
            let (dash, gap) = self.dash();
            chart.draw_series(DashedLineSeries::new(points, dash, gap, stroke))?;
        } else {
            chart.draw_series(LineSeries::new(points, stroke))?;
        }
        Ok(())
    }

    fn key(&self, key: Key) -> Drawn<DB> {
        let style = self.palette.series(key.style);
        let stroke = self.stroke(style.color, LINE_WIDTH);
        let center = (key.left + (key.right - key.left) / 2, key.y);
        if style.dashed {
            let (dash, gap) = self.dash();
            let mut left = key.left;
            while left < key.right {
                self.path(vec![(left, key.y), ((left + dash).min(key.right), key.y)], stroke)?;
                left += (dash + gap).max(1);
            }
        } else {
            self.path(vec![(key.left, key.y), (key.right, key.y)], stroke)?;
        }
        self.marker(center, style)
    }

    /// A marker with a thin border in the colour of the background, which keeps crossing lines apart.
    fn marker(&self, (x, y): BackendCoord, style: SeriesStyle) -> Drawn<DB> {
        let radius = f64::from(self.ruler.points(MARKER_RADIUS));
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
        let color = if label.role.is_muted() { self.palette.muted } else { self.palette.text };
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
const ERROR_BAR_WIDTH: f64 = 1.3;
const LINE_WIDTH: f64 = 2.0;
const MARKER_RADIUS: f64 = 3.6;
const MARKER_BORDER: f64 = 0.8;

/// Both axes of a panel.
struct Axes {
    x: AxisRange,
    y: AxisRange,
}

impl Axes {
    /// The stretches of neighbours that can be drawn: a point beyond the axes ends a stretch as a missing one does.
    fn stretches<'a>(&'a self, segments: &'a [Vec<Point>]) -> impl Iterator<Item = &'a [Point]> {
        segments
            .iter()
            .flat_map(|segment| segment.split(|point| !(self.x.contains(point.x) && self.y.contains(point.y))))
            .filter(|stretch| !stretch.is_empty())
    }

    fn span(&self, point: &Point) -> Option<Span> {
        let (low, high) = point.interval?;
        (low <= high).then(|| Span {
            x: self.x.fraction(point.x),
            low: self.y.fraction(low),
            high: self.y.fraction(high),
        })
    }

    /// The values at a place on the panel.
    fn values(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.value(x), self.y.value(y))
    }
}
