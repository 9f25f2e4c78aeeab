//! What is asked beside AWS's operations: by phones, and by the emulator's own pages.

use bytes::Bytes;
use serde_json::Value;

use super::{CLOSED, Host, Panicked, Started};
use crate::cloud::journal::{Draft, PageCall};
use crate::cloud::{Cloud, Input, registry};
use crate::kernel::{PhoneText, Scope};

impl Host {
    /// Lets a phone answer the latest text that it got; `false` if it got none that is still kept.
    pub fn text(&self, from: &str, body: &str) -> bool {
        let latest = |cloud: &Cloud| {
            let mut letters = cloud.letters().iter().rev();
            let found = letters.find(|letter| letter.protocol == "sms" && letter.to == from);
            found.map(|letter| letter.scope.clone())
        };
        let Some(scope) = self.with_cloud(latest).flatten() else { return false };
        let (from, body) = (from.to_owned(), body.to_owned());
        self.apply(Input::Text(PhoneText { scope, from, body }));
        true
    }

    /// Asks an operation that answers at once, for a page of the emulator itself.
    ///
    /// # Errors
    /// Why there is no answer, for people.
    pub(crate) fn ask(
        &self,
        asked: (&str, &str),
        scope: Scope,
        input: &Value,
    ) -> Result<Value, String> {
        let (status, answer) = self.ask_fully(asked, scope, input)?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let told = ["message", "Message", "__type"].iter().find_map(|name| answer[name].as_str());
        Err(told.unwrap_or("it was refused").to_owned())
    }

    /// The same with the answer's status; a refusal is an answer too.
    ///
    /// # Errors
    /// Why there is no answer, for people.
    pub(crate) fn ask_fully(
        &self,
        (service, operation): (&str, &str),
        scope: Scope,
        input: &Value,
    ) -> Result<(u16, Value), String> {
        let body = Bytes::from(input.to_string());
        let asked = PageCall {
            service: service.to_owned(),
            operation: operation.to_owned(),
            scope: scope.clone(),
            body: body.clone(),
        };
        let draft = self.writes_down().then(|| Draft::asked(self.clock.now(), &asked));
        let prepared =
            self.whole(|| registry().prepare_for_page((service, operation), scope, body));
        let broke = |Panicked| format!("{operation} failed inside of the emulator");
        let call = prepared.map_err(broke)?.map_err(|rejection| rejection.to_string())?;
        let Some(Started::Done((reply, _))) = self.start(call, draft) else {
            let refusal = self.refusal().map(|not_kept| not_kept.to_string());
            return Err(refusal.unwrap_or_else(|| CLOSED.to_owned()));
        };
        let written = self.whole(|| reply.write()).map_err(broke)?;
        let status = written.status().as_u16();
        // Operations that say nothing have no body.
        let body = if written.body().is_empty() { b"{}" } else { &written.body()[..] };
        let answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        Ok((status, answer))
    }
}
