//! `skyrig replay` and `skyrig at`: what was recorded, once more.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bytes::Bytes;
use http::Response;
use skyrig::Cloud;
use skyrig::cloud::journal::{Pace, Record};
use skyrig::cloud::{Answer, Answered, Effect, Input, Saved, Script, Step, Waiting};
use skyrig::kernel::CallId;

use crate::against;
use crate::client::Endpoint;
use crate::serve::Serve;
use crate::snapshot::SnapshotError;

/// Most differences that are named.
const DIFFERENCES_MAX: usize = 100;

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// What `skyrig record` has written.
    file: PathBuf,
    /// End after the input with this number.
    #[arg(long, value_name = "N")]
    until: Option<u64>,
    /// Send the requests to this endpoint, and compare its answers with those that were recorded.
    #[arg(long, value_name = "URL")]
    against: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// What `skyrig record` has written.
    file: PathBuf,
    /// The input that has not happened yet.
    input: u64,
    #[command(flatten)]
    serve: Serve,
}

/// Reads a script.
fn read(path: &Path) -> Result<Script, SnapshotError> {
    let text = fs::read_to_string(path).map_err(|error| SnapshotError::of(path, error))?;
    Script::read(&text).map_err(|error| SnapshotError::of(path, error))
}

/// A script that is played here.
struct Played {
    cloud: Cloud,
    answers: BTreeMap<CallId, Answered>,
    inputs: usize,
}

impl Played {
    /// Plays the inputs for which `is_wanted` holds, up to the first for which it does not.
    fn of(
        script: &Script,
        is_wanted: impl Fn(&Step) -> bool,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let cloud = script.begins.cloud(Waiting::Kept)?;
        let mut played = Self { cloud, answers: BTreeMap::new(), inputs: 0 };
        for step in script.steps.iter().take_while(|step| is_wanted(step)) {
            let again = played.cloud.again(&step.record);
            let effects = again.map_err(|error| format!("input {}: {error}", step.number))?;
            if effects.accepted.is_some() && effects.accepted != step.call {
                return Err(format!("input {} is another call than it was", step.number).into());
            }
            for effect in effects.list {
                if let Effect::Reply(reply) = effect {
                    let response: Response<Bytes> = reply.write();
                    played.answers.insert(reply.call, response.into());
                }
            }
            played.inputs += 1;
        }
        Ok(played)
    }
}

impl Replay {
    /// Plays it and says what differs.
    ///
    /// # Errors
    /// [`SnapshotError`] if it can't be played.
    pub(crate) fn run(&self, say: impl Fn(&str)) -> Result<ExitCode, SnapshotError> {
        let script = read(&self.file)?;
        let until = self.until.unwrap_or(u64::MAX);
        let (differences, summary) = match &self.against {
            None => self.here(&script, until)?,
            Some(url) => {
                let endpoint = Endpoint::at(url);
                against::compare(&script, until, &endpoint)?
            }
        };
        for difference in differences.iter().take(DIFFERENCES_MAX) {
            say(difference);
        }
        if let Some(others) = differences.len().checked_sub(DIFFERENCES_MAX).filter(|it| *it > 0) {
            say(&format!("and {others} other differences"));
        }
        say(&summary);
        if let Some(reason) = &script.ended {
            say(&format!("the recording ends there because {reason}"));
        }
        Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn here(&self, script: &Script, until: u64) -> Result<(Vec<String>, String), SnapshotError> {
        let played = Played::of(script, |step| step.number <= until);
        let played = played.map_err(|error| SnapshotError::of(&self.file, error))?;
        let mut differences = Vec::new();
        let mut same = 0;
        for Answer { call, answered, .. } in &script.answers {
            match played.answers.get(call) {
                // It comes later than what was played.
                None if self.until.is_some() => {}
                None => differences.push(format!("{}: not answered here", asked(script, *call))),
                Some(here) if here == answered => same += 1,
                Some(here) => {
                    let told = against::differences(answered, here, &mut against::Drawn::none());
                    let told = told.into_iter().next().unwrap_or_else(|| "other bytes".to_owned());
                    differences.push(format!("{}: {told}", asked(script, *call)));
                }
            }
        }
        let summary = format!(
            "{} inputs were played; {same} answers are byte for byte what they were, {} differ",
            played.inputs,
            differences.len()
        );
        Ok((differences, summary))
    }
}

/// What a call asked, for people.
pub(crate) fn asked(script: &Script, call: CallId) -> String {
    let step = script.steps.iter().find(|step| step.call == Some(call));
    let Some(Step { number, record, .. }) = step else { return format!("call {}", call.0) };
    let what = match record {
        Record::Given(_, Input::Request(request)) => {
            let target = request.parts.headers.get("x-amz-target");
            let target = target.and_then(|target| target.to_str().ok());
            target.map_or_else(|| request.parts.uri.path().to_owned(), str::to_owned)
        }
        other => other.word().to_owned(),
    };
    format!("input {number} ({what})")
}

impl At {
    /// How to serve it, and what.
    ///
    /// # Errors
    /// [`SnapshotError`] if it can't be played up to there.
    pub(crate) fn begins(self) -> Result<(Serve, Saved), SnapshotError> {
        let script = read(&self.file)?;
        let wrong = |reason: &dyn std::fmt::Display| SnapshotError::of(&self.file, reason);
        let last = script.steps.last().map_or(0, |step| step.number);
        if self.input > last + 1 {
            return Err(wrong(&format!(
                "it has {last} inputs, so none before input {}",
                self.input
            )));
        }
        let played = Played::of(&script, |step| step.number < self.input);
        let cloud = played.map_err(|error| wrong(&error))?.cloud;
        let virtual_time = cloud.now();
        let pace = Pace { virtual_time, ..script.begins.pace() };
        Ok((self.serve.standing_still(), Saved::of(&cloud, pace)))
    }
}
