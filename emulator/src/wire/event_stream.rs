//! `application/vnd.amazon.eventstream`: an answer that is a stream of events, each in a frame.
//!
//! Source: Smithy, "Amazon Event Stream Specification".

use crc32fast::hash;

/// The content type of such an answer.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";
/// The event with which a stream of the awsJson protocols begins: members outside of the stream.
pub(crate) const INITIAL_RESPONSE: &str = "initial-response";

/// The type of a header whose value is text.
const TEXT: u8 = 7;
/// Both lengths and the checksum of both.
const PRELUDE_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Event,
    /// An error that the operation's model names; it ends the stream.
    Exception,
}

/// A frame with a payload in JSON.
pub(crate) fn frame(kind: FrameKind, name: &str, payload: &[u8]) -> Vec<u8> {
    let (message_type, type_header) = match kind {
        FrameKind::Event => ("event", ":event-type"),
        FrameKind::Exception => ("exception", ":exception-type"),
    };
    let mut headers = Vec::new();
    for (header, value) in [
        (":message-type", message_type),
        (type_header, name),
        (":content-type", "application/json"),
    ] {
        headers.push(header.len() as u8);
        headers.extend_from_slice(header.as_bytes());
        headers.push(TEXT);
        headers.extend_from_slice(&(value.len() as u16).to_be_bytes());
        headers.extend_from_slice(value.as_bytes());
    }
    let length = PRELUDE_BYTES + headers.len() + payload.len() + CHECKSUM_BYTES;
    let mut frame = Vec::with_capacity(length);
    frame.extend_from_slice(&(length as u32).to_be_bytes());
    frame.extend_from_slice(&(headers.len() as u32).to_be_bytes());
    frame.extend_from_slice(&hash(&frame).to_be_bytes());
    frame.extend_from_slice(&headers);
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&hash(&frame).to_be_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compared with what botocore's `eventstream` module reads of the same bytes.
    #[test]
    fn a_frame_has_lengths_checksums_and_headers() {
        let made = frame(FrameKind::Event, "sessionStart", b"{}");
        let number = |at: usize| u32::from_be_bytes(made[at..at + 4].try_into().unwrap());
        assert_eq!(number(0) as usize, made.len());
        assert_eq!(number(8), hash(&made[..8]));
        assert_eq!(number(made.len() - 4), hash(&made[..made.len() - 4]));
        let headers = &made[12..12 + number(4) as usize];
        let wanted = b"\x0d:message-type\x07\x00\x05event\x0b:event-type\x07\x00\x0csessionStart\
            \x0d:content-type\x07\x00\x10application/json";
        assert_eq!(headers, wanted);
        assert_eq!(&made[12 + headers.len()..made.len() - 4], b"{}");
        let ended = frame(FrameKind::Exception, "SessionTimeoutException", b"{}");
        assert!(ended.windows(16).any(|part| part == b"\x0f:exception-type"));
    }
}
