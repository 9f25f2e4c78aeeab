//! What is wrong with a dashboard's body, and where: the outer form of it and of each widget.
//!
//! Source: API reference "Dashboard body structure and syntax"; texts as users of AWS report them.
//! Unverified: those of values out of bounds, and the order of findings.

use serde_json::{Map, Value};

use super::{DashboardValidationMessage, widget};
use crate::services::cloudwatch::error::CloudWatchError;

/// Widgets lie in a grid of so many columns and rows.
const COLUMNS: i64 = 24;
const ROWS_MAX: i64 = 1000;
const WIDGETS_MAX: usize = 500;
/// Most metrics of one dashboard.
///
/// Source: user guide "CloudWatch service quotas".
const METRICS_MAX: usize = 2500;
/// Most findings that are told.
const FINDINGS_MAX: usize = 500;

/// The findings so far, and where one looks.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<DashboardValidationMessage>,
    /// As of a JSON pointer.
    path: String,
}

impl Findings {
    pub(super) fn tell(&mut self, message: impl Into<String>) {
        if self.found.len() < FINDINGS_MAX {
            self.found.push(DashboardValidationMessage::new(self.path.clone(), message));
        }
    }

    /// Looks at a member or an item of what is here.
    pub(super) fn at<T>(&mut self, step: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(step);
        let result = look(self);
        self.path.truncate(length);
        result
    }

    pub(super) fn required(&mut self, members: &Map<String, Value>, name: &str) {
        if !members.contains_key(name) {
            self.tell(format!("Should have required property '{name}'"));
        }
    }

    /// Tells that a member, if it is there, is not of its form.
    pub(super) fn member(&mut self, members: &Map<String, Value>, name: &str, form: &Form) {
        if let Some(value) = members.get(name) {
            self.at(name, |here| form.check(here, value));
        }
    }

    pub(super) fn members(&mut self, members: &Map<String, Value>, forms: &[(&str, Form)]) {
        forms.iter().for_each(|(name, form)| self.member(members, name, form));
    }
}

/// What a value may be.
pub(super) enum Form {
    Text,
    Number,
    Flag,
    /// A whole number between two bounds.
    Whole(i64, i64),
    OneOf(&'static [&'static str]),
    /// `#rrggbb`
    Colour,
    /// A list with as many items.
    List(usize, usize),
    Object,
}

impl Form {
    pub(super) fn check(&self, findings: &mut Findings, value: &Value) {
        let wrong = match self {
            Self::Text if !value.is_string() => "Should be string".to_owned(),
            Self::Number if !value.is_number() => "Should be number".to_owned(),
            Self::Flag if !value.is_boolean() => "Should be boolean".to_owned(),
            Self::Object if !value.is_object() => "Should be object".to_owned(),
            Self::Whole(min, max) => match value.as_i64() {
                None => "Should be integer".to_owned(),
                Some(number) if number < *min => format!("Should be >= {min}"),
                Some(number) if number > *max => format!("Should be <= {max}"),
                Some(_) => return,
            },
            Self::OneOf(allowed) => match value.as_str() {
                None => "Should be string".to_owned(),
                Some(text) if allowed.contains(&text) => return,
                Some(_) => "Should be equal to one of the allowed values".to_owned(),
            },
            Self::Colour => match value.as_str() {
                None => "Should be string".to_owned(),
                Some(text) if is_colour(text) => return,
                Some(_) => "Should match pattern \"^#[0-9a-fA-F]{6}$\"".to_owned(),
            },
            Self::List(min, max) => match value.as_array().map(Vec::len) {
                None => "Should be array".to_owned(),
                Some(length) if length < *min => format!("Should NOT have less than {min} items"),
                Some(length) if length > *max => format!("Should NOT have more than {max} items"),
                Some(_) => return,
            },
            _ => return,
        };
        findings.tell(wrong);
    }
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#');
    digits.is_some_and(|it| it.len() == 6 && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Checks a body.
///
/// # Errors
/// `InvalidParameterInput` with all that was found.
pub(in crate::services::cloudwatch) fn check_body(
    body: Option<&str>,
) -> Result<(), CloudWatchError> {
    let body = body.filter(|body| !body.is_empty());
    let Some(body) = body else {
        // Unverified: the text.
        let text = "The parameter DashboardBody is required.".to_owned();
        return Err(CloudWatchError::InvalidParameterValue(text));
    };
    let mut findings = Findings::default();
    match serde_json::from_str(body) {
        Ok(Value::Object(body)) => check_members(&mut findings, &body),
        _ => findings.found.push(DashboardValidationMessage {
            data_path: None,
            message: Some("The field DashboardBody must be a valid JSON object".to_owned()),
        }),
    }
    let found = findings.found;
    if found.is_empty() { Ok(()) } else { Err(CloudWatchError::DashboardInvalid(found)) }
}

fn check_members(findings: &mut Findings, body: &Map<String, Value>) {
    findings.required(body, "widgets");
    findings.members(
        body,
        &[
            ("start", Form::Text),
            ("end", Form::Text),
            ("periodOverride", Form::OneOf(&["auto", "inherit"])),
            ("variables", Form::List(0, 25)),
            ("widgets", Form::List(0, WIDGETS_MAX)),
        ],
    );
    if body.contains_key("end") && !body.contains_key("start") {
        findings.required(body, "start");
    }
    let widgets = body.get("widgets").and_then(Value::as_array);
    let widgets = widgets.map(Vec::as_slice).unwrap_or_default();
    let mut metrics = 0;
    findings.at("widgets", |findings| {
        for (index, it) in widgets.iter().enumerate().take(WIDGETS_MAX) {
            metrics += findings.at(&index.to_string(), |here| check_widget(here, it));
        }
        if metrics > METRICS_MAX {
            findings.tell(format!("Should NOT have more than {METRICS_MAX} metrics"));
        }
    });
}

/// Returns the number of its metrics.
fn check_widget(findings: &mut Findings, it: &Value) -> usize {
    let Value::Object(members) = it else {
        findings.tell("Should be object");
        return 0;
    };
    findings.required(members, "type");
    findings.required(members, "properties");
    findings.members(
        members,
        &[
            ("type", Form::OneOf(&widget::TYPES)),
            ("x", Form::Whole(0, COLUMNS - 1)),
            ("y", Form::Whole(0, i64::MAX)),
            ("width", Form::Whole(1, COLUMNS)),
            ("height", Form::Whole(1, ROWS_MAX)),
            ("properties", Form::Object),
        ],
    );
    let Some(properties) = members.get("properties").and_then(Value::as_object) else { return 0 };
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
    findings.at("properties", |here| widget::check(here, kind, properties));
    let metrics = properties.get("metrics").and_then(Value::as_array);
    metrics.map_or(0, Vec::len)
}
