//! A figure as plain data: what is to be seen, and nothing of how it is drawn.
//!
//! Everything a reader can see is decided here: values, intervals, tick positions and their labels. Drawing adds
//! places, colours and letters, and computes no number.

use serde::Serialize;

/// Panels side by side under one title, with one legend for all of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Stands above all panels; `None` where the panels' own titles say enough.
    pub title: Option<String>,
    /// From left to right; each gets the same width.
    pub panels: Vec<Panel>,
    /// One entry per series name, in the order in which they were first seen.
    pub legend: Vec<LegendEntry>,
    /// One or more short sentences below the panels: what a band means, what is missing.
    pub footnotes: Vec<String>,
}

/// One pair of axes with the series drawn into it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Panel {
    /// The title above the axes.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Drawn in this order, so the last one lies on top.
    pub series: Vec<Series>,
    /// Written into the middle of a panel that has nothing to show.
    pub notice: Option<String>,
}

/// One axis: its range and the ticks on it, in the unit that its label names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// What is shown, with its unit.
    pub label: String,
    /// How values become distances.
    pub scale: Scale,
    /// The value at the left or lower end; positive on a logarithmic axis.
    pub min: f64,
    /// The value at the right or upper end; above `min`.
    pub max: f64,
    /// Ascending, within `min..=max`. Labels that would overlap are left out when the axis is drawn; their marks stay.
    pub ticks: Vec<Tick>,
}

/// How values become distances on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences are equal distances.
    Linear,
    /// Equal ratios are equal distances.
    Log,
}

/// A labelled place on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tick {
    /// Where it stands, in the axis' unit.
    pub value: f64,
    /// What stands beside it.
    pub label: String,
}

/// One line with its markers and its interval band.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The framework.
    pub name: String,
    /// Which colour and marker it has: the same number looks the same in every panel and figure.
    pub style: usize,
    /// Stretches of neighbouring points, each ascending in x. A missing or failed cell ends a stretch.
    pub segments: Vec<Vec<Point>>,
}

/// A measured point, in the units of its panel's axes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Position along the horizontal axis.
    pub x: f64,
    /// Position along the vertical axis.
    pub y: f64,
    /// Lower and upper end of the interval around `y`; `None` where one repetition gives none.
    pub interval: Option<(f64, f64)>,
}

/// A name in the legend, with the style that its series share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// The framework.
    pub name: String,
    /// As in [`Series::style`].
    pub style: usize,
}
