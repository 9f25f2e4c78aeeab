//! The tags of a session: those that the request passes, and those of the calling session.

use super::constraint::{Constraints, SOURCE_IDENTITY};
use super::error::StsError;
use super::shapes::Tag;
use crate::kernel::{Session, SessionTag};

/// The tags of a new session.
///
/// # Errors
/// `InvalidParameterValue`. Source: answers recorded on AWS, 2025-04-10 (conflicts); IAM user guide
/// "Pass session tags in AWS STS". Unverified: the text on reserved keys.
pub(super) fn of_session(
    tags: &[Tag],
    transitive: &[String],
    calling: Option<&Session>,
) -> Result<Vec<SessionTag>, StsError> {
    let inherited = calling.map_or(&[][..], |session| &session.tags);
    let inherited = inherited.iter().filter(|tag| tag.transitive);
    let mut all: Vec<SessionTag> = Vec::with_capacity(tags.len());
    for Tag { key, value } in tags {
        let key = key.clone().unwrap_or_default();
        if all.iter().any(|tag| same(&tag.key, &key)) {
            return Err(StsError::InvalidParameterValue(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        if key.get(..4).is_some_and(|prefix| same(prefix, "aws:")) {
            return Err(StsError::InvalidParameterValue(
                "Tag keys that start with 'aws:' are reserved for system use",
            ));
        }
        let is_transitive = transitive.iter().any(|other| same(other, &key));
        let value = value.clone().unwrap_or_default();
        all.push(SessionTag { key, value, transitive: is_transitive });
    }
    if !transitive.iter().all(|key| all.iter().any(|tag| same(&tag.key, key))) {
        return Err(StsError::InvalidParameterValue(
            "The specified transitive tag key must be included in the requested tags.",
        ));
    }
    for tag in inherited {
        if all.iter().any(|other| same(&other.key, &tag.key)) {
            return Err(StsError::InvalidParameterValue(
                "One of the specified transitive tag keys can't be set because it conflicts with \
                 a transitive tag key from the calling session.",
            ));
        }
        all.push(tag.clone());
    }
    Ok(all)
}

/// The tags of a session that a token or assertion asks for, which has to keep the bounds of
/// requests.
///
/// # Errors
/// `ValidationError`, and those of [`of_session`].
pub(super) fn of_token(
    tags: &[Tag],
    transitive: &[String],
    source_identity: Option<&str>,
) -> Result<Vec<SessionTag>, StsError> {
    let mut check = Constraints::default();
    check.tags(tags);
    check.transitive_tag_keys(transitive);
    check.text("sourceIdentity", source_identity, &SOURCE_IDENTITY);
    check.done()?;
    of_session(tags, transitive, None)
}

/// Keys of tags ignore case.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
