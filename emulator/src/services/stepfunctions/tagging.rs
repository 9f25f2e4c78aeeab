//! Tags of state machines and activities.

use std::collections::BTreeMap;

use super::error::StepFunctionsError;
use super::names;
use super::shapes::Tag;
use super::state::StepFunctions;
use crate::kernel::{Arn, Context};
use crate::services::shared::constraint::Constraints;

/// Source: "Step Functions service quotas".
const TAGS_MAX: usize = 50;
const KEY_CHARACTERS: (usize, usize) = (1, 128);
const VALUE_CHARACTERS: (usize, usize) = (0, 256);

impl Constraints {
    pub(super) fn states_tags(&mut self, tags: Option<&Vec<Tag>>) {
        for (number, tag) in (1..).zip(tags.into_iter().flatten()) {
            let member = |name: &str| format!("tags.{number}.member.{name}");
            self.length(&member("key"), tag.key.as_deref(), KEY_CHARACTERS);
            self.length(&member("value"), tag.value.as_deref(), VALUE_CHARACTERS);
        }
    }
}

/// What `known` and `new` are together.
///
/// # Errors
/// `TooManyTags`.
pub(super) fn joined(
    known: &BTreeMap<String, String>,
    new: Option<Vec<Tag>>,
    arn: &str,
) -> Result<BTreeMap<String, String>, StepFunctionsError> {
    let mut all = known.clone();
    for tag in new.into_iter().flatten() {
        all.insert(tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
    }
    if all.len() > TAGS_MAX {
        return Err(StepFunctionsError::TooManyTags(arn.to_owned()));
    }
    Ok(all)
}

impl StepFunctions {
    /// The tags of a state machine or an activity.
    ///
    /// # Errors
    /// `InvalidArn`, `ResourceNotFound`.
    pub(super) fn tags(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut BTreeMap<String, String>, StepFunctionsError> {
        let missing = || StepFunctionsError::ResourceNotFound(text.unwrap_or_default().to_owned());
        if let Ok(name) = names::activity(text) {
            let is_here = |arn: &Arn| names::is_here(ctx, arn);
            let given: Option<Arn> = text.and_then(|it| it.parse().ok());
            let found =
                self.activities.get_mut(&name).filter(|_| given.is_some_and(|it| is_here(&it)));
            return found.map(|activity| &mut activity.tags).ok_or_else(missing);
        }
        let of = names::machine(text)?;
        let machine = self.machine(ctx, &of).map_err(|_| missing())?;
        Ok(&mut machine.tags)
    }
}
