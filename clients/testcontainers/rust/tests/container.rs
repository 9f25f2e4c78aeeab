//! A container that is started, asked, and gone. Only where `SKYRIG_IMAGE` names an image and an
//! engine is there.
#![cfg(feature = "testcontainers")]

use skyrig_testcontainers::testcontainers::runners::AsyncRunner as _;
use skyrig_testcontainers::{PORT, Skyrig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_container_serves_when_it_has_started() {
    let Some(image) = std::env::var_os("SKYRIG_IMAGE") else {
        println!("SKIPPED: SKYRIG_IMAGE names no image");
        return;
    };
    let image = image.into_string().unwrap();
    let (name, tag) = image.rsplit_once(':').unwrap();
    let skyrig = Skyrig::of(name, tag).with_flags(["--clock", "manual"]);
    let container = skyrig.start().await.unwrap();
    let port = container.get_host_port_ipv4(PORT).await.unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = "GET /_skyrig/clock HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("\"mode\":\"manual\""), "{answer}");
}
