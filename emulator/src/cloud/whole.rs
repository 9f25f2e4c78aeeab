//! Requests that an operation takes as a whole, such as those to a function's address.

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use super::authentication::Signature;
use super::call::{Call, Origin};
use super::registry::{AMZ_SDK_REQUEST, FoundOperation, REJECTED, Registry, caller};
use crate::kernel::Region;
use crate::wire::rest::Whole;
use crate::wire::{Format, Protocol, detect, respond};

impl Registry {
    /// Whom the request is for, if an operation takes it as a whole.
    #[cfg(feature = "edge")]
    pub(crate) fn whole<'p>(&self, parts: &'p Parts) -> Option<Whole<'p>> {
        self.whole.iter().find_map(|(label, ..)| Whole::of(parts, label))
    }

    pub(super) fn taken_whole<'p>(
        &'static self,
        parts: &'p Parts,
    ) -> Option<(FoundOperation, Whole<'p>)> {
        self.whole.iter().find_map(|(label, service, name)| {
            let whole = Whole::of(parts, label)?;
            Some((self.operation(service, name)?, whole))
        })
    }

    /// A header that is no signature of AWS's is the business of whoever answers.
    pub(super) fn prepare_whole(
        found: FoundOperation,
        whole: &Whole<'_>,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Call, Box<Response<Bytes>>> {
        let FoundOperation { service, operation, of } = found;
        let (protocol, route) = (Protocol::RestJson1, operation.route.as_ref());
        let operation_name = operation.name;
        let format =
            Format { protocol, service, operation: operation_name, query_mode: false, route };
        let body = Bytes::from(whole.members(parts, body));
        let run = operation.decode(&format, &body).map_err(|error| {
            Box::new(respond::failure(protocol, Some(service), &error.into(), REJECTED))
        })?;
        let mut caller = caller(parts, detect::credential(parts).unwrap_or_default());
        caller.scope.region = Region(whole.region.into());
        let attempt = parts.headers.get(AMZ_SDK_REQUEST).cloned();
        let (signature, origin) = (Signature::Unread, Origin::Client);
        Ok(Call { caller, signature, format, operation, of, body, attempt, run, origin })
    }
}
