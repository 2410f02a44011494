//! Kendall's τ-b: whether two things rise together, such as a time and the moment at which it was measured; in one series,
//! or pooled over several.
//!
//! Kendall, "Rank Correlation Methods", 4th edition (1970).

use statrs::function::erf::erfc;

/// Up to so many points in each series, none of them equal, the p-value is exact.
const EXACT_POINTS: usize = 33;
/// Up to so many pairs of points in all series the p-value is exact.
const EXACT_PAIRS: usize = 5_000;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kendall {
    /// From -1, where one always falls while the other rises, to 1; 0 where they have nothing to do with each other.
    pub tau: f64,
    /// The probability of a `tau` at least as far from 0 if they have nothing to do with each other.
    pub p_value: f64,
    /// Whether the p-value is from the distribution of all orders, and not from the normal one.
    pub is_exact: bool,
}

/// Kendall's τ-b of points, in any order; `None` for fewer than two, or where all have the same x or the same y.
///
/// The p-value is exact without ties for up to 33 points. Otherwise it is asymptotic, with the variance corrected for ties
/// and without a correction for continuity, as scipy has it.
pub fn kendall(points: &[(f64, f64)]) -> Option<Kendall> {
    kendall_pooled([points])
}

/// Kendall's τ-b pooled over several series of points: pairs are formed within a series only, and all of them count alike.
///
/// Series that have nothing to say, such as those with one point, take no part; `None` where none has. The p-value is that
/// of the sum of all S: from the convolution of their distributions where no series has ties and there are few enough
/// points, otherwise from a normal distribution with the sum of their variances.
pub fn kendall_pooled<'a>(series: impl IntoIterator<Item = &'a [(f64, f64)]>) -> Option<Kendall> {
    let counts: Vec<Counts> = series.into_iter().filter_map(Counts::of).collect();
    let s: i64 = counts.iter().map(|counts| counts.s).sum();
    let sum = |part: fn(&Counts) -> f64| counts.iter().map(part).sum::<f64>();
    let scale = (sum(|counts| counts.untied_x) * sum(|counts| counts.untied_y)).sqrt();
    if scale <= 0.0 {
        return None;
    }
    let pairs = |counts: &Counts| counts.points * (counts.points - 1) / 2;
    let is_exact = counts.iter().all(|counts| !counts.has_ties && counts.points <= EXACT_POINTS)
        && counts.iter().map(pairs).sum::<usize>() <= EXACT_PAIRS;
    let p_value = if is_exact {
        exact_p(s, counts.iter().map(|counts| counts.points))
    } else {
        let variance = sum(|counts| counts.variance);
        erfc(s.unsigned_abs() as f64 / (2.0 * variance).sqrt())
    };
    Some(Kendall { tau: (s as f64 / scale).clamp(-1.0, 1.0), p_value: p_value.min(1.0), is_exact })
}

/// What one series adds to the sums.
struct Counts {
    points: usize,
    /// Pairs that rise together, less those that do not.
    s: i64,
    /// Pairs whose x differ.
    untied_x: f64,
    /// Pairs whose y differ.
    untied_y: f64,
    has_ties: bool,
    /// Of `s`, if x and y have nothing to do with each other.
    variance: f64,
}

impl Counts {
    fn of(points: &[(f64, f64)]) -> Option<Self> {
        let n = points.len() as f64;
        let x = Ties::of(points.iter().map(|point| point.0));
        let y = Ties::of(points.iter().map(|point| point.1));
        let pairs = n * (n - 1.0);
        if points.len() < 2 || pairs / 2.0 <= x.pairs || pairs / 2.0 <= y.pairs {
            return None;
        }
        let mut variance = (pairs * (2.0 * n + 5.0) - x.linear - y.linear) / 18.0 + 2.0 * x.pairs * y.pairs / pairs;
        if 2.0 < n {
            variance += x.cubic * y.cubic / (9.0 * pairs * (n - 2.0));
        }
        Some(Self {
            points: points.len(),
            s: concordance(points),
            untied_x: pairs / 2.0 - x.pairs,
            untied_y: pairs / 2.0 - y.pairs,
            has_ties: 0.0 < x.pairs || 0.0 < y.pairs,
            variance,
        })
    }
}

/// Sums over the groups of equal numbers, with t numbers in a group.
struct Ties {
    /// t (t − 1) / 2.
    pairs: f64,
    /// t (t − 1) (t − 2).
    cubic: f64,
    /// t (t − 1) (2 t + 5).
    linear: f64,
}

impl Ties {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let mut ties = Self { pairs: 0.0, cubic: 0.0, linear: 0.0 };
        for group in sorted.chunk_by(|a, b| b <= a) {
            let t = group.len() as f64;
            ties.pairs += t * (t - 1.0) / 2.0;
            ties.cubic += t * (t - 1.0) * (t - 2.0);
            ties.linear += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        ties
    }
}

/// Pairs of points that rise together, less those of which one falls. The points are taken by x, and those before each
/// are counted by the rank of their y in a tree of Fenwick's (Software: Practice and Experience 24, 1994), so that a
/// hundred thousand points take no more than a moment.
fn concordance(points: &[(f64, f64)]) -> i64 {
    let mut by_y: Vec<(f64, usize)> = points.iter().enumerate().map(|(index, point)| (point.1, index)).collect();
    by_y.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0; points.len()];
    for (rank, group) in by_y.chunk_by(|a, b| b.0 <= a.0).enumerate() {
        for (_, index) in group {
            if let Some(place) = ranks.get_mut(*index) {
                *place = rank + 1;
            }
        }
    }
    let mut by_x: Vec<(f64, usize)> = points.iter().map(|point| point.0).zip(ranks).collect();
    by_x.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut seen = Fenwick { counts: vec![0; points.len() + 1] };
    let (mut before, mut s) = (0, 0);
    for group in by_x.chunk_by(|a, b| b.0 <= a.0) {
        for (_, rank) in group {
            s += seen.up_to(rank - 1) - (before - seen.up_to(*rank));
        }
        for (_, rank) in group {
            seen.add(*rank);
        }
        before += group.len() as i64;
    }
    s
}

/// How often each rank, from 1, was seen.
struct Fenwick {
    counts: Vec<i64>,
}

impl Fenwick {
    fn add(&mut self, mut rank: usize) {
        while let Some(count) = self.counts.get_mut(rank).filter(|_| 0 < rank) {
            *count += 1;
            rank += rank & rank.wrapping_neg();
        }
    }

    fn up_to(&self, mut rank: usize) -> i64 {
        let mut sum = 0;
        while 0 < rank {
            sum += self.counts.get(rank).copied().unwrap_or_default();
            rank &= rank - 1;
        }
        sum
    }
}

/// The probability of a sum of S at least as far from 0, over series of so many points without ties.
///
/// The number of pairs that do not rise together is that of the inversions of a permutation: the one that each further
/// point adds is equally likely to be 0 up to the number of points before it.
fn exact_p(s: i64, points: impl Iterator<Item = usize>) -> f64 {
    let mut falling = vec![1.0_f64];
    for before in points.flat_map(|points| 1..points) {
        let choices = before + 1;
        let mut next = vec![0.0_f64; falling.len() + before];
        for added in 0..choices {
            for (sum, p) in next.iter_mut().skip(added).zip(&falling) {
                *sum += p / choices as f64;
            }
        }
        falling = next;
    }
    let pairs = falling.len() as i64 - 1;
    falling.iter().zip(0..).filter(|(_, count)| s.abs() <= (pairs - 2 * count).abs()).map(|(p, _)| p).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(y: &[f64]) -> Vec<(f64, f64)> {
        y.iter().enumerate().map(|(index, y)| (index as f64, *y)).collect()
    }

    #[track_caller]
    fn assert_kendall(found: Option<Kendall>, tau: f64, p_value: f64, is_exact: bool) {
        let found = found.unwrap();
        assert_eq!(found.is_exact, is_exact);
        // statrs has erfc to ten digits or so.
        let tolerance = if is_exact { 1e-12 } else { 1e-10 };
        assert!((found.tau - tau).abs() < 1e-12 && (found.p_value - p_value).abs() < tolerance, "{found:?}");
    }

    #[test]
    fn one_series_as_in_scipy() {
        // scipy 1.17: kendalltau(x, y)
        let small = series(&[3.0, 1.0, 2.0, 5.0, 4.0, 8.0, 6.0, 7.0]);
        assert_kendall(kendall(&small), 0.642_857_142_857_142_8, 0.031_150_793_650_793_65, true);
        let mixed = |n: u32, factor: u32, modulus: u32| -> Vec<f64> {
            (0..n).map(|i| f64::from(i * factor % modulus) + f64::from(i) / 3.0).collect()
        };
        assert_kendall(kendall(&series(&mixed(25, 7, 26))), 0.253_333_333_333_333_24, 0.079_720_261_887_010_1, true);
        assert_kendall(kendall(&series(&mixed(40, 17, 41))), 0.2, 0.069_131_197_130_075_58, false);
        let tied = series(&[1.0, 2.0, 2.0, 3.0, 5.0, 4.0]);
        assert_kendall(kendall(&tied), 0.828_078_671_210_825_1, 0.021_717_302_554_090_816, false);
        let y = [1.0, 3.0, 2.0, 3.0, 5.0, 4.0, 7.0, 6.0];
        let both: Vec<(f64, f64)> = y.iter().enumerate().map(|(index, y)| ((index / 2) as f64, *y)).collect();
        assert_kendall(kendall(&both), 0.824_957_911_384_305_5, 0.006_925_747_102_951_713, false);
    }

    #[test]
    fn what_does_not_vary_has_no_tau() {
        assert_eq!(kendall(&[]), None);
        assert_eq!(kendall(&[(1.0, 1.0)]), None);
        assert_eq!(kendall(&series(&[2.0, 2.0, 2.0])), None);
        assert_eq!(kendall(&[(1.0, 2.0), (1.0, 3.0)]), None);
        assert_kendall(kendall(&series(&[1.0, 2.0])), 1.0, 1.0, true);
    }

    #[test]
    fn pooled_series_are_surer_than_each() {
        // Each of 3 rising points has S = 3 with probability 1/6 and -3 with 1/6; three of them all rise with 1/216.
        let rising = series(&[1.0, 2.0, 3.0]);
        assert_kendall(kendall_pooled([rising.as_slice(); 3]), 1.0, 2.0 / 216.0, true);
        // One that does not vary has nothing to say.
        let flat = series(&[1.0, 1.0, 1.0]);
        assert_kendall(kendall_pooled([rising.as_slice(), flat.as_slice()]), 1.0, 2.0 / 6.0, true);
        // With ties, by hand: S = 3 + 2, each pair of x untied and 2 of the 3 pairs of y in the second; the variances are
        // 3·2·11/18 and (3·2·11 − 2·9)/18, and the p-value is that of the normal distribution at 5/sqrt(19/3).
        let tied = series(&[1.0, 2.0, 2.0]);
        let p = erfc(5.0 / (2.0_f64 * (66.0 + 48.0) / 18.0).sqrt());
        assert_kendall(kendall_pooled([rising.as_slice(), tied.as_slice()]), 5.0 / 30.0_f64.sqrt(), p, false);
        assert_eq!(kendall_pooled([]), None);
    }

    #[test]
    fn many_points_take_a_moment() {
        let points: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i), f64::from(i % 1000))).collect();
        assert!(kendall(&points).is_some_and(|found| 0.0 < found.tau && found.tau < 0.1));
    }
}
