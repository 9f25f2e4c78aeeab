//! The bad clients. Each goes on until it is dropped, and comes again when it is sent away.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::good::request;

/// One row of the table: so many clients that do the same.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    clients: usize,
    does: Does,
    /// The server's descriptors, if it has few.
    pub(crate) files: Option<u32>,
    /// Whether nobody reads the server's log, of which there is much.
    pub(crate) log_is_full: bool,
    /// Whether they ask for long messages.
    pub(crate) long_messages: bool,
}

#[derive(Clone, Copy)]
enum Does {
    /// A byte of a head each second.
    SlowHead,
    /// A byte of a body each second.
    SlowBody,
    /// All of a long body but its last byte.
    HoldBody,
    /// Asks for a long answer and does not read it.
    NotRead,
    /// Sends what is no HTTP, again and again.
    Garbage,
    /// Connects and goes away, again and again.
    Connect,
    /// Asks for operations that are not here, again and again.
    Unknown,
}

const BASE: Kind = Kind {
    name: "nobody",
    clients: 0,
    does: Does::SlowHead,
    files: None,
    log_is_full: false,
    long_messages: false,
};

pub(crate) const KINDS: &[Kind] = &[
    BASE,
    Kind { name: "slow-heads", clients: 500, ..BASE },
    Kind { name: "slow-bodies", clients: 500, does: Does::SlowBody, ..BASE },
    Kind { name: "held-bodies", clients: 60, does: Does::HoldBody, ..BASE },
    Kind { name: "no-readers", clients: 60, does: Does::NotRead, long_messages: true, ..BASE },
    Kind { name: "garbage", clients: 8, does: Does::Garbage, ..BASE },
    Kind { name: "connections", clients: 8, does: Does::Connect, ..BASE },
    Kind { name: "full-log", clients: 8, does: Does::Unknown, log_is_full: true, ..BASE },
    Kind { name: "few-files", clients: 500, files: Some(256), ..BASE },
    Kind { name: "few-files-bodies", clients: 500, does: Does::SlowBody, files: Some(256), ..BASE },
];

/// Pause between two bytes, and before a client comes again.
const SECOND: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_millis(100);
/// The same for floods, as this program needs a core, too: some thousands a second.
const AGAIN_FLOOD: Duration = Duration::from_millis(1);
/// The same for those with long bodies, which would otherwise measure how fast bytes are moved.
const AGAIN_LONG: Duration = Duration::from_secs(5);
const LONG_BODY: usize = 16 << 20;

/// Starts the bad clients of a kind; dropping what is returned ends them.
pub(crate) fn begin(kind: &Kind, address: &str) -> JoinSet<()> {
    let mut clients = JoinSet::new();
    let address: Arc<str> = address.into();
    let does = kind.does;
    for number in 0..kind.clients {
        let address = Arc::clone(&address);
        clients.spawn(async move {
            // Not all in the same moment.
            sleep(SECOND * u32::try_from(number).unwrap_or(0) / 500).await;
            loop {
                // Whatever the server does to it, it comes again.
                let _sent_away = once(does, &address, number).await;
                sleep(match does {
                    Does::Garbage | Does::Connect | Does::Unknown => AGAIN_FLOOD,
                    Does::HoldBody | Does::NotRead => AGAIN_LONG,
                    Does::SlowHead | Does::SlowBody => AGAIN,
                })
                .await;
            }
        });
    }
    clients
}

async fn once(does: Does, address: &str, number: usize) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let body = |length: usize| {
        let target = "x-amz-target: AmazonSQS.SendMessage";
        format!("POST / HTTP/1.1\r\nhost: a\r\n{target}\r\ncontent-length: {length}\r\n\r\n")
    };
    let mut answer = Vec::new();
    match does {
        Does::SlowHead => {
            stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\n").await?;
            drip(&mut stream).await
        }
        Does::SlowBody => {
            stream.write_all(body(1 << 20).as_bytes()).await?;
            drip(&mut stream).await
        }
        Does::HoldBody => {
            stream.write_all(body(LONG_BODY).as_bytes()).await?;
            stream.write_all(&vec![b' '; LONG_BODY - 1]).await?;
            stream.read_to_end(&mut answer).await.map(|_| ())
        }
        Does::NotRead => {
            let all =
                json!({"QueueUrl": "long", "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
            stream.write_all(&request("ReceiveMessage", &all)).await?;
            // Writing tells when the server is gone; it does not read that.
            loop {
                sleep(SECOND).await;
                stream.write_all(b"x").await?;
            }
        }
        Does::Garbage => {
            let garbage = format!("{number} \u{1}\u{2} no HTTP\r\n\r\n").repeat(100);
            stream.write_all(garbage.as_bytes()).await?;
            stream.read_to_end(&mut answer).await.map(|_| ())
        }
        Does::Connect => Ok(()),
        Does::Unknown => {
            let unknown = request(&"MakeCoffee".repeat(20), &json!({}));
            for _ in 0..100 {
                stream.write_all(&unknown).await?;
                stream.read_buf(&mut answer).await?;
                answer.clear();
            }
            Ok(())
        }
    }
}

/// Sends a byte a second until the server ends it.
async fn drip(stream: &mut TcpStream) -> io::Result<()> {
    loop {
        tokio::select! {
            ended = stream.read_u8() => return ended.map(|_| ()),
            () = sleep(SECOND) => stream.write_all(b"x").await?,
        }
    }
}
