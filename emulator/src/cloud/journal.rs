//! What a journal holds, as bytes: what happens to a cloud, with its times, one record after
//! another.
//!
//! A record is framed with its length and checksum, so that one which was written in part is known
//! as such. Knows no file.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::input::{HttpRequest, Input};
use crate::kernel::Scope;
use crate::wire::{Timestamp, cbor};

/// Bytes before a record: its length and its checksum, each of four bytes, least first.
pub const FRAME_BYTES: usize = 8;
/// No record is longer: no request is, and what functions and servers answer is bounded too.
pub const RECORD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What a page of the emulator itself asks an operation, in JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageCall {
    pub service: String,
    pub operation: String,
    pub scope: Scope,
    pub body: Bytes,
}

/// How the clock runs: virtual time is `virtual_time` at the machine's `machine_time`, and runs so
/// many seconds a second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    pub virtual_time: Timestamp,
    pub machine_time: Timestamp,
    pub seconds_a_second: f64,
}

/// One thing that happened to a cloud, or to what is around it.
#[derive(Clone, Debug)]
pub enum Record {
    /// Something reached the cloud.
    Given(Timestamp, Input),
    /// A page asked it something.
    Asked(Timestamp, PageCall),
    /// The state was thrown away.
    Reset(Timestamp),
    /// The clock runs otherwise from here on.
    Clock(Pace),
    /// The cloud panicked at the record with this number: it is not to be applied again.
    Panicked(u64),
    /// Another state was put in its place: a file as [`super::Saved`] writes it.
    Loaded(Timestamp, Bytes),
}

const REQUEST: u8 = 1;
const INPUT: u8 = 2;
const ASKED: u8 = 3;
const RESET: u8 = 4;
const CLOCK: u8 = 5;
const PANICKED: u8 = 6;
const LOADED: u8 = 7;

/// A record that is written. It holds nothing: what it writes is given as it lies.
#[derive(Debug)]
pub struct Draft(Vec<u8>);

impl Draft {
    fn new(kind: u8) -> Self {
        let mut bytes = Vec::with_capacity(1024);
        bytes.resize(FRAME_BYTES, 0);
        bytes.push(kind);
        Self(bytes)
    }

    fn at(kind: u8, at: Timestamp) -> Self {
        let mut draft = Self::new(kind);
        draft.0.extend(at.millis().to_le_bytes());
        draft
    }

    /// A request as it came. Its time is [set](Draft::set_time) when it is known.
    pub fn request(parts: &Parts, body: &[u8]) -> Self {
        let mut draft = Self::at(REQUEST, Timestamp::from_millis(0));
        draft.text(parts.method.as_str().as_bytes());
        draft.text(parts.uri.to_string().as_bytes());
        draft.0.extend((parts.headers.len() as u32).to_le_bytes());
        for (name, value) in &parts.headers {
            draft.text(name.as_str().as_bytes());
            draft.text(value.as_bytes());
        }
        draft.text(body);
        draft
    }

    /// Any other input; `None` for a request.
    pub fn input(at: Timestamp, input: &Input<Call>) -> Option<Self> {
        let input: Input = input.plain().ok()?;
        Some(Self::at(INPUT, at).with(&input))
    }

    pub fn asked(at: Timestamp, call: &PageCall) -> Self {
        Self::at(ASKED, at).with(call)
    }

    pub fn reset(at: Timestamp) -> Self {
        Self::at(RESET, at)
    }

    pub fn clock(pace: &Pace) -> Self {
        Self::new(CLOCK).with(pace)
    }

    pub fn panicked(record: u64) -> Self {
        Self::new(PANICKED).with(&record)
    }

    pub fn loaded(at: Timestamp, file: &[u8]) -> Self {
        let mut draft = Self::at(LOADED, at);
        draft.0.extend_from_slice(file);
        draft
    }

    /// What is between the frames.
    pub fn payload(&self) -> &[u8] {
        &self.0[FRAME_BYTES..]
    }

    fn with(mut self, value: &impl Serialize) -> Self {
        let bytes = cbor::to_vec(value).expect("inputs consist of values that CBOR can write");
        self.0.extend(bytes);
        self
    }

    fn text(&mut self, bytes: &[u8]) {
        self.0.extend((bytes.len() as u32).to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    /// Says when a request came.
    pub fn set_time(&mut self, at: Timestamp) {
        let place = FRAME_BYTES + 1;
        self.0[place..place + 8].copy_from_slice(&at.millis().to_le_bytes());
    }

    /// Adds it to `out`, framed.
    pub fn write(mut self, out: &mut Vec<u8>) {
        let payload = &self.0[FRAME_BYTES..];
        let (length, sum) = (payload.len() as u32, crc32fast::hash(payload));
        self.0[..4].copy_from_slice(&length.to_le_bytes());
        self.0[4..FRAME_BYTES].copy_from_slice(&sum.to_le_bytes());
        out.append(&mut self.0);
    }
}

/// The frames of a file, one after another.
#[derive(Debug)]
pub struct Frames<'a> {
    bytes: &'a [u8],
    /// Where the next one begins.
    pub at: usize,
}

impl<'a> Frames<'a> {
    pub fn of(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Whether everything was read: else what is left is no whole frame.
    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    /// The next one whose length and checksum are right.
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let (head, rest) = rest.split_at_checked(FRAME_BYTES)?;
        let (length, sum) = (number(&head[..4])? as usize, number(&head[4..])?);
        let payload = rest.get(..length).filter(|_| length <= RECORD_BYTES_MAX)?;
        if crc32fast::hash(payload) != sum {
            return None;
        }
        self.at += FRAME_BYTES + length;
        Some(payload)
    }
}

/// Bytes that are whole and no record of this version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no record of this version: {0}")]
pub struct RecordError(String);

impl From<String> for RecordError {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}

impl Record {
    /// Reads a frame's payload.
    ///
    /// # Errors
    /// [`RecordError`] if it is none of this version.
    pub fn read(payload: &[u8]) -> Result<Self, RecordError> {
        let mut left = Left(payload);
        let kind = left.take(1)?[0];
        Ok(match kind {
            REQUEST => {
                let at = left.time()?;
                Self::Given(at, Input::Request(left.request()?))
            }
            INPUT => Self::Given(left.time()?, left.value()?),
            ASKED => Self::Asked(left.time()?, left.value()?),
            RESET => Self::Reset(left.time()?),
            CLOCK => Self::Clock(left.value()?),
            PANICKED => Self::Panicked(left.value()?),
            LOADED => Self::Loaded(left.time()?, Bytes::copy_from_slice(left.0)),
            other => return Err(RecordError(format!("kind {other}"))),
        })
    }

    /// What it is, in a word or two.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Given(_, input) => match input {
                Input::Request(_) => "a request",
                Input::ClientGone(_) => "a client is gone",
                Input::Answered(..) => "a server answers",
                Input::NotCalled(..) => "a server is not called",
                Input::FunctionDone(..) => "a function has run",
                Input::Faults(_) => "fault rules",
                Input::Text(_) => "a text from a phone",
                Input::Restarted(_) => "started anew",
                Input::Time => "time",
            },
            Self::Asked(..) => "a page asks",
            Self::Reset(_) => "a reset",
            Self::Clock(_) => "the clock",
            Self::Panicked(_) => "a panic",
            Self::Loaded(..) => "a snapshot is loaded",
        }
    }

    /// Its virtual time.
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Given(at, _) | Self::Asked(at, _) | Self::Reset(at) => Some(*at),
            Self::Loaded(at, _) => Some(*at),
            Self::Clock(pace) => Some(pace.virtual_time),
            Self::Panicked(_) => None,
        }
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_le_bytes)
}

/// What is left of a payload.
struct Left<'a>(&'a [u8]);

impl<'a> Left<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], RecordError> {
        let short = || RecordError("it ends too early".to_owned());
        let (taken, left) = self.0.split_at_checked(bytes).ok_or_else(short)?;
        self.0 = left;
        Ok(taken)
    }

    fn time(&mut self) -> Result<Timestamp, RecordError> {
        let millis = self.take(8)?.try_into().map(i64::from_le_bytes);
        let millis = millis.map_err(|_| RecordError("no time".to_owned()))?;
        Ok(Timestamp::from_millis(millis))
    }

    fn length(&mut self) -> Result<usize, RecordError> {
        let length = number(self.take(4)?);
        length.map(|length| length as usize).ok_or_else(|| RecordError("no length".to_owned()))
    }

    fn text(&mut self) -> Result<&'a [u8], RecordError> {
        let length = self.length()?;
        self.take(length)
    }

    fn value<T: for<'de> Deserialize<'de>>(&mut self) -> Result<T, RecordError> {
        let bytes = std::mem::take(&mut self.0);
        cbor::from_slice(bytes).map_err(|error| RecordError(error.to_string()))
    }

    fn request(&mut self) -> Result<HttpRequest, RecordError> {
        let wrong = |error: &dyn std::fmt::Display| RecordError(error.to_string());
        let method = Method::from_bytes(self.text()?).map_err(|error| wrong(&error))?;
        let uri = Uri::try_from(self.text()?).map_err(|error| wrong(&error))?;
        let headers = self.length()?;
        let mut request = Request::new(());
        for _ in 0..headers {
            let name = HeaderName::from_bytes(self.text()?).map_err(|error| wrong(&error))?;
            let value = HeaderValue::from_bytes(self.text()?).map_err(|error| wrong(&error))?;
            let added = request.headers_mut().try_append(name, value);
            added.map_err(|error| wrong(&error))?;
        }
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let body = Bytes::copy_from_slice(self.text()?);
        Ok(HttpRequest { parts: request.into_parts().0, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CallId;

    fn framed(draft: Draft) -> Vec<u8> {
        let mut bytes = Vec::new();
        draft.write(&mut bytes);
        bytes
    }

    #[test]
    fn a_request_is_read_as_it_came() {
        let request = Request::put("http://host:1/path?query=%20")
            .header("x-two", "first")
            .header("x-two", "second")
            .header("x-raw", HeaderValue::from_bytes(b"\xe9").unwrap())
            .body(())
            .unwrap();
        let (parts, ()) = request.into_parts();
        let mut draft = Draft::request(&parts, b"\x00body");
        draft.set_time(Timestamp::from_millis(7));
        let bytes = framed(draft);
        let mut frames = Frames::of(&bytes, 0);
        let record = Record::read(frames.next().unwrap()).unwrap();
        assert!(frames.is_at_end());
        let Record::Given(at, Input::Request(read)) = record else { panic!("{record:?}") };
        assert_eq!(at.millis(), 7);
        assert_eq!((&read.parts.method, &read.parts.uri), (&parts.method, &parts.uri));
        assert_eq!((&read.parts.headers, &read.body[..]), (&parts.headers, &b"\x00body"[..]));
    }

    #[test]
    fn what_was_written_in_part_is_no_frame_wherever_it_ends() {
        let at = Timestamp::from_millis(1);
        let gone = Draft::input(at, &Input::ClientGone(CallId(7))).unwrap();
        let mut bytes = framed(Draft::reset(at));
        let first = bytes.len();
        bytes.extend(framed(gone));
        for end in first..bytes.len() {
            let mut frames = Frames::of(&bytes[..end], 0);
            assert_eq!(frames.by_ref().count(), 1, "{end}");
            assert_eq!((frames.at, frames.is_at_end()), (first, end == first));
        }
        for place in first..bytes.len() {
            let mut torn = bytes.clone();
            torn[place] ^= 0x10;
            assert_eq!(Frames::of(&torn, 0).count(), 1, "{place}");
        }
    }

    #[test]
    fn records_of_other_kinds_are_read_back() {
        let pace = Pace {
            virtual_time: Timestamp::from_millis(5),
            machine_time: Timestamp::from_millis(6),
            seconds_a_second: 0.5,
        };
        let read = |draft: Draft| {
            let bytes = framed(draft);
            let frame = Frames::of(&bytes, 0).next().unwrap();
            format!("{:?}", Record::read(frame).unwrap())
        };
        assert_eq!(read(Draft::clock(&pace)), format!("{:?}", Record::Clock(pace)));
        assert_eq!(read(Draft::panicked(9)), "Panicked(9)");
        assert!(Record::read(&[99]).is_err());
        assert!(Record::read(&[]).is_err());
    }
}
