//! Processes that go on until they are stopped: their group, their port, their log, and what they take.
//!
//! A process is ready when it lives, when it and nobody else listens on its port, and when it answers. It is gone when
//! nothing that it started is left and the port is free.

mod ports;
mod ready;
mod table;

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::cpus::Cpus;
use super::suite::{Process, StopSignal};
pub(super) use table::Usage;

/// How often something that takes its time is looked at.
pub(super) const GLANCE: Duration = Duration::from_millis(20);

/// How long what was killed may take to be gone, and its port to be free.
const BURIAL: Duration = Duration::from_secs(2);

/// What every process of one measurement is marked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark(String);

/// A command, and how it is started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start<'a> {
    /// The program and its arguments.
    pub(super) command: &'a [String],
    pub(super) cwd: &'a Path,
    pub(super) env: &'a IndexMap<String, String>,
    pub(super) cpus: &'a str,
    /// Where its standard error goes, and its standard output where there is no other place.
    pub(super) log: &'a Path,
    /// Where its standard output goes.
    pub(super) stdout: Option<&'a Path>,
}

/// Fills in the names of arguments, once the port is known.
pub(super) type Fill<'a> = dyn Fn(&[String], Option<u16>) -> Vec<String> + 'a;

/// A process that was started, and everything that it started.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    status: Option<ExitStatus>,
    mark: String,
    log: PathBuf,
}

/// A server or service that was started.
#[derive(Debug)]
pub(super) struct Running {
    group: Group,
    spec: Process,
    port: Option<u16>,
}

impl Mark {
    /// A mark that no other measurement has.
    pub(super) fn new() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self(format!("{}-{:x}", std::process::id(), since.as_nanos()))
    }

    /// The mark of a measurement that was interrupted.
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is written.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Kills what an interrupted measurement left.
    pub(super) fn kill_all(&self) {
        let begin = Instant::now();
        loop {
            let left = table::marked(&self.0);
            if left.is_empty() || BURIAL < begin.elapsed() {
                return;
            }
            left.into_iter().for_each(|pid| signal_process(pid, Signal::KILL));
            thread::sleep(GLANCE);
        }
    }
}

impl Group {
    /// Starts a command in a process group of its own.
    pub(super) fn start(start: &Start<'_>, mark: &Mark, name: &str) -> Result<Self, String> {
        let (program, arguments) = start.command.split_first().ok_or("there is no command")?;
        let open =
            |path: &Path| File::create(path).map_err(|error| format!("{} can't be written: {error}", path.display()));
        let log = open(start.log)?;
        let stdout = match start.stdout {
            Some(path) => open(path)?,
            None => log.try_clone().map_err(|error| error.to_string())?,
        };
        let mark = format!("{}/{name}", mark.as_str());
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(start.cwd)
            .envs(start.env)
            .env(table::MARK, &mark)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(log)
            .process_group(0);
        let child = Cpus::run_on(Cpus::parse(start.cpus)?.as_ref(), || command.spawn())?;
        let child = child.map_err(|error| format!("{program} can't be started: {error}"))?;
        Ok(Self { child, status: None, mark, log: start.log.to_owned() })
    }

    /// The number of the process that was started.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How the process that was started ended; `None` while it lives.
    pub(super) fn status(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
        }
        self.status
    }

    /// All living processes of it.
    pub(super) fn members(&self) -> Vec<u32> {
        table::members(self.child.id(), &self.mark)
    }

    /// What it has taken so far.
    pub(super) fn usage(&self) -> Usage {
        table::usage(&self.members())
    }

    /// Lets the peak of memory begin anew.
    pub(super) fn forget_peak(&self) {
        table::forget_peaks(&self.members());
    }

    /// Asks all of it to stop, kills what is left after `patience`, and waits until nothing is left.
    pub(super) fn stop(&mut self, signal: Signal, patience: Duration) -> Result<(), String> {
        if self.send(signal, patience) || self.send(Signal::KILL, BURIAL) {
            return Ok(());
        }
        Err("it can't be killed".to_owned())
    }

    /// Sends a signal to all of it, and returns whether nothing is left in time.
    fn send(&mut self, signal: Signal, patience: Duration) -> bool {
        let begin = Instant::now();
        let mut is_sent = false;
        loop {
            // Reaped as soon as it has ended, as a zombie would hold its process group.
            let has_ended = self.status().is_some();
            let members = self.members();
            if members.is_empty() && has_ended {
                return true;
            }
            if !is_sent || signal == Signal::KILL {
                if let Some(group) = pid(self.child.id()) {
                    // It may have ended meanwhile.
                    let _ = kill_process_group(group, signal);
                }
                members.into_iter().filter(|pid| *pid != self.child.id()).for_each(|pid| signal_process(pid, signal));
                is_sent = true;
            }
            if patience < begin.elapsed() {
                return false;
            }
            thread::sleep(GLANCE);
        }
    }

    /// The last lines of the log, for a message; empty where there is none.
    fn last_words(&self) -> String {
        const LINES: usize = 3;
        let log = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
        if last.is_empty() { String::new() } else { format!("; its log ends with: {}", last.join(" / ")) }
    }

    /// How it ended, for a message.
    pub(super) fn obituary(&mut self) -> Option<String> {
        let status = self.status()?;
        let how = match (status.code(), status.signal()) {
            (Some(code), _) => format!("it ended with exit code {code}"),
            (None, Some(signal)) => format!("it was ended by signal {signal}"),
            (None, None) => "it ended".to_owned(),
        };
        Some(how + &self.last_words())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.status().is_none() || !self.members().is_empty() {
            // Nobody is left to hear that it can't be killed.
            let _ = self.stop(Signal::KILL, BURIAL);
        }
    }
}

impl Running {
    /// Starts a server or service, and returns when it is ready. `fill` fills in the names of its arguments, once its port
    /// is known.
    ///
    /// # Errors
    ///
    /// Why it is not ready; nothing of it is left then.
    pub(super) fn start(
        spec: &Process,
        name: &str,
        log: &Path,
        mark: &Mark,
        fill: &Fill<'_>,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Self, String> {
        let port = match spec.port {
            Some(0) => Some(free_port().map_err(|error| format!("there is no free port: {error}"))?),
            port => port,
        };
        if let Some(port) = port {
            let holders = ports::listeners(port);
            if !holders.is_empty() {
                return Err(format!("port {port} is held by {} before it starts", ports::holder(&holders)));
            }
        }
        let command = fill(&spec.command, port);
        let start = Start { command: &command, cwd: &spec.cwd, env: &spec.env, cpus: &spec.cpus, log, stdout: None };
        let group = Group::start(&start, mark, name)?;
        let mut running = Self { group, spec: spec.clone(), port };
        match running.wait_until_ready(is_cancelled) {
            Ok(()) => Ok(running),
            Err(reason) => {
                let _ = running.group.stop(Signal::KILL, BURIAL);
                Err(reason)
            }
        }
    }

    /// Where it listens.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.port.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    /// The port that it listens on.
    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Everything that was started with it.
    pub(super) fn group(&self) -> &Group {
        &self.group
    }

    /// Whether it still lives and holds its port alone.
    ///
    /// # Errors
    ///
    /// What became of it.
    pub(super) fn check(&mut self) -> Result<(), String> {
        if let Some(obituary) = self.group.obituary() {
            return Err(obituary);
        }
        let Some(port) = self.port else { return Ok(()) };
        let foreign = ports::foreign_listeners(port, &self.group.members());
        if !foreign.is_empty() {
            return Err(format!("port {port} is held by {} too", ports::holder(&foreign)));
        }
        if ports::listeners(port).is_empty() { Err(format!("it no longer listens on port {port}")) } else { Ok(()) }
    }

    /// Stops it, at once where `is_hurried`, and waits until its port is free.
    ///
    /// # Errors
    ///
    /// What is left of it.
    pub(super) fn stop(mut self, is_hurried: bool) -> Result<(), String> {
        let stop = self.spec.stop;
        let signal = if is_hurried { Signal::KILL } else { stop.signal.into() };
        self.group.stop(signal, stop.timeout.duration())?;
        let Some(port) = self.port else { return Ok(()) };
        let begin = Instant::now();
        loop {
            let holders = ports::listeners(port);
            if holders.is_empty() {
                return Ok(());
            }
            if BURIAL < begin.elapsed() {
                return Err(format!("port {port} is held by {} after it stopped", ports::holder(&holders)));
            }
            thread::sleep(GLANCE);
        }
    }
}

impl From<StopSignal> for Signal {
    fn from(signal: StopSignal) -> Self {
        match signal {
            StopSignal::Term => Self::TERM,
            StopSignal::Int => Self::INT,
            StopSignal::Quit => Self::QUIT,
            StopSignal::Hup => Self::HUP,
            StopSignal::Kill => Self::KILL,
        }
    }
}

/// The processor time of all processes that were started here and have ended, with what they waited for, s.
pub(super) fn cpu_of_children() -> f64 {
    table::cpu_of_children(std::process::id())
}

fn free_port() -> io::Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr().map(|address| address.port())
}

fn pid(number: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(number).ok()?)
}

fn signal_process(number: u32, signal: Signal) {
    if let Some(pid) = pid(number) {
        // It may have ended meanwhile.
        let _ = kill_process(pid, signal);
    }
}
