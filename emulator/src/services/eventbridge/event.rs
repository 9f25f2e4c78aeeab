//! An event on its way: its envelope as AWS writes it.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::kernel::{Arn, Context, Delivery, MessageId, NodeId, Principal, RetrySchedule, Scope};
use crate::services::shared::json_text;
use crate::wire::Timestamp;

/// EventBridge as policies name it.
pub(super) const PRINCIPAL: Principal = Principal::of("events.amazonaws.com");

/// What the envelope takes besides detail, source and type, if there are no resources.
const ROOM: usize = 256;
/// An envelope's members.
const MEMBERS: usize = 9;

/// An event that a bus takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewEvent {
    pub(super) id: MessageId,
    /// When it happened.
    pub(super) time: Timestamp,
    /// The whole event as JSON without spaces, members in AWS's order.
    pub(super) envelope: Arc<str>,
    /// The same as a value, if it is at hand.
    pub(super) value: Option<Value>,
    /// What led to it.
    pub(super) cause: NodeId,
    /// Services passed on the way here.
    pub(super) hops: u8,
    /// The rules that may see it, if not all (replays).
    pub(super) only: Option<Arc<[Arn]>>,
    /// The rule whose schedule put it.
    pub(super) scheduled: Option<Arc<str>>,
    /// The X-Ray header, for targets that carry it on.
    pub(super) trace_header: Option<Box<str>>,
}

/// What a publisher says of an event; all of it checked.
pub(super) struct Parts<'a> {
    pub(super) source: &'a str,
    pub(super) detail_type: &'a str,
    /// A JSON object, as it was written.
    pub(super) detail: &'a str,
    /// The same as a value.
    pub(super) detail_value: Value,
    pub(super) resources: &'a [String],
    pub(super) time: Option<Timestamp>,
}

impl NewEvent {
    /// A new event of the caller's account and region.
    pub(super) fn new(ctx: &mut Context<'_>, parts: Parts<'_>) -> Self {
        let id = ctx.ids().uuid();
        let time = parts.time.unwrap_or_else(|| ctx.now());
        let rest = parts.source.len() + parts.detail_type.len() + ROOM;
        let mut envelope = Vec::with_capacity(parts.detail.len() + rest);
        let mut value = Map::with_capacity(MEMBERS);
        // In AWS's order.
        let members = [
            ("version", Value::from("0")),
            ("id", id.to_string().into()),
            ("detail-type", parts.detail_type.into()),
            ("source", parts.source.into()),
            ("account", ctx.account().into()),
            ("time", time.iso_seconds().into()),
            ("region", ctx.region().into()),
            ("resources", parts.resources.into()),
        ];
        for (name, member) in members {
            let before = if envelope.is_empty() { "{\"" } else { ",\"" };
            [before, name, "\":"].into_iter().for_each(|text| envelope.extend(text.as_bytes()));
            serde_json::to_writer(&mut envelope, &member).expect("a value has a form in JSON");
            value.insert(name.to_owned(), member);
        }
        let detail = json_text::compact(parts.detail);
        let rest = [",\"detail\":", &detail, "}"];
        rest.into_iter().for_each(|text| envelope.extend(text.as_bytes()));
        value.insert("detail".to_owned(), parts.detail_value);
        let envelope = String::from_utf8(envelope).expect("JSON is text");
        let (envelope, value) = (envelope.into(), Some(value.into()));
        Self {
            id,
            time,
            envelope,
            value,
            cause: ctx.cause(),
            hops: 0,
            only: None,
            scheduled: None,
            trace_header: None,
        }
    }

    /// The whole event, for those who look into it.
    pub(super) fn value(&self) -> Cow<'_, Value> {
        match &self.value {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(serde_json::from_str(&self.envelope).expect("an envelope is JSON")),
        }
    }

    /// The event on its way to a bus of another account or region, sent by the caller.
    pub(super) fn to_bus(&self, ctx: &Context<'_>, bus: Arn) -> Delivery {
        let from = Scope::new(ctx.account(), "").arn("iam", "root");
        let delivery =
            Delivery::new((from, PRINCIPAL), bus, Arc::clone(&self.envelope), self.cause);
        Delivery { hops: self.hops, ..delivery.tried_again(RetrySchedule::EVENTS) }
    }
}
