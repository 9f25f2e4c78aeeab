//! Words that must not be written, and words that must be written down twice.

use super::source::{self, Source};
use crate::repository;

/// What no code may contain, in pieces so that this file does not.
const BANNED: &[(&str, &str)] = &[
    (concat!("#[al", "low("), "say #[expect(lint, reason)]"),
    (concat!("#![al", "low("), "say #[expect(lint, reason)]"),
    (concat!("#[ig", "nore"), "a test runs or is deleted"),
    (concat!("#[should_", "panic"), "assert on the error"),
    (concat!("to", "do!("), "finish it"),
    (concat!("unimple", "mented!("), "finish it"),
];

/// What no comment may contain either.
const BANNED_ANYWHERE: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// What no test may contain: time is virtual.
const BANNED_IN_TESTS: &[&str] = &[concat!("thread::", "sleep"), concat!("time::", "sleep(")];

/// Serde attributes that hide members from the conformance test.
const BANNED_IN_SERVICES: &[&str] = &["flatten", "untagged", "alias"];

/// Paths that mean nothing to a user.
const MACHINE_PATHS: &[&str] =
    &[concat!("../sh", "ared"), concat!("/wo", "rk/"), concat!("/ho", "me/")];

/// States that pass by themselves. A service begins one with `Passing`, so that it lasts until the
/// next request that reads it.
const PASSING: &[&str] = &["CREATING", "DELETING", "UPDATING", "ENABLING", "DISABLING", "STARTING"];

/// Files that write such a word otherwise, and why.
const PASSING_OTHERWISE: &[(&str, &str)] = &[(
    "emulator/src/services/eventbridge/replay.rs",
    "a replay takes its own time: it has a timer",
)];

/// The kinds of files that are read for [`MACHINE_PATHS`].
const TEXT: [&str; 11] =
    ["rs", "md", "toml", "yml", "yaml", "sh", "py", "mjs", "json", "html", "js"];

const DIFFERS: &str = concat!("// Differs", " from AWS:");

#[test]
fn no_banned_words() {
    let found: Vec<String> = source::all().iter().flat_map(banned).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_machine_paths() {
    let mut files: Vec<String> =
        TEXT.iter().flat_map(|extension| repository::files(".", extension)).collect();
    files.push("justfile".to_owned());
    let found: Vec<String> =
        files.iter().flat_map(|path| machine_paths(path, &repository::read(path))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn differences_are_written_down() {
    let page = plain(&repository::read("docs/differences.md"));
    let all: Vec<(String, String)> = source::all().iter().flat_map(differences).collect();
    let missing = all.iter().filter(|(_, text)| !page.contains(text.as_str()));
    let missing: Vec<String> = missing.map(|(at, text)| format!("{at}: {text}")).collect();
    assert!(missing.is_empty(), "not in docs/differences.md:\n{}", missing.join("\n"));
}

#[test]
fn states_that_pass_go_through_one_rule() {
    let all = source::all();
    let found: Vec<String> = all.iter().flat_map(passing_otherwise).collect();
    let excepted = |at: &String| PASSING_OTHERWISE.iter().any(|row| at.starts_with(row.0));
    let wrong: Vec<&String> = found.iter().filter(|at| !excepted(at)).collect();
    assert!(wrong.is_empty(), "begin these with kernel::Passing: {wrong:?}");
    for (path, _why) in PASSING_OTHERWISE {
        assert!(found.iter().any(|at| at.starts_with(path)), "the exception {path} is not needed");
    }
    let text = |code: &str| passing_otherwise(&Source::new("emulator/src/services/x/y.rs", code));
    assert_eq!(text("let status = \"CREATING\";").len(), 1);
    assert_eq!(text("const CREATING: &str = \"CREATING\";\nPassing::begin(x)").len(), 0);
}

/// Where a service writes the word of a passing state without the rule for it.
fn passing_otherwise(source: &Source) -> Vec<String> {
    if !source.path.starts_with("emulator/src/services/")
        || source.lines.iter().any(|line| line.text.contains("Passing"))
    {
        return Vec::new();
    }
    let writes = |text: &str| PASSING.iter().any(|word| text.contains(&format!("\"{word}\"")));
    let lines = source.lines.iter().enumerate().filter(|(_, it)| !it.is_test && writes(&it.text));
    lines.map(|(index, _)| source.at(index)).collect()
}

#[test]
fn banned_words_are_found() {
    let check = |path: &str, code: &str, expected: usize| {
        let found = banned(&Source::new(path, code));
        assert_eq!(found.len(), expected, "{code}: {found:?}");
    };
    for (word, _) in BANNED {
        check("system/src/x.rs", &format!("{word}x)"), 1);
        check("system/src/x.rs", &format!("let a = \"{word}\";"), 0);
    }
    for word in BANNED_ANYWHERE {
        check("system/src/x.rs", &format!("// {word}: later"), 1);
    }
    for word in BANNED_IN_TESTS {
        check("system/src/order/tests.rs", &format!("{word}x)"), 1);
    }
    for word in BANNED_IN_SERVICES {
        check("emulator/src/services/sqs/x.rs", &format!("#[serde({word})]"), 1);
    }
    for path in MACHINE_PATHS {
        assert_eq!(machine_paths("x.md", &format!("see {path}x")).len(), 1);
    }
    let text = format!("{DIFFERS} one\n    // two.\nlet x = 1;\n");
    let found = differences(&Source::new("emulator/src/x.rs", &text));
    assert_eq!(found, [("emulator/src/x.rs:1".to_owned(), "one two.".to_owned())]);
}

fn banned(source: &Source) -> Vec<String> {
    let in_services = source.path.starts_with("emulator/src/services/");
    let mut found = Vec::new();
    for (index, line) in source.lines.iter().enumerate() {
        let mut add = |word: &str, why: &str| {
            found.push(format!("{}: {word}: {why}", source.at(index)));
        };
        for (word, why) in BANNED.iter().filter(|row| line.code.contains(row.0)) {
            add(word, why);
        }
        let words = || line.text.split(|it: char| !it.is_alphanumeric());
        for word in BANNED_ANYWHERE {
            if words().any(|it| it == *word) {
                add(word, "do it or open an issue");
            }
        }
        for word in BANNED_IN_TESTS {
            if line.is_test && line.code.contains(word) {
                add(word, "advance virtual time");
            }
        }
        let serde = line.code.split_once("serde(").map_or("", |(_, rest)| rest);
        let mut attributes = serde.split(|it: char| !it.is_alphanumeric());
        if in_services && attributes.any(|it| BANNED_IN_SERVICES.contains(&it)) {
            add(serde, "it hides members from the conformance test");
        }
    }
    found
}

fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let names = |line: &str| MACHINE_PATHS.iter().any(|it| line.contains(it));
    let lines = text.lines().enumerate().filter(|(_, line)| names(line));
    lines.map(|(index, line)| format!("{path}:{}: {}", index + 1, line.trim())).collect()
}

/// Every comment that marks a difference, whole, with its place.
fn differences(source: &Source) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let texts: Vec<&str> = source.lines.iter().map(|it| it.text.trim()).collect();
    for (index, text) in texts.iter().enumerate() {
        let Some((_, first)) = text.split_once(DIFFERS) else {
            continue;
        };
        let more = texts[index + 1..].iter().map_while(|it| it.strip_prefix("// "));
        let whole: Vec<&str> = std::iter::once(first).chain(more).collect();
        found.push((source.at(index), plain(&whole.join(" "))));
    }
    found
}

/// One line, single blanks, small letters.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
