//! One function: its versions, aliases, and all that is said of it beside its code.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::alias::Alias;
use super::concurrency::Provisioned;
use super::error::LambdaError;
use super::event_invoke::EventInvoke;
use super::function_url::FunctionUrl;
use super::permission::ResourcePolicy;
use super::runtime_management::Management;
use super::version::Version;
use crate::kernel::{Arn, Context};

/// One function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Function {
    pub(super) name: Arc<str>,
    /// Without a version.
    pub(super) arn: Arn,
    /// `$LATEST`.
    pub(super) latest: Version,
    /// Those that were published, by number.
    pub(super) versions: BTreeMap<u64, Version>,
    /// The number of the version that is published next: none is given out twice.
    pub(super) next_version: u64,
    /// By name.
    pub(super) aliases: BTreeMap<String, Alias>,
    /// By qualifier; the function's own under [`LATEST`].
    pub(super) policies: BTreeMap<String, ResourcePolicy>,
    pub(super) reserved_concurrency: Option<u32>,
    /// By version or alias.
    pub(super) provisioned: BTreeMap<String, Provisioned>,
    /// How events are invoked that nobody waits for, by qualifier; the function's own under
    /// [`LATEST`].
    pub(super) event_invoke: BTreeMap<String, EventInvoke>,
    /// By alias; the function's own under [`LATEST`].
    pub(super) urls: BTreeMap<String, FunctionUrl>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) code_signing: Option<String>,
    /// When runtimes are updated, by version.
    #[serde(default)]
    pub(super) runtime_management: BTreeMap<String, Management>,
    /// `Allow` or `Terminate`.
    pub(super) recursive_loop: String,
}

impl Function {
    pub(super) fn new(arn: Arn, latest: Version) -> Self {
        Self {
            name: Arc::clone(&latest.run.name),
            arn,
            latest,
            versions: BTreeMap::new(),
            next_version: 1,
            aliases: BTreeMap::new(),
            policies: BTreeMap::new(),
            reserved_concurrency: None,
            provisioned: BTreeMap::new(),
            event_invoke: BTreeMap::new(),
            urls: BTreeMap::new(),
            tags: BTreeMap::new(),
            code_signing: None,
            runtime_management: BTreeMap::new(),
            recursive_loop: "Terminate".to_owned(),
        }
    }

    /// Its ARN with a version or an alias.
    pub(super) fn qualified(&self, qualifier: Option<&str>) -> Arn {
        match qualifier {
            None => self.arn.clone(),
            Some(it) => self.arn.scope.arn("lambda", format!("{}:{it}", self.arn.resource)),
        }
    }

    /// The version that an invocation runs which names `qualifier`: `$LATEST` where it names none.
    /// An alias with weights draws by `draw`, which gives a number from 0 to below 1.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn resolve(
        &self,
        qualifier: Option<&str>,
        draw: impl FnOnce() -> f64,
    ) -> Result<&Version, LambdaError> {
        let alias = qualifier.and_then(|it| self.aliases.get(it));
        let number = alias.map(|alias| alias.draw(draw));
        self.numbered(number.as_deref().or(qualifier))
            .ok_or_else(|| LambdaError::FunctionNotFound(self.qualified(qualifier).to_string()))
    }

    /// The version that is meant by a qualifier when it is looked at: that of an alias without its
    /// other weights.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn look(&self, qualifier: Option<&str>) -> Result<&Version, LambdaError> {
        // Above every weight.
        self.resolve(qualifier, || 1.0)
    }

    /// A version by its number or as `$LATEST`.
    pub(super) fn numbered(&self, version: Option<&str>) -> Option<&Version> {
        match version {
            None | Some(LATEST) => Some(&self.latest),
            Some(number) => self.versions.get(&number.parse().ok()?),
        }
    }

    /// Whether a qualifier names a version or an alias.
    pub(super) fn has(&self, qualifier: &str) -> bool {
        self.aliases.contains_key(qualifier) || self.numbered(Some(qualifier)).is_some()
    }

    /// Every version, `$LATEST` first.
    pub(super) fn all_versions(&self) -> impl Iterator<Item = &Version> {
        std::iter::once(&self.latest).chain(self.versions.values())
    }

    pub(super) fn code_bytes(&self) -> u64 {
        self.all_versions().map(|version| version.code_size).fold(0, u64::saturating_add)
    }

    /// Nothing is changed while a change is under way.
    ///
    /// # Errors
    /// `ResourceConflictException`.
    pub(super) fn check_settled(&self, ctx: &Context<'_>) -> Result<(), LambdaError> {
        let state = self.latest.state(ctx);
        if state != "Active" {
            return Err(LambdaError::Conflict(format!(
                "The operation cannot be performed at this time. The function is currently in \
                 the following state: {state}"
            )));
        }
        if self.latest.update_status(ctx) == "InProgress" {
            return Err(LambdaError::Conflict(format!(
                "The operation cannot be performed at this time. An update is in progress for \
                 resource: {}",
                self.arn
            )));
        }
        Ok(())
    }
}
