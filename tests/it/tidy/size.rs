//! How long files, functions and lines may be.

use super::source::{self, Line, Source, block_end};

/// Lines of a file, tests not counted.
const FILE_LINES_MAX: usize = 400;
/// Lines of an operation's file, tests not counted.
const OPERATION_LINES_MAX: usize = 150;
/// Lines of a function; tests may hold longer tables.
const FUNCTION_LINES_MAX: usize = 70;
/// Columns of a line.
const COLUMNS_MAX: usize = 100;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that may be longer, by file and name, and why.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Files whose lines may be longer, and why.
const LONG_LINES: &[(&str, &str)] = &[];

#[test]
fn files_are_short() {
    report(source::all().iter().filter_map(long_file).collect());
}

#[test]
fn functions_are_short() {
    report(source::all().iter().flat_map(long_functions).collect());
}

#[test]
fn lines_are_short() {
    report(source::all().iter().flat_map(long_lines).collect());
}

#[test]
fn exceptions_are_needed() {
    let all = source::all();
    let find = |path: &str| {
        let found = all.iter().find(|it| it.path == path);
        found.unwrap_or_else(|| panic!("the exception {path} names no file"))
    };
    for (path, _why) in LONG_FILES {
        assert!(length(find(path)).0 > length(find(path)).1, "{path} is short");
    }
    for (path, function, _why) in LONG_FUNCTIONS {
        let functions = functions(find(path));
        let long = |it: &(usize, String, usize)| it.1 == *function && it.2 > FUNCTION_LINES_MAX;
        assert!(functions.iter().any(long), "{path}: {function} is short");
    }
    for (path, _why) in LONG_LINES {
        assert!(!wide_lines(find(path)).is_empty(), "{path} is narrow");
    }
}

#[test]
fn what_is_too_long_is_found() {
    let lines = |count: usize| "let x = 1;\n".repeat(count);
    let file = |path: &str, text: String| Source::new(path, &text);
    let tests = |count| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines(count));
    assert!(long_file(&file("emulator/src/x.rs", lines(401))).is_some());
    assert!(long_file(&file("emulator/src/x.rs", lines(400) + &tests(99))).is_none());
    let operation = "emulator/src/services/sqs/operations/x.rs";
    assert!(long_file(&file(operation, lines(151))).is_some());
    assert!(long_file(&file(operation, lines(150))).is_none());

    let function = |count| format!("pub fn f(\n    x: u8,\n) {{\n{}}}\n", lines(count));
    let found = long_functions(&file("emulator/src/x.rs", function(67)));
    assert_eq!(found, ["emulator/src/x.rs:1: the function f has 71 lines"]);
    assert!(long_functions(&file("emulator/src/x.rs", function(66))).is_empty());

    assert_eq!(long_lines(&file("tests/x.rs", "é".repeat(101))).len(), 1);
    assert_eq!(long_lines(&file("tests/x.rs", "é".repeat(100))).len(), 0);
    let sentence = format!("    \"{}\",\n", "a ".repeat(60));
    assert_eq!(long_lines(&file("system/src/x.rs", sentence)).len(), 0);
}

fn report(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn long_file(source: &Source) -> Option<String> {
    let path = &source.path;
    let (lines, max) = length(source);
    let excepted = LONG_FILES.iter().any(|row| row.0 == path);
    (lines > max && !excepted).then(|| format!("{path} has {lines} lines; {max} are enough"))
}

/// The lines that count, and how many there may be.
fn length(source: &Source) -> (usize, usize) {
    let path = &source.path;
    let is_operation = path.contains("/operations/") && path.starts_with("emulator/");
    let max = if is_operation { OPERATION_LINES_MAX } else { FILE_LINES_MAX };
    let counts = |line: &&Line| path.starts_with("tests/") || !line.is_test;
    (source.lines.iter().filter(counts).count(), max)
}

fn long_functions(source: &Source) -> Vec<String> {
    let excepted = |name: &str| {
        let mut rows = LONG_FUNCTIONS.iter();
        rows.any(|row| row.0 == source.path && row.1 == name)
    };
    let long = functions(source)
        .into_iter()
        .filter(|(_, name, lines)| *lines > FUNCTION_LINES_MAX && !excepted(name));
    long.map(|(at, name, lines)| {
        format!("{}: the function {name} has {lines} lines", source.at(at))
    })
    .collect()
}

/// The functions outside of tests: index of the first line, name, number of lines.
fn functions(source: &Source) -> Vec<(usize, String, usize)> {
    let code: Vec<&str> = source.lines.iter().map(|it| it.code.as_str()).collect();
    let lines = source.lines.iter().enumerate();
    lines
        .filter(|(_, line)| !line.is_test)
        .filter_map(|(index, line)| {
            let name = function_name(&line.code)?;
            Some((index, name.to_owned(), block_end(&code, index) - index + 1))
        })
        .collect()
}

/// The name of the function that begins on this line.
fn function_name(code: &str) -> Option<&str> {
    let (before, after) = code.split_once("fn ")?;
    let is_head = before.split_whitespace().all(|word| {
        matches!(word, "async" | "const" | "unsafe" | "extern") || word.starts_with("pub")
    });
    let name = after.split(|it: char| !it.is_alphanumeric() && it != '_').next()?;
    (is_head && !name.is_empty()).then_some(name)
}

fn long_lines(source: &Source) -> Vec<String> {
    let excepted = LONG_LINES.iter().any(|row| row.0 == source.path);
    if excepted { Vec::new() } else { wide_lines(source) }
}

fn wide_lines(source: &Source) -> Vec<String> {
    let lines = source.lines.iter().enumerate();
    lines
        .filter(|(_, line)| line.text.chars().count() > COLUMNS_MAX && !is_one_literal(line))
        .map(|(index, _)| format!("{}: more than {COLUMNS_MAX} columns", source.at(index)))
        .collect()
}

/// Part of a literal and nothing else: AWS's sentences are kept whole so that they can be searched.
fn is_one_literal(line: &Line) -> bool {
    let is_comment = line.text.trim_start().starts_with("//");
    !is_comment && line.code.trim().trim_end_matches(',').is_empty()
}
