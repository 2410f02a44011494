//! A figure as plain data: what is to be seen, and nothing of how it is drawn.
//!
//! Everything a reader can see is decided here: values, intervals, tick positions and their labels. Drawing adds
//! places, colours and letters, and computes no number.

use serde::{Serialize, Serializer};

use super::{
    font::{self, Weight},
    text,
};
use crate::compare::Verdict;

/// Panels of one size under one title, with one legend for all of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Stands above all panels; `None` where the panels' own titles say enough.
    pub title: Option<String>,
    /// Stands below the title: how much was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// From left to right, and in further rows below where the width does not suffice.
    pub panels: Vec<Panel>,
    /// What the looks of the series mean: the frameworks in the order in which they were first seen, then the rest.
    pub legend: Vec<LegendEntry>,
    /// One or more short sentences below the panels: what a band means, what is missing.
    pub footnotes: Vec<String>,
    /// The most panels side by side, where their order makes rows of them; `None` where only the room decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<usize>,
}

impl Figure {
    /// The characters of names and titles that no font has, so that a PNG has boxes for them.
    pub fn missing_characters(&self) -> Vec<char> {
        let labels = |panel: &Panel| -> Vec<String> {
            let ticks = panel.x.ticks.iter().chain(&panel.y.ticks).chain(&panel.beside);
            let ends = panel.ends.iter().map(|end| end.label.clone());
            ticks.map(|tick| tick.label.clone()).chain([panel.title.clone()]).chain(ends).collect()
        };
        let names = self.legend.iter().map(|entry| entry.name.clone());
        let texts = self.title.iter().cloned().chain(names).chain(self.panels.iter().flat_map(labels));
        texts.flat_map(|text| font::missing(&text::printable(&text), Weight::Regular)).collect()
    }
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
    /// Coloured areas that lie below all lines and above all bands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<HeatCell>,
    /// Drawn in this order, so the last one lies on top.
    pub series: Vec<Series>,
    /// Written into the middle of a panel that has nothing to show.
    pub notice: Option<String>,
    /// Texts to the right of the axes, at heights of the vertical axis: the numbers behind a row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Tick>,
    /// Names to the right of the axes, as close as they can be to where their lines end. Where all of them have room, they
    /// stand for their entries in the legend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<EndName>,
    /// A lower panel below this one, which shares its horizontal axis and has no title and texts of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<Box<Self>>,
}

/// A name at the end of a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EndName {
    /// Where the line ends, on the vertical axis.
    pub value: f64,
    /// The name, and what else is said there.
    pub label: String,
    /// As in [`Series::style`].
    pub style: Style,
}

/// A rectangle in the units of its panel's axes, as dark as what lies in it is frequent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeatCell {
    /// The left and the right edge.
    pub x: (f64, f64),
    /// The lower and the upper edge.
    pub y: (f64, f64),
    /// Which shade, from 0, the rarest, to below [`SHADES`].
    pub shade: usize,
}

/// How many shades cells may have: as many as can be told apart side by side.
pub const SHADES: usize = 12;

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
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences are equal distances.
    Linear,
    /// Equal ratios are equal distances.
    Log,
    /// Equal ratios are equal distances above `linear_to`, and equal differences below: a logarithmic axis that has zero
    /// on it.
    LogWithZero {
        /// Where the linear part ends; positive.
        linear_to: f64,
    },
    /// Names in rows, one for each tick; a row without its name says nothing, so that no label is left out lightly.
    Rows,
}

/// A labelled place on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tick {
    /// Where it stands, in the axis' unit.
    pub value: f64,
    /// What stands beside it.
    pub label: String,
}

/// Points that belong together and look alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The framework, or what the points say of it.
    pub name: String,
    /// Which colour and marker it has.
    pub style: Style,
    /// What is drawn at the points and between them.
    #[serde(skip_serializing_if = "Mark::is_measured")]
    pub mark: Mark,
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
    /// Lower and upper end of the interval around `y`, or around `x` in a row; `None` where one repetition gives none.
    pub interval: Option<(f64, f64)>,
}

/// Whose look a series has: the same style looks the same in every panel and figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Of the framework (and scenario) with this number, from 0.
    Framework(usize),
    /// Of a verdict.
    Verdict(Verdict),
    /// Of what belongs to no framework: guides and zones.
    Plain,
    /// Of what lies upon cells of any shade: as dark as letters, or as light.
    Ink,
    /// Of what went wrong.
    Trouble,
}

impl Serialize for Style {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Framework(number) => number.serialize(serializer),
            Self::Verdict(verdict) => verdict.serialize(serializer),
            Self::Plain => serializer.serialize_str("plain"),
            Self::Ink => serializer.serialize_str("ink"),
            Self::Trouble => serializer.serialize_str("trouble"),
        }
    }
}

/// What is drawn at the points of a series and between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A line through markers, with a band for the intervals.
    #[default]
    Measured,
    /// As measured, paler and dashed: how it was before.
    Former,
    /// Markers with error bars, and no line.
    Points,
    /// A line without markers, with a band for the intervals: what was computed and not measured.
    Curve,
    /// A thin dashed line to hold the others against.
    Guide,
    /// Only the area between the ends of the intervals.
    Zone,
    /// A ring around a place that another series marks.
    Ring,
    /// A pin that stands on a place.
    Pin,
    /// A marker with its interval from left to right.
    Row,
    /// As a row, and larger: what sums up the rows below it.
    SummaryRow,
    /// A line with an edge in the colour of the background, to be seen on cells of any shade.
    Edged,
    /// As edged, and dashed.
    EdgedDashed,
    /// All shades of cells, from the rarest to the most frequent; only in a legend.
    Shades,
}

impl Mark {
    fn is_measured(&self) -> bool {
        matches!(self, Self::Measured)
    }
}

/// A name in the legend, with the look that it explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// The framework, or what the look means.
    pub name: String,
    /// As in [`Series::style`].
    pub style: Style,
    /// As in [`Series::mark`].
    #[serde(skip_serializing_if = "Mark::is_measured")]
    pub mark: Mark,
}
