//! Whether two measures of the same thing agree.

/// How far two numbers that should be equal may lie apart before they are taken for different things.
pub const TOLERANCE: f64 = 0.2;

/// Whether two positive numbers are the same within [`TOLERANCE`].
pub fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * b.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_is_a_share_of_the_second() {
        assert!(is_close(80.0, 100.0) && is_close(120.0, 100.0) && is_close(1e-9, 1e-9));
        assert!(!is_close(79.0, 100.0) && !is_close(100.0, 80.0));
    }
}
