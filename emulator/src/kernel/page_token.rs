//! The tokens by which clients ask for the next page of a list.
//!
//! Opaque to clients: a digest that only this state makes, and where the next page begins. One that
//! is forged, or of another operation, account or region, or of before a reset, is none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::Context;

/// Bytes of the digest.
const DIGEST_BYTES: usize = 12;

impl Context<'_> {
    /// The token of the page that begins behind `position` in the list that the operation gives.
    pub fn page_token(&self, position: &str) -> String {
        let digest = self.page_digest(position);
        URL_SAFE_NO_PAD.encode([&digest, position.as_bytes()].concat())
    }

    /// Where the page of a token begins, if this operation has given it out.
    pub fn page_position(&self, token: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (digest, position) = bytes.split_first_chunk()?;
        let position = std::str::from_utf8(position).ok()?;
        (*digest == self.page_digest(position)).then(|| position.to_owned())
    }

    fn page_digest(&self, position: &str) -> [u8; DIGEST_BYTES] {
        let settings = self.settings();
        let mut digest = Sha256::new();
        for number in [settings.seed, settings.resets] {
            digest.update(number.to_be_bytes());
        }
        for text in [self.action(), self.account(), self.region(), position] {
            digest.update(text);
            digest.update([0]);
        }
        *digest.finalize().first_chunk().expect("a SHA-256 has 32 bytes")
    }
}
