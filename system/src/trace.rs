//! The AWS trace header of what is being worked on: it comes with a request or a message and goes
//! on with every event, message and notification that follows, so that AWS X-Ray, or whoever reads
//! the header, sees one story.
//!
//! Source: developer guide of X-Ray, "Tracing header".

use std::fmt;

use crate::domain::Timestamp;

/// Of HTTP requests and answers.
pub const HEADER: &str = "x-amzn-trace-id";
/// Source: PutEvents, API reference, TraceHeader.
const LENGTH_MAX: usize = 500;
const ROOT: &str = "Root=1-";

tokio::task_local! {
    static CURRENT: Option<TraceHeader>;
}

/// Like `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceHeader(String);

impl TraceHeader {
    /// `None` for what is no such header: tracing never makes a request fail.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() <= LENGTH_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
        let root = text.split(';').find_map(|part| part.strip_prefix(ROOT))?;
        let (time, id) = root.split_once('-')?;
        let hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        (fits && hex(time, 8) && hex(id, 24)).then(|| Self(text.to_owned()))
    }

    /// A trace that begins here: what has the same correlation id at the same second is one.
    pub fn begin(correlation_id: &str, now: Timestamp) -> Self {
        let seconds = (now.as_millis() / 1000) & i64::from(u32::MAX);
        // Two FNV-1a hashes: it must only tell traces of one second apart.
        let hash = |basis: u64| {
            correlation_id.bytes().fold(basis, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
        };
        let (high, low) = (hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4));
        Self(format!("{ROOT}{seconds:08x}-{high:016x}{:08x}", low >> 32))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TraceHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Of the work that this is part of, if it has any.
pub fn current() -> Option<TraceHeader> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Does `work` under a header, or under none.
pub async fn within<T>(header: Option<TraceHeader>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(header, work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_its_trace() {
        let root = "Root=1-5759e988-bd862e3fe1be46a994272793";
        let more = format!("{root};Parent=53995c3f42cd8ad8;Sampled=1");
        let self_first = format!("Self=1-67891234-12456789abcdef012345678;{root}");
        for good in [root, &more, &self_first] {
            assert_eq!(TraceHeader::parse(good).map(|it| it.to_string()), Some(good.to_owned()));
        }
        let long = format!("{root};{}", "x".repeat(LENGTH_MAX));
        for bad in ["", "Root=1-5759e988", "Root=1-5759e98-bd862e3fe1be46a994272793", &long] {
            assert_eq!(TraceHeader::parse(bad), None, "{bad}");
        }
        assert_eq!(TraceHeader::parse(&format!("{root}\n")), None);
    }

    #[test]
    fn what_begins_has_a_header_of_its_own() {
        let at = |id: &str, millis| TraceHeader::begin(id, Timestamp::from_millis(millis));
        let first = at("cor-1", 1_700_000_000_000);
        assert_eq!(TraceHeader::parse(first.as_str()), Some(first.clone()));
        assert_eq!(first, at("cor-1", 1_700_000_000_999));
        assert_ne!(first, at("cor-2", 1_700_000_000_000));
        assert_ne!(first, at("cor-1", 1_700_000_001_000));
    }

    #[tokio::test]
    async fn work_has_the_header_it_is_done_under() {
        assert_eq!(current(), None);
        let header = TraceHeader::begin("c", Timestamp::from_millis(0));
        let inside = async { (current(), within(None, async { current() }).await) };
        assert_eq!(within(Some(header.clone()), inside).await, (Some(header), None));
    }
}
