//! Charts: an analysis becomes a [`Figure`] (plain data), and a figure is drawn by plotters as PNG or SVG.

mod figure;

pub use figure::{Axis, Figure, LegendEntry, Panel, Point, Scale, Series, Tick};
