//! Reading a call.

use serde_json::Value;

use super::{Argument, Call, Function, NESTING_MAX};
use crate::path::{Cursor, Malformed, Path};

/// Characters of a call.
const LENGTH_MAX: usize = 10_000;

/// Each function, and how many arguments it takes at least and at most.
const FUNCTIONS: &[(&str, Function, usize, usize)] = &[
    ("Array", Function::Array, 0, usize::MAX),
    ("ArrayPartition", Function::ArrayPartition, 2, 2),
    ("ArrayContains", Function::ArrayContains, 2, 2),
    ("ArrayRange", Function::ArrayRange, 3, 3),
    ("ArrayGetItem", Function::ArrayGetItem, 2, 2),
    ("ArrayLength", Function::ArrayLength, 1, 1),
    ("ArrayUnique", Function::ArrayUnique, 1, 1),
    ("Base64Encode", Function::Base64Encode, 1, 1),
    ("Base64Decode", Function::Base64Decode, 1, 1),
    ("Hash", Function::Hash, 2, 2),
    ("JsonMerge", Function::JsonMerge, 3, 3),
    ("StringToJson", Function::StringToJson, 1, 1),
    ("JsonToString", Function::JsonToString, 1, 1),
    ("MathRandom", Function::MathRandom, 2, 3),
    ("MathAdd", Function::MathAdd, 2, 2),
    ("StringSplit", Function::StringSplit, 2, 2),
    ("UUID", Function::Uuid, 0, 0),
    ("Format", Function::Format, 1, usize::MAX),
];

impl Call {
    /// Reads a call of an intrinsic function.
    ///
    /// # Errors
    ///
    /// It is none, is nested too deep, or the number of its arguments is wrong.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut cursor = Cursor::new(text);
        if text.len() > LENGTH_MAX {
            return Err(Malformed { message: "The intrinsic function is too long".into() });
        }
        let call = read_call(&mut cursor, NESTING_MAX)?;
        cursor.skip_blanks();
        if !cursor.is_done() {
            return Err(cursor.malformed("unexpected character"));
        }
        Ok(call)
    }
}

fn read_call(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Call, Malformed> {
    let start = cursor.at();
    let inside = nesting.checked_sub(1);
    let inside =
        inside.ok_or_else(|| cursor.malformed("intrinsic functions are nested too deep"))?;
    cursor.expect("States.")?;
    let name = cursor.take_while(|it| it.is_ascii_alphanumeric());
    let row = FUNCTIONS.iter().find(|row| row.0 == name);
    let (_, function, least, most) =
        row.ok_or_else(|| cursor.malformed(&format!("States.{name} is no intrinsic function")))?;
    cursor.skip_blanks();
    cursor.expect("(")?;
    let mut arguments = Vec::new();
    cursor.skip_blanks();
    if !cursor.eat(")") {
        loop {
            cursor.skip_blanks();
            arguments.push(read_argument(cursor, inside)?);
            cursor.skip_blanks();
            if cursor.eat(")") {
                break;
            }
            cursor.expect(",")?;
        }
    }
    if arguments.len() < *least || arguments.len() > *most {
        let problem = format!("States.{name} does not take {} arguments", arguments.len());
        return Err(cursor.malformed(&problem));
    }
    Ok(Call { text: cursor.since(start).to_owned(), function: *function, arguments })
}

fn read_argument(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Argument, Malformed> {
    match cursor.peek() {
        Some('$') => Ok(Argument::Path(Path::read(cursor, 0)?)),
        Some('\'') => Ok(Argument::Text(read_text(cursor)?)),
        Some('S') => Ok(Argument::Call(read_call(cursor, nesting)?)),
        _ => {
            let word = cursor.take_while(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
            let value: Result<Value, _> = serde_json::from_str(word);
            value.map(Argument::Value).map_err(|_| cursor.malformed("expected an argument"))
        }
    }
}

/// A text in single quotes. A quote, a curly bracket and a backslash may be escaped, nothing else.
fn read_text(cursor: &mut Cursor<'_>) -> Result<String, Malformed> {
    cursor.expect("'")?;
    let mut text = String::new();
    loop {
        match cursor.next() {
            Some('\'') => return Ok(text),
            Some('\\') => match cursor.next() {
                Some('\'') => text.push('\''),
                Some(it @ ('{' | '}' | '\\')) => text.extend(['\\', it]),
                Some(it) if !"\"/bfnrtu".contains(it) => text.push(it),
                _ => return Err(cursor.malformed("an escape is not known")),
            },
            Some(it) => text.push(it),
            None => return Err(cursor.malformed("a quote is not closed")),
        }
    }
}
