//! The shapes that stand on measured points, so that series can be told apart without colour.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

/// The shape on a measured point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Marker {
    Circle,
    Square,
    TriangleUp,
    Diamond,
    TriangleDown,
    Cross,
    Pentagon,
    Plus,
    Star,
    TriangleLeft,
    Hexagon,
    TriangleRight,
}

/// What has to be drawn for a marker.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A disc of this radius.
    Disc(f64),
    /// A filled polygon around the origin, y downwards.
    Polygon(Vec<(f64, f64)>),
}

impl Marker {
    /// Ordered so that neighbours, which are often drawn together, look least alike.
    pub(super) const ALL: [Self; 12] = [
        Self::Circle,
        Self::Square,
        Self::TriangleUp,
        Self::Diamond,
        Self::TriangleDown,
        Self::Cross,
        Self::Pentagon,
        Self::Plus,
        Self::Star,
        Self::TriangleLeft,
        Self::Hexagon,
        Self::TriangleRight,
    ];

    /// The shape that looks as large as a disc of `radius`.
    pub(super) fn shape(self, radius: f64) -> Shape {
        // The factors make the areas about equal; a circle, a square and a triangle of one radius are not.
        match self {
            Self::Circle => Shape::Disc(radius),
            Self::Square => regular(4, FRAC_PI_4, 1.25 * radius),
            Self::Diamond => regular(4, 0.0, 1.3 * radius),
            Self::TriangleUp => regular(3, -FRAC_PI_2, 1.42 * radius),
            Self::TriangleDown => regular(3, FRAC_PI_2, 1.42 * radius),
            Self::TriangleLeft => regular(3, PI, 1.42 * radius),
            Self::TriangleRight => regular(3, 0.0, 1.42 * radius),
            Self::Pentagon => regular(5, -FRAC_PI_2, 1.16 * radius),
            Self::Hexagon => regular(6, 0.0, 1.1 * radius),
            Self::Plus => plus(0.0, 1.3 * radius),
            Self::Cross => plus(FRAC_PI_4, 1.3 * radius),
            Self::Star => star(1.45 * radius),
        }
    }
}

fn regular(corners: u32, first: f64, radius: f64) -> Shape {
    Shape::Polygon(
        (0..corners).map(|corner| on_circle(first + TAU * f64::from(corner) / f64::from(corners), radius)).collect(),
    )
}

fn star(radius: f64) -> Shape {
    let inner = 0.48 * radius;
    Shape::Polygon(
        (0..10)
            .map(|corner| {
                let radius = if corner % 2 == 0 { radius } else { inner };
                on_circle(-FRAC_PI_2 + TAU * f64::from(corner) / 10.0, radius)
            })
            .collect(),
    )
}

/// Two crossed bars, turned by `angle`.
fn plus(angle: f64, reach: f64) -> Shape {
    let half = 0.3 * reach;
    let (sin, cos) = angle.sin_cos();
    let corners = [
        (half, -reach),
        (half, -half),
        (reach, -half),
        (reach, half),
        (half, half),
        (half, reach),
        (-half, reach),
        (-half, half),
        (-reach, half),
        (-reach, -half),
        (-half, -half),
        (-half, -reach),
    ];
    Shape::Polygon(corners.map(|(x, y)| (x * cos - y * sin, x * sin + y * cos)).to_vec())
}

fn on_circle(angle: f64, radius: f64) -> (f64, f64) {
    (radius * angle.cos(), radius * angle.sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_markers_have_about_the_same_size() {
        for marker in Marker::ALL {
            let (area, reach) = match marker.shape(1.0) {
                Shape::Disc(radius) => (PI * radius * radius, radius),
                Shape::Polygon(corners) => {
                    let next = corners.iter().cycle().skip(1);
                    let doubled: f64 = corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
                    let reach = corners.iter().map(|(x, y)| x.hypot(*y)).fold(0.0, f64::max);
                    (doubled.abs() / 2.0, reach)
                }
            };
            assert!((2.2..=3.5).contains(&area), "{marker:?} has area {area}");
            assert!(reach <= 1.5, "{marker:?} reaches {reach}");
        }
    }
}
