//! TLS on the AWS port: whose certificate, and how it comes to be.
//!
//! A certificate that is made here is signed by an authority whose key is thrown away at once: who
//! trusts that authority trusts this one run of the program and nobody else. Neither key comes from
//! the seed, which anybody may know.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use super::clock::machine_time;

/// What begins a TLS connection: the type of a record that holds a handshake. No method begins so.
pub(super) const FIRST_BYTE: u8 = 0x16;
/// By which names this is known wherever it runs; others come from `--tls-cert`. Clients take no
/// `*.localhost`: a wildcard needs two labels behind it.
const NAMES: [&str; 6] = [
    "localhost",
    "localhost.localstack.cloud",
    "*.localhost.localstack.cloud",
    "host.docker.internal",
    "127.0.0.1",
    "::1",
];

/// How TLS is spoken.
#[derive(Clone, Debug)]
pub enum TlsSettings {
    /// With a certificate that is made at start; the authority's is written to the file, in PEM.
    Made { out: Option<PathBuf> },
    /// With these, in PEM: the chain, the server's own first, and its key.
    Given { certificate: PathBuf, key: PathBuf },
}

/// Why TLS can't be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot use {} for TLS: {reason}", path.display())]
    File { path: PathBuf, reason: String },
    #[error("cannot make a certificate: {0}")]
    Making(#[from] rcgen::Error),
    #[error("cannot speak TLS with this certificate and key: {0}")]
    Pair(#[from] rustls::Error),
}

type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Speaks TLS for a server that listens at `own`.
///
/// # Errors
/// [`TlsError`] with the reason.
pub(super) fn acceptor(settings: &TlsSettings, own: SocketAddr) -> Result<TlsAcceptor, TlsError> {
    let (chain, key) = match settings {
        TlsSettings::Made { out } => made(own, out.as_deref())?,
        TlsSettings::Given { certificate, key } => given(certificate, key)?,
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn given(certificate: &Path, key: &Path) -> Result<Pair, TlsError> {
    let failed = |path: &Path, reason: String| TlsError::File { path: path.to_owned(), reason };
    let read = |path: &Path| std::fs::read(path).map_err(|error| failed(path, error.to_string()));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
    let chain = chain.map_err(|error| failed(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(certificate, "there is no certificate in it".to_owned()));
    }
    let key_der = PrivateKeyDer::from_pem_slice(&read(key)?);
    Ok((chain, key_der.map_err(|error| failed(key, error.to_string()))?))
}

fn made(own: SocketAddr, out: Option<&Path>) -> Result<Pair, TlsError> {
    let mut authority = dated(CertificateParams::default());
    authority.distinguished_name.push(DnType::CommonName, "skyrig's authority of one run");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let mut names = NAMES.map(str::to_owned).to_vec();
    if !own.ip().is_unspecified() && !own.ip().is_loopback() {
        names.push(own.ip().to_string());
    }
    let mut server = dated(CertificateParams::new(names)?);
    server.distinguished_name.push(DnType::CommonName, "skyrig");
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &issuer)?;
    if let Some(path) = out {
        std::fs::write(path, authority_certificate.pem())
            .map_err(|error| TlsError::File { path: path.to_owned(), reason: error.to_string() })?;
    }
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    Ok((vec![certificate.into()], key))
}

/// Good from this month on, for a year: some clients take no certificate that is good for long.
fn dated(mut parameters: CertificateParams) -> CertificateParams {
    let today = machine_time().iso_millis();
    let mut parts = today.split('-').map(|part| part.parse::<u16>().ok());
    let (year, month) = (parts.next().flatten(), parts.next().flatten());
    let (year, month) = (year.unwrap_or(2026), month.unwrap_or(1) as u8);
    parameters.not_before = date_time_ymd(year.into(), month, 1);
    parameters.not_after = date_time_ymd(i32::from(year) + 1, month, 1);
    parameters.distinguished_name = Default::default();
    parameters
}
