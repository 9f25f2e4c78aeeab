//! A span for a hop, in the trace of its header, which goes on with the span as parent.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SdkTracer};

use super::{Hop, HopKind};
use crate::trace::{self, TraceHeader};

const ROOT: &str = "Root=1-";

thread_local! {
    /// The trace that a span without a parent belongs to, while it is being made.
    static WANTED: Cell<Option<TraceId>> = const { Cell::new(None) };
}

/// Trace ids are those of the header that is being worked under, or as AWS wants new ones: the
/// seconds since 1970 first.
///
/// Source: developer guide of X-Ray, "Tracing header".
#[derive(Debug, Default)]
pub(super) struct AwsIds(RandomIdGenerator);

impl IdGenerator for AwsIds {
    #[expect(clippy::disallowed_methods, reason = "the collector's trait hands no time in")]
    fn new_trace_id(&self) -> TraceId {
        let wanted = WANTED.take();
        wanted.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let seconds = u32::try_from(now.as_secs()).unwrap_or(u32::MAX).to_be_bytes();
            let mut bytes = self.0.new_trace_id().to_bytes();
            bytes[..4].copy_from_slice(&seconds);
            TraceId::from_bytes(bytes)
        })
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    trace: TraceId,
    /// `None`: whoever sent it has no span.
    parent: Option<SpanId>,
    sampled: Option<bool>,
}

impl Said {
    fn of(header: &TraceHeader) -> Option<Self> {
        let part = |name: &str| header.as_str().split(';').find_map(|it| it.strip_prefix(name));
        let (time, id) = part(ROOT)?.split_once('-')?;
        let trace = TraceId::from_hex(&format!("{time}{id}")).ok()?;
        let parent = part("Parent=").filter(|id| id.len() == 16);
        let parent = parent.and_then(|id| SpanId::from_hex(id).ok());
        let sampled = match part("Sampled=") {
            Some("0") => Some(false),
            Some("1") => Some(true),
            _ => None,
        };
        let parent = parent.filter(|it| *it != SpanId::INVALID);
        (trace != TraceId::INVALID).then_some(Self { trace, parent, sampled })
    }
}

pub(super) async fn hop<T>(
    tracer: &SdkTracer,
    header: Option<TraceHeader>,
    hop: &Hop<'_>,
    failed: fn(&T) -> bool,
    work: impl Future<Output = T>,
) -> T {
    let said = header.as_ref().and_then(Said::of);
    if said.as_ref().is_some_and(|said| said.sampled == Some(false)) {
        return trace::within(header, work).await;
    }
    let context = match said.as_ref().and_then(|said| Some((said.trace, said.parent?))) {
        Some((trace, parent)) => {
            let state = TraceState::NONE;
            let parent = SpanContext::new(trace, parent, TraceFlags::SAMPLED, true, state);
            Context::new().with_remote_span_context(parent)
        }
        None => Context::new(),
    };
    let kind = match hop.kind {
        HopKind::Request => SpanKind::Server,
        HopKind::Message => SpanKind::Consumer,
    };
    let mut attributes = vec![KeyValue::new("orderflow.role", hop.role)];
    if let Some(order_id) = hop.order_id {
        attributes.push(KeyValue::new("order.id", order_id.to_owned()));
    }
    let span = tracer.span_builder(hop.name.to_owned()).with_kind(kind);
    WANTED.set(said.map(|said| said.trace));
    let mut span = tracer.build_with_context(span.with_attributes(attributes), &context);
    WANTED.set(None);
    let going_on = going_on(header.as_ref(), span.span_context());
    let done = trace::within(going_on, work).await;
    if failed(&done) {
        span.set_status(Status::error(""));
    }
    span.end();
    done
}

/// The header with the span as parent, and all else that it says.
fn going_on(header: Option<&TraceHeader>, span: &SpanContext) -> Option<TraceHeader> {
    let trace = span.trace_id().to_string();
    let (time, id) = trace.split_at_checked(8)?;
    let (parent, sampled) = (span.span_id(), u8::from(span.is_sampled()));
    let mut text = format!("{ROOT}{time}-{id};Parent={parent};Sampled={sampled}");
    let others = header.into_iter().flat_map(|header| header.as_str().split(';'));
    for other in others {
        if !["Root=", "Parent=", "Sampled="].iter().any(|name| other.starts_with(name)) {
            text.push(';');
            text.push_str(other);
        }
    }
    TraceHeader::parse(&text)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Debug, Default)]
    struct Kept(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Kept {
        async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().expect("no panic").extend(spans);
            Ok(())
        }
    }

    const HEADER: &str = "Root=1-5759e988-bd862e3fe1be46a994272793";
    const TRACE: &str = "5759e988bd862e3fe1be46a994272793";

    fn provider() -> (SdkTracerProvider, Kept) {
        let kept = Kept::default();
        let builder = SdkTracerProvider::builder().with_id_generator(AwsIds::default());
        (builder.with_simple_exporter(kept.clone()).build(), kept)
    }

    /// The header under which `work` is done, and the spans.
    async fn under(header: Option<&str>, failed: bool) -> (Option<String>, Vec<SpanData>) {
        let (provider, kept) = provider();
        let tracer = provider.tracer("test");
        let header = header.map(|text| TraceHeader::parse(text).expect("a header"));
        let name = "Order Placed";
        let it = Hop { role: "orders", kind: HopKind::Message, name, order_id: Some("o-1") };
        let work = async { (trace::current().map(|it| it.to_string()), failed) };
        let done = hop(&tracer, header, &it, |done: &(_, bool)| done.1, work).await;
        let spans = kept.0.lock().expect("no panic").clone();
        (done.0, spans)
    }

    #[tokio::test]
    async fn a_span_is_of_the_headers_trace_and_goes_on_as_parent() {
        let parent = "53995c3f42cd8ad8";
        let told =
            |of: &SpanData| format!("{HEADER};Parent={};Sampled=1", of.span_context.span_id());
        for (rest, of) in [
            (String::new(), SpanId::INVALID),
            (";Sampled=1".to_owned(), SpanId::INVALID),
            (format!(";Parent={parent};Sampled=1"), SpanId::from_hex(parent).expect("an id")),
            (";Parent=0000000000000000".to_owned(), SpanId::INVALID),
            (";Parent=x".to_owned(), SpanId::INVALID),
        ] {
            let (going_on, spans) = under(Some(&format!("{HEADER}{rest}")), false).await;
            let [span] = &spans[..] else { panic!("{rest}: {spans:?}") };
            assert_eq!(span.span_context.trace_id().to_string(), TRACE, "{rest}");
            assert_eq!(span.parent_span_id, of, "{rest}");
            assert_eq!(going_on, Some(told(span)), "{rest}");
            assert_eq!((&*span.name, &span.span_kind), ("Order Placed", &SpanKind::Consumer));
            assert_eq!(span.status, Status::Unset);
        }
    }

    #[tokio::test]
    async fn what_others_say_in_a_header_goes_on() {
        let (going_on, spans) = under(Some(&format!("{HEADER};Lineage=a:1|b:2")), true).await;
        let parent = spans[0].span_context.span_id();
        let expected = format!("{HEADER};Parent={parent};Sampled=1;Lineage=a:1|b:2");
        assert_eq!(going_on, Some(expected));
        assert_eq!(spans[0].status, Status::error(""));
    }

    #[tokio::test]
    async fn what_is_not_sampled_is_not_told_and_goes_on_as_it_came() {
        let header = format!("{HEADER};Parent=53995c3f42cd8ad8;Sampled=0");
        let (going_on, spans) = under(Some(&header), false).await;
        assert_eq!((going_on, spans.len()), (Some(header), 0));
    }

    #[tokio::test]
    async fn without_a_header_a_trace_begins_as_aws_wants_it() {
        let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).expect("now").as_secs();
        let before = seconds();
        let (going_on, spans) = under(None, false).await;
        let header = TraceHeader::parse(&going_on.expect("a header")).expect("AWS's form");
        let said = Said::of(&header).expect("a trace");
        assert_eq!(said.trace, spans[0].span_context.trace_id());
        assert_eq!(said.parent, Some(spans[0].span_context.span_id()));
        let bytes = said.trace.to_bytes();
        let begun = u64::from(u32::from_be_bytes(bytes[..4].try_into().expect("four")));
        assert!((before..=seconds()).contains(&begun), "{begun}");
    }
}
