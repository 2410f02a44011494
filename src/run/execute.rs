//! Measures a suite: block after block, run after run, each kept as soon as it has ended.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use indexmap::IndexMap;

use super::RunError;
use super::bench::Bench;
use super::journal::{CellName, Entry, Journal, Measured, Outcome};
use super::measure::Job;
use super::plan::Plan;
use super::process::Mark;
use super::results::results;
use super::stop_rule::is_known;
use super::suite::{Fresh, Suite};
use crate::load::{Loaded, save};
use crate::record::{Run, Runs};

/// The file of the suite with every value, in the folder of the results.
const SUITE: &str = "suite.toml";

/// What came of a suite.
#[derive(Debug)]
pub struct Measurement {
    /// All runs that count.
    pub loaded: Loaded,
    /// How many cells failed; the diagnostics name them.
    pub failed: usize,
    /// What could not be stopped, with what is left of it.
    pub left: Vec<String>,
    /// Why it ended before its end; `None` where it did not.
    pub interruption: Option<String>,
}

/// What happens while a suite is measured.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// A run begins.
    Begins {
        /// What is measured.
        cell: &'a CellName,
        /// In which block, from 1.
        block: u32,
        /// How many runs have ended.
        done: usize,
        /// How many there will be at least.
        planned: usize,
        /// How long these may still take, s, as far as that is known.
        left: Option<f64>,
    },
    /// A run has ended.
    Ended {
        /// What is known of it.
        entry: &'a Entry,
    },
}

/// Measures a suite into a folder, and goes on with what is there already where `is_resumed`.
///
/// # Errors
///
/// Where nothing could be measured, or what was can't be kept. A run that fails is no error: its cell is counted as failed.
pub fn execute(
    suite: &Suite,
    folder: &Path,
    is_resumed: bool,
    is_cancelled: &AtomicBool,
    tell: &dyn Fn(Progress<'_>),
) -> Result<Measurement, RunError> {
    prepare(suite, folder, is_resumed)?;
    let mut journal = Journal::open(folder)?;
    // What a killed measurement left would hold ports, and disturb.
    journal.marks().iter().for_each(|mark| Mark::of(mark).kill_all());
    let mark = Mark::new();
    let mut execution = Execution {
        suite,
        folder,
        plan: Plan::of(suite),
        bench: Bench::new(suite, folder, &mark, is_cancelled),
        tell,
        begin: Instant::now(),
        done_before: journal.entries().len(),
        dead: HashMap::new(),
        left: Vec::new(),
    };
    let mut interruption = None;
    if !journal.is_ended() {
        journal.begin(mark.as_str())?;
        execution.bench.start_services()?;
        interruption = execution.run(&mut journal)?;
    }
    let Execution { bench, mut left, .. } = execution;
    left.extend(bench.close().into_iter().map(|(name, what)| format!("{name} can't be stopped: {what}")));
    if interruption.is_none() {
        journal.end()?;
    }
    let failed = journal.entries().iter().filter(|entry| entry.measured().is_none()).count();
    let loaded = results(suite, folder, &journal)?;
    Ok(Measurement { loaded, failed, left, interruption })
}

/// Makes the folder, with the suite in it, or sees that it is of the same suite.
fn prepare(suite: &Suite, folder: &Path, is_resumed: bool) -> Result<(), RunError> {
    let write = |error| RunError::Write { path: folder.to_owned(), error };
    let text = suite.write()?;
    fs::create_dir_all(folder.join("runs")).map_err(write)?;
    if !Journal::is_in(folder) {
        return write_whole(&folder.join(SUITE), text.as_bytes());
    }
    if !is_resumed {
        return Err(RunError::Occupied { folder: folder.to_owned() });
    }
    let path = folder.join(SUITE);
    let before = fs::read_to_string(&path).map_err(|error| RunError::Read { path, error })?;
    let mut lines = before.lines().zip(text.lines());
    let other = lines.find(|(found, expected)| found != expected);
    if other.is_none() && before.lines().count() == text.lines().count() {
        return Ok(());
    }
    let (found, expected) = other.unwrap_or(("its end", "more lines"));
    Err(RunError::OtherSuite { folder: folder.to_owned(), found: found.to_owned(), expected: expected.to_owned() })
}

struct Execution<'a> {
    suite: &'a Suite,
    folder: &'a Path,
    plan: Plan,
    bench: Bench<'a>,
    tell: &'a dyn Fn(Progress<'_>),
    begin: Instant,
    done_before: usize,
    /// Targets whose servers can't be had, and why.
    dead: HashMap<String, String>,
    left: Vec<String>,
}

impl Execution<'_> {
    /// Measures block after block until enough is known. Returns why it ended before that, where it did.
    fn run(&mut self, journal: &mut Journal) -> Result<Option<String>, RunError> {
        let repetitions = self.suite.repetitions;
        for block in 1..=repetitions.max {
            if repetitions.min < block && self.is_known(journal) {
                break;
            }
            if let Some(reason) = self.run_block(block, journal)? {
                return Ok(Some(reason));
            }
            for (name, left) in self.bench.end_block() {
                self.left.push(format!("{name} can't be stopped: {left}"));
            }
        }
        Ok(None)
    }

    fn run_block(&mut self, block: u32, journal: &mut Journal) -> Result<Option<String>, RunError> {
        let cells: Vec<CellName> = self.plan.block(block).cloned().collect();
        for (position, cell) in (1..).zip(&cells) {
            // A cell that failed is not tried again: its other runs would not count.
            let is_done = |entry: &Entry| entry.cell == *cell && (entry.block == block || entry.measured().is_none());
            if journal.entries().iter().any(is_done) {
                continue;
            }
            if self.bench.is_cancelled() {
                return Ok(Some("interrupted".to_owned()));
            }
            if let Err(reason) = self.bench.check_services() {
                return Ok(Some(reason));
            }
            self.tell_begin(cell, block, journal);
            let began = (SystemTime::now(), Instant::now());
            let outcome = match self.dead.get(&cell.target) {
                Some(reason) => Err(reason.clone()),
                None => self.measure(cell, block, position),
            };
            if self.bench.is_cancelled() {
                return Ok(Some("interrupted".to_owned()));
            }
            if let Err(reason) = self.bench.check_services() {
                return Ok(Some(reason));
            }
            let outcome = match outcome {
                Ok((run, measured)) => Outcome::Measured(Box::new(self.keep(run, measured, block, position)?)),
                Err(reason) => Outcome::Failed { reason },
            };
            self.add(journal, cell, block, position, began, outcome)?;
        }
        Ok(None)
    }

    fn add(
        &self,
        journal: &mut Journal,
        cell: &CellName,
        block: u32,
        position: u32,
        began: (SystemTime, Instant),
        outcome: Outcome,
    ) -> Result<(), RunError> {
        let since = began.0.duration_since(UNIX_EPOCH).unwrap_or_default();
        let entry = Entry {
            cell: cell.clone(),
            block,
            position,
            began: i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            took: began.1.elapsed().as_secs_f64(),
            outcome,
        };
        journal.add(entry.clone())?;
        (self.tell)(Progress::Ended { entry: &entry });
        Ok(())
    }

    /// Measures one run of a cell, with its server ready before and, where it did not do well, gone after.
    fn measure(&mut self, cell: &CellName, block: u32, position: u32) -> Result<(Run, Measured), String> {
        let (Some(target), Some(load)) = (self.suite.targets.get(&cell.target), self.suite.loads.get(&cell.load))
        else {
            return Err("it is not in the suite".to_owned());
        };
        let place = self.bench.reach(&cell.target, target, block);
        // What does not start now will not start for its other cells either, and each would wait for it.
        let place = place.inspect_err(|reason| drop(self.dead.insert(cell.target.clone(), reason.clone())))?;
        let seed = self.plan.seed(block, cell);
        let measured = self.bench.measure(&Job { cell, target, load, block, seed }, place);
        // That the server died says more than what that looked like.
        let measured = measured.map_err(|reason| self.bench.check_server(&cell.target).err().unwrap_or(reason));
        if measured.is_err() || self.suite.fresh == Fresh::Cell {
            self.bench.stop_server(&cell.target, measured.is_err())?;
        }
        let (mut run, measured) = measured?;
        run.framework.clone_from(&cell.target);
        run.scenario = if self.suite.has_scenarios() { cell.load.clone() } else { String::new() };
        run.concurrency = Some(cell.level);
        run.axis = load.levels.axis().to_owned();
        run.repetition = Some(block);
        run.source = format!("journal.ndjson, block {block}, position {position}");
        Ok((run, measured))
    }

    /// Keeps a run in a file of its own.
    fn keep(&self, mut run: Run, mut measured: Measured, block: u32, position: u32) -> Result<Measured, RunError> {
        if measured.withheld.is_some() {
            // What is no evidence of any time ranks nothing; the requests are counted all the same.
            run.forget_times();
            run.profile = None;
        }
        measured.file = format!("runs/{block:03}-{position:03}.parquet");
        let mut bytes = Vec::new();
        save(&Runs::new(vec![run]).into(), &mut bytes)?;
        write_whole(&self.folder.join(&measured.file), &bytes)?;
        Ok(measured)
    }

    /// Whether every ratio that is wanted is known well enough.
    fn is_known(&self, journal: &Journal) -> bool {
        let failed: HashSet<&CellName> =
            journal.entries().iter().filter(|entry| entry.measured().is_none()).map(|entry| &entry.cell).collect();
        let mut levels: IndexMap<(&str, u32), IndexMap<&str, Vec<f64>>> = IndexMap::new();
        for cell in self.plan.cells.iter().filter(|cell| !failed.contains(cell)) {
            levels.entry((&cell.load, cell.level)).or_default().insert(&cell.target, Vec::new());
        }
        for entry in journal.entries() {
            let value = entry.measured().and_then(|measured| measured.value);
            let sets = levels.get_mut(&(entry.cell.load.as_str(), entry.cell.level));
            if let Some(set) = sets.and_then(|sets| sets.get_mut(entry.cell.target.as_str())) {
                set.extend(value);
            }
        }
        levels.into_values().all(|sets| {
            let sets: Vec<Vec<f64>> = sets.into_values().collect();
            is_known(&sets, self.suite.repetitions.width)
        })
    }

    fn tell_begin(&self, cell: &CellName, block: u32, journal: &Journal) {
        let done = journal.entries().len();
        let blocks = block.max(self.suite.repetitions.min);
        let planned = self.plan.cells.len() * blocks as usize;
        let here = done - self.done_before;
        let left = if 0 < here {
            let each = self.begin.elapsed().as_secs_f64() / here as f64;
            Some(each * planned.saturating_sub(done) as f64)
        } else {
            self.plan.time(blocks)
        };
        (self.tell)(Progress::Begins { cell, block, done, planned, left });
    }
}

/// Writes a file that is whole or not there, whatever happens to the machine.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(std::io::Error::from).map(drop)
    };
    write().map_err(|error| RunError::Write { path: path.to_owned(), error })
}
