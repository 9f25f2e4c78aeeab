//! Whose certificates servers outside may have.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Why a file of certificates can't be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot read certificates from {}: {reason}", path.display())]
pub struct CaError {
    path: PathBuf,
    reason: String,
}

/// Makes TLS connections to servers. What is trusted is read when it is first needed, unless a file
/// was given.
#[derive(Default)]
pub(super) struct Trust {
    given: Option<Vec<CertificateDer<'static>>>,
    made: OnceCell<TlsConnector>,
}

impl Trust {
    /// Trusts those who signed with a certificate of the file, or, without one, whom the system
    /// trusts.
    ///
    /// # Errors
    /// [`CaError`] when there is no certificate in it.
    pub(super) fn new(file: Option<&Path>) -> Result<Self, CaError> {
        let given = file.map(read).transpose()?;
        Ok(Self { given, made: OnceCell::new() })
    }

    pub(super) async fn connector(&self) -> Result<&TlsConnector, String> {
        self.made.get_or_try_init(async || self.make().await).await
    }

    async fn make(&self) -> Result<TlsConnector, String> {
        let certificates = match &self.given {
            Some(given) => given.clone(),
            None => {
                let read = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs);
                read.await.map_err(|error| error.to_string())?.certs
            }
        };
        let mut roots = RootCertStore::empty();
        let (_added, _ignored) = roots.add_parsable_certificates(certificates);
        let failed = |error: rustls::Error| error.to_string();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, CaError> {
    let failed = |reason: String| CaError { path: path.to_owned(), reason };
    let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = read.map_err(|error| failed(error.to_string()))?;
    if certificates.is_empty() {
        return Err(failed("there is none in it".to_owned()));
    }
    Ok(certificates)
}
