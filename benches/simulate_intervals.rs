//! Simulates measurements whose truth is known, and prints what intervals and verdicts make of them. It measures no time.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "what is simulated is never empty, tables are printed, and other simulations use the rest"
)]

mod simulation;

use simulation::coverage::coverage;
use simulation::estimators::ESTIMATORS;
use simulation::noise::Noise;
use simulation::verdicts::{Found, verdicts};

const TRIALS: usize = 4_000;
const RESAMPLES: usize = 400;
const COMPARISONS: usize = 2_000;
const REPETITIONS: [usize; 6] = [3, 4, 5, 7, 10, 20];

fn main() {
    intervals();
    without_a_difference();
    with_a_difference();
}

fn intervals() {
    println!("## Intervals\n");
    println!("Share of the 95 % intervals that contain the truth, and their mean width in percent of the ratio, over");
    println!("{TRIALS} trials with {RESAMPLES} resamples each. `-` is no interval of that level.\n");
    for noise in [Noise::Lognormal(0.05), Noise::Tail(0.1), Noise::Outliers(0.03)] {
        println!("{}:\n", noise.name());
        let heads: Vec<String> = REPETITIONS.iter().map(|n| format!(" n = {n} |")).collect();
        println!("| estimator |{}", heads.concat());
        println!("| --- |{}", " ---: |".repeat(REPETITIONS.len()));
        for estimator in ESTIMATORS {
            let cells = REPETITIONS.iter().map(|&n| {
                let found = coverage(estimator, noise, n, TRIALS, RESAMPLES, n as u64);
                match found.share.zip(found.width) {
                    Some((share, width)) if width < 10.0 => format!(" {:.1}, {:.1} |", share * 100.0, width * 100.0),
                    Some((share, _)) => format!(" {:.1}, over 1000 |", share * 100.0),
                    None => " - |".to_owned(),
                }
            });
            println!("| {} |{}", estimator.name(), cells.collect::<String>());
        }
        println!();
    }
}

fn head(first: &str) {
    println!("| {first} | any row | over all levels | per level | equivalent | coverage over all | per level |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
}

fn row(name: &str, found: Found) {
    let shares = [found.any, found.overall, found.levels, found.equivalent, found.coverage, found.level_coverage];
    let cells: Vec<String> = shares.iter().map(|share| format!(" {:.2} |", share * 100.0)).collect();
    println!("| {name} |{}", cells.concat());
}

fn without_a_difference() {
    println!("## Without a difference\n");
    println!("Percent of {COMPARISONS} comparisons at 5 levels, of two frameworks that do not differ, that are called");
    println!("better or worse; and of rows that are called equivalent.\n");
    head("noise, repetitions");
    let mixed = |random: &mut benchplot::stats::SplitMix64| Noise::Lognormal(0.02 + 0.18 * random.uniform());
    row(
        "lognormal, CV 2 to 20 %, 5 to 10",
        verdicts(COMPARISONS, 1.0, mixed, |random| 5 + random.below(6) as usize, 1),
    );
    for n in [3, 5, 10] {
        let name = format!("lognormal, CV 20 %, {n}");
        row(&name, verdicts(COMPARISONS, 1.0, |_| Noise::Lognormal(0.2), |_| n, 2));
    }
    row("floor and tail, CV 10 %, 5", verdicts(COMPARISONS, 1.0, |_| Noise::Tail(0.1), |_| 5, 3));
    row("outliers, CV 5 % and more, 5", verdicts(COMPARISONS, 1.0, |_| Noise::Outliers(0.05), |_| 5, 4));
    println!();
}

fn with_a_difference() {
    println!("## With a difference of 10 % at every level\n");
    head("noise, repetitions");
    for (spread, n) in [(0.02, 3), (0.02, 5), (0.05, 3), (0.05, 5), (0.05, 10), (0.1, 5), (0.1, 10), (0.1, 20)] {
        let name = format!("lognormal, CV {:.0} %, {n}", spread * 100.0);
        row(&name, verdicts(COMPARISONS, 1.1, |_| Noise::Lognormal(spread), |_| n, 5));
    }
    row("floor and tail, CV 10 %, 10", verdicts(COMPARISONS, 1.1, |_| Noise::Tail(0.1), |_| 10, 6));
    row("outliers, CV 5 % and more, 10", verdicts(COMPARISONS, 1.1, |_| Noise::Outliers(0.05), |_| 10, 7));
    println!();
}
