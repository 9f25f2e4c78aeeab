//! `scenario stories`: plays all scenarios that come with this program, and keeps a page of each.

mod diagram;
mod page;
mod proof;

use crate::form::Form;
use crate::{library, stages};
use harness::stage::Detail;
use harness::{Run, Script};
use harness::{say, tell};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

pub(crate) use proof::Proof;

/// Of what arrives at a rate: the biggest stories would take minutes else.
pub(crate) const SHARE: f64 = 0.1;
const SEED: u64 = 1;
const INDEX: &str = "README.md";

/// A story that was played, and its page.
struct Told {
    run: Run,
    page: String,
    seconds: f64,
}

/// Plays the stories of these names, or all of them, and compares their pages with those in
/// `folder`, or writes them. True if all passed and no page is out of date.
pub(crate) fn tell_all(names: &[String], folder: &Path, write: bool) -> Result<bool, String> {
    let scripts = match names {
        [] => library::all()?,
        names => names.iter().map(|name| library::find(name)).collect::<Result<_, _>>()?,
    };
    let proofs = proof::all()?;
    let told = play_side_by_side(&scripts, &proofs)?;
    let mut good = true;
    for one in &told {
        let (name, passed) = (&one.run.scenario, one.run.passed);
        let path = folder.join(format!("{name}.md"));
        let fresh = write || std::fs::read_to_string(&path).is_ok_and(|page| page == one.page);
        if !passed {
            say!("{}", one.run.text(&format!("scenario run {name}")));
        } else if write {
            std::fs::write(&path, &one.page).map_err(|it| format!("{}: {it}", path.display()))?;
        }
        let age = if fresh { "" } else { ", and its page is out of date" };
        let verdict = if passed { "passes" } else { "FAILS" };
        say!("{name} {verdict} after {:.1} s{age}", one.seconds);
        good &= passed && fresh;
    }
    if names.is_empty() {
        good &= keep(&folder.join(INDEX), &page::index(&scripts, &proofs), write)?;
    }
    if !good {
        tell!("if a page is out of date: cargo scenario stories --write");
    }
    Ok(good)
}

/// Writes a page, or says whether it is as it should be.
fn keep(path: &Path, page: &str, write: bool) -> Result<bool, String> {
    if write {
        std::fs::write(path, page).map_err(|it| format!("{}: {it}", path.display()))?;
    }
    let fresh = std::fs::read_to_string(path).is_ok_and(|found| found == page);
    if !fresh {
        say!("{} is out of date", path.display());
    }
    Ok(fresh)
}

/// As many at once as there are processors: simulations share nothing. The biggest ones begin.
fn play_side_by_side(scripts: &[Script], proofs: &[Proof]) -> Result<Vec<Told>, String> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from).min(scripts.len());
    let work = || {
        loop {
            let taken = next.fetch_add(1, Ordering::Relaxed);
            let Some(index) = scripts.len().checked_sub(taken + 1) else { return };
            let told = play(&scripts[index], proofs);
            done.lock().expect("nobody panics with it").push((index, told));
        }
    };
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let mut done = done.into_inner().expect("nobody panics with it");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, told)| told).collect()
}

#[expect(clippy::disallowed_methods, reason = "people wait in real time")]
fn play(script: &Script, proofs: &[Proof]) -> Result<Told, String> {
    let begun = Instant::now();
    let mut thinned = script.clone();
    library::thin_out(&mut thinned, SHARE);
    let form = library::form(&script.name, Form::default());
    let run = stages::play_simulated(&thinned, SEED, Detail::Failures, form)?;
    let proof = proofs.iter().find(|proof| proof.story == script.name);
    let page = page::of(script, &run, proof);
    Ok(Told { run, page, seconds: begun.elapsed().as_secs_f64() })
}
