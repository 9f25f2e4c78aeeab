//! What the model says of members, as AWS checks them before the operation sees them.

use skyrig_asl::execution::PAYLOAD_BYTES_MAX;

use super::error::StepFunctionsError;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| StepFunctionsError::from(broken).into());

/// Characters of an ARN, and of the ARN of a map run.
const ARN_CHARACTERS: (usize, usize) = (1, 256);
const LONG_ARN_CHARACTERS: (usize, usize) = (1, 2000);
const NAME_CHARACTERS: (usize, usize) = (1, 80);
const PAGE_ENTRIES: (i32, i32) = (0, 1000);

impl Constraints {
    /// An ARN that must be there.
    pub(super) fn states_arn(&mut self, member: &str, arn: Option<&String>) {
        self.required(member, arn);
        self.length(member, arn.map(String::as_str), ARN_CHARACTERS);
    }

    /// The longer ARN of a map run or a version.
    pub(super) fn states_long_arn(&mut self, member: &str, arn: Option<&String>) {
        self.required(member, arn);
        self.length(member, arn.map(String::as_str), LONG_ARN_CHARACTERS);
    }

    pub(super) fn states_name(&mut self, member: &str, name: Option<&String>) {
        self.length(member, name.map(String::as_str), NAME_CHARACTERS);
    }

    pub(super) fn states_page(&mut self, max_results: Option<i32>) {
        self.range("maxResults", max_results, PAGE_ENTRIES);
    }

    /// A text of so many bytes at most; too long to be shown.
    pub(super) fn states_text(&mut self, member: &str, text: Option<&String>, bytes_max: usize) {
        if text.is_some_and(|text| text.len() > bytes_max) {
            let constraint = format!("Member must have length less than or equal to {bytes_max}");
            self.broken(member, "", constraint);
        }
    }

    /// An input or the like.
    pub(super) fn states_payload(&mut self, member: &str, text: Option<&String>) {
        self.states_text(member, text, PAYLOAD_BYTES_MAX);
    }

    pub(super) fn states_included(&mut self, included: Option<&String>) {
        let allowed = ["ALL_DATA", "METADATA_ONLY"];
        self.one_of("includedData", included.map(String::as_str), &allowed);
    }
}
