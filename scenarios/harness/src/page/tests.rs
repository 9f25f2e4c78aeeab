use super::document;
use crate::explain::{DepthPoint, Depths, Diagram, Explanation, Hop, NonMatch, Row, Tone, Tree};
use crate::junit;
use crate::markup::tests::assert_closed;
use crate::record::Hashes;
use crate::report::Run;
use crate::runner::Verdict;
use crate::timeline::Entry;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use skyrig::kernel::What;
use std::time::Duration;

const REPLAY: &str = "scenario run parcel --seed 7";

fn hop(seconds: u64, what: What, resource: &str, note: Option<&str>, led_to: Vec<Hop>) -> Hop {
    let at = Duration::from_secs(seconds);
    Hop {
        id: seconds,
        at,
        what,
        resource: resource.to_owned(),
        subject: "0a1b2c3d-0000-4000-8000-000000000000".to_owned(),
        note: note.map(str::to_owned),
        told: None,
        times: 1,
        last: at,
        non_matches: Vec::new(),
        led_to,
    }
}

fn trees() -> Vec<Tree> {
    let mut received = hop(6, What::Received, "queue pay", None, Vec::new());
    (received.times, received.last) = (5, Duration::from_secs(180));
    let buried = hop(200, What::DeadLettered, "queue dead", Some("given up"), Vec::new());
    let enqueued = hop(5, What::Enqueued, "queue pay", None, vec![received, buried]);
    let matched = hop(5, What::RuleMatched, "rule shop/pay", None, vec![enqueued]);
    let mut put = hop(5, What::EventPut, "bus shop", None, vec![matched]);
    let missed = |rule: &str| NonMatch {
        rule: rule.to_owned(),
        reasons: vec!["source is \"a\", wanted \"b\"".to_owned()],
    };
    put.non_matches.push(missed("rule shop/stock"));
    let mut lost = hop(9, What::EventPut, "bus shop", None, Vec::new());
    lost.non_matches.extend([missed("rule shop/pay"), missed("rule shop/stock")]);
    put.told = Some("orders publishes Paid".to_owned());
    vec![
        Tree { ended_badly: true, subject: None, root: put },
        Tree { ended_badly: false, subject: Some(0), root: lost },
    ]
}

fn run() -> Run {
    let row = |from, to, label: &str, tone| Row {
        at: Duration::from_secs(5),
        from,
        to,
        label: label.to_owned(),
        details: format!("{label}\nmore"),
        tone,
    };
    let rows = vec![
        row(0, None, "pay <now>", Tone::Step),
        row(1, Some(2), "rule shop/pay", Tone::Normal),
        row(2, Some(1), "DEAD-LETTERED", Tone::Bad),
    ];
    let point = DepthPoint { at: Duration::from_secs(5), visible: 2, in_flight: 1, delayed: 0 };
    let actors = ["script", "bus shop", "queue pay"].map(str::to_owned).to_vec();
    Run {
        scenario: "parcel".to_owned(),
        story: "A parcel & its payment.".to_owned(),
        stage: "simulated".to_owned(),
        seed: 7,
        passed: false,
        stopped: None,
        verdicts: vec![
            Verdict {
                expectation: "eventually <1> is \"paid\"".to_owned(),
                passed: false,
                at: Duration::from_secs(300),
                seen: "last seen: new & \u{1b}[1m".to_owned(),
            },
            Verdict {
                expectation: "never status equals lost".to_owned(),
                passed: true,
                at: Duration::from_secs(300),
                seen: "last seen: created".to_owned(),
            },
        ],
        symptoms: Vec::new(),
        timeline: vec![Entry {
            at: Duration::from_secs(5),
            actor: "script".to_owned(),
            what: "pay order=<1>".to_owned(),
            about: Vec::new(),
        }],
        elapsed: Duration::from_secs(300),
        calls: 12,
        looks: 0,
        branches: std::collections::BTreeMap::new(),
        hashes: Some(Hashes { history: "c0ffee".to_owned(), state: "7ea".to_owned() }),
        fired: std::collections::BTreeMap::new(),
        logs: vec![("payments".to_owned(), "</pre><script>".to_owned())],
        explanation: Explanation {
            subjects: vec!["<1>".to_owned()],
            trees: trees(),
            trees_left_out: 0,
            diagram: Some(Diagram { actors, rows, rows_left_out: 0 }),
            depths: vec![Depths { queue: "queue pay".to_owned(), points: vec![point] }],
        },
    }
}

#[test]
fn a_page_is_whole_and_stands_alone() {
    let run = run();
    let page = document(&[(&run, REPLAY), (&run, REPLAY)]);
    // What is in scripts and styles is no markup.
    let (before, rest) = page.split_once("<style>").expect("a style sheet");
    let (sheet, rest) = rest.split_once("</style>").expect("its end");
    let (middle, script) = rest.rsplit_once("<script>").expect("a script");
    assert_closed(&format!("{before}{middle}</body></html>"), &["meta", "input"]);
    assert!(script.ends_with("</script></body></html>\n"), "{script}");
    for text in [before, sheet, middle, script] {
        for reference in ["http:", "https:", "src=", "url(", "@import", "href="] {
            assert!(!text.contains(reference), "{reference}");
        }
    }
    assert!(!middle.contains("<script"), "a log got out");
    assert!(page.contains(REPLAY) && page.contains("c0ffee") && page.contains("7ea"));
}

/// What would do something if it got out of its place in the page.
const HOSTILE: &str = "\"'>--></title></style><script>alert(1)</script> \
                       <img src=x onerror=alert(1)> javascript:alert(1) \
                       [x](javascript:alert(1)) <b>bold</b>";

/// Writes it into every text of a run.
fn hostile() -> Run {
    let text = || HOSTILE.to_owned();
    let mut run = run();
    (run.scenario, run.story, run.stage, run.stopped) = (text(), text(), text(), Some(text()));
    for verdict in &mut run.verdicts {
        (verdict.expectation, verdict.seen) = (text(), text());
    }
    for entry in &mut run.timeline {
        (entry.actor, entry.what, entry.about) = (text(), text(), vec![text()]);
    }
    run.hashes = Some(Hashes { history: text(), state: text() });
    run.fired.insert(text(), 1);
    run.branches.insert(text(), 1);
    run.logs = vec![(text(), text())];
    let explanation = &mut run.explanation;
    explanation.subjects = vec![text()];
    for tree in &mut explanation.trees {
        spoil(&mut tree.root);
    }
    let diagram = explanation.diagram.as_mut().expect("the run has one");
    diagram.actors.fill(text());
    for row in &mut diagram.rows {
        (row.label, row.details) = (text(), text());
    }
    for depths in &mut explanation.depths {
        depths.queue = text();
    }
    run
}

fn spoil(hop: &mut Hop) {
    let text = || HOSTILE.to_owned();
    (hop.resource, hop.subject) = (text(), text());
    (hop.note, hop.told) = (Some(text()), Some(text()));
    for missed in &mut hop.non_matches {
        (missed.rule, missed.reasons) = (text(), vec![text()]);
    }
    hop.led_to.iter_mut().for_each(spoil);
}

/// The tags of a page, without those of its own style sheet and script, which hold none.
fn tags(page: &str) -> Vec<&str> {
    let all = page.split('<').skip(1);
    all.map(|part| part.split_once('>').expect("a tag has an end").0).collect()
}

#[test]
fn what_others_wrote_stays_text() {
    let (harmless, hostile) = (run(), hostile());
    let page = document(&[(&hostile, HOSTILE)]);
    let names = |page: &str| -> std::collections::BTreeSet<String> {
        let attribute = |part: &str| part.rsplit(' ').next().unwrap_or_default().to_owned();
        tags(page)
            .into_iter()
            .flat_map(|tag| {
                let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
                let mut parts: Vec<_> = rest.split("=\"").map(attribute).collect();
                // Behind the last `="` is a value.
                parts.pop();
                parts.into_iter().chain([name.to_owned()]).collect::<Vec<_>>()
            })
            .collect()
    };
    // No element and no attribute that a harmless run's page lacks.
    assert_eq!(names(&page), names(&document(&[(&harmless, REPLAY)])));
    assert_eq!(page.matches("<script>").count(), 1);
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
    assert!(page.matches(escaped).count() > 30, "{}", page.matches(escaped).count());
    let harms = |name: &str| name.starts_with("on") || ["href", "src", "style"].contains(&name);
    // The style sheet is an element of that name.
    let found: Vec<_> = names(&page).into_iter().filter(|name| harms(name)).collect();
    assert_eq!(found, ["style"]);
}

#[test]
fn a_page_says_that_only_its_own_script_may_run() {
    let run = run();
    let page = document(&[(&run, REPLAY)]);
    let policy = page.find("http-equiv=\"Content-Security-Policy\"").expect("a policy");
    assert!(policy < page.find("<style>").expect("a style sheet"), "it holds for what follows");
    assert!(
        page.contains("content=\"default-src &#39;none&#39;; script-src &#39;sha256-"),
        "{page}"
    );
    assert!(!page.contains("unsafe"), "{page}");
    for (source, begin, end) in
        [("style-src", "<style>", "</style>"), ("script-src", "<script>", "</script>")]
    {
        let (_, rest) = page.split_once(begin).expect("its begin");
        let hash = STANDARD.encode(Sha256::digest(rest.split_once(end).expect("its end").0));
        assert!(page.contains(&format!("{source} &#39;sha256-{hash}&#39;")), "{source} {hash}");
    }
}

#[test]
fn junit_has_a_case_for_each_expectation() {
    let run = run();
    let xml = junit::document(&[(&run, REPLAY)]);
    assert_closed(&xml, &[]);
    insta::assert_snapshot!(xml, @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="2" failures="1">
    <testsuite name="parcel" tests="2" failures="1" errors="0" time="300.000">
        <properties>
          <property name="stage" value="simulated"></property>
          <property name="seed" value="7"></property>
          <property name="replay" value="scenario run parcel --seed 7"></property>
          <property name="history" value="c0ffee"></property>
          <property name="state" value="7ea"></property></properties>
        <testcase classname="parcel" name="eventually &lt;1&gt; is &quot;paid&quot;" time="300.000">
          <failure message="last seen: new &amp; �[1m" type="expectation">eventually &lt;1&gt; is &quot;paid&quot;
    last seen: new &amp; �[1m</failure></testcase>
        <testcase classname="parcel" name="never status equals lost" time="300.000"></testcase>
        <system-out>seed 7
    replay  scenario run parcel --seed 7

      what ended badly, and what was about &lt;1&gt;:
          5.000s  put on bus shop [0a1b2c3d] (orders publishes Paid)
          5.000s  ├ matched rule shop/pay [0a1b2c3d]
          5.000s  │ └ enqueued in queue pay [0a1b2c3d]
          6.000s  │   ├ received from queue pay [0a1b2c3d] 5 times, last at 3:00.000
        3:20.000  │   └ DEAD-LETTERED to queue dead [0a1b2c3d]: given up
                  └ not rule shop/stock: source is &quot;a&quot;, wanted &quot;b&quot;
          9.000s  put on bus shop [0a1b2c3d]: no rule matched
                  ├ not rule shop/pay: source is &quot;a&quot;, wanted &quot;b&quot;
                  └ not rule shop/stock: source is &quot;a&quot;, wanted &quot;b&quot;
    </system-out>
      </testsuite>
    </testsuites>
    "##);
}

#[test]
fn a_failed_run_tells_what_became_of_its_messages() {
    let mut run = run();
    run.logs.clear();
    insta::assert_snapshot!(run.text(REPLAY).replace('\u{1b}', "ESC"), @r##"
    parcel (simulated stage, seed 7)
      A parcel & its payment.

      5.000s  script  pay order=<1>

      FAILS  eventually <1> is "paid"  (5:00.000)
             last seen: new & ESC[1m
      holds  never status equals lost  (5:00.000)

      what ended badly, and what was about <1>:
          5.000s  put on bus shop [0a1b2c3d] (orders publishes Paid)
          5.000s  ├ matched rule shop/pay [0a1b2c3d]
          5.000s  │ └ enqueued in queue pay [0a1b2c3d]
          6.000s  │   ├ received from queue pay [0a1b2c3d] 5 times, last at 3:00.000
        3:20.000  │   └ DEAD-LETTERED to queue dead [0a1b2c3d]: given up
                  └ not rule shop/stock: source is "a", wanted "b"
          9.000s  put on bus shop [0a1b2c3d]: no rule matched
                  ├ not rule shop/pay: source is "a", wanted "b"
                  └ not rule shop/stock: source is "a", wanted "b"

    FAILED after 5:00.000 of virtual time
    history c0ffee over 12 calls
    state   7ea
    replay  scenario run parcel --seed 7
    "##);
}

#[test]
fn a_stopped_run_is_a_failure() {
    let mut run = run();
    run.verdicts.clear();
    run.stopped = Some("step 1: pay: no money".to_owned());
    let xml = junit::document(&[(&run, REPLAY)]);
    assert!(xml.contains("tests=\"1\" failures=\"1\""), "{xml}");
    assert!(xml.contains("<failure message=\"step 1: pay: no money\""), "{xml}");
}
