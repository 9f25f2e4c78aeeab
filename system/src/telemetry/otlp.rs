//! The way to the collector: OTLP over HTTP, from the SDK's own threads, so neither a role nor
//! virtual time waits for it.

use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    MetricExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::Collector;
use super::figures::Figures;
use super::spans::AwsIds;

const SCOPE: &str = "orderflow";
/// Of one request, its answer included.
const WITHIN: Duration = Duration::from_secs(10);
/// An answer says what was refused, if anything.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

#[derive(Debug)]
pub(super) struct Open {
    traces: Option<(SdkTracerProvider, SdkTracer)>,
    metrics: Option<(SdkMeterProvider, Figures)>,
}

impl Open {
    pub(super) fn begin(collector: &Collector) -> Result<Self, String> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| format!("certificates of the system: {error}"))?
            .https_or_http()
            .enable_http1()
            .build();
        let sender = Sender { connector };
        let resource = Resource::builder().with_service_name(collector.service.clone()).build();
        let traces = collector.traces.as_deref().map(|url| traces(url, &sender, &resource));
        let metrics = collector.metrics.as_deref().map(|url| metrics(url, &sender, &resource));
        Ok(Self { traces: traces.transpose()?, metrics: metrics.transpose()? })
    }

    pub(super) fn tracer(&self) -> Option<&SdkTracer> {
        self.traces.as_ref().map(|it| &it.1)
    }

    pub(super) fn figures(&self) -> Option<&Figures> {
        self.metrics.as_ref().map(|it| &it.1)
    }

    /// Both are told to end, whatever becomes of the first.
    pub(super) fn end(&self) -> Result<(), String> {
        let traces = self.traces.as_ref().map_or(Ok(()), |it| it.0.shutdown());
        let metrics = self.metrics.as_ref().map_or(Ok(()), |it| it.0.shutdown());
        traces.and(metrics).map_err(|error| error.to_string())
    }
}

fn traces(
    url: &str,
    sender: &Sender,
    resource: &Resource,
) -> Result<(SdkTracerProvider, SdkTracer), String> {
    let exporter = SpanExporter::builder().with_http().with_http_client(sender.clone());
    let exporter = exporter.with_endpoint(url).with_protocol(Protocol::HttpBinary).build();
    let exporter = exporter.map_err(|error| format!("traces to {url}: {error}"))?;
    let provider = SdkTracerProvider::builder().with_id_generator(AwsIds::default());
    let provider = provider.with_resource(resource.clone()).with_batch_exporter(exporter).build();
    let tracer = provider.tracer(SCOPE);
    Ok((provider, tracer))
}

fn metrics(
    url: &str,
    sender: &Sender,
    resource: &Resource,
) -> Result<(SdkMeterProvider, Figures), String> {
    let exporter = MetricExporter::builder().with_http().with_http_client(sender.clone());
    let exporter = exporter.with_endpoint(url).with_protocol(Protocol::HttpBinary).build();
    let exporter = exporter.map_err(|error| format!("metrics to {url}: {error}"))?;
    let provider = SdkMeterProvider::builder().with_resource(resource.clone());
    let provider = provider.with_periodic_exporter(exporter).build();
    let figures = Figures::new(provider.meter(SCOPE));
    Ok((provider, figures))
}

/// Sends from the SDK's threads, which have no runtime.
#[derive(Clone, Debug)]
struct Sender {
    connector: HttpsConnector<HttpConnector>,
}

impl Sender {
    /// Waits for the answer.
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // One for each request: some are a minute apart, and what is made here ends here.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = Client::builder(TokioExecutor::new()).build(self.connector.clone());
        let exchange = async {
            let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        runtime.block_on(async { tokio::time::timeout(WITHIN, exchange).await? })
    }
}

impl HttpClient for Sender {
    // The trait is of `async_trait`, which is written out here.
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move { self.send(request) })
    }
}
