//! Which series a row belongs to, by the bytes of its names.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::load::samples::SeriesId;

/// The series that were seen before, by what their rows have for a key. Neighbouring rows mostly have the same one.
#[derive(Debug, Default)]
pub(super) struct KnownSeries {
    last_key: Vec<u8>,
    last: Option<SeriesId>,
    all: HashMap<Vec<u8>, SeriesId, FixedState>,
}

/// The most keys that are remembered: more would be no names.
const MOST: usize = 100_000;

impl KnownSeries {
    /// The series of this key.
    #[inline]
    pub(super) fn find(&mut self, key: &[u8]) -> Option<SeriesId> {
        if self.last.is_some() && key == self.last_key {
            return self.last;
        }
        let series = *self.all.get(key)?;
        self.make_last(key, series);
        Some(series)
    }

    /// The key and series that were found last.
    #[inline]
    pub(super) fn last(&self) -> Option<(&[u8], SeriesId)> {
        Some((&self.last_key, self.last?))
    }

    /// Remembers the series of a key.
    pub(super) fn learn(&mut self, key: &[u8], series: SeriesId) {
        if self.all.len() < MOST {
            self.all.insert(key.to_vec(), series);
        }
        self.make_last(key, series);
    }

    fn make_last(&mut self, key: &[u8], series: SeriesId) {
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        self.last = Some(series);
    }
}
