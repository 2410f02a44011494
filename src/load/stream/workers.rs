//! Several readers of one input, side by side.

use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::chunks::{Chunk, Chunks, Position};
use crate::load::format::ReadError;
use crate::load::sink::Sink;
use crate::load::tabular::Tally;

/// More readers than this would take more memory and wait for the disk.
const MOST_READERS: usize = 4;

/// Hands the pieces of an input to one of its readers.
pub(in crate::load) struct Feed<'c, R> {
    chunks: &'c Mutex<Chunks<R>>,
    buffer: Vec<u8>,
    /// A piece that is in `buffer` already.
    first: Option<Position>,
}

impl<R: Read> Feed<'_, R> {
    /// The next piece that no other reader has; `None` behind the last.
    pub(in crate::load) fn next(&mut self) -> Result<Option<Chunk<'_>>, ReadError> {
        let start = match self.first.take() {
            Some(start) => Some(start),
            None => self.chunks.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut self.buffer)?,
        };
        Ok(start.map(|start| Chunk { bytes: &self.buffer, start }))
    }
}

/// Reads an input piece by piece with as many readers as there are processors. `read` takes pieces until there are none,
/// and puts what they hold into a sink of its own; `sink` gets all of it, as if it had been read in one go. Returns the
/// pieces, in which a rest may be left, and what became of the records.
///
/// # Errors
///
/// The error of the first reader that has one.
pub(in crate::load) fn side_by_side<'a, R: Read + Send>(
    mut chunks: Chunks<R>,
    sink: &mut Sink<'a>,
    read: impl Fn(&mut Sink<'a>, &mut Feed<'_, R>) -> Result<Tally, ReadError> + Sync,
) -> Result<(Chunks<R>, Tally), ReadError> {
    let mut buffer = Vec::new();
    let first = chunks.fill(&mut buffer)?;
    // A small input is not worth a thread.
    let others = if first.is_none() || chunks.is_at_end() { 0 } else { readers() - 1 };
    let chunks = Mutex::new(chunks);
    let mut feeds = vec![Feed { chunks: &chunks, buffer, first }];
    feeds.extend((0..others).map(|_| Feed { chunks: &chunks, buffer: Vec::new(), first: None }));
    let tally = in_parts(sink, feeds, |part, mut feed| read(part, &mut feed))?;
    Ok((chunks.into_inner().unwrap_or_else(PoisonError::into_inner), tally))
}

/// Runs one reader for each of `jobs`, the first of them on this thread, and puts together what they read.
///
/// # Errors
///
/// The error of the first reader that has one.
pub(in crate::load) fn in_parts<'a, J: Send>(
    sink: &mut Sink<'a>,
    jobs: Vec<J>,
    read: impl Fn(&mut Sink<'a>, J) -> Result<Tally, ReadError> + Sync,
) -> Result<Tally, ReadError> {
    let run = |mut part: Sink<'a>, job: J| read(&mut part, job).map(|tally| (part, tally));
    let mut jobs = jobs.into_iter();
    let own = jobs.next();
    let parts = thread::scope(|scope| {
        let run = &run;
        let handles: Vec<_> = jobs
            .map(|job| {
                let part = sink.fork();
                scope.spawn(move || run(part, job))
            })
            .collect();
        let own = own.map(|job| run(sink.fork(), job));
        let others = handles.into_iter().map(|handle| match handle.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        own.into_iter().chain(others).collect::<Result<Vec<_>, _>>()
    })?;
    let mut all = Tally::default();
    for (part, tally) in parts {
        sink.join(part);
        all.merge(tally);
    }
    Ok(all)
}

/// How many readers an input gets.
pub(in crate::load) fn readers() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_READERS)
}
