//! Calls of several tasks in one: whoever asks first waits a moment for others, asks for all of
//! them, and gives each its own answer.
//!
//! Nothing runs by itself: the first of them asks within its own task, so what ends that task ends
//! the call too, and the others are told that nobody knows what came of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::config::TOGETHER;
use crate::failure::{Dependency, Failure};

/// What can be asked for together, `Asked`, and what each gets.
#[derive(Debug)]
pub(super) struct Gather<Asked, Answer> {
    /// Of whom it is asked.
    dependency: Dependency,
    /// Of one call.
    most: usize,
    /// The call that others can still join.
    open: Mutex<Option<Arc<Batch<Asked, Answer>>>>,
    /// Held by who asks, where one call must not overtake another.
    turn: Option<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Batch<Asked, Answer> {
    asked: Mutex<Vec<(Asked, oneshot::Sender<Answer>)>>,
    full: Notify,
}

/// Closes a batch whose first task has ended before it asked.
struct Leading<'a, Asked, Answer> {
    gather: &'a Gather<Asked, Answer>,
    batch: Arc<Batch<Asked, Answer>>,
}

impl<Asked, Answer> Gather<Asked, Answer> {
    /// At most so many in a call; several calls may be under way.
    pub(super) fn new(dependency: Dependency, most: usize) -> Self {
        Self { dependency, most, open: Mutex::default(), turn: None }
    }

    /// One call after the other; what is asked for meanwhile goes into the next.
    pub(super) fn in_turn(dependency: Dependency, most: usize) -> Self {
        Self { turn: Some(tokio::sync::Mutex::default()), ..Self::new(dependency, most) }
    }

    /// `send` gets what was asked for in the order in which it was, and answers as many in the same
    /// order. It is called for whoever was first.
    ///
    /// # Errors
    /// `Unavailable` when nobody knows what came of it.
    pub(super) async fn ask(
        &self,
        asked: Asked,
        send: impl AsyncFnOnce(Vec<Asked>) -> Vec<Answer>,
    ) -> Result<Answer, Failure> {
        let (answer, mut answered) = oneshot::channel();
        if let Some(leading) = self.join(asked, answer) {
            tokio::select! {
                biased;
                () = leading.batch.full.notified() => {}
                () = tokio::time::sleep(TOGETHER) => {}
            }
            let _turn = match &self.turn {
                Some(turn) => Some(turn.lock().await),
                None => None,
            };
            let (all, tell): (Vec<_>, Vec<_>) = leading.close().into_iter().unzip();
            for (tell, answer) in tell.into_iter().zip(send(all).await) {
                // Who asked may have ended meanwhile.
                let _ = tell.send(answer);
            }
            let lost = answered.try_recv();
            return lost.map_err(|_| self.unknown());
        }
        answered.await.map_err(|_| self.unknown())
    }

    /// Adds to the open call, or opens one.
    fn join(
        &self,
        asked: Asked,
        answer: oneshot::Sender<Answer>,
    ) -> Option<Leading<'_, Asked, Answer>> {
        let mut open = locked(&self.open);
        let (batch, is_first) = match &*open {
            Some(batch) => (Arc::clone(batch), false),
            None => {
                let (asked, full) = (Mutex::default(), Notify::new());
                (Arc::clone(open.insert(Arc::new(Batch { asked, full }))), true)
            }
        };
        let mut all = locked(&batch.asked);
        all.push((asked, answer));
        if all.len() >= self.most {
            *open = None;
            batch.full.notify_one();
        }
        drop(all);
        is_first.then(|| Leading { gather: self, batch })
    }

    fn unknown(&self) -> Failure {
        let what = "the call in which it was asked for was given up".to_owned();
        Failure::Unavailable(self.dependency, what)
    }
}

impl<Asked, Answer> Leading<'_, Asked, Answer> {
    /// From here on nobody joins it.
    fn close(&self) -> Vec<(Asked, oneshot::Sender<Answer>)> {
        let mut open = locked(&self.gather.open);
        if open.as_ref().is_some_and(|open| Arc::ptr_eq(open, &self.batch)) {
            *open = None;
        }
        std::mem::take(&mut *locked(&self.batch.asked))
    }
}

impl<Asked, Answer> Drop for Leading<'_, Asked, Answer> {
    fn drop(&mut self) {
        drop(self.close());
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing inside can be half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cuts a list where a call would be too long: by number, and by the sum of what `size` says of
/// each. Each part has one at least.
pub(super) fn parts<T>(
    all: Vec<T>,
    (most, size_max): (usize, usize),
    size: impl Fn(&T) -> usize,
) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    let mut left = 0;
    for one in all {
        let own = size(&one);
        match parts.last_mut().filter(|part| part.len() < most && own <= left) {
            Some(part) => {
                left -= own;
                part.push(one);
            }
            None => {
                left = size_max.saturating_sub(own);
                parts.push(vec![one]);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::{Duration, Instant, sleep, timeout};

    use super::*;

    /// Answers each with itself and the number of those that came with it.
    async fn doubled(all: Vec<u32>) -> Vec<(u32, usize)> {
        let length = all.len();
        sleep(Duration::from_millis(20)).await;
        all.into_iter().map(|one| (one, length)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_within_a_moment_shares_a_call_and_gets_his_own_answer() {
        let gather = Gather::new(Dependency::DynamoDb, 4);
        let asked = (0..6).map(|one| gather.ask(one, doubled));
        let answers: Vec<_> = join_all(asked).await.into_iter().collect::<Result<_, _>>().unwrap();
        assert_eq!(answers, [(0, 4), (1, 4), (2, 4), (3, 4), (4, 2), (5, 2)]);
        assert_eq!(gather.ask(9, doubled).await.unwrap(), (9, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_call_waits_for_nobody() {
        let (gather, begin) = (Gather::new(Dependency::DynamoDb, 2), Instant::now());
        join_all((0..2).map(|one| gather.ask(one, doubled))).await;
        assert_eq!(begin.elapsed(), Duration::from_millis(20));
    }

    #[tokio::test(start_paused = true)]
    async fn in_turn_what_comes_meanwhile_goes_into_the_next() {
        let gather = Gather::in_turn(Dependency::DynamoDb, 100);
        let later = |one: u32| {
            let gather = &gather;
            async move {
                sleep(TOGETHER * one).await;
                gather.ask(one, doubled).await.unwrap().1
            }
        };
        assert_eq!(join_all([0, 1, 2, 3].map(later)).await, [1, 3, 3, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_others_hear_that_the_first_has_ended() {
        let gather = Gather::new(Dependency::DynamoDb, 100);
        for ends in [TOGETHER / 2, TOGETHER * 2] {
            let first = timeout(ends, gather.ask(1, doubled));
            let (first, second) = tokio::join!(first, gather.ask(2, doubled));
            assert!(first.is_err(), "ended");
            assert!(matches!(second, Err(Failure::Unavailable(..))), "{second:?}");
        }
        assert_eq!(gather.ask(3, doubled).await.unwrap(), (3, 1), "the next begins anew");
    }

    #[test]
    fn a_list_is_cut_by_number_and_by_size() {
        let cut = |most, size_max, all: &[usize]| {
            let parts = parts(all.to_vec(), (most, size_max), |one| *one);
            parts.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(cut(2, 100, &[1, 1, 1]), [2, 1]);
        assert_eq!(cut(9, 10, &[5, 5, 1, 20, 1]), [2, 1, 1, 1]);
        assert_eq!(cut(9, 10, &[]), Vec::<usize>::new());
    }
}
