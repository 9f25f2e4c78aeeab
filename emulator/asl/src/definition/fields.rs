//! The fields of one object of a definition: taken one by one, complained about where they are.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Diagnostic, Dynamic, QueryLanguage, Selection};
use crate::path::{Path, Root};
use crate::template::{Template, Wrong, expression_in};

/// An object that is being read.
pub(super) struct Fields<'a> {
    all: &'a Map<String, Value>,
    pub(super) location: String,
    pub(super) language: QueryLanguage,
    known: BTreeSet<&'static str>,
    /// Reading ended early, so what nobody asked for may be known all the same.
    cut_short: bool,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(
        all: &'a Map<String, Value>,
        location: String,
        language: QueryLanguage,
    ) -> Self {
        Self {
            all,
            location,
            language,
            known: BTreeSet::new(),
            cut_short: false,
            found: Vec::new(),
        }
    }

    pub(super) fn complain(&mut self, message: impl Into<String>, place: &str) {
        let location = self.place(place);
        self.found.push(Diagnostic::schema(message, &location));
    }

    pub(super) fn place(&self, field: &str) -> String {
        if field.is_empty() {
            return self.location.clone();
        }
        format!("{}/{field}", self.location)
    }

    pub(super) fn get(&mut self, field: &'static str) -> Option<&'a Value> {
        self.known.insert(field);
        self.all.get(field)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.all.contains_key(field)
    }

    /// Complains about those that are missing.
    pub(super) fn require(&mut self, fields: &[&str]) {
        let missing: Vec<&str> = fields.iter().filter(|it| !self.has(it)).copied().collect();
        if !missing.is_empty() {
            self.complain(format!("These fields are required: [{}]", missing.join(", ")), "");
        }
    }

    /// Complains if there are several of these.
    pub(super) fn at_most_one(&mut self, fields: &[&str]) {
        let present: Vec<&str> = fields.iter().filter(|it| self.has(it)).copied().collect();
        if present.len() > 1 {
            let all = present.join(", ");
            self.complain(format!("These fields are mutually exclusive: [{all}]"), "");
        }
    }

    pub(super) fn text(&mut self, field: &'static str) -> Option<&'a str> {
        let value = self.get(field)?;
        if value.as_str().is_none() {
            self.complain("Expected value of type String", field);
        }
        value.as_str()
    }

    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        let value = self.get(field)?;
        if value.as_bool().is_none() {
            self.complain("Expected value of type Boolean", field);
        }
        value.as_bool()
    }

    pub(super) fn object(&mut self, field: &'static str) -> Option<&'a Map<String, Value>> {
        let value = self.get(field)?;
        if value.as_object().is_none() {
            self.complain("Expected value of type Object", field);
        }
        value.as_object()
    }

    /// A list that is not empty.
    pub(super) fn list(&mut self, field: &'static str) -> Option<&'a Vec<Value>> {
        let value = self.get(field)?;
        match value.as_array() {
            None => self.complain("Expected value of type Array", field),
            Some(all) if all.is_empty() => self.complain("Value cannot be empty", field),
            Some(_) => {}
        }
        value.as_array()
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, field: &'static str, least: u64, most: u64) -> Option<u64> {
        let value = self.get(field)?;
        let number = value.as_u64().filter(|it| (least..=most).contains(it));
        if number.is_none() {
            self.complain(format!("Expected an Integer between {least} and {most}"), field);
        }
        number
    }

    /// A path of a JSONPath state, or `null`.
    pub(super) fn selection(&mut self, field: &'static str, reference: bool) -> Selection {
        match self.get(field) {
            None => Selection::Whole,
            Some(Value::Null) => Selection::Nothing,
            Some(value) => {
                self.refuse_in(QueryLanguage::Jsonata, field);
                let path = value.as_str().and_then(|text| Path::parse(text).ok());
                match path {
                    Some(path) if !reference || is_place(&path) => Selection::At(path),
                    Some(_) => {
                        self.complain("Value is not a Reference Path", field);
                        Selection::Whole
                    }
                    None => {
                        self.complain("Value is not a valid JSONPath", field);
                        Selection::Whole
                    }
                }
            }
        }
    }

    /// A template in the state's language; the field belongs to one language only, if `of` says so.
    pub(super) fn template(
        &mut self,
        field: &'static str,
        of: Option<QueryLanguage>,
    ) -> Option<Template> {
        let value = self.get(field)?;
        if let Some(of) = of {
            let other = match of {
                QueryLanguage::JsonPath => QueryLanguage::Jsonata,
                QueryLanguage::Jsonata => QueryLanguage::JsonPath,
            };
            if self.refuse_in(other, field) {
                return None;
            }
        }
        let read = match self.language {
            QueryLanguage::JsonPath => {
                self.warn_of_plain_paths(field, value);
                Template::json_path(value)
            }
            QueryLanguage::Jsonata => Template::jsonata(value),
        };
        self.judged(read, field)
    }

    /// Warns of members that look as if they should be computed, and are not.
    fn warn_of_plain_paths(&mut self, field: &str, value: &Value) {
        let computed = |text: &str| {
            ["$.", "$$.", "States."].iter().any(|start| text.starts_with(start))
                && Template::path_or_call(text).is_ok()
        };
        for (name, member) in value.as_object().into_iter().flatten() {
            if !name.ends_with(".$") && member.as_str().is_some_and(computed) {
                let message =
                    "No .$ on a field that appears to be a JSONPath or Intrinsic Function.";
                let place = self.place(&format!("{field}/{name}"));
                self.found.push(Diagnostic::warning("NO_DOLLAR", message, &place));
            }
        }
    }

    fn judged(&mut self, read: Result<Template, Vec<Wrong>>, field: &str) -> Option<Template> {
        match read {
            Ok(template) => Some(template),
            Err(all) => {
                for wrong in all {
                    // AWS names the object that holds a wrong path, and the place of a wrong
                    // expression.
                    let mut place = wrong.place;
                    if self.language == QueryLanguage::JsonPath {
                        place.pop();
                    }
                    place.insert(0, field.to_owned());
                    self.complain(wrong.message, &place.join("/"));
                }
                None
            }
        }
    }

    /// Complains about a field that this language lacks.
    pub(super) fn refuse_in(&mut self, language: QueryLanguage, field: &str) -> bool {
        let refused = self.language == language;
        if refused {
            let name = match language {
                QueryLanguage::JsonPath => "JSONPath",
                QueryLanguage::Jsonata => "JSONata",
            };
            let message = format!("Field is not supported by the '{name}' query language");
            self.complain(message, field);
        }
        refused
    }

    /// A number that stands there, is computed by JSONata, or by the JSONPath of `path_field`.
    pub(super) fn number(
        &mut self,
        field: &'static str,
        path_field: &'static str,
        least: f64,
        most: f64,
    ) -> Option<Dynamic> {
        self.at_most_one(&[field, path_field]);
        if let Some(dynamic) = self.path(path_field) {
            return Some(dynamic);
        }
        let value = self.get(field)?;
        if let Some(dynamic) = self.expression(field, value) {
            return Some(dynamic);
        }
        let number = value.as_f64().filter(|it| (least..=most).contains(it));
        if number.is_none() {
            self.complain(format!("Expected a number between {least} and {most}"), field);
        }
        number.map(|_| Dynamic { field, template: Template::Fixed(value.clone()) })
    }

    /// A text that stands there, is computed by JSONata, or by the JSONPath of `path_field`.
    pub(super) fn words(
        &mut self,
        field: &'static str,
        path_field: &'static str,
    ) -> Option<Dynamic> {
        self.at_most_one(&[field, path_field]);
        if let Some(dynamic) = self.path(path_field) {
            return Some(dynamic);
        }
        let value = self.get(field)?;
        if let Some(dynamic) = self.expression(field, value) {
            return Some(dynamic);
        }
        self.text(field)?;
        Some(Dynamic { field, template: Template::Fixed(value.clone()) })
    }

    /// The field of a JSONPath state that holds a path, or a call of an intrinsic function.
    pub(super) fn path(&mut self, field: &'static str) -> Option<Dynamic> {
        let value = self.get(field)?;
        if self.refuse_in(QueryLanguage::Jsonata, field) {
            return None;
        }
        let template = value.as_str().and_then(|text| Template::path_or_call(text).ok());
        if template.is_none() {
            self.complain("Value is not a valid JSONPath", field);
        }
        template.map(|template| Dynamic { field, template })
    }

    /// What stands between `{%` and `%}`, in a JSONata state.
    pub(super) fn expression(&mut self, field: &'static str, value: &Value) -> Option<Dynamic> {
        if self.language != QueryLanguage::Jsonata || expression_in(value.as_str()?).is_none() {
            return None;
        }
        let template = self.judged(Template::jsonata(value), field);
        let template = template.unwrap_or(Template::Fixed(Value::Null));
        Some(Dynamic { field, template })
    }

    /// Notes that reading ended early.
    pub(super) fn cut_short_if(&mut self, ended: bool) {
        self.cut_short |= ended;
    }

    /// Complains about fields that nobody asked for, and hands over every complaint.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if !self.cut_short {
            let known = |it: &&String| self.known.contains(it.as_str());
            let unknown: Vec<String> = self.all.keys().filter(|it| !known(it)).cloned().collect();
            for field in unknown {
                self.complain("Field is not supported", &field);
            }
        }
        self.found
    }
}

/// Whether something can be put where the path leads: into what came in.
fn is_place(path: &Path) -> bool {
    path.is_reference() && *path.root() == Root::Input
}
