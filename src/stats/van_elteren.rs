//! The test of Mann and Whitney over several levels that are never mixed.
//!
//! Each level has its own ranks, and a level's ranks weigh less the more numbers it has: van Elteren, "On the combination of
//! independent two-sample tests of Wilcoxon", Bulletin of the International Statistical Institute 37 (1960).

use statrs::function::erf::erfc;

use super::Stratum;
use super::mann_whitney::tie_groups;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VanElteren {
    /// The probability, without a difference, of ranks at least as uneven; by the normal distribution.
    pub p_value: f64,
    /// The smallest p-value that numbers with these counts and ties can have.
    pub smallest_p: f64,
}

/// Tests whether the numbers of one side tend to be larger over all levels; numbers ascend. `None` where all are equal.
pub fn van_elteren(strata: &[Stratum<'_>]) -> Option<VanElteren> {
    let (mut distance, mut farthest, mut variance, mut step) = (0.0, 0.0, 0.0, f64::INFINITY);
    for stratum in strata {
        let groups = tie_groups(stratum.baseline, stratum.candidate);
        let (n, m) = (stratum.baseline.len() as f64, stratum.candidate.len() as f64);
        let all = n + m;
        let weight = 1.0 / (all + 1.0);
        let (mut u, mut below) = (0.0, 0.0);
        for (of_baseline, of_candidate) in &groups {
            u += *of_baseline as f64 * (below + *of_candidate as f64 / 2.0);
            below += *of_candidate as f64;
        }
        let ties: f64 = groups.iter().map(|(a, b)| (a + b) as f64).map(|tied| tied.powi(3) - tied).sum();
        distance += weight * (u - n * m / 2.0);
        farthest += weight * n * m / 2.0;
        variance += weight * weight * n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
        step = weight.min(step);
    }
    // Half a step between two possible values is the correction for continuity.
    let p = |distance: f64| erfc((distance.abs() - step / 2.0).max(0.0) / (2.0 * variance).sqrt()).min(1.0);
    (0.0 < variance).then(|| VanElteren { p_value: p(distance), smallest_p: p(farthest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &[f64] = &[1.0, 3.0, 4.5, 7.0];
    const B: &[f64] = &[2.0, 5.0, 8.0, 9.5];

    #[test]
    fn one_level_is_the_test_of_mann_and_whitney() {
        let found = van_elteren(&[Stratum { baseline: A, candidate: B }]).unwrap();
        // scipy: mannwhitneyu(A, B, method="asymptotic").pvalue
        assert!((found.p_value - 0.312_321_421_676_215_96).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn levels_add_up_and_sides_can_be_swapped() {
        let one = Stratum { baseline: A, candidate: B };
        let back = Stratum { baseline: B, candidate: A };
        let found = van_elteren(&[one, one, one]).unwrap();
        assert!(found.p_value < van_elteren(&[one]).unwrap().p_value);
        assert_eq!(van_elteren(&[back, back, back]), Some(found));
        assert!((van_elteren(&[one, back]).unwrap().p_value - 1.0).abs() < 1e-12);
        assert_eq!(van_elteren(&[Stratum { baseline: &[2.0; 3], candidate: &[2.0; 4] }]), None);
        assert_eq!(van_elteren(&[]), None);
    }
}
