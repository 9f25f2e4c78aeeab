//! The page as a whole, and one section a run.

use super::{chart, sequence, style, trees};
use crate::markup::Markup;
use crate::report::Hashes;
use crate::report::{Run, clock};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// One page for all runs. With each run comes the command that replays it.
pub fn document(runs: &[(&Run, &str)]) -> String {
    let mut html = Markup::new("<!doctype html>\n");
    let title = runs.iter().map(|(run, _)| run.scenario.as_str()).collect::<Vec<_>>().join(", ");
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| {
            html.void("meta", &[("charset", "utf-8")]);
            let viewport = [("name", "viewport"), ("content", "width=device-width")];
            html.void("meta", &viewport);
            let policy = [("http-equiv", "Content-Security-Policy"), ("content", &policy())];
            html.void("meta", &policy);
            html.leaf("title", &[], &title);
            html.element("style", &[], |html| html.raw(style::SHEET));
        });
        html.element("body", &[], |html| {
            for (run, replay) in runs {
                section(html, run, replay);
            }
            html.element("script", &[], |html| html.raw(style::SCRIPT));
        });
    });
    html.raw("\n");
    html.into_text()
}

/// The page runs its own script and nothing else, and asks for nothing, whatever stands in it. A
/// file has no header, so the policy is in the page; there it cannot forbid frames.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(style::SCRIPT),
        hash(style::SHEET),
    )
}

fn section(html: &mut Markup, run: &Run, replay: &str) {
    html.raw("\n");
    html.element("section", &[], |html| {
        html.element("h1", &[], |html| {
            html.text(&run.scenario);
            html.text(" ");
            mark(html, run.passed, "passed", "FAILED");
        });
        html.leaf("p", &[("class", "story")], run.story.trim());
        facts(html, run, replay);
        verdicts(html, run);
        trees::write(html, &run.explanation);
        if let Some(diagram) = &run.explanation.diagram {
            sequence::write(html, diagram);
        }
        chart::write(html, &run.explanation.depths, run.elapsed);
        timeline(html, run);
        logs(html, run);
    });
}

fn mark(html: &mut Markup, good: bool, yes: &'static str, no: &'static str) {
    let (class, word) = if good { ("mark good", yes) } else { ("mark bad", no) };
    html.leaf("span", &[("class", class)], word);
}

fn facts(html: &mut Markup, run: &Run, replay: &str) {
    let time = if run.hashes.is_some() { "virtual" } else { "real" };
    let mut rows = vec![
        ("stage", run.stage.clone()),
        ("seed", run.seed.to_string()),
        ("replay", replay.to_owned()),
        ("took", format!("{} of {time} time", clock(run.elapsed))),
    ];
    if let Some(Hashes { history, state }) = &run.hashes {
        rows.push(("history", format!("{history} over {} calls", run.calls)));
        rows.push(("state", state.clone()));
    }
    html.element("dl", &[], |html| {
        for (name, value) in &rows {
            html.leaf("dt", &[], name);
            html.element("dd", &[], |html| html.leaf("code", &[], value));
        }
    });
}

fn verdicts(html: &mut Markup, run: &Run) {
    html.leaf("h2", &[], "Expectations");
    html.element("table", &[("class", "verdicts")], |html| {
        if let Some(reason) = &run.stopped {
            row(html, false, "the steps can be done", "", reason);
        }
        for verdict in &run.verdicts {
            let at = clock(verdict.at);
            row(html, verdict.passed, &verdict.expectation, &at, &verdict.seen);
        }
    });
}

fn row(html: &mut Markup, passed: bool, expectation: &str, at: &str, seen: &str) {
    html.raw("\n");
    html.element("tr", &[], |html| {
        html.element("td", &[], |html| mark(html, passed, "holds", "FAILS"));
        html.element("td", &[], |html| {
            html.text(expectation);
            html.leaf("div", &[("class", "quiet")], seen);
        });
        html.leaf("td", &[("class", "time")], at);
    });
}

fn timeline(html: &mut Markup, run: &Run) {
    html.element("details", &[], |html| {
        html.element("summary", &[], |html| html.leaf("h2", &[], "Timeline"));
        html.element("table", &[("class", "timeline")], |html| {
            for entry in &run.timeline {
                html.raw("\n");
                html.element("tr", &[], |html| {
                    html.leaf("td", &[("class", "time")], &clock(entry.at));
                    html.leaf("td", &[], &entry.actor);
                    html.leaf("td", &[("class", "what")], &entry.what);
                });
            }
        });
    });
}

fn logs(html: &mut Markup, run: &Run) {
    for (name, log) in &run.logs {
        html.element("details", &[], |html| {
            let title = format!("Log of {name}");
            html.element("summary", &[], |html| html.leaf("h2", &[], &title));
            html.leaf("pre", &[], log);
        });
    }
}
