use super::{Captures, Mode, Span, Start, json_schema, parse};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use serde_json::json;
use std::time::Duration;

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
        "2:1: unknown field `storey`, expected one of `name`, `story`, `given`, `when`, `then`",
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
         `at`, `after`, `once`, `do`, `with`, `as`, `gives`, `fails_with`",
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
        "16:5: then[0]: unknown field `finally`, expected one of `eventually`, `always`, `never`",
    );
    check(
        "  - after: 2h30m\n    do: reset\n",
        "  - with: { counter: a }\n",
        "13:5: when[2]: `with` and `as` belong to an action: add `do`",
    );
    check("when:", "when: [", "6:3: did not find expected node content, while parsing a flow node");
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

#[test]
fn the_schema_names_every_word() {
    let schema = json_schema(&CATALOG).to_string();
    for word in ["add", "reset", "total", "counter", "amount", "fails_with", "in_order"] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
}
