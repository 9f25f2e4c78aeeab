//! Runs as JUnit XML, the form of test reports that CI systems read.

use crate::explain;
use crate::markup::Markup;
use crate::report::Hashes;
use crate::report::Run;
use crate::runner::Verdict;
use std::time::Duration;

/// One suite a run, one case an expectation. With each run comes the command that replays it.
pub fn document(runs: &[(&Run, &str)]) -> String {
    let mut xml = Markup::new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let sum = |count: fn(&Run) -> usize| runs.iter().map(|(run, _)| count(run)).sum::<usize>();
    let counts = [("tests", sum(cases).to_string()), ("failures", sum(failures).to_string())];
    xml.element("testsuites", &borrowed(&counts), |xml| {
        for (run, replay) in runs {
            xml.raw("\n");
            suite(xml, run, replay);
        }
        xml.raw("\n");
    });
    xml.raw("\n");
    xml.into_text()
}

fn cases(run: &Run) -> usize {
    run.verdicts.len() + usize::from(run.stopped.is_some())
}

fn failures(run: &Run) -> usize {
    let failed = run.verdicts.iter().filter(|verdict| !verdict.passed).count();
    failed + usize::from(run.stopped.is_some())
}

fn suite(xml: &mut Markup, run: &Run, replay: &str) {
    let attributes = [
        ("name", run.scenario.clone()),
        ("tests", cases(run).to_string()),
        ("failures", failures(run).to_string()),
        ("errors", "0".to_owned()),
        ("time", seconds(run.elapsed)),
    ];
    xml.element("testsuite", &borrowed(&attributes), |xml| {
        properties(xml, run, replay);
        if let Some(reason) = &run.stopped {
            case(xml, run, "the steps can be done", Duration::ZERO, Some(reason));
        }
        for verdict in &run.verdicts {
            let Verdict { expectation, passed, at, seen } = verdict;
            case(xml, run, expectation, *at, (!passed).then_some(seen));
        }
        if !run.passed {
            xml.raw("\n    ");
            xml.leaf("system-out", &[], &explanation(run, replay));
        }
        xml.raw("\n  ");
    });
}

fn properties(xml: &mut Markup, run: &Run, replay: &str) {
    let mut rows = vec![
        ("stage", run.stage.clone()),
        ("seed", run.seed.to_string()),
        ("replay", replay.to_owned()),
    ];
    if let Some(Hashes { history, state }) = run.hashes.clone() {
        rows.extend([("history", history), ("state", state)]);
    }
    xml.raw("\n    ");
    xml.element("properties", &[], |xml| {
        for (name, value) in &rows {
            xml.raw("\n      ");
            xml.leaf("property", &[("name", name), ("value", value)], "");
        }
    });
}

fn case(xml: &mut Markup, run: &Run, name: &str, at: Duration, failure: Option<&String>) {
    let time = seconds(at);
    let attributes = [("classname", run.scenario.as_str()), ("name", name), ("time", &time)];
    xml.raw("\n    ");
    xml.element("testcase", &attributes, |xml| {
        if let Some(seen) = failure {
            let message = seen.lines().next().unwrap_or_default();
            let text = format!("{name}\n{seen}");
            xml.raw("\n      ");
            xml.leaf("failure", &[("message", message), ("type", "expectation")], &text);
        }
    });
}

/// What the report for people says beyond the verdicts.
fn explanation(run: &Run, replay: &str) -> String {
    let mut text = format!("seed {}\nreplay  {replay}\n", run.seed);
    // Writing to a String can't fail.
    let _ = explain::write(&run.explanation, &mut text, &format!("{replay} --html run.html"));
    text
}

fn seconds(time: Duration) -> String {
    format!("{}.{:03}", time.as_secs(), time.subsec_millis())
}

fn borrowed<'a>(attributes: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
