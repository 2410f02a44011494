//! The legend below the panels: as many columns as fit, and as even as its entries allow.

use super::{
    label::{Anchor, Label, Role, Type},
    rect::Rect,
    ruler::Ruler,
};
use crate::chart::figure::{LegendEntry, Mark, Style};

/// The piece of line with its marker, or whatever shows the look of a series, that stands before a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) struct Key {
    /// As in [`LegendEntry::style`].
    pub(in crate::chart) style: Style,
    /// As in [`LegendEntry::mark`].
    pub(in crate::chart) mark: Mark,
    pub(in crate::chart) left: i32,
    pub(in crate::chart) right: i32,
    pub(in crate::chart) y: i32,
}

/// The legend, placed with its top edge at zero and centered around zero.
#[derive(Debug)]
pub(super) struct Legend {
    pub(super) height: i32,
    keys: Vec<Key>,
    labels: Vec<Label>,
}

impl Legend {
    /// Arranges `entries` in rows of at most `max_width`; only a name that is wider than that alone is elided.
    ///
    /// What explains a mark stands below the names where that takes no more rows: it is often longer than any name, and
    /// would pull their columns apart.
    pub(super) fn new(entries: &[LegendEntry], max_width: i32, ruler: Ruler) -> Self {
        let together = Self::rows(entries, max_width, ruler);
        let (names, marks): (Vec<LegendEntry>, Vec<LegendEntry>) =
            entries.iter().cloned().partition(|entry| matches!(entry.style, Style::Framework(_)));
        let apart = Self::rows(&names, max_width, ruler).above(Self::rows(&marks, max_width, ruler));
        if apart.height <= together.height { apart } else { together }
    }

    /// This legend with another one below it.
    fn above(mut self, other: Self) -> Self {
        self.keys.extend(other.keys.into_iter().map(|key| Key { y: key.y + self.height, ..key }));
        self.labels.extend(other.labels.into_iter().map(|label| Label { y: label.y + self.height, ..label }));
        Self { height: self.height + other.height, ..self }
    }

    fn rows(entries: &[LegendEntry], max_width: i32, ruler: Ruler) -> Self {
        let letters = Type::new(Role::Legend, ruler);
        let (key, key_gap, column_gap) = (ruler.points(28.0), ruler.points(7.0), ruler.points(22.0));
        let names: Vec<String> =
            entries.iter().map(|entry| letters.elide(&entry.name, max_width - key - key_gap)).collect();
        let widths: Vec<i32> = names.iter().map(|name| key + key_gap + letters.width(name)).collect();
        let columns = columns(&widths, column_gap, max_width);

        let row_height = (f64::from(letters.line_height()) * 1.12).round() as i32;
        let total = columns.iter().sum::<i32>() + column_gap * (columns.len() as i32 - 1).max(0);
        let mut legend = Self { height: 0, keys: Vec::new(), labels: Vec::new() };
        let mut entries = entries.iter().zip(names).peekable();
        while entries.peek().is_some() {
            let baseline = legend.height + row_height / 2 + letters.middle();
            let mut left = -total / 2;
            for (width, (entry, name)) in columns.iter().zip(entries.by_ref().take(columns.len())) {
                let y = legend.height + row_height / 2;
                legend.keys.push(Key { style: entry.style, mark: entry.mark, left, right: left + key, y });
                legend.labels.push(letters.rightwards(name, Anchor::Start, left + key + key_gap, baseline));
                left += width + column_gap;
            }
            legend.height += row_height;
        }
        legend
    }

    /// Keys and names, centered in `area` and as far up as it reaches.
    pub(super) fn place(self, area: Rect) -> (Vec<Key>, Vec<Label>) {
        let (dx, dy) = (area.center_x(), area.top);
        let keys =
            self.keys.into_iter().map(|key| Key { left: key.left + dx, right: key.right + dx, y: key.y + dy, ..key });
        let labels = self.labels.into_iter().map(|label| Label { x: label.x + dx, y: label.y + dy, ..label });
        (keys.collect(), labels.collect())
    }
}

/// The widths of the columns for entries of these `widths`, which are laid out row by row.
///
/// The fewest rows that fit; among these the fewest columns, so that the last row is as full as it can be.
fn columns(widths: &[i32], gap: i32, max_width: i32) -> Vec<i32> {
    let of = |count: usize| -> Vec<i32> {
        (0..count).map(|column| widths.iter().skip(column).step_by(count).copied().max().unwrap_or_default()).collect()
    };
    let fits = |columns: &Vec<i32>| columns.iter().sum::<i32>() + gap * (columns.len() as i32 - 1) <= max_width;
    let Some(most) = (1..=widths.len()).rev().map(of).find(fits) else {
        return of(widths.len().min(1));
    };
    let rows = widths.len().div_ceil(most.len());
    (widths.len().div_ceil(rows)..most.len()).map(of).find(fits).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_explains_a_mark_does_not_pull_the_names_apart() {
        let entry = |name: &str, style| LegendEntry { name: name.to_owned(), style, mark: Mark::Measured };
        let mut entries: Vec<LegendEntry> = (0..12).map(|n| entry("framework", Style::Framework(n))).collect();
        entries.push(entry("saturated: 95 % of the best measured", Style::Plain));
        let ruler = Ruler::all().next().unwrap();
        let rows = |entries: &[LegendEntry], width| -> Vec<usize> {
            let keys = Legend::new(entries, width, ruler).keys;
            keys.chunk_by(|one, next| one.y == next.y).map(<[Key]>::len).collect()
        };
        assert_eq!(rows(&entries, 7000), [3, 3, 3, 3, 1]);
        assert_eq!(rows(&entries[..12], 7000), [3, 3, 3, 3]);
        assert_eq!(rows(&entries[10..], 14_000), [3], "one row has room for all");
    }

    #[test]
    fn columns_are_as_many_as_fit_and_as_even_as_possible() {
        let cases: [(&[i32], i32, &[i32]); 6] = [
            (&[], 100, &[]),
            (&[500], 100, &[500]),
            (&[40, 50], 100, &[40, 50]),
            (&[40, 50], 99, &[50]),
            (&[10, 10, 10, 10, 10, 10, 10], 110, &[10, 10, 10, 10]),
            (&[30, 10, 30, 10], 60, &[30, 10]),
        ];
        for (widths, max_width, expected) in cases {
            assert_eq!(columns(widths, 10, max_width), expected, "{widths:?} in {max_width}");
        }
    }
}
