//! Commits that are made at the same time go in one transaction, as each call costs more than what
//! is in it. Whatever spoils it, each commit comes to what it would have come to by itself.
//!
//! Of this process one transaction is under way at a time, so that a commit can follow on another
//! that is not done yet: two orders of the same product are no conflict.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::{Commit, CommitError, EventStore, StreamAppend, Tip};
use crate::adapters::attributes::{number, read_text, text};
use crate::adapters::gather::Gather;
use crate::failure::{Dependency, Failure};

/// Items of one transaction. Source: TransactWriteItems, API reference.
const ITEMS_MAX: usize = 100;
/// Bytes of it, of the 4 MB that it may have.
const BYTES_MAX: usize = 1 << 20;

type Error = SdkError<TransactWriteItemsError, HttpResponse>;

/// A commit of a transaction, by its place in the list that was given.
type Place = usize;

/// Who spoilt a transaction.
enum Guilt {
    Of(Vec<Place>),
    /// One of them, but it is not said which.
    Unknown,
    /// It is nobody's fault, or not known to be.
    OfNone,
}

/// What the commits of a transaction write that others may have written.
#[derive(Default)]
struct Taken<'a> {
    tips: BTreeMap<&'a str, Tip>,
    keys: BTreeSet<&'a str>,
}

pub(super) fn gather() -> Gather<Commit, Result<(), CommitError>> {
    // Each commit has two items at least, an event and its record in the outbox.
    Gather::in_turn(Dependency::DynamoDb, ITEMS_MAX / 2)
}

impl EventStore {
    /// Appends, or leaves everything as it was.
    pub async fn commit(&self, commit: &Commit) -> Result<(), CommitError> {
        if commit.first_event_id().is_none() {
            return Ok(());
        }
        self.histories.append(commit);
        let all = async |all: Vec<Commit>| self.commit_all(&all).await;
        match self.together.ask(commit.clone(), all).await {
            Ok(done) => done,
            Err(failure) => {
                self.histories.forget(commit);
                Err(failure.into())
            }
        }
    }

    async fn commit_all(&self, all: &[Commit]) -> Vec<Result<(), CommitError>> {
        let mut done: Vec<_> = all.iter().map(|_| Ok(())).collect();
        for part in transactions(all) {
            let places = part.clone();
            self.commit_part(all, part, &mut done).await;
            // Before the next are asked for, which may follow on these.
            for place in places {
                match done[place] {
                    Ok(()) => self.histories.confirm(&all[place]),
                    Err(_) => self.histories.forget(&all[place]),
                }
            }
        }
        done
    }

    /// Tries again without those that cannot be, until the rest is written.
    async fn commit_part(
        &self,
        all: &[Commit],
        mut left: Vec<Place>,
        done: &mut [Result<(), CommitError>],
    ) {
        let mut taken = Taken::default();
        left.retain(|place| {
            let is_sure = |stream: &str, tip: &Tip| self.histories.is_sure(stream, tip);
            let follows = taken.take(&all[*place], is_sure);
            done[*place] = if follows { Ok(()) } else { Err(CommitError::Conflict) };
            follows
        });
        let mut round = 0;
        while let Err(error) = self.send(all, &left, round).await {
            round += 1;
            let guilty = match guilty(&error, all, &left) {
                Guilt::Of(guilty) => guilty,
                Guilt::Unknown if left.len() > 1 => {
                    for place in left {
                        if let Err(error) = self.send(all, &[place], round).await {
                            done[place] = self.alone(&all[place], &error).await;
                        }
                    }
                    return;
                }
                Guilt::Unknown | Guilt::OfNone => left.clone(),
            };
            for place in &guilty {
                done[*place] = self.alone(&all[*place], &error).await;
            }
            left.retain(|place| !guilty.contains(place));
            // What follows on one of them cannot be either.
            let in_vain = guilty.into_iter().filter(|place| done[*place].is_err());
            let mut in_vain: BTreeSet<_> = in_vain.flat_map(|it| streams(&all[it])).collect();
            left.retain(|place| {
                let stays = streams(&all[*place]).all(|stream| !in_vain.contains(stream));
                if !stays {
                    in_vain.extend(streams(&all[*place]));
                    done[*place] = Err(CommitError::Conflict);
                }
                stays
            });
            if left.is_empty() {
                return;
            }
        }
    }

    /// `round` tells attempts with other commits apart.
    async fn send(&self, all: &[Commit], places: &[Place], round: usize) -> Result<(), Error> {
        let last = last_of_each(all, places);
        let is_last =
            |stream: &StreamAppend| last.get(&*stream.stream_id) == Some(&stream.after.version);
        let items = places.iter().flat_map(|place| self.items(&all[*place], is_last));
        let first = places.first().and_then(|place| all[*place].first_event_id());
        self.client
            .transact_write_items()
            .set_transact_items(Some(items.collect()))
            .set_client_request_token(first.map(|event_id| token(event_id, round)))
            .send()
            .await
            .map(drop)
    }

    /// What becomes of a commit that stands in the way of others.
    async fn alone(&self, commit: &Commit, error: &Error) -> Result<(), CommitError> {
        if !error.as_service_error().is_some_and(is_conflict) {
            return Err(Failure::of_call(Dependency::DynamoDb, "TransactWriteItems", error).into());
        }
        let event_id = commit.first_event_id().unwrap_or_default();
        match self.is_ours(commit, event_id).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(CommitError::Conflict),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Whether the conflict is with our own earlier attempt.
    async fn is_ours(&self, commit: &Commit, event_id: &str) -> Result<bool, Failure> {
        let Some(stream) = commit.streams.first() else {
            return Ok(false);
        };
        let found = self
            .client
            .get_item()
            .table_name(&self.events_table)
            .consistent_read(true)
            .key("stream_id", text(&stream.stream_id))
            .key("version", number(stream.after.version + 1))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(match found.item {
            Some(item) => read_text(&item, "event_id")? == event_id,
            None => false,
        })
    }
}

impl<'a> Taken<'a> {
    /// Takes what a commit writes, if it follows on those before it, or on what is there for sure.
    fn take(&mut self, commit: &'a Commit, is_sure: impl Fn(&str, &Tip) -> bool) -> bool {
        let key = commit.once.as_ref().map(|once| &*once.key);
        let follows = commit.streams.iter().all(|stream| match self.tips.get(&*stream.stream_id) {
            Some(tip) => *tip == stream.after,
            None => is_sure(&stream.stream_id, &stream.after),
        });
        if !follows || key.is_some_and(|key| self.keys.contains(key)) {
            return false;
        }
        self.keys.extend(key);
        self.tips.extend(commit.streams.iter().map(|stream| (&*stream.stream_id, stream.tip())));
        true
    }
}

/// The first event's id names this very attempt, so a repetition of the request whose answer was
/// lost is recognised. What is asked for anew in part is another request, so its token ends in
/// letters that no id has.
fn token(event_id: &str, round: usize) -> String {
    const LETTERS: &[u8; 16] = b"ghjkmnpqrstuvwxy";
    if round == 0 {
        return event_id.to_owned();
    }
    let letter = |at: usize| char::from(LETTERS[at % LETTERS.len()]);
    let mut token = event_id.to_owned();
    token.truncate(event_id.len().saturating_sub(2));
    token.extend([letter(round / LETTERS.len()), letter(round)]);
    token
}

fn streams(commit: &Commit) -> impl Iterator<Item = &str> {
    commit.streams.iter().map(|stream| &*stream.stream_id)
}

/// Cuts the list where a transaction would be too long.
fn transactions(all: &[Commit]) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    let (mut items, mut bytes) = (0, 0);
    for (place, commit) in all.iter().enumerate() {
        let own = commit.size();
        (items, bytes) = (items + own.0, bytes + own.1);
        match parts.last_mut().filter(|_| items <= ITEMS_MAX && bytes <= BYTES_MAX) {
            Some(part) => part.push(place),
            None => {
                (items, bytes) = own;
                parts.push(vec![place]);
            }
        }
    }
    parts
}

/// Of each stream the version that its last commit expects, as only the last snapshot is written.
fn last_of_each<'a>(all: &'a [Commit], places: &[Place]) -> BTreeMap<&'a str, u64> {
    let streams = places.iter().flat_map(|place| &all[*place].streams);
    streams.map(|stream| (&*stream.stream_id, stream.after.version)).collect()
}

fn guilty(error: &Error, all: &[Commit], places: &[Place]) -> Guilt {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons();
            let last = last_of_each(all, places);
            let mut at = 0;
            let guilty = places.iter().copied().filter(|place| {
                let dropped = all[*place].streams.iter().filter(|stream| {
                    let is_last = last.get(&*stream.stream_id) == Some(&stream.after.version);
                    stream.snapshot.is_some() && !is_last
                });
                let items = all[*place].size().0 - dropped.count();
                let own = reasons.iter().skip(at).take(items);
                at += items;
                own.into_iter().any(is_about_the_item)
            });
            match guilty.collect::<Vec<_>>() {
                none if none.is_empty() => Guilt::OfNone,
                guilty => Guilt::Of(guilty),
            }
        }
        Some(error) if is_conflict(error) => Guilt::Unknown,
        _ => match Failure::of_call(Dependency::DynamoDb, "", error) {
            Failure::Faulty(..) => Guilt::Unknown,
            _ => Guilt::OfNone,
        },
    }
}

/// Whether it is this item that cannot be written, and not the table or the moment.
fn is_about_the_item(reason: &CancellationReason) -> bool {
    const OTHERS: [&str; 2] = ["ItemCollectionSizeLimitExceeded", "ValidationError"];
    is_a_conflict(reason) || reason.code().is_some_and(|code| OTHERS.contains(&code))
}

fn is_a_conflict(reason: &CancellationReason) -> bool {
    matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"))
}

fn is_conflict(error: &TransactWriteItemsError) -> bool {
    match error {
        TransactWriteItemsError::TransactionInProgressException(_)
        | TransactWriteItemsError::IdempotentParameterMismatchException(_) => true,
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().iter().any(is_a_conflict)
        }
        _ => false,
    }
}
