//! The program as a process, and HTTP to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value, json};

pub(crate) struct Skyrig {
    process: Child,
    /// What it wrote to standard output until it was ready.
    pub(crate) said: Vec<String>,
}

impl Skyrig {
    /// Starts it on a free port; what it logs is lost.
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, Stdio::null(), &[])
    }

    /// The same with its log in a pipe.
    pub(crate) fn with_log(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::start_with(flags, Stdio::piped(), environment)
    }

    /// The same, with so many file descriptors.
    pub(crate) fn limited_to_files(files: u32) -> Self {
        let mut shell = Command::new("sh");
        let limit = format!("ulimit -n {files} && exec \"$0\" \"$@\"");
        shell.args(["-c", &limit, env!("CARGO_BIN_EXE_skyrig")]);
        Self::begin(shell, &[], Stdio::piped(), &[])
    }

    /// A recording's world, served as it was before one of its inputs.
    pub(crate) fn at(arguments: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_skyrig"));
        program.arg("at").args(arguments);
        Self::run(program, &["--listen", "127.0.0.1:0"], Stdio::null(), &[])
    }

    fn start_with(flags: &[&str], log: Stdio, environment: &[(&str, &str)]) -> Self {
        Self::begin(Command::new(env!("CARGO_BIN_EXE_skyrig")), flags, log, environment)
    }

    fn begin(
        mut program: Command,
        flags: &[&str],
        log: Stdio,
        environment: &[(&str, &str)],
    ) -> Self {
        program.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::run(program, flags, log, environment)
    }

    fn run(mut program: Command, flags: &[&str], log: Stdio, environment: &[(&str, &str)]) -> Self {
        let mut process = program
            .args(flags)
            .env_remove("RUST_LOG")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        for line in lines {
            said.push(line.unwrap());
            if said.last().unwrap() == "Ready." {
                break;
            }
        }
        Self { process, said }
    }

    /// By a name that certificates have.
    pub(crate) fn local_address(&self) -> String {
        self.address().replace("127.0.0.1", "localhost")
    }

    pub(crate) fn address(&self) -> &str {
        self.said[0].strip_prefix("skyrig listening on http://").unwrap()
    }

    /// Sends a request and leaves the connection open.
    pub(crate) fn send(&self, head: &str, body: &[u8]) -> TcpStream {
        self.send_to_host("localhost", head, body)
    }

    pub(crate) fn send_to_host(&self, host: &str, head: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let length = body.len();
        let head = format!(
            "{head}\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        // The server may answer and close before it has read a body that is too long.
        let _refused = stream.write_all(body);
        stream
    }

    pub(crate) fn request(&self, head: &str, body: &[u8]) -> (u16, String) {
        read(self.send(head, body))
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.request(&format!("GET {path} HTTP/1.1"), b"");
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let head = format!("POST {path} HTTP/1.1");
        let (status, body) = self.request(&head, body.to_string().as_bytes());
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) fn put_faults(&self, rules: &str) -> (u16, Value) {
        let (status, body) = self.request("PUT /_skyrig/faults HTTP/1.1", rules.as_bytes());
        (status, serde_json::from_str(&body).unwrap())
    }

    /// A request of the query protocol, not signed.
    pub(crate) fn form(&self, form: &str) -> (u16, String) {
        self.request(
            "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded",
            form.as_bytes(),
        )
    }

    pub(crate) fn sqs(&self, operation: &str, body: Value) -> (u16, Value) {
        let (status, body) = read(self.start_sqs(operation, &body));
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    pub(crate) fn start_sqs(&self, operation: &str, body: &Value) -> TcpStream {
        self.start_json(&format!("AmazonSQS.{operation}"), body)
    }

    pub(crate) fn start_json(&self, target: &str, body: &Value) -> TcpStream {
        let head = format!("POST / HTTP/1.1\r\nx-amz-target: {target}");
        self.send(&head, body.to_string().as_bytes())
    }

    /// A poll is parked as soon as its end is the next deadline.
    pub(crate) fn wait_until_parked(&self) {
        let parked = |_| !self.get("/_skyrig/clock").1["next_deadline"].is_null();
        assert!((0..10_000).any(parked), "the poll was not parked");
    }

    /// Works for as long as it runs.
    pub(crate) fn assert_works(&self) {
        assert_eq!(self.sqs("CreateQueue", json!({"QueueName": "q"})).0, 200);
    }

    /// The reading end of its log.
    pub(crate) fn take_log(&mut self) -> ChildStderr {
        self.process.stderr.take().unwrap()
    }

    /// Ends it as nothing can prepare for.
    pub(crate) fn kill(&self) {
        self.signal("-KILL");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub(crate) fn terminate(mut self) -> bool {
        self.signal("-TERM");
        self.process.wait().unwrap().success()
    }

    /// Ends it; everything that it has logged.
    pub(crate) fn into_log(mut self) -> String {
        let mut log = self.take_log();
        self.signal("-TERM");
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        assert!(self.process.wait().unwrap().success());
        text
    }
}

impl Drop for Skyrig {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// The status and the body of an answer.
pub(crate) fn read(stream: TcpStream) -> (u16, String) {
    let (head, body) = read_all(stream);
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

/// The head of an answer, in small letters, and its body.
pub(crate) fn read_all(mut stream: TcpStream) -> (String, String) {
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}
