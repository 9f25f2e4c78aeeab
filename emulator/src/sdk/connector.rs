//! An HTTP client for AWS SDKs that calls the emulator instead of a socket.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;

use crate::host::{Body, Host};

/// Calls `Host::call` with what the SDK would send.
#[derive(Clone)]
pub(super) struct Connector(pub(super) Arc<Host>);

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("skyrig in process")
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let user = |error: aws_smithy_runtime_api::http::HttpError| {
                ConnectorError::user(Box::new(error))
            };
            let request = request.try_into_http1x().map_err(user)?;
            let (parts, body) = request.into_parts();
            // Reading to the end matters even though the bytes are at hand: the SDK watches the
            // stream, and one that nobody reads counts as stalled.
            let body = body.collect().await.map_err(ConnectorError::user)?.to_bytes();
            let response = host.call(&parts, &body).await;
            let response = response.map_err(|lost| ConnectorError::io(Box::new(lost)))?;
            let response = response.map(|body| match body {
                Body::Whole(bytes) => SdkBody::from(bytes),
                Body::Stream(frames) => SdkBody::from_body_1_x(frames),
            });
            HttpResponse::try_from(response).map_err(user)
        })
    }
}
