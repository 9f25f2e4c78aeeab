//! Names and ARNs: what they may be, and what they name.

use std::sync::Arc;

use super::error::StepFunctionsError;
use crate::kernel::{Arn, Context};

/// A state machine's ARN, perhaps with the number of a version or the name of an alias.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MachineArn {
    pub(super) arn: Arn,
    pub(super) name: String,
    pub(super) qualifier: Option<String>,
}

impl MachineArn {
    /// The machine's own ARN, without what follows its name.
    pub(super) fn plain(&self) -> Arn {
        self.arn.scope.arn("states", format!("stateMachine:{}", self.name))
    }
}

/// Reads an ARN of this service; gives it with the parts of its resource.
fn read(text: &str) -> Result<(Arn, Vec<String>), StepFunctionsError> {
    let invalid = |why: String| StepFunctionsError::InvalidArn(why);
    if !text.starts_with("arn:") {
        return Err(invalid(format!("Invalid ARN prefix: {text}")));
    }
    // Unverified: the texts of these two.
    let arn: Arn = text.parse().map_err(|_| invalid(format!("Invalid ARN: {text}")))?;
    if &*arn.service != "states" {
        return Err(invalid(format!("Invalid service: {}", arn.service)));
    }
    let parts = arn.resource.split(':').map(str::to_owned).collect();
    Ok((arn, parts))
}

fn wrong_kind(kind: &str) -> StepFunctionsError {
    StepFunctionsError::InvalidArn(format!("Resource type not valid in this context: {kind}"))
}

/// The ARN of a state machine, a version or an alias.
///
/// # Errors
/// `InvalidArn`.
pub(super) fn machine(text: Option<&str>) -> Result<MachineArn, StepFunctionsError> {
    let (arn, parts) = read(text.unwrap_or_default())?;
    let mut parts = parts.into_iter();
    match (parts.next().as_deref(), parts.next(), parts.next(), parts.next()) {
        (Some("stateMachine"), Some(name), qualifier, None) => {
            // Before the slash stands the machine, behind it the label of one of its maps.
            let name = name.split('/').next().unwrap_or_default().to_owned();
            Ok(MachineArn { arn, name, qualifier })
        }
        (kind, ..) => Err(wrong_kind(kind.unwrap_or_default())),
    }
}

/// The key of an execution in the state: what stands behind `execution:` or `express:`.
///
/// # Errors
/// `InvalidArn`, also for the ARN of an Express execution, of which nothing is kept.
pub(super) fn execution(text: Option<&str>) -> Result<Arc<str>, StepFunctionsError> {
    let (arn, parts) = read(text.unwrap_or_default())?;
    match (parts[0].as_str(), parts.len()) {
        ("execution", 3) => Ok(arn.resource["execution:".len()..].into()),
        (kind, _) => Err(wrong_kind(kind)),
    }
}

/// # Errors
/// `InvalidArn`.
pub(super) fn activity(text: Option<&str>) -> Result<String, StepFunctionsError> {
    let (_, mut parts) = read(text.unwrap_or_default())?;
    match (parts[0].as_str(), parts.len()) {
        ("activity", 2) => Ok(parts.remove(1)),
        (kind, _) => Err(wrong_kind(kind)),
    }
}

/// The machine that a map run's ARN names.
///
/// # Errors
/// `InvalidArn`.
pub(super) fn map_run(text: Option<&str>) -> Result<String, StepFunctionsError> {
    let (_, parts) = read(text.unwrap_or_default())?;
    match (parts[0].as_str(), parts.len()) {
        ("mapRun", 3) => Ok(parts[1].split('/').next().unwrap_or_default().to_owned()),
        (kind, _) => Err(wrong_kind(kind)),
    }
}

/// Whether an ARN belongs to the account and region that were asked.
pub(super) fn is_here(ctx: &Context<'_>, arn: &Arn) -> bool {
    arn.scope == *ctx.scope()
}

/// # Errors
/// `InvalidName`. Recorded for activities, 2024-11-25.
pub(super) fn check(name: Option<&str>) -> Result<String, StepFunctionsError> {
    let name = name.unwrap_or_default();
    let forbidden =
        |it: char| it.is_control() || it.is_whitespace() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(it);
    if name.is_empty() || name.chars().any(forbidden) {
        return Err(StepFunctionsError::InvalidName(name.to_owned()));
    }
    Ok(name.to_owned())
}

/// The name of an alias, which must not be a number.
///
/// # Errors
/// `InvalidName`.
pub(super) fn check_alias(name: Option<&str>) -> Result<String, StepFunctionsError> {
    let name = name.unwrap_or_default();
    let fits = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    if !name.chars().all(fits) || name.chars().all(|it| it.is_ascii_digit()) {
        return Err(StepFunctionsError::InvalidName(name.to_owned()));
    }
    Ok(name.to_owned())
}
