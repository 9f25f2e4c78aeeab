//! From a text to commands.

use super::command::{Command, How, Parse, Stats, Unnest};
use super::cursor::Cursor;
use super::expression::{Aggregation, Expression, Named};
use super::expression_parser::{LIST_MAX, Read, compiled, expression, list};
use super::parse_command;

/// Ours; AWS's bound is the text's length.
const COMMANDS_MAX: usize = 64;
/// Source: user guide, "limit".
const LIMIT_MAX: usize = 100_000;

/// Commands of AWS's that are not here.
const NOT_HERE: [&str; 9] =
    ["anomaly", "diff", "filterIndex", "join", "lookup", "pattern", "source", "unmask", "append"];

/// Reads a query's commands, which `|` parts.
pub(super) fn commands(text: &str) -> Read<Vec<Command>> {
    let mut cursor = Cursor::new(text);
    let mut commands = Vec::new();
    // The text may begin with a bar.
    cursor.take("|");
    while cursor.peek().is_some() {
        if commands.len() == COMMANDS_MAX {
            return Err(cursor.error(format!("more than {COMMANDS_MAX} commands")));
        }
        commands.push(command(&mut cursor)?);
        if !cursor.take("|") && cursor.peek().is_some() {
            return Err(cursor.unexpected());
        }
    }
    if commands.is_empty() {
        return Err(cursor.unexpected());
    }
    Ok(commands)
}

fn command(cursor: &mut Cursor<'_>) -> Read<Command> {
    if cursor.take_word("fields") {
        return Ok(Command::Fields(list(cursor, named)?));
    }
    if cursor.take_word("display") {
        return Ok(Command::Display(list(cursor, named)?));
    }
    if cursor.take_word("filter") {
        return Ok(Command::Filter(expression(cursor, &mut None)?));
    }
    if cursor.take_word("parse") {
        return parse(cursor).map(Command::Parse);
    }
    if cursor.take_word("stats") {
        return stats(cursor).map(Command::Stats);
    }
    if cursor.take_word("sort") {
        return Ok(Command::Sort(list(cursor, sorted)?));
    }
    if cursor.take_word("dedup") {
        let name = |cursor: &mut Cursor<'_>| cursor.name().ok_or_else(|| cursor.unexpected());
        return Ok(Command::Dedup(list(cursor, name)?));
    }
    if cursor.take_word("unnest") {
        return unnest(cursor).map(Command::Unnest);
    }
    if cursor.take_word("limit") || cursor.take_word("head") {
        cursor.peek();
        let mut before = cursor.clone();
        let limit = cursor.run(|letter| letter.is_ascii_digit()).parse().ok();
        let limit = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit));
        return limit.map(Command::Limit).ok_or_else(|| before.unexpected());
    }
    let known = NOT_HERE.iter().find(|word| cursor.clone().take_word(word));
    Err(match known {
        Some(word) => {
            cursor.error(format!("The command {word} is not implemented by this emulator"))
        }
        None => cursor.unexpected(),
    })
}

fn unnest(cursor: &mut Cursor<'_>) -> Read<Unnest> {
    let of = cursor.name().ok_or_else(|| cursor.unexpected())?;
    if !cursor.take_word("into") {
        return Err(cursor.unexpected());
    }
    let into = cursor.name().ok_or_else(|| cursor.unexpected())?;
    Ok(Unnest { of, into })
}

fn named(cursor: &mut Cursor<'_>) -> Read<Named> {
    with_name(cursor, &mut None)
}

fn with_name(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Named> {
    let place = cursor.place();
    let expression = expression(cursor, stats)?;
    let text = cursor.since(place).to_owned();
    let name = match cursor.take_word("as") {
        true => cursor.name().ok_or_else(|| cursor.unexpected())?,
        false => match &expression {
            Expression::Field(name) => name.clone(),
            _ => text,
        },
    };
    Ok(Named { expression, name })
}

fn sorted(cursor: &mut Cursor<'_>) -> Read<(Expression, bool)> {
    let key = expression(cursor, &mut None)?;
    let down = cursor.take_word("desc");
    if !down {
        cursor.take_word("asc");
    }
    Ok((key, down))
}

fn parse(cursor: &mut Cursor<'_>) -> Read<Parse> {
    let of = match cursor.peek() {
        Some('"' | '\'' | '/') => Expression::Field("@message".to_owned()),
        _ => Expression::Field(cursor.name().ok_or_else(|| cursor.unexpected())?),
    };
    if let Some(text) = cursor.expression()? {
        let regex = compiled(cursor, &text)?;
        if regex.capture_names().flatten().next().is_none() {
            return Err(cursor.error("the regular expression of parse has no named group"));
        }
        return Ok(Parse { of, how: How::Match(regex) });
    }
    let glob = cursor.quoted()?.ok_or_else(|| cursor.unexpected())?;
    if !cursor.take_word("as") {
        return Err(cursor.unexpected());
    }
    let names = list(cursor, |cursor| cursor.name().ok_or_else(|| cursor.unexpected()))?;
    let texts = parse_command::texts(&glob);
    if texts.len() != names.len() + 1 {
        return Err(cursor.error("the pattern of parse has another number of * than of fields"));
    }
    Ok(Parse { of, how: How::Glob { texts, names } })
}

fn stats(cursor: &mut Cursor<'_>) -> Read<Stats> {
    let mut aggregations = Some(Vec::new());
    let mut shown = vec![with_name(cursor, &mut aggregations)?];
    while cursor.take(",") {
        if shown.len() == LIST_MAX {
            return Err(cursor.error(format!("more than {LIST_MAX} entries in a list")));
        }
        shown.push(with_name(cursor, &mut aggregations)?);
    }
    let aggregations = aggregations.unwrap_or_default();
    if aggregations.is_empty() {
        return Err(cursor.unexpected());
    }
    let by = match cursor.take_word("by") {
        true => list(cursor, named)?,
        false => Vec::new(),
    };
    Ok(Stats { shown, aggregations, by })
}
