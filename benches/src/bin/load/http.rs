//! A keep-alive HTTP/1.1 connection that costs the client little: requests are bytes, answers are
//! a status and a body. Knows nothing of SQS.

use std::io;
use std::ops::Range;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const READ_BYTES: usize = 16 * 1024;

/// A connection; opened anew when the server closed it after an answer.
pub(crate) struct Connection {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Connection {
    /// Opens a connection to `host:port`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(crate) async fn open(address: &str) -> io::Result<Self> {
        let stream = Some(connect(address).await?);
        Ok(Self { address: address.to_owned(), stream, buffer: Vec::with_capacity(READ_BYTES) })
    }

    /// Writes a request.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn send(&mut self, request: &[u8]) -> io::Result<()> {
        if self.stream.is_none() {
            self.stream = Some(connect(&self.address).await?);
        }
        self.stream.as_mut().expect("opened above").write_all(request).await
    }

    /// Reads the answer to the last request.
    ///
    /// # Errors
    /// When the connection is lost or the answer is not HTTP.
    pub(crate) async fn receive(&mut self) -> io::Result<Answer<'_>> {
        self.buffer.clear();
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let mut ended = false;
        let parsed = loop {
            if !self.buffer.is_empty()
                && let Some(parsed) = parse(&mut self.buffer, ended)?
            {
                break parsed;
            }
            if ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.buffer.reserve(READ_BYTES);
            ended = stream.read_buf(&mut self.buffer).await? == 0;
        };
        if parsed.closes {
            self.stream = None;
        }
        Ok(Answer { status: parsed.status, body: &self.buffer[parsed.body] })
    }
}

async fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[derive(Debug, PartialEq)]
struct Parsed {
    status: u16,
    body: Range<usize>,
    closes: bool,
}

/// The answer, once all of it is there. The pieces of a chunked body are joined in place.
fn parse(bytes: &mut Vec<u8>, ended: bool) -> io::Result<Option<Parsed>> {
    let Some(blank) = find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let malformed = || io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP/1");
    let head = std::str::from_utf8(&bytes[..blank]).map_err(|_| malformed())?;
    let (first, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    let (version, rest) = first.split_once(' ').ok_or_else(malformed)?;
    let status = rest.get(..3).and_then(|it| it.parse().ok()).ok_or_else(malformed)?;
    let (mut length, mut chunked, mut closes) = (None, false, version != "HTTP/1.1");
    for (name, value) in headers.split("\r\n").filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.parse::<usize>().map_err(|_| malformed())?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            closes = value.eq_ignore_ascii_case("close");
        }
    }
    let begin = blank + 4;
    let end = match length {
        _ if chunked => match join_chunks(bytes, begin).ok_or_else(malformed)? {
            Some(end) => end,
            None => return Ok(None),
        },
        Some(length) if bytes.len() >= begin + length => begin + length,
        None if ended => bytes.len(),
        Some(_) | None => return Ok(None),
    };
    Ok(Some(Parsed { status, body: begin..end, closes: closes || ended }))
}

/// Where the joined body ends; the inner `None` when pieces are missing still, the outer when
/// they make no sense.
fn join_chunks(bytes: &mut Vec<u8>, begin: usize) -> Option<Option<usize>> {
    let mut joined = Vec::new();
    let mut at = begin;
    loop {
        let Some(line) = find(&bytes[at..], b"\r\n") else {
            return Some(None);
        };
        let size = std::str::from_utf8(&bytes[at..at + line]).ok()?;
        let size = size.split(';').next().unwrap_or(size).trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        at += line + 2;
        if bytes.len() < at + size + 2 {
            return Some(None);
        }
        if size == 0 {
            break;
        }
        joined.extend_from_slice(&bytes[at..at + size]);
        at += size + 2;
    }
    bytes.truncate(begin);
    bytes.append(&mut joined);
    Some(Some(bytes.len()))
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, ended: bool, expected: Option<(u16, &str, bool)>) {
        let mut bytes = answer.as_bytes().to_vec();
        let parsed = parse(&mut bytes, ended).unwrap();
        let read = parsed.map(|it| (it.status, bytes[it.body].to_vec(), it.closes));
        let expected = expected.map(|(status, body, closes)| (status, body.into(), closes));
        assert_eq!(read, expected, "{answer}");
    }

    #[test]
    fn answers_are_read_when_they_are_whole() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\na: b\r\n\r\nbody";
        check(whole, false, Some((200, "body", false)));
        for cut in 0..whole.len() {
            check(&whole[..cut], false, None);
        }
        check("HTTP/1.1 204\r\ncontent-length: 0\r\n\r\n", false, Some((204, "", false)));
        let closing = "HTTP/1.1 400 Bad\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx";
        check(closing, false, Some((400, "x", true)));
        check("HTTP/1.0 200 OK\r\n\r\nall", true, Some((200, "all", true)));
        check("HTTP/1.0 200 OK\r\n\r\nal", false, None);
        let pieces = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                      3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
        check(pieces, false, Some((200, "abc0123456789", false)));
        check(&pieces[..pieces.len() - 2], false, None);
        check(&pieces[..60], false, None);
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        for answer in [
            "junk\r\n\r\n",
            "HTTP/1.1 x\r\n\r\n",
            "HTTP/1.1 200\r\ncontent-length: x\r\n\r\n",
            "HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(parse(&mut answer.as_bytes().to_vec(), false).is_err(), "{answer}");
        }
    }
}
