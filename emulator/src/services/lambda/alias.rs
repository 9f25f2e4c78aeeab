//! Aliases: names of versions, which may share out invocations between two.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::shapes::{AliasConfiguration, AliasRoutingConfiguration};
use crate::services::shared::constraint::Constraints;

const NAME: &str = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";
const NAME_CHARACTERS: (usize, usize) = (1, 128);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 256);
const VERSION: &str = "(\\$LATEST|[0-9]+)";

/// One alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Alias {
    /// `$LATEST` or a number.
    pub(super) version: String,
    pub(super) description: String,
    /// Another version, and the share of invocations that it gets.
    pub(super) other: Option<(String, f64)>,
    pub(super) revision: Arc<str>,
}

impl Alias {
    /// The version of one invocation.
    pub(super) fn draw(&self, draw: impl FnOnce() -> f64) -> String {
        match &self.other {
            Some((version, weight)) if draw() < *weight => version.clone(),
            _ => self.version.clone(),
        }
    }

    /// Whether it leads to a version.
    pub(super) fn leads_to(&self, version: &str) -> bool {
        self.version == version || self.other.as_ref().is_some_and(|other| other.0 == version)
    }

    /// The alias as everybody sees it.
    pub(super) fn shown(&self, function: &Function, name: &str) -> AliasConfiguration {
        let weights = self.other.clone().map(|other| BTreeMap::from([other]));
        AliasConfiguration {
            alias_arn: Some(function.qualified(Some(name)).to_string()),
            description: Some(self.description.clone()),
            function_version: Some(self.version.clone()),
            name: Some(name.to_owned()),
            revision_id: Some(self.revision.to_string()),
            routing_config: weights.map(|weights| AliasRoutingConfiguration {
                additional_version_weights: Some(weights),
            }),
        }
    }
}

impl Constraints {
    /// The members of an alias that are texts, as far as they are there.
    pub(in crate::services::lambda) fn alias(
        &mut self,
        name: Option<&str>,
        version: Option<&str>,
        description: Option<&str>,
    ) {
        self.length("name", name, NAME_CHARACTERS);
        let is_word = |it: &str| it.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let is_number = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(name) = name.filter(|it| !is_word(it) || is_number(it)) {
            self.not_of_pattern("name", name, NAME);
        }
        if let Some(version) = version.filter(|it| *it != LATEST && !is_number(it)) {
            self.not_of_pattern("functionVersion", version, VERSION);
        }
        self.length("description", description, DESCRIPTION_CHARACTERS);
    }
}

impl Function {
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn alias(&mut self, name: &str) -> Result<&mut Alias, LambdaError> {
        let arn = self.qualified(Some(name));
        self.aliases.get_mut(name).ok_or_else(|| LambdaError::AliasNotFound(arn.to_string()))
    }

    /// Checks that a version is there to which an alias is to lead.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn check_version(&self, version: &str) -> Result<(), LambdaError> {
        match self.numbered(Some(version)) {
            Some(_) => Ok(()),
            None => {
                let arn = self.qualified(Some(version));
                Err(LambdaError::FunctionNotFound(arn.to_string()))
            }
        }
    }

    /// The other version of an alias that leads to `version`, and its share.
    ///
    /// # Errors
    /// `InvalidParameterValueException`, `ValidationException`, `ResourceNotFoundException`.
    pub(super) fn routing(
        &self,
        version: &str,
        config: Option<AliasRoutingConfiguration>,
    ) -> Result<Option<(String, f64)>, LambdaError> {
        let weights = config.and_then(|it| it.additional_version_weights).unwrap_or_default();
        if weights.len() > 1 {
            return Err(LambdaError::parameter(
                "Number of items in AdditionalVersionWeights cannot be greater than 1",
            ));
        }
        let Some((other, weight)) = weights.into_iter().next() else { return Ok(None) };
        if !(0.0..=1.0).contains(&weight) {
            let mut it = Constraints::default();
            it.broken(
                "routingConfig.additionalVersionWeights",
                format_args!(" '{{{other}={weight}}}'"),
                "Map value must satisfy constraint: [Member must have value less than or equal to \
                 1.0, Member must have value greater than or equal to 0.0]",
            );
            it.done()?;
        }
        if version == LATEST || other == LATEST {
            return Err(LambdaError::parameter(
                "$LATEST is not supported for an alias pointing to more than 1 version",
            ));
        }
        if version == other {
            return Err(LambdaError::Parameter(format!(
                "Invalid function version {other}. Function version {other} is already included \
                 in routing configuration."
            )));
        }
        self.check_version(&other)?;
        Ok(Some((other, weight)))
    }

    /// What is said of a version or an alias goes with it.
    pub(super) fn forget(&mut self, qualifier: &str) {
        self.policies.remove(qualifier);
        self.provisioned.remove(qualifier);
        self.event_invoke.remove(qualifier);
        self.urls.remove(qualifier);
    }
}
