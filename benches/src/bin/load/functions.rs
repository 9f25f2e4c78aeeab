//! Lambda: what a warm invocation costs. The function is a task of this program that speaks the
//! Runtime API at an attachment, so the server does all that it does for a process, and the CPU of
//! the function's own code is in no figure.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::bench::Bench;
use super::bodies::Queue;
use super::http::Connection;
use super::message::Ledger;
use super::rates::{MEBIBYTE, Pair, RATE_MET, RATE_SHARE_MAX, Series, WARM_UP, row};
use super::report::Row;
use super::sqs::Speech;
use super::targets;
use super::worker::{Checks, Kind, Post, Traffic};

/// Where the function is invoked.
pub(crate) const INVOCATIONS: &str = "/2015-03-31/functions/load/invocations";
const NAME: &str = "invoke";
const EVENT: &str = r#"{"order":"o-1","customer":"c-1","items":[{"sku":"s-1","quantity":2}]}"#;
const ANSWER: &str = r#"{"taken":true}"#;
/// The path of the Runtime API below which invocations are.
const RUNTIME: &str = "/2018-06-01/runtime/invocation";
const REQUEST_ID: &str = "lambda-runtime-aws-request-id: ";

/// Measures invocations that wait for their answer.
///
/// # Errors
/// When a server cannot be started or a connection is lost.
pub(crate) async fn invoke(bench: &mut Bench) -> io::Result<()> {
    let options = bench.options;
    let server = bench.lab.server().await?;
    if !server.is_skyrig {
        bench.report.note("invoke: skipped, as the server attaches no functions");
        return Ok(());
    }
    let runtime_api = attached(&server.address).await?;
    let function = tokio::spawn(run(runtime_api));
    let traffic = |checked: bool| {
        let checks = Checks { ledger: Ledger::default(), faults: Arc::clone(&bench.faults) };
        Traffic {
            queue: Queue::new("", None),
            batch: 1,
            kind: Kind::Post,
            checks: checked.then(|| Arc::new(checks)),
            post: Some(Arc::new(post())),
        }
    };
    let bare = (bench.bare.address.clone(), Some(bench.bare.child.id()), traffic(false));
    let pair = Pair {
        bare,
        server: (server.address.clone(), server.pid, traffic(true)),
        connections: options.connections,
        threads: options.threads,
    };
    let most = pair.bare(0.0, WARM_UP).await?.requests_per_second;
    let most = pair.server(0.0, WARM_UP).await?.requests_per_second.min(most);
    let rate = options.rate.min(RATE_SHARE_MAX * most);
    let rate = if rate > 0.0 { rate } else { RATE_SHARE_MAX * most };
    let (mut closed, mut even) = (Series::default(), Series::default());
    for _ in 0..options.rounds {
        for (series, rate, length) in
            [(&mut even, rate, options.round), (&mut closed, 0.0, options.round / 2)]
        {
            let bare = pair.bare(rate, length).await?;
            series.add(bare, pair.server(rate, length).await?);
        }
    }
    let missed = even.leave_out_slower_than(RATE_MET * rate);
    if missed > 0 {
        bench.report.note(format!("{NAME}: {missed} rounds did not meet the rate"));
    }
    let resident = server.resident_bytes();
    bench.report.rows.push(Row {
        workload: NAME,
        rate,
        ratio_max: targets::INVOKE_RATIO,
        resident_mebibytes: resident.map(|it| it as f64 / MEBIBYTE),
        ..row(&closed, &even)
    });
    function.abort();
    Ok(())
}

fn post() -> Post {
    Post {
        speech: Speech::Lambda,
        operation: "Invoke",
        body: EVENT.as_bytes().to_vec(),
        messages: 1,
        answer: ANSWER,
    }
}

/// Makes the function; the address at which its code asks for events.
async fn attached(address: &str) -> io::Result<String> {
    let function = json!({
        "FunctionName": "load", "Role": "arn:aws:iam::000000000000:role/load",
        "PackageType": "Image", "Timeout": 60,
        "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/load:1"},
    });
    ask(address, "/2015-03-31/functions", &function, 201).await?;
    let attached = ask(address, "/_skyrig/functions/load/attach", &json!({}), 200).await?;
    let runtime_api = attached["runtime_api"].as_str();
    runtime_api.map(str::to_owned).ok_or_else(|| io::Error::other("nothing was attached"))
}

async fn ask(address: &str, path: &str, body: &Value, status: u16) -> io::Result<Value> {
    let body = body.to_string();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    let mut connection = Connection::open(address).await?;
    connection.send(request.as_bytes()).await?;
    let answer = connection.receive().await?;
    if answer.status == status {
        return Ok(serde_json::from_slice(answer.body).unwrap_or_default());
    }
    let text = String::from_utf8_lossy(answer.body);
    Err(io::Error::other(format!("{path} was answered {}: {text}", answer.status)))
}

/// The function: asks for an event, answers it, and asks for the next.
async fn run(runtime_api: String) -> io::Result<()> {
    let mut stream = TcpStream::connect(&runtime_api).await?;
    stream.set_nodelay(true)?;
    let next = format!("GET {RUNTIME}/next HTTP/1.1\r\nhost: {runtime_api}\r\n\r\n");
    loop {
        stream.write_all(next.as_bytes()).await?;
        let head = exchange(&mut stream).await?.to_ascii_lowercase();
        let id = head.lines().find_map(|line| line.strip_prefix(REQUEST_ID));
        let id = id.ok_or_else(|| io::Error::other("an event without an id"))?;
        let length = ANSWER.len();
        let answer = format!(
            "POST {RUNTIME}/{id}/response HTTP/1.1\r\nhost: {runtime_api}\r\n\
             content-length: {length}\r\n\r\n{ANSWER}"
        );
        stream.write_all(answer.as_bytes()).await?;
        exchange(&mut stream).await?;
    }
}

/// Reads an answer to its end; its head.
async fn exchange(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(head) = head_of_whole(&bytes) {
            return Ok(head);
        }
    }
}

/// The head of an answer that has come whole.
fn head_of_whole(bytes: &[u8]) -> Option<String> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
    });
    let length: usize = length.unwrap_or(0);
    (bytes.len() >= end + 4 + length).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_body() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nab";
        for end in 0..whole.len() {
            assert_eq!(head_of_whole(&whole[..end]), None, "{end}");
        }
        assert!(head_of_whole(whole).is_some_and(|head| head.ends_with("X: y")));
        assert!(head_of_whole(b"HTTP/1.1 202 Accepted\r\n\r\n").is_some());
    }
}
