//! The panels side by side: axes as large as their labels let them be, and of the same size in all panels.

use super::{
    grid::Grid,
    label::{Anchor, Label, Role, Type},
    rect::Rect,
    ruler::Ruler,
    ticks::{self, Extent},
};
use crate::chart::{
    axis::{self, AxisRange},
    figure::{Axis, EndName, Panel, Scale, Tick},
};

/// Where the data of one panel is drawn, with the tick marks around it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) struct PanelPlace {
    /// The left and lower edges are the axes.
    pub(in crate::chart) plot: Rect,
    /// How far tick marks reach out.
    pub(in crate::chart) mark: i32,
    /// Where tick marks stand on the horizontal axis: on every tick, labelled or not.
    pub(in crate::chart) x_marks: Vec<i32>,
    /// Where tick marks stand on the vertical axis.
    pub(in crate::chart) y_marks: Vec<i32>,
    /// How many rows have no room for their name.
    pub(in crate::chart) unnamed_rows: usize,
    /// Where the lower panel is drawn.
    pub(in crate::chart) below: Option<Box<Self>>,
}

/// Places `panels` in `area`, with all their texts, and with names at the ends of lines if `has_ends`; `None` where nothing is
/// left for the axes, or the names have no room.
pub(super) fn arrange(
    panels: &[Panel],
    grid: Grid,
    area: Rect,
    ruler: Ruler,
    has_ends: bool,
) -> Option<(Vec<PanelPlace>, Vec<Label>)> {
    let first = grid.first(area, ruler);
    let frame = Frame::new(panels, first, ruler, has_ends)?;
    let mut labels = Vec::new();
    let places = (0..)
        .zip(panels)
        .map(|(index, panel)| frame.shifted(grid.offset(index, first, ruler)).place(panel, &mut labels))
        .collect();
    Some((places, labels))
}

/// What the panels have in common: sizes that suit the most demanding of them.
#[derive(Debug, Clone, Copy)]
struct Frame {
    ruler: Ruler,
    panel: Rect,
    plot: Rect,
    has_ends: bool,
}

/// How much of the axes the lower panel takes, in percent of the height.
const SHARE_BELOW: i32 = 24;

const MAX_TITLE_LINES: usize = 2;
const MAX_AXIS_LABEL_LINES: usize = 2;

impl Frame {
    /// The frame of the first panel, which is `panel` wide and high.
    fn new(panels: &[Panel], panel: Rect, ruler: Ruler, has_ends: bool) -> Option<Self> {
        let mut frame = Self { ruler, panel, plot: panel, has_ends };
        let lines = |count: usize, letters: Type| count as i32 * letters.line_height();
        let most = |count: &dyn Fn(&Panel) -> usize| panels.iter().map(count).max().unwrap_or_default();

        let titles = most(&|panel| frame.title(panel).len());
        // Half a line above the axes for the uppermost tick label, which is centered on its tick.
        frame.plot.top += lines(titles, frame.letters(Role::PanelTitle)) + frame.letters(Role::Tick).height() / 2;
        if 0 < titles {
            frame.plot.top += ruler.points(3.0);
        }
        let x_labels = most(&|panel| frame.x_label(panel).len());
        frame.plot.bottom -= frame.mark() + frame.tick_gap() + frame.letters(Role::Tick).height();
        if 0 < x_labels {
            frame.plot.bottom -= ruler.points(4.0) + lines(x_labels, frame.letters(Role::AxisLabel));
        }
        if frame.plot.height() <= 0 {
            return None;
        }
        let y_labels = most(&|panel| frame.y_labels(panel));
        let parts = || panels.iter().flat_map(|panel| [Some(panel), panel.below.as_deref()]).flatten();
        let widest_y_tick = parts().map(|part| frame.widest(&part.y.ticks)).max().unwrap_or_default();
        frame.plot.left += frame.mark() + frame.tick_gap() + widest_y_tick;
        if 0 < y_labels {
            frame.plot.left += ruler.points(6.0) + lines(y_labels, frame.letters(Role::AxisLabel));
        }
        let (left, right) = (frame.plot.left - panel.left, panel.right - frame.plot.left);
        let overhangs = panels.iter().map(|panel| frame.overhang(&panel.x, left, right));
        let (left, right) =
            overhangs.fold((left, ruler.points(5.0)), |most, next| (most.0.max(next.0), most.1.max(next.1)));
        frame.plot.left = panel.left + left;
        frame.plot.right = panel.right - right.max(frame.beside_width(panels));
        let most_ends = most(&|panel| panel.ends.len()) as i32;
        let have_room = !has_ends || most_ends * frame.letters(Role::Legend).line_height() <= frame.plot.height();
        (0 < frame.plot.width() && have_room).then_some(frame)
    }

    fn shifted(self, by: (i32, i32)) -> Self {
        Self { panel: self.panel.shifted(by), plot: self.plot.shifted(by), ..self }
    }

    fn place(&self, panel: &Panel, labels: &mut Vec<Label>) -> PanelPlace {
        self.place_titles(panel, labels);
        self.place_notice(panel, labels);
        let x_marks = self.place_x_ticks(&panel.x, labels);
        self.place_beside(panel, labels);
        self.place_ends(panel, labels);
        let (upper, lower) = self.divided(panel);
        match panel.below.as_deref().zip(lower) {
            // Marks stand at the lowest edge, where their labels are.
            Some((below, lower)) => PanelPlace {
                below: Some(Box::new(lower.place_part(below, x_marks, labels))),
                ..upper.place_part(panel, Vec::new(), labels)
            },
            None => upper.place_part(panel, x_marks, labels),
        }
    }

    /// One pair of axes, with the texts on the left of it.
    fn place_part(&self, panel: &Panel, x_marks: Vec<i32>, labels: &mut Vec<Label>) -> PanelPlace {
        self.place_y_label(panel, labels);
        let (y_marks, unlabelled) = self.place_y_ticks(&panel.y, labels);
        let unnamed_rows = if panel.y.scale == Scale::Rows { unlabelled } else { 0 };
        PanelPlace { plot: self.plot, mark: self.mark(), x_marks, y_marks, unnamed_rows, below: None }
    }

    /// The frame of the upper part, and that of the lower one where there is one.
    fn divided(&self, panel: &Panel) -> (Self, Option<Self>) {
        if panel.below.is_none() {
            return (*self, None);
        }
        let lower = self.plot.height() * SHARE_BELOW / 100;
        // The lowest label of one part and the uppermost of the other are centered on their ticks.
        let gap = self.letters(Role::Tick).height() + self.ruler.points(1.0);
        let part = |top: i32, bottom: i32| Self { plot: Rect { top, bottom, ..self.plot }, ..*self };
        let top = self.plot.bottom - lower;
        (part(self.plot.top, top - gap), Some(part(top, self.plot.bottom)))
    }

    fn place_titles(&self, panel: &Panel, labels: &mut Vec<Label>) {
        let mut stack = |letters: Type, lines: Vec<String>, top: i32| {
            for (index, line) in (0..).zip(lines) {
                let x = self.centered(letters.width(&line));
                let y = top + index * letters.line_height() + letters.ascent();
                labels.push(letters.rightwards(line, Anchor::Middle, x, y));
            }
        };
        stack(self.letters(Role::PanelTitle), self.title(panel), self.panel.top);
        let lines = self.x_label(panel);
        let letters = self.letters(Role::AxisLabel);
        let below_ticks = self.mark() + self.tick_gap() + self.letters(Role::Tick).height() + self.ruler.points(4.0);
        stack(letters, lines, self.plot.bottom + below_ticks);
    }

    fn place_y_label(&self, panel: &Panel, labels: &mut Vec<Label>) {
        let letters = self.letters(Role::AxisLabel);
        // Beside the panel's own tick labels, not as far out as another panel's wider ones would need.
        let ticks = self.mark() + self.tick_gap() + self.widest(&panel.y.ticks) + self.ruler.points(6.0);
        let lines = self.y_label(panel);
        let left = self.plot.left - ticks - lines.len() as i32 * letters.line_height();
        for (index, line) in (0..).zip(lines) {
            let x = left + index * letters.line_height() + letters.ascent();
            labels.push(letters.upwards(line, x, self.plot.center_y()));
        }
    }

    fn place_notice(&self, panel: &Panel, labels: &mut Vec<Label>) {
        let Some(notice) = &panel.notice else { return };
        let letters = self.letters(Role::Notice);
        let room = self.plot.inset(self.ruler.points(6.0));
        let max_lines = usize::try_from(room.height() / letters.line_height()).unwrap_or_default();
        let lines = if max_lines == 0 { Vec::new() } else { letters.wrap(notice, room.width(), max_lines) };
        let first = self.plot.center_y() - lines.len() as i32 * letters.line_height() / 2 + letters.ascent();
        for (index, line) in (0..).zip(lines) {
            let y = first + index * letters.line_height();
            labels.push(letters.rightwards(line, Anchor::Middle, self.plot.center_x(), y));
        }
    }

    fn place_x_ticks(&self, axis: &Axis, labels: &mut Vec<Label>) -> Vec<i32> {
        let letters = self.letters(Role::Tick);
        let (marks, texts) = ticks_on(axis, &axis.ticks, self.plot.left, self.plot.right);
        let extents: Vec<_> =
            marks.iter().zip(&texts).map(|(&center, text)| Extent { center, length: letters.width(text) }).collect();
        let y = self.plot.bottom + self.mark() + self.tick_gap() + letters.ascent();
        for index in ticks::thin(&extents, self.ruler.points(5.0)) {
            if let (Some(&x), Some(&text)) = (marks.get(index), texts.get(index)) {
                labels.push(letters.rightwards(self.tick_text(text), Anchor::Middle, x, y));
            }
        }
        marks
    }

    /// The marks, and how many of them have no room for their label.
    fn place_y_ticks(&self, axis: &Axis, labels: &mut Vec<Label>) -> (Vec<i32>, usize) {
        let letters = self.letters(Role::Tick);
        let (marks, texts) = ticks_on(axis, &axis.ticks, self.plot.bottom, self.plot.top);
        let shown = self.thin_lines(&marks);
        for &index in &shown {
            if let (Some(&y), Some(&text)) = (marks.get(index), texts.get(index)) {
                let x = self.plot.left - self.mark() - self.tick_gap();
                labels.push(letters.rightwards(self.tick_text(text), Anchor::End, x, y + letters.middle()));
            }
        }
        let unlabelled = marks.len() - shown.len();
        (marks, unlabelled)
    }

    /// The texts to the right of the axes.
    fn place_beside(&self, panel: &Panel, labels: &mut Vec<Label>) {
        let letters = self.letters(Role::Tick);
        let (heights, texts) = ticks_on(&panel.y, &panel.beside, self.plot.bottom, self.plot.top);
        for index in self.thin_lines(&heights) {
            if let (Some(&y), Some(&text)) = (heights.get(index), texts.get(index)) {
                let x = self.plot.right + self.beside_gap();
                labels.push(letters.rightwards(self.tick_text(text), Anchor::Start, x, y + letters.middle()));
            }
        }
    }

    /// The names at the ends of lines, in their order, moved apart where they would overlap.
    fn place_ends(&self, panel: &Panel, labels: &mut Vec<Label>) {
        if !self.has_ends {
            return;
        }
        let letters = self.letters(Role::Legend);
        let range = AxisRange::new(&panel.y);
        let height =
            |end: &EndName| axis::place(range.fraction(end.value).clamp(0.0, 1.0), self.plot.bottom, self.plot.top);
        let mut ends: Vec<(i32, &EndName)> = panel.ends.iter().map(|end| (height(end), end)).collect();
        ends.sort_by_key(|(height, _)| *height);
        let heights: Vec<i32> = ends.iter().map(|(height, _)| *height).collect();
        let half = letters.line_height() / 2;
        let places = apart(&heights, letters.line_height(), (self.plot.top + half, self.plot.bottom - half));
        for ((_, end), y) in ends.into_iter().zip(places) {
            let x = self.plot.right + self.beside_gap();
            let text = letters.elide(&end.label, self.panel.width() / 3);
            let label = letters.rightwards(text, Anchor::Start, x, y + letters.middle());
            labels.push(Label { style: Some(end.style), ..label });
        }
    }

    /// Which of the lines at these heights can be shown.
    fn thin_lines(&self, heights: &[i32]) -> Vec<usize> {
        let length = self.letters(Role::Tick).height();
        let extents: Vec<_> = heights.iter().map(|&center| Extent { center, length }).collect();
        ticks::thin(&extents, self.ruler.points(1.0))
    }

    /// The room that the labels below the horizontal axis need on both sides of the plot.
    ///
    /// `left` is the room there is on the left, and `right` the width of plot and right side together.
    fn overhang(&self, axis: &Axis, left: i32, right: i32) -> (i32, i32) {
        let range = AxisRange::new(axis);
        let letters = self.letters(Role::Tick);
        let mut overhang = (0, 0);
        for tick in axis.ticks.iter().filter(|tick| range.contains(tick.value)) {
            let fraction = range.fraction(tick.value).clamp(0.0, 1.0);
            let half = f64::from(letters.width(&self.tick_text(&tick.label))) / 2.0;
            // The room on the right moves the tick itself, by `fraction` of it.
            let needed = (half - (1.0 - fraction) * f64::from(right)) / fraction.max(0.01);
            overhang.1 = overhang.1.max(needed.ceil() as i32);
            if fraction < 0.5 {
                overhang.0 = overhang.0.max((half - fraction * f64::from(right) / 2.0).ceil() as i32);
            }
        }
        (overhang.0.max(left), overhang.1)
    }

    /// The room that the texts to the right of the axes need.
    fn beside_width(&self, panels: &[Panel]) -> i32 {
        let widest = panels.iter().map(|panel| self.widest(&panel.beside)).max().unwrap_or_default();
        let letters = self.letters(Role::Legend);
        let ends = panels.iter().flat_map(|panel| &panel.ends).filter(|_| self.has_ends);
        let longest = ends.map(|end| letters.width(&letters.elide(&end.label, self.panel.width() / 3))).max();
        let widest = widest.max(longest.unwrap_or_default());
        if 0 < widest { self.beside_gap() + widest } else { 0 }
    }

    fn widest(&self, ticks: &[Tick]) -> i32 {
        let letters = self.letters(Role::Tick);
        ticks.iter().map(|tick| letters.width(&self.tick_text(&tick.label))).max().unwrap_or_default()
    }

    /// A tick label, which may take at most a third of its panel.
    fn tick_text(&self, label: &str) -> String {
        self.letters(Role::Tick).elide(label, self.panel.width() / 3)
    }

    fn title(&self, panel: &Panel) -> Vec<String> {
        self.letters(Role::PanelTitle).wrap(&panel.title, self.panel.width(), MAX_TITLE_LINES)
    }

    fn x_label(&self, panel: &Panel) -> Vec<String> {
        self.letters(Role::AxisLabel).wrap(&panel.x.label, self.panel.width(), MAX_AXIS_LABEL_LINES)
    }

    fn y_label(&self, panel: &Panel) -> Vec<String> {
        self.letters(Role::AxisLabel).wrap(&panel.y.label, self.plot.height(), MAX_AXIS_LABEL_LINES)
    }

    /// The lines that the labels of the vertical axes take side by side.
    fn y_labels(&self, panel: &Panel) -> usize {
        let (upper, lower) = self.divided(panel);
        let below = panel.below.as_deref().zip(lower).map_or(0, |(below, lower)| lower.y_label(below).len());
        upper.y_label(panel).len().max(below)
    }

    fn letters(&self, role: Role) -> Type {
        Type::new(role, self.ruler)
    }

    fn mark(&self) -> i32 {
        self.ruler.points(3.5)
    }

    fn tick_gap(&self) -> i32 {
        self.ruler.points(3.0)
    }

    fn beside_gap(&self) -> i32 {
        self.ruler.points(8.0)
    }

    /// The middle of the plot, or as close to it as a text of this width can be without leaving the panel.
    fn centered(&self, width: i32) -> i32 {
        let half = width / 2 + 1;
        self.plot.center_x().min(self.panel.right - half).max(self.panel.left + half)
    }
}

/// Places that are at least `distance` apart, in the order of `wanted`, which ascends, as close to it as they can be within
/// `low..=high`, which has room for all.
fn apart(wanted: &[i32], distance: i32, (low, high): (i32, i32)) -> Vec<i32> {
    // Groups of neighbours that touch: the sum of what their first place would have to be, and how many they are.
    let mut groups: Vec<(i32, i32)> = Vec::new();
    let first = |(sum, count): (i32, i32)| (sum / count).min(high - (count - 1) * distance).max(low);
    for place in wanted {
        let mut group = (*place, 1);
        while let Some(&before) = groups.last().filter(|before| first(group) < first(**before) + before.1 * distance) {
            groups.pop();
            group = (before.0 + group.0 - group.1 * before.1 * distance, before.1 + group.1);
        }
        groups.push(group);
    }
    groups.into_iter().flat_map(|group| (0..group.1).map(move |index| first(group) + index * distance)).collect()
}

/// Places and labels of those `ticks` that lie within the axis, which runs from `start` to `end`.
fn ticks_on<'a>(axis: &Axis, ticks: &'a [Tick], start: i32, end: i32) -> (Vec<i32>, Vec<&'a str>) {
    let range = AxisRange::new(axis);
    ticks
        .iter()
        .filter(|tick| range.contains(tick.value))
        .map(|tick| (axis::place(range.fraction(tick.value), start, end), tick.label.as_str()))
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_move_apart_and_keep_their_order() {
        let cases: [(&[i32], &[i32]); 5] = [
            (&[], &[]),
            (&[10, 50], &[10, 50]),
            (&[50, 50], &[45, 55]),
            (&[0, 0, 100], &[0, 10, 100]),
            (&[98, 99, 100], &[80, 90, 100]),
        ];
        for (wanted, expected) in cases {
            assert_eq!(apart(wanted, 10, (0, 100)), expected, "{wanted:?}");
        }
    }
}
