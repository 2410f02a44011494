//! How often the intervals of the scaling law contain a law that is known:
//!
//!     cargo bench --bench simulate_scaling [DATA SETS]
//!
//! Prints the table that is kept in `last-result-scaling.md`.

#![expect(clippy::print_stdout, reason = "a table is what this is for")]

mod known_law;

use std::time::Instant;

use known_law::Known;

const LEVELS: [u32; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

/// Levels that leave the smallest out, as load tests do.
const HIGH_LEVELS: [u32; 8] = [5, 10, 20, 40, 60, 80, 120, 160];

const LAWS: [(&str, f64, f64, f64, [u32; 8]); 7] = [
    ("peak inside", 1000.0, 0.03, 5e-4, LEVELS),
    ("early peak", 250.0, 0.1, 2e-3, LEVELS),
    ("strong contention", 1000.0, 0.3, 1e-3, LEVELS),
    ("late peak", 90.0, 0.02, 5e-5, LEVELS),
    ("hardly any coherency", 1000.0, 0.1, 1e-5, LEVELS),
    ("hardly any contention", 1000.0, 0.002, 2e-4, LEVELS),
    ("no small levels", 1000.0, 0.03, 5e-4, HIGH_LEVELS),
];

fn main() {
    let data_sets = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(2000);
    println!("| law | σ | κ | CV | λ | σ | κ | peak | with a peak | accepted | full law |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let start = Instant::now();
    let mut all = 0;
    for (name, lambda, sigma, kappa, levels) in LAWS {
        for cv in [0.02, 0.05, 0.1] {
            let known = Known { lambda, sigma, kappa, cv, levels, repetitions: 5 };
            let counted = known.count(data_sets, 1);
            all += counted.data_sets;
            let share = |count: usize, of: usize| format!("{:.1} %", 100.0 * count as f64 / of.max(1) as f64);
            let [of_lambda, of_sigma, of_kappa] = counted.covered.map(|count| share(count, data_sets));
            println!(
                "| {name} | {sigma} | {kappa:e} | {:.0} % | {of_lambda} | {of_sigma} | {of_kappa} | {} | {} | {} | {} |",
                100.0 * cv,
                share(counted.peak.0, counted.peak.1),
                share(counted.peak.1, data_sets),
                share(counted.accepted, data_sets),
                share(counted.usl, data_sets),
            );
        }
    }
    println!(
        "\n{:.0} µs per data set of 8 levels and 5 repetitions",
        start.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(all).unwrap_or(u32::MAX))
    );
}
