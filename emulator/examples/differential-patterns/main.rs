//! Compares event patterns with AWS's own engine: generated pairs of pattern and event go to a
//! program that answers a verdict a line, and each must be ours. `tests/differential/run.sh`
//! starts it.
//!
//! `differential-patterns PAIRS SEED PROGRAM ARGUMENTS...`

mod generate;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::process::{Command, ExitCode, Stdio};

use generate::{Generator, Pair};
use skyrig::services::shared::pattern::EventPattern;

/// Which patterns are too complex is measured a little differently; it is only counted.
const TOO_COMPLEX: &str = "Rule is too complex";

/// A difference in so many pairs is borne. Those that are known: event-ruler loses matches where
/// branches of `$or` share a field with `exists`, and takes a field for absent in array elements
/// where another field of the pattern is not.
const PAIRS_OF_A_DIFFERENCE: u64 = 50_000;

/// Differences that are shown.
const SHOWN_MAX: u64 = 40;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("PAIRS SEED PROGRAM ARGUMENTS...");
    let (pairs, seed): (u64, u64) = (next()?.parse()?, next()?.parse()?);
    let program = next()?;
    let mut other = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut to = BufWriter::new(other.stdin.take().ok_or("no way in")?);
    let from = BufReader::new(other.stdout.take().ok_or("no way out")?);
    let writer = std::thread::spawn(move || -> std::io::Result<()> {
        let mut generator = Generator::new(seed);
        for _ in 0..pairs {
            let Pair { pattern, event } = generator.pair();
            writeln!(to, "{pattern}\t{event}")?;
        }
        to.flush()
    });
    let mut out = std::io::stdout().lock();
    let mut generator = Generator::new(seed);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut differences = 0;
    let mut compared = 0;
    for verdict in from.lines() {
        let (theirs, pair) = (verdict?, generator.pair());
        let ours = verdict_of(&pair)?;
        let (their_kind, our_kind) = (kind(&theirs), kind(&ours));
        compared += 1;
        *counts.entry(our_kind.to_owned()).or_default() += 1;
        if theirs.contains(TOO_COMPLEX) != ours.contains(TOO_COMPLEX) {
            *counts.entry("complexity only".to_owned()).or_default() += 1;
        } else if their_kind != our_kind || (our_kind == "error" && theirs != ours) {
            differences += 1;
            if differences <= SHOWN_MAX {
                let Pair { pattern, event } = pair;
                writeln!(out, "{pattern}\n  {event}\n  AWS: {theirs}\n  we:  {ours}")?;
            }
        }
    }
    writer.join().map_err(|_| "the writer died")??;
    other.wait()?;
    writeln!(out, "{compared} pairs compared, seed {seed}: {differences} differences; {counts:?}")?;
    let is_whole = compared == pairs && differences * PAIRS_OF_A_DIFFERENCE <= compared;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `match`, `no match`, or `error` and the reason's first line.
fn verdict_of(pair: &Pair) -> Result<String, Box<dyn Error>> {
    Ok(match EventPattern::parse(&pair.pattern) {
        Err(error) => format!("error {}", error.reason.lines().next().unwrap_or_default()),
        Ok(pattern) if pattern.matches(&serde_json::from_str(&pair.event)?) => "match".to_owned(),
        Ok(_) => "no match".to_owned(),
    })
}

fn kind(verdict: &str) -> &str {
    if verdict.starts_with("error") { "error" } else { verdict }
}
