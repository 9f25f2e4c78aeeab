//! Patterns on fields that blanks part: `[ip, user, ..., status = 4* || status = 5*, bytes > 9]`.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::event::Event;
use super::filter_pattern::FilterPatternError;
use super::value::{Comparison, Value, characters};

/// The fields of a message, from its beginning and, behind `...`, from its end.
#[derive(Debug)]
pub(super) struct Fields {
    first: Vec<Field>,
    /// Those behind `...`, if it is there.
    last: Option<Vec<Field>>,
}

#[derive(Debug)]
struct Field {
    name: String,
    condition: Option<Condition>,
}

#[derive(Debug)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare(Comparison, Value),
}

/// Parentheses inside of one another; ours.
const DEPTH_MAX: usize = 32;

impl Fields {
    /// Reads what stands between the brackets.
    pub(super) fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let mut cursor = Cursor::new(text);
        let (mut first, mut last) = (Vec::new(), None::<Vec<Field>>);
        if cursor.peek().is_none() {
            // `[]` matches every event, as the recordings of subscription filters show it is taken.
            return Ok(Self { first, last: Some(Vec::new()) });
        }
        loop {
            if cursor.take("...") {
                if last.is_some() {
                    return Err(FilterPatternError::Invalid);
                }
                last = Some(Vec::new());
            } else {
                let field = Field::parse(&mut cursor)?;
                last.as_mut().unwrap_or(&mut first).push(field);
            }
            match cursor.peek() {
                None => return Ok(Self { first, last }),
                Some(',') => cursor.take(","),
                Some(_) => return Err(characters(cursor.rest())),
            };
        }
    }

    /// Fields with their texts, if the message has as many as the pattern.
    fn placed<'f, 'm>(
        &'f self,
        event: &'f Event<'m>,
    ) -> Option<impl Iterator<Item = (&'f Field, &'m str)> + use<'f, 'm>> {
        let texts = event.fields();
        let last = self.last.as_deref();
        let behind = last.map_or(0, <[Field]>::len);
        let fits = match last {
            None => texts.len() == self.first.len(),
            Some(_) => texts.len() >= self.first.len() + behind,
        };
        let ends = texts.len().saturating_sub(behind);
        let first = self.first.iter().zip(texts.iter().copied());
        let last = last.unwrap_or_default().iter().zip(texts[ends..].iter().copied());
        fits.then(|| first.chain(last))
    }

    pub(super) fn matches(&self, event: &Event<'_>) -> bool {
        self.placed(event).is_some_and(|mut placed| {
            placed.all(|(field, text)| field.condition.as_ref().is_none_or(|it| it.holds(text)))
        })
    }

    /// Every field by its name, and those without one by their number, which counts from 1.
    pub(super) fn extracted(&self, event: &Event<'_>) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let texts = event.fields();
        let behind = self.last.as_ref().map_or(0, Vec::len);
        let unnamed = self.first.len()..texts.len().saturating_sub(behind);
        for at in unnamed {
            found.insert(format!("${}", at + 1), texts[at].to_owned());
        }
        for (field, text) in self.placed(event).into_iter().flatten() {
            found.insert(format!("${}", field.name), text.to_owned());
        }
        found
    }

    pub(super) fn select(&self, event: &Event<'_>, selector: &str) -> Option<String> {
        let name = selector.strip_prefix('$')?;
        let mut placed = self.placed(event)?;
        if let Some((_, text)) = placed.find(|(field, _)| field.name == name) {
            return Some(text.to_owned());
        }
        let number: usize = name.parse().ok()?;
        event.fields().get(number.checked_sub(1)?).map(|text| (*text).to_owned())
    }
}

impl Field {
    fn parse(cursor: &mut Cursor<'_>) -> Result<Self, FilterPatternError> {
        cursor.peek();
        let mut rest = cursor.rest();
        rest = rest.trim_start_matches(['(', ' ']);
        let end = rest.find(|it| !is_of_name(it)).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        if name.is_empty() {
            return Err(characters(cursor.rest()));
        }
        let condition = any(cursor, &name, 0)?;
        Ok(Self { name, condition })
    }
}

impl Condition {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::All(all) => all.iter().all(|it| it.holds(text)),
            Self::Any(any) => any.iter().any(|it| it.holds(text)),
            Self::Compare(comparison, value) => value.compare(*comparison, text),
        }
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_-.".contains(letter)
}

fn any(
    cursor: &mut Cursor<'_>,
    name: &str,
    depth: usize,
) -> Result<Option<Condition>, FilterPatternError> {
    let mut parts = vec![all(cursor, name, depth)?];
    while cursor.take("||") {
        parts.push(all(cursor, name, depth)?);
    }
    joined(parts, Condition::Any)
}

fn all(
    cursor: &mut Cursor<'_>,
    name: &str,
    depth: usize,
) -> Result<Option<Condition>, FilterPatternError> {
    let mut parts = vec![one(cursor, name, depth)?];
    while cursor.take("&&") {
        parts.push(one(cursor, name, depth)?);
    }
    joined(parts, Condition::All)
}

/// A name alone is a condition only where it is all there is.
fn joined(
    mut parts: Vec<Option<Condition>>,
    join: fn(Vec<Condition>) -> Condition,
) -> Result<Option<Condition>, FilterPatternError> {
    if parts.len() == 1 {
        return Ok(parts.remove(0));
    }
    let parts: Option<Vec<Condition>> = parts.into_iter().collect();
    parts.map(|parts| Some(join(parts))).ok_or(FilterPatternError::Invalid)
}

fn one(
    cursor: &mut Cursor<'_>,
    name: &str,
    depth: usize,
) -> Result<Option<Condition>, FilterPatternError> {
    if cursor.take("(") {
        if depth == DEPTH_MAX {
            return Err(FilterPatternError::Invalid);
        }
        let inside = any(cursor, name, depth + 1)?;
        return match cursor.take(")") {
            true => Ok(inside),
            false => Err(FilterPatternError::Invalid),
        };
    }
    cursor.peek();
    let found = cursor.run(is_of_name);
    if found != name {
        return Err(characters(if found.is_empty() { cursor.rest() } else { found }));
    }
    let Some(comparison) = Comparison::parse(cursor) else { return Ok(None) };
    let value = Value::parse(cursor)?;
    match value.suits(comparison) {
        true => Ok(Some(Condition::Compare(comparison, value))),
        false => Err(FilterPatternError::Invalid),
    }
}
