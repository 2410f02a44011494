//! The shift of Hodges and Lehmann: how far one group of numbers lies from another, by the median of all differences between
//! them. One wild number in ten hardly moves it.
//!
//! Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34 (1963). How sure it
//! is follows from the interval that belongs to it, the shifts that the test of Mann and Whitney does not reject: its width
//! over that of a normal interval of the same level is the standard error (Lehmann, "Nonparametric confidence intervals for a
//! shift parameter", ibid.).

use statrs::function::erf::erfc_inv;

use super::mann_whitney::{EXACT_SIDE, exact_p};
use super::{LogRatio, Spread, Values, t_quantile};

/// With fewer numbers a side, ranks say too little: Welch's interval is narrower and covers as well.
const LEAST: usize = 7;
/// With more differences than these, means of so many numbers are nearly normal, whatever the numbers are.
const MOST_DIFFERENCES: usize = 250_000;
/// One less the level of the interval that the standard error is taken from.
const ALPHA: f64 = 0.05;

/// The shift from one group of logarithms to another, which is the logarithm of a ratio; `None` where a side has fewer than
/// seven numbers, there are too many, or too many of them are equal to say how sure it is.
pub fn hodges_lehmann(baseline: &Values, candidate: &Values) -> Option<LogRatio> {
    let (n, m) = (baseline.count(), candidate.count());
    if n.min(m) < LEAST || MOST_DIFFERENCES < n * m {
        return None;
    }
    let pairs = candidate.as_slice().iter().flat_map(|b| baseline.as_slice().iter().map(move |a| b - a));
    let differences = Values::new(pairs)?;
    let (left_out, alpha) = left_out(n, m);
    let sorted = differences.as_slice();
    let (low, high) = (sorted.get(left_out)?, sorted.get(sorted.len().checked_sub(1 + left_out)?)?);
    let freedom = (n + m - 2) as f64;
    let error = (high - low) / (2.0 * t_quantile(1.0 - alpha / 2.0, freedom)?);
    Some(LogRatio { estimate: differences.median(), spread: Some(Spread::of_error(error, freedom)?) })
}

/// The middle of a group of numbers: the median of all means of two of them, or the mean where there are too few or too many.
pub fn pseudo_median(values: &Values) -> f64 {
    let numbers = values.as_slice();
    if numbers.len() < LEAST || MOST_DIFFERENCES < numbers.len() * numbers.len() {
        return values.mean();
    }
    let means =
        numbers.iter().enumerate().flat_map(|(place, a)| numbers.iter().skip(place).map(move |b| a.midpoint(*b)));
    Values::new(means).map_or(f64::NAN, |means| means.median())
}

/// How many differences lie outside of the interval on each side, and what is missing of its level to 1.
fn left_out(n: usize, m: usize) -> (usize, f64) {
    let pairs = n * m;
    if n.max(m) <= EXACT_SIDE {
        let p = |outside: usize| exact_p(outside as u64, n, m);
        // p grows with what is left out, and is above alpha in the middle.
        let (mut fits, mut too_many) = (0, pairs / 2);
        while 1 < too_many - fits {
            let middle = fits.midpoint(too_many);
            if p(middle) <= ALPHA { fits = middle } else { too_many = middle }
        }
        return (fits, p(fits));
    }
    let error = (pairs as f64 * (n + m + 1) as f64 / 12.0).sqrt();
    let z = std::f64::consts::SQRT_2 * erfc_inv(ALPHA);
    ((pairs as f64 / 2.0 - z * error).floor().max(0.0) as usize, ALPHA)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(numbers: &[f64]) -> Values {
        Values::new(numbers.iter().copied()).unwrap()
    }

    #[test]
    fn the_interval_leaves_out_as_many_as_tables_say() {
        // Hollander and Wolfe, "Nonparametric Statistical Methods" (1999), table A.6: of 10 and 10 numbers the interval with
        // a level of 95.7 % goes from the 24th to the 77th of 100 differences; of 7 and 7, 96.2 %, from the 9th to the 41st.
        let (left_out_of_ten, alpha) = left_out(10, 10);
        assert_eq!(left_out_of_ten, 23);
        assert!((alpha - 0.043).abs() < 0.001, "{alpha}");
        let (left_out_of_seven, alpha) = left_out(7, 7);
        assert_eq!(left_out_of_seven, 8);
        assert!((alpha - 0.038).abs() < 0.001, "{alpha}");
    }

    #[test]
    fn one_wild_number_hardly_moves_it() {
        let a = values(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        let b = values(&[1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 800.0]);
        let (there, back) = (hodges_lehmann(&a, &b).unwrap(), hodges_lehmann(&b, &a).unwrap());
        assert!((there.estimate - 0.5).abs() <= 0.5 && (there.estimate + back.estimate).abs() < 1e-12, "{there:?}");
        assert_eq!(there.spread, back.spread);
    }

    #[test]
    fn few_and_equal_numbers_have_none() {
        let (six, equal) = (values(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), values(&[1.0; 9]));
        assert_eq!(hodges_lehmann(&six, &six), None);
        assert_eq!(hodges_lehmann(&equal, &equal), None);
        assert!((pseudo_median(&values(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 700.0])) - 4.0).abs() < 0.51);
        assert!((pseudo_median(&values(&[1.0, 9.0])) - 5.0).abs() < 1e-12);
    }
}
