//! Reading a path.

use super::filter::Filter;
use super::{Cursor, Malformed, Path, Root, Step};

/// Steps of a path.
const STEPS_MAX: usize = 200;
/// Filters inside of filters.
pub(super) const FILTERS_MAX: usize = 8;

impl Path {
    /// Reads a path that begins with `$`, `$$` or `$name`.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut cursor = Cursor::new(text);
        let path = Self::read(&mut cursor, FILTERS_MAX)?;
        if !cursor.is_done() {
            return Err(cursor.malformed("unexpected character"));
        }
        Ok(path)
    }

    /// Reads as much of the text as is a path.
    pub(crate) fn read(cursor: &mut Cursor<'_>, filters: usize) -> Result<Self, Malformed> {
        let start = cursor.at();
        cursor.expect("$")?;
        let root = if cursor.eat("$") {
            Root::Context
        } else {
            let name = cursor.take_while(|it| it.is_alphanumeric() || it == '_');
            if name.is_empty() { Root::Input } else { Root::Variable(name.to_owned()) }
        };
        let steps = read_steps(cursor, filters)?;
        Ok(Self { text: cursor.since(start).to_owned(), root, steps })
    }
}

/// The steps that stand here, after a root or `@`.
pub(super) fn read_steps(cursor: &mut Cursor<'_>, filters: usize) -> Result<Vec<Step>, Malformed> {
    let mut steps = Vec::new();
    loop {
        if cursor.eat("..") {
            steps.push(Step::Descend);
            if cursor.peek() != Some('[') {
                steps.push(member(cursor)?);
            }
        } else if cursor.eat(".") {
            // A bracket may follow a dot in Jayway's dialect.
            if cursor.peek() != Some('[') {
                steps.push(member(cursor)?);
            }
        } else if cursor.eat("[") {
            steps.push(bracket(cursor, filters)?);
        } else {
            return Ok(steps);
        }
        if steps.len() > STEPS_MAX {
            return Err(cursor.malformed("the path is too long"));
        }
    }
}

fn member(cursor: &mut Cursor<'_>) -> Result<Step, Malformed> {
    if cursor.eat("*") {
        return Ok(Step::Every);
    }
    let name = cursor.take_while(is_name);
    if name == "length" && cursor.eat("()") {
        return Ok(Step::Length);
    }
    if name.is_empty() || cursor.peek() == Some('(') {
        return Err(cursor.malformed("expected a name"));
    }
    Ok(Step::Member(name.to_owned()))
}

/// What may stand in a name without quotes.
fn is_name(it: char) -> bool {
    !it.is_whitespace() && !"[]().,'\"*!=<>&|?@~^{}:".contains(it)
}

fn bracket(cursor: &mut Cursor<'_>, filters: usize) -> Result<Step, Malformed> {
    cursor.skip_blanks();
    let step = match cursor.peek() {
        Some('*') => {
            cursor.next();
            Step::Every
        }
        Some('\'' | '"') => names(cursor)?,
        Some('?') => {
            cursor.next();
            let inside = filters.checked_sub(1);
            let inside = inside.ok_or_else(|| cursor.malformed("filters are nested too deep"))?;
            Step::Matching(Filter::read(cursor, inside)?)
        }
        _ => numbers(cursor)?,
    };
    cursor.skip_blanks();
    cursor.expect("]")?;
    Ok(step)
}

fn names(cursor: &mut Cursor<'_>) -> Result<Step, Malformed> {
    let mut names = vec![cursor.quoted()?];
    cursor.skip_blanks();
    while cursor.eat(",") {
        cursor.skip_blanks();
        names.push(cursor.quoted()?);
        cursor.skip_blanks();
    }
    if names.len() > 1 {
        return Ok(Step::Members(names));
    }
    Ok(Step::Member(names.swap_remove(0)))
}

fn numbers(cursor: &mut Cursor<'_>) -> Result<Step, Malformed> {
    let first = number(cursor)?;
    cursor.skip_blanks();
    if cursor.eat(":") {
        cursor.skip_blanks();
        let end = number(cursor)?;
        return Ok(Step::Slice(first, end));
    }
    let first = first.ok_or_else(|| cursor.malformed("expected an index"))?;
    let mut all = vec![first];
    while cursor.eat(",") {
        cursor.skip_blanks();
        let next = number(cursor)?;
        all.push(next.ok_or_else(|| cursor.malformed("expected an index"))?);
        cursor.skip_blanks();
    }
    if all.len() > 1 {
        return Ok(Step::Indices(all));
    }
    Ok(Step::Index(first))
}

fn number(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Malformed> {
    let digits = cursor.take_while(|it| it.is_ascii_digit() || it == '-');
    if digits.is_empty() {
        return Ok(None);
    }
    let number = digits.parse().map_err(|_| cursor.malformed("expected an index"))?;
    Ok(Some(number))
}
