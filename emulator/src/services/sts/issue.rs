//! Issuing temporary credentials: a session of the kernel, and what its user is told.

use std::sync::Arc;
use std::time::Duration;

use super::error::StsError;
use super::shapes::{Credentials, PolicyDescriptorType};
use crate::kernel::{Account, Context, Identity, Ids, Secret, Session, SessionKind, SessionTag};

/// What access key ids of temporary credentials begin with.
///
/// Source: IAM user guide "IAM identifiers".
pub(super) const TEMPORARY: &str = "ASIA";

/// How long a session token may be.
///
/// Source: the model's `minimumSessionTokenSizeType`.
const TOKEN_BYTES_MAX: usize = 4096;
/// How long it is without policies and tags.
const TOKEN_BYTES_MIN: usize = 348;

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A session that is about to begin.
pub(super) struct NewSession<'a> {
    pub(super) account: Account,
    pub(super) identity: Identity,
    pub(super) kind: SessionKind,
    pub(super) lasts: Duration,
    pub(super) tags: Vec<SessionTag>,
    pub(super) source_identity: Option<Arc<str>>,
    pub(super) scope_down_policies: u32,
    /// What makes the token longer besides the tags.
    pub(super) policy: Option<&'a str>,
    pub(super) policy_arns: &'a [PolicyDescriptorType],
    pub(super) token_bytes_min: Option<i32>,
}

/// What the answer says of a session that has begun.
pub(super) struct Issued {
    pub(super) credentials: Option<Credentials>,
    /// In percent; only where policies or tags were passed.
    pub(super) packed_policy_size: Option<i32>,
    /// In percent, and in bytes; only where the request has something to say on the token's size.
    pub(super) session_token_utilization: Option<i32>,
    pub(super) session_token_size: Option<i32>,
}

impl NewSession<'_> {
    /// Begins the session.
    ///
    /// # Errors
    /// `PackedPolicyTooLarge`.
    pub(super) fn begin(self, ctx: &mut Context<'_>) -> Result<Issued, StsError> {
        let (size, packs) = self.token_bytes()?;
        let expires = ctx.now() + self.lasts;
        let key = free_key(ctx);
        let secret = letters(ctx.ids(), BASE64, 40);
        let token = letters(ctx.ids(), BASE64, size);
        let credentials = Credentials {
            access_key_id: Some(key.clone()),
            secret_access_key: Some(secret.clone()),
            session_token: Some(token.clone()),
            expiration: Some(expires),
        };
        let session = Session {
            account: self.account,
            identity: self.identity,
            kind: self.kind,
            secret: Secret::from(secret),
            token: Secret::from(token),
            expires,
            tags: self.tags,
            source_identity: self.source_identity,
            scope_down_policies: self.scope_down_policies,
        };
        ctx.sessions().insert(key.into(), session);
        let asked = self.token_bytes_min.is_some();
        let percent = (size * 100).div_ceil(TOKEN_BYTES_MAX) as i32;
        Ok(Issued {
            credentials: Some(credentials),
            packed_policy_size: packs.then_some(percent),
            session_token_utilization: asked.then_some(percent),
            session_token_size: asked.then_some(size as i32),
        })
    }

    /// How long the token is, and whether it holds policies or tags.
    ///
    /// Differs from AWS: a token grows by the plain text of policies and tags in base64; AWS packs
    /// them in a way that is not documented.
    fn token_bytes(&self) -> Result<(usize, bool), StsError> {
        let tags = self.tags.iter().map(|tag| tag.key.len() + tag.value.len());
        let arns = self.policy_arns.iter().filter_map(|it| it.arn.as_ref()).map(String::len);
        let plain = tags.sum::<usize>() + arns.sum::<usize>() + self.policy.map_or(0, str::len);
        let size = TOKEN_BYTES_MIN + plain.div_ceil(3) * 4;
        let wanted = usize::try_from(self.token_bytes_min.unwrap_or(0)).unwrap_or(0);
        let size = size.max(wanted);
        if size > TOKEN_BYTES_MAX {
            return Err(StsError::PackedPolicyTooLarge(size, TOKEN_BYTES_MAX));
        }
        Ok((size, plain > 0))
    }
}

/// An access key id that no session has had.
fn free_key(ctx: &mut Context<'_>) -> String {
    loop {
        let key = format!("{TEMPORARY}{}", letters(ctx.ids(), BASE32, 16));
        if ctx.sessions().is_free(&key) {
            return key;
        }
    }
}

/// So many letters of an alphabet whose size is a power of two, from the seed.
fn letters(ids: &mut Ids, alphabet: &[u8], count: usize) -> String {
    let bits = alphabet.len().trailing_zeros();
    let each = (u64::BITS / bits) as usize;
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let mut drawn = ids.next_u64();
        for _ in 0..each.min(count - text.len()) {
            text.push(char::from(alphabet[drawn as usize % alphabet.len()]));
            drawn >>= bits;
        }
    }
    text
}
