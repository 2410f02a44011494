//! benchplot turns the output of any load-testing or benchmarking tool into an answer that can be defended: what is
//! fastest, where it stops scaling, whether a difference is real, and whether the numbers can be believed at all.
//!
//! Data flows one way, through the modules in the order in which they stand here:
//!
//! ```no_run
//! use benchplot::{analysis, chart, load};
//!
//! let inputs = [load::Input::parse("results.json")];
//! let loaded = load::load(&inputs, &load::LoadOptions::default(), &|_, _| {})?;
//! let analysis = analysis::analyze(&loaded, &analysis::AnalysisOptions::default())?;
//! for finding in &analysis.findings {
//!     println!("{}: {}", finding.id, finding.message);
//! }
//! let figure = chart::performance_comparison(&analysis, &chart::ChartOptions::default());
//! std::fs::write("comparison.png", chart::render_png(&figure, &chart::Canvas::default())?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod language;

pub mod record;

pub mod stats;

pub mod load;

pub mod scaling;

pub mod compare;

pub mod findings;

pub mod analysis;

pub mod chart;

pub mod report;

#[cfg(all(feature = "run", target_os = "linux"))]
pub mod run;
