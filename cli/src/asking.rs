//! `skyrig trace` and `skyrig why`: questions to a running emulator, answered as text for people.

use std::fmt::Write as _;

use serde::de::DeserializeOwned;

use crate::client::{ClientError, Endpoint};
use skyrig::cloud::Why;
use skyrig::kernel::{MessageId, Trace};

/// A question.
#[derive(Debug, clap::Args)]
pub(crate) struct Question {
    /// What it is about.
    what: String,
    #[command(flatten)]
    endpoint: Endpoint,
    /// Print the data instead of text.
    #[arg(long)]
    json: bool,
}

impl Question {
    /// The story of an id, or of all that mentions a text.
    ///
    /// # Errors
    /// [`ClientError`], also when nothing is known of it.
    pub(crate) fn trace(&self) -> Result<String, ClientError> {
        let what = encoded(&self.what);
        let page = match self.what.parse::<MessageId>() {
            Ok(_) => format!("/_skyrig/trace/{what}"),
            Err(_) => format!("/_skyrig/trace?text={what}"),
        };
        self.answer::<Trace>(&page, ToString::to_string)
    }

    /// Why nothing is in a queue, or comes to a topic or bus.
    ///
    /// # Errors
    /// [`ClientError`], also when there is no such resource.
    pub(crate) fn why(&self) -> Result<String, ClientError> {
        let page = format!("/_skyrig/why/{}", encoded(&self.what));
        let text = |all: &Vec<Why>| all.iter().map(Why::to_string).collect::<Vec<_>>().join("\n");
        self.answer(&page, text)
    }

    fn answer<T: DeserializeOwned>(
        &self,
        page: &str,
        text: impl Fn(&T) -> String,
    ) -> Result<String, ClientError> {
        let body = self.endpoint.page(page)?;
        if self.json {
            return Ok(String::from_utf8_lossy(&body).into_owned());
        }
        self.endpoint.read(&body).map(|answer| text(&answer))
    }
}

/// As a part of a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a String can't fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
