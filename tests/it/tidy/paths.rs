//! The paths that a Rust file names, groups expanded and `super` resolved.

use super::source::Source;

/// One path in one place.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    /// The line, beginning at 0.
    pub(super) line: usize,
    /// From the crate's root when `is_own`, else from an extern crate or a name in scope.
    pub(super) path: Vec<String>,
    pub(super) is_own: bool,
    pub(super) is_test: bool,
}

/// Every path with at least two parts, and every `use`d name.
pub(super) fn named(source: &Source) -> Vec<Named> {
    let mut found = Vec::new();
    let code: Vec<&str> = source.lines.iter().map(|it| it.code.as_str()).collect();
    let text = code.join("\n");
    let mut scanner = Scanner { rest: &text, line: 0 };
    while scanner.skip_to_word() {
        let line = scanner.line;
        let mut paths = Vec::new();
        scanner.tree(&mut Vec::new(), &mut paths);
        for path in paths.into_iter().filter(|path| path.len() > 1) {
            let is_test = source.lines[line].is_test;
            let (is_own, path) = resolve(&source.path, &code, line, path);
            found.push(Named { line, path, is_own, is_test });
        }
    }
    found
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

impl<'a> Scanner<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip_to_word(&mut self) -> bool {
        let to = self.rest.find(is_word).unwrap_or(self.rest.len());
        self.take(to);
        !self.rest.is_empty()
    }

    fn skip_space(&mut self) {
        let to = self.rest.find(|it: char| !it.is_whitespace());
        self.take(to.unwrap_or(self.rest.len()));
    }

    /// Reads `a::b::{c, d::e}` at a word; adds one path per leaf.
    fn tree(&mut self, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let depth = prefix.len();
        loop {
            let end = self.rest.find(|it| !is_word(it)).unwrap_or(self.rest.len());
            prefix.push(self.take(end).to_owned());
            match self.rest.strip_prefix("::") {
                Some(after) if after.starts_with('{') => {
                    self.take(3);
                    self.group(prefix, found);
                    break;
                }
                Some(after) if after.starts_with(is_word) => {
                    self.take(2);
                }
                _ => {
                    found.push(prefix.clone());
                    break;
                }
            }
        }
        prefix.truncate(depth);
    }

    fn group(&mut self, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        loop {
            self.skip_space();
            match self.rest.chars().next() {
                Some(first) if is_word(first) => self.tree(prefix, found),
                Some('}') => {
                    self.take(1);
                    return;
                }
                Some(other) => {
                    self.take(other.len_utf8());
                }
                None => return,
            }
        }
    }
}

/// The module that a file is, from its crate's root.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let mut parts: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    if matches!(parts.last(), Some(&("mod" | "lib" | "main"))) {
        parts.pop();
    }
    parts.into_iter().map(str::to_owned).collect()
}

fn resolve(file: &str, code: &[&str], line: usize, path: Vec<String>) -> (bool, Vec<String>) {
    let mut module = module_of(file);
    let indented = code[line].starts_with("    ");
    let in_block = indented && code[..line].iter().rev().any(|it| it.starts_with("mod "));
    if in_block && path[0] == "super" {
        module.push("tests".to_owned());
    }
    let mut parts = path.into_iter().peekable();
    match parts.peek().map(String::as_str) {
        Some("crate") => {
            parts.next();
            (true, parts.collect())
        }
        Some("self" | "super") => {
            while let Some(part) = parts.next_if(|it| it == "self" || it == "super") {
                if part == "super" {
                    module.pop();
                }
            }
            module.extend(parts);
            (true, module)
        }
        _ => (false, parts.collect()),
    }
}

#[test]
fn groups_are_expanded_and_super_resolved() {
    let text =
        "use crate::wire::{Format, cbor::to_vec};\nuse super::super::y;\nx(std::fs::read);\n";
    let source = Source::new("emulator/src/services/sqs/queue.rs", text);
    let paths: Vec<String> =
        named(&source).iter().map(|it| format!("{} {}", it.line, it.path.join("::"))).collect();
    assert_eq!(
        paths,
        ["0 wire::Format", "0 wire::cbor::to_vec", "1 services::y", "2 std::fs::read"]
    );
}
