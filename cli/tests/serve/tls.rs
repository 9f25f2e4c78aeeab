//! TLS on the port where HTTP is spoken too.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::outside::{subscribe, told};
use crate::process::Skyrig;

/// A file of this test alone, removed with it.
struct File(PathBuf);

impl File {
    fn named(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("skyrig-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _not_there = fs::remove_file(&self.0);
    }
}

/// Sends a request over TLS to who shows a certificate for `name` that `trusted` signed.
fn over_tls(skyrig: &Skyrig, trusted: &File, name: &str, request: &str) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&trusted.0).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.to_owned().try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let tcp = TcpStream::connect(skyrig.address()).unwrap();
    let mut stream = StreamOwned::new(connection, tcp);
    stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|error| error.to_string())?;
    Ok(answer)
}

fn create_queue(host: &str) -> String {
    let body = json!({"QueueName": "q"}).to_string();
    format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         X-Amz-Target: AmazonSQS.CreateQueue\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn who_speaks_tls_gets_addresses_that_do() {
    let authority = File::named("authority.pem");
    let skyrig = Skyrig::start(&["--tls", "--tls-cert-out", authority.path()]);
    let said = format!("TLS is spoken on the same port: https://{}", skyrig.address());
    assert!(skyrig.said.contains(&said), "{:?}", skyrig.said);
    for name in ["localhost", "127.0.0.1", "sqs.localhost.localstack.cloud"] {
        let answer = over_tls(&skyrig, &authority, name, &create_queue("localhost:1")).unwrap();
        assert!(answer.contains(r#""https://localhost:1/000000000000/q""#), "{answer}");
    }
    let refused = over_tls(&skyrig, &authority, "other.example", "").and_then(|answer| {
        if answer.is_empty() { Err("certificate".to_owned()) } else { Ok(answer) }
    });
    assert!(refused.unwrap_err().contains("certificate"));
    let (_, answer) = skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(answer["QueueUrl"], "http://localhost/000000000000/q");
    // The certificate of signatures too, by the name in a link.
    let page =
        "GET /SimpleNotificationService-0.pem HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = over_tls(&skyrig, &authority, "localhost", page).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[test]
fn a_certificate_may_be_given() {
    let (certificate, key) = (File::named("given.pem"), File::named("given.key"));
    let made = rcgen::generate_simple_self_signed(vec!["dev.example".to_owned()]).unwrap();
    fs::write(&certificate.0, made.cert.pem()).unwrap();
    fs::write(&key.0, made.signing_key.serialize_pem()).unwrap();
    let flags = ["--tls-cert", certificate.path(), "--tls-key", key.path()];
    let skyrig = Skyrig::start(&flags);
    let answer =
        over_tls(&skyrig, &certificate, "dev.example", &create_queue("localhost")).unwrap();
    assert!(answer.contains("https://localhost/000000000000/q"), "{answer}");
}

#[test]
fn servers_outside_are_called_over_tls_if_they_are_trusted() {
    let authority = File::named("other.pem");
    let other = Skyrig::start(&["--tls", "--tls-cert-out", authority.path()]);
    let endpoint = format!("https://{}/in", other.local_address());
    let skyrig = Skyrig::start(&[]);
    subscribe(&skyrig, &endpoint, &[]);
    told(&skyrig, "no TLS connection: invalid peer certificate");
    // To the other one it is no request that it knows; so it has answered.
    let skyrig = Skyrig::start(&["--ca", authority.path()]);
    subscribe(&skyrig, &endpoint, &[]);
    told(&skyrig, "the server answered 4");
}
