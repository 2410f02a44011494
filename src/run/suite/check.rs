//! Whether a suite can be done at all, before anything is started.

use std::collections::HashMap;

use super::{Driver, Fresh, Levels, Load, Process, Suite, Work};
use crate::run::cpus::Cpus;
use crate::run::placeholders::{OF_COMMANDS, OF_PROCESSES, check_names};

impl Suite {
    /// Whether the suite can be done.
    ///
    /// # Errors
    ///
    /// What it asks for that can't be, by its key.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.targets.is_empty() || self.loads.is_empty() {
            return Err("expected at least one [targets.NAME] and one [loads.NAME]".to_owned());
        }
        if self.repetitions.min == 0 || self.repetitions.max < self.repetitions.min {
            return Err("repetitions: expected at least 1, and no `max` below `min`".to_owned());
        }
        if self.repetitions.width <= 0.0 {
            return Err("repetitions: expected a `width` above 0, such as \"3%\"".to_owned());
        }
        if self.generator.threads == 0 {
            return Err("generator.threads: expected at least 1".to_owned());
        }
        Cpus::parse(&self.generator.cpus).map_err(|message| format!("generator.cpus: {message}"))?;
        for (name, process) in self.processes() {
            process.check(&self.services_with_port()).map_err(|message| format!("{name}: {message}"))?;
        }
        for (name, target) in &self.targets {
            let at = |message: String| format!("targets.{name}: {message}");
            if target.server.is_some() && target.url.is_some() {
                return Err(at("expected either `server`, which is started, or `url`, and not both".to_owned()));
            }
            Cpus::parse(&target.cpus).map_err(at)?;
            check_names(&target.command, &OF_COMMANDS, &self.services_with_port()).map_err(at)?;
        }
        for (name, load) in &self.loads {
            self.check_load(load).map_err(|message| format!("loads.{name}: {message}"))?;
        }
        self.check_ports()
    }

    /// Services and servers, by their keys.
    fn processes(&self) -> impl Iterator<Item = (String, &Process)> {
        let services = self.services.iter().map(|(name, process)| (format!("services.{name}"), process));
        let servers = self.targets.iter().filter_map(|(name, target)| {
            target.server.as_ref().map(|process| (format!("targets.{name}.server"), process))
        });
        services.chain(servers)
    }

    fn services_with_port(&self) -> Vec<&str> {
        let with_port = self.services.iter().filter(|(_, process)| process.port.is_some());
        with_port.map(|(name, _)| name.as_str()).collect()
    }

    fn check_load(&self, load: &Load) -> Result<(), String> {
        let levels = load.levels.values();
        if levels.is_empty() || levels.contains(&0) {
            return Err("expected at least one level, and none of 0".to_owned());
        }
        if !levels.is_sorted_by(|one, next| one < next) {
            return Err("expected ascending levels, each of them once".to_owned());
        }
        if let Levels::Rate { connections: 0, .. } = load.levels {
            return Err("expected at least one of `connections`".to_owned());
        }
        match load.work {
            Work::For(duration) if duration.is_zero() => return Err("expected a `duration` above 0".to_owned()),
            Work::Requests(0) => return Err("expected at least one of `requests`".to_owned()),
            Work::Requests(requests) => {
                let most = levels.last().copied().unwrap_or_default();
                if matches!(load.levels, Levels::Concurrency(_)) && requests < u64::from(most) {
                    return Err(format!("{requests} requests are too few to have {most} in flight at once"));
                }
            }
            Work::For(_) | Work::Once => {}
        }
        for name in &load.targets {
            let target = self.targets.get(name).ok_or_else(|| {
                let names: Vec<&str> = self.targets.keys().map(String::as_str).collect();
                format!("there is no target {name:?}; there are {}", names.join(", "))
            })?;
            let has_url = target.url.is_some() || target.server.as_ref().is_some_and(|server| server.port.is_some());
            match &load.driver {
                Driver::Http(_) | Driver::Tool { .. } if !has_url => {
                    return Err(format!("the target {name} has neither a `server` with a `port` nor a `url`"));
                }
                Driver::Command { command, .. } if command.is_empty() == target.command.is_empty() => {
                    return Err(format!("expected a `command` either here or in the target {name}"));
                }
                Driver::Http(_) | Driver::Tool { .. } | Driver::Command { .. } => {}
            }
        }
        self.check_driver(load)
    }

    fn check_driver(&self, load: &Load) -> Result<(), String> {
        let is_rate = matches!(load.levels, Levels::Rate { .. });
        match &load.driver {
            Driver::Http(request) => {
                if request.retry.attempts == 0 {
                    return Err("retry.attempts: expected at least 1, which is no retry".to_owned());
                }
                if request.timeout.is_zero() {
                    return Err("expected a `timeout` above 0".to_owned());
                }
                request.check()
            }
            Driver::Command { command, .. } => check_names(command, &OF_COMMANDS, &self.services_with_port()),
            Driver::Tool { tool, .. } => tool.check(is_rate, load.work),
        }
    }

    /// Whether all that run at once have ports of their own.
    fn check_ports(&self) -> Result<(), String> {
        let mut taken: HashMap<u16, String> = HashMap::new();
        let is_alone = |name: &str| self.fresh == Fresh::Cell && name.starts_with("targets.");
        for (name, process) in self.processes().filter(|(name, _)| !is_alone(name)) {
            let Some(port) = process.port.filter(|port| *port != 0) else { continue };
            if let Some(other) = taken.insert(port, name.clone()) {
                return Err(format!(
                    "{other} and {name} both listen on port {port}; give them ports of their own, leave `port = 0` to \
                     choose, or start each alone with fresh = \"cell\""
                ));
            }
        }
        Ok(())
    }
}

impl Process {
    fn check(&self, services: &[&str]) -> Result<(), String> {
        if self.command.is_empty() {
            return Err("expected a `command`".to_owned());
        }
        if self.ready.path.is_some() && self.port.is_none() {
            return Err("ready.path needs a `port`".to_owned());
        }
        if self.ready.answers == 0 {
            return Err("ready.answers: expected at least 1".to_owned());
        }
        Cpus::parse(&self.cpus)?;
        check_names(&self.command, &OF_PROCESSES, services)
    }
}
