//! The thread that syncs, and writes what nobody waits for.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::settings::SyncMode;
use super::shorten;
use super::writer::{Shared, lock};

/// How often it syncs where nobody waits, and tries again where the disk takes nothing.
const PAUSE: Duration = Duration::from_millis(100);

/// Until the program ends.
pub(super) fn run(shared: &Arc<Shared>) {
    while wait(shared) {
        // What cannot be written now is tried again: a disk that fails is a reason to look.
        let _refused = match shared.sync {
            SyncMode::Off => shared.write(shared.appended()),
            SyncMode::Batch | SyncMode::Always => {
                shared.write(shared.appended()).and_then(|()| shared.sync_written())
            }
        };
        if shared.is_long.swap(false, Ordering::AcqRel) {
            shorten::begin(shared);
        }
    }
}

/// Waits until there is something to do; `false` when the program ends.
fn wait(shared: &Shared) -> bool {
    let Ok(mut woken) = shared
        .wake
        .changed
        .wait_while(lock(&shared.wake.state), |woken| !woken.is_dirty && !woken.is_ending)
    else {
        return false;
    };
    // A group: whatever comes until then is written and synced with it.
    if shared.sync != SyncMode::Always || shared.refuses() {
        let paused = shared.wake.changed.wait_timeout_while(woken, PAUSE, |woken| !woken.is_ending);
        let Ok((after, _)) = paused else { return false };
        woken = after;
    }
    let is_ending = woken.is_ending;
    shared.wake.take(&mut woken);
    !is_ending
}
