//! What the members of requests must be: the model's shapes.

use super::error::LogsError;
use crate::services::shared::constraint::Broken;
pub(super) use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be. Deliveries have an error of their own for it.
pub(super) static MODEL: Model = Model::new(include_str!("model.json"), |operation, broken| {
    match operation.contains("Deliver") {
        true => as_validation(broken).into(),
        false => LogsError::from(broken).into(),
    }
});

/// A pattern as the model writes it, and which letters it takes.
type Letters = (&'static str, fn(char) -> bool);

/// What a text must be; lengths are in characters.
pub(super) struct Text {
    length: (usize, usize),
    letters: Option<Letters>,
}

const fn text(min: usize, max: usize, letters: Option<Letters>) -> Text {
    Text { length: (min, max), letters }
}

fn of_group(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._/#-".contains(letter)
}

fn of_identifier(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_#+=/:,.@-".contains(letter)
}

fn of_stream(letter: char) -> bool {
    !":*".contains(letter)
}

fn of_metric(letter: char) -> bool {
    !":*$".contains(letter)
}

fn of_delivery(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_-".contains(letter)
}

fn of_tag(letter: char) -> bool {
    letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter)
}

/// The longest name of a group or stream.
const NAME_MAX: usize = 512;

// Source: the model's shapes.
pub(super) const GROUP_NAME: Text = text(1, NAME_MAX, Some(("[\\.\\-_/#A-Za-z0-9]+", of_group)));
pub(super) const GROUP_PATTERN: Text = text(0, NAME_MAX, Some(("[\\.\\-_/#A-Za-z0-9]*", of_group)));
pub(super) const GROUP_IDENTIFIER: Text = text(1, 2048, Some(("[\\w#+=/:,.@-]*", of_identifier)));
pub(super) const STREAM_NAME: Text = text(1, NAME_MAX, Some(("[^:*]*", of_stream)));
pub(super) const FILTER_NAME: Text = STREAM_NAME;
pub(super) const FILTER_PATTERN: Text = text(0, 1024, None);
pub(super) const METRIC_NAME: Text = text(0, 255, Some(("[^:*$]*", of_metric)));
pub(super) const METRIC_VALUE: Text = text(0, 100, None);
pub(super) const KMS_KEY: Text = text(0, 256, None);
pub(super) const QUERY: Text = text(0, 10_000, None);
pub(super) const QUERY_ID: Text = text(1, 256, None);
pub(super) const DEFINITION_NAME: Text = text(1, 255, None);
pub(super) const POLICY: Text = text(1, 51_200, None);
pub(super) const DELIVERY_NAME: Text = text(1, 60, Some(("[\\w-]*", of_delivery)));
pub(super) const NOT_EMPTY: Text = text(1, usize::MAX, None);
pub(super) const RESOURCE_ARN: Text = text(1, 1011, Some(("[\\w+=/:,.@-]*", of_identifier)));
pub(super) const TASK_ID: Text = text(1, 512, None);
const TAG_KEY: Text = text(1, 128, Some(("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$", of_tag)));
const TAG_VALUE: Text = text(0, 256, Some(("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$", of_tag)));

/// The most that most lists answer at once.
pub(super) const LIMIT: (i32, i32) = (1, 50);

impl Text {
    /// Checks a text, if it is there.
    pub(super) fn check(&self, check: &mut Constraints, member: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        if let Some((pattern, takes)) = self.letters
            && !value.chars().all(takes)
        {
            let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
            check.broken(member, format_args!(" '{value}'"), constraint);
        }
        check.length(member, Some(value), self.length);
    }

    /// The same for one that must be there.
    pub(super) fn required(&self, check: &mut Constraints, member: &str, value: Option<&String>) {
        check.required(member, value);
        self.check(check, member, value.map(String::as_str));
    }
}

/// Checks the names of a group and, if the operation has one, of a stream.
///
/// # Errors
/// `InvalidParameterException`; the sentence on lengths is recorded.
pub(super) fn names(
    group: Option<&String>,
    stream: Option<Option<&String>>,
) -> Result<(), LogsError> {
    let long = |name: &&String| name.chars().count() > NAME_MAX;
    if group.filter(long).is_some() || stream.flatten().filter(long).is_some() {
        let text =
            "Invalid LogGroup or LogStream, both must have length less than or equal to 512.";
        return Err(LogsError::parameter(text));
    }
    let mut check = Constraints::default();
    GROUP_NAME.required(&mut check, "logGroupName", group);
    if let Some(stream) = stream {
        STREAM_NAME.required(&mut check, "logStreamName", stream);
    }
    Ok(check.done()?)
}

/// Checks the members by one of which a request names a group.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn name_or_identifier(
    name: Option<&String>,
    identifier: Option<&String>,
) -> Result<(), LogsError> {
    match name {
        Some(_) => names(name, None),
        None => {
            let mut check = Constraints::default();
            let identifier = identifier.map(String::as_str);
            GROUP_IDENTIFIER.check(&mut check, "logGroupIdentifier", identifier);
            Ok(check.done()?)
        }
    }
}

/// Checks tags that are to be set.
pub(super) fn tags<'t>(
    check: &mut Constraints,
    tags: impl IntoIterator<Item = (&'t String, &'t String)>,
) {
    for (key, value) in tags {
        TAG_KEY.check(check, "tags", Some(key));
        TAG_VALUE.check(check, "tags", Some(value));
    }
}

/// A member that was checked to be there.
///
/// # Errors
/// `InvalidParameterException` all the same, where nobody checked.
pub(super) fn given<T>(member: &str, value: Option<T>) -> Result<T, LogsError> {
    let mut check = Constraints::default();
    check.required(member, value.as_ref());
    check.done()?;
    value.ok_or_else(|| LogsError::parameter(format!("{member} is missing")))
}

/// A time that is no negative number.
pub(super) fn time(check: &mut Constraints, member: &str, value: Option<i64>) {
    if let Some(value) = value.filter(|value| *value < 0) {
        let constraint = "Member must have value greater than or equal to 0";
        check.broken(member, format_args!(" '{value}'"), constraint);
    }
}

/// What breaks a constraint, in operations that answer `ValidationException`.
pub(super) fn as_validation(broken: Broken) -> LogsError {
    LogsError::Validation(broken.0)
}
