//! Series: bands below everything, then lines, then what stands on their points.

use plotters::{
    chart::ChartContext,
    coord::cartesian::Cartesian2d,
    element::{Polygon, Rectangle},
    series::{DashedLineSeries, LineSeries},
    style::{Color, RGBColor},
};
use plotters_backend::DrawingBackend;

use super::{Brush, Drawn, EDGE_WIDTH, GUIDE_WIDTH, LINE_WIDTH, MARKER_RADIUS, SUMMARY_RADIUS};
use crate::chart::{
    axis::{AxisCoord, AxisRange},
    band::{self, Span},
    figure::{HeatCell, Mark, Panel, Point, Series},
    theme::SeriesStyle,
};

pub(super) type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<AxisCoord, AxisCoord>>;

impl<DB: DrawingBackend> Brush<'_, DB> {
    /// Everything within the axes of a panel.
    pub(super) fn all_series(&self, chart: &mut Chart<'_, DB>, panel: &Panel) -> Drawn<DB> {
        let axes = Axes { x: AxisRange::new(&panel.x), y: AxisRange::new(&panel.y) };
        // All bands lie below all lines: what was measured must not be covered by how sure it is.
        for series in &panel.series {
            let color = self.style(series).color;
            for stretch in axes.stretches(&series.segments) {
                match series.mark {
                    Mark::Measured | Mark::Former | Mark::Curve | Mark::Zone => {
                        self.bands(chart, &axes, stretch, color)?;
                    }
                    Mark::Points => self.error_bars(chart, &axes, stretch, color)?,
                    Mark::Row | Mark::SummaryRow => self.row_bars(chart, &axes, stretch, color)?,
                    Mark::Guide | Mark::Ring | Mark::Pin | Mark::Edged | Mark::EdgedDashed | Mark::Shades => {}
                }
            }
        }
        self.cells(chart, &panel.cells)?;
        for series in &panel.series {
            let style = self.style(series);
            for stretch in axes.stretches(&series.segments) {
                match series.mark {
                    Mark::Measured | Mark::Former | Mark::Curve => self.line(chart, stretch, style, LINE_WIDTH)?,
                    Mark::Guide => self.line(chart, stretch, style, GUIDE_WIDTH)?,
                    Mark::Edged | Mark::EdgedDashed => {
                        let edge = SeriesStyle { color: self.palette.background, ..style };
                        self.line(chart, stretch, edge, LINE_WIDTH + 2.0 * EDGE_WIDTH)?;
                        self.line(chart, stretch, style, LINE_WIDTH)?;
                    }
                    _ => {}
                }
            }
            for point in axes.stretches(&series.segments).flatten() {
                let place = chart.backend_coord(&(point.x, point.y));
                match series.mark {
                    Mark::Measured | Mark::Former | Mark::Points | Mark::Row => {
                        self.marker(place, style, MARKER_RADIUS)?;
                    }
                    Mark::SummaryRow => self.marker(place, style, SUMMARY_RADIUS)?,
                    Mark::Ring => self.ring(place, style.color)?,
                    Mark::Pin => self.pin(place, style.color)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn style(&self, series: &Series) -> SeriesStyle {
        self.palette.series(series.style, series.mark)
    }

    /// Bands where neighbours have intervals, and error bars where an interval stands alone.
    fn bands(&self, chart: &Chart<'_, DB>, axes: &Axes, stretch: &[Point], color: RGBColor) -> Drawn<DB> {
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

    /// Cells, edge to edge: neighbours share the coordinates of their edge, so that nothing shows between them.
    fn cells(&self, chart: &Chart<'_, DB>, cells: &[HeatCell]) -> Drawn<DB> {
        for HeatCell { x, y, shade } in cells {
            let rectangle = Rectangle::new([(x.0, y.1), (x.1, y.0)], self.palette.shade(*shade).filled());
            chart.plotting_area().draw(&rectangle)?;
        }
        Ok(())
    }

    fn line(&self, chart: &mut Chart<'_, DB>, stretch: &[Point], style: SeriesStyle, width: f64) -> Drawn<DB> {
        if stretch.len() < 2 {
            return Ok(());
        }
        let points = stretch.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>();
        let stroke = self.stroke(style.color, width);
        if style.dashed {
            let (dash, gap) = self.dash();
            chart.draw_series(DashedLineSeries::new(points, dash, gap, stroke))?;
        } else {
            chart.draw_series(LineSeries::new(points, stroke))?;
        }
        Ok(())
    }
}

/// Both axes of a panel.
pub(super) struct Axes {
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

    /// The interval around the height of a point.
    pub(super) fn span(&self, point: &Point) -> Option<Span> {
        let (low, high) = point.interval?;
        (low <= high).then(|| Span {
            x: self.x.fraction(point.x),
            low: self.y.fraction(low),
            high: self.y.fraction(high),
        })
    }

    /// The interval of a row, from left to right; as fractions of the horizontal axis.
    pub(super) fn stretch(&self, point: &Point) -> Option<(f64, f64)> {
        let (low, high) = point.interval?;
        (low <= high).then(|| (self.x.fraction(low), self.x.fraction(high)))
    }

    /// How high a point lies, as a fraction of the vertical axis.
    pub(super) fn height(&self, point: &Point) -> f64 {
        self.y.fraction(point.y)
    }

    /// The values at a place on the panel.
    pub(super) fn values(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.value(x), self.y.value(y))
    }
}
