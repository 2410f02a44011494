//! One run: a target under a load at a level, from a warm start to a row of the run table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::bench::{Bench, Place, file_name};
use super::command::finish;
use super::host::HostTime;
use super::http::{self, Details, Drive, Driven, Rhythm};
use super::journal::{CellName, Measured, TargetUsage};
use super::process::Start;
use super::sentinel::sentinel;
use super::suite::{Driver, Length, Levels, Load, Reads, Request, Target, Work};
use super::tools::Tool;
use crate::load::{Input, LoadError, LoadOptions, load, named};
use crate::record::{Column, Latency, Profile, Run};

/// One run of one cell.
pub(super) struct Job<'a> {
    pub(super) cell: &'a CellName,
    pub(super) target: &'a Target,
    pub(super) load: &'a Load,
    /// From 1.
    pub(super) block: u32,
    /// Of this run alone.
    pub(super) seed: u64,
}

/// What a driver made of a run.
struct Taken {
    run: Run,
    measured: f64,
    target: Option<TargetUsage>,
    host: HostTime,
    http: Option<Details>,
    version: Option<String>,
}

/// The driver was late in this share of the slowest hundredth or more, and longer than this, s: then the latencies are
/// partly its own.
const LATE_SHARE: f64 = 0.1;
const LATE: f64 = 0.001;

/// Less than this share of the rate was done: then the target was overloaded, and its latencies grow with the run.
const HELD: f64 = 0.99;

impl Bench<'_> {
    /// Measures one run. The run has everything but its names.
    ///
    /// # Errors
    ///
    /// Why it failed.
    pub(super) fn measure(&mut self, job: &Job<'_>, place: Option<Place>) -> Result<(Run, Measured), String> {
        std::thread::sleep(self.suite.pause.duration());
        let sentinel = sentinel();
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let taken = match (&job.load.driver, place) {
            (Driver::Http(request), Some(place)) => self.drive_http(job, request, &place),
            (Driver::Tool { tool, path, timeout }, Some(place)) => self.drive_tool(job, tool, &place, path, *timeout),
            (Driver::Command { command, reads, timeout }, _) => self.drive_command(job, command, *reads, *timeout),
            (Driver::Http(_) | Driver::Tool { .. }, None) => Err("it has no port".to_owned()),
        }?;
        self.check_server(&job.cell.target)?;
        let host = HostTime::now().since(taken.host);
        let mut run = taken.run;
        run.timestamp = run.timestamp.or_else(|| i64::try_from(began.as_micros()).ok());
        let withheld = taken.http.as_ref().and_then(|details| rate_not_held(details, &run.latency));
        let value = value(&run, &job.load.levels).filter(|_| withheld.is_none());
        let measured = Measured {
            file: String::new(),
            value,
            withheld,
            measured: taken.measured,
            sentinel,
            target: taken.target,
            host,
            http: taken.http,
            driver_version: taken.version,
        };
        Ok((run, measured))
    }

    fn drive_http(&self, job: &Job<'_>, request: &Request, place: &Place) -> Result<Taken, String> {
        http::verify(place.address, request).map_err(|reason| format!("before the run: {reason}"))?;
        let group = self.group(&job.cell.target);
        let rhythm = rhythm(&job.load.levels, job.cell.level, job.load.work)?;
        let drive = Drive {
            address: place.address,
            request,
            warm_up: job.load.warm_up,
            rhythm,
            generator: &self.suite.generator,
            seed: job.seed,
        };
        let mut before = None;
        let driven = http::drive(&drive, self.is_cancelled, || {
            if let Some(group) = group {
                group.forget_peak();
            }
            before = Some((HostTime::now(), group.map(|group| group.usage().cpu)));
        })?;
        let (host, cpu_before) = before.unwrap_or_default();
        let target = group.zip(cpu_before).map(|(group, before)| {
            let usage = group.usage();
            TargetUsage { cpu: (usage.cpu - before).max(0.0), peak_memory: Some(usage.peak_memory) }
        });
        if driven.profile.errors < driven.profile.requests {
            http::verify(place.address, request).map_err(|reason| format!("after the run: {reason}"))?;
        }
        let measured = driven.total_time;
        let details = driven.details.clone();
        Ok(Taken { run: run_of(driven), measured, target, host, http: Some(details), version: None })
    }

    fn drive_command(&self, job: &Job<'_>, command: &[String], reads: Reads, timeout: Length) -> Result<Taken, String> {
        let of_target = &job.target.command;
        let command = if command.is_empty() { of_target } else { command };
        if !job.load.warm_up.is_zero() {
            let begin = Instant::now();
            while begin.elapsed() < job.load.warm_up.duration() {
                self.run_command(job, command, reads, timeout)?;
            }
        }
        let host = HostTime::now();
        let (finished, result) = self.run_command(job, command, reads, timeout)?;
        let run = match result {
            Some(path) => imported(&path, None, job.cell.level)?,
            None => timed(finished.wall, job.load.work),
        };
        let target = Some(TargetUsage { cpu: finished.cpu, peak_memory: None });
        Ok(Taken { run, measured: finished.wall, target, host, http: None, version: None })
    }

    /// Runs the command once. Returns the file that its result is in, where it is in one.
    fn run_command(
        &self,
        job: &Job<'_>,
        command: &[String],
        reads: Reads,
        timeout: Length,
    ) -> Result<(super::command::Finished, Option<PathBuf>), String> {
        let place = self.place_of_output(job)?;
        let (stdout, result) = match reads {
            Reads::Time => (None, None),
            Reads::Stdout => (Some(place.as_path()), Some(place.clone())),
            Reads::Output => (None, Some(place.clone())),
        };
        let target = job.target;
        let command = self.job_values(job, &place).fill(command);
        let log = self.log(&file_name(&job.cell.target)).map_err(|error| error.to_string())?;
        let start =
            Start { command: &command, cwd: &target.cwd, env: &target.env, cpus: &target.cpus, log: &log, stdout };
        let finished = finish(&start, self.mark, timeout.duration(), self.is_cancelled)?;
        Ok((finished, result))
    }

    fn drive_tool(
        &self,
        job: &Job<'_>,
        tool: &Tool,
        place: &Place,
        path: &str,
        timeout: Length,
    ) -> Result<Taken, String> {
        let version = tool.find_version()?;
        let is_rate = matches!(job.load.levels, Levels::Rate { .. });
        let output = self.place_of_output(job)?;
        let url = format!("{}{path}", place.url);
        let call = |work: Work| {
            let arguments = tool.arguments(is_rate, work).ok_or("it can't do this work")?;
            let seconds = if let Work::For(duration) = work { duration.as_seconds().ceil() } else { 0.0 };
            let command = self.job_values(job, &output).with("url", &url).with("seconds", seconds).fill(&arguments);
            let log = self.log(&file_name(tool.name)).map_err(|error| error.to_string())?;
            let (cwd, env) = (self.folder, &indexmap::IndexMap::new());
            let cpus = &self.suite.generator.cpus;
            let start = Start { command: &command, cwd, env, cpus, log: &log, stdout: Some(&output) };
            finish(&start, self.mark, timeout.duration().saturating_add(time_of(work)), self.is_cancelled)
        };
        if !job.load.warm_up.is_zero() && tool.arguments(is_rate, Work::For(job.load.warm_up)).is_some() {
            call(Work::For(job.load.warm_up))?;
        }
        let group = self.group(&job.cell.target);
        if let Some(group) = group {
            group.forget_peak();
        }
        let (host, before) = (HostTime::now(), group.map(|group| group.usage().cpu));
        let finished = call(job.load.work)?;
        let target = group.zip(before).map(|(group, before)| {
            let usage = group.usage();
            TargetUsage { cpu: (usage.cpu - before).max(0.0), peak_memory: Some(usage.peak_memory) }
        });
        let run = imported(&output, Some(tool.format), job.cell.level)?;
        Ok(Taken { run, measured: finished.wall, target, host, http: None, version })
    }

    /// A file of its own for the output of each run; what an earlier attempt left is gone.
    fn place_of_output(&self, job: &Job<'_>) -> Result<PathBuf, String> {
        let folder = self.folder.join("outputs");
        let name = format!(
            "{:03}-{}-{}-{}.out",
            job.block,
            file_name(&job.cell.target),
            file_name(&job.cell.load),
            job.cell.level
        );
        let path = folder.join(name);
        let error = |error: std::io::Error| format!("{} can't be written: {error}", path.display());
        fs::create_dir_all(&folder).map_err(error)?;
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(error(cause)),
            _ => Ok(path),
        }
    }

    fn job_values(&self, job: &Job<'_>, output: &Path) -> super::placeholders::Values {
        let values = self.values(None);
        let level = job.cell.level;
        let values = match job.load.levels {
            Levels::Concurrency(_) => values.with("concurrency", level),
            Levels::Rate { connections, .. } => values.with("concurrency", connections).with("rate", level),
        };
        let values = match job.load.work {
            Work::For(duration) => values.with("duration", duration.as_seconds()),
            Work::Requests(requests) => values.with("requests", requests),
            Work::Once => values,
        };
        values
            .with("target", &job.cell.target)
            .with("load", &job.cell.load)
            .with("repetition", job.block)
            .with("output", output.display())
    }
}

fn rhythm(levels: &Levels, level: u32, work: Work) -> Result<Rhythm, String> {
    Ok(match (levels, work) {
        (Levels::Concurrency(_), Work::For(duration)) => Rhythm::ClosedFor { connections: level, duration },
        (Levels::Concurrency(_), Work::Requests(requests)) => Rhythm::Closed { connections: level, requests },
        (Levels::Rate { connections, arrivals, .. }, Work::For(duration)) => {
            Rhythm::Open { per_second: level, arrivals: *arrivals, connections: *connections, duration }
        }
        (Levels::Rate { connections, arrivals, .. }, Work::Requests(requests)) => Rhythm::Open {
            per_second: level,
            arrivals: *arrivals,
            connections: *connections,
            duration: Length::of_seconds(requests as f64 / f64::from(level)),
        },
        (_, Work::Once) => return Err("expected a `duration` or a number of `requests`".to_owned()),
    })
}

/// How long a program may take for its work alone.
fn time_of(work: Work) -> Duration {
    if let Work::For(duration) = work { duration.duration() } else { Duration::ZERO }
}

/// The run that these requests make.
fn run_of(driven: Driven) -> Run {
    let Driven { profile, total_time, .. } = driven;
    let mut run = Run {
        timestamp: profile.span.map(|span| span.from / 1_000),
        total_time: Some(total_time),
        requests_count: Some(profile.requests),
        success_count: Some(profile.requests.saturating_sub(profile.errors)),
        error_count: Some(profile.errors),
        latency: latency(&profile),
        bytes_read: profile.bytes,
        tool: "run".to_owned(),
        ..Run::default()
    };
    if run.is_dead() {
        run.forget_times();
    } else {
        run.avg_time_per_request = (0 < profile.requests).then(|| total_time / profile.requests as f64);
        run.mark_derived(Column::AvgTimePerRequest);
    }
    run.profile = Some(Arc::new(profile));
    run
}

fn latency(profile: &Profile) -> Latency {
    let latencies = &profile.latencies;
    let [p50, p75, p90, p95, p99, p99_9] = latencies.quantiles([0.5, 0.75, 0.9, 0.95, 0.99, 0.999]);
    Latency {
        mean: latencies.mean(),
        std: latencies.std(),
        min: latencies.min(),
        p50,
        p75,
        p90,
        p95,
        p99,
        p99_9,
        max: latencies.max(),
    }
}

/// The run of a command that took this long.
fn timed(wall: f64, work: Work) -> Run {
    let mut run = Run { total_time: Some(wall), tool: "run".to_owned(), ..Run::default() };
    if let Work::Requests(requests) = work {
        run.requests_count = Some(requests);
        run.avg_time_per_request = Some(wall / requests as f64);
        run.mark_derived(Column::AvgTimePerRequest);
    }
    run
}

/// The only run in a file that another program wrote.
pub(super) fn imported(path: &Path, format: Option<&str>, level: u32) -> Result<Run, String> {
    let input = Input { label: Some("run".to_owned()), target: path.display().to_string() };
    let options = LoadOptions { format: format.and_then(named), ..LoadOptions::default() };
    let loaded = load(&[input], &options, &|_, _| {}).map_err(|error| match error {
        LoadError::Nothing { diagnostics, .. } => {
            diagnostics.first().map_or_else(|| "nothing is in its output".to_owned(), ToString::to_string)
        }
        error => error.to_string(),
    })?;
    let mut runs = loaded.runs.iter();
    let (Some(run), None) = (runs.next(), runs.next()) else {
        return Err(format!("expected one run in {}, found {}", path.display(), loaded.runs.len()));
    };
    if let Some(found) = run.concurrency.filter(|found| run.axis.is_empty() && *found != level) {
        return Err(format!("{} says concurrency {found}, and {level} was asked for", path.display()));
    }
    Ok(run.clone())
}

/// What repetitions are compared by.
fn value(run: &Run, levels: &Levels) -> Option<f64> {
    match levels {
        Levels::Concurrency(_) => run.avg_time_per_request.or(run.total_time),
        Levels::Rate { .. } => run.latency.mean,
    }
}

/// Why the latencies of a run with a rate are no evidence; `None` where they are.
fn rate_not_held(details: &Details, latency: &Latency) -> Option<String> {
    let offered = details.offered?;
    if let (Some(lag), Some(p99)) = (details.lag, latency.p99)
        && LATE < lag.p99
        && LATE_SHARE * p99 < lag.p99
    {
        return Some(format!(
            "the rate was not held: the driver was {:.1} ms late or more in the slowest hundredth, and the p99 latency is \
             {:.1} ms",
            lag.p99 * 1e3,
            p99 * 1e3
        ));
    }
    (details.achieved < HELD * offered).then(|| {
        format!(
            "the rate was not held: {:.1} of {offered} requests per second came to an end, so latencies grow with the run",
            details.achieved
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::http::{Attempts, Failures, Quantiles};

    fn details(achieved: f64, lag: f64) -> Details {
        Details {
            offered: Some(100.0),
            achieved,
            lag: Some(Quantiles { p50: 0.0, p99: lag, max: lag }),
            wire: None,
            failures: Failures::default(),
            attempts: Attempts::default(),
            warm_up_requests: 0,
            connections: 1,
            generator_cpu: 0.1,
        }
    }

    #[test]
    fn a_rate_is_held_or_its_latencies_are_no_evidence() {
        let p99 = |p99| Latency { p99: Some(p99), ..Latency::default() };
        assert_eq!(rate_not_held(&details(99.9, 0.000_2), &p99(0.001)), None);
        assert_eq!(rate_not_held(&details(99.9, 0.005), &p99(0.1)), None, "late, but by little of the latency");
        assert!(rate_not_held(&details(99.9, 0.005), &p99(0.01)).unwrap().contains("the driver was 5.0 ms late"));
        assert!(rate_not_held(&details(90.0, 0.0), &p99(0.01)).unwrap().contains("90.0 of 100 requests per second"));
        assert_eq!(rate_not_held(&Details { offered: None, ..details(1.0, 1.0) }, &p99(0.01)), None);
    }
}
