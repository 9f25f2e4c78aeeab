//! One version of a function: what is run, and the settings that whoever runs it need not know.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::settings::{Settings, Wanted};
use super::shapes::FunctionConfiguration;
use super::state::Lambda;
use crate::kernel::{Context, FunctionVersion, Passing};
use crate::wire::Timestamp;

/// How long a function is being made or changed with a lifecycle of its own time.
const PASSING_TIME: Duration = Duration::from_secs(5);

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    /// What is run; its revision is the version's.
    pub(super) run: Arc<FunctionVersion>,
    pub(super) settings: Settings,
    /// Bytes of the archive.
    pub(super) code_size: u64,
    /// Base64 of the archive's SHA-256, or hexadecimal digits of an image's digest.
    pub(super) code_sha256: String,
    /// An image that nobody has here: code comes from what is attached.
    pub(super) image_uri: Option<String>,
    pub(super) modified: Timestamp,
    creation: Option<Passing>,
    update: Option<Passing>,
}

impl Version {
    /// A version whose creation begins.
    pub(super) fn new(ctx: &Context<'_>, run: FunctionVersion, settings: Settings) -> Self {
        Self {
            run: Arc::new(run),
            settings,
            code_size: 0,
            code_sha256: String::new(),
            image_uri: None,
            modified: ctx.now(),
            creation: Some(Passing::begin(ctx, "Pending", PASSING_TIME)),
            update: None,
        }
    }

    /// Changes its settings; they were checked.
    ///
    /// # Errors
    /// `InvalidParameterValueException` for layers that are not there or are too many.
    pub(super) fn apply(
        &mut self,
        ctx: &mut Context<'_>,
        lambda: &Lambda,
        wanted: Wanted,
    ) -> Result<(), LambdaError> {
        wanted.apply(ctx, lambda, Arc::make_mut(&mut self.run), &mut self.settings)
    }

    /// `$LATEST` was changed: it has another revision, and the change takes a while.
    pub(super) fn changed(&mut self, ctx: &mut Context<'_>) {
        Arc::make_mut(&mut self.run).revision = revision(ctx);
        self.modified = ctx.now();
        self.update = Some(Passing::begin(ctx, "InProgress", PASSING_TIME));
    }

    /// The same under a number.
    pub(super) fn published(
        &self,
        ctx: &mut Context<'_>,
        number: u64,
        description: Option<String>,
    ) -> Self {
        let mut run = FunctionVersion::clone(&self.run);
        run.version = number.to_string().into();
        run.revision = revision(ctx);
        let mut settings = self.settings.clone();
        settings.description = description.unwrap_or(settings.description);
        let creation = Some(Passing::begin(ctx, "Pending", PASSING_TIME));
        Self { run: Arc::new(run), settings, creation, update: None, ..self.clone() }
    }

    /// Whether code and configuration are those of `other`, whatever their numbers.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same = |it: &Self| {
            let (version, revision) = (Arc::from(LATEST), Arc::from(""));
            let run = FunctionVersion { version, revision, ..FunctionVersion::clone(&it.run) };
            let settings = Settings { description: String::new(), ..it.settings.clone() };
            (run, settings, it.image_uri.clone())
        };
        same(self) == same(other)
    }

    pub(super) fn number(&self) -> &str {
        &self.run.version
    }

    pub(super) fn revision(&self) -> &str {
        &self.run.revision
    }

    /// `Pending` or `Active`.
    pub(super) fn state(&self, ctx: &Context<'_>) -> &str {
        status(ctx, self.creation.as_ref(), "Active")
    }

    /// `InProgress` or `Successful`.
    pub(super) fn update_status(&self, ctx: &Context<'_>) -> &str {
        status(ctx, self.update.as_ref(), "Successful")
    }
}

fn status<'p>(ctx: &Context<'_>, passing: Option<&'p Passing>, settled: &'p str) -> &'p str {
    passing.filter(|it| it.lasts(ctx)).map_or(settled, |it| &it.status)
}

/// The id of a new revision.
pub(super) fn revision(ctx: &mut Context<'_>) -> Arc<str> {
    ctx.ids().uuid().to_string().into()
}

/// Checks the revision that a request expects; `told` names the operation that says the latest.
///
/// # Errors
/// `PreconditionFailedException`.
pub(super) fn check_revision(
    expected: Option<&str>,
    latest: Option<&str>,
    told: &'static str,
) -> Result<(), LambdaError> {
    match expected {
        Some(expected) if Some(expected) != latest => Err(LambdaError::Revision(told)),
        _ => Ok(()),
    }
}

impl Function {
    /// Publishes `$LATEST` under the next number, unless it is what was published last.
    pub(super) fn publish(
        &mut self,
        ctx: &mut Context<'_>,
        description: Option<String>,
    ) -> FunctionConfiguration {
        let last = self.versions.last_key_value().map(|(number, _)| *number);
        let unchanged = last.filter(|last| self.versions[last].is_like(&self.latest));
        let number = unchanged.unwrap_or(self.next_version);
        if unchanged.is_none() {
            let version = self.latest.published(ctx, number, description);
            self.next_version = number + 1;
            self.versions.insert(number, version);
        }
        let arn = self.qualified(Some(&number.to_string()));
        self.versions[&number].configuration(ctx, &arn)
    }

    /// Deletes a version that was published.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `ResourceConflictException` while an alias leads to it.
    // Source: users' reports of AWS's answers (aliases that lead to it). Unverified: the first
    // text.
    pub(super) fn delete_version(&mut self, version: &str) -> Result<(), LambdaError> {
        if self.aliases.contains_key(version) {
            return Err(LambdaError::parameter("Deletion of aliases is not currently supported."));
        }
        let leading = self.aliases.iter().filter(|(_, alias)| alias.leads_to(version));
        let leading: Vec<&str> = leading.map(|(name, _)| name.as_str()).collect();
        if !leading.is_empty() {
            return Err(LambdaError::Conflict(format!(
                "Unable to delete version because the following aliases reference it: [{}]",
                leading.join(", ")
            )));
        }
        let number = version.parse().ok();
        let found = number.and_then(|number| self.versions.remove(&number));
        if found.is_none() {
            let arn = self.qualified(Some(version));
            return Err(LambdaError::FunctionNotFound(arn.to_string()));
        }
        self.forget(version);
        Ok(())
    }
}
