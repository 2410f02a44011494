//! The processes of the machine, as /proc has them: which belong to a process that was started here, and what they take.

use std::fs;
use std::io::Write as _;

use rustix::param::clock_ticks_per_second;

/// The variable that marks every process that is started here, and what it starts, whatever group or session that is in.
pub(super) const MARK: &str = "BENCHPLOT_PROCESS";

/// What processes have taken so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Usage {
    /// Processor time of all threads, and of children that ended, s.
    pub(crate) cpu: f64,
    /// The most memory since [`forget_peaks`], bytes; the sum of all.
    pub(crate) peak_memory: u64,
}

/// The living processes that are in the process group `group` or carry this mark.
pub(super) fn members(group: u32, mark: &str) -> Vec<u32> {
    let is_member =
        |pid: &u32| stat(*pid).is_some_and(|stat| stat.is_alive && (stat.group == group || is_marked(*pid, mark)));
    pids().filter(is_member).collect()
}

/// The living processes whose mark begins so.
pub(super) fn marked(mark: &str) -> Vec<u32> {
    pids().filter(|&pid| stat(pid).is_some_and(|stat| stat.is_alive) && is_marked(pid, mark)).collect()
}

/// What these processes have taken so far.
pub(super) fn usage(pids: &[u32]) -> Usage {
    let mut usage = Usage::default();
    for &pid in pids {
        usage.cpu += stat(pid).map_or(0.0, |stat| stat.cpu);
        usage.peak_memory += peak_memory(pid).unwrap_or_default();
    }
    usage
}

/// The processor time of the children of a process that have ended, s.
pub(super) fn cpu_of_children(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |stat| stat.cpu_of_children)
}

/// Lets the peaks of memory begin anew, where the kernel allows it.
pub(super) fn forget_peaks(pids: &[u32]) {
    for pid in pids {
        let file = fs::OpenOptions::new().write(true).open(format!("/proc/{pid}/clear_refs"));
        // Where it is not allowed, the peak is that of the life of the process.
        let _ = file.and_then(|mut file| file.write_all(b"5"));
    }
}

/// The name of a program, as in `ps`.
pub(super) fn name(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm")).map(|name| name.trim().to_owned()).unwrap_or_default()
}

/// All processes.
pub(super) fn pids() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn is_marked(pid: u32, mark: &str) -> bool {
    let Ok(environment) = fs::read(format!("/proc/{pid}/environ")) else { return false };
    let marks = environment.split(|byte| *byte == 0).filter_map(|variable| variable.strip_prefix(MARK.as_bytes()));
    marks.filter_map(|value| value.strip_prefix(b"=")).any(|value| value.starts_with(mark.as_bytes()))
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Stat {
    is_alive: bool,
    group: u32,
    /// With that of children that have ended.
    cpu: f64,
    cpu_of_children: f64,
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// proc_pid_stat(5). The name may hold anything, spaces and brackets too, so the fields are counted from its end.
fn parse_stat(text: &str) -> Option<Stat> {
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
    // utime, stime; cutime, cstime.
    let (own, of_children) = (ticks(11)? + ticks(12)?, ticks(13)? + ticks(14)?);
    let seconds = |ticks: u64| ticks as f64 / clock_ticks_per_second() as f64;
    Some(Stat {
        is_alive: !matches!(fields.first(), Some(&"Z" | &"X")),
        group: fields.get(2)?.parse().ok()?,
        cpu: seconds(own + of_children),
        cpu_of_children: seconds(of_children),
    })
}

fn peak_memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_brackets() {
        let text = "42 (a) (b c) S 1 7 7 0 -1 4194304 100 0 0 0 150 50 20 10 20 0 1 0 100 1000 10 18446744073709551615";
        let stat = parse_stat(text).unwrap();
        assert_eq!((stat.is_alive, stat.group), (true, 7));
        assert!((stat.cpu - 230.0 / clock_ticks_per_second() as f64).abs() < 1e-12);
        assert_eq!(parse_stat("42 (a) Z 1 7 7 0 -1 0 0 0 0 0 0 0 0 0").map(|stat| stat.is_alive), Some(false));
        assert_eq!(parse_stat("nonsense"), None);
    }

    #[test]
    fn this_process_takes_something() {
        let own = std::process::id();
        assert!(pids().any(|pid| pid == own));
        assert!(0 < usage(&[own]).peak_memory);
        assert!(!name(own).is_empty());
    }
}
