//! Reading a `Map` state's own fields.

use serde_json::Value;

use super::fields::Fields;
use super::machine::read_machine;
use super::state::Setting;
use super::{Batcher, Dynamic, ExecutionType, Map, Mode, QueryLanguage};
use crate::template::Template;

/// Characters of a label.
const LABEL_LENGTH_MAX: usize = 40;
const COUNT_MAX: f64 = 10_000_000.0;

pub(super) fn read(fields: &mut Fields<'_>, setting: Setting) -> Option<Map> {
    fields.at_most_one(&["ItemProcessor", "Iterator"]);
    fields.at_most_one(&["ItemSelector", "Parameters"]);
    let processor = if fields.has("Iterator") { "Iterator" } else { "ItemProcessor" };
    fields.require(&[processor]);
    let selector = match fields.template("ItemSelector", None) {
        None => fields.template("Parameters", Some(QueryLanguage::JsonPath)),
        selector => selector,
    };
    let items = read_items(fields);
    let max_concurrency = fields.number("MaxConcurrency", "MaxConcurrencyPath", 0.0, COUNT_MAX);
    let tolerated_count =
        fields.number("ToleratedFailureCount", "ToleratedFailureCountPath", 0.0, COUNT_MAX);
    let tolerated_percentage =
        fields.number("ToleratedFailurePercentage", "ToleratedFailurePercentagePath", 0.0, 100.0);
    let label = fields.text("Label").map(str::to_owned);
    if label.as_ref().is_some_and(|it| it.chars().count() > LABEL_LENGTH_MAX) {
        let message = format!("Label cannot exceed {LABEL_LENGTH_MAX} characters");
        fields.complain(message, "Label");
    }
    let batcher = read_batcher(fields);
    let reader = fields.object("ItemReader").cloned().map(Value::Object);
    let writer = fields.object("ResultWriter").cloned().map(Value::Object);

    let members = fields.object(processor)?;
    let mut inner = Fields::new(members, fields.place(processor), setting.language);
    inner.text("Comment");
    let mode = read_mode(&mut inner);
    let execution = match mode {
        Mode::Inline => setting.execution,
        Mode::Distributed(execution) => execution,
    };
    let deeper = Setting { depth: setting.depth + 1, execution, ..setting };
    let processor = read_machine(&mut inner, deeper);
    fields.found.extend(inner.finish());
    Some(Map {
        processor: processor?,
        mode,
        items,
        selector,
        max_concurrency,
        tolerated_count,
        tolerated_percentage,
        batcher,
        reader,
        writer,
        label,
    })
}

/// `Items`, or `ItemsPath`; a pointer into what a reader reads is not looked at here.
fn read_items(fields: &mut Fields<'_>) -> Option<Dynamic> {
    fields.get("ItemsPointer");
    if let Some(items) = fields.path("ItemsPath") {
        return Some(items);
    }
    let template = fields.template("Items", Some(QueryLanguage::Jsonata))?;
    Some(Dynamic { field: "Items", template })
}

fn read_mode(fields: &mut Fields<'_>) -> Mode {
    let Some(members) = fields.object("ProcessorConfig") else { return Mode::Inline };
    let mut inner = Fields::new(members, fields.place("ProcessorConfig"), fields.language);
    let mode = inner.text("Mode").unwrap_or("INLINE");
    let execution = inner.text("ExecutionType");
    let mode = match (mode, execution) {
        ("INLINE", _) => Mode::Inline,
        ("DISTRIBUTED", Some("EXPRESS")) => Mode::Distributed(ExecutionType::Express),
        ("DISTRIBUTED", Some("STANDARD")) => Mode::Distributed(ExecutionType::Standard),
        ("DISTRIBUTED", None) => {
            inner.require(&["ExecutionType"]);
            Mode::Distributed(ExecutionType::Standard)
        }
        ("DISTRIBUTED", Some(_)) => {
            inner.complain("Value must be one of: [STANDARD, EXPRESS]", "ExecutionType");
            Mode::Distributed(ExecutionType::Standard)
        }
        _ => {
            inner.complain("Value must be one of: [INLINE, DISTRIBUTED]", "Mode");
            Mode::Inline
        }
    };
    fields.found.extend(inner.finish());
    mode
}

fn read_batcher(fields: &mut Fields<'_>) -> Option<Batcher> {
    let members = fields.object("ItemBatcher")?;
    let mut inner = Fields::new(members, fields.place("ItemBatcher"), fields.language);
    let max_items = inner.number("MaxItemsPerBatch", "MaxItemsPerBatchPath", 1.0, 100_000_000.0);
    let max_bytes =
        inner.number("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", 1.0, 262_144.0);
    let input: Option<Template> = inner.template("BatchInput", None);
    fields.found.extend(inner.finish());
    Some(Batcher { max_items, max_bytes, input })
}
