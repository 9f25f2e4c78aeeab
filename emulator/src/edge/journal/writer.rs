//! Appends records, writes them, and says when they are kept.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::Notify;

use super::disk::{Disk, DiskFile, write_all};
use super::files::{self, Head};
use super::load::{Loaded, load};
use super::settings::{JournalError, SyncMode};
use super::shorten;
use super::wake::Wake;
use crate::cloud::Cloud;
use crate::cloud::journal::{Draft, Pace};
use crate::edge::clock::WallClock;
use crate::host::{Journal, Keeping, NotKept};

/// A segment that is longer is followed by the next.
pub(in crate::edge) const SEGMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// What may wait in memory where nobody waits for it to be written.
const PENDING_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A journal in a folder.
pub(in crate::edge) struct FileJournal {
    pub(super) shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What its thread has too.
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) sync: SyncMode,
    pub(super) segment_bytes_max: u64,
    clock: OnceLock<Arc<WallClock>>,
    pending: Mutex<Pending>,
    file: Mutex<Writing>,
    written: AtomicU64,
    synced: AtomicU64,
    refuses: AtomicBool,
    /// A sync has failed. Another one may succeed and still have lost what the first should have
    /// kept, so nothing is taken until the next start.
    sync_failed: AtomicBool,
    reason: Mutex<Option<NotKept>>,
    /// Told when more is synced, or cannot be.
    progress: Notify,
    pub(super) wake: Wake,
    /// What is to be told when a disk that failed takes records again.
    recovered: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// A segment is full: a snapshot could take its place.
    pub(super) is_long: AtomicBool,
}

/// What was appended and not yet written.
struct Pending {
    bytes: Vec<u8>,
    records: u64,
}

/// The segment that is written.
struct Writing {
    file: Arc<dyn DiskFile>,
    /// So many of its bytes are whole records.
    length: u64,
    /// What was taken from the pending, until it is written.
    taken: Vec<u8>,
    taken_until: u64,
    /// A write has failed, so something may lie behind `length`.
    failed: bool,
    first: u64,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is guarded here is left half done by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FileJournal {
    /// Loads what the folder holds, or begins with `anew`; `pace_of` makes of the virtual time that
    /// is known the pace with which it goes on.
    pub(in crate::edge) fn open(
        (disk, sync, segment_bytes_max): (Arc<dyn Disk>, SyncMode, u64),
        anew: impl FnOnce() -> (Cloud, Pace),
        pace_of: impl FnOnce(&Known) -> Pace,
    ) -> Result<(Self, Cloud), JournalError> {
        let loaded = load(&*disk, u64::MAX, true)?;
        let (cloud, records, panicked, pace) = match loaded {
            None => {
                let (cloud, pace) = anew();
                shorten::write(&*disk, &cloud, 0, pace)?;
                (cloud, 0, Vec::new(), pace)
            }
            Some(Loaded { cloud, records, replayed, panicked, pace, last }) => {
                tracing::info!(records, replayed, "the folder was read");
                let pace = pace_of(&Known { pace, last });
                // Else each start would have more to do than the one before.
                if panicked.is_empty() && replayed > 0 {
                    shorten::write(&*disk, &cloud, records, pace)?;
                }
                (cloud, records, panicked, pace)
            }
        };
        let begun = begin(&*disk, records, pace);
        let (file, length) = begun.map_err(JournalError::io("cannot begin a segment"))?;
        let writing = Writing {
            file,
            length,
            taken: Vec::new(),
            taken_until: records,
            failed: false,
            first: records,
        };
        let shared = Arc::new(Shared {
            disk,
            sync,
            segment_bytes_max,
            clock: OnceLock::new(),
            pending: Mutex::new(Pending { bytes: Vec::new(), records }),
            file: Mutex::new(writing),
            written: AtomicU64::new(records),
            synced: AtomicU64::new(records),
            refuses: AtomicBool::new(false),
            sync_failed: AtomicBool::new(false),
            reason: Mutex::default(),
            progress: Notify::new(),
            wake: Wake::default(),
            recovered: OnceLock::new(),
            is_long: AtomicBool::new(false),
        });
        let journal = Self { shared, thread: Mutex::default() };
        for number in panicked {
            journal.append(Draft::panicked(number));
        }
        Ok((journal, cloud))
    }

    /// Begins to keep: `clock` says how time runs, and `recovered` is called when the disk takes
    /// records again after it did not.
    pub(in crate::edge) fn start(
        &self,
        clock: Arc<WallClock>,
        recovered: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<()> {
        let _once = self.shared.clock.set(clock);
        let _once = self.shared.recovered.set(Box::new(recovered));
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new().name("journal".to_owned());
        *lock(&self.thread) = Some(thread.spawn(move || super::thread::run(&shared))?);
        Ok(())
    }

    /// Writes all that there is, and a snapshot in its place: the program ends.
    pub(in crate::edge) fn end(&self, cloud: Option<&Cloud>) -> Result<(), JournalError> {
        self.shared.wake.end();
        if let Some(thread) = lock(&self.thread).take() {
            // It only ever writes, and what it could not write is tried again below.
            let _ended = thread.join();
        }
        let records = lock(&self.shared.pending).records;
        let kept = self.shared.write(records).and_then(|()| self.shared.sync_written());
        match (cloud, self.shared.pace()) {
            // It holds all, whatever became of the segment.
            (Some(cloud), Some(pace)) => shorten::write(&*self.shared.disk, cloud, records, pace),
            _ => kept.map_err(|NotKept(reason)| JournalError::Io {
                what: "the end of the journal could not be written".to_owned(),
                reason: io::Error::other(reason.to_string()),
            }),
        }
    }
}

/// What a folder knows of time.
pub(in crate::edge) struct Known {
    pub(in crate::edge) pace: Pace,
    /// The virtual time of the last record.
    pub(in crate::edge) last: crate::wire::Timestamp,
}

/// Begins a segment; says how long it is.
fn begin(disk: &dyn Disk, records: u64, pace: Pace) -> io::Result<(Arc<dyn DiskFile>, u64)> {
    let file = disk.create(&files::segment(records))?;
    let head = Head::new(records, pace).bytes();
    write_all(&*file, &head)?;
    file.sync()?;
    disk.sync()?;
    Ok((file, head.len() as u64))
}

impl Shared {
    pub(super) fn pace(&self) -> Option<Pace> {
        self.clock.get().map(|clock| clock.pace())
    }

    pub(super) fn appended(&self) -> u64 {
        lock(&self.pending).records
    }

    /// Writes what was appended, at least until so many records are written.
    pub(super) fn write(&self, records: u64) -> Result<(), NotKept> {
        if self.written.load(Ordering::Acquire) >= records {
            return Ok(());
        }
        let mut writing = lock(&self.file);
        // Whoever had the file meanwhile wrote ours too.
        if self.written.load(Ordering::Acquire) >= records {
            return Ok(());
        }
        let taken = {
            let mut pending = lock(&self.pending);
            writing.taken_until = pending.records;
            std::mem::take(&mut pending.bytes)
        };
        if writing.taken.is_empty() {
            writing.taken = taken;
        } else {
            writing.taken.extend(taken);
        }
        match writing.write() {
            Ok(()) => {
                self.written.store(writing.taken_until, Ordering::Release);
                if writing.length > self.segment_bytes_max {
                    self.follow(&mut writing);
                }
                drop(writing);
                self.is_well();
                Ok(())
            }
            Err(error) => Err(self.refuse(&error)),
        }
    }

    /// Lets the next segment follow a long one.
    fn follow(&self, writing: &mut Writing) {
        let Some(pace) = self.pace() else { return };
        let first = writing.taken_until;
        let begun = writing.file.sync().and_then(|()| begin(&*self.disk, first, pace));
        match begun {
            Ok((file, length)) => {
                (writing.file, writing.length, writing.first) = (file, length, first);
                self.is_long.store(true, Ordering::Release);
                self.wake.tell();
            }
            // The long one takes more: nothing is lost, and the next record tries again.
            Err(error) => tracing::warn!("no new segment of the journal can be begun: {error}"),
        }
    }

    /// The first record of the segment that is written.
    pub(super) fn first_of_segment(&self) -> u64 {
        lock(&self.file).first
    }

    /// Lets a power loss leave what is written.
    pub(super) fn sync_written(&self) -> Result<(), NotKept> {
        let (file, written) = {
            let writing = lock(&self.file);
            (Arc::clone(&writing.file), self.written.load(Ordering::Acquire))
        };
        if self.synced.load(Ordering::Acquire) >= written {
            return Ok(());
        }
        if let Some(not_kept) = self.lost_sync() {
            return Err(not_kept);
        }
        if let Err(error) = file.sync() {
            self.sync_failed.store(true, Ordering::Release);
            return Err(self.refuse(&error));
        }
        self.synced.fetch_max(written, Ordering::AcqRel);
        self.progress.notify_waiters();
        Ok(())
    }

    /// Why nothing is taken until the next start, after a sync that failed.
    fn lost_sync(&self) -> Option<NotKept> {
        let failed = self.sync_failed.load(Ordering::Acquire);
        if failed { lock(&self.reason).clone() } else { None }
    }

    fn refuse(&self, error: &io::Error) -> NotKept {
        let not_kept = NotKept(error.to_string().into());
        if !self.refuses.swap(true, Ordering::AcqRel) {
            tracing::error!("{not_kept}");
        }
        *lock(&self.reason) = Some(not_kept.clone());
        self.progress.notify_waiters();
        self.wake.tell();
        not_kept
    }

    fn is_well(&self) {
        if self.sync_failed.load(Ordering::Acquire) {
            return;
        }
        if self.refuses.swap(false, Ordering::AcqRel) {
            tracing::info!("the journal can be written again");
            if let Some(recovered) = self.recovered.get() {
                recovered();
            }
        }
    }

    pub(super) fn refuses(&self) -> bool {
        self.refuses.load(Ordering::Acquire)
    }
}

impl Writing {
    fn write(&mut self) -> io::Result<()> {
        if self.failed {
            self.file.go_back(self.length)?;
            self.failed = false;
        }
        if let Err(error) = write_all(&*self.file, &self.taken) {
            self.failed = true;
            return Err(error);
        }
        self.length += self.taken.len() as u64;
        self.taken.clear();
        Ok(())
    }
}

impl Journal for FileJournal {
    fn append(&self, draft: Draft) -> u64 {
        let mut pending = lock(&self.shared.pending);
        draft.write(&mut pending.bytes);
        pending.records += 1;
        let records = pending.records;
        drop(pending);
        self.shared.wake.tell();
        records
    }

    fn is_kept(&self, records: u64) -> Option<Result<(), NotKept>> {
        let shared = &*self.shared;
        match shared.sync {
            SyncMode::Batch => Some(shared.write(records)),
            SyncMode::Off => {
                let is_much = lock(&shared.pending).bytes.len() > PENDING_BYTES_MAX;
                Some(if is_much { shared.write(records) } else { Ok(()) })
            }
            SyncMode::Always if shared.synced.load(Ordering::Acquire) >= records => Some(Ok(())),
            SyncMode::Always => self.refusal().map(Err),
        }
    }

    fn keep(&self, records: u64) -> Keeping<'_> {
        Box::pin(async move {
            loop {
                let progress = self.shared.progress.notified();
                tokio::pin!(progress);
                progress.as_mut().enable();
                if let Some(kept) = self.is_kept(records) {
                    return kept;
                }
                progress.await;
            }
        })
    }

    fn refusal(&self) -> Option<NotKept> {
        if self.shared.refuses() { lock(&self.shared.reason).clone() } else { None }
    }

    fn pace_changed(&self) {
        if let Some(pace) = self.shared.pace() {
            self.append(Draft::clock(&pace));
        }
    }
}
