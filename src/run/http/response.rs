//! Responses of HTTP/1.1, read piece by piece as they come.
//!
//! RFC 9112: a body ends with its chunks, with its length, or with the connection, in this order of precedence.

use httparse::{EMPTY_HEADER, Status};

/// The longest head that is read, bytes.
const LONGEST_HEAD: usize = 64 * 1024;

/// The most headers that are read.
const MOST_HEADERS: usize = 96;

/// Reads responses, one after the other.
#[derive(Debug)]
pub(super) struct Reader {
    /// Whether the request was a HEAD, whose response has no body whatever it says.
    is_head_request: bool,
    place: Place,
    /// The beginning of a head that is not there as a whole.
    head: Vec<u8>,
    answer: Answer,
    /// The body, where somebody wants to see it.
    body: Option<Vec<u8>>,
}

/// What a response says, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Whether the connection takes another request.
    pub(super) keeps_alive: bool,
    /// Head and body.
    pub(super) bytes: u64,
}

/// Where in a response the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    /// So many bytes of the body are left.
    Body(u64),
    /// The body ends with the connection.
    UntilClose,
    Chunk(Chunk),
    Done,
}

/// Where in a body of chunks the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunk {
    /// In the size, whose digits so far are this; `None` before the first.
    Size(Option<u64>),
    /// After the size, of which this is the value.
    Extension(u64),
    Data(u64),
    /// In the line end after the data.
    End,
    /// In a line after the last chunk; whether it is empty so far.
    Trailer(bool),
}

impl Reader {
    pub(super) fn new(is_head_request: bool) -> Self {
        Self { is_head_request, place: Place::Head, head: Vec::new(), answer: Answer::default(), body: None }
    }

    /// The same, which keeps the body.
    pub(super) fn with_body(self) -> Self {
        Self { body: Some(Vec::new()), ..self }
    }

    /// The body so far.
    pub(super) fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Whether nothing of the response has come.
    pub(super) fn is_at_start(&self) -> bool {
        self.place == Place::Head && self.head.is_empty()
    }

    /// Takes bytes as they come. Returns the answer when it is there as a whole.
    ///
    /// # Errors
    ///
    /// Where it is no response, or more than one.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> Result<Option<Answer>, &'static str> {
        self.answer.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            bytes = match self.place {
                Place::Head => self.take_head(bytes)?,
                Place::Body(left) => {
                    let (part, rest) = split(bytes, left);
                    self.keep(part);
                    let left = left - part.len() as u64;
                    self.place = if left == 0 { Place::Done } else { Place::Body(left) };
                    rest
                }
                Place::UntilClose => {
                    self.keep(bytes);
                    &[]
                }
                Place::Chunk(chunk) => self.take_chunk(chunk, bytes)?,
                Place::Done => return Err("bytes came after the end of the response"),
            };
        }
        Ok((self.place == Place::Done).then(|| self.finish()))
    }

    /// Takes the end of the connection, which may be that of the response.
    pub(super) fn take_end(&mut self) -> Option<Answer> {
        (self.place == Place::UntilClose).then(|| self.finish())
    }

    fn finish(&mut self) -> Answer {
        self.place = Place::Head;
        std::mem::take(&mut self.answer)
    }

    fn keep(&mut self, part: &[u8]) {
        if let Some(body) = &mut self.body {
            body.extend_from_slice(part);
        }
    }

    fn take_head<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], &'static str> {
        let before = self.head.len();
        let parsed = if before == 0 {
            parse_head(bytes)?
        } else {
            self.head.extend_from_slice(bytes);
            parse_head(&self.head)?
        };
        let Some((length, head)) = parsed else {
            if before == 0 {
                self.head.extend_from_slice(bytes);
            }
            return if self.head.len() <= LONGEST_HEAD { Ok(&[]) } else { Err("the head of the response is too long") };
        };
        self.head.clear();
        // Interim responses, such as 100 Continue, come before the one that counts.
        if 200 <= head.status {
            self.answer.status = head.status;
            let (place, ends_itself) = head.body(self.is_head_request);
            self.place = place;
            self.answer.keeps_alive = head.keeps_alive && ends_itself;
        }
        Ok(bytes.get(length.saturating_sub(before)..).unwrap_or_default())
    }

    fn take_chunk<'b>(&mut self, chunk: Chunk, bytes: &'b [u8]) -> Result<&'b [u8], &'static str> {
        let Some((&byte, rest)) = bytes.split_first() else { return Ok(bytes) };
        let after_size = |size| if size == 0 { Chunk::Trailer(true) } else { Chunk::Data(size) };
        let next = match (chunk, byte) {
            (Chunk::Data(left), _) => {
                let (part, rest) = split(bytes, left);
                self.keep(part);
                let left = left - part.len() as u64;
                self.place = Place::Chunk(if left == 0 { Chunk::End } else { Chunk::Data(left) });
                return Ok(rest);
            }
            (Chunk::Size(Some(size)), b'\n') => after_size(size),
            (Chunk::Size(Some(size)), b';' | b' ' | b'\t' | b'\r') => Chunk::Extension(size),
            (Chunk::Size(size), digit) => {
                let digit = char::from(digit).to_digit(16).ok_or("the size of a chunk is no number")?;
                let size = size.unwrap_or(0).checked_mul(16).ok_or("the size of a chunk is absurd")?;
                Chunk::Size(Some(size + u64::from(digit)))
            }
            (Chunk::Extension(size), b'\n') => after_size(size),
            (Chunk::Extension(size), _) => Chunk::Extension(size),
            (Chunk::End, b'\r') => Chunk::End,
            (Chunk::End, b'\n') => Chunk::Size(None),
            (Chunk::End, _) => return Err("a chunk is longer than its size"),
            (Chunk::Trailer(true), b'\n') => {
                self.place = Place::Done;
                return Ok(rest);
            }
            (Chunk::Trailer(false), b'\n') => Chunk::Trailer(true),
            (Chunk::Trailer(is_empty), b'\r') => Chunk::Trailer(is_empty),
            (Chunk::Trailer(_), _) => Chunk::Trailer(false),
        };
        self.place = Place::Chunk(next);
        Ok(rest)
    }
}

fn split(bytes: &[u8], at: u64) -> (&[u8], &[u8]) {
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

struct Head {
    status: u16,
    keeps_alive: bool,
    length: Option<u64>,
    is_chunked: bool,
}

impl Head {
    /// Where the body begins, and whether it ends before the connection does.
    fn body(&self, is_head_request: bool) -> (Place, bool) {
        let has_none = is_head_request || matches!(self.status, 204 | 304);
        match (has_none, self.is_chunked, self.length) {
            (true, ..) | (false, false, Some(0)) => (Place::Done, true),
            (false, true, _) => (Place::Chunk(Chunk::Size(None)), true),
            (false, false, Some(length)) => (Place::Body(length), true),
            (false, false, None) => (Place::UntilClose, false),
        }
    }
}

/// Reads a head; `None` where its end is missing.
fn parse_head(bytes: &[u8]) -> Result<Option<(usize, Head)>, &'static str> {
    const NO_RESPONSE: &str = "the answer is no response of HTTP/1.1";
    let mut headers = [EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(bytes).map_err(|_| NO_RESPONSE)? {
        Status::Complete(length) => length,
        Status::Partial => return Ok(None),
    };
    let is_newer = response.version == Some(1);
    let mut head =
        Head { status: response.code.ok_or(NO_RESPONSE)?, keeps_alive: is_newer, length: None, is_chunked: false };
    for header in response.headers.iter() {
        let has = |word: &[u8]| {
            header.value.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
        };
        if header.name.eq_ignore_ascii_case("content-length") {
            let length = std::str::from_utf8(header.value).ok().and_then(|text| text.trim().parse().ok());
            head.length = Some(length.ok_or("the Content-Length is no number")?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            head.is_chunked |= has(b"chunked");
        } else if header.name.eq_ignore_ascii_case("connection") {
            head.keeps_alive = !has(b"close") && (is_newer || has(b"keep-alive"));
        }
    }
    Ok(Some((length, head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    const CHUNKS: &[u8] =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;a=b\r\nhello\r\n0006\r\n world\r\n0\r\nX: y\r\n\r\n";

    fn read(pieces: &[&[u8]], is_head: bool) -> Result<(Option<Answer>, Vec<u8>), &'static str> {
        let mut reader = Reader::new(is_head).with_body();
        let mut answer = None;
        for piece in pieces {
            answer = answer.or(reader.take(piece)?);
        }
        Ok((answer.or_else(|| reader.take_end()), reader.body().to_vec()))
    }

    #[test]
    fn bodies_end_with_their_length_their_chunks_or_the_connection() {
        let close: &[u8] = b"HTTP/1.0 200 OK\r\n\r\nhello";
        let interim: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        for (response, body, status, keeps_alive) in [
            (LENGTH, "hello", 200, true),
            (CHUNKS, "hello world", 200, true),
            (close, "hello", 200, false),
            (interim, "", 204, false),
        ] {
            let bytes = response.len() as u64;
            let expected = Ok((Some(Answer { status, keeps_alive, bytes }), body.as_bytes().to_vec()));
            assert_eq!(read(&[response], false), expected);
            // Wherever the network cuts it.
            for cut in 1..response.len() {
                let (first, second) = response.split_at(cut);
                assert_eq!(read(&[first, second], false), expected, "{cut}");
            }
            let single: Vec<&[u8]> = response.chunks(1).collect();
            assert_eq!(read(&single, false), expected);
        }
        assert_eq!(
            read(&[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"], true).unwrap().0.map(|a| a.status),
            Some(200)
        );
    }

    #[test]
    fn what_is_no_response_is_an_error() {
        for wrong in [
            &b"SSH-2.0-OpenSSH\r\n"[..],
            b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        ] {
            assert!(read(&[wrong], false).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
        assert_eq!(read(&[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"], false).unwrap().0, None);
    }
}
