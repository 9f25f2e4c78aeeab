//! What the environment says of the log: `RUST_LOG` and `NO_COLOR`.

use std::ffi::{OsStr, OsString};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// What is logged unless `RUST_LOG` says otherwise.
const USUAL: &str = "warn";

/// `RUST_LOG` cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "RUST_LOG={value} is not understood: {reason}; say a level (error, warn, info, debug, trace, \
     off), or levels of modules: skyrig=debug,warn"
)]
pub(crate) struct BadFilter {
    value: String,
    reason: String,
}

/// The filter that `RUST_LOG` asks for.
///
/// # Errors
/// [`BadFilter`] with the reason.
pub(super) fn filter(rust_log: Option<OsString>) -> Result<EnvFilter, BadFilter> {
    let given = rust_log.unwrap_or_default();
    let bad = |reason: String| BadFilter { value: given.to_string_lossy().into_owned(), reason };
    let text = given.to_str().ok_or_else(|| bad("it is not UTF-8".to_owned()))?.trim();
    let text = if text.is_empty() { USUAL } else { text };
    if let Some(word) = text.split(',').map(str::trim).find(|part| is_stray_word(part)) {
        // It would be taken for the name of a crate, and nothing of skyrig would be logged.
        return Err(bad(format!("\"{word}\" is not a level")));
    }
    EnvFilter::builder().parse(text).map_err(|error| bad(error.to_string()))
}

/// A word that is neither a level nor says which level a module has.
fn is_stray_word(part: &str) -> bool {
    let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    !part.is_empty() && is_word && part != "skyrig" && part.parse::<LevelFilter>().is_err()
}

/// Whether to colour lines: only for people, and not for those who asked for none.
///
/// Source: no-color.org.
pub(super) fn colours(is_terminal: bool, no_color: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_or_refused() {
        for text in
            ["", " ", "warn", "INFO", "off", "skyrig", "skyrig=debug,warn", "skyrig::cloud", "3"]
        {
            assert!(filter(Some(text.into())).is_ok(), "{text}");
        }
        assert!(filter(None).is_ok());
        for (text, reason) in [
            ("wran", "\"wran\" is not a level"),
            ("warn,verbose", "\"verbose\" is not a level"),
            ("skyrig=loud", "error parsing level filter"),
            ("a=b=c", "error parsing level filter"),
            ("skyrig[", "invalid filter directive"),
        ] {
            let error = filter(Some(text.into())).unwrap_err().to_string();
            assert!(error.starts_with(&format!("RUST_LOG={text} is not understood: ")), "{error}");
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn colours_are_for_terminals() {
        for (is_terminal, no_color, expected) in [
            (true, None, true),
            (true, Some(""), true),
            (true, Some("1"), false),
            (false, None, false),
            (false, Some(""), false),
        ] {
            assert_eq!(colours(is_terminal, no_color.map(OsStr::new)), expected);
        }
    }
}
