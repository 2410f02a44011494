//! How much of what was asked for succeeded.

use crate::record::Run;

/// With a larger share of failed requests than this, times say more of failing than of working.
pub const MOSTLY_FAILING: f64 = 0.5;

/// From this share of failed requests on, a cell has no place in a ranking: an error is often the fastest answer, and a
/// service that fails one request in a hundred is not chosen for its speed.
pub const TOO_FAULTY_TO_RANK: f64 = 0.01;

/// Errors over requests of several runs. Where no run knows both, the mean of the shares that are known; `None` where there is
/// none.
pub fn error_rate<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Option<f64> {
    let mut errors = 0_u64;
    let mut requests = 0_u64;
    let mut shares: Vec<f64> = Vec::new();
    for run in runs {
        shares.extend(run.error_share);
        if let (Some(failed), Some(made)) = (run.error_count, run.requests_count) {
            errors = errors.saturating_add(failed.min(made));
            requests = requests.saturating_add(made);
        }
    }
    if 0 < requests {
        return Some(errors as f64 / requests as f64);
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    (!shares.is_empty()).then_some(mean)
}

/// Whether times say more of failing than of working.
pub fn mostly_fails<'r>(runs: impl IntoIterator<Item = &'r Run>) -> bool {
    error_rate(runs).is_some_and(|rate| MOSTLY_FAILING < rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_weigh_by_their_requests() {
        let run = |requests, errors| Run { requests_count: requests, error_count: errors, ..Run::default() };
        let table = [
            (vec![run(Some(100), Some(0)), run(Some(300), Some(4))], Some(0.01)),
            (vec![run(Some(100), None), run(Some(100), Some(50))], Some(0.5)),
            (vec![run(Some(10), Some(12))], Some(1.0)),
            (vec![run(Some(0), Some(0))], None),
            (vec![], None),
            (
                vec![
                    Run { error_share: Some(0.25), ..Run::default() },
                    Run { error_share: Some(0.75), ..Run::default() },
                ],
                Some(0.5),
            ),
            (vec![Run { error_share: Some(0.5), ..Run::default() }, run(Some(100), Some(1))], Some(0.01)),
        ];
        for (runs, expected) in table {
            assert_eq!(error_rate(&runs), expected, "{runs:?}");
        }
    }
}
