//! What would leave the cloud for a person or a device: mail, texts, notes to phones.
//!
//! Nothing is sent. Letters are kept to be read, the latest of them, so that a test can see what a
//! customer got and follow the links in it. Knows no service.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::wire::Timestamp;

/// Most bytes of letters that are kept; the oldest go first.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// What a letter costs beside its texts.
const BYTES_EACH: usize = 128;

/// One letter. The texts are as the recipient would see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Counts from 1; no two letters of a cloud have the same.
    pub number: u64,
    pub at: Timestamp,
    /// Account and region of the sender.
    pub scope: Scope,
    /// The ARN of what sent it: a topic, an application, or the account's phone service.
    pub from: String,
    /// `email`, `email-json`, `sms` or `application`.
    pub protocol: String,
    /// An address, a phone number, or an endpoint's ARN.
    pub to: String,
    pub subject: Option<String>,
    pub body: String,
    /// The id that the publisher was told, if somebody published it.
    pub message_id: Option<String>,
}

impl Letter {
    fn bytes(&self) -> usize {
        let subject = self.subject.as_ref().map_or(0, String::len);
        BYTES_EACH + self.from.len() + self.to.len() + subject + self.body.len()
    }
}

/// A text message that somebody sends from a phone, in answer to a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneText {
    /// Account and region that sent the letter.
    pub scope: Scope,
    /// The phone's number, a plus sign and digits.
    pub from: String,
    pub body: String,
}

/// The letters of one cloud, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Letters {
    kept: VecDeque<Letter>,
    bytes: usize,
    written: u64,
}

impl Letters {
    /// Keeps a letter under the next number.
    pub(super) fn put(&mut self, letter: Letter) {
        self.written += 1;
        let letter = Letter { number: self.written, ..letter };
        self.bytes += letter.bytes();
        self.kept.push_back(letter);
        while self.bytes > BYTES_MAX
            && let Some(oldest) = self.kept.pop_front()
        {
            self.bytes -= oldest.bytes();
        }
    }

    /// Those that are kept, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Letter> {
        self.kept.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(body: String) -> Letter {
        Letter {
            number: 0,
            at: Timestamp::default(),
            scope: Scope::new("000000000000", "us-east-1"),
            from: "f".to_owned(),
            protocol: "sms".to_owned(),
            to: "t".to_owned(),
            subject: None,
            body,
            message_id: None,
        }
    }

    #[test]
    fn the_oldest_go_first() {
        let mut letters = Letters::default();
        for _ in 0..5 {
            letters.put(letter("x".repeat(BYTES_MAX / 4)));
        }
        let kept: Vec<u64> = letters.iter().map(|letter| letter.number).collect();
        assert_eq!(kept, [3, 4, 5]);
        letters.put(letter("x".repeat(BYTES_MAX)));
        assert_eq!((letters.iter().count(), letters.bytes), (0, 0));
        letters.put(letter("small".to_owned()));
        assert_eq!(letters.iter().next().unwrap().number, 7);
    }
}
