//! Filter patterns: tables of what matches, and a naive reference.

use proptest::prelude::*;

use super::value::glob;
use super::{Event, FilterPattern, FilterPatternError};

fn matches(pattern: &str, message: &str) -> bool {
    let read = FilterPattern::parse(pattern);
    read.unwrap_or_else(|error| panic!("{pattern}: {error}")).matches_text(message)
}

/// A pattern with messages that match, and some that do not.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

fn check(rows: &[Row]) {
    for (pattern, yes, no) in rows {
        for message in *yes {
            assert!(matches(pattern, message), "{pattern} does not match {message}");
        }
        for message in *no {
            assert!(!matches(pattern, message), "{pattern} matches {message}");
        }
    }
}

#[test]
fn words() {
    check(&[
        ("", &["", "anything"], &[]),
        ("ERROR", &["[ERROR 400] BAD", "an ERROR"], &["error", ""]),
        ("ERROR ARGUMENTS", &["ARGUMENTS ERROR", "ERROR: ARGUMENTS"], &["ERROR", "ARGUMENTS"]),
        ("?ERROR ?WARN", &["ERROR", "a WARN"], &["INFO", ""]),
        ("ERROR ?WARN", &["ERROR"], &["WARN", "INFO"]),
        ("?WARN -INFO", &["WARN", "DEBUG"], &["INFO WARN"]),
        ("ERROR -timeout", &["ERROR"], &["ERROR timeout", "timeout", "INFO"]),
        ("\"INTERNAL SERVER ERROR\"", &["an INTERNAL SERVER ERROR"], &["INTERNAL ERROR"]),
        ("\"a \\\"b\\\" \\\\\"", &["a \"b\" \\"], &["a b"]),
        ("-\"a b\"", &["a", "b a"], &["a b"]),
        ("%AUTHORIZED%", &["UNAUTHORIZED 1"], &["authorized"]),
        ("%^1[0-9]{2}$%", &["123"], &["1234", "x123", "12"]),
        ("%a\\x28b%", &["a(b"], &["ab"]),
        ("ERROR %4[0-9][0-9]%", &["ERROR 404"], &["ERROR 504", "404"]),
    ]);
}

#[test]
fn fields() {
    const LINE: &str = "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \
                        \"GET /index.html HTTP/1.0\" 404 1534";
    check(&[
        ("[]", &[LINE, ""], &[]),
        ("[ip, id, user, time, request, status, size]", &[LINE], &["a b", ""]),
        ("[ip, id, user, time, request, status]", &[], &[LINE]),
        ("[..., status = 4*, size]", &[LINE], &["200 1", "404"]),
        ("[ip, ..., size > 1533]", &[LINE], &["1 2", "1 x"]),
        ("[..., size >= 1534.0]", &[LINE], &[]),
        ("[..., size != 1534]", &["1"], &[LINE]),
        ("[ip, id, user, time, request = *.html*, ...]", &[LINE], &["a b c d .htm 1"]),
        ("[..., status = 404 || status = 410, size]", &[LINE, "410 1"], &["411 1"]),
        ("[..., size > 1000 && size < 2000]", &[LINE], &["2000", "1000"]),
        ("[a = 1 || (a > 5 && a != 7)]", &["1", "6"], &["7", "5"]),
        ("[w1 = ERROR, w2]", &["ERROR 1"], &["ERROR", "WARN 1"]),
        ("[w1 != %ERR|WARN%, ...]", &["INFO x"], &["ERROR x", "WARN"]),
        (
            "[time = \"10/Oct/2000:13:25:15 -0700\", x]",
            &["[10/Oct/2000:13:25:15 -0700] y"],
            &["a b"],
        ),
    ]);
}

#[test]
fn json() {
    check(&[
        ("{ $.a = 1 }", &[r#"{"a": 1}"#, r#"{"a": 1.0}"#, r#"{"a": "1"}"#], &[r#"{"a": 2}"#, "1"]),
        ("{ $.a = \"x*\" }", &[r#"{"a": "xyz"}"#], &[r#"{"a": "yx"}"#, r#"{"b": "x"}"#]),
        ("{ $.a != 1 }", &[r#"{"a": 2}"#, r#"{"a": "x"}"#], &[r#"{"a": 1}"#, r#"{"b": 2}"#, "x"]),
        ("{ $.a > 1e3 }", &[r#"{"a": 1001}"#], &[r#"{"a": 1000}"#, r#"{"a": "2000"}"#]),
        ("{ $.a <= -1.5 }", &[r#"{"a": -1.5}"#, r#"{"a": -2}"#], &[r#"{"a": -1}"#]),
        (
            "{ $.a.b[1].c = x }",
            &[r#"{"a": {"b": [0, {"c": "x"}]}}"#],
            &[r#"{"a": {"b": [{"c": "x"}]}}"#],
        ),
        ("{ $.a[*] = 2 }", &[r#"{"a": [1, 2]}"#], &[r#"{"a": [1]}"#, r#"{"a": 2}"#]),
        ("{ $.['a.b'] = x }", &[r#"{"a.b": "x"}"#], &[r#"{"a": {"b": "x"}}"#]),
        ("{ $[0] = x }", &[r#"["x"]"#], &[r#"["y", "x"]"#]),
        ("{ $.a IS TRUE }", &[r#"{"a": true}"#], &[r#"{"a": "true"}"#, r#"{"a": false}"#]),
        ("{ $.a IS NULL }", &[r#"{"a": null}"#], &[r#"{"b": 1}"#, r#"{"a": 0}"#]),
        ("{ $.a NOT EXISTS }", &[r#"{"b": 1}"#], &[r#"{"a": null}"#, "no JSON"]),
        ("{ $.a EXISTS }", &[r#"{"a": null}"#], &[r#"{"b": 1}"#]),
        ("{ $.ip != 123.123.* }", &[r#"{"ip": "1.2.3.4"}"#], &[r#"{"ip": "123.123.0.1"}"#]),
        ("{ $.a = %^x+$% }", &[r#"{"a": "xx"}"#], &[r#"{"a": "xy"}"#]),
        (
            "{ ($.a = 1 || $.b = 2) && $.c = 3 }",
            &[r#"{"a": 1, "c": 3}"#, r#"{"b": 2, "c": 3}"#],
            &[r#"{"a": 1}"#, r#"{"c": 3}"#],
        ),
        // `&&` binds first.
        ("{ $.a = 1 || $.b = 2 && $.c = 3 }", &[r#"{"a": 1}"#], &[r#"{"b": 2}"#]),
    ]);
}

#[test]
fn what_is_no_pattern_is_refused_in_awss_words() {
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(33), ")".repeat(33));
    for (pattern, error) in [
        ("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'"),
        ("[a, b", "If a filter pattern starts with '[' it must end with ']'"),
        ("a/b", "Invalid filter pattern"),
        ("\"a", "Invalid filter pattern"),
        ("%a", "Invalid filter pattern"),
        ("-", "Invalid filter pattern"),
        ("%a(b)%", "Invalid character(s) in term 'a(b)'"),
        ("%a!%", "Invalid character(s) in term 'a!'"),
        ("%[%", "Invalid filter pattern"),
        ("{ }", "Invalid character(s) in term ''"),
        ("{ $.a }", "Invalid filter pattern"),
        ("{ $.a > x }", "Invalid filter pattern"),
        ("{ $.a = 1 && }", "Invalid character(s) in term ''"),
        ("{ ($.a = 1 }", "Invalid filter pattern"),
        ("{ a = 1 }", "Invalid character(s) in term 'a'"),
        ("{ $ = 1 }", "Invalid character(s) in term '$'"),
        ("{ $.a[x] = 1 }", "Invalid character(s) in term '$.a[x]'"),
        ("{ $.a IS x }", "Invalid filter pattern"),
        ("[a, , b]", "Invalid character(s) in term ','"),
        ("[..., a, ...]", "Invalid filter pattern"),
        ("[a = 1 && b = 2]", "Invalid character(s) in term 'b'"),
        ("[a = 1 b]", "Invalid character(s) in term 'b'"),
        ("[a = “x“]", "Invalid character(s) in term '“x“'"),
        (
            "{ $.a = %x% || $.a = %y% || $.a = %z% }",
            "Only 2 regular expressions are allowed in one filter pattern",
        ),
        (&deep, "Invalid filter pattern"),
    ] {
        let refused = FilterPattern::parse(pattern).err();
        assert_eq!(
            refused.map(|it: FilterPatternError| it.to_string()).as_deref(),
            Some(error),
            "{pattern}"
        );
    }
    let deepest = format!("{{ {}$.a = 1{} }}", "(".repeat(32), ")".repeat(32));
    assert!(matches(&deepest, r#"{"a": 1}"#));
    // A compiled expression has a bound.
    assert!(FilterPattern::parse("%a{999}{999}%").is_err());
}

#[test]
fn values_are_taken_out() {
    let event = Event::of(r#"{"a": {"b": 5}, "c": "x", "d": [1]}"#);
    let pattern = FilterPattern::parse("{ $.a.b = 5 || $.c = y }").unwrap();
    let extracted: Vec<_> = pattern.extracted(&event).into_iter().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(extracted, [pair("$.a.b", "5"), pair("$.c", "x")]);
    assert_eq!(pattern.select(&event, "$.d[0]").as_deref(), Some("1"));
    assert_eq!(pattern.select(&event, "$.d"), None);
    assert_eq!(pattern.select(&event, "x"), None);
    let event = Event::of("a b c d");
    let pattern = FilterPattern::parse("[one, ..., last]").unwrap();
    assert_eq!(pattern.select(&event, "$last").as_deref(), Some("d"));
    assert_eq!(pattern.select(&event, "$2").as_deref(), Some("b"));
    assert_eq!(pattern.select(&event, "$9"), None);
}

/// Whether a text is another in which `*` stands for any: by trying everything.
fn naive_glob(wanted: &[u8], text: &[u8]) -> bool {
    match wanted.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| naive_glob(rest, &text[at..])),
        Some((letter, rest)) => text.first() == Some(letter) && naive_glob(rest, &text[1..]),
    }
}

/// A condition on the members `a` and `b` of a JSON object, and what it means.
#[derive(Clone, Debug)]
enum Naive {
    Compare(char, &'static str, i8),
    NotExists(char),
    All(Vec<Naive>),
    Any(Vec<Naive>),
}

impl Naive {
    fn text(&self) -> String {
        let joined = |parts: &[Self], by: &str| {
            let parts: Vec<String> = parts.iter().map(Self::text).collect();
            format!("({})", parts.join(by))
        };
        match self {
            Self::Compare(name, comparison, number) => format!("$.{name} {comparison} {number}"),
            Self::NotExists(name) => format!("$.{name} NOT EXISTS"),
            Self::All(parts) => joined(parts, " && "),
            Self::Any(parts) => joined(parts, "||"),
        }
    }

    fn holds(&self, a: Option<i8>, b: Option<i8>) -> bool {
        let of = |name: char| if name == 'a' { a } else { b };
        match self {
            Self::Compare(name, comparison, number) => {
                of(*name).is_some_and(|it| match *comparison {
                    "=" => it == *number,
                    "!=" => it != *number,
                    "<" => it < *number,
                    "<=" => it <= *number,
                    ">" => it > *number,
                    _ => it >= *number,
                })
            }
            Self::NotExists(name) => of(*name).is_none(),
            Self::All(parts) => parts.iter().all(|part| part.holds(a, b)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(a, b)),
        }
    }
}

fn naive() -> impl Strategy<Value = Naive> {
    let name = prop_oneof![Just('a'), Just('b')];
    let comparison =
        prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">="),];
    let leaf = prop_oneof![
        4 => (name.clone(), comparison, -3..3_i8)
            .prop_map(|(name, comparison, number)| Naive::Compare(name, comparison, number)),
        1 => name.prop_map(Naive::NotExists),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let parts = proptest::collection::vec(inner, 1..4);
        prop_oneof![parts.clone().prop_map(Naive::All), parts.prop_map(Naive::Any)]
    })
}

/// What a field is compared with.
fn condition() -> impl Strategy<Value = (&'static str, i8)> {
    (prop_oneof![Just("="), Just("!="), Just("<"), Just(">=")], -1..2_i8)
}

proptest! {
    #[test]
    fn a_star_stands_for_any_text(wanted in "[ab*]{0,6}", text in "[ab]{0,8}") {
        prop_assert_eq!(glob(&wanted, &text), naive_glob(wanted.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn conditions_mean_what_they_say(
        condition in naive(),
        a in proptest::option::of(-3..3_i8),
        b in proptest::option::of(-3..3_i8),
    ) {
        let mut object = serde_json::Map::new();
        object.extend(a.map(|a| ("a".to_owned(), a.into())));
        object.extend(b.map(|b| ("b".to_owned(), b.into())));
        let message = serde_json::Value::Object(object).to_string();
        let pattern = format!("{{{}}}", condition.text());
        let holds = condition.holds(a, b);
        prop_assert_eq!(matches(&pattern, &message), holds, "{} {}", pattern, message);
    }

    /// Words against a reference that looks at each in turn.
    #[test]
    fn words_are_all_there_and_none_of_the_others(
        words in proptest::collection::vec(("[?-]?", "[ab]{1,2}"), 1..5),
        message in "[ab ]{0,6}",
    ) {
        let pattern = words.iter().map(|(sign, word)| format!("{sign}{word}"));
        let pattern: Vec<String> = pattern.collect();
        let of = |sign: &str| -> Vec<&String> {
            words.iter().filter(|(it, _)| it == sign).map(|(_, word)| word).collect()
        };
        let (all, none, any) = (of(""), of("-"), of("?"));
        let wanted = if all.is_empty() && none.is_empty() {
            any.iter().any(|word| message.contains(word.as_str()))
        } else {
            all.iter().all(|word| message.contains(word.as_str()))
                && none.iter().all(|word| !message.contains(word.as_str()))
        };
        prop_assert_eq!(matches(&pattern.join(" "), &message), wanted, "{:?} {}", pattern, message);
    }

    /// Fields that blanks part, with `...` or without, against a list of words.
    #[test]
    fn fields_are_the_words_at_their_places(
        fields in proptest::collection::vec(proptest::option::of(condition()), 1..4),
        gap in proptest::option::of(0..4_usize),
        words in proptest::collection::vec(-1..2_i8, 1..6),
    ) {
        let count = fields.len();
        let gap = gap.map(|at| at.min(count));
        let mut parts: Vec<String> = (0..)
            .zip(&fields)
            .map(|(number, condition)| match condition {
                Some((comparison, value)) => format!("f{number} {comparison} {value}"),
                None => format!("f{number}"),
            })
            .collect();
        if let Some(at) = gap {
            parts.insert(at, "...".to_owned());
        }
        let pattern = format!("[{}]", parts.join(", "));
        let message = words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let fits = words.len() == count || gap.is_some() && words.len() > count;
        let word = |number: usize| match gap {
            Some(at) if number >= at => words[words.len() - count + number],
            _ => words[number],
        };
        let holds = fits && (0..).zip(&fields).all(|(number, condition)| match condition {
            None => true,
            Some(("=", value)) => word(number) == *value,
            Some(("!=", value)) => word(number) != *value,
            Some(("<", value)) => word(number) < *value,
            Some((_, value)) => word(number) >= *value,
        });
        prop_assert_eq!(matches(&pattern, &message), holds, "{} {}", pattern, message);
        if holds {
            let found = FilterPattern::parse(&pattern).unwrap().extracted(&Event::of(&message));
            for number in 0..count {
                let expected = word(number).to_string();
                prop_assert_eq!(found.get(&format!("$f{number}")), Some(&expected));
            }
        }
    }

    /// Reading never panics, and what was read goes through its text unchanged.
    #[test]
    fn any_text_is_read_or_refused(
        pattern in "[\\[{\"%]?[a-c$.=!<>&|()*?\\- ,\\[\\]\"%0-9]{0,24}[\\]}\"%]?",
        message in "[a-c0-9 \"\\[\\]{}:,]{0,24}",
    ) {
        if let Ok(read) = FilterPattern::parse(&pattern) {
            let event = Event::of(&message);
            if read.matches(&event) {
                let _ = read.extracted(&event);
            }
            prop_assert!(FilterPattern::parse(read.as_str()).is_ok());
        }
    }
}
