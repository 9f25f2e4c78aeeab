//! A Rust file as the rules see it: line by line, without strings and comments, tests marked.

use crate::repository;

/// The folders with Rust code.
const FOLDERS: [&str; 8] =
    ["emulator", "cli", "clients", "system", "scenarios", "examples", "benches", "tests"];

pub(super) struct Source {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) lines: Vec<Line>,
}

pub(super) struct Line {
    pub(super) text: String,
    /// The text with strings and comments blanked.
    pub(super) code: String,
    /// Inside `#[cfg(test)] mod … { }`, or in a file of tests.
    pub(super) is_test: bool,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let code = blank(text);
        let lines: Vec<&str> = code.lines().collect();
        let in_test = test_lines(&lines);
        let all_test = is_test_file(path);
        let lines = text.lines().zip(&lines).zip(in_test);
        let line = |((text, code), in_test): ((&str, &&str), bool)| Line {
            text: text.to_owned(),
            code: (*code).to_owned(),
            is_test: all_test || in_test,
        };
        Self { path: path.to_owned(), lines: lines.map(line).collect() }
    }

    /// `path:line`, for messages; `index` begins at 0.
    pub(super) fn at(&self, index: usize) -> String {
        format!("{}:{}", self.path, index + 1)
    }
}

/// Every Rust file of the workspace.
pub(super) fn all() -> Vec<Source> {
    let files = FOLDERS.iter().flat_map(|it| repository::files(it, "rs"));
    files.map(|path| Source::new(&path, &repository::read(&path))).collect()
}

fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("/testing.rs")
        || path.contains("/tests/")
        || path.contains("/testing/")
}

/// Which lines stand in `#[cfg(test)]` modules.
fn test_lines(code: &[&str]) -> Vec<bool> {
    let mut marks = vec![false; code.len()];
    let mut index = 0;
    while index < code.len() {
        let is_module = |line: &str| {
            let line = line.trim_start();
            (line.starts_with("mod ") || line.starts_with("pub(crate) mod ")) && line.ends_with('{')
        };
        let marked = code[index].trim() == "#[cfg(test)]";
        if marked && code.get(index + 1).is_some_and(|line| is_module(line)) {
            let end = block_end(code, index + 1);
            marks[index..=end].fill(true);
            index = end;
        }
        index += 1;
    }
    marks
}

/// The line on which the block ends that begins on or after line `start`.
pub(super) fn block_end<T: AsRef<str>>(code: &[T], start: usize) -> usize {
    let mut depth = 0_i32;
    let mut begun = false;
    for (index, line) in code.iter().enumerate().skip(start) {
        for char in line.as_ref().chars() {
            match char {
                '{' => (depth, begun) = (depth + 1, true),
                '}' => depth -= 1,
                ';' if !begun && depth == 0 => return index,
                _ => {}
            }
        }
        if begun && depth <= 0 {
            return index;
        }
    }
    code.len() - 1
}

/// The text with every character of strings, character literals and comments as a blank.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, keep) = token(rest, out.chars().next_back());
        let length = length.max(first.len_utf8()).min(rest.len());
        let (token, after) = rest.split_at(length);
        match keep {
            true => out.push_str(token),
            false => out.extend(token.chars().map(|it| if it == '\n' { it } else { ' ' })),
        }
        rest = after;
    }
    out
}

/// The length of the token at the beginning of `rest`, and whether it is code.
fn token(rest: &str, before: Option<char>) -> (usize, bool) {
    let after_word = before.is_some_and(|it| it.is_alphanumeric() || it == '_');
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), false);
    }
    let raw = rest.strip_prefix('b').unwrap_or(rest);
    if let Some(raw) = raw.strip_prefix('r').filter(|_| !after_word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let head = rest.len() - raw.len() + hashes + 1;
            let end = rest[head..].find(&close);
            return (end.map_or(rest.len(), |end| head + end + close.len()), false);
        }
    }
    if rest.starts_with('"') {
        return (quoted(rest, '"'), false);
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        // 'a' and '\n' are characters; 'a without the second quote is a lifetime.
        let mut chars = inner.chars();
        let is_char = match chars.next() {
            Some('\\') => true,
            Some(_) => chars.next() == Some('\''),
            None => false,
        };
        return match is_char {
            true => (quoted(rest, '\''), false),
            false => (1, true),
        };
    }
    (1, true)
}

/// The length of a literal that begins and ends with `quote`.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, char) in rest.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[test]
fn strings_and_comments_are_blanked_and_tests_marked() {
    let text = "let a = \"{\\\"\"; // b\nlet c = r#\"d\"#;\nlet e: &'a str = 'f';\n\
                #[cfg(test)]\nmod tests {\n    g\n}\nlet h;\n";
    let source = Source::new("emulator/src/x.rs", text);
    let code: Vec<&str> = source.lines.iter().map(|it| it.code.trim_end()).collect();
    assert_eq!(code[0], "let a =      ;");
    assert_eq!(code[1], "let c =       ;");
    assert_eq!(code[2], "let e: &'a str =    ;");
    let tests: Vec<bool> = source.lines.iter().map(|it| it.is_test).collect();
    assert_eq!(tests, [false, false, false, true, true, true, true, false]);
}
