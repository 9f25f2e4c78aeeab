//! The program against an AWS that takes connections and answers nothing: it gives up, and it ends
//! when it is told to. In real time, as signals and sockets have no other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Far more than anything here may take; only a slow machine comes near.
const LONG: Duration = Duration::from_secs(60);

/// An API whose calls hang.
struct Api {
    child: Child,
    address: String,
    lines: Receiver<String>,
    _mute: TcpListener,
}

impl Api {
    fn start(more: &[&str]) -> Self {
        let mute = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", mute.local_addr().expect("an address"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_orderflow"))
            .args(["run", "--roles", "api", "--listen", "127.0.0.1:0", "--endpoint", &endpoint])
            .args(more)
            .env_remove("AWS_PROFILE")
            .env_remove("ORDERFLOW_TOKEN")
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (tell, lines) = channel();
        let errors = BufReader::new(child.stderr.take().expect("a pipe"));
        thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line)));
        });
        let mut api = Self { child, address: String::new(), lines, _mute: mute };
        let said = api.says("listening on http://");
        api.address = said.rsplit("http://").next().expect("an address").to_owned();
        api
    }

    /// The next line that has this in it.
    fn says(&self, what: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(LONG).unwrap_or_else(|_| panic!("no {what:?}"));
            if line.contains(what) {
                return line;
            }
        }
    }

    fn sends(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(LONG)).expect("a time");
        stream.write_all(text.as_bytes()).expect("it is taken");
        stream
    }

    fn get(&self, path: &str, header: &str) -> TcpStream {
        self.sends(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n{header}connection: close\r\n\r\n"))
    }

    fn is_told_to_stop(&self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.expect("there is kill").success());
    }

    fn end(mut self) -> ExitStatus {
        let (tell, told) = channel();
        let id = self.child.id().to_string();
        thread::spawn(move || {
            if told.recv_timeout(LONG).is_err() {
                let _killed = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        let status = self.child.wait().expect("it was started");
        let _over = tell.send(());
        status
    }
}

/// A test that does not end it, or fails, leaves nothing behind.
impl Drop for Api {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    // Whatever ends it.
    let _ended = stream.read_to_string(&mut text);
    text
}

#[test]
fn a_request_whose_call_hangs_is_answered() {
    let api = Api::start(&[]);
    let found = answer(api.get("/orders/o", ""));
    assert!(found.starts_with("HTTP/1.1 503 "), "{found:?}");
    assert!(answer(api.get("/health/live", "")).starts_with("HTTP/1.1 200 "));
}

#[test]
fn told_to_stop_it_ends_whatever_hangs() {
    let api = Api::start(&[]);
    let hanging = [
        api.get("/orders/o", ""),
        api.sends("GET /ord"),
        api.sends("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"),
    ];
    // Both have begun when a third is answered.
    assert!(answer(api.get("/health/live", "")).starts_with("HTTP/1.1 200 "));
    api.is_told_to_stop();
    let status = api.end();
    assert!(status.code().is_some(), "it ended by itself: {status}");
    drop(hanging);
}

#[test]
fn told_again_it_ends_at_once() {
    let api = Api::start(&[]);
    let _hanging = api.get("/orders/o", "");
    assert!(answer(api.get("/health/live", "")).starts_with("HTTP/1.1 200 "));
    // Two signals at once may be one.
    api.is_told_to_stop();
    while TcpStream::connect(&api.address).is_ok() {
        thread::yield_now();
    }
    api.is_told_to_stop();
    api.says("told to stop again");
    assert_eq!(api.end().code(), Some(1));
}

#[test]
fn only_who_has_the_token_of_the_file_gets_in() {
    let path = std::env::temp_dir().join(format!("orderflow-token-{}", std::process::id()));
    std::fs::write(&path, "s3cret\n").unwrap();
    let api = Api::start(&["--token-file", path.to_str().unwrap(), "--requests-per-second", "2"]);
    std::fs::remove_file(&path).unwrap();
    let status = |path: &str, header: &str| {
        let answer = answer(api.get(path, header));
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(status("/analytics", ""), "401");
    assert_eq!(status("/analytics", "authorization: Bearer other\r\n"), "401");
    assert_eq!(status("/analytics", "authorization: Bearer s3cret\r\n"), "200");
    assert_eq!(status("/health/live", ""), "200");
    assert!((0..LONG.as_secs() * 100).any(|_| status("/analytics", "") == "429"));
    assert_eq!(status("/health/live", ""), "200");
}
