//! HTTPS for the AWS SDK.
//!
//! With ring. The SDK's own default is aws-lc, whose C takes a compiler most of a minute: the
//! longest wait before anybody's first order.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// A client that trusts the system's certificates.
pub fn client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
