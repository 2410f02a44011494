//! How far the reading is: a few numbers that another thread may look at while it goes on.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::LoadOptions;
use super::input::Found;

/// Bytes that are read, of those that there are.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of all files, compressed as they are; 0 until they are found.
    bytes: AtomicU64,
    /// Bytes of them that were read.
    bytes_read: AtomicU64,
}

impl Progress {
    /// How many bytes all files have, and how many of them are read.
    pub fn bytes(&self) -> (u64, u64) {
        (self.bytes.load(Ordering::Relaxed), self.bytes_read.load(Ordering::Relaxed))
    }

    fn begin(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// Nothing is left of the files so far, whether or not all of their bytes were looked at.
    fn reach(&self, bytes: u64) {
        self.bytes_read.store(bytes, Ordering::Relaxed);
    }
}

/// Tells how much of all files is read.
pub(super) struct Bytes<'o> {
    progress: Option<&'o Progress>,
    /// Of each file that is left, the first one first, the bytes before its end.
    ends: std::vec::IntoIter<u64>,
    begin: u64,
}

impl<'o> Bytes<'o> {
    pub(super) fn of(found: &[Found], options: &'o LoadOptions) -> Self {
        let progress = options.progress.as_deref();
        let mut all = 0;
        let length =
            |file: &Found| file.path.as_ref().and_then(|path| path.metadata().ok()).map_or(0, |file| file.len());
        let ends = found.iter().filter(|_| progress.is_some()).map(|file| {
            all += length(file);
            all
        });
        let ends = ends.collect::<Vec<_>>().into_iter();
        if let Some(progress) = progress {
            progress.begin(all);
        }
        Self { progress, ends, begin: 0 }
    }

    /// Goes on with the next file.
    pub(super) fn next(&mut self) {
        if let Some(progress) = self.progress {
            progress.reach(self.begin);
            self.begin = self.ends.next().unwrap_or(self.begin);
        }
    }
}

/// A reader whose bytes are counted.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) progress: Arc<Progress>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.bytes_read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted() {
        let progress = Arc::new(Progress::default());
        progress.begin(10);
        let mut reader = Counted { inner: &b"12345"[..], progress: Arc::clone(&progress) };
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert_eq!(progress.bytes(), (10, 5));
        progress.reach(10);
        assert_eq!(progress.bytes(), (10, 10));
    }
}
