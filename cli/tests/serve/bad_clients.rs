//! A good client beside bad ones: all its calls succeed. `benches/src/bin/bad-clients` measures
//! how long they take.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::json;

use crate::process::Skyrig;

const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n";

/// So many clients that send `start` and then nothing more.
fn silent(skyrig: &Skyrig, number: usize, start: &[u8]) -> Vec<TcpStream> {
    let one = |_| {
        let mut stream = TcpStream::connect(skyrig.address()).unwrap();
        // The server may have refused it already.
        let _refused = stream.write_all(start);
        stream
    };
    (0..number).map(one).collect()
}

/// Sends, receives and deletes.
fn assert_serves(skyrig: &Skyrig) {
    skyrig.assert_works();
    for number in 0..20 {
        let body = number.to_string();
        let (status, _) = skyrig.sqs("SendMessage", json!({"QueueUrl": "q", "MessageBody": body}));
        assert_eq!(status, 200);
        let (_, received) = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"}));
        let message = &received["Messages"][0];
        assert_eq!(message["Body"], body);
        let handle = &message["ReceiptHandle"];
        let delete = json!({"QueueUrl": "q", "ReceiptHandle": handle});
        assert_eq!(skyrig.sqs("DeleteMessage", delete).0, 200);
    }
}

#[test]
fn a_good_client_is_served_beside_bad_ones() {
    let skyrig = Skyrig::start(&[]);
    let body = |length: usize, sent: usize| {
        let head = format!("{HEAD}Content-Length: {length}\r\n\r\n");
        [head.as_bytes(), &vec![b' '; sent]].concat()
    };
    let long = 15 << 20;
    let kinds = [
        silent(&skyrig, 50, HEAD.as_bytes()),
        silent(&skyrig, 50, &body(1000, 1)),
        silent(&skyrig, 20, &body(long, long - 1)),
    ];
    assert_serves(&skyrig);
    for _ in 0..200 {
        drop(silent(&skyrig, 1, b"no HTTP\r\n\r\n"));
        drop(silent(&skyrig, 1, b""));
    }
    assert_serves(&skyrig);
    drop(kinds);
    assert!(skyrig.terminate());
}
