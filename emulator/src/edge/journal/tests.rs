//! What was answered is there after every end of the program, whatever the disk did.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};

use super::disk::{Disk, DiskFile};
use super::writer::{FileJournal, lock};
use super::{JournalError, Known, SyncMode};
use crate::cloud::Cloud;
use crate::cloud::journal::{Draft, Pace};
use crate::cloud::request;
use crate::edge::clock::{Mode, WallClock};
use crate::host::{Asked, Body, Clock, Driving, Host, Journal, Outside};
use crate::kernel::Settings;
use crate::wire::Timestamp;

const START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A folder in memory, whose writes fail as they are told to.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Files>>);

#[derive(Default)]
struct Files {
    /// Each with how much of it was synced.
    files: BTreeMap<String, (Vec<u8>, usize)>,
    /// So many bytes are taken until the disk is full.
    room: Option<usize>,
    /// No write takes more.
    takes: Option<usize>,
    sync_fails: bool,
}

struct MemoryFile {
    name: String,
    of: Memory,
}

impl Memory {
    fn with<T>(&self, change: impl FnOnce(&mut Files) -> T) -> T {
        change(&mut lock(&self.0))
    }

    /// What a power loss leaves: what was synced, and `more` bytes of the rest of each file.
    fn after_power_loss(&self, more: usize) -> Self {
        let files = self.with(|files| files.files.clone());
        let left = files.into_iter().map(|(name, (mut bytes, synced))| {
            bytes.truncate(synced + more);
            let synced = bytes.len();
            (name, (bytes, synced))
        });
        let files = Files { files: left.collect(), ..Files::default() };
        Self(Arc::new(Mutex::new(files)))
    }

    /// What the end of the program leaves: what was written.
    fn after_kill(&self) -> Self {
        self.after_power_loss(usize::MAX / 2)
    }

    fn names(&self) -> Vec<String> {
        self.with(|files| files.files.keys().cloned().collect())
    }
}

fn none() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Disk for Memory {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.names())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.with(|files| files.files.get(name).map(|(bytes, _)| bytes.clone())).ok_or_else(none)
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        self.with(|files| files.files.insert(name.to_owned(), (Vec::new(), 0)));
        Ok(Arc::new(MemoryFile { name: name.to_owned(), of: self.clone() }))
    }

    fn cut(&self, name: &str, length: u64) -> io::Result<()> {
        self.with(|files| {
            let (bytes, synced) = files.files.get_mut(name).ok_or_else(none)?;
            bytes.truncate(length as usize);
            *synced = bytes.len();
            Ok(())
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.with(|files| {
            let file = files.files.remove(from).ok_or_else(none)?;
            files.files.insert(to.to_owned(), file);
            Ok(())
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.with(|files| files.files.remove(name)).map(drop).ok_or_else(none)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for MemoryFile {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.of.with(|files| {
            let takes = files.takes.unwrap_or(usize::MAX).min(bytes.len());
            let takes = files.room.map_or(takes, |room| takes.min(room));
            if takes == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            files.room = files.room.map(|room| room - takes);
            let (file, _) = files.files.get_mut(&self.name).ok_or_else(none)?;
            file.extend_from_slice(&bytes[..takes]);
            Ok(takes)
        })
    }

    fn go_back(&self, to: u64) -> io::Result<()> {
        self.of.with(|files| {
            let (file, synced) = files.files.get_mut(&self.name).ok_or_else(none)?;
            file.truncate(to as usize);
            *synced = file.len().min(*synced);
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.of.with(|files| {
            if files.sync_fails {
                return Err(io::ErrorKind::Other.into());
            }
            let (file, synced) = files.files.get_mut(&self.name).ok_or_else(none)?;
            *synced = file.len();
            Ok(())
        })
    }
}

struct Nobody;

impl Outside for Nobody {
    fn begin(&self, _asked: Asked) {}
}

/// An emulator whose state is kept in memory.
struct Kept {
    host: Arc<Host>,
    journal: Arc<FileJournal>,
    clock: Arc<WallClock>,
}

fn begin(disk: &Memory, sync: SyncMode) -> Result<Kept, JournalError> {
    begin_with(disk, sync, u64::MAX)
}

fn begin_with(disk: &Memory, sync: SyncMode, segment_bytes_max: u64) -> Result<Kept, JournalError> {
    let pace = Pace { virtual_time: START, machine_time: START, seconds_a_second: 0.0 };
    let anew = || (Cloud::new(Settings { start: START, ..Settings::default() }), pace);
    let mut goes_on = START;
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let pace_of = |known: &Known| {
        goes_on = known.last;
        Pace { virtual_time: known.last, ..pace }
    };
    let (journal, cloud) = FileJournal::open((disk, sync, segment_bytes_max), anew, pace_of)?;
    let journal = Arc::new(journal);
    let clock = Arc::new(WallClock::beginning(Mode::Manual, goes_on).unwrap());
    let time = (Arc::clone(&clock) as Arc<dyn Clock>, Driving::Callers);
    let kept = Arc::clone(&journal) as Arc<dyn Journal>;
    let host = Host::around(cloud, time, (Box::new(Nobody), Some(kept)), false);
    let woken = Arc::downgrade(&host);
    let wake = move || {
        if let Some(host) = woken.upgrade() {
            host.wake();
        }
    };
    journal.start(Arc::clone(&clock), wake).unwrap();
    host.resume(Settings::default());
    Ok(Kept { host, journal, clock })
}

impl Kept {
    async fn ask(&self, operation: &str, input: &Value) -> (u16, Value) {
        let target = format!("AmazonSQS.{operation}");
        let (parts, body) = request::json(&target, Bytes::from(input.to_string())).into_parts();
        let answer = self.host.call(&parts, &body).await.unwrap();
        let status = answer.status().as_u16();
        let Body::Whole(body) = answer.into_body() else { panic!("a stream") };
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn make_queue(&self) {
        let (status, _) = self.ask("CreateQueue", &json!({"QueueName": "orders"})).await;
        assert_eq!(status, 200);
    }

    async fn send(&self, body: &str) -> bool {
        let input =
            json!({"QueueUrl": "http://localhost/000000000000/orders", "MessageBody": body});
        self.ask("SendMessage", &input).await.0 == 200
    }

    async fn bodies(&self) -> BTreeSet<String> {
        let mut bodies = BTreeSet::new();
        let input = json!({
            "QueueUrl": "http://localhost/000000000000/orders",
            "MaxNumberOfMessages": 10,
        });
        loop {
            let (status, answer) = self.ask("ReceiveMessage", &input).await;
            assert_eq!(status, 200, "{answer}");
            let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                return bodies;
            }
            for message in messages {
                let is_new = bodies.insert(message["Body"].as_str().unwrap().to_owned());
                assert!(is_new, "twice: {message}");
            }
        }
    }

    fn end(&self) {
        self.host.with_whole_cloud(|cloud| self.journal.end(cloud)).unwrap();
    }
}

fn run<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(what)
}

fn numbered(numbers: impl Iterator<Item = usize>) -> BTreeSet<String> {
    numbers.map(|number| number.to_string()).collect()
}

#[test]
fn what_was_answered_is_there_after_a_kill() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        for number in 0..20 {
            assert!(kept.send(&number.to_string()).await);
        }
        let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
        assert_eq!(again.bodies().await, numbered(0..20));
    });
}

#[test]
fn what_was_answered_is_there_after_a_power_loss_if_each_answer_is_synced() {
    run(async {
        for more in [0, 1, 7, 100] {
            let disk = Memory::default();
            let kept = begin(&disk, SyncMode::Always).unwrap();
            kept.make_queue().await;
            for number in 0..5 {
                assert!(kept.send(&number.to_string()).await);
            }
            let again = begin(&disk.after_power_loss(more), SyncMode::Always).unwrap();
            assert_eq!(again.bodies().await, numbered(0..5));
        }
    });
}

#[test]
fn a_disk_that_takes_a_byte_at_a_time_takes_all() {
    run(async {
        let disk = Memory::default();
        disk.with(|files| files.takes = Some(1));
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        assert!(kept.send("0").await);
        let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
        assert_eq!(again.bodies().await, numbered(0..1));
    });
}

/// A disk that is full at any moment loses nothing that was answered, and takes more afterwards.
#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    run(async {
        for room in (0..3_000).step_by(97) {
            let disk = Memory::default();
            let kept = begin(&disk, SyncMode::Batch).unwrap();
            kept.make_queue().await;
            disk.with(|files| files.room = Some(room));
            let mut answered = BTreeSet::new();
            for number in 0..20 {
                let body = number.to_string();
                if kept.send(&body).await {
                    answered.insert(body);
                }
            }
            assert!(answered.len() < 20, "{room}");
            let (status, answer) = kept.ask("ListQueues", &json!({})).await;
            let text = answer.to_string();
            assert!(status >= 500 && text.contains("the journal cannot be written"), "{text}");
            let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
            let there = again.bodies().await;
            assert!(there.is_superset(&answered), "{room}: {there:?} of {answered:?}");
            disk.with(|files| files.room = None);
            // The journal tries by itself ten times a second.
            while !kept.send("later").await {
                tokio::task::yield_now().await;
            }
            answered.insert("later".to_owned());
            let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
            assert!(again.bodies().await.is_superset(&answered));
        }
    });
}

#[test]
fn a_file_that_ends_anywhere_is_read_to_its_last_whole_record() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        let segment = disk.names().into_iter().rfind(|name| name.starts_with("journal-")).unwrap();
        let length = || disk.with(|files| files.files[&segment].0.len());
        let mut ends = vec![length()];
        for number in 0..4 {
            kept.send(&number.to_string()).await;
            ends.push(length());
        }
        for cut in ends[0]..=ends[4] {
            let torn = disk.after_kill();
            torn.with(|files| files.files.get_mut(&segment).unwrap().0.truncate(cut));
            let again = begin(&torn, SyncMode::Batch).unwrap();
            let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
            assert_eq!(again.bodies().await, numbered(0..whole), "{cut}");
            let is_kept = torn.names().iter().any(|name| name.starts_with("torn-"));
            assert_eq!(is_kept, !ends.contains(&cut), "{cut}");
        }
    });
}

#[test]
fn an_end_in_order_leaves_a_snapshot_and_nothing_else() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Off).unwrap();
        kept.make_queue().await;
        for number in 0..3 {
            kept.send(&number.to_string()).await;
        }
        kept.clock.advance(std::time::Duration::from_secs(60));
        kept.host.advance();
        kept.end();
        let snapshots = disk.names().iter().filter(|name| name.starts_with("snapshot-")).count();
        assert_eq!(snapshots, 1, "{:?}", disk.names());
        let again = begin(&disk, SyncMode::Off).unwrap();
        assert_eq!(again.clock.now().since(START).as_secs(), 60);
        assert_eq!(again.bodies().await, numbered(0..3));
    });
}

#[test]
fn a_reset_is_kept_too() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        kept.host.reset();
        kept.make_queue().await;
        assert!(kept.send("0").await);
        let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
        assert_eq!(again.bodies().await, numbered(0..1));
    });
}

#[test]
fn files_of_another_version_or_missing_ones_are_refused_by_name() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        let copy = disk.after_kill();
        let segment = copy.names().into_iter().rfind(|name| name.starts_with("journal-")).unwrap();
        copy.with(|files| {
            let (bytes, _) = files.files.get_mut(&segment).unwrap();
            let (head, begins) = super::files::Head::read(&segment, bytes).unwrap().unwrap();
            let head = super::files::Head { program: "skyrig 0.0.1".to_owned(), ..head };
            *bytes = [&head.bytes(), &bytes[begins..]].concat();
        });
        let refused = begin(&copy, SyncMode::Batch).err().unwrap().to_string();
        assert!(refused.contains("was written by skyrig 0.0.1"), "{refused}");
        let copy = disk.after_kill();
        copy.with(|files| files.files.retain(|name, _| !name.starts_with("snapshot-")));
        let refused = begin(&copy, SyncMode::Batch).err().unwrap().to_string();
        assert!(refused.contains("no whole snapshot"), "{refused}");
    });
}

#[test]
fn a_sync_that_fails_is_not_answered_as_kept() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Always).unwrap();
        kept.make_queue().await;
        disk.with(|files| files.sync_fails = true);
        assert!(!kept.send("0").await);
        // Another sync may succeed and have lost what the first should have kept.
        disk.with(|files| files.sync_fails = false);
        kept.host.clock_changed();
        for _ in 0..20 {
            assert!(!kept.send("1").await);
        }
        kept.end();
        let again = begin(&disk.after_power_loss(0), SyncMode::Always).unwrap();
        assert!(again.send("2").await);
        assert!(again.bodies().await.contains("2"));
    });
}

/// A request at which the cloud panics is not applied again, whether or not the journal could still
/// say so.
#[test]
fn a_request_at_which_the_cloud_panics_is_left_out() {
    run(async {
        let disk = Memory::default();
        let kept = begin(&disk, SyncMode::Batch).unwrap();
        kept.make_queue().await;
        assert!(kept.send("0").await);
        let segment = disk.names().into_iter().rfind(|name| name.starts_with("journal-")).unwrap();
        let length = || disk.with(|files| files.files[&segment].0.len());
        let before = length();
        let body = Bytes::from(json!({ "place": "running" }).to_string());
        let (parts, body) = request::json("Probe.Panic", body).into_parts();
        let answer = kept.host.call(&parts, &body).await.unwrap();
        assert_eq!(answer.status().as_u16(), 500);
        kept.journal.shared.write(kept.journal.shared.appended()).unwrap();
        let marker = {
            let mut bytes = Vec::new();
            Draft::panicked(4).write(&mut bytes);
            bytes.len()
        };
        assert!(length() > before + marker);
        for left in [before, length() - marker, length()] {
            let disk = disk.after_kill();
            disk.with(|files| files.files.get_mut(&segment).unwrap().0.truncate(left));
            for _ in 0..2 {
                let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
                assert_eq!(again.bodies().await, numbered(0..1));
                assert!(again.send("1").await);
            }
        }
    });
}

/// Full segments are replaced by a snapshot while others are served.
#[test]
fn a_journal_that_grows_is_shortened() {
    run(async {
        let disk = Memory::default();
        let kept = begin_with(&disk, SyncMode::Batch, 10_000).unwrap();
        kept.make_queue().await;
        let mut sent = 0;
        let is_short = |names: Vec<String>| {
            let first = names.iter().find(|name| name.starts_with("snapshot-"));
            first.is_some_and(|name| name != &super::files::snapshot(0))
        };
        while !is_short(disk.names()) {
            assert!(kept.send(&sent.to_string()).await);
            sent += 1;
            tokio::task::yield_now().await;
        }
        let again = begin(&disk.after_kill(), SyncMode::Batch).unwrap();
        assert_eq!(again.bodies().await, numbered(0..sent));
    });
}
