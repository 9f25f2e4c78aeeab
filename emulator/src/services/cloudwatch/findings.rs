//! What is wrong with a request, collected: CloudWatch reports all findings of a kind at once.
//!
//! Paths are those of the query protocol (`MetricData.member.1.Value`), whatever carried the
//! request.

use std::fmt;

use super::error::CloudWatchError;

/// Where something stands in a request. Becomes text only when there is something to report.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    above: Option<&'a Path<'a>>,
    member: &'a str,
    /// Counted from 1, in a list.
    item: Option<usize>,
}

impl<'a> Path<'a> {
    /// A member of the request.
    pub(super) fn of(member: &'a str) -> Self {
        Self { above: None, member, item: None }
    }

    /// A member of what is here.
    pub(super) fn member(&'a self, member: &'a str) -> Self {
        Self { above: Some(self), member, item: None }
    }

    /// An item of the list that is here, counted from 1.
    pub(super) fn item(self, number: usize) -> Self {
        Self { item: Some(number), ..self }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        f.write_str(self.member)?;
        match self.item {
            Some(item) => write!(f, ".member.{item}"),
            None => Ok(()),
        }
    }
}

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
        let Self { missing, combination, value } = self;
        if !missing.is_empty() {
            return Err(CloudWatchError::MissingRequiredParameter(missing.join("\n")));
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

    pub(super) fn required(&mut self, path: Path<'_>) {
        self.missing.push(format!("The parameter {path} is required."));
    }

    pub(super) fn missing(&mut self, sentence: impl Into<String>) {
        self.missing.push(sentence.into());
    }

    pub(super) fn combination(&mut self, sentence: impl Into<String>) {
        self.combination.push(sentence.into());
    }

    pub(super) fn exclusive(&mut self, first: Path<'_>, second: Path<'_>) {
        self.combination(format!(
            "The parameters {first} and {second} are mutually exclusive and you have specified \
             both."
        ));
    }

    pub(super) fn value(&mut self, sentence: impl Into<String>) {
        self.value.push(sentence.into());
    }

    pub(super) fn invalid(&mut self, value: impl fmt::Display, path: Path<'_>) {
        self.value(format!("The value {value} for parameter {path} is invalid."));
    }

    pub(super) fn size(&mut self, path: Path<'_>, size: usize, max: usize) {
        if size > max {
            self.value(format!("The collection {path} must not have a size greater than {max}."));
        }
    }

    /// Text that must be there, ASCII without control characters and at most `max` characters long.
    ///
    /// Source: API reference "MetricDatum" and "Dimension". Unverified: the text on the latter.
    pub(super) fn text(&mut self, path: Path<'_>, text: Option<&str>, max: usize) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return self.required(path);
        };
        if !text.is_ascii() {
            self.value(format!("The value for parameter {path} contains non-ASCII characters."));
        }
        if text.contains(|letter: char| letter.is_ascii_control()) {
            self.value(format!("The value for parameter {path} contains control characters."));
        }
        if text.chars().count() > max {
            let limit = max + 1;
            self.value(format!("The parameter {path} must be shorter than {limit} characters."));
        }
    }

    /// Text that is one of `allowed`.
    pub(super) fn one_of<T: fmt::Display>(&mut self, path: Path<'_>, allowed: &[T]) {
        let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let allowed = allowed.join(", ");
        self.value(format!("The parameter {path} must be a value in the set [ {allowed} ]."));
    }
}
