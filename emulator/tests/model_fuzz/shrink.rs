//! Takes away inputs that a failure does not need.

use skyrig::Settings;
use skyrig::cloud::{Input, Recorded};

use crate::closing;
use crate::episode::Failure;
use crate::subject::{Broken, Subject};

/// So many lists of inputs are tried.
const TRIES_MAX: usize = 150;
/// What two failures must have in common to be the same: the first words.
const SAME_BYTES: usize = 24;

/// The failure with fewer inputs, if it comes again at all.
pub(crate) fn shrunk(mut failure: Failure) -> Failure {
    let mut tries = TRIES_MAX;
    let mut part = failure.inputs.len().div_ceil(2);
    while part > 0 && tries > 0 {
        let mut at = 0;
        while at < failure.inputs.len() && tries > 0 {
            tries -= 1;
            let mut fewer = failure.inputs.clone();
            fewer.drain(at..(at + part).min(fewer.len()));
            match played(&failure.settings, &fewer) {
                Err(broken) if is_same(&broken, &failure.broken) => failure.inputs = fewer,
                _ => at += part,
            }
        }
        part /= 2;
    }
    failure
}

fn is_same(one: &str, other: &str) -> bool {
    one.bytes().take(SAME_BYTES).eq(other.bytes().take(SAME_BYTES))
}

/// Plays a list of inputs, and closes the cloud as an episode does.
pub(crate) fn played(settings: &Settings, inputs: &[Recorded]) -> Result<(), Broken> {
    let mut subject = Subject::new(settings.clone());
    for input in inputs {
        subject.feed(input)?;
        subject.check_state()?;
    }
    closing::close(&mut subject, inputs, settings, true)
}

/// The last inputs of a failure, one a line.
pub(crate) fn told(failure: &Failure) -> String {
    const SHOWN: usize = 25;
    let left_out = failure.inputs.len().saturating_sub(SHOWN);
    let mut text = format!("{}\nsettings: {:?}\n", failure.broken, failure.settings);
    text.push_str(&format!("{left_out} inputs, then:\n"));
    for Recorded { at, input } in &failure.inputs[left_out..] {
        let line = match input {
            Input::Request(request) => {
                let header = |name| request.parts.headers.get(name).and_then(|it| it.to_str().ok());
                let body: String = request.body.escape_ascii().to_string();
                format!(
                    "{} {} {}",
                    request.parts.uri,
                    header("x-amz-target").unwrap_or_default(),
                    body.chars().take(1500).collect::<String>()
                )
            }
            other => format!("{other:?}"),
        };
        text.push_str(&format!("{} {line}\n", at.iso_millis()));
    }
    text
}
