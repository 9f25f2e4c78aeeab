//! How a server's cloud begins: empty, or as it was kept.

use std::sync::Arc;

use super::clock::{Mode, WallClock, machine_time};
use super::journal::{DataSettings, FileJournal, Folder, Known, SEGMENT_BYTES_MAX, WhileDown};
use super::server::ServeError;
use crate::cloud::journal::Pace;
use crate::cloud::{Cloud, Saved, Waiting};
use crate::host::Clock as _;
use crate::kernel::Settings;
use crate::wire::Timestamp;

/// A cloud that begins.
pub(super) struct Born {
    pub(super) clock: Arc<WallClock>,
    pub(super) cloud: Cloud,
    /// As they hold from now on.
    pub(super) settings: Settings,
    pub(super) journal: Option<Arc<FileJournal>>,
    /// Given if it was kept, and goes on with them.
    pub(super) resumes: Option<Settings>,
}

/// Begins with an empty cloud, or with the one that the folder or a snapshot holds.
pub(super) fn born(
    settings: Settings,
    mode: Mode,
    (data, begins): (Option<&DataSettings>, Option<Saved>),
) -> Result<Born, ServeError> {
    if let (None, Some(saved)) = (data, begins) {
        return born_as(&saved, settings, mode);
    }
    let Some(data) = data else {
        let clock = Arc::new(WallClock::new(mode)?);
        let settings = Settings { start: clock.now(), ..settings };
        let cloud = Cloud::new(settings.clone());
        return Ok(Born { clock, cloud, settings, journal: None, resumes: None });
    };
    let mut begins = machine_time();
    let mut was_kept = false;
    let anew = || {
        let settings = Settings { start: begins, ..settings.clone() };
        (Cloud::new(settings), pace(begins, mode))
    };
    let mut goes_on = begins;
    let pace_of = |known: &Known| {
        was_kept = true;
        goes_on = time_after(known, data.while_down);
        pace(goes_on, mode)
    };
    let folder = Arc::new(Folder::hold(&data.folder)?);
    let kept = (folder as _, data.sync, SEGMENT_BYTES_MAX);
    let (journal, cloud) = FileJournal::open(kept, anew, pace_of)?;
    if was_kept {
        begins = goes_on;
    }
    let clock = Arc::new(WallClock::beginning(mode, begins)?);
    let kept = cloud.settings();
    if was_kept && kept.seed != settings.seed && settings.seed != 0 {
        tracing::warn!(seed = kept.seed, "the state that was kept goes on with its own seed");
    }
    let (seed, start, resets) = (kept.seed, kept.start, kept.resets);
    let settings = Settings { seed, start, resets, ..settings };
    let resumes = was_kept.then(|| settings.clone());
    Ok(Born { clock, cloud, settings, journal: Some(Arc::new(journal)), resumes })
}

/// Goes on as a snapshot says, at its time.
fn born_as(saved: &Saved, settings: Settings, mode: Mode) -> Result<Born, ServeError> {
    let cloud = saved.cloud(Waiting::Gone)?;
    let clock = Arc::new(WallClock::beginning(mode, saved.pace().virtual_time)?);
    let Settings { seed, start, resets, .. } = *cloud.settings();
    let settings = Settings { seed, start, resets, ..settings };
    let resumes = Some(settings.clone());
    Ok(Born { clock, cloud, settings, journal: None, resumes })
}

fn pace(virtual_time: Timestamp, mode: Mode) -> Pace {
    Pace { virtual_time, machine_time: machine_time(), seconds_a_second: mode.factor() }
}

/// Where virtual time goes on.
fn time_after(known: &Known, while_down: WhileDown) -> Timestamp {
    let Known { pace, last } = known;
    let passed = match while_down {
        WhileDown::Skip => return *last,
        WhileDown::Pass => machine_time().since(pace.machine_time),
    };
    let passed = passed.as_secs_f64() * pace.seconds_a_second;
    let passed = std::time::Duration::try_from_secs_f64(passed).unwrap_or_default();
    (*last).max(pace.virtual_time + passed)
}
