//! Texts with their places: what each kind of text looks like and which room it takes.

#[cfg(test)]
use super::rect::Rect;
use super::ruler::Ruler;
use crate::chart::{
    figure::Style,
    font::{self, Weight},
    text,
};

/// What a text is for, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Role {
    Title,
    PanelTitle,
    AxisLabel,
    Tick,
    Legend,
    Footnote,
    Notice,
}

impl Role {
    pub(in crate::chart) fn weight(self) -> Weight {
        match self {
            Self::Title | Self::PanelTitle => Weight::Bold,
            Self::AxisLabel | Self::Tick | Self::Legend | Self::Footnote | Self::Notice => Weight::Regular,
        }
    }

    /// Whether it stands back behind the other texts.
    pub(in crate::chart) fn is_muted(self) -> bool {
        matches!(self, Self::Tick | Self::Footnote | Self::Notice)
    }

    /// The size of the letters in points.
    fn points(self) -> f64 {
        match self {
            Self::Title => 16.0,
            Self::PanelTitle => 13.0,
            Self::Notice => 12.0,
            Self::AxisLabel => 11.5,
            Self::Legend => 11.0,
            Self::Tick => 10.5,
            Self::Footnote => 9.5,
        }
    }
}

/// Which point of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Anchor {
    Start,
    Middle,
    End,
}

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Direction {
    Rightwards,
    Upwards,
}

/// One line of text with its place.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) struct Label {
    pub(in crate::chart) text: String,
    pub(in crate::chart) role: Role,
    /// The size of the letters in twips.
    pub(in crate::chart) em: f64,
    /// Where the anchor lies on the baseline.
    pub(in crate::chart) x: i32,
    pub(in crate::chart) y: i32,
    pub(in crate::chart) anchor: Anchor,
    pub(in crate::chart) direction: Direction,
    /// The series whose colour it has.
    pub(in crate::chart) style: Option<Style>,
}

/// How texts of one role are measured and set at one scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    role: Role,
    em: f64,
}

impl Type {
    pub(super) fn new(role: Role, ruler: Ruler) -> Self {
        Self { role, em: f64::from(ruler.points(role.points())) }
    }

    /// From one baseline to the next.
    pub(super) fn line_height(&self) -> i32 {
        (1.3 * self.em).ceil() as i32
    }

    /// From the top of the letters to their bottom.
    pub(super) fn height(&self) -> i32 {
        self.ascent() + (font::DESCENT * self.em).ceil() as i32
    }

    pub(super) fn ascent(&self) -> i32 {
        (font::ASCENT * self.em).ceil() as i32
    }

    /// From the baseline up to the middle of digits and capital letters.
    pub(super) fn middle(&self) -> i32 {
        (0.365 * self.em).round() as i32
    }

    pub(super) fn width(&self, text: &str) -> i32 {
        (self.em * font::width(&text::printable(text), self.role.weight())).ceil() as i32
    }

    pub(super) fn elide(&self, text: &str, max_width: i32) -> String {
        text::elide_middle(&text::printable(text), self.role.weight(), f64::from(max_width) / self.em)
    }

    pub(super) fn wrap(&self, text: &str, max_width: i32, max_lines: usize) -> Vec<String> {
        text::wrap(&text::printable(text), self.role.weight(), f64::from(max_width) / self.em, max_lines)
    }

    /// A line from left to right whose baseline is at `y`.
    pub(super) fn rightwards(&self, text: String, anchor: Anchor, x: i32, y: i32) -> Label {
        Label { text, role: self.role, em: self.em, x, y, anchor, direction: Direction::Rightwards, style: None }
    }

    /// A line from bottom to top, centered, whose baseline is at `x`.
    pub(super) fn upwards(&self, text: String, x: i32, y: i32) -> Label {
        Label {
            text,
            role: self.role,
            em: self.em,
            x,
            y,
            anchor: Anchor::Middle,
            direction: Direction::Upwards,
            style: None,
        }
    }
}

#[cfg(test)]
impl Label {
    /// The room that the letters may take: full ascent and descent, whichever letters there are.
    pub(super) fn bounds(&self) -> Rect {
        let length = (self.em * font::width(&self.text, self.role.weight())).ceil() as i32;
        let (ascent, descent) = ((self.em * font::ASCENT).ceil() as i32, (self.em * font::DESCENT).ceil() as i32);
        let before = match self.anchor {
            Anchor::Start => 0,
            Anchor::Middle => length / 2,
            Anchor::End => length,
        };
        match self.direction {
            Direction::Rightwards => {
                let left = self.x - before;
                Rect { left, top: self.y - ascent, right: left + length, bottom: self.y + descent }
            }
            Direction::Upwards => {
                let bottom = self.y + before;
                Rect { left: self.x - ascent, top: bottom - length, right: self.x + descent, bottom }
            }
        }
    }
}
