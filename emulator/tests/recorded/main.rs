//! The emulator against what AWS answered: every recorded case is a test of its own.
//!
//! A case is replayed as it was run: its calls in their order and over their protocol, its pauses
//! in virtual time, in a world of its own. Every answer is compared whole. Cases that call what is
//! not here stand in `left_out.txt`, cases that AWS answered otherwise in `not_yet.txt`. Both only
//! get shorter: a case of `not_yet.txt` that passes has to leave it.

mod client;
mod decode;
mod encode;
mod filling;
mod functions;
mod left_out;
mod matching;
mod model;
mod ordered;
mod path;
mod query_names;
mod recording;
mod replay;
mod scene;
mod text_matching;
mod xml;

use libtest_mimic::{Arguments, Failed, Trial};

use recording::Recordings;

/// The files of `tests/recordings` that are replayed.
const FILES: [&str; 8] =
    ["cloudwatch", "dynamodb", "events", "logs", "sns", "sqs", "stepfunctions", "sts"];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for file in FILES {
        let recordings: &'static Recordings = Box::leak(Box::new(Recordings::read(file)));
        for (name, case) in &recordings.cases {
            if left_out::reason(case).is_none() {
                let full = format!("{file}::{name}");
                let known = left_out::is_not_yet(&full);
                let name = full.clone();
                let run = move || {
                    let differences = replay::differences(&name, case);
                    report(&left_out::judged(known, differences))
                };
                trials.push(Trial::test(full, run));
            }
        }
        let listed = move || report(&left_out::differences(recordings));
        trials.push(Trial::test(format!("{file}::what_is_left_out_is_listed"), listed));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn report(differences: &[String]) -> Result<(), Failed> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(Failed::from(differences.join("\n")))
}
