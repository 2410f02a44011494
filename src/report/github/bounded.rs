//! A text that may not grow beyond a number of bytes.

/// A text of bounded length, with room kept back for its end.
#[derive(Debug)]
pub(super) struct Bounded {
    text: String,
    room: usize,
}

impl Bounded {
    /// An empty text that will hold `limit` bytes at most, the last `reserved` of them for [`end`](Self::end).
    pub(super) fn new(limit: usize, reserved: usize) -> Self {
        Self { text: String::new(), room: limit.saturating_sub(reserved) }
    }

    /// Adds a block if it fits as a whole, and says whether it did.
    pub(super) fn add(&mut self, block: &str) -> bool {
        let fits = block.len() <= self.room.saturating_sub(self.text.len());
        if fits {
            self.text.push_str(block);
        }
        fits
    }

    /// Adds as many of these rows as fit, between `before` and `after`; returns how many did not. Without a row there is
    /// nothing before and after it either.
    pub(super) fn add_rows(&mut self, before: &str, rows: &[String], after: &str) -> usize {
        let Some((first, others)) = rows.split_first() else { return 0 };
        // The end of the rows is kept room for, as it closes what their begin opens.
        let frame = before.len() + first.len() + after.len();
        if self.room.saturating_sub(self.text.len()) < frame {
            return rows.len();
        }
        self.text.push_str(before);
        self.text.push_str(first);
        let mut left = others.len();
        for row in others {
            if self.room.saturating_sub(self.text.len()) < row.len() + after.len() {
                break;
            }
            self.text.push_str(row);
            left -= 1;
        }
        self.text.push_str(after);
        left
    }

    /// The text with its end, for which room was kept back.
    pub(super) fn end(mut self, end: &str) -> String {
        self.text.push_str(end);
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted_and_what_is_open_is_closed() {
        let rows: Vec<String> = ["并发", "数", "a"].map(str::to_owned).to_vec();
        for (limit, expected, left) in [(20, "<并发数a>!", 0), (12, "<并发数>!", 1), (11, "<并发>!", 2), (8, "!", 3)]
        {
            let mut text = Bounded::new(limit, 1);
            assert_eq!(text.add_rows("<", &rows, ">"), left, "{limit}");
            let text = text.end("!");
            assert_eq!(text, expected);
            assert!(text.len() <= limit);
        }
        assert_eq!(Bounded::new(9, 0).add_rows("<", &[], ">"), 0);
    }
}
