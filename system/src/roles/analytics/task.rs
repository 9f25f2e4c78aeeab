//! One task: a partition of the stream that is counted, and how far it is.

use std::fmt;

use crate::adapters::analytics_table::{AnalyticsTable, Checkpoint, Progress, RowChange};
use crate::analytics::{
    Change, CustomerSettings, CustomerTask, Fact, Match, OrderTask, Outcome, RestoreError, Settings,
};
use crate::app::App;
use crate::app::figures::{Alert, customers_task, orders_task};
use crate::app::records::Appended;
use crate::config::Names;
use crate::contracts::{Source, Topic};
use crate::domain::Timestamp;
use crate::failure::Failure;
use crate::ports::{Position, Record, TopicPartition};

/// With so many changed rows a commit is due: one more event still fits into it.
const FULL: usize = 55;
/// Rows that are forgotten, or customers that are looked at, as time passes.
const SEEN_TO: usize = 40;

/// A partition: of all topics that are keyed by order, or of that keyed by customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TaskId {
    Orders(u32),
    Customers(u32),
}

pub(super) struct Task {
    id: TaskId,
    names: Names,
    state: State,
    /// As it was committed last.
    checkpoint: Checkpoint,
    progress: Progress,
}

enum State {
    Orders(Box<OrderTask>),
    Customers(Box<CustomerTask>),
}

impl TaskId {
    /// Who has this one keeps the board.
    pub(super) const KEEPER: Self = Self::Orders(0);

    pub(super) fn of(names: &Names, at: &TopicPartition) -> Self {
        if at.topic == names.stream_topic(Topic::Customers) {
            Self::Customers(at.partition)
        } else {
            Self::Orders(at.partition)
        }
    }

    /// The partitions of which it consists, each with what it tells of.
    pub(super) fn partitions(self, names: &Names) -> Vec<(Source, TopicPartition)> {
        let of = |topic, partition| TopicPartition { topic: names.stream_topic(topic), partition };
        match self {
            Self::Orders(number) => vec![
                (Source::Orders, of(Topic::Orders, number)),
                (Source::Inventory, of(Topic::Inventory, number)),
                (Source::Payments, of(Topic::Payments, number)),
            ],
            Self::Customers(number) => vec![(Source::Orders, of(Topic::Customers, number))],
        }
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Orders(number) => orders_task(*number),
            Self::Customers(number) => customers_task(*number),
        })
    }
}

impl Task {
    pub(super) fn restore(
        id: TaskId,
        checkpoint: Checkpoint,
        rows: Vec<(String, String)>,
        app: &App,
    ) -> Result<Self, RestoreError> {
        let (now, disorder) = (app.clock.now(), app.timing.analytics_disorder);
        // Alerts wait there to be sent, and are no state.
        let rows = rows.into_iter().filter(|(row, _)| !Alert::is_row(row));
        let state = match id {
            TaskId::Orders(_) => {
                let settings = Settings { disorder, ..Settings::default() };
                let mut task = OrderTask::restore(settings, rows)?;
                task.hear_clock(now);
                State::Orders(Box::new(task))
            }
            TaskId::Customers(_) => {
                let settings = CustomerSettings { disorder, ..CustomerSettings::default() };
                let mut task = CustomerTask::restore(settings, rows)?;
                task.hear_clock(now);
                State::Customers(Box::new(task))
            }
        };
        let progress = checkpoint.progress.clone();
        Ok(Self { id, names: app.names.clone(), state, checkpoint, progress })
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// Of the next record; `None` when nothing was read yet.
    pub(super) fn offset(&self, topic: &str) -> Option<u64> {
        self.progress.offsets.get(topic).copied()
    }

    /// Whatever was read of the topic, its next record is the first. Unless all of the log before
    /// was counted, events may be missing from then on.
    pub(super) fn begin_anew(&mut self, topic: &str) {
        let known = self.progress.offsets.remove(topic).is_some();
        if known && !self.checkpoint.progress.is_drained {
            let heard = match &self.state {
                State::Orders(task) => task.heard_until(),
                State::Customers(task) => task.heard_until(),
            };
            let since = heard.unwrap_or(Timestamp::from_millis(0));
            let before = self.progress.incomplete_since.unwrap_or(since);
            self.progress.incomplete_since = Some(before.min(since));
        }
    }

    /// Whether this process has appended more to its partitions than was read of them.
    pub(super) fn is_behind(&self, appended: &Appended) -> bool {
        let partitions = self.id.partitions(&self.names).into_iter();
        partitions
            .map(|(_, of)| of)
            .any(|of| self.offset(&of.topic).unwrap_or_default() < appended.end(&of))
    }

    /// All that was appended has been counted, and nothing more will be.
    pub(super) fn drained(&mut self) {
        self.progress.is_drained = true;
    }

    /// Counts a record. False if that changed nothing but its offset.
    ///
    /// # Errors
    /// The reason why it cannot be counted.
    pub(super) fn apply(&mut self, record: &Record) -> Result<bool, String> {
        let Position { of, offset } = &record.place;
        if self.offset(&of.topic).is_some_and(|next| *offset < next) {
            return Ok(false);
        }
        let fact = Fact::decode(&record.value).map_err(|error| error.to_string())?;
        let outcome = match &mut self.state {
            State::Orders(task) => task.apply(&fact),
            State::Customers(task) => task.apply(&fact),
        };
        match (outcome, &self.state) {
            (Outcome::Counted | Outcome::Late, _) => Ok(true),
            // Patterns of long ago are of no interest.
            (Outcome::TooOld, State::Customers(_)) => Ok(false),
            (Outcome::Duplicate | Outcome::Unknown, _) => Ok(false),
            (Outcome::TooOld, State::Orders(_)) => {
                Err("it is so old that nobody knows any more whether it was counted".to_owned())
            }
        }
    }

    /// The record is done with.
    pub(super) fn passed(&mut self, record: &Record) {
        let Position { of, offset } = &record.place;
        self.progress.is_drained = false;
        let next = self.progress.offsets.entry(of.topic.clone()).or_default();
        *next = (*next).max(offset + 1);
    }

    /// Time passes. `silent`: whose partitions are read to the end.
    pub(super) fn pass(&mut self, now: Timestamp, silent: impl Iterator<Item = Source>) {
        match &mut self.state {
            State::Orders(task) => {
                task.hear_clock(now);
                silent.for_each(|source| task.advance(source, now));
                task.forget(SEEN_TO);
            }
            State::Customers(task) => {
                task.hear_clock(now);
                silent.for_each(|_| task.advance(now));
                task.look(SEEN_TO);
            }
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.dirty() >= FULL
    }

    pub(super) fn is_dirty(&self) -> bool {
        self.dirty() > 0 || self.progress != self.checkpoint.progress
    }

    /// Writes down what has changed with how far it is.
    ///
    /// # Errors
    /// Nobody knows whether it is written: the task must be loaded again.
    pub(super) async fn commit(
        &mut self,
        table: &AnalyticsTable,
        token: &str,
    ) -> Result<(), Failure> {
        let changes = self.take_changes();
        let task = self.id.to_string();
        let written = table.commit(&task, &self.checkpoint, &self.progress, &changes, token).await;
        self.checkpoint = written.map_err(|error| error.of(&task))?;
        Ok(())
    }

    /// Of the next records.
    pub(super) fn places(&self) -> Vec<Position> {
        let partitions = self.id.partitions(&self.names).into_iter();
        let place = |of: TopicPartition| Some(Position { offset: self.offset(&of.topic)?, of });
        partitions.filter_map(|(_, of)| place(of)).collect()
    }

    fn dirty(&self) -> usize {
        match &self.state {
            State::Orders(task) => task.dirty(),
            State::Customers(task) => task.dirty(),
        }
    }

    fn take_changes(&mut self) -> Vec<RowChange> {
        let (changes, matches) = match &mut self.state {
            State::Orders(task) => (task.take_changes(), Vec::new()),
            State::Customers(task) => (task.take_changes(), task.take_matches()),
        };
        let alerts = matches.iter().map(|found| alert(found).to_be_sent());
        changes.into_iter().map(row_change).chain(alerts).collect()
    }
}

fn row_change(Change { key, value }: Change) -> RowChange {
    RowChange { row: key, value }
}

fn alert(found: &Match) -> Alert {
    let Match { pattern, customer_id, event_ids, first, last } = found;
    let (first, at) = (first.to_rfc3339(), last.to_rfc3339());
    let count = event_ids.len();
    let text = format!("customer {customer_id}: {count} events from {first} to {at}");
    let events = event_ids.clone();
    Alert { id: found.key(), at: *last, kind: pattern.clone(), text, events }
}
