//! What a service tells those who ask why something did not arrive: what sends where, and which of
//! the texts that it still has mention something.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::MessageId;

/// A rule, a subscription, a schedule, or a queue that gives messages up: what sends to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Its ARN.
    pub by: String,
    /// The ARN of the bus, topic or queue that it takes from.
    pub from: String,
    /// The target's ARN.
    pub to: String,
    /// The ARN that the target's policy sees as `aws:SourceArn`.
    pub source: String,
    /// The service that delivers, as policies name it.
    pub principal: String,
    pub kind: FeedKind,
    /// The event pattern, filter policy or schedule, or when a message is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants: Option<String>,
    /// Why nothing comes from it as it is now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<String>,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedKind {
    Rule,
    Subscription,
    /// What a schedule sends when its time has come.
    Schedule,
    /// What a function's events came to.
    Destination,
    /// Only what could not be delivered, or was received too often.
    DeadLetters,
}

/// Most bytes of texts that one search looks through.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// A search for a text in what is still kept of messages and events.
#[derive(Clone, Debug)]
pub struct Search<'t> {
    text: &'t str,
    bytes_left: usize,
    pub found: BTreeSet<MessageId>,
}

impl<'t> Search<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text, bytes_left: BYTES_MAX, found: BTreeSet::new() }
    }

    /// Looks into a text of the message `id`; `false` when it has looked at enough.
    pub fn look(&mut self, id: MessageId, texts: &[&str]) -> bool {
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        if bytes > self.bytes_left {
            self.bytes_left = 0;
            return false;
        }
        self.bytes_left -= bytes;
        if texts.iter().any(|text| mentions(text, self.text)) {
            self.found.insert(id);
        }
        true
    }

    /// Whether all was looked at, as far as it was offered.
    pub fn is_complete(&self) -> bool {
        self.bytes_left > 0
    }
}

/// Whether a text has `word`, and not as a part of a longer word: `o-1` is not in `o-17`.
fn mentions(text: &str, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !before.is_some_and(goes_on) && !after.is_some_and(goes_on)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        for (text, word, found) in [
            (r#"{"orderId":"o-17"}"#, "o-17", true),
            (r#"{\"orderId\":\"o-17\"}"#, "o-17", true),
            (r#"{"orderId":"o-17"}"#, "o-1", false),
            (r#"{"orderId":"o-17"}"#, "17", false),
            ("o-17 and o-1", "o-1", true),
            ("päckchen ö-17", "ö-17", true),
            ("17", "17", true),
            ("17", "", false),
            ("", "17", false),
        ] {
            assert_eq!(mentions(text, word), found, "{word} in {text}");
        }
    }

    #[test]
    fn a_search_looks_at_so_many_bytes() {
        let text = format!("{} o-1", "x".repeat(1 << 20));
        let mut search = Search::of("o-1");
        let looked = (0..100_u128).take_while(|id| search.look(MessageId(*id), &[&text])).count();
        assert_eq!((looked, search.found.len(), search.is_complete()), (15, 15, false));
    }
}
