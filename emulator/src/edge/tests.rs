//! The server with limits that a test can reach, and with a service that panics.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::limits::{Limits, Pace};
use super::{Mode, ServeError, Server, ServerSettings};
use crate::kernel::Settings;

const SHORT: Duration = Duration::from_millis(100);
/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(600);

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Running {
    fn start(limits: Limits) -> Self {
        let server = Server::bind(ServerSettings {
            listen: ([127, 0, 0, 1], 0).into(),
            threads: 1,
            clock: Mode::Real,
            cloud: Settings::default(),
            visitors: Default::default(),
            outbound: Default::default(),
            functions: Default::default(),
            tls: None,
            stages: Default::default(),
            data: None,
            worlds: Default::default(),
            begins: None,
        });
        let server = server.unwrap().with_limits(limits);
        let address = server.address();
        let (stop, told) = oneshot::channel();
        let run = move || {
            server.run(async {
                let _test_gone = told.await;
            })
        };
        let thread = std::thread::spawn(run);
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    /// With time for everything, but for what is given.
    fn patient(change: impl FnOnce(&mut Limits)) -> Self {
        let pace = Pace { within: LONG, bytes_a_second: 1 };
        let mut limits = Limits { head_within: LONG, pace, ..Limits::default() };
        change(&mut limits);
        Self::start(limits)
    }

    fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        // The server may end it before it has all.
        let _refused = stream.write_all(bytes);
        stream
    }

    fn ask(&self, request: &[u8]) -> (u16, String) {
        read(self.send(request))
    }

    fn probe(&self, place: &str) -> (u16, String) {
        self.ask(&post("Probe.Panic", json!({ "place": place }).to_string().as_bytes()))
    }

    fn health(&self) -> (u16, Value) {
        let (status, answer) = self.ask(b"GET /_skyrig/health HTTP/1.0\r\n\r\n");
        (status, serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || matches!(ended, Some(Ok(Ok(())))), "it ended badly");
    }
}

fn post(target: &str, body: &[u8]) -> Vec<u8> {
    let head = head(target, body.len());
    [head.as_bytes(), body].concat()
}

fn head(target: &str, length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

/// Status and everything of an answer; 0 if there is none.
fn read(mut stream: TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    let _broken = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    (status, answer)
}

#[test]
fn a_panic_outside_of_the_cloud_is_one_requests() {
    let server = Running::patient(|_| {});
    for (number, place) in ["reading", "writing"].into_iter().enumerate() {
        let (status, answer) = server.probe(place);
        assert_eq!(status, 500, "{answer}");
        assert!(answer.contains("InternalFailure") && answer.contains("and nothing else"));
        assert!(answer.contains("\r\nx-amzn-RequestId: "), "{answer}");
        let (status, health) = server.health();
        assert_eq!((status, &health["panics"]), (200, &json!(number + 1)));
        assert_eq!(server.probe("nowhere").0, 200);
    }
}

#[test]
fn a_panic_in_the_cloud_closes_the_state_until_it_is_reset() {
    let server = Running::patient(|_| {});
    let create = post("AmazonSQS.CreateQueue", br#"{"QueueName": "q"}"#);
    assert_eq!(server.ask(&create).0, 200);
    let poll = post("AmazonSQS.ReceiveMessage", br#"{"QueueUrl": "q", "WaitTimeSeconds": 20}"#);
    let parked = server.send(&poll);
    let clock = b"GET /_skyrig/clock HTTP/1.0\r\n\r\n";
    while server.ask(clock).1.contains(r#""next_deadline":null"#) {}
    assert_eq!(server.probe("running").0, 500);
    assert_eq!(read(parked).0, 500, "nobody waits for a state that is closed");
    for _ in 0..2 {
        let (status, answer) = server.ask(&create);
        assert!(status == 500 && answer.contains("/_skyrig/reset"), "{answer}");
        let (status, health) = server.health();
        assert_eq!((status, &health["panics"]), (500, &json!(1)));
    }
    assert_eq!(server.ask(b"POST /_skyrig/reset HTTP/1.0\r\n\r\n").0, 200);
    assert_eq!(server.health().0, 200);
    assert_eq!(server.ask(&create).0, 200);
    let answers = server.ask(&post("Probe.Answers", b"{}")).1;
    assert!(answers.ends_with("[]"), "half of a change is there: {answers}");
}

#[test]
fn who_sends_slowly_is_left() {
    let pace = Pace { within: SHORT, bytes_a_second: 1 << 30 };
    let server = Running::start(Limits { head_within: SHORT, pace, ..Limits::default() });
    let half = [head("AmazonSQS.ListQueues", 1000).as_bytes(), b"{"].concat();
    let (status, answer) = server.ask(&half);
    assert!(status == 408 && answer.contains("RequestTimeout"), "{answer}");
    assert!(answer.contains("\r\nx-amzn-RequestId: "), "{answer}");
    assert_eq!(server.ask(b"POST / HTTP/1.1\r\nHost: loc").0, 0);
    assert_eq!(server.ask(b"").0, 0);
}

#[test]
fn a_body_has_more_time_the_more_of_it_came() {
    let begun = tokio::time::Instant::now();
    let pace = Pace { within: SHORT, bytes_a_second: 1000 };
    for (bytes, seconds) in [(0, 0), (999, 0), (1000, 1), (10_000, 10)] {
        let end = begun + SHORT + Duration::from_secs(seconds);
        assert_eq!(pace.latest_end(begun, bytes), end);
    }
}

/// Makes an answer far larger than what sockets hold.
fn fill(server: &Running) -> Vec<u8> {
    server.ask(&post("AmazonSQS.CreateQueue", br#"{"QueueName": "q"}"#));
    let body = "b".repeat(1 << 20);
    let message = json!({ "QueueUrl": "q", "MessageBody": body }).to_string();
    for _ in 0..10 {
        assert_eq!(server.ask(&post("AmazonSQS.SendMessage", message.as_bytes())).0, 200);
    }
    let request = json!({ "QueueUrl": "q", "MaxNumberOfMessages": 10, "VisibilityTimeout": 0 });
    post("AmazonSQS.ReceiveMessage", request.to_string().as_bytes())
}

#[test]
fn who_does_not_read_is_left_and_others_read_all() {
    let pace = Pace { within: SHORT, bytes_a_second: 1 << 30 };
    let server = Running::patient(|limits| limits.pace = pace);
    let receive = fill(&server);
    let mut stuck = server.send(&receive);
    let (status, answer) = server.ask(&receive);
    assert!(status == 200 && answer.len() > 10 << 20, "{status}, {} bytes", answer.len());
    let (_, clock) = server.ask(b"GET /_skyrig/clock HTTP/1.0\r\n\r\n");
    assert!(clock.contains("now"), "{clock}");
    // The server ends it when the time is over; until then, what the sockets hold is full.
    let ended = (0..1_000_000_u32).any(|_| stuck.write(b"x").is_err());
    assert!(ended, "it is still there");
}

#[test]
fn bodies_have_room_for_so_many_bytes_and_short_ones_always() {
    let server = Running::patient(|limits| limits.held_bytes_max = 1 << 20);
    let half = [head("AmazonSQS.ListQueues", 1_000_000).as_bytes(), &[b' '; 999_999]].concat();
    let whole =
        [head("AmazonSQS.ListQueues", 900_000).as_bytes(), b"{}", &[b' '; 899_998]].concat();
    // It may be the half one that finds no room; then the next one does.
    let mut held = Vec::new();
    let mut answers = (0..10_000).map(|_| {
        held.push(server.send(&half));
        server.ask(&whole)
    });
    let (_, answer) = answers.find(|(status, _)| *status == 503).expect("there is room");
    assert!(answer.contains("ServiceUnavailable") && answer.contains("\r\nretry-after: 1\r\n"));
    assert!(answer.contains("\r\nx-amzn-RequestId: "), "{answer}");
    assert_eq!(server.ask(&post("AmazonSQS.ListQueues", b"{}")).0, 200);
    assert_eq!(server.health().0, 200);
    drop(held);
    let fits = |_| server.ask(&whole).0 == 200;
    assert!((0..10_000).any(fits), "the room is not given back");
}

#[test]
fn answers_that_nobody_reads_have_room_for_so_many_bytes() {
    let server = Running::patient(|limits| limits.held_bytes_max = 30 << 20);
    let receive = fill(&server);
    let mut stuck = Vec::new();
    let mut answers = (0..100).map(|_| {
        stuck.push(server.send(&receive));
        server.ask(&receive)
    });
    let (_, answer) = answers.find(|(status, _)| *status == 503).expect("there is room");
    assert!(answer.contains("ServiceUnavailable"), "{answer}");
    assert_eq!(server.ask(&post("AmazonSQS.ListQueues", b"{}")).0, 200);
    drop(stuck);
    assert!((0..1000).any(|_| server.ask(&receive).0 == 200), "the room is not given back");
}

#[test]
fn who_waits_makes_room_for_others() {
    let server = Running::patient(|limits| limits.connections_max = 8);
    let idle: Vec<TcpStream> = (0..20).map(|_| server.send(b"POST / HT")).collect();
    for _ in 0..20 {
        assert_eq!(server.ask(&post("AmazonSQS.ListQueues", b"{}")).0, 200);
    }
    // The first ones have gone first.
    assert_eq!(read(idle.into_iter().next().unwrap()).0, 0);
}

#[test]
fn who_was_served_or_came_late_stays_and_who_is_being_served_too() {
    use super::connection::{Connection, Phase};
    let answers = std::sync::Arc::default();
    let [old, young, busy] = [(); 3].map(|()| Connection::new(&answers));
    busy.begin(Phase::Working);
    assert!(old.rank() < young.rank(), "the older one goes first");
    assert_eq!(busy.rank(), None);
    busy.begin(Phase::Reading);
    assert!(busy.rank() > young.rank(), "a body that is not whole can wait");
}
