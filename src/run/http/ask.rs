//! One request, to see whether a server answers as it should.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::response::Reader;
use crate::run::suite::{Expect, Request};

/// What an answer has to be.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) enum Expectation<'a> {
    /// A status of 200 to 299.
    Success,
    /// What a load expects.
    Of(&'a Expect),
}

/// Asks for a path.
///
/// # Errors
///
/// What came instead of the answer that is expected.
pub(in crate::run) fn ask(
    address: SocketAddr,
    path: &str,
    timeout: Duration,
    expectation: Expectation<'_>,
) -> Result<(), String> {
    let text = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    exchange(address, text.as_bytes(), false, timeout, expectation)
}

/// Sends the request of a load once.
///
/// # Errors
///
/// What came instead of the answer that is expected.
pub(in crate::run) fn verify(address: SocketAddr, request: &Request) -> Result<(), String> {
    let is_head = request.method == "HEAD";
    let timeout = request.timeout.duration();
    exchange(address, &request.encode(address), is_head, timeout, Expectation::Of(&request.expect))
        .map_err(|reason| format!("{} {}: {reason}", request.method, request.path))
}

fn exchange(
    address: SocketAddr,
    request: &[u8],
    is_head: bool,
    timeout: Duration,
    expectation: Expectation<'_>,
) -> Result<(), String> {
    let begin = Instant::now();
    let as_text = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect_timeout(&address, timeout).map_err(as_text)?;
    stream.set_write_timeout(Some(timeout)).map_err(as_text)?;
    stream.write_all(request).map_err(as_text)?;
    let mut reader = Reader::new(is_head).with_body();
    let mut buffer = [0; 16 * 1024];
    let answer = loop {
        let left = timeout.checked_sub(begin.elapsed()).filter(|left| !left.is_zero());
        let left = left.ok_or_else(|| format!("it did not answer within {} s", timeout.as_secs_f64()))?;
        stream.set_read_timeout(Some(left)).map_err(as_text)?;
        let length = match stream.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if is_timeout(&error) => continue,
            Err(error) => return Err(as_text(error)),
        };
        let bytes = buffer.get(..length).unwrap_or_default();
        let answer = if bytes.is_empty() { reader.take_end() } else { reader.take(bytes)? };
        match answer {
            Some(answer) => break answer,
            None if bytes.is_empty() => return Err("the connection was closed before the end of the answer".to_owned()),
            None => {}
        }
    };
    match expectation {
        Expectation::Success if (200..300).contains(&answer.status) => Ok(()),
        Expectation::Success => Err(format!("it answered with status {}", answer.status)),
        Expectation::Of(expect) if answer.status != expect.status => {
            Err(format!("expected status {}, found {}", expect.status, answer.status))
        }
        Expectation::Of(expect) if !contains(reader.body(), expect.contains.as_bytes()) => {
            Err(format!("expected {:?} in the body, found {:?}", expect.contains, beginning(reader.body())))
        }
        Expectation::Of(_) => Ok(()),
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut | std::io::ErrorKind::Interrupted
    )
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    text.is_empty() || memchr::memmem::find(body, text).is_some()
}

fn beginning(body: &[u8]) -> String {
    const LENGTH: usize = 80;
    String::from_utf8_lossy(body).chars().take(LENGTH).collect()
}
