//! One connection, which never blocks.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;

use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with, sockopt};

use super::response::{Answer, Reader};
use super::tally::Failure;

/// One connection, opened when it is needed.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Option<TcpStream>,
    is_connected: bool,
    /// How many bytes of the request are written.
    written: usize,
    reader: Reader,
}

impl Connection {
    pub(super) fn new(is_head_request: bool) -> Self {
        Self { stream: None, is_connected: false, written: 0, reader: Reader::new(is_head_request) }
    }

    pub(super) fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// Begins to open it. What becomes of it is told to `poll` with `token`.
    pub(super) fn open(&mut self, address: SocketAddr, poll: &OwnedFd, token: u64) -> Result<(), Failure> {
        let stream = begin(address).map_err(|_| Failure::Connect)?;
        // Edges are enough: everything is written and read until the kernel has no more.
        let flags = EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::ET;
        epoll::add(poll, &stream, EventData::new_u64(token), flags).map_err(|_| Failure::Connect)?;
        self.stream = Some(stream);
        self.is_connected = false;
        Ok(())
    }

    /// Closes it, if it is open, and with it leaves the poll.
    pub(super) fn close(&mut self) {
        self.stream = None;
    }

    /// Makes it ready for the next request.
    pub(super) fn rewind(&mut self, is_head_request: bool) {
        self.written = 0;
        if !self.reader.is_at_start() {
            self.reader = Reader::new(is_head_request);
        }
    }

    /// Whether the connection is there; `false` while it is being opened.
    pub(super) fn connect(&mut self) -> Result<bool, Failure> {
        let Some(stream) = self.stream.as_ref().filter(|_| !self.is_connected) else { return Ok(self.is_connected) };
        match sockopt::socket_error(stream) {
            Ok(Ok(())) if stream.peer_addr().is_ok() => self.is_connected = true,
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(Failure::Connect),
        }
        Ok(self.is_connected)
    }

    /// Writes what is left of the request, as far as the kernel takes it.
    pub(super) fn write(&mut self, request: &[u8]) -> Result<(), Failure> {
        let Some(stream) = &mut self.stream else { return Err(Failure::Closed) };
        while let Some(rest) = request.get(self.written..).filter(|rest| !rest.is_empty()) {
            match stream.write(rest) {
                Ok(length) => self.written += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Failure::Closed),
            }
        }
        Ok(())
    }

    /// Reads what there is. Where less than a whole buffer comes there is no more, but the end of a connection that
    /// `is_ending`.
    pub(super) fn read(&mut self, buffer: &mut [u8], is_ending: bool) -> Result<Option<Answer>, Failure> {
        let Some(stream) = &mut self.stream else { return Err(Failure::Closed) };
        loop {
            let length = match stream.read(buffer) {
                Ok(0) => return self.reader.take_end().map(Some).ok_or(Failure::Closed),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Failure::Closed),
            };
            let bytes = buffer.get(..length).unwrap_or_default();
            let answer = self.reader.take(bytes).map_err(|_| Failure::Protocol)?;
            if answer.is_some() || (length < buffer.len() && !is_ending) {
                return Ok(answer);
            }
        }
    }

    /// Looks whether a connection that waits for nothing is still there, and closes it if not.
    pub(super) fn check_idle(&mut self, buffer: &mut [u8]) {
        let is_there = self.stream.as_mut().is_some_and(
            |stream| matches!(stream.read(buffer), Err(error) if error.kind() == io::ErrorKind::WouldBlock),
        );
        if !is_there {
            self.close();
        }
    }
}

fn begin(address: SocketAddr) -> Result<TcpStream, Errno> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = socket_with(family, SocketType::STREAM, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC, None)?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    match connect(&socket, &address) {
        Ok(()) | Err(Errno::INPROGRESS) => Ok(TcpStream::from(socket)),
        Err(error) => Err(error),
    }
}
