//! Rectangles on the grid that everything is placed on.

/// A rectangle in twips, y downwards; the right and lower edges lie outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) struct Rect {
    pub(in crate::chart) left: i32,
    pub(in crate::chart) top: i32,
    pub(in crate::chart) right: i32,
    pub(in crate::chart) bottom: i32,
}

impl Rect {
    pub(in crate::chart) fn width(&self) -> i32 {
        self.right - self.left
    }

    pub(in crate::chart) fn height(&self) -> i32 {
        self.bottom - self.top
    }

    pub(super) fn center_x(&self) -> i32 {
        self.left + self.width() / 2
    }

    pub(super) fn center_y(&self) -> i32 {
        self.top + self.height() / 2
    }

    pub(super) fn shifted(&self, (right, down): (i32, i32)) -> Self {
        Self { left: self.left + right, top: self.top + down, right: self.right + right, bottom: self.bottom + down }
    }

    pub(super) fn inset(&self, by: i32) -> Self {
        Self { left: self.left + by, top: self.top + by, right: self.right - by, bottom: self.bottom - by }
    }
}

#[cfg(test)]
impl Rect {
    pub(super) fn intersects(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }
}
