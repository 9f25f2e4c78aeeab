//! Tasks that are started and stopped together, and the news that one of them has broken down.

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::gate::Gate;

/// Each is told to stop by itself, because tokio wakes those who watch for the same news in a
/// random order.
#[derive(Default)]
pub(crate) struct Tasks(Vec<(watch::Sender<bool>, JoinHandle<Option<()>>)>);

/// Hears of the first task that panics. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alarm(watch::Sender<bool>);

/// Raises the alarm when a panic drops it.
struct Sentry(Alarm);

impl Tasks {
    pub(crate) fn start<F>(
        &mut self,
        gate: &Gate,
        alarm: &Alarm,
        task: impl FnOnce(watch::Receiver<bool>) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, told) = watch::channel(false);
        let (gate, sentry, task) = (gate.clone(), Sentry(alarm.clone()), task(told));
        let watched = async move {
            let ended = gate.through(task).await;
            drop(sentry);
            ended
        };
        self.0.push((stop, tokio::spawn(watched)));
    }

    pub(crate) async fn stop(self) {
        for (stop, _) in &self.0 {
            stop.send_replace(true);
        }
        for (_, task) in self.0 {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task ended badly");
            }
        }
    }
}

impl Alarm {
    /// Ends when a task has panicked; with none, never.
    pub(crate) fn raised(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut told = self.0.subscribe();
        let alarm = self.clone();
        async move {
            // The sender lives as long as this does, so waiting cannot fail.
            let _raised = told.wait_for(|raised| *raised).await;
            drop(alarm);
        }
    }
}

impl Drop for Sentry {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.0.send_replace(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_heard_of_and_nothing_else_is() {
        let (gate, alarm, mut tasks) = (Gate::default(), Alarm::default(), Tasks::default());
        tasks.start(&gate, &alarm, |_| async {});
        tasks.start(&gate, &alarm, |mut stop| async move {
            let _told = stop.wait_for(|stopped| *stopped).await;
        });
        let hour = Duration::from_secs(3600);
        assert!(tokio::time::timeout(hour, alarm.raised()).await.is_err());
        tasks.start(&gate, &alarm, |_| async { panic!("on purpose") });
        alarm.raised().await;
        tasks.stop().await;
    }
}
