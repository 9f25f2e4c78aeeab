//! The JSON of a pattern, token by token, each with the place where AWS's reader would stand.
//!
//! AWS's error messages name that place. Its reader has two habits that show: it is past the
//! opening quote only of a string whose text nobody asked for, and past the first character of a
//! member's value as soon as it has read the member's name.

use std::fmt::Write as _;

use super::PatternError;

/// AWS quotes at most this many characters of the text.
const QUOTED_CHARS_MAX: usize = 500;

/// Deepest nesting; AWS's reader has the same limit.
///
/// Source: Jackson, `StreamReadConstraints`.
const DEPTH_MAX: usize = 1000;

const REDACTED: &str = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

const ANY_VALUE: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// Reads `text` as JSON.
///
/// # Errors
/// What SNS says of an attribute that is not JSON, without the attribute's name.
pub fn check_json(text: &str) -> Result<(), String> {
    let mut tokens = Tokens::new(text, Source::Redacted);
    loop {
        match tokens.next() {
            Ok(Token::End) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(format!("failed to parse JSON. {}", error.reason)),
        }
    }
}

/// One token. The text of a string or number is fetched with [`Tokens::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    Name(String),
    String,
    Number,
    True,
    False,
    Null,
    End,
}

/// An open object or array.
struct Open {
    is_object: bool,
    has_entries: bool,
    /// Where it began.
    at: usize,
}

/// How an error names the text that it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// As the pattern engine does: the text itself.
    Quoted,
    /// As SNS's own reader does: not at all. It also stands before a character it did not expect,
    /// not behind it.
    Redacted,
}

/// Reads tokens from a text.
pub(super) struct Tokens<'t> {
    source: &'t str,
    shown_as: Source,
    /// The byte before which everything is read.
    at: usize,
    /// Where the current string or number begins, quote included.
    start: usize,
    /// The current token is a string and only its opening quote is read.
    string_is_open: bool,
    /// The value of a member whose name was just returned.
    value: Option<Token>,
    open: Vec<Open>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(source: &'t str, shown_as: Source) -> Self {
        Self {
            source,
            shown_as,
            at: 0,
            start: 0,
            string_is_open: false,
            value: None,
            open: Vec::new(),
        }
    }

    /// The next token; `End` after the last.
    pub(super) fn next(&mut self) -> Result<Token, PatternError> {
        if let Some(value) = self.value.take() {
            return Ok(value);
        }
        if self.string_is_open {
            self.text()?;
        }
        self.skip_space();
        let Some(next) = self.peek() else {
            return self.end();
        };
        if matches!(next, '}' | ']') {
            return self.close(next);
        }
        let Some(within) = self.open.last_mut() else {
            return self.read_value();
        };
        let is_object = within.is_object;
        if std::mem::replace(&mut within.has_entries, true) {
            if next != ',' {
                let noun = if is_object { "Object" } else { "Array" };
                return Err(
                    self.unexpected(&format!("was expecting comma to separate {noun} entries"))
                );
            }
            self.at += 1;
            self.skip_space();
        }
        if is_object { self.read_name() } else { self.read_value() }
    }

    /// The text of the current string or number.
    pub(super) fn text(&mut self) -> Result<String, PatternError> {
        if !self.string_is_open {
            return Ok(self.source[self.start..self.at].to_owned());
        }
        self.string_is_open = false;
        let mut escaped = false;
        while let Some(next) = self.peek() {
            self.at += next.len_utf8();
            match next {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let quoted = &self.source[self.start..self.at];
                    return serde_json::from_str(quoted)
                        .map_err(|_| self.error("Illegal character in a JSON String value"));
                }
                _ => {}
            }
        }
        Err(self.error("Unexpected end-of-input: was expecting closing quote for a string value"))
    }

    /// The value of the current number.
    pub(super) fn number(&mut self) -> Result<f64, PatternError> {
        let text = self.text()?;
        text.parse().map_err(|_| self.error(&format!("Invalid numeric value: {text}")))
    }

    /// The current token, as it stands in the text.
    pub(super) fn shown(&mut self, token: &Token) -> String {
        match token {
            Token::StartObject => "{".to_owned(),
            Token::EndObject => "}".to_owned(),
            Token::StartArray => "[".to_owned(),
            Token::EndArray => "]".to_owned(),
            Token::Name(name) => name.clone(),
            Token::String | Token::Number => self.text().unwrap_or_default(),
            Token::True => "true".to_owned(),
            Token::False => "false".to_owned(),
            Token::Null | Token::End => "null".to_owned(),
        }
    }

    /// What lies between `from` and the current place.
    pub(super) fn since(&self, from: usize) -> &'t str {
        &self.source[from..self.at]
    }

    /// The current place, for [`Tokens::since`].
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// `reason`, with the current place as AWS writes it.
    pub(super) fn error(&self, reason: &str) -> PatternError {
        PatternError::new(format!("{reason}\n at {}", self.location(self.at)))
    }

    fn location(&self, at: usize) -> String {
        let read = &self.source[..at];
        let line = read.matches('\n').count() + 1;
        let column = read.rsplit('\n').next().unwrap_or_default().encode_utf16().count() + 1;
        let mut location = String::from("[Source: ");
        match self.shown_as {
            Source::Redacted => location.push_str(REDACTED),
            Source::Quoted => {
                let shown: String = self.source.chars().take(QUOTED_CHARS_MAX).collect();
                let _ = write!(location, "(String)\"{shown}\"");
                let left = self.source.chars().count().saturating_sub(QUOTED_CHARS_MAX);
                if left > 0 {
                    let _ = write!(location, "[truncated {left} chars]");
                }
            }
        }
        let _ = write!(location, "; line: {line}, column: {column}]");
        location
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn skip_space(&mut self) {
        let rest = &self.source[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn end(&self) -> Result<Token, PatternError> {
        let Some(open) = self.open.last() else {
            return Ok(Token::End);
        };
        let noun = if open.is_object { "Object" } else { "Array" };
        Err(self.error(&format!(
            "Unexpected end-of-input: expected close marker for {noun} (start marker at {})",
            self.location(open.at)
        )))
    }

    fn close(&mut self, bracket: char) -> Result<Token, PatternError> {
        let is_object = bracket == '}';
        if self.open.last().is_some_and(|open| open.is_object == is_object) {
            self.open.pop();
            self.at += 1;
            return Ok(if is_object { Token::EndObject } else { Token::EndArray });
        }
        let noun = if is_object { "Array: expected ']'" } else { "Object: expected '}'" };
        self.at += 1;
        Err(self.error(&format!(
            "Unexpected close marker '{bracket}': expected close marker for {noun}"
        )))
    }

    fn read_name(&mut self) -> Result<Token, PatternError> {
        if self.peek() != Some('"') {
            return Err(self.unexpected("was expecting double-quote to start field name"));
        }
        self.open_string();
        let name = self.text()?;
        self.skip_space();
        if self.peek() != Some(':') {
            let colon = "was expecting a colon to separate field name and value";
            return Err(self.unexpected(colon));
        }
        self.at += 1;
        self.skip_space();
        self.value = Some(self.read_value()?);
        Ok(Token::Name(name))
    }

    fn read_value(&mut self) -> Result<Token, PatternError> {
        let Some(first) = self.peek() else {
            return Err(self.error("Unexpected end-of-input within/between Object entries"));
        };
        match first {
            '{' | '[' => {
                let depth = self.open.len() + 1;
                if depth > DEPTH_MAX {
                    return Err(self.error(&format!(
                        "Document nesting depth ({depth}) exceeds the maximum allowed \
                         ({DEPTH_MAX}, from `StreamReadConstraints.getMaxNestingDepth()`)"
                    )));
                }
                let at = self.at;
                let is_object = first == '{';
                self.open.push(Open { is_object, has_entries: false, at });
                self.at += 1;
                Ok(if is_object { Token::StartObject } else { Token::StartArray })
            }
            '"' => {
                self.open_string();
                Ok(Token::String)
            }
            '-' | '0'..='9' => self.read_number(),
            _ if first.is_alphabetic() => self.read_word(),
            _ => Err(self.unexpected(&format!("expected a valid value {ANY_VALUE}"))),
        }
    }

    fn open_string(&mut self) {
        self.start = self.at;
        self.at += 1;
        self.string_is_open = true;
    }

    fn read_number(&mut self) -> Result<Token, PatternError> {
        self.start = self.at;
        let rest = &self.source[self.at..];
        let end = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
        self.at += end.unwrap_or(rest.len());
        let text = &self.source[self.start..self.at];
        match serde_json::from_str::<serde_json::Number>(text) {
            Ok(_) => Ok(Token::Number),
            Err(_) => Err(self.error(&format!("Invalid numeric value: {text}"))),
        }
    }

    fn read_word(&mut self) -> Result<Token, PatternError> {
        let rest = &self.source[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        match word {
            "true" => Ok(Token::True),
            "false" => Ok(Token::False),
            "null" => Ok(Token::Null),
            _ => {
                Err(self.error(&format!("Unrecognized token '{word}': was expecting {ANY_VALUE}")))
            }
        }
    }

    /// The error about the character that comes next.
    fn unexpected(&mut self, wanted: &str) -> PatternError {
        let Some(next) = self.peek() else {
            return self.error("Unexpected end-of-input within/between Object entries");
        };
        if self.shown_as == Source::Quoted {
            self.at += next.len_utf8();
        }
        let code = u32::from(next);
        self.error(&format!("Unexpected character ('{next}' (code {code})): {wanted}"))
    }
}
