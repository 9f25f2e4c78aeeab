//! The thumbnailer in the harness: everything that plugs it in.

use crate::gallery::{Aws, Gallery};
use crate::worker::{Version, work};
use harness::explore::{Dice, Target, schedule};
use harness::script::{Act, Step};
use harness::stage::simulated::{self, Simulation};
use harness::{Argument, Arguments, Catalog, Run, Script, Signature, World, WorldError, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::task::JoinSet;

const WORKERS: usize = 3;
const PICTURES_MAX: u64 = 24; // of one drawn case, within two minutes
/// What the system calls; faults may strike there.
const TARGETS: [Target; 3] = [
    Target { service: "sns", operations: &["Publish"] },
    Target { service: "sqs", operations: &["ReceiveMessage", "DeleteMessage"] },
    Target { service: "dynamodb", operations: &["PutItem", "UpdateItem", "TransactWriteItems"] },
];
const COUNTED_ONCE: &str = "Uploaded pictures have thumbnails, and albums count each once.";
const ALBUM: Argument = Argument::text("album");
const PICTURE: Argument = Argument::text("picture");

pub(crate) struct Thumbnailer {
    gallery: Gallery,
    /// The same, for whoever only looks.
    watched: Gallery,
    workers: JoinSet<()>,
    /// Pictures that were announced for certain.
    uploaded: BTreeSet<String>,
}

impl World for Thumbnailer {
    const CATALOG: Catalog = Catalog {
        actions: &[Signature::new("upload", "Adds a picture to an album.", &[ALBUM, PICTURE])],
        observations: &[Signature::new("pictures", "How many an album counts.", &[ALBUM])],
        invariants: &[Signature::new("each_picture_counted_once", COUNTED_ONCE, &[])],
        ..Catalog::NONE
    };

    async fn act(&mut self, _upload: &str, with: &Arguments) -> Result<Value, WorldError> {
        let (album, picture) = (text(with, "album")?, text(with, "picture")?);
        self.gallery.announce(album, picture).await?;
        self.uploaded.insert(picture.to_owned());
        Ok(Value::Null)
    }

    async fn observe(&mut self, _pictures: &str, of: &Arguments) -> Result<Value, WorldError> {
        Ok(json!(self.watched.books().await?.albums.get(text(of, "album")?).unwrap_or(&0)))
    }

    async fn at_rest(&mut self) -> Result<bool, WorldError> {
        let thumbnails = self.watched.books().await?.thumbnails;
        // What the topic still tries to deliver shows only as a picture without a thumbnail.
        let done = self.uploaded.iter().all(|picture| thumbnails.contains_key(picture));
        Ok(done && self.watched.backlog().await? == 0)
    }

    async fn check(&mut self, _counted_once: &str) -> Result<(), WorldError> {
        let books = self.watched.books().await?;
        let counted = books.thumbnails_by_album();
        match self.uploaded.iter().find(|it| !books.thumbnails.contains_key(*it)) {
            Some(lost) => Err(format!("{lost} has no thumbnail").into()),
            None if counted == books.albums => Ok(()),
            None => Err(format!("albums count {:?} and have {counted:?}", books.albums).into()),
        }
    }

    async fn finish(&mut self) -> Value {
        self.workers.abort_all();
        json!(self.watched.books().await.ok())
    }
}

pub(crate) fn play(script: &Script, seed: u64, version: Version) -> Result<Run, String> {
    simulated::play(script, seed, async |simulation: &Simulation| {
        let retries = simulation.retry_partition();
        let gallery = Gallery::create(Aws::new(&simulation.sdk_config(), &retries)).await?;
        let watched = gallery.through(Aws::new(&simulation.observer(), &retries));
        let workers = (0..WORKERS).map(|_| work(gallery.clone(), version)).collect();
        Ok(Thumbnailer { gallery, watched, workers, uploaded: BTreeSet::new() })
    })
}

/// The case of a seed: some uploads, and faults.
pub(crate) fn case(seed: u64) -> Script {
    let mut dice = Dice::new(seed);
    let steps = (0..dice.between(1, PICTURES_MAX)).map(|number| {
        let album = dice.one(&["cats", "dogs", "holiday"]);
        let upload = json!({ "album": album, "picture": format!("picture-{number}") });
        let at = Duration::from_secs(number * 5 + dice.below(5));
        Step::at(at, Act::new("upload", upload).may_fail())
    });
    let steps = steps.chain([Step::wait_until(schedule::ALL_ENDED)]).collect();
    let script = Script::new(format!("case-{seed}"), "Drawn from a seed.", steps);
    Script { nemesis: schedule::draw(seed, &TARGETS), ..script }
}
