//! Where everything of a figure stands: rectangles, marks and texts as plain data, before anything is drawn.
//!
//! Lengths are twips, so a layout does not depend on the resolution and is the same for PNG and SVG. Texts are measured
//! with the fonts that come with the binary.

mod grid;
mod label;
mod legend;
mod panel;
mod rect;
mod ruler;
mod ticks;

use super::figure::{Figure, LegendEntry};
use grid::Grid;
pub(super) use label::{Anchor, Direction, Label};
use label::{Role, Type};
pub(super) use legend::Key;
use legend::Legend;
pub(super) use panel::PanelPlace;
pub(super) use rect::Rect;
pub(super) use ruler::Ruler;

/// Where everything of a figure stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// The scale at which everything has room.
    pub(super) ruler: Ruler,
    /// One for each panel of the figure.
    pub(super) panels: Vec<PanelPlace>,
    /// One for each entry of the legend whose name is nowhere else.
    pub(super) keys: Vec<Key>,
    /// Every text that is to be seen.
    pub(super) labels: Vec<Label>,
}

/// Lays out `figure` on a canvas of this size.
///
/// Full size if the axes then have enough room, otherwise the largest scale at which they have; panels stand side by side
/// if they can, and in several rows where that leaves them more room. `None` if the axes would be too small to show
/// anything even at half size.
pub(super) fn arrange(figure: &Figure, (width, height): (i32, i32)) -> Option<Layout> {
    let canvas = Rect { left: 0, top: 0, right: width, bottom: height };
    let grids = Grid::all(figure.panels.len(), figure.columns);
    let mut smallest = None;
    for ruler in Ruler::all() {
        let mut widest = true;
        for (grid, names) in grids.iter().flat_map(|grid| [(*grid, Names::AtEnds), (*grid, Names::InLegend)]) {
            let Some(layout) = attempt(figure, canvas, ruler, grid, names) else { continue };
            if layout.is_comfortable(canvas, grid, names) {
                return Some(layout);
            }
            if layout.is_acceptable() && widest {
                smallest = Some(layout);
                widest = false;
            }
        }
    }
    smallest
}

impl Layout {
    /// Whether the axes, and not the texts around them, are what is seen first, and every row has its name.
    fn is_comfortable(&self, canvas: Rect, grid: Grid, names: Names) -> bool {
        // Names at the ends of lines are part of what is to be seen.
        let width = |plot: &Rect| if names == Names::AtEnds { plot.width() * 5 / 4 } else { plot.width() };
        self.is_acceptable()
            && self.panels.iter().all(|PanelPlace { plot, unnamed_rows, .. }| {
                2 * canvas.height() <= 5 * grid.rows * plot.height()
                    && canvas.width() <= 2 * grid.columns * width(plot)
                    && *unnamed_rows == 0
            })
    }

    /// Whether the axes are large enough to read anything from them.
    fn is_acceptable(&self) -> bool {
        let least = self.ruler.points(72.0);
        self.panels.iter().all(|PanelPlace { plot, .. }| least <= plot.width() && least <= plot.height())
    }
}

const MAX_TITLE_LINES: usize = 2;
const MAX_FOOTNOTE_LINES: usize = 3;

/// Where lines have their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// At their ends; the legend has those only that are not there.
    AtEnds,
    /// All of them in the legend.
    InLegend,
}

fn attempt(figure: &Figure, canvas: Rect, ruler: Ruler, grid: Grid, names: Names) -> Option<Layout> {
    let mut area = canvas.inset(ruler.points(14.0));
    if area.width() <= 0 || area.height() <= 0 {
        return None;
    }
    let mut labels = Vec::new();

    let letters = Type::new(Role::Title, ruler);
    for line in letters.wrap(figure.title.as_deref().unwrap_or_default(), area.width(), MAX_TITLE_LINES) {
        labels.push(letters.rightwards(line, Anchor::Middle, area.center_x(), area.top + letters.ascent()));
        area.top += letters.line_height();
    }
    let letters = Type::new(Role::Footnote, ruler);
    for line in letters.wrap(figure.subtitle.as_deref().unwrap_or_default(), area.width(), MAX_TITLE_LINES) {
        labels.push(letters.rightwards(line, Anchor::Middle, area.center_x(), area.top + letters.ascent()));
        area.top += letters.line_height();
    }
    if !labels.is_empty() {
        area.top += ruler.points(6.0);
    }

    let letters = Type::new(Role::Footnote, ruler);
    let wrap = |footnote: &String| letters.wrap(footnote, area.width(), MAX_FOOTNOTE_LINES);
    let footnotes: Vec<String> = figure.footnotes.iter().flat_map(wrap).collect();
    let footnotes_height = footnotes.len() as i32 * letters.line_height();
    area.bottom -= footnotes_height;
    for (index, line) in (0..).zip(footnotes) {
        let y = area.bottom + index * letters.line_height() + letters.ascent();
        labels.push(letters.rightwards(line, Anchor::Start, area.left, y));
    }
    if 0 < footnotes_height {
        area.bottom -= ruler.points(8.0);
    }

    let is_at_end =
        |entry: &LegendEntry| figure.panels.iter().flat_map(|panel| &panel.ends).any(|end| end.style == entry.style);
    let entries: Vec<LegendEntry> =
        figure.legend.iter().filter(|entry| names == Names::InLegend || !is_at_end(entry)).cloned().collect();
    let legend = Legend::new(&entries, area.width(), ruler);
    let height = legend.height;
    let (keys, texts) = legend.place(Rect { top: area.bottom - height, ..area });
    labels.extend(texts);
    area.bottom -= height;
    if 0 < height {
        area.bottom -= ruler.points(10.0);
    }

    let (panels, texts) = panel::arrange(&figure.panels, grid, area, ruler, names == Names::AtEnds)?;
    labels.extend(texts);
    Some(Layout { ruler, panels, keys, labels })
}

#[cfg(test)]
mod tests;
