//! Counts the calls to AWS, by operation and by what they are about.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use harness::say;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls(Arc<Mutex<BTreeMap<(String, String), u64>>>);

/// A client that counts what goes through it.
#[derive(Clone, Debug)]
pub(crate) struct Counting<C> {
    pub(crate) client: C,
    pub(crate) calls: Calls,
}

impl Calls {
    pub(crate) fn total(&self) -> u64 {
        self.lock().values().sum()
    }

    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    /// Calls that are not the system's own.
    pub(crate) fn leave_out(&self, operation: &str, subject: &str) {
        self.lock().remove(&(operation.to_owned(), subject.to_owned()));
    }

    /// Prints the calls of one order of so many, the most frequent first.
    pub(crate) fn show(&self, orders: u32) {
        let mut all: Vec<_> = self.lock().clone().into_iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for ((operation, subject), count) in all {
            say!("  {:7.2}  {operation} {subject}", count as f64 / f64::from(orders));
        }
    }

    fn count(&self, request: &HttpRequest) {
        let body = request.body().bytes().unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = match target.rsplit('.').next() {
            Some("") | None => of_other_protocols(request),
            Some(operation) => operation.to_owned(),
        };
        *self.lock().entry((operation, subject(&body))).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, String), u64>> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a form (SNS), or of a path (CloudWatch's CBOR).
fn of_other_protocols(request: &HttpRequest) -> String {
    let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
    let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let path = request.uri().rsplit('/').next().unwrap_or_default();
    action.unwrap_or(path).to_owned()
}

/// The queue, the table, or the tables of a transaction.
fn subject(body: &Value) -> String {
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(queue) = body["QueueUrl"].as_str() {
        return last(queue);
    }
    if let Some(table) = body["TableName"].as_str() {
        return table.to_owned();
    }
    let items = body["TransactItems"].as_array().into_iter().flatten();
    let parts = items.filter_map(|item| item.as_object()?.values().next()?["TableName"].as_str());
    let mut tables: Vec<_> = parts.collect();
    tables.dedup();
    tables.join("+")
}

impl HttpClient for Counting<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let client = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Counting { client, calls: self.calls.clone() })
    }
}

impl HttpConnector for Counting<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.calls.count(&request);
        self.client.call(request)
    }
}
