//! Whether a process is ready: it lives, it and nobody else listens on its port, and it answers.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::{GLANCE, Running, ports};
use crate::run::http::{self, Expectation};

/// How long one answer may take while a process becomes ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a process is not ready.
enum Unready {
    /// It may still become ready.
    Yet(String),
    /// It will not.
    Ever(String),
}

impl Running {
    pub(super) fn wait_until_ready(&mut self, is_cancelled: &dyn Fn() -> bool) -> Result<(), String> {
        let begin = Instant::now();
        let timeout = self.spec.ready.timeout;
        let mut answers = 0;
        loop {
            if is_cancelled() {
                return Err("it was interrupted".to_owned());
            }
            match self.is_ready() {
                Ok(()) => answers += 1,
                Err(Unready::Ever(reason)) => return Err(reason),
                Err(Unready::Yet(reason)) if timeout.duration() < begin.elapsed() => {
                    return Err(format!("it was not ready within {timeout}: {reason}{}", self.group.last_words()));
                }
                Err(Unready::Yet(_)) => answers = 0,
            }
            if self.spec.ready.answers <= answers {
                return Ok(());
            }
            thread::sleep(GLANCE);
        }
    }

    fn is_ready(&mut self) -> Result<(), Unready> {
        if let Some(obituary) = self.group.obituary() {
            let remedy = if self.group.members().is_empty() {
                ""
            } else {
                "; it goes on in the background, and has to stay in the foreground to be measured"
            };
            return Err(Unready::Ever(obituary + remedy));
        }
        if let Some(text) = &self.spec.ready.log {
            let log = fs::read(&self.group.log).unwrap_or_default();
            if !String::from_utf8_lossy(&log).contains(text.as_str()) {
                return Err(Unready::Yet(format!("its log does not have {text:?}")));
            }
        }
        let Some((port, address)) = self.port.zip(self.address()) else { return Ok(()) };
        if ports::listeners(port).is_empty() {
            return Err(Unready::Yet(format!("nothing listens on port {port}")));
        }
        let foreign = ports::foreign_listeners(port, &self.group.members());
        if !foreign.is_empty() {
            return Err(Unready::Ever(format!("port {port} is held by {}, and not by it", ports::holder(&foreign))));
        }
        answers(address, self.spec.ready.path.as_deref()).map_err(Unready::Yet)
    }
}

fn answers(address: SocketAddr, path: Option<&str>) -> Result<(), String> {
    match path {
        Some(path) => http::ask(address, path, PATIENCE, Expectation::Success),
        None => TcpStream::connect_timeout(&address, PATIENCE).map(drop).map_err(|error| error.to_string()),
    }
}
