//! Exploring on more than one machine: each takes its part of the seeds and writes a report, and
//! the reports are put together.

use super::{Coverage, Explored, Failure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// Most parts, so that a typo shows.
const PARTS_MAX: u64 = 10_000;

/// One of several parts: of each `of` seeds in a row the one at place `part`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    pub part: u64,
    pub of: u64,
}

/// What one machine found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The seeds of all parts: the first, and the one after the last.
    pub from: u64,
    pub until: u64,
    pub shard: Shard,
    /// Which kind of cases it was, as the command says it; parts of one exploration agree.
    pub cases: String,
    pub played: u64,
    pub failures: Vec<Failed>,
    pub coverage: Coverage,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    pub seed: u64,
    /// The command that plays it again.
    pub replay: String,
    pub symptoms: Vec<String>,
}

/// Several reports as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub played: u64,
    pub wanted: u64,
    /// The parts of which there is no report.
    pub missing: Vec<u64>,
    pub failures: Vec<Failed>,
    pub coverage: Coverage,
}

impl Shard {
    pub const WHOLE: Self = Self { part: 1, of: 1 };

    pub(super) fn has(self, place: u64) -> bool {
        place % self.of == self.part - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let how = || format!("a part is like 2/8, from 1/N to N/N with N up to {PARTS_MAX}");
        let (part, of) = text.split_once('/').ok_or_else(how)?;
        let (part, of) = part.parse().ok().zip(of.parse().ok()).ok_or_else(how)?;
        let good = (1..=PARTS_MAX).contains(&of) && (1..=of).contains(&part);
        if good { Ok(Self { part, of }) } else { Err(how()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl Failed {
    pub(super) fn of(seed: u64, failure: &Failure, replay: String) -> Self {
        let symptoms = match failure {
            Failure::Failed(run) => run.symptoms.iter().map(ToString::to_string).collect(),
            Failure::Diverged { .. } => vec!["it has two histories or two states".to_owned()],
            Failure::Broken(error) => vec![error.clone()],
        };
        Self { seed, replay, symptoms }
    }
}

impl Report {
    pub(super) fn of(explored: &Explored, failures: Vec<Failed>, plan: &super::Plan) -> Self {
        Self {
            from: plan.seeds.start,
            until: plan.seeds.end,
            shard: plan.shard,
            cases: plan.cases.clone(),
            played: explored.seeds,
            failures,
            coverage: explored.coverage.clone(),
        }
    }
}

/// Puts the reports of one exploration together.
///
/// # Errors
/// None at all, one that is there twice, or reports of different explorations.
pub fn merge(reports: Vec<Report>) -> Result<Merged, String> {
    let first = reports.first().ok_or("no report is given")?;
    let (from, until, of) = (first.from, first.until, first.shard.of);
    let cases = first.cases.clone();
    let mut merged = Merged { wanted: until - from, ..Merged::default() };
    let mut parts = BTreeSet::new();
    for report in reports {
        let same = (report.from, report.until, report.shard.of) == (from, until, of);
        if !same || report.cases != cases {
            let Report { from, until, shard, cases, .. } = report;
            return Err(format!(
                "part {shard} is of another exploration: seeds {from} to {until}, {cases}"
            ));
        }
        if !parts.insert(report.shard.part) {
            return Err(format!("part {} is there twice", report.shard));
        }
        merged.played += report.played;
        merged.failures.extend(report.failures);
        merged.coverage.merge(report.coverage);
    }
    merged.failures.sort_by_key(|failed| failed.seed);
    merged.missing = (1..=of).filter(|part| !parts.contains(part)).collect();
    Ok(merged)
}

impl Merged {
    /// All parts are there, and no seed failed.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.missing.is_empty()
    }
}

impl fmt::Display for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut alike = BTreeMap::<&str, Vec<&Failed>>::new();
        for failed in &self.failures {
            let first = failed.symptoms.first().map_or("unknown", String::as_str);
            alike.entry(first).or_default().push(failed);
        }
        for (symptom, failed) in alike {
            writeln!(f, "{symptom}: {} seeds, the first {}", failed.len(), failed[0].replay)?;
        }
        write!(f, "{}", self.coverage)?;
        if !self.missing.is_empty() {
            let missing: Vec<_> = self.missing.iter().map(ToString::to_string).collect();
            writeln!(f, "no report of the parts {}", missing.join(", "))?;
        }
        write!(f, "{} of {} seeds: {} failed", self.played, self.wanted, self.failures.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(shard: &str, failing: &[u64]) -> Report {
        let failed = |seed: &u64| Failed {
            seed: *seed,
            replay: format!("replay {seed}"),
            symptoms: vec!["lost".to_owned()],
        };
        Report {
            from: 1,
            until: 11,
            shard: shard.parse().expect("a part"),
            cases: "swarm".to_owned(),
            played: 5,
            failures: failing.iter().map(failed).collect(),
            coverage: Coverage { calls: 7, ..Coverage::default() },
        }
    }

    #[test]
    fn the_parts_have_each_seed_once() {
        for of in 1..=7 {
            let parts: Vec<Shard> = (1..=of).map(|part| Shard { part, of }).collect();
            for place in 0..50 {
                assert_eq!(parts.iter().filter(|part| part.has(place)).count(), 1);
            }
        }
        for wrong in ["", "1", "0/2", "3/2", "1/0", "1/20000", "a/b"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn reports_are_put_together_and_what_is_missing_is_told() {
        let whole = merge(vec![report("2/2", &[4]), report("1/2", &[])]).expect("two parts");
        assert!(!whole.passed());
        assert_eq!((whole.played, whole.wanted, whole.coverage.calls), (10, 10, 14));
        assert!(whole.to_string().contains("lost: 1 seeds, the first replay 4"), "{whole}");
        let half = merge(vec![report("2/2", &[])]).expect("one part");
        assert!(!half.passed());
        assert!(half.to_string().contains("no report of the parts 1"), "{half}");
        assert!(merge(vec![report("1/2", &[]), report("2/2", &[])]).expect("two").passed());
        let twice = merge(vec![report("1/2", &[]), report("1/2", &[])]);
        assert_eq!(twice, Err("part 1/2 is there twice".to_owned()));
        let other = Report { until: 12, ..report("2/2", &[]) };
        assert!(merge(vec![report("1/2", &[]), other]).is_err());
        assert!(merge(Vec::new()).is_err());
    }

    #[test]
    fn a_report_is_read_as_it_was_written() {
        let report = report("2/2", &[4]);
        let text = serde_json::to_string(&report).expect("JSON");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("a report"), report);
    }
}
