//! What is wrong with a request, collected: CloudWatch reports all findings of a kind at once.
//!
//! Paths are those of the query protocol (`MetricData.member.1.Value`), whatever carried the
//! request.

use super::error::CloudWatchError;

/// The findings so far, by kind.
#[derive(Debug, Default)]
pub(super) struct Findings {
    missing: Vec<String>,
    combination: Vec<String>,
    value: Vec<String>,
}

impl Findings {
    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// The most basic kind that was found, with all its findings. Unverified: the order of kinds.
    pub(super) fn done(self) -> Result<(), CloudWatchError> {
        let Self {
            missing,
            combination,
            value,
        } = self;
        if !missing.is_empty() {
            return Err(CloudWatchError::MissingRequiredParameter(
                missing.join("\n"),
            ));
        }
        if !combination.is_empty() {
            let sentences = combination.join("\n");
            return Err(CloudWatchError::InvalidParameterCombination(sentences));
        }
        if !value.is_empty() {
            return Err(CloudWatchError::InvalidParameterValue(value.join("\n")));
        }
        Ok(())
    }

    pub(super) fn required(&mut self, path: &str) {
        self.missing
            .push(format!("The parameter {path} is required."));
    }

    pub(super) fn missing(&mut self, sentence: impl Into<String>) {
        self.missing.push(sentence.into());
    }

    pub(super) fn combination(&mut self, sentence: impl Into<String>) {
        self.combination.push(sentence.into());
    }

    pub(super) fn exclusive(&mut self, first: &str, second: &str) {
        self.combination(format!(
            "The parameters {first} and {second} are mutually exclusive and you have specified \
             both."
        ));
    }

    pub(super) fn value(&mut self, sentence: impl Into<String>) {
        self.value.push(sentence.into());
    }

    pub(super) fn invalid(&mut self, value: impl std::fmt::Display, path: &str) {
        self.value(format!(
            "The value {value} for parameter {path} is invalid."
        ));
    }

    pub(super) fn size(&mut self, path: &str, size: usize, max: usize) {
        if size > max {
            self.value(format!(
                "The collection {path} must not have a size greater than {max}."
            ));
        }
    }

    /// Text that must be there, ASCII and at most `max` characters long.
    pub(super) fn text(&mut self, path: &str, text: Option<&str>, max: usize) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return self.required(path);
        };
        if !text.is_ascii() {
            self.value(format!(
                "The value for parameter {path} contains non-ASCII characters."
            ));
        }
        if text.chars().count() > max {
            let limit = max + 1;
            self.value(format!(
                "The parameter {path} must be shorter than {limit} characters."
            ));
        }
    }

    /// Text that is one of `allowed`.
    pub(super) fn one_of<T: std::fmt::Display>(&mut self, path: &str, allowed: &[T]) {
        let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let allowed = allowed.join(", ");
        self.value(format!(
            "The parameter {path} must be a value in the set [ {allowed} ]."
        ));
    }
}
