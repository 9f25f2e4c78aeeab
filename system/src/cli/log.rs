//! The log as one JSON object a line, for programs. The spans' members stand beside the event's,
//! the innermost last, so a search needs no path.

use std::fmt;
use std::io::Write;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::adapters::clock::SystemClock;
use crate::ports::Clock;

/// Writes each line whole, to wherever `writer` leads.
pub(super) struct JsonLines<W> {
    pub(super) writer: W,
}

/// Of a span, kept with it.
struct Members(Map<String, Value>);

impl Visit for Members {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // A report is JSON already.
        let parsed = value.starts_with('{').then(|| serde_json::from_str(value).ok()).flatten();
        self.put(field, parsed.unwrap_or_else(|| value.into()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        self.record_str(field, &text);
    }
}

impl Members {
    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl<S, W, O> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn() -> O + 'static,
    O: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut members = Members(Map::new());
        attributes.record(&mut members);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(members);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(members) = span.extensions_mut().get_mut::<Members>()
        {
            values.record(members);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let mut line = Members(Map::new());
        line.0.insert("timestamp".into(), SystemClock.now().to_rfc3339().into());
        line.0.insert("level".into(), metadata.level().as_str().into());
        line.0.insert("target".into(), metadata.target().into());
        for span in context.event_scope(event).into_iter().flat_map(|all| all.from_root()) {
            if let Some(members) = span.extensions().get::<Members>() {
                line.0.extend(members.0.clone());
            }
        }
        event.record(&mut line);
        let mut text = Value::Object(line.0).to_string();
        text.push('\n');
        // Where nobody reads the log, nobody reads a complaint either.
        let _unwritten = (self.writer)().write_all(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_an_object_with_the_members_of_its_spans() {
        let memory = Memory::default();
        let of_writer = memory.clone();
        let layer = JsonLines { writer: move || of_writer.clone() };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let span = tracing::info_span!("event", order_id = "o-1", sequence = 7_u64);
            let _inside = span.enter();
            let report = r#"{"code":"x"}"#;
            tracing::warn!(report, failure = %"line one\nline \"two\"", "failed {}", 1);
            tracing::info!("again");
        });
        let text = String::from_utf8(memory.0.lock().expect("no panic").clone()).expect("text");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!(lines[0]["order_id"], "o-1");
        assert_eq!((&lines[0]["sequence"], &lines[0]["level"]), (&7.into(), &"WARN".into()));
        assert_eq!(lines[0]["report"]["code"], "x");
        assert_eq!(lines[0]["failure"], "line one\nline \"two\"");
        assert_eq!(lines[0]["message"], "failed 1");
        assert_eq!((&lines[1]["message"], &lines[1]["order_id"]), (&"again".into(), &"o-1".into()));
    }
}
