//! How panels are divided into rows and columns.

use super::{rect::Rect, ruler::Ruler};

/// Places for panels of one size, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) columns: i32,
    pub(super) rows: i32,
}

impl Grid {
    /// The grids that hold `count` panels, the widest first, each with no more columns than its rows need, and at most
    /// `most_columns`.
    pub(super) fn all(count: usize, most_columns: Option<usize>) -> Vec<Self> {
        let count = i32::try_from(count).unwrap_or(i32::MAX).max(1);
        let mut grids: Vec<Self> = Vec::new();
        for rows in 1..=count {
            let columns = (count - 1) / rows + 1;
            let is_full = (count - 1) / columns + 1 == rows;
            if is_full && grids.last().is_none_or(|last| columns < last.columns) {
                grids.push(Self { columns, rows });
            }
            if columns == 1 {
                break;
            }
        }
        let is_narrow = |grid: &Self| most_columns.is_none_or(|most| grid.columns as usize <= most.max(1));
        grids.retain(is_narrow);
        grids
    }

    /// The place of the first panel; the others are as large.
    pub(super) fn first(self, area: Rect, ruler: Ruler) -> Rect {
        let (across, down) = Self::gaps(ruler);
        let width = (area.width() - across * (self.columns - 1)) / self.columns;
        let height = (area.height() - down * (self.rows - 1)) / self.rows;
        Rect { right: area.left + width, bottom: area.top + height, ..area }
    }

    /// How far the panel with this number, from 0, stands from the first one, which is as large as `first`.
    pub(super) fn offset(self, index: i32, first: Rect, ruler: Ruler) -> (i32, i32) {
        let (across, down) = Self::gaps(ruler);
        ((index % self.columns) * (first.width() + across), (index / self.columns) * (first.height() + down))
    }

    fn gaps(ruler: Ruler) -> (i32, i32) {
        (ruler.points(30.0), ruler.points(18.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_have_no_empty_row_or_column() {
        let of = |count| Grid::all(count, None).iter().map(|grid| (grid.columns, grid.rows)).collect::<Vec<_>>();
        assert_eq!(of(0), [(1, 1)]);
        assert_eq!(of(1), [(1, 1)]);
        assert_eq!(of(2), [(2, 1), (1, 2)]);
        assert_eq!(of(4), [(4, 1), (2, 2), (1, 4)]);
        assert_eq!(of(5), [(5, 1), (3, 2), (2, 3), (1, 5)]);
        assert_eq!(Grid::all(5, Some(3)).len(), 3);
        assert_eq!(Grid::all(5, Some(0)).len(), 1);
    }

    #[test]
    fn panels_fill_the_area() {
        let area = Rect { left: 100, top: 200, right: 10_100, bottom: 6200 };
        let ruler = Ruler::all().next().unwrap();
        let grid = Grid { columns: 2, rows: 2 };
        let first = grid.first(area, ruler);
        let (dx, dy) = grid.offset(3, first, ruler);
        assert_eq!((first.left, first.top), (100, 200));
        assert_eq!((first.right + dx, first.bottom + dy), (10_100, 6200));
        assert_eq!(grid.offset(2, first, ruler).0, 0);
    }
}
