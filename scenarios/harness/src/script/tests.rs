use super::{Captures, Mode, MustFire, Per, Rate, Repeat, Span, Start, parse};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use serde_json::json;
use std::time::Duration;

mod words;

const CATALOG: Catalog = Catalog {
    actions: &[
        Signature {
            name: "add",
            about: "Adds to a counter.",
            arguments: &[
                Argument::required("counter", Kind::Text),
                Argument::optional("amount", Kind::Number),
            ],
        },
        Signature { name: "reset", about: "Sets all counters to zero.", arguments: &[] },
    ],
    observations: &[Signature {
        name: "total",
        about: "A counter's value.",
        arguments: &[Argument::required("counter", Kind::Text)],
    }],
    has_aws: false,
    invariants: &[
        Signature { name: "conserved", about: "Nothing is lost.", arguments: &[] },
        Signature { name: "bounded", about: "No counter is over 100.", arguments: &[] },
    ],
    roles: &[
        Signature { name: "adder", about: "Adds.", arguments: &[] },
        Signature { name: "teller", about: "Tells totals.", arguments: &[] },
    ],
};

const GOOD: &str = "\
name: counting
story: Counts.
given:
  - do: reset
when:
  - at: 90s
    do: add
    with: { counter: a, amount: 2 }
    as: first
  - once: { see: total, of: { counter: a }, equals: 2, within: 5m }
    do: add
    with: { counter: '${first.name}' }
  - after: 2h30m
    do: reset
then:
  - eventually:
      see: total
      of: { counter: '${first.name}' }
      at_least: 1
      within: 5m
  - never: { see: total, of: { counter: a }, at_most: -1 }
";

#[test]
fn a_good_script_is_read() {
    let script = parse("good.yaml", GOOD, &CATALOG).expect("the script is good");
    assert_eq!(script.given[0].action, "reset");
    assert_eq!(script.when[0].start, Start::At(Span(Duration::from_secs(90))));
    assert_eq!(script.when[2].start, Start::After(Span(Duration::from_secs(9000))));
    assert_eq!(script.then[1].mode, Mode::Never);
}

const SPAN: &str = "a length of time: whole numbers with units d, h, m, s or ms, \
                    largest first, like 90s, 5m or 2h30m";

/// `wrong` replaces `right` in the good script; the complaint must be exactly `wanted`, which
/// begins with line and column.
fn check(right: &str, wrong: &str, wanted: &str) {
    assert_eq!(GOOD.matches(right).count(), 1, "{right:?} is not unique");
    let text = GOOD.replace(right, wrong);
    let error = parse("bad.yaml", &text, &CATALOG).expect_err(wrong).to_string();
    let wanted = wanted.replace("{SPAN}", SPAN);
    assert_eq!(error, format!("bad.yaml:{wanted}"), "for {wrong:?}");
}

#[test]
fn every_mistake_is_explained_with_its_line() {
    check(
        "do: reset\nwhen",
        "do: rezet\nwhen",
        "4:9: unknown action `rezet`. Did you mean `reset`? Allowed: add, reset",
    );
    check(
        "story: Counts",
        "storey: Counts",
        "2:1: unknown field `storey`, expected one of \
         `name`, `story`, `given`, `nemesis`, `when`, `then`, `invariants`",
    );
    check("name: counting\n", "", "1:1: missing field `name`");
    check(
        "at: 90s",
        "at: 90 seconds",
        "6:9: when[0].at: invalid value: string \"90 seconds\", expected {SPAN}",
    );
    check("at: 90s", "at: 90", "6:9: when[0].at: invalid type: integer `90`, expected {SPAN}");
    check(
        "after: 2h30m",
        "after: 30m2h",
        "13:12: when[2].after: invalid value: string \"30m2h\", expected {SPAN}",
    );
    check(
        "after: 2h30m",
        "aftre: 2h30m",
        "13:5: when[2]: unknown field `aftre`, expected one of \
         `at`, `after`, `once`, `each`, `every`, `times`, `until`, `rate`, `do`, `with`, `as`, `gives`, `fails_with`, `may_fail`",
    );
    check(
        "at: 90s",
        "at: 90s\n    after: 3s",
        "6:5: when[0]: a step starts by `at`, `after` or `once`: only one of them",
    );
    check("amount: 2", "amount: two", "8:33: `amount` of `add` must be a number, not \"two\"");
    check(
        "amount: 2",
        "amuont: 2",
        "8:33: unknown argument `amuont` of `add`. Did you mean `amount`? Allowed: counter, amount",
    );
    check("{ counter: a, amount: 2 }", "{ amount: 2 }", "7:9: `add` needs `counter` (text)");
    check(
        "{ counter: a, amount: 2 }",
        "5",
        "8:11: when[0].with: invalid type: integer `5`, expected a map",
    );
    check(
        "with: { counter: '${first.name}' }",
        "with: { counter: '${frist.name}' }",
        "12:22: nothing before this is captured as `frist`. Did you mean `first`? Allowed: first",
    );
    check(
        "with: { counter: '${first.name}' }",
        "with: { counter: '${first.name' }",
        "12:22: `${` without `}` in `${first.name`",
    );
    check(
        "see: total\n",
        "see: totl\n",
        "17:12: unknown observation `totl`. Did you mean `total`? Allowed: total",
    );
    check(
        "      at_least: 1\n",
        "",
        "17:7: then[0].eventually: nothing to compare with: add \
         `equals`, `at_least`, `at_most`, `contains` or `in_order`",
    );
    check(
        "at_least: 1",
        "at_least: one",
        "19:17: then[0].eventually.at_least: invalid type: string \"one\", expected a number",
    );
    check(
        "      within: 5m\n",
        "",
        "16:5: then[0]: `eventually` needs `within`: how long to wait at most",
    );
    check(", within: 5m }", " }", "10:5: when[1]: `once` needs `within`: how long to wait at most");
    check(
        "- eventually:\n",
        "- finally:\n",
        "16:5: then[0]: unknown field `finally`, expected one of \
         `each`, `eventually`, `always`, `never`, `sometimes`",
    );
    check(
        "  - after: 2h30m\n    do: reset\n",
        "  - with: { counter: a }\n",
        "13:5: when[2]: `with` and `as` belong to an action: add `do`",
    );
    check("when:", "when: [", "6:3: did not find expected node content, while parsing a flow node");
}

const FULL: &str = "\
name: everything
story: |
  Every word of the language.
  In two lines.
given:
  - do: reset
nemesis:
  - name: lost
    fault: lose_answer
    on: { service: sqs, operation: SendMessage, resource: q, caller: c, attempt: 1 }
    probability: 0.25
    times: 3
    from: 10s
    until: 1m
    must_fire: true
  - fault: error
    with: { code: InternalError, status: 500, message: no }
  - { fault: kill, on: { role: adder }, from: 10s, until: 20s, must_fire: 1 }
  - { fault: pause, on: { role: adder }, from: 20s, until: 1m }
  - { fault: restart, on: { role: adder }, from: 1m }
  - { fault: kill, on: { role: teller } }
when:
  - do: add
    with: { counter: 'a-${n}' }
    every: 2s
    times: 10
    as: ten
  - at: 1m
    do: add
    with: { counter: '49.90' }
    gives: { at_least: 1, at_most: 2, contains: x, in_order: [a, 0x10], equals: null }
    every: 2s
    until: 2m
  - after: 5s
    do: add
    with: { counter: a }
    fails_with: full
    rate: { per_minute: 30, for: 2m }
  - do: add
    with: { counter: '${each.name}' }
    each: ${ten}
    every: 1s
  - once: { see: total, of: { counter: '${ten.0.name}' }, equals: 2, within: 5m }
then:
  - each: ${ten}
    eventually: { see: total, of: { counter: '${each.name}' }, at_least: 1, within: 5m }
  - sometimes: { see: total, of: { counter: a }, equals: 2 }
  - always: { see: total, of: { counter: a }, at_most: 2 }
  - never: { see: total, of: { counter: a }, equals: 7 }
invariants: [conserved, bounded]
";

#[test]
fn every_word_is_read_and_written() {
    let check = |text: &str| {
        let script = parse("good.yaml", text, &CATALOG).unwrap_or_else(|error| panic!("{error}"));
        let written = script.to_yaml().expect("YAML can say it");
        let again = parse("written.yaml", &written, &CATALOG);
        assert_eq!(again.as_ref(), Ok(&script), "{written}");
        assert_eq!(again.map(|again| again.to_yaml()), Ok(Ok(written)));
        script
    };
    check(GOOD);
    check(&FULL.replace("[conserved, bounded]", "all"));
    let script = check(FULL);
    assert_eq!(script.nemesis[0].must_fire, MustFire(1));
    assert_eq!(script.nemesis[1].name, "error-2");
    let (every, times) = (Span(Duration::from_secs(2)), 10);
    assert_eq!(script.when[0].repeat, Some(Repeat::Times { every, times }));
    let lasting = Span(Duration::from_secs(120));
    let rate = Rate { arrivals: 30.0, per: Per::Minute, lasting };
    assert_eq!(script.when[2].repeat, Some(Repeat::Rate(rate)));
    let each = Some(json!("${ten}"));
    assert_eq!((&script.then[0].each, script.then[0].mode), (&each, Mode::Eventually));
    assert_eq!(script.then[1].mode, Mode::Sometimes);
}

/// Like [`check`], for the script with every word.
fn check_full(right: &str, wrong: &str, wanted: &str) {
    assert_eq!(FULL.matches(right).count(), 1, "{right:?} is not unique");
    let text = FULL.replace(right, wrong);
    let error = parse("bad.yaml", &text, &CATALOG).expect_err(wrong).to_string();
    assert_eq!(error, format!("bad.yaml:{wanted}"), "for {wrong:?}");
}

#[test]
fn mistakes_in_faults_are_explained() {
    check_full(
        "fault: lose_answer",
        "fault: lose_answers",
        "9:12: unknown fault `lose_answers`. \
        Did you mean `lose_answer`? Allowed: throttle, error, lose_answer, delay, fail_entries, \
        duplicate, reorder, hide, fail_delivery, remove_policy, kill, pause, restart",
    );
    check_full("code: InternalError, ", "", "16:12: `error` needs `code` (text)");
    check_full(
        "status: 500",
        "status: bad",
        "17:42: `status` of `error` must be a number, not \"bad\"",
    );
    check_full("status: 500", "status: -1", "17:42: `status` can't be less than 0");
    check_full(
        "probability: 0.25",
        "probability: 25",
        "11:18: a probability is a number from 0 to 1",
    );
    check_full("attempt: 1", "attempt: 0", "10:82: attempts are counted from 1");
    check_full("until: 1m\n", "until: 10s\n", "14:12: it ends before it begins");
    check_full("times: 3", "times: 0", "12:12: it would never fire");
    check_full("must_fire: true", "must_fire: 4", "12:12: it must fire more often than it may");
    check_full(
        "must_fire: true",
        "must_fire: often",
        "15:16: nemesis[0].must_fire: invalid type: \
        string \"often\", expected true, or how often it must fire at least",
    );
    check_full(
        "resource: q",
        "queue: q",
        "10:49: nemesis[0].on: unknown field `queue`, expected one \
        of `service`, `operation`, `resource`, `caller`, `attempt`, `role`",
    );
    check_full(
        "- fault: error\n",
        "- name: lost\n    fault: error\n",
        "16:11: there are two faults `lost`",
    );
    check_full(
        "message: no",
        "message: '${ten.0}'",
        "17:56: nothing before this is captured as `ten`. Nothing is allowed here",
    );
}

#[test]
fn mistakes_in_faults_of_processes_are_explained() {
    check_full(
        "role: adder }, from: 10s",
        "role: ader }, from: 10s",
        "18:32: unknown role `ader`. Did you mean `adder`? Allowed: adder, teller",
    );
    check_full("on: { role: teller } ", "", "21:14: `kill` needs `on: { role: … }`");
    check_full(
        "role: teller",
        "role: teller, service: sqs",
        "21:49: `kill` acts on a process, which has no service",
    );
    check_full(
        "role: teller",
        "role: teller, attempt: 1",
        "21:49: `kill` acts on a process, which has no attempt",
    );
    let (right, surely) = ("{ role: teller }", "`kill` happens once, and surely");
    let more = |what: &str| format!("{{ role: teller }}, {what}");
    check_full(right, &more("times: 2"), &format!("21:49: {surely}"));
    check_full(right, &more("probability: 0.5"), &format!("21:55: {surely}"));
    check_full(right, &more("must_fire: 2"), &format!("21:53: {surely}"));
    check_full(
        right,
        &more("with: { seconds: 2 }"),
        "21:59: unknown argument `seconds` of `kill`. Nothing is allowed here",
    );
    check_full(
        "kill, on: { role: teller }",
        "pause, on: { role: teller }",
        "21:14: `pause` needs `until`",
    );
    check_full("from: 20s, until: 1m", "from: 20s, until: 20s", "19:60: it ends before it begins");
    let busy = "its role is still busy with `pause-4` then";
    check_full("from: 1m }", "from: 59s }", &format!("20:50: {busy}"));
    let busy = "its role is still busy with `kill-3` then";
    check_full("from: 20s, until: 1m", "from: 19s, until: 1m", &format!("19:48: {busy}"));
    check_full("role: teller", "role: adder", &format!("21:5: {busy}"));
    check_full(
        "resource: q",
        "role: adder",
        "10:55: `lose_answer` happens at AWS, which has no roles",
    );
}

#[test]
fn faults_of_messages_have_no_call() {
    let nemesis = "nemesis: [{ fault: hide, with: { seconds: 1 }, on: { operation: X } }]\nwhen:";
    let text = GOOD.replace("when:", nemesis);
    let error = parse("bad.yaml", &text, &CATALOG).expect_err("there is no operation");
    let wanted = "bad.yaml:5:65: `hide` acts on messages, which have no operation";
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn mistakes_in_repetitions_are_explained() {
    check_full("    times: 10\n", "", "23:5: when[0]: `every` needs `times` or `until`");
    check_full(
        "times: 10",
        "times: 10\n    until: 1m",
        "23:5: when[0]: `every` ends by `times` or `until`: only one of them",
    );
    check_full("times: 10", "times: 0", "26:12: the action would never be done");
    check_full("times: 10", "times: 100001", "26:12: no more than 100000 repetitions");
    check_full("until: 2m", "until: 1m", "33:12: the action would never be done");
    check_full(
        "    every: 2s\n    times: 10",
        "    times: 10",
        "23:5: when[0]: `times` and `until` belong to `every`",
    );
    check_full(
        "    every: 2s\n    until",
        "    every: 0s\n    until",
        "32:12: with `until`, this never ends",
    );
    check_full(
        "per_minute: 30",
        "per_minute: 0",
        "38:11: when[2].rate: a rate must be more than nothing",
    );
    check_full(
        "per_minute: 30, ",
        "",
        "38:11: when[2].rate: a rate is one of `per_second`, `per_minute` or `per_hour`",
    );
    check_full(", for: 2m", "", "38:11: when[2].rate: missing field `for`");
    check_full("for: 2m", "for: 0s", "38:11: the action would never be done");
    check_full("per_minute: 30", "per_second: 3000", "38:11: no more than 100000 repetitions");
    check_full(
        "rate: { per_minute",
        "times: 2\n    rate: { per_minute",
        "34:5: when[2]: `rate` stands alone: no `every`, `times`, `until`, `each`",
    );
    check_full(
        "    each: ${ten}\n    every: 1s",
        "    each: ${ten}\n    times: 1",
        "39:5: when[3]: `each` ends with its list: no `times`, no `until`",
    );
    check_full(
        "    each: ${ten}\n    every: 1s",
        "    each: ten\n    every: 1s",
        "41:11: `each` goes through a list: write one, or `${name}`",
    );
    check_full(
        "    each: ${ten}\n    every: 1s",
        "",
        "40:22: `${each}` is an entry of a list; add `each` beside",
    );
    check_full(
        "counter: '49.90'",
        "counter: '${each}'",
        "30:22: `${each}` is an entry of a list; add `each` beside",
    );
    check_full(
        "  - once: {",
        "  - each: [a]\n    once: {",
        "43:5: when[4]: `every`, `rate` and `each` repeat an action: add `do`",
    );
    check_full(
        "    every: 2s\n    until",
        "    as: each\n    every: 2s\n    until",
        "32:9: `each` has a meaning of its own",
    );
    check_full(
        "counter: '${ten.0.name}'",
        "counter: '${n}'",
        "43:40: `${n}` counts repetitions; add `every`, `rate` or `each`",
    );
}

#[test]
fn mistakes_in_what_is_expected_are_explained() {
    check_full(
        "[conserved, bounded]",
        "[conserved, bound]",
        "50:25: unknown invariant `bound`. \
        Did you mean `bounded`? Allowed: conserved, bounded",
    );
    check_full(
        "[conserved, bounded]",
        "some",
        "50:13: invariants: invalid value: \
        string \"some\", expected `all` or a list of invariants",
    );
    check_full(
        "  - sometimes: {",
        "  - each: ${ten}\n    seldom: {",
        "48:5: then[1]: unknown field \
        `seldom`, expected one of `each`, `eventually`, `always`, `never`, `sometimes`",
    );
    let without = |text: &str| {
        let (story, _) = text.split_once("then:\n").expect("it expects something");
        parse("bad.yaml", story, &CATALOG).map_err(|error| error.to_string())
    };
    let wanted = "bad.yaml:1:1: a scenario that expects nothing proves nothing: \
                  add `then` or `invariants`";
    assert_eq!(without(GOOD), Err(wanted.to_owned()));
}

#[test]
fn spans_print_as_they_are_written() {
    for text in ["0s", "250ms", "90s", "5m", "2h30m", "14d", "1d2h3m4s5ms"] {
        let span: Span = text.parse().expect(text);
        assert_eq!(span.to_string().parse::<Span>(), Ok(span), "{text}");
    }
    assert_eq!("90s".parse::<Span>().map(|span| span.to_string()), Ok("1m30s".to_owned()));
    for text in ["", "5", "m", "5 m", "-5m", "1.5h", "5m5m", "99999999999999d"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

#[test]
fn captures_keep_their_type() {
    let mut captures = Captures::default();
    captures.keep("order", json!({ "id": "o-1", "total": 3, "items": [{ "sku": "lamp" }] }));
    let check = |text: &str, wanted| assert_eq!(captures.fill(&json!(text)), wanted, "{text}");
    check("${order.id}", Ok(json!("o-1")));
    check("${order.total}", Ok(json!(3)));
    check("order ${order.id} of ${order.total}", Ok(json!("order o-1 of 3")));
    check("${order.items.0.sku}", Ok(json!("lamp")));
    check("plain", Ok(json!("plain")));
    check("${other}", Err("nothing is captured as `other`".to_owned()));
    assert!(captures.fill(&json!(["${order.price}"])).is_err());
}
