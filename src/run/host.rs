//! How busy the machine is.

use std::fs;

use super::journal::HostUsage;

/// The time of all processors so far, in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct HostTime {
    all: u64,
    idle: u64,
    steal: u64,
}

impl HostTime {
    /// Until now; of nothing where /proc/stat can't be read.
    pub(super) fn now() -> Self {
        fs::read_to_string("/proc/stat").ok().and_then(|text| parse(&text)).unwrap_or_default()
    }

    /// What was done from `before` until this.
    pub(super) fn since(self, before: Self) -> HostUsage {
        let all = self.all.saturating_sub(before.all);
        let share = |part: u64, before: u64| {
            if all == 0 { 0.0 } else { part.saturating_sub(before) as f64 / all as f64 }
        };
        let idle = share(self.idle, before.idle);
        HostUsage { busy: if all == 0 { 0.0 } else { 1.0 - idle }, steal: share(self.steal, before.steal) }
    }
}

/// proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are in the first two already.
fn parse(text: &str) -> Option<HostTime> {
    let line = text.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_ascii_whitespace().take(8).map_while(|field| field.parse().ok()).collect();
    let [_, _, _, idle, wait, _, _, steal] = *ticks.as_slice() else { return None };
    Some(HostTime { all: ticks.iter().sum(), idle: idle + wait, steal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_time_between_two_looks() {
        let at = |text: &str| parse(text).unwrap();
        let before = at("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1\n");
        let after = at("cpu  150 0 100 730 100 0 0 20 0 0\n");
        let usage = after.since(before);
        assert!((usage.busy - 0.7).abs() < 1e-12 && (usage.steal - 0.2).abs() < 1e-12, "{usage:?}");
        assert_eq!(before.since(before), HostUsage::default());
        assert_eq!(parse("nonsense"), None);
    }
}
