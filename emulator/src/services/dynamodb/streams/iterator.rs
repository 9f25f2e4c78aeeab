//! Shard iterators: a place in a stream, written so that the client can keep it.
//!
//! Nothing is stored for them: the text holds the stream, the place and when it was handed out.

use std::time::Duration;

use super::error::StreamsError;
use crate::wire::Timestamp;

/// How long an iterator can be used.
const LIFETIME: Duration = Duration::from_secs(900);

/// A place in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShardIterator {
    pub(super) stream: String,
    /// Which of its shards.
    pub(super) shard: u64,
    /// The number of the next record; unset begins at the oldest there is.
    pub(super) from: Option<u64>,
    pub(super) issued: Timestamp,
}

impl ShardIterator {
    /// `<stream's ARN>|<shard>|<place><time>`.
    pub(super) fn text(&self) -> String {
        let place = self.from.map_or(0, |from| from + 1);
        let shard = self.shard.saturating_add(1);
        format!("{}|{shard}|{place:016x}{:016x}", self.stream, self.issued.millis())
    }

    /// Reads an iterator that is to be used at `now`.
    ///
    /// # Errors
    /// It is none, or too old.
    pub(super) fn parse(text: &str, now: Timestamp) -> Result<Self, StreamsError> {
        let invalid = || StreamsError::Validation("Invalid ShardIterator".to_owned());
        let (stream, place) = text.rsplit_once('|').ok_or_else(invalid)?;
        let (stream, shard) = stream.rsplit_once('|').ok_or_else(invalid)?;
        let shard = shard.parse::<u64>().ok().and_then(|shard| shard.checked_sub(1));
        let shard = shard.ok_or_else(invalid)?;
        let (place, issued) = place.split_at_checked(16).ok_or_else(invalid)?;
        let hexadecimal = |text| u64::from_str_radix(text, 16).map_err(|_| invalid());
        let from = hexadecimal(place)?.checked_sub(1);
        let issued = i64::try_from(hexadecimal(issued)?).map_err(|_| invalid())?;
        let issued = Timestamp::from_millis(issued);
        if now.since(issued) > LIFETIME {
            return Err(StreamsError::ExpiredIterator);
        }
        Ok(Self { stream: stream.to_owned(), shard, from, issued })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iterator_comes_back_until_it_is_too_old() {
        let issued = Timestamp::from_millis(1_767_225_600_123);
        for from in [None, Some(0), Some(7)] {
            let it = ShardIterator { stream: "arn:x|y".to_owned(), shard: 2, from, issued };
            assert_eq!(ShardIterator::parse(&it.text(), issued + LIFETIME), Ok(it.clone()));
            let late = issued + LIFETIME + Duration::from_millis(1);
            assert_eq!(ShardIterator::parse(&it.text(), late), Err(StreamsError::ExpiredIterator));
        }
        for text in ["", "x", "x|1|", "x|0|", "x|1|zz", "x|1|000000000000000é0000000000000000"] {
            let error = ShardIterator::parse(text, issued).unwrap_err();
            assert!(matches!(error, StreamsError::Validation(_)), "{text}");
        }
    }
}
