//! Text with stars and question marks.

use super::variables::Filled;

pub(super) fn any_glob(globs: &[String], text: &str, fold: fn(&str) -> String) -> bool {
    globs.iter().any(|pattern| glob(&fold(pattern), text))
}

/// `*` stands for any characters, `?` for one.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    matches(pattern.as_bytes(), text.as_bytes(), |_| false)
}

/// The same for a pattern in which some stars and question marks are characters.
pub(super) fn like(pattern: &Filled<'_>, text: &str) -> bool {
    let is_literal = |at: usize| pattern.literal.contains(&at);
    matches(pattern.text().as_bytes(), text.as_bytes(), is_literal)
}

fn matches(pattern: &[u8], text: &[u8], is_literal: impl Fn(usize) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') if !is_literal(p) => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == text[t] || (byte == b'?' && !is_literal(p)) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                // Give the last star one more character and try again.
                Some((star_p, star_t)) => {
                    star = Some((star_p, star_t + 1));
                    p = star_p + 1;
                    t = star_t + 1;
                }
                None => return false,
            },
        }
    }
    (p..pattern.len()).all(|at| pattern[at] == b'*' && !is_literal(at))
}

/// Globs within each of an ARN's six parts; a star never spans a colon of the first five.
pub(super) fn arn_like(pattern: &Filled<'_>, arn: &str) -> bool {
    let (patterns, parts) = (pattern.text().splitn(6, ':'), arn.splitn(6, ':'));
    if patterns.clone().count() != parts.clone().count() {
        return false;
    }
    let mut start = 0;
    patterns.zip(parts).all(|(part, text)| {
        let from = start;
        start += part.len() + 1;
        let is_literal = |at: usize| pattern.literal.contains(&(from + at));
        matches(part.as_bytes(), text.as_bytes(), is_literal)
    })
}
