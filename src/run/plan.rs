//! What will be measured, in which order, and how long that takes.

use super::journal::CellName;
use super::order::order;
use super::suite::{Driver, Fresh, Length, Levels, Load, Suite, Work};

/// What a run takes beside its work, s: the sentinel, two answers that are looked at, and files.
const OVERHEAD: f64 = 0.3;

/// How long a server takes to start and stop, s, as long as nothing is known of it.
const START: f64 = 1.0;

/// All cells of a suite, which each block measures once.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order of the suite.
    pub cells: Vec<CellName>,
    seed: u64,
    /// How long one block takes, s; `None` where that depends on how fast the targets are.
    block: Option<f64>,
}

impl Plan {
    /// The plan of a suite.
    pub fn of(suite: &Suite) -> Self {
        let mut cells = Vec::new();
        for (name, load) in &suite.loads {
            for target in &load.targets {
                let levels = load.levels.values().iter();
                cells.extend(levels.map(|&level| CellName { target: target.clone(), load: name.clone(), level }));
            }
        }
        let runs: Option<f64> = suite.loads.values().map(|load| time_of(load, suite.pause)).sum();
        let starts = match suite.fresh {
            Fresh::Block => suite.targets.values().filter(|target| target.server.is_some()).count(),
            Fresh::Cell => cells.len(),
            Fresh::Never => 0,
        };
        Self { cells, seed: suite.seed, block: runs.map(|runs| runs + starts as f64 * START) }
    }

    /// The cells of a block, from 1, in its order.
    pub fn block(&self, block: u32) -> impl Iterator<Item = &CellName> {
        let order = order(self.cells.len(), block.saturating_sub(1), self.seed);
        order.into_iter().filter_map(|index| self.cells.get(index))
    }

    /// How long so many blocks take, s, about; `None` where that depends on how fast the targets are.
    pub fn time(&self, blocks: u32) -> Option<f64> {
        self.block.map(|block| block * f64::from(blocks))
    }

    /// The seed of one run, which decides its random arrivals.
    pub(super) fn seed(&self, block: u32, cell: &CellName) -> u64 {
        // What is compared sees the same arrivals.
        self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (u64::from(block) << 32) ^ u64::from(cell.level)
    }
}

/// How long all runs of a load in one block take, s.
fn time_of(load: &Load, pause: Length) -> Option<f64> {
    let work: f64 = match (load.work, &load.levels, &load.driver) {
        (_, _, Driver::Command { .. }) => return None,
        (Work::For(duration), ..) => duration.as_seconds() * load.levels.values().len() as f64,
        (Work::Requests(requests), Levels::Rate { per_second, .. }, _) => {
            per_second.iter().map(|rate| requests as f64 / f64::from(*rate)).sum()
        }
        (Work::Requests(_) | Work::Once, ..) => return None,
    };
    let each = load.warm_up.as_seconds() + pause.as_seconds() + OVERHEAD;
    Some((work + each * load.levels.values().len() as f64) * load.targets.len() as f64)
}
