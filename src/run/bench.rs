//! The bench: the services and servers that run at the moment, and where their logs are.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use indexmap::IndexMap;

use super::RunError;
use super::placeholders::Values;
use super::process::{Group, Mark, Running};
use super::suite::{Fresh, Suite, Target};

/// What runs at the moment. Nothing of it is left when this is dropped.
pub(super) struct Bench<'a> {
    pub(super) suite: &'a Suite,
    /// Of the results.
    pub(super) folder: &'a Path,
    pub(super) mark: &'a Mark,
    pub(super) is_cancelled: &'a AtomicBool,
    servers: IndexMap<String, Running>,
    services: IndexMap<String, Running>,
}

/// Where a target is reached.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) address: SocketAddr,
    /// As `http://127.0.0.1:8080`.
    pub(super) url: String,
}

impl<'a> Bench<'a> {
    pub(super) fn new(suite: &'a Suite, folder: &'a Path, mark: &'a Mark, is_cancelled: &'a AtomicBool) -> Self {
        Self { suite, folder, mark, is_cancelled, servers: IndexMap::new(), services: IndexMap::new() }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    /// Starts all services, in their order.
    pub(super) fn start_services(&mut self) -> Result<(), RunError> {
        for (name, service) in &self.suite.services {
            let fill = |arguments: &[String], port| self.values(port).fill(arguments);
            let log = self.log(&format!("service-{}", file_name(name)));
            let running = log
                .map_err(|error| error.to_string())
                .and_then(|log| Running::start(service, name, &log, self.mark, &fill, &|| self.is_cancelled()));
            let running = running.map_err(|reason| RunError::Service { name: name.clone(), reason })?;
            self.services.insert(name.clone(), running);
        }
        Ok(())
    }

    /// Whether all services still do their work.
    ///
    /// # Errors
    ///
    /// Which one does not, and why.
    pub(super) fn check_services(&mut self) -> Result<(), String> {
        for (name, running) in &mut self.services {
            running.check().map_err(|reason| format!("the service {name} can't be used: {reason}"))?;
        }
        Ok(())
    }

    /// Makes the server of a target ready, and says where it is; `None` where the target has none.
    ///
    /// # Errors
    ///
    /// Why it is not ready.
    pub(super) fn reach(&mut self, name: &str, target: &Target, block: u32) -> Result<Option<Place>, String> {
        if let Some(url) = &target.url {
            return place_of(url).map(Some);
        }
        let Some(spec) = &target.server else { return Ok(None) };
        if let Some(mut running) = self.servers.shift_remove(name) {
            if running.check().is_ok() {
                let address = running.address();
                self.servers.insert(name.to_owned(), running);
                return Ok(address.map(Place::local));
            }
            running.stop(true)?;
        }
        let log = self.log(&format!("{}-{block:03}", file_name(name))).map_err(|error| error.to_string())?;
        let fill = |arguments: &[String], port| self.values(port).with("target", name).fill(arguments);
        let running = Running::start(spec, name, &log, self.mark, &fill, &|| self.is_cancelled())?;
        let address = running.address();
        self.servers.insert(name.to_owned(), running);
        Ok(address.map(Place::local))
    }

    /// Whether the server of a target still does its work; one that somebody else started is not looked at.
    ///
    /// # Errors
    ///
    /// What became of it.
    pub(super) fn check_server(&mut self, name: &str) -> Result<(), String> {
        self.servers.get_mut(name).map_or(Ok(()), Running::check)
    }

    /// The processes of a target's server.
    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.servers.get(name).map(Running::group)
    }

    /// Stops the server of a target, if it runs.
    ///
    /// # Errors
    ///
    /// What is left of it.
    pub(super) fn stop_server(&mut self, name: &str, is_hurried: bool) -> Result<(), String> {
        self.servers.shift_remove(name).map_or(Ok(()), |running| running.stop(is_hurried))
    }

    /// Stops what is to be fresh in the next block. Returns the targets whose servers do not stop, with what is left.
    pub(super) fn end_block(&mut self) -> Vec<(String, String)> {
        if self.suite.fresh == Fresh::Never { Vec::new() } else { self.stop_servers(false) }
    }

    fn stop_servers(&mut self, is_hurried: bool) -> Vec<(String, String)> {
        let stopped = self.servers.drain(..).map(|(name, running)| (name, running.stop(is_hurried)));
        stopped.filter_map(|(name, result)| result.err().map(|left| (name, left))).collect()
    }

    /// Stops everything; at once where it is cancelled. Returns what does not stop, with what is left of it.
    pub(super) fn close(mut self) -> Vec<(String, String)> {
        let is_hurried = self.is_cancelled();
        let mut left = self.stop_servers(is_hurried);
        while let Some((name, running)) = self.services.pop() {
            if let Err(reason) = running.stop(is_hurried) {
                left.push((name, reason));
            }
        }
        left
    }

    /// What the names in arguments stand for, for all of them.
    pub(super) fn values(&self, port: Option<u16>) -> Values {
        let ports = self.services.iter().filter_map(|(name, running)| Some((format!("{name}.port"), running.port()?)));
        let values = ports.fold(Values::default(), |values, (name, port)| values.with(name, port));
        match port {
            Some(port) => values.with("port", port),
            None => values,
        }
    }

    /// The place of a log.
    pub(super) fn log(&self, name: &str) -> std::io::Result<PathBuf> {
        let folder = self.folder.join("logs");
        fs::create_dir_all(&folder)?;
        Ok(folder.join(format!("{name}.log")))
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        // Each of them kills its own.
        self.servers.clear();
        self.services.clear();
    }
}

impl Place {
    fn local(address: SocketAddr) -> Self {
        Self { address, url: format!("http://{address}") }
    }
}

/// Where a URL leads: `http://HOST:PORT`, and nothing after it.
pub(super) fn place_of(url: &str) -> Result<Place, String> {
    let error = || format!("expected a URL such as http://127.0.0.1:8080, found {url:?}");
    let authority = url.strip_prefix("http://").ok_or_else(error)?.trim_end_matches('/');
    if authority.contains('/') {
        return Err(error());
    }
    let authority = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let mut addresses = std::net::ToSocketAddrs::to_socket_addrs(&authority)
        .map_err(|cause| format!("{authority} can't be found: {cause}"))?;
    let address = addresses.next().ok_or_else(error)?;
    Ok(Place { address, url: format!("http://{authority}") })
}

/// A name that may be anything, as part of a file's name.
pub(super) fn file_name(name: &str) -> String {
    let letter =
        |letter: char| if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') { letter } else { '_' };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lead_to_addresses() {
        let place = place_of("http://127.0.0.1:8080/").unwrap();
        assert_eq!((place.address.port(), place.url.as_str()), (8080, "http://127.0.0.1:8080"));
        assert_eq!(place_of("http://127.0.0.1").unwrap().address.port(), 80);
        for wrong in ["127.0.0.1:80", "https://127.0.0.1", "http://127.0.0.1/a", "http://127.0.0.1:http"] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn any_name_is_part_of_a_file_name() {
        assert_eq!(file_name("../a b/框架\0"), ".._a_b_框架_");
    }
}
