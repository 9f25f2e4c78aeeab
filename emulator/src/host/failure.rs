//! What is answered after a bug of ours.

use bytes::Bytes;
use http::Response;

use crate::cloud::REJECTED;
use crate::wire::{Protocol, Service, internal_failure, respond};

/// What is said after a panic in the cloud.
pub(crate) const CLOSED: &str = "skyrig has met a bug of its own and stopped serving this state; \
                                 POST /_skyrig/reset begins anew";

/// Something of ours panicked and left nothing half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// The answer to a request that met a bug which is nobody else's concern.
pub(crate) fn failed_alone(spoken: (Option<&'static Service>, Protocol)) -> Response<Bytes> {
    let message = "a bug of skyrig's own met this request, and nothing else; the log says where";
    failure(spoken, 500, message)
}

pub(super) fn failure(
    (service, protocol): (Option<&'static Service>, Protocol),
    status: u16,
    message: &str,
) -> Response<Bytes> {
    respond::failure(protocol, service, &internal_failure(message).status(status), REJECTED)
}
