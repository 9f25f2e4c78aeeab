//! What happens in this process, step by step, for whoever watches right now. Nothing is kept, and
//! nobody who works waits for who watches.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};
use utoipa::ToSchema;

use crate::domain::{OrderId, Timestamp};

/// Steps that a watcher may be behind; who is further behind misses some and is told so.
const BEHIND_MAX: usize = 1024;
/// Who may watch at once.
const WATCHERS_MAX: usize = 32;

/// One thing that a service did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Step {
    pub at: Timestamp,
    /// The role that did it.
    pub service: &'static str,
    pub kind: StepKind,
    /// The event's type; of mail, its subject.
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Of mail, to whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<&'static str>,
    /// Of mail, what it says; of a failure, why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Handled,
    /// It failed, and is tried again.
    Retry,
    DeadLetter,
    Mail,
}

#[derive(Debug)]
pub(crate) struct Feed {
    steps: broadcast::Sender<Arc<str>>,
    over: watch::Sender<bool>,
    places: Arc<Semaphore>,
}

/// Somebody who watches.
#[derive(Debug)]
pub(crate) struct Watcher {
    steps: broadcast::Receiver<Arc<str>>,
    over: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// What a watcher gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A [`Step`] in JSON.
    Step(Arc<str>),
    /// So many steps went by unseen.
    Missed(u64),
}

impl Default for Feed {
    fn default() -> Self {
        let (steps, _) = broadcast::channel(BEHIND_MAX);
        let (over, _) = watch::channel(false);
        Self { steps, over, places: Arc::new(Semaphore::new(WATCHERS_MAX)) }
    }
}

impl Feed {
    /// Tells who watches. The step is made only if somebody does.
    pub(crate) fn tell(&self, step: impl FnOnce() -> Step) {
        if self.steps.receiver_count() == 0 {
            return;
        }
        let step = serde_json::to_string(&step()).expect("plain fields always serialise");
        let _nobody_any_more = self.steps.send(step.into());
    }

    /// `None` while too many watch.
    pub(crate) fn watch(&self) -> Option<Watcher> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let over = self.over.subscribe();
        Some(Watcher { steps: self.steps.subscribe(), over, _place: place })
    }

    /// Sends all watchers away, for good.
    pub(crate) fn close(&self) {
        self.over.send_replace(true);
    }
}

impl Watcher {
    /// Waits for what comes next; `None` when nothing will.
    pub(crate) async fn next(&mut self) -> Option<News> {
        tokio::select! {
            biased;
            _ = self.over.wait_for(|over| *over) => None,
            step = self.steps.recv() => match step {
                Ok(step) => Some(News::Step(step)),
                Err(broadcast::error::RecvError::Lagged(missed)) => Some(News::Missed(missed)),
                Err(broadcast::error::RecvError::Closed) => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: usize) -> Step {
        Step {
            at: Timestamp::from_millis(0),
            service: "orders",
            kind: StepKind::Handled,
            what: number.to_string(),
            order_id: None,
            to: None,
            text: None,
        }
    }

    #[tokio::test]
    async fn who_watches_sees_what_comes_or_hears_what_was_missed() {
        let feed = Feed::default();
        feed.tell(|| unreachable!("nobody watches"));
        let mut watcher = feed.watch().expect("a place");
        feed.tell(|| step(1));
        let Some(News::Step(first)) = watcher.next().await else { panic!("a step") };
        assert!(first.contains(r#""kind":"handled","what":"1""#), "{first}");
        (0..BEHIND_MAX + 5).for_each(|number| feed.tell(|| step(number)));
        assert_eq!(watcher.next().await, Some(News::Missed(5)));
        feed.close();
        assert_eq!(watcher.next().await, None);
    }

    #[test]
    fn so_many_may_watch_and_a_place_that_is_left_is_free() {
        let feed = Feed::default();
        let mut all: Vec<_> = (0..WATCHERS_MAX).map(|_| feed.watch().expect("a place")).collect();
        assert!(feed.watch().is_none());
        all.pop();
        assert!(feed.watch().is_some());
    }
}
