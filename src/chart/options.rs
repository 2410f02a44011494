//! The choices that every figure depends on.

/// The choices that a figure depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChartOptions {
    /// A title above all panels.
    pub title: Option<String>,
    /// Whether the levels stand on a logarithmic axis wherever they can.
    pub log_x: bool,
    /// Whether values stand on a logarithmic axis wherever they can.
    pub log_y: bool,
    /// Whether no axis is logarithmic only because values are far apart.
    pub linear: bool,
    /// The panels of the main figure; those that say the most where there are none.
    pub panels: Vec<MainPanel>,
    /// The framework that ratios are to; the fastest where there is none.
    pub reference: Option<String>,
}

/// What a panel of the main figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MainPanel {
    /// The total time of a run.
    Total,
    /// The average time per request.
    Average,
    /// The ratio to the fastest.
    Ratio,
}
