//! Clouds driven with whole HTTP requests, and no server.

use bytes::Bytes;
use http::{Request, Response};
use skyrig::cloud::{self, Driver, Input};
use skyrig::{Cloud, Settings};

/// An empty cloud with this seed.
pub(crate) fn of_seed(seed: u64) -> Driver {
    Driver::new(Settings { seed, ..Settings::default() })
}

/// Another driver around another cloud.
pub(crate) fn around(cloud: Cloud) -> Driver {
    Driver::of(cloud)
}

/// Feeds one input; the answers that it brings, to calls that waited too, in the order of calls.
pub(crate) fn feed(driver: &mut Driver, input: Input) -> Vec<Response<Bytes>> {
    let refused = driver.feed(input).err();
    refused.map(|refusal| *refusal).into_iter().chain(driver.take_answers().into_values()).collect()
}

/// An awsJson request; `target` is `AmazonSQS.SendMessage` and the like.
pub(crate) fn json(target: &str, body: &serde_json::Value) -> Request<Bytes> {
    cloud::request::json(target, body.to_string())
}

/// An rpcv2Cbor request to the service with that prefix.
pub(crate) fn cbor(prefix: &str, operation: &str, body: &serde_json::Value) -> Request<Bytes> {
    let body = skyrig::wire::cbor::to_vec(body).expect("JSON has a form in CBOR");
    cloud::request::cbor(prefix, operation, body)
}

/// A request of the query protocol, signed for `service`.
pub(crate) fn query(service: &str, form: &str) -> Request<Bytes> {
    cloud::request::query(service, form.to_owned())
}
