//! The area between the ends of neighbouring intervals, cut off where the axis ends.

/// Interval ends above one place of the horizontal axis; everything as fractions of the axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) x: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The corners of the band through `spans`, clipped to heights from 0 to 1; empty where nothing remains.
///
/// plotters would move each outer corner onto the edge, which bends the sides of the band; cutting keeps them straight.
pub(super) fn polygon(spans: &[Span]) -> Vec<(f64, f64)> {
    // An interval that ends at zero reaches infinitely far below a logarithmic axis; a finite depth can be cut.
    let corner = |x: f64, y: f64| (x, y.clamp(-FAR, FAR));
    let there = spans.iter().map(|span| corner(span.x, span.high));
    let back = spans.iter().rev().map(|span| corner(span.x, span.low));
    let below_top = clip(&there.chain(back).collect::<Vec<_>>(), |y| 1.0 - y);
    clip(&below_top, |y| y)
}

/// In heights of the panel: far enough for the sides of a cut band to look vertical.
const FAR: f64 = 100.0;

/// Keeps what lies where `inside` is not negative: one step of Sutherland and Hodgman's polygon clipping (1974).
fn clip(corners: &[(f64, f64)], inside: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::with_capacity(corners.len() + 4);
    let next = corners.iter().cycle().skip(1);
    for (&(x0, y0), &(x1, y1)) in corners.iter().zip(next) {
        let (from, to) = (inside(y0), inside(y1));
        if 0.0 <= from {
            kept.push((x0, y0));
        }
        if (from < 0.0) != (to < 0.0) {
            let share = from / (from - to);
            kept.push((x0 + share * (x1 - x0), y0 + share * (y1 - y0)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(x: f64, low: f64, high: f64) -> Span {
        Span { x, low, high }
    }

    #[test]
    fn a_band_inside_the_axis_goes_there_and_back() {
        let corners = polygon(&[span(0.0, 0.1, 0.3), span(1.0, 0.2, 0.6)]);
        assert_eq!(corners, [(0.0, 0.3), (1.0, 0.6), (1.0, 0.2), (0.0, 0.1)]);
    }

    #[test]
    fn a_band_that_leaves_the_axis_is_cut_where_it_crosses_the_edge() {
        let corners = polygon(&[span(0.0, 0.5, 0.5), span(1.0, 0.5, 1.5)]);
        assert_eq!(corners, [(0.0, 0.5), (0.5, 1.0), (1.0, 1.0), (1.0, 0.5), (0.0, 0.5)]);
    }

    #[test]
    fn infinite_and_outer_ends_stay_within_the_axis() {
        let cases = [
            vec![span(0.0, f64::NEG_INFINITY, f64::INFINITY), span(1.0, 0.2, 0.4)],
            vec![span(0.0, -5.0, 7.0), span(0.5, 0.4, 0.5), span(1.0, -3.0, -1.0)],
        ];
        for spans in cases {
            let corners = polygon(&spans);
            assert!(3 <= corners.len());
            assert!(corners.iter().all(|(_, y)| (-1e-9..=1.0 + 1e-9).contains(y)), "{corners:?}");
        }
    }

    #[test]
    fn nothing_remains_of_a_band_beyond_the_axis() {
        assert_eq!(polygon(&[span(0.0, 1.5, 2.0), span(1.0, 1.2, 3.0)]), []);
        assert_eq!(polygon(&[]), []);
    }
}
