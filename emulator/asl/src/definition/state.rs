//! Reading one state.

use serde_json::Value;

use super::fields::Fields;
use super::machine::{SECONDS_MAX, read_language, read_machine};
use super::{
    Delay, Diagnostic, Dynamic, ExecutionType, Kind, Pattern, QueryLanguage, Resource, Selection,
    State, Task, choice, flow, map,
};
use crate::template::Template;
use crate::time;

/// What the machine around a state says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) language: QueryLanguage,
    pub(super) execution: ExecutionType,
    /// Machines around this one.
    pub(super) depth: usize,
}

const TYPES: &str = "Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map";

pub(super) fn read_state(
    name: &str,
    value: &Value,
    location: &str,
    setting: Setting,
) -> (Option<State>, Vec<Diagnostic>) {
    let Some(all) = value.as_object() else {
        let found = Diagnostic::schema("Expected value of type Object", location);
        return (None, vec![found]);
    };
    let mut fields = Fields::new(all, location.to_owned(), setting.language);
    fields.text("Comment");
    if let Some(language) = read_language(&mut fields) {
        if setting.language == QueryLanguage::Jsonata && language == QueryLanguage::JsonPath {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole \
                           state machine";
            fields.complain(message, "");
        }
        fields.language = language;
    }
    fields.require(&["Type"]);
    let kind = fields.text("Type");
    let state = kind.and_then(|kind| read_of_type(name, kind, &mut fields, setting));
    fields.cut_short_if(state.is_none());
    (state, fields.finish())
}

fn read_of_type(
    name: &str,
    kind: &str,
    fields: &mut Fields<'_>,
    setting: Setting,
) -> Option<State> {
    let calls = matches!(kind, "Task" | "Parallel" | "Map");
    let passes_on = calls || kind == "Pass";
    let mut state = State {
        name: name.to_owned(),
        language: fields.language,
        next: None,
        input_path: Selection::Whole,
        output_path: Selection::Whole,
        parameters: None,
        result_selector: None,
        result_path: Selection::Whole,
        arguments: None,
        output: None,
        assign: None,
        retry: Vec::new(),
        catch: Vec::new(),
        kind: Kind::Succeed,
    };
    if kind != "Fail" {
        state.input_path = fields.selection("InputPath", false);
        state.output_path = fields.selection("OutputPath", false);
        state.output = fields.template("Output", Some(QueryLanguage::Jsonata));
        if kind != "Succeed" {
            state.assign = flow::assignment(fields);
        }
    }
    if passes_on {
        state.result_path = fields.selection("ResultPath", true);
        if kind != "Map" {
            state.parameters = fields.template("Parameters", Some(QueryLanguage::JsonPath));
        }
    }
    if calls {
        state.result_selector = fields.template("ResultSelector", Some(QueryLanguage::JsonPath));
        state.retry = flow::retriers(fields);
        state.catch = flow::catchers(fields);
    }
    if matches!(kind, "Task" | "Parallel") {
        state.arguments = fields.template("Arguments", Some(QueryLanguage::Jsonata));
    }
    if passes_on || kind == "Wait" {
        state.next = flow::next(fields);
    }
    state.kind = match kind {
        "Pass" => Kind::Pass { result: read_result(fields) },
        "Task" => Kind::Task(Box::new(read_task(fields, setting)?)),
        "Choice" => choice::read(fields)?,
        "Wait" => Kind::Wait(read_delay(fields)?),
        "Succeed" => Kind::Succeed,
        "Fail" => Kind::Fail {
            error: fields.words("Error", "ErrorPath"),
            cause: fields.words("Cause", "CausePath"),
        },
        "Parallel" => read_branches(fields, setting)?,
        "Map" => Kind::Map(Box::new(map::read(fields, setting)?)),
        _ => {
            fields.complain(format!("Value must be one of: [{TYPES}]"), "Type");
            return None;
        }
    };
    Some(state)
}

fn read_result(fields: &mut Fields<'_>) -> Option<Value> {
    let result = fields.get("Result")?;
    if fields.refuse_in(QueryLanguage::Jsonata, "Result") {
        return None;
    }
    let paths = |(name, value): (&String, &Value)| {
        name.ends_with(".$") && value.as_str().is_some_and(|it| it.starts_with(['$', 'S']))
    };
    if result.as_object().is_some_and(|members| members.iter().any(paths)) {
        let location = fields.place("Result");
        let message = "Field is a static value; a path in it is not evaluated";
        let warning = Diagnostic::warning("PASS_RESULT_IS_STATIC", message, &location);
        fields.found.push(warning);
    }
    Some(result.clone())
}

fn read_task(fields: &mut Fields<'_>, setting: Setting) -> Option<Task> {
    fields.require(&["Resource"]);
    let timeout = fields.number("TimeoutSeconds", "TimeoutSecondsPath", 1.0, SECONDS_MAX as f64);
    let heartbeat =
        fields.number("HeartbeatSeconds", "HeartbeatSecondsPath", 1.0, SECONDS_MAX as f64);
    let fixed = |it: &Option<Dynamic>| match it.as_ref().map(|it| &it.template) {
        Some(Template::Fixed(number)) => number.as_f64(),
        _ => None,
    };
    if let (Some(heartbeat), Some(timeout)) = (fixed(&heartbeat), fixed(&timeout))
        && heartbeat >= timeout
    {
        fields.complain("HeartbeatSeconds must be smaller than TimeoutSeconds", "");
    }
    let credentials = match fields.object("Credentials") {
        Some(all) => {
            if !all.contains_key("RoleArn") && !all.contains_key("RoleArn.$") {
                fields.complain("The field 'RoleArn' is required but was missing", "Credentials");
            }
            fields.template("Credentials", None)
        }
        None => None,
    };
    let arn = fields.text("Resource")?;
    let resource = Resource::parse(arn);
    if resource.is_none() {
        let message = format!(
            "The resource provided {arn} is not recognized. The value is not a valid resource ARN, \
             or the resource is not available in this region."
        );
        fields.complain(message, "Resource");
    }
    let resource = resource?;
    if let Resource::Service { pattern, .. } = &resource {
        refuse_in_express(*pattern, fields, setting);
    }
    Some(Task { resource, timeout, heartbeat, credentials })
}

/// The words, and the two blanks, are AWS's.
fn refuse_in_express(pattern: Pattern, fields: &mut Fields<'_>, setting: Setting) {
    if setting.execution != ExecutionType::Express {
        return;
    }
    let message = match pattern {
        Pattern::RequestResponse => return,
        Pattern::Sync => "Express state machine does not support '.sync' service integration",
        Pattern::WaitForTaskToken => {
            "Express state machine does not support '.waitForTaskToken' service integration "
        }
    };
    fields.complain(message, "Resource");
}

fn read_delay(fields: &mut Fields<'_>) -> Option<Delay> {
    let kinds = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
    fields.at_most_one(&kinds);
    if !kinds.iter().any(|it| fields.has(it)) {
        fields.complain(format!("One of these fields is required: [{}]", kinds.join(", ")), "");
        return None;
    }
    if let Some(seconds) = fields.number("Seconds", "SecondsPath", 0.0, SECONDS_MAX as f64) {
        return Some(Delay::Seconds(seconds));
    }
    let until = fields.words("Timestamp", "TimestampPath")?;
    let Template::Fixed(text) = &until.template else { return Some(Delay::Until(until)) };
    let at = text.as_str().and_then(time::parse);
    if at.is_none() {
        fields.complain("String does not match RFC3339 timestamp", "Timestamp");
    }
    at.map(Delay::Fixed)
}

fn read_branches(fields: &mut Fields<'_>, setting: Setting) -> Option<Kind> {
    fields.require(&["Branches"]);
    let all = fields.list("Branches")?;
    let mut branches = Vec::with_capacity(all.len());
    for (index, branch) in all.iter().enumerate() {
        let location = fields.place(&format!("Branches[{index}]"));
        let Some(members) = branch.as_object() else {
            fields.complain("Expected value of type Object", &format!("Branches[{index}]"));
            continue;
        };
        let mut inner = Fields::new(members, location, setting.language);
        inner.text("Comment");
        let deeper = Setting { depth: setting.depth + 1, ..setting };
        branches.extend(read_machine(&mut inner, deeper));
        fields.found.extend(inner.finish());
    }
    (branches.len() == all.len()).then_some(Kind::Parallel { branches })
}
