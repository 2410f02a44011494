//! The panels side by side: axes as large as their labels let them be, and of the same size in all panels.

use super::{
    label::{Anchor, Label, Role, Type},
    rect::Rect,
    ruler::Ruler,
    ticks::{self, Extent},
};
use crate::chart::{
    axis::{self, AxisRange},
    figure::{Axis, Panel},
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
}

/// Places `panels` in `area`, with all their texts; `None` where nothing is left for the axes.
pub(super) fn arrange(panels: &[Panel], area: Rect, ruler: Ruler) -> Option<(Vec<PanelPlace>, Vec<Label>)> {
    let count = i32::try_from(panels.len()).ok()?;
    let gap = ruler.points(30.0);
    let width = (area.width() - gap * (count - 1).max(0)) / count.max(1);
    let frame = Frame::new(panels, Rect { right: area.left + width, ..area }, ruler)?;
    let mut labels = Vec::new();
    let places = (0..)
        .zip(panels)
        .map(|(index, panel)| frame.shifted(index * (width + gap)).place(panel, &mut labels))
        .collect();
    Some((places, labels))
}

/// What the panels have in common: sizes that suit the most demanding of them.
#[derive(Debug, Clone, Copy)]
struct Frame {
    ruler: Ruler,
    panel: Rect,
    plot: Rect,
}

const MAX_TITLE_LINES: usize = 2;
const MAX_AXIS_LABEL_LINES: usize = 2;

impl Frame {
    /// The frame of the first panel, which is `panel` wide and high.
    fn new(panels: &[Panel], panel: Rect, ruler: Ruler) -> Option<Self> {
        let mut frame = Self { ruler, panel, plot: panel };
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
        let y_labels = most(&|panel| frame.y_label(panel).len());
        let widest_y_tick = panels.iter().map(|panel| frame.widest(&panel.y)).max().unwrap_or_default();
        frame.plot.left += frame.mark() + frame.tick_gap() + widest_y_tick;
        if 0 < y_labels {
            frame.plot.left += ruler.points(6.0) + lines(y_labels, frame.letters(Role::AxisLabel));
        }
        let (left, right) = (frame.plot.left - panel.left, panel.right - frame.plot.left);
        let overhangs = panels.iter().map(|panel| frame.overhang(&panel.x, left, right));
        let (left, right) =
            overhangs.fold((left, ruler.points(5.0)), |most, next| (most.0.max(next.0), most.1.max(next.1)));
        frame.plot.left = panel.left + left;
        frame.plot.right = panel.right - right;
        (0 < frame.plot.width()).then_some(frame)
    }

    fn shifted(mut self, by: i32) -> Self {
        for rect in [&mut self.panel, &mut self.plot] {
            rect.left += by;
            rect.right += by;
        }
        self
    }

    fn place(&self, panel: &Panel, labels: &mut Vec<Label>) -> PanelPlace {
        self.place_titles(panel, labels);
        self.place_notice(panel, labels);
        PanelPlace {
            plot: self.plot,
            mark: self.mark(),
            x_marks: self.place_x_ticks(&panel.x, labels),
            y_marks: self.place_y_ticks(&panel.y, labels),
        }
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
        // Beside the panel's own tick labels, not as far out as another panel's wider ones would need.
        let ticks = self.mark() + self.tick_gap() + self.widest(&panel.y) + self.ruler.points(6.0);
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
        let (marks, texts) = ticks_on(axis, self.plot.left, self.plot.right);
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

    fn place_y_ticks(&self, axis: &Axis, labels: &mut Vec<Label>) -> Vec<i32> {
        let letters = self.letters(Role::Tick);
        let (marks, texts) = ticks_on(axis, self.plot.bottom, self.plot.top);
        let extents: Vec<_> = marks.iter().map(|&center| Extent { center, length: letters.height() }).collect();
        let x = self.plot.left - self.mark() - self.tick_gap();
        for index in ticks::thin(&extents, self.ruler.points(1.0)) {
            if let (Some(&y), Some(&text)) = (marks.get(index), texts.get(index)) {
                labels.push(letters.rightwards(self.tick_text(text), Anchor::End, x, y + letters.middle()));
            }
        }
        marks
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

    fn widest(&self, axis: &Axis) -> i32 {
        let letters = self.letters(Role::Tick);
        axis.ticks.iter().map(|tick| letters.width(&self.tick_text(&tick.label))).max().unwrap_or_default()
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

    fn letters(&self, role: Role) -> Type {
        Type::new(role, self.ruler)
    }

    fn mark(&self) -> i32 {
        self.ruler.points(3.5)
    }

    fn tick_gap(&self) -> i32 {
        self.ruler.points(3.0)
    }

    /// The middle of the plot, or as close to it as a text of this width can be without leaving the panel.
    fn centered(&self, width: i32) -> i32 {
        let half = width / 2 + 1;
        self.plot.center_x().min(self.panel.right - half).max(self.panel.left + half)
    }
}

/// Places and labels of the ticks within the axis, which runs from `start` to `end`.
fn ticks_on(axis: &Axis, start: i32, end: i32) -> (Vec<i32>, Vec<&str>) {
    let range = AxisRange::new(axis);
    axis.ticks
        .iter()
        .filter(|tick| range.contains(tick.value))
        .map(|tick| (axis::place(range.fraction(tick.value), start, end), tick.label.as_str()))
        .unzip()
}
