//! One member of the group that counts the stream: which tasks it has, what it reads of them, and
//! when it commits. How records are counted is the task's business.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tracing::Instrument;

use super::keeper::{Keeper, Kept};
use super::records::{cut, refused, topics_read};
use super::task::{Task, TaskId};
use crate::adapters::analytics_table::AnalyticsTable;
use crate::app::App;
use crate::app::feed::{Step, StepKind};
use crate::app::records::Appended;
use crate::domain::Timestamp;
use crate::failure::Failure;
use crate::metrics::Counter;
use crate::ports::{Member, News, Position, Record, StreamError, TopicPartition};
use crate::role::Role;

/// Records taken at once.
const RECORDS_MAX: usize = 500;
/// How long a log that ends is read on.
const DRAINED_WITHIN: Duration = Duration::from_secs(2);

pub(crate) struct Processor {
    pub(crate) app: Arc<App>,
    pub(crate) table: AnalyticsTable,
    pub(crate) keeper: Keeper,
    /// Whether the bridge is a role of this process.
    pub(crate) with_bridge: bool,
    /// Partitions of the present log whose reading has begun.
    pub(crate) begun: Mutex<BTreeSet<TopicPartition>>,
}

/// What a member holds.
#[derive(Default)]
struct Held {
    tasks: BTreeMap<TaskId, Task>,
    /// Read to the end and silent since.
    caught_up: BTreeSet<TopicPartition>,
    board: Option<Kept>,
    /// The log is not the one that was read before: reading begins with its first record.
    anew: bool,
}

impl Processor {
    /// Ends when `stop` says so, after a last commit.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let span = tracing::info_span!("role", name = "analytics");
        async {
            let (mut failures, mut anew) = (0, false);
            while !*stop.borrow() {
                match self.as_member(&mut stop, &mut failures, &mut anew).await {
                    Ok(()) => break,
                    Err(failure) => {
                        tracing::warn!(%failure, "begins anew");
                        self.app.metrics.add(Counter::ProcessingErrors, 1);
                        self.app.feed.tell(|| Step {
                            at: self.app.clock.now(),
                            service: Role::Analytics.as_str(),
                            kind: StepKind::Retry,
                            what: "the stream".to_owned(),
                            order_id: None,
                            to: None,
                            text: Some(failure.to_string()),
                        });
                        failures += 1;
                        let pause = self.app.timing.breaker.pause(failures, self.app.random());
                        tokio::select! {
                            biased;
                            _ = stop.wait_for(|stopped| *stopped) => break,
                            () = tokio::time::sleep(pause) => {}
                        }
                    }
                }
            }
            tracing::debug!("drained");
        }
        .instrument(span)
        .await;
    }

    /// From joining the group to leaving it because `stop` said so.
    async fn as_member(
        &self,
        stop: &mut watch::Receiver<bool>,
        failures: &mut u32,
        anew: &mut bool,
    ) -> Result<(), Failure> {
        let names = &self.app.names;
        let joined = self.app.stream()?.join(&names.stream_group(), &topics_read(names)).await;
        let mut member = joined?;
        let mut held = Held { anew: std::mem::take(anew), ..Held::default() };
        let (commit_every, tick_every) =
            (self.app.timing.analytics_commit, self.app.timing.analytics_tick);
        let mut next_commit = Instant::now() + commit_every;
        let mut next_tick = Instant::now() + tick_every;
        loop {
            // Nothing to commit: the tick is what comes next.
            let due = if held.is_dirty() { next_commit.min(next_tick) } else { next_tick };
            let wait = due.saturating_duration_since(Instant::now());
            let news = tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => break,
                news = member.next(RECORDS_MAX, wait) => news,
            };
            match news {
                Ok(news) => {
                    self.hear(news, &mut held, member.as_mut()).await?;
                    *failures = 0;
                }
                Err(StreamError::Unreachable(why)) => {
                    tracing::warn!(why, "the stream is out of reach");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(error) => {
                    // Whoever counted before has counted them: nothing is counted twice.
                    *anew = matches!(error, StreamError::NoSuchOffset(_));
                    return Err(error.into());
                }
            }
            if Instant::now() >= next_tick {
                held.pass(self.app.clock.now());
                self.commit_all(&mut held, member.as_mut()).await?;
                self.keep(&mut held).await;
                next_tick = Instant::now() + tick_every;
            } else if Instant::now() >= next_commit {
                self.commit_all(&mut held, member.as_mut()).await?;
            } else {
                continue;
            }
            next_commit = Instant::now() + commit_every;
        }
        if self.is_log_passing() && self.with_bridge {
            self.drain(&mut held, member.as_mut()).await?;
        }
        self.commit_all(&mut held, member.as_mut()).await?;
        Ok(member.leave().await?)
    }

    /// The log ends with this process, and its bridge has ended: counts what is left in it.
    async fn drain(&self, held: &mut Held, member: &mut dyn Member) -> Result<(), Failure> {
        let deadline = Instant::now() + DRAINED_WITHIN;
        while held.is_behind(&self.app.appended) && Instant::now() < deadline {
            let news = member.next(RECORDS_MAX, DRAINED_WITHIN / 10).await?;
            self.hear(news, held, member).await?;
        }
        for task in held.tasks.values_mut().filter(|task| !task.is_behind(&self.app.appended)) {
            task.drained();
        }
        Ok(())
    }

    /// Trouble with the board does not keep the tasks from counting.
    async fn keep(&self, held: &mut Held) {
        if !held.tasks.contains_key(&TaskId::KEEPER) {
            held.board = None;
        } else if let Err(failure) = self.keeper.tick(&self.app, &mut held.board).await {
            tracing::warn!(%failure, "the board is behind");
            self.app.metrics.add(Counter::ProcessingErrors, 1);
        }
    }

    async fn hear(
        &self,
        news: News,
        held: &mut Held,
        member: &mut dyn Member,
    ) -> Result<(), Failure> {
        match news {
            News::Assigned(partitions) => {
                for at in &partitions {
                    self.take_over(at, held, member).await?;
                }
            }
            News::Revoked(partitions) => {
                for at in &partitions {
                    // What was counted since the last commit is counted again by its new owner.
                    held.tasks.remove(&TaskId::of(&self.app.names, at));
                    held.caught_up.remove(at);
                }
            }
            News::Records(records) => {
                for record in records {
                    self.count(&record, held, member).await?;
                }
            }
            News::CaughtUp(at, _) => {
                held.caught_up.insert(at);
            }
            News::Nothing => {}
        }
        Ok(())
    }

    /// Goes on where the task's last commit was.
    async fn take_over(
        &self,
        at: &TopicPartition,
        held: &mut Held,
        member: &mut dyn Member,
    ) -> Result<(), Failure> {
        let id = TaskId::of(&self.app.names, at);
        let task = match held.tasks.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(self.load(id).await?),
        };
        if held.anew || (self.is_log_passing() && !self.begun().contains(at)) {
            task.begin_anew(&at.topic);
            // At once: an offset of another log must not be taken for one of this.
            if task.is_dirty() {
                // An embedded one always is: a restart is no news.
                if held.anew {
                    tracing::warn!(task = %id, topic = at.topic, "the log is another one");
                }
                self.commit(task, member).await?;
            }
            self.begun().insert(at.clone());
        }
        let offset = task.offset(&at.topic);
        Ok(member.begin(at, offset).await?)
    }

    fn is_log_passing(&self) -> bool {
        self.app.stream().is_ok_and(|stream| stream.is_passing())
    }

    fn begun(&self) -> MutexGuard<'_, BTreeSet<TopicPartition>> {
        // Nothing inside can be half done.
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn load(&self, id: TaskId) -> Result<Task, Failure> {
        let (checkpoint, rows) = self.table.load(&id.to_string()).await?;
        tracing::info!(task = %id, version = checkpoint.version, rows = rows.len(), "takes over");
        Task::restore(id, checkpoint, rows, &self.app)
            .map_err(|error| Failure::GiveUp(format!("{id}: {error}")))
    }

    async fn count(
        &self,
        record: &Record,
        held: &mut Held,
        member: &mut dyn Member,
    ) -> Result<(), Failure> {
        let Position { of, .. } = &record.place;
        held.caught_up.remove(of);
        let id = TaskId::of(&self.app.names, of);
        // Records that were on their way when the partition was taken away.
        let Some(task) = held.tasks.get_mut(&id) else { return Ok(()) };
        match task.apply(record) {
            Ok(true) => self.app.metrics.add(Counter::RecordsCounted, 1),
            Ok(false) => {}
            Err(reason) => self.refuse(record, &reason).await?,
        }
        task.passed(record);
        if task.is_full() {
            self.commit(task, member).await?;
        }
        Ok(())
    }

    /// Puts a record aside, before the commit that passes it: a crash in between puts it aside
    /// twice.
    async fn refuse(&self, record: &Record, reason: &str) -> Result<(), Failure> {
        let Position { of, offset } = &record.place;
        tracing::warn!(topic = of.topic, of.partition, offset, reason, "refused");
        self.app.metrics.add(Counter::RecordsRefused, 1);
        let aside = refused(&self.app.names, record, reason);
        let aside = if aside.bytes().is_ok() { aside } else { cut(aside) };
        for appended in self.app.stream()?.append(vec![aside]).await {
            appended?;
        }
        Ok(())
    }

    async fn commit_all(&self, held: &mut Held, member: &mut dyn Member) -> Result<(), Failure> {
        for task in held.tasks.values_mut().filter(|task| task.is_dirty()) {
            self.commit(task, member).await?;
        }
        Ok(())
    }

    /// An error means that the task must be loaded again: nobody knows what is written.
    async fn commit(&self, task: &mut Task, member: &mut dyn Member) -> Result<(), Failure> {
        let token = self.app.ids.next_id();
        task.commit(&self.table, &token).await?;
        // For those who look at the group's lag only: what counts is in the table.
        if let Err(error) = member.commit(&task.places()).await {
            tracing::debug!(%error, "the group was not told how far the task is");
        }
        Ok(())
    }
}

impl Held {
    fn is_behind(&self, appended: &Appended) -> bool {
        self.tasks.values().any(|task| task.is_behind(appended))
    }

    fn is_dirty(&self) -> bool {
        self.tasks.values().any(Task::is_dirty)
    }

    /// Time passes, also where nothing comes.
    fn pass(&mut self, now: Timestamp) {
        for (id, task) in &mut self.tasks {
            let partitions = id.partitions(task.names()).into_iter();
            let silent = partitions.filter(|(_, at)| self.caught_up.contains(at));
            task.pass(now, silent.map(|(source, _)| source));
        }
    }
}
