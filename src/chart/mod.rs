//! Charts: an analysis becomes a [`Figure`] (plain data), and a figure is drawn by plotters as PNG or SVG.
//!
//! Drawing goes through a layout, which is plain data too: everything gets its place, measured with the fonts that come
//! with the binary, before anything is drawn. Both formats are drawn by the same code on the same grid.

mod axis;
mod band;
mod canvas;
mod changes;
mod distribution;
mod dot_rows;
mod draw;
mod efficiency;
mod end_names;
mod error;
mod errors;
mod figure;
mod font;
mod language;
mod latency;
mod layout;
mod lines;
mod marker;
mod options;
mod palette;
mod performance;
mod png;
mod raster;
mod ratio_axis;
mod ratio_panel;
mod ratio_rows;
mod ratios;
mod render;
mod set;
mod shades;
mod svg;
mod text;
mod theme;
mod throughput;
mod ticks;
mod timeline;
mod unit;

pub use canvas::Canvas;
pub use changes::{changes_by_level, changes_by_ratio};
pub use distribution::distribution;
pub use efficiency::efficiency;
pub use error::ChartError;
pub use errors::errors;
pub use figure::{
    Axis, EndName, Figure, HeatCell, LegendEntry, Mark, Panel, Point, SHADES, Scale, Series, Style, Tick,
};
pub use latency::latency;
pub use options::{ChartOptions, MainPanel};
pub use performance::performance_comparison;
pub use ratio_rows::{RatioRow, RatioTexts, ratio_rows};
pub use ratios::ratios;
pub use render::{render_png, render_svg};
pub use set::{CHARTS, Chart};
pub use theme::Theme;
pub use throughput::throughput;
pub use timeline::timeline;
