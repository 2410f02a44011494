//! Intervals as bars with caps: upright around a point, and lying in a row.

use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

use super::{
    Brush, Drawn, ERROR_BAR_WIDTH,
    series::{Axes, Chart},
};
use crate::chart::{band::Span, figure::Point};

/// Half the length of a cap, in points.
const CAP: f64 = 4.0;
const ROW_CAP: f64 = 2.6;

impl<DB: DrawingBackend> Brush<'_, DB> {
    /// An upright bar at each point that has an interval.
    pub(super) fn error_bars(
        &self,
        chart: &Chart<'_, DB>,
        axes: &Axes,
        points: &[Point],
        color: RGBColor,
    ) -> Drawn<DB> {
        points.iter().filter_map(|point| axes.span(point)).try_for_each(|span| self.error_bar(chart, axes, span, color))
    }

    /// One upright bar.
    pub(super) fn error_bar(&self, chart: &Chart<'_, DB>, axes: &Axes, span: Span, color: RGBColor) -> Drawn<DB> {
        let style = self.stroke(color, ERROR_BAR_WIDTH);
        let half = self.ruler.points(CAP);
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

    /// A lying bar at each point that has an interval.
    pub(super) fn row_bars(&self, chart: &Chart<'_, DB>, axes: &Axes, points: &[Point], color: RGBColor) -> Drawn<DB> {
        let style = self.stroke(color, ERROR_BAR_WIDTH);
        let half = self.ruler.points(ROW_CAP);
        for point in points {
            let Some((low, high)) = axes.stretch(point).filter(|(low, high)| *low <= 1.0 && 0.0 <= *high) else {
                continue;
            };
            let end = |x: f64| chart.backend_coord(&axes.values((x.clamp(0.0, 1.0), axes.height(point))));
            self.path(vec![end(low), end(high)], style)?;
            for x in [low, high].into_iter().filter(|x| (0.0..=1.0).contains(x)) {
                let (x, y) = end(x);
                self.path(vec![(x, y - half), (x, y + half)], style)?;
            }
        }
        Ok(())
    }
}
