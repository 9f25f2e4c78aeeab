//! GetWebIdentityToken: a signed token that tells services outside of AWS who calls.
//!
//! An account has this feature only once it was switched on in IAM, which is not here; until then
//! AWS refuses, and so does this.
//! Limits: 60 to 3,600 s, 300 s by default; 10 audiences.
//! Errors: ValidationError, AccessDenied (for federated users), SessionDurationEscalationException,
//! OutboundWebIdentityFederationDisabledException. Source: API reference "GetWebIdentityToken".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, SessionKind};
use crate::services::sts::caller;
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::shapes::Tag;
use crate::wire::Timestamp;

const DURATION: (i32, i32) = (60, 3600);
const DURATION_DEFAULT: i32 = 300;
const AUDIENCES: (usize, usize) = (1, 10);
const SUBJECT_MODES: [&str; 2] = ["AWSIdentity", "OriginIdentity"];
const ALGORITHMS: [&str; 2] = ["RS256", "ES384"];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub audience: Option<Vec<String>>,
    pub duration_seconds: Option<i32>,
    pub signing_algorithm: Option<String>,
    pub scope: Option<String>,
    pub subject_mode: Option<String>,
    pub tags: Vec<Tag>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub web_identity_token: Option<String>,
    pub expiration: Option<Timestamp>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let refused = [SessionKind::FederatedUser];
    let calling = caller::session_but(ctx, "GetWebIdentityToken", &refused)?;
    let seconds = request.duration_seconds.unwrap_or(DURATION_DEFAULT);
    let lasts = Duration::from_secs(seconds.unsigned_abs().into());
    if calling.is_some_and(|session| session.expires.since(ctx.now()) < lasts) {
        return Err(StsError::SessionDurationEscalation);
    }
    Err(StsError::OutboundWebIdentityFederationDisabled)
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.required("audience", self.audience.as_ref());
        if let Some(audience) = &self.audience {
            check.entries("audience", audience, AUDIENCES);
            for (number, one) in (1..).zip(audience.iter().take(AUDIENCES.1)) {
                let member = format!("audience.{number}.member");
                check.text(&member, Some(one), &constraint::AUDIENCE);
            }
        }
        check.range("durationSeconds", self.duration_seconds, DURATION);
        let algorithm = self.signing_algorithm.as_ref();
        check.required_text("signingAlgorithm", algorithm, &constraint::JWT_ALGORITHM);
        check.text("scope", self.scope.as_deref(), &constraint::TOKEN_SCOPE);
        check.one_of("subjectMode", self.subject_mode.as_deref(), &SUBJECT_MODES);
        check.tags(&self.tags);
        check.done()?;
        match algorithm.filter(|it| !ALGORITHMS.contains(&it.as_str())) {
            // Unverified: the text.
            Some(other) => Err(StsError::Validation(format!(
                "{other} is not a valid signing algorithm: {}",
                ALGORITHMS.join(", ")
            ))),
            None => Ok(()),
        }
    }
}
