//! The keys of the legend: each shows the look that its name explains.

use plotters::{
    element::{Circle, Polygon, Rectangle},
    style::{Color, RGBColor},
};
use plotters_backend::{BackendCoord, DrawingBackend};

use super::{
    Brush, Drawn, ERROR_BAR_WIDTH, GUIDE_WIDTH, LINE_WIDTH, MARKER_RADIUS, PIN_HEIGHT, RING_RADIUS, RING_WIDTH,
    SUMMARY_RADIUS,
};
use crate::chart::{
    figure::{Mark, SHADES},
    layout::Key,
    theme::SeriesStyle,
};

impl<DB: DrawingBackend> Brush<'_, DB> {
    /// One key.
    pub(super) fn key(&self, key: Key) -> Drawn<DB> {
        let style = self.palette.series(key.style, key.mark);
        let center = (key.left + (key.right - key.left) / 2, key.y);
        match key.mark {
            Mark::Measured | Mark::Former => {
                self.key_line(key, style, LINE_WIDTH)?;
                self.marker(center, style, MARKER_RADIUS)
            }
            Mark::Curve => self.key_line(key, style, LINE_WIDTH),
            Mark::Guide => self.key_line(key, style, GUIDE_WIDTH),
            Mark::Edged | Mark::EdgedDashed => self.key_line(key, style, LINE_WIDTH),
            Mark::Points => self.marker(center, style, MARKER_RADIUS),
            Mark::Row | Mark::SummaryRow => {
                let radius = if key.mark == Mark::Row { MARKER_RADIUS } else { SUMMARY_RADIUS };
                self.key_line(key, style, ERROR_BAR_WIDTH)?;
                self.marker(center, style, radius)
            }
            Mark::Zone => {
                let half = self.ruler.points(ZONE_HALF_HEIGHT);
                let corners = [(key.left, key.y - half), (key.right, key.y + half)];
                self.area.draw(&Rectangle::new(corners, style.color.mix(self.palette.band_opacity).filled()))
            }
            Mark::Shades => self.key_shades(key),
            Mark::Ring => self.ring(center, style.color),
            Mark::Pin => self.pin((center.0, center.1 + self.ruler.points(PIN_HEIGHT) / 2), style.color),
        }
    }

    fn key_line(&self, key: Key, style: SeriesStyle, width: f64) -> Drawn<DB> {
        let stroke = self.stroke(style.color, width);
        if !style.dashed {
            return self.path(vec![(key.left, key.y), (key.right, key.y)], stroke);
        }
        let (dash, gap) = self.dash();
        let mut left = key.left;
        while left < key.right {
            self.path(vec![(left, key.y), ((left + dash).min(key.right), key.y)], stroke)?;
            left += (dash + gap).max(1);
        }
        Ok(())
    }

    /// All shades side by side.
    fn key_shades(&self, key: Key) -> Drawn<DB> {
        let half = self.ruler.points(ZONE_HALF_HEIGHT);
        let edge = |shade: usize| key.left + (key.right - key.left) * shade as i32 / SHADES as i32;
        for shade in 0..SHADES {
            let corners = [(edge(shade), key.y - half), (edge(shade + 1), key.y + half)];
            self.area.draw(&Rectangle::new(corners, self.palette.shade(shade).filled()))?;
        }
        Ok(())
    }

    /// A circle around a place.
    pub(super) fn ring(&self, center: BackendCoord, color: RGBColor) -> Drawn<DB> {
        let radius = self.ruler.points(RING_RADIUS);
        self.area.draw(&Circle::new(center, radius, self.stroke(color, RING_WIDTH)))
    }

    /// A triangle whose lower tip is at a place.
    pub(super) fn pin(&self, (x, y): BackendCoord, color: RGBColor) -> Drawn<DB> {
        let (height, half) = (self.ruler.points(PIN_HEIGHT), self.ruler.points(PIN_HEIGHT) * 5 / 9);
        let corners = vec![(x, y), (x - half, y - height), (x + half, y - height)];
        self.area.draw(&Polygon::new(corners.clone(), self.palette.background))?;
        // One side twice, so that the last corner is joined as the others are.
        let outline = corners.iter().chain(corners.iter().take(2)).copied().collect();
        self.path(outline, self.stroke(color, RING_WIDTH))
    }
}

/// Half the height of the swatch that stands for a zone, in points.
const ZONE_HALF_HEIGHT: f64 = 4.5;
