//! A program that runs to its end, and how long that takes.

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open};

use super::process::{Group, Mark, Start};

/// How a program ran to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finished {
    /// From when it was started, s.
    pub(super) wall: f64,
    /// Processor time of it and what it started and waited for, s, to a hundredth.
    pub(super) cpu: f64,
}

/// Runs a program to its end, which has to be a good one.
///
/// # Errors
///
/// Where it can't be started, fails, takes longer than `timeout`, or is cancelled; nothing of it is left then.
pub(super) fn finish(
    start: &Start<'_>,
    mark: &Mark,
    timeout: Duration,
    is_cancelled: &AtomicBool,
) -> Result<Finished, String> {
    let cpu_before = super::process::cpu_of_children();
    let begin = Instant::now();
    let mut group = Group::start(start, mark, "command")?;
    let ended = wait(&group, begin, timeout, is_cancelled);
    let wall = begin.elapsed().as_secs_f64();
    if let Err(reason) = ended {
        group.stop(Signal::KILL, Duration::ZERO)?;
        return Err(reason);
    }
    // It has ended, so this does not wait.
    while group.status().is_none() {
        std::thread::yield_now();
    }
    if group.status().is_some_and(|status| !status.success()) {
        return Err(group.obituary().unwrap_or_default());
    }
    if !group.members().is_empty() {
        group.stop(Signal::KILL, Duration::ZERO)?;
        return Err("it left processes in the background, which would disturb the next run".to_owned());
    }
    Ok(Finished { wall, cpu: super::process::cpu_of_children() - cpu_before })
}

/// Waits until the process has ended, without asking again and again.
fn wait(group: &Group, begin: Instant, timeout: Duration, is_cancelled: &AtomicBool) -> Result<(), String> {
    const SLICE: Duration = Duration::from_millis(50);
    let pid = Pid::from_raw(i32::try_from(group.id()).unwrap_or_default()).ok_or("it has no process")?;
    let handle: OwnedFd = pidfd_open(pid, PidfdFlags::empty()).map_err(|error| error.to_string())?;
    loop {
        if is_cancelled.load(Ordering::Relaxed) {
            return Err("it was interrupted".to_owned());
        }
        let left = timeout.checked_sub(begin.elapsed());
        let left = left.ok_or_else(|| format!("it took longer than {} s", timeout.as_secs_f64()))?.min(SLICE);
        let wait = Timespec { tv_sec: 0, tv_nsec: left.subsec_nanos().into() };
        match poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use indexmap::IndexMap;

    use super::*;

    fn run(script: &str, timeout: Duration) -> Result<Finished, String> {
        let folder = tempfile::tempdir().unwrap();
        let command = ["sh", "-c", script].map(str::to_owned);
        let start = Start {
            command: &command,
            cwd: Path::new("/"),
            env: &IndexMap::new(),
            cpus: "",
            log: &folder.path().join("log"),
            stdout: None,
        };
        finish(&start, &Mark::new(), timeout, &AtomicBool::new(false))
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_command_takes_its_time() {
        let finished = run("sleep 0.1", LONG).unwrap();
        assert!(0.1 <= finished.wall, "{finished:?}");
    }

    #[test]
    fn a_command_that_fails_is_named_with_its_last_words() {
        let error = run("echo first; echo 'no such file' >&2; exit 3", LONG).unwrap_err();
        assert_eq!(error, "it ended with exit code 3; its log ends with: first / no such file");
        assert_eq!(run("kill -9 $$", LONG).unwrap_err(), "it was ended by signal 9");
    }

    #[test]
    fn nothing_of_a_command_is_left() {
        assert_eq!(run("sleep 60", Duration::from_millis(50)).unwrap_err(), "it took longer than 0.05 s");
        let error = run("sleep 60 & exit 0", LONG).unwrap_err();
        assert!(error.starts_with("it left processes in the background"), "{error}");
        // In a session of its own, too.
        let error = run("setsid sleep 60 & exit 0", LONG).unwrap_err();
        assert!(error.starts_with("it left processes in the background"), "{error}");
    }
}
