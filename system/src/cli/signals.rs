//! SIGINT and SIGTERM: the first asks the process to end, and it has a while for that; the second,
//! or the end of the while, ends it wherever it is.

use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::print::tell;

/// From the first signal to the end at the latest. Who stops containers waits ten seconds or more.
const GRACE: Duration = Duration::from_secs(9);

/// Hears signals on a thread of its own, so that nothing that hangs keeps it from hearing them.
#[derive(Clone)]
pub(super) struct Signals(watch::Receiver<bool>);

impl Signals {
    /// Hears what comes from now on.
    pub(super) fn hear() -> Result<Self, String> {
        let cannot = |error: &dyn std::fmt::Display| format!("cannot hear signals: {error}");
        let (tell_of, told) = watch::channel(false);
        let (ready, installed) = mpsc::channel();
        let hear = move || {
            let runtime = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
            runtime.block_on(async {
                match both() {
                    Ok(signals) => {
                        let _heard = ready.send(Ok(()));
                        end_after(signals, &tell_of).await;
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
        };
        let started = thread::Builder::new().name("signals".to_owned()).spawn(hear);
        started.map_err(|error| cannot(&error))?;
        match installed.recv() {
            Ok(Ok(())) => Ok(Self(told)),
            Ok(Err(error)) => Err(cannot(&error)),
            Err(error) => Err(cannot(&error)),
        }
    }

    /// Ends when the first signal has come.
    pub(super) async fn told_to_stop(&self) {
        let mut told = self.0.clone();
        // The thread that tells of it lives as long as the process.
        let _told = told.wait_for(|told| *told).await;
    }
}

fn both() -> std::io::Result<[Signal; 2]> {
    Ok([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?])
}

async fn end_after(mut signals: [Signal; 2], tell_of: &watch::Sender<bool>) {
    next(&mut signals).await;
    tell_of.send_replace(true);
    tokio::select! {
        biased;
        () = next(&mut signals) => tell!("orderflow: told to stop again: ends at once"),
        () = tokio::time::sleep(GRACE) => {
            let seconds = GRACE.as_secs();
            tell!("orderflow: not all was finished within {seconds} s: ends all the same");
        }
    }
    process::exit(1);
}

async fn next([interrupt, terminate]: &mut [Signal; 2]) {
    tokio::select! {
        biased;
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
