//! Draws one figure of an analysis again and again, for `figures.py` to measure:
//!
//!     draw_figure ANALYSIS NAME DPI TIMES
//!
//! Prints the bytes of the picture, and nothing where the analysis has nothing to show in that figure.

#![expect(clippy::print_stdout, reason = "a number is what this is for")]

use std::{env, error::Error, fs, hint::black_box};

use benchplot::analysis::Analysis;
use benchplot::chart::{CHARTS, Canvas, ChartOptions, Theme, render_png};

const INCHES: (f64, f64) = (15.0, 6.0);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [path, name, dpi, times] = &arguments[..] else {
        return Err("expected ANALYSIS NAME DPI TIMES; figures.py knows them".into());
    };
    let analysis: Analysis = serde_json::from_slice(&fs::read(path)?)?;
    let chart = CHARTS.iter().find(|chart| chart.name == name).ok_or("there is no such figure")?;
    let canvas = Canvas::new(INCHES.0, INCHES.1, dpi.parse()?, Theme::Light)?;
    let options = ChartOptions::default();
    let mut bytes = None;
    for _ in 0..times.parse::<u32>()? {
        let Some(figure) = chart.figure(black_box(&analysis), &options) else { break };
        bytes = Some(render_png(&figure, &canvas.with_room_for(&figure))?.len());
    }
    if let Some(bytes) = bytes {
        println!("{bytes}");
    }
    Ok(())
}
