//! What a run shows: the story, who did what when, each expectation, and how to replay it.

use crate::explain::{self, Explanation};
use crate::runner::{Played, Verdict};
use crate::script::Script;
use crate::symptom::Symptom;
use crate::timeline::{Entry, Timeline};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// What two runs of one seed have in common. Two hashes, so that another form of the state is not
/// taken for another behaviour.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Hashes {
    /// Over every request and every reply, and when they were made.
    pub history: String,
    /// Over the bytes of the final state.
    pub state: String,
}

/// A finished run. Serialises to the `--json` report.
#[derive(Default, Clone, Debug, Serialize)]
pub struct Run {
    pub scenario: String,
    pub story: String,
    pub stage: String,
    pub seed: u64,
    pub passed: bool,
    /// Why the steps did not all happen, if they did not.
    pub stopped: Option<String>,
    pub verdicts: Vec<Verdict>,
    /// In which ways it failed, the first one first; none if it passed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub symptoms: Vec<Symptom>,
    pub timeline: Vec<Entry>,
    /// In the scenario's time, since the first step.
    pub elapsed: Duration,
    /// Calls that the system made to its cloud, where the stage can count them.
    pub calls: u64,
    /// Calls of those who only watched it.
    pub looks: u64,
    /// Same seed, same hashes. Only where the stage can promise that.
    pub hashes: Option<Hashes>,
    /// How often each of the script's faults fired, by name.
    pub fired: BTreeMap<String, u64>,
    /// The ways through the system that were taken, where the system tells.
    pub branches: BTreeMap<String, u64>,
    /// What the processes wrote, by name; shown when the run failed.
    pub logs: Vec<(String, String)>,
    /// What became of the messages; empty where all went well and nobody asked.
    pub explanation: Explanation,
}

impl Run {
    /// What every stage tells of a played script; each adds what only it knows.
    pub(crate) fn of(script: &Script, seed: u64, played: Played, timeline: &Timeline) -> Self {
        Self {
            scenario: script.name.clone(),
            story: script.story.clone(),
            seed,
            passed: played.passed(),
            stopped: played.stopped,
            verdicts: played.verdicts,
            symptoms: played.symptoms,
            timeline: timeline.entries(),
            elapsed: timeline.elapsed(),
            fired: played.fired,
            branches: played.branches,
            ..Self::default()
        }
    }

    /// The report for people. `replay` is the command that does the same again.
    pub fn text(&self, replay: &str) -> String {
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = self.write(&mut text, replay);
        text
    }

    fn write(&self, text: &mut String, replay: &str) -> std::fmt::Result {
        writeln!(text, "{} ({} stage, seed {})", self.scenario, self.stage, self.seed)?;
        for line in self.story.lines() {
            writeln!(text, "  {line}")?;
        }
        writeln!(text)?;
        self.write_timeline(text)?;
        writeln!(text)?;
        for verdict in &self.verdicts {
            let mark = if verdict.passed { "holds" } else { "FAILS" };
            writeln!(text, "  {mark}  {}  ({})", verdict.expectation, clock(verdict.at))?;
            if !verdict.passed {
                writeln!(text, "         {}", verdict.seen)?;
            }
        }
        if let Some(reason) = &self.stopped {
            writeln!(text, "  STOPPED  {reason}")?;
        }
        if !self.passed {
            let more = format!("{replay} --html run.html");
            explain::write(&self.explanation, text, &more)?;
            self.write_logs(text)?;
        }
        writeln!(text)?;
        let verdict = if self.passed { "passed" } else { "FAILED" };
        writeln!(text, "{verdict} after {} of {} time", clock(self.elapsed), self.time())?;
        if let Some(Hashes { history, state }) = &self.hashes {
            writeln!(text, "history {history} over {} calls", self.calls)?;
            writeln!(text, "state   {state}")?;
        }
        writeln!(text, "replay  {replay}")
    }

    fn write_timeline(&self, text: &mut String) -> std::fmt::Result {
        let time = |entry: &Entry| clock(entry.at);
        let time_width = self.timeline.iter().map(|entry| time(entry).len()).max().unwrap_or(0);
        let actors = self.timeline.iter().map(|entry| entry.actor.chars().count());
        let actor_width = actors.max().unwrap_or(0);
        for entry in &self.timeline {
            let mut lines = entry.what.lines();
            let (time, actor, what) = (time(entry), &entry.actor, lines.next().unwrap_or_default());
            writeln!(text, "  {time:>time_width$}  {actor:<actor_width$}  {what}")?;
            for more in lines {
                writeln!(text, "  {:time_width$}  {:actor_width$}  {more}", "", "")?;
            }
        }
        Ok(())
    }

    fn write_logs(&self, text: &mut String) -> std::fmt::Result {
        for (name, log) in &self.logs {
            writeln!(text, "\n  log of {name}:")?;
            for line in log.lines() {
                writeln!(text, "    {line}")?;
            }
        }
        Ok(())
    }

    fn time(&self) -> &'static str {
        if self.stage == "local" { "real" } else { "virtual" }
    }
}

/// `4.250s`, `3:04.250`, `2:03:04.250` or `5d 2:03:04.250`.
pub(crate) fn clock(time: Duration) -> String {
    let (seconds, milliseconds) = (time.as_secs(), time.subsec_millis());
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}.{milliseconds:03}s"),
        (0, 0, _) => format!("{minutes}:{seconds:02}.{milliseconds:03}"),
        (0, _, _) => format!("{hours}:{minutes:02}:{seconds:02}.{milliseconds:03}"),
        _ => format!("{days}d {hours}:{minutes:02}:{seconds:02}.{milliseconds:03}"),
    }
}
