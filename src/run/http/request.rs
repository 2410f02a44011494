//! A request as it goes over the wire.

use std::net::SocketAddr;

use crate::run::suite::Request;

impl Request {
    /// Whether it can be sent as it stands.
    ///
    /// # Errors
    ///
    /// What can't be.
    pub(in crate::run) fn check(&self) -> Result<(), String> {
        let is_token =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
        if !is_token(&self.method) {
            return Err(format!("method: expected a word such as GET, found {:?}", self.method));
        }
        if !self.path.starts_with('/') || self.path.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(format!("path: expected a path such as /api/data, with %20 for spaces, found {:?}", self.path));
        }
        for (name, value) in &self.headers {
            let is_own = ["host", "content-length", "connection", "transfer-encoding"]
                .iter()
                .any(|own| name.eq_ignore_ascii_case(own));
            if is_own {
                return Err(format!("headers: {name} is set by the driver"));
            }
            if !is_token(name) || value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
                return Err(format!("headers: {name:?} can't be sent with the value {value:?}"));
            }
        }
        Ok(())
    }

    /// Its bytes.
    pub(super) fn encode(&self, address: SocketAddr) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {address}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        if !self.body.is_empty() || matches!(self.method.as_str(), "POST" | "PUT" | "PATCH") {
            text.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        if !self.keep_alive {
            text.push_str("Connection: close\r\n");
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }
}
