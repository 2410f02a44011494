//! Simulates studies whose truth is known, and prints how often anything is claimed where there is nothing, and how often a
//! difference is found. It measures no time.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "what is simulated is never empty, tables are printed, and other simulations use the rest"
)]

mod simulation;

use simulation::claims::Study;
use simulation::noise::Noise;

const REPETITIONS: [usize; 5] = [3, 5, 7, 10, 20];

fn main() {
    let studies = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(400);
    without_a_difference(studies);
    with_a_difference(studies);
}

fn heads(first: &str) {
    let columns: Vec<String> = REPETITIONS.iter().map(|n| format!(" n = {n} |")).collect();
    println!("| {first} |{}", columns.concat());
    println!("| --- |{}", " ---: |".repeat(REPETITIONS.len()));
}

fn row(name: &str, share: impl Fn(usize) -> f64) {
    let cells: Vec<String> = REPETITIONS.iter().map(|n| format!(" {:.1} |", 100.0 * share(*n))).collect();
    println!("| {name} |{}", cells.concat());
}

fn without_a_difference(studies: usize) {
    println!(
        "Percent of {studies} studies of equal frameworks (a sixth of them for twelve) with any row better or worse:\n"
    );
    heads("frameworks, levels, noise");
    let noises = [
        ("lognormal, CV 10 %", [Noise::Lognormal(0.1); 2]),
        ("outliers", [Noise::Outliers(0.05); 2]),
        ("two modes", [Noise::TwoModes; 2]),
        ("other shape", [Noise::Lognormal(0.02), Noise::CentredTail(0.1)]),
        ("spreads of 1 and 15 %", [Noise::Lognormal(0.01), Noise::Lognormal(0.15)]),
    ];
    for (frameworks, levels, studies) in
        [(2, 1, studies), (2, 5, studies), (2, 20, studies), (12, 1, studies / 6), (12, 5, studies / 6)]
    {
        for (name, noise) in noises {
            row(&format!("{frameworks}, {levels}, {name}"), |repetitions| {
                Study { frameworks, levels, repetitions, noise, ratio: 1.0 }.any_claim(studies, 1)
            });
        }
    }
    println!();
}

fn with_a_difference(studies: usize) {
    println!("Percent of {studies} studies of two frameworks that are called different over all levels:\n");
    heads("difference, levels, noise");
    let noises = [
        ("CV 2 %", Noise::Lognormal(0.02)),
        ("CV 5 %", Noise::Lognormal(0.05)),
        ("outliers, CV 3 %", Noise::Outliers(0.03)),
    ];
    for ratio in [1.1, 1.03] {
        for (levels, (name, noise)) in [1, 5].into_iter().flat_map(|levels| noises.map(|noise| (levels, noise))) {
            row(&format!("{:+.0} %, {levels}, {name}", (ratio - 1.0) * 100.0), |repetitions| {
                Study { frameworks: 2, levels, repetitions, noise: [noise; 2], ratio }.found(studies, 2)
            });
        }
    }
}
