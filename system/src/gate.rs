//! Lets tasks stand still, or end, wherever they happen to be: what becomes of a process that is
//! paused or killed. It does not know what the tasks do.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Cheap to clone; all clones are the same gate. It is open at first.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Mutex<Inner>>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    Shut,
    Gone,
}

#[derive(Debug, Default)]
struct Inner {
    state: State,
    tasks: u64,
    /// Of everything that goes through, oldest first: so they are woken in the same order each
    /// time.
    wakers: BTreeMap<u64, Waker>,
}

impl Gate {
    /// Does the work while the gate is open. `None` when the gate is gone before it is done; then
    /// the work is dropped where it stood.
    pub async fn through<F: Future>(&self, work: F) -> Option<F::Output> {
        let task = {
            let mut inner = self.lock();
            inner.tasks += 1;
            inner.tasks
        };
        let mut work = Some(Box::pin(work));
        poll_fn(|cx| {
            let state = self.look(task, cx);
            let polled = match (state, work.as_mut()) {
                (State::Open, Some(work)) => work.as_mut().poll(cx).map(Some),
                (State::Shut, _) => Poll::Pending,
                (State::Gone, _) | (_, None) => Poll::Ready(None),
            };
            if polled.is_ready() {
                work = None;
                self.lock().wakers.remove(&task);
            }
            polled
        })
        .await
    }

    /// From now on nothing moves.
    pub fn shut(&self) {
        self.turn(State::Shut);
    }

    /// From now on everything goes on.
    pub fn open(&self) {
        self.turn(State::Open);
    }

    /// From now on nothing is done any more, ever.
    pub fn remove(&self) {
        self.turn(State::Gone);
    }

    fn turn(&self, state: State) {
        let wakers: Vec<_> = {
            let mut inner = self.lock();
            if inner.state != State::Gone {
                inner.state = state;
            }
            inner.wakers.values().cloned().collect()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    fn look(&self, task: u64, cx: &Context<'_>) -> State {
        let mut inner = self.lock();
        inner.wakers.insert(task, cx.waker().clone());
        inner.state
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::Gate;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn what_goes_through_stands_still_while_it_is_shut() {
        let (gate, begin) = (Gate::default(), Instant::now());
        let inside = gate.clone();
        let work = tokio::spawn(async move {
            let work = async {
                sleep(2 * SECOND).await;
                sleep(2 * SECOND).await;
            };
            inside.through(work).await.map(|()| begin.elapsed().as_secs())
        });
        sleep(SECOND).await;
        gate.shut();
        sleep(9 * SECOND).await;
        gate.open();
        // The first sleep was over long ago, and only now that is noticed.
        assert_eq!(work.await.expect("no panic"), Some(12));
    }

    #[tokio::test(start_paused = true)]
    async fn what_goes_through_ends_with_it() {
        let (gate, begin) = (Gate::default(), Instant::now());
        let inside = gate.clone();
        let work = tokio::spawn(async move { inside.through(sleep(9 * SECOND)).await });
        sleep(SECOND).await;
        gate.remove();
        assert_eq!(work.await.expect("no panic"), None);
        assert_eq!(begin.elapsed(), SECOND);
        gate.open();
        assert_eq!(gate.through(async {}).await, None);
    }
}
