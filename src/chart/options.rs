//! The choices that every figure depends on.

/// The choices that a figure depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChartOptions {
    /// A title above all panels.
    pub title: Option<String>,
    /// Whether the levels stand on a logarithmic axis.
    pub log_x: bool,
    /// Whether the times stand on a logarithmic axis.
    pub log_y: bool,
    /// The framework that ratios are to; the fastest where there is none.
    pub reference: Option<String>,
}
