//! Splits a statement into tokens.

use super::super::error::DynamoDbError;

/// Characters that a statement may have.
const STATEMENT_MAX: usize = 8192;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A bare name or a keyword.
    Name(String),
    /// `"name"`.
    Quoted(String),
    /// `'text'`.
    Text(String),
    Number(String),
    Symbol(&'static str),
    End,
}

/// The longest first, so that `<<` is not two of `<`.
const SYMBOLS: [&str; 22] = [
    "<<", ">>", "<=", ">=", "<>", "!=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "?", "=", "<",
    ">", "+", "-", "*",
];

/// The error that a statement can't be read.
pub(super) fn ill_formed(detail: &str) -> DynamoDbError {
    DynamoDbError::validation(format!("Statement wasn't well formed, can't be processed: {detail}"))
}

/// # Errors
/// Validation: the statement is empty or too long, or a text in it does not end.
pub(super) fn split(statement: &str) -> Result<Vec<Token>, DynamoDbError> {
    let bound = match statement.chars().count() {
        0 => Some("Member must have length greater than or equal to 1"),
        1..=STATEMENT_MAX => None,
        _ => Some("Member must have length less than or equal to 8192"),
    };
    if let Some(bound) = bound {
        return Err(DynamoDbError::constraint(Some(statement), "statement", bound));
    }
    let mut rest = statement.trim_end_matches([';', ' ', '\t', '\r', '\n']);
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { break };
        let token = match first {
            '\'' | '"' => {
                let (text, after) = quoted(rest, first)?;
                rest = after;
                if first == '"' { Token::Quoted(text) } else { Token::Text(text) }
            }
            '0'..='9' => {
                let end = number_end(rest);
                let (number, after) = rest.split_at(end);
                rest = after;
                Token::Number(number.to_owned())
            }
            'a'..='z' | 'A'..='Z' | '_' | '$' => {
                let in_name = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '$';
                let end = rest.find(|it| !in_name(it)).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                rest = after;
                Token::Name(name.to_owned())
            }
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
                let symbol = symbol.ok_or_else(|| ill_formed("Unexpected token"))?;
                rest = &rest[symbol.len()..];
                Token::Symbol(symbol)
            }
        };
        tokens.push(token);
    }
    tokens.push(Token::End);
    Ok(tokens)
}

/// Reads a quoted text; a quote within it is doubled.
fn quoted(source: &str, quote: char) -> Result<(String, &str), DynamoDbError> {
    let mut text = String::new();
    let mut rest = &source[1..];
    loop {
        let Some(end) = rest.find(quote) else {
            return Err(ill_formed("Unexpected end of statement"));
        };
        text.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(quote) {
            Some(after) => {
                text.push(quote);
                rest = after;
            }
            None => return Ok((text, rest)),
        }
    }
}

/// Where the number at the beginning of `source` ends: digits, a fraction, an exponent.
fn number_end(source: &str) -> usize {
    let bytes = source.as_bytes();
    let digits = |from: usize| {
        from + bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|it| it.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}
