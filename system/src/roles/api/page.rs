//! Tokens of pages: they say nothing to callers, and hold for the list they came from only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;

use super::error::ApiError;

/// Between the list and the place; neither has it.
const BETWEEN: char = '\n';

/// A token that goes on after a place of a list.
pub(super) fn token(list: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}{BETWEEN}{place}"))
}

/// The place that a token of this list stands for, if there is a token.
pub(super) fn place<P>(
    list: &str,
    token: Option<String>,
    parse: impl Fn(&str) -> Option<P>,
) -> Result<Option<P>, ApiError> {
    let Some(token) = token else { return Ok(None) };
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (of, place) = text.split_once(BETWEEN)?;
        (of == list).then(|| parse(place)).flatten()
    };
    let message = "this next_token is none of this list";
    let invalid = || ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", message);
    read().map(Some).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_list_only() {
        let number = |text: &str| text.parse::<u32>().ok();
        let find = |list: &str, token: &str| place(list, Some(token.to_owned()), number).ok();
        let of_ann = token("customers/ann", "7");
        assert!(!of_ann.contains("ann"), "{of_ann}");
        assert_eq!(find("customers/ann", &of_ann), Some(Some(7)));
        assert_eq!(place("customers/ann", None, number).ok(), Some(None));
        for wrong in ["", "7", "x.7", "!", &of_ann[1..], &token("customers/ann", "x")] {
            assert_eq!(find("customers/ann", wrong), None, "{wrong}");
        }
        assert_eq!(find("customers/bob", &of_ann), None);
    }
}
