//! Reading an expression with the crate, which panics at some signatures of functions.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonata_core::ast::AstNode;
use jsonata_core::parser;

use super::{Error, coded};

/// The tree of an expression.
///
/// # Errors
/// It is no JSONata, or a function's signature cannot be read.
pub(super) fn parse(source: &str) -> Result<AstNode, Error> {
    let message = "The signature of a function can't be read".to_owned();
    let unreadable = Error { code: "S0401".to_owned(), message };
    if !signatures(source).all(str::is_ascii) {
        return Err(unreadable);
    }
    // Nothing of the crate outlives a call.
    let read = catch_unwind(AssertUnwindSafe(|| parser::parse(source)));
    read.map_err(|_| unreadable)?.map_err(|error| coded(&error.to_string()))
}

/// What may be signatures: between the parameters of a function and its body.
fn signatures(source: &str) -> impl Iterator<Item = &str> {
    let functions = source.match_indices("function").chain(source.match_indices('λ'));
    functions.filter_map(|(at, word)| {
        let parameters = source[at + word.len()..].trim_start().strip_prefix('(')?;
        let (_, rest) = parameters.split_once(')')?;
        let rest = rest.trim_start();
        rest.starts_with('<').then(|| rest.split('{').next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read_or_refused() {
        for (source, is_read) in [
            ("function($x)<s:s>{$x}", true),
            ("λ($x) <n-n:n> {$x}", true),
            ("function($x){$x}('é') < 'ö'", true),
            ("function($nn$)<ned`é:::>{1}", false),
            ("λ($x)<s\u{9a}:s>{$x}", false),
            ("function($x)<é", false),
        ] {
            assert_eq!(parse(source).is_ok(), is_read, "{source}");
        }
    }
}
