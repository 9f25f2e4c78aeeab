//! Code signing configurations: whose signatures the code of functions may have. They are stored;
//! no signature is ever looked at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::LambdaError;
use super::permission::no_resource;
use super::shapes::{AllowedPublishers, CodeSigningConfig, CodeSigningPolicies};
use super::state::Lambda;
use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::wire::Timestamp;

/// Source: AWS's model.
const PUBLISHERS: (usize, usize) = (1, 20);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 256);
const POLICIES: [&str; 2] = ["Warn", "Enforce"];
/// Configurations of an account in a region; AWS gives no bound.
const CONFIGS_MAX: usize = 10_000;

/// What a request says of a configuration.
type Told = (Option<AllowedPublishers>, Option<CodeSigningPolicies>, Option<String>);
/// The same, looked at.
type Asked<'a> = (Option<&'a AllowedPublishers>, Option<&'a CodeSigningPolicies>, Option<&'a str>);

/// One configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CodeSigning {
    id: String,
    arn: String,
    publishers: Vec<String>,
    /// What becomes of code with another signature, or none: `Warn` or `Enforce`.
    policy: String,
    description: Option<String>,
    modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

impl CodeSigning {
    pub(super) fn new(ctx: &mut Context<'_>, tags: BTreeMap<String, String>) -> Self {
        let (first, second) = (ctx.ids().next_u64(), ctx.ids().next_u64() & 0xf);
        let id = format!("csc-{first:016x}{second:x}");
        Self {
            arn: ctx.arn(format!("code-signing-config:{id}")).to_string(),
            id,
            publishers: Vec::new(),
            policy: POLICIES[0].to_owned(),
            description: None,
            modified: ctx.now(),
            tags,
        }
    }

    pub(super) fn arn(&self) -> &str {
        &self.arn
    }

    /// Takes what is given; the rest stays.
    pub(super) fn change(&mut self, ctx: &Context<'_>, (publishers, policies, text): Told) {
        let publishers = publishers.and_then(|it| it.signing_profile_version_arns);
        self.publishers = publishers.unwrap_or(std::mem::take(&mut self.publishers));
        let policy = policies.and_then(|it| it.untrusted_artifact_on_deployment);
        self.policy = policy.unwrap_or(std::mem::take(&mut self.policy));
        self.description = text.or(self.description.take());
        self.modified = ctx.now();
    }

    pub(super) fn told(&self) -> CodeSigningConfig {
        CodeSigningConfig {
            allowed_publishers: Some(AllowedPublishers {
                signing_profile_version_arns: Some(self.publishers.clone()),
            }),
            code_signing_config_arn: Some(self.arn.clone()),
            code_signing_config_id: Some(self.id.clone()),
            code_signing_policies: Some(CodeSigningPolicies {
                untrusted_artifact_on_deployment: Some(self.policy.clone()),
            }),
            description: Some(self.description.clone().unwrap_or_default()),
            last_modified: Some(self.modified.iso_millis()),
        }
    }
}

impl Constraints {
    /// The members of a configuration, as far as they are there.
    pub(in crate::services::lambda) fn code_signing(
        &mut self,
        (publishers, policies, description): Asked<'_>,
    ) {
        if let Some(publishers) = publishers {
            let member = "allowedPublishers.signingProfileVersionArns";
            let arns = publishers.signing_profile_version_arns.as_ref();
            self.required(member, arns);
            self.entries(member, arns.map(Vec::as_slice).unwrap_or_default(), PUBLISHERS);
        }
        let policy = policies.and_then(|it| it.untrusted_artifact_on_deployment.as_deref());
        let member = "codeSigningPolicies.untrustedArtifactOnDeployment";
        self.one_of(member, policy, &POLICIES);
        self.length("description", description, DESCRIPTION_CHARACTERS);
    }
}

impl Lambda {
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn code_signing(
        &mut self,
        arn: Option<&str>,
    ) -> Result<&mut CodeSigning, LambdaError> {
        self.code_signing.get_mut(arn.unwrap_or_default()).ok_or_else(no_resource)
    }

    /// # Errors
    /// `CodeSigningConfigNotFoundException` for one that a function is to have.
    pub(super) fn check_code_signing(&self, arn: Option<&str>) -> Result<(), LambdaError> {
        match arn.is_none_or(|arn| self.code_signing.contains_key(arn)) {
            true => Ok(()),
            false => Err(LambdaError::NoCodeSigning),
        }
    }

    /// # Errors
    /// `InvalidParameterValueException` when there are too many.
    pub(super) fn check_code_signing_room(&self) -> Result<(), LambdaError> {
        match self.code_signing.len() < CONFIGS_MAX {
            true => Ok(()),
            false => Err(LambdaError::parameter(
                "The number of code signing configurations exceeds the limit.",
            )),
        }
    }
}
