//! Answers that are streams: a call that waits is told one event after the other.

use serde::Serialize;

use super::operation::Coded;
use super::{Answer, CallId, Context};
use crate::wire::JsonFirst;
use crate::wire::event_stream::INITIAL_RESPONSE;

/// One event of an answer that is a stream. The first begins the answer.
pub struct Part {
    pub call: CallId,
    /// The member of the stream's union.
    pub event: &'static str,
    pub payload: Box<dyn Answer>,
    /// How many things it tells of; one that tells of nothing may be left out where many wait.
    pub entries: usize,
    /// It is one of the stream's exceptions, and the last.
    pub last: bool,
}

impl Context<'_> {
    /// Begins the answer of a call that waits, with its members outside of the stream.
    pub fn begin_stream<R: Serialize + Send + 'static>(&mut self, call: CallId, response: R) {
        self.tell(call, INITIAL_RESPONSE, response, 1);
    }

    /// Tells a call that waits an event of its stream, about so many `entries`.
    pub fn tell<R: Serialize + Send + 'static>(
        &mut self,
        call: CallId,
        event: &'static str,
        payload: R,
        entries: usize,
    ) {
        let payload = Box::new(Coded::<JsonFirst, R>::new(payload));
        self.outbox.parts.push_back(Part { call, event, payload, entries, last: false });
    }

    /// Ends the stream of a call with one of its exceptions.
    pub fn tell_last<R: Serialize + Send + 'static>(
        &mut self,
        call: CallId,
        exception: &'static str,
        payload: R,
    ) {
        self.kernel.parked.remove(&call);
        let payload = Box::new(Coded::<JsonFirst, R>::new(payload));
        let part = Part { call, event: exception, payload, entries: 1, last: true };
        self.outbox.parts.push_back(part);
    }
}
