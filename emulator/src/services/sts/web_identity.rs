//! An OpenID Connect ID token: what it claims. Who signed it is not verified, as the identity
//! provider's keys cannot be fetched here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::error::StsError;
use super::shapes::Tag;
use crate::wire::Timestamp;

const NOT_A_JWT: &str = "The ID Token provided is not a valid JWT. (You may see this \
                         error if you sent an Access Token)";
/// The claim that holds session tags.
///
/// Source: IAM user guide "Pass session tags in AWS STS", AssumeRoleWithWebIdentity.
const TAGS: &str = "https://aws.amazon.com/tags";
/// The claim that holds the source identity.
///
/// Source: IAM user guide "Monitor and control actions taken with assumed roles".
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// What a token says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WebIdentity {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audience: String,
    pub(super) source_identity: Option<String>,
    pub(super) tags: Vec<Tag>,
    pub(super) transitive_tag_keys: Vec<String>,
}

impl WebIdentity {
    /// Reads a token.
    ///
    /// # Errors
    /// `InvalidIdentityToken`, or `ExpiredTokenException` from its end on. Source: answers of AWS
    /// as users report them. Unverified: the texts on missing claims.
    pub(super) fn read(token: &str, now: Timestamp) -> Result<Self, StsError> {
        let invalid = StsError::InvalidIdentityToken;
        let claims = claims(token).ok_or(invalid(NOT_A_JWT))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let issuer = text("iss").ok_or(invalid("Missing a required claim: iss"))?;
        let subject = text("sub").ok_or(invalid("Missing a required claim: sub"))?;
        let audience = audience(&claims).ok_or(invalid("Missing a required claim: aud"))?;
        let expires = claims.get("exp").and_then(Value::as_i64);
        let expires = expires.ok_or(invalid("Missing a required claim: exp"))?;
        if now.seconds() >= expires {
            return Err(StsError::ExpiredToken(now.seconds(), expires));
        }
        let (tags, transitive_tag_keys) = tags(&claims);
        let source_identity = text(SOURCE_IDENTITY);
        Ok(Self { issuer, subject, audience, source_identity, tags, transitive_tag_keys })
    }
}

/// The claims of `header.payload.signature`.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let object = |part: &str| -> Option<Map<String, Value>> {
        let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    object(header)?;
    object(payload)
}

/// `azp`, which says who asked for the token, counts before the first `aud`.
///
/// Source: IAM user guide "Available keys for AWS OIDC federation".
fn audience(claims: &Map<String, Value>) -> Option<String> {
    let aud = match claims.get("aud")? {
        Value::Array(all) => all.first()?.as_str()?,
        one => one.as_str()?,
    };
    let azp = claims.get("azp").and_then(Value::as_str);
    Some(azp.unwrap_or(aud).to_owned())
}

fn tags(claims: &Map<String, Value>) -> (Vec<Tag>, Vec<String>) {
    let of_aws = claims.get(TAGS).and_then(Value::as_object);
    let principal = of_aws.and_then(|it| it.get("principal_tags")).and_then(Value::as_object);
    let text = |value: &Value| match value {
        Value::Array(all) => all.first().and_then(Value::as_str).map(str::to_owned),
        one => one.as_str().map(str::to_owned),
    };
    let tag = |(key, value): (&String, &Value)| Tag { key: Some(key.clone()), value: text(value) };
    let transitive = of_aws.and_then(|it| it.get("transitive_tag_keys")).and_then(Value::as_array);
    let transitive = transitive.into_iter().flatten().filter_map(Value::as_str);
    let tags = principal.into_iter().flatten().map(tag).collect();
    (tags, transitive.map(str::to_owned).collect())
}
