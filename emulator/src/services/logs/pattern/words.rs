//! Patterns of words: `ERROR -timeout`, `?ERROR ?WARN`, `"a phrase"`, `%an? expression%`.

use super::cursor::Cursor;
use super::event::Event;
use super::filter_pattern::FilterPatternError;
use super::regex::Expression;
use super::value::characters;

/// What a message must hold, must not hold, or must hold one of.
#[derive(Debug, Default)]
pub(super) struct Words {
    all: Vec<Word>,
    none: Vec<Word>,
    any: Vec<Word>,
}

#[derive(Debug)]
enum Word {
    Text(String),
    Expression(Expression),
}

impl Word {
    fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text.as_str()),
            Self::Expression(expression) => expression.matches(message),
        }
    }

    /// Only letters, digits and underscores stand without quotes.
    fn parse(cursor: &mut Cursor<'_>) -> Result<Self, FilterPatternError> {
        if cursor.take("\"") {
            return Ok(Self::Text(cursor.quoted()?));
        }
        if cursor.take("%") {
            return Ok(Self::Expression(cursor.expression()?));
        }
        let text = cursor.run(|letter| letter.is_alphanumeric() || letter == '_');
        match text.is_empty() {
            true => Err(FilterPatternError::Invalid),
            false => Ok(Self::Text(text.to_owned())),
        }
    }
}

impl Words {
    pub(super) fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let mut cursor = Cursor::new(text);
        let mut words = Self::default();
        while let Some(first) = cursor.peek() {
            let list = match first {
                '-' => &mut words.none,
                '?' => &mut words.any,
                _ => &mut words.all,
            };
            if matches!(first, '-' | '?') {
                cursor.take(&first.to_string());
            }
            list.push(Word::parse(&mut cursor)?);
            if !cursor.rest().is_empty() && !cursor.rest().starts_with(char::is_whitespace) {
                return Err(match cursor.rest().is_ascii() {
                    true => FilterPatternError::Invalid,
                    false => characters(cursor.rest()),
                });
            }
        }
        Ok(words)
    }

    /// Words with `?` count only where there are no others.
    ///
    /// Source: user guide "Match terms using OR".
    pub(super) fn matches(&self, event: &Event<'_>) -> bool {
        let message = event.message;
        if self.all.is_empty() && self.none.is_empty() && !self.any.is_empty() {
            return self.any.iter().any(|word| word.is_in(message));
        }
        self.all.iter().all(|word| word.is_in(message))
            && !self.none.iter().any(|word| word.is_in(message))
    }
}
