//! Payload templates: JSON in which some values are computed, in either query language.

use serde_json::Value;

use crate::intrinsic::Call;
use crate::jsonata::Expression;
use crate::path::Path;

/// A template that was read.
#[derive(Clone, Debug)]
pub enum Template {
    /// Nothing in it is computed.
    Fixed(Value),
    Object(Vec<Member>),
    List(Vec<Template>),
    Path(Path),
    Call(Call),
    Expression(Expression),
}

/// A member of an object in a template.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    /// The name as it was written: `value.$` for `value`, if it is a path or a call.
    pub field: String,
    pub template: Template,
}

/// A place in a template that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Names and indices from the template's root.
    pub place: Vec<String>,
    pub message: String,
}

impl Template {
    /// A template of a JSONPath state: what ends with `.$` is a path or an intrinsic function.
    ///
    /// # Errors
    ///
    /// Each place that can't be read.
    pub fn json_path(value: &Value) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let template = read(value, &mut Vec::new(), &mut wrong, member_of_json_path, Err);
        if wrong.is_empty() { Ok(template) } else { Err(wrong) }
    }

    /// A template of a JSONata state: every text between `{%` and `%}` is an expression.
    ///
    /// # Errors
    ///
    /// Each place that can't be read.
    pub fn jsonata(value: &Value) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let template = read(value, &mut Vec::new(), &mut wrong, member_of_jsonata, text_of_jsonata);
        if wrong.is_empty() { Ok(template) } else { Err(wrong) }
    }

    /// A path, or a call of an intrinsic function.
    ///
    /// # Errors
    ///
    /// It is neither.
    pub fn path_or_call(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            return Path::parse(text).map(Self::Path).map_err(|error| error.message);
        }
        Call::parse(text).map(Self::Call).map_err(|error| error.message)
    }
}

type ReadMember = fn(&str, &Value) -> Option<Result<Member, String>>;
/// The template of a text; the text itself, if it is an ordinary one.
type ReadText = fn(String) -> Result<Result<Template, String>, String>;

/// The reader of JSON bounds how deep `value` is.
fn read(
    value: &Value,
    place: &mut Vec<String>,
    wrong: &mut Vec<Wrong>,
    member: ReadMember,
    text: ReadText,
) -> Template {
    match value {
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, value) in members {
                match member(name, value) {
                    Some(Ok(read)) => all.push(read),
                    Some(Err(message)) => {
                        let mut place = place.clone();
                        place.push(name.clone());
                        wrong.push(Wrong { place, message });
                    }
                    None => {
                        place.push(name.clone());
                        let template = read(value, place, wrong, member, text);
                        place.pop();
                        all.push(Member { name: name.clone(), field: name.clone(), template });
                    }
                }
            }
            if all.iter().all(|member| matches!(member.template, Template::Fixed(_))) {
                return Template::Fixed(value.clone());
            }
            Template::Object(all)
        }
        Value::Array(items) => {
            let mut all = Vec::with_capacity(items.len());
            for (at, item) in items.iter().enumerate() {
                place.push(at.to_string());
                all.push(read(item, place, wrong, member, text));
                place.pop();
            }
            if all.iter().all(|item| matches!(item, Template::Fixed(_))) {
                return Template::Fixed(value.clone());
            }
            Template::List(all)
        }
        Value::String(content) => match text(content.clone()) {
            Err(plain) => Template::Fixed(Value::String(plain)),
            Ok(Ok(template)) => template,
            Ok(Err(message)) => {
                wrong.push(Wrong { place: place.clone(), message });
                Template::Fixed(Value::Null)
            }
        },
        other => Template::Fixed(other.clone()),
    }
}

fn member_of_json_path(field: &str, value: &Value) -> Option<Result<Member, String>> {
    let name = field.strip_suffix(".$")?;
    let template = value.as_str().ok_or_else(String::new).and_then(Template::path_or_call);
    Some(match template {
        Ok(template) => Ok(Member { name: name.to_owned(), field: field.to_owned(), template }),
        Err(_) => Err(format!(
            "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic \
             function call"
        )),
    })
}

fn member_of_jsonata(_: &str, _: &Value) -> Option<Result<Member, String>> {
    None
}

/// The expression between `{%` and `%}`.
pub(crate) fn expression_in(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

fn text_of_jsonata(text: String) -> Result<Result<Template, String>, String> {
    let Some(source) = expression_in(&text) else { return Err(text) };
    Ok(Expression::parse(source).map(Template::Expression).map_err(|error| error.to_string()))
}
