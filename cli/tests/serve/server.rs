//! A server outside: it answers as it is told and keeps what it was asked.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Method and path.
    pub(crate) line: String,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Kept {
    asked: Vec<Asked>,
    /// The next answers; then it answers 200 with an empty body.
    answers: VecDeque<String>,
}

pub(crate) struct Server {
    pub(crate) address: String,
    kept: Arc<(Mutex<Kept>, Condvar)>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let kept = Arc::<(Mutex<Kept>, Condvar)>::default();
        let of_thread = Arc::clone(&kept);
        thread::spawn(move || {
            for stream in socket.incoming() {
                serve(stream.unwrap(), &of_thread);
            }
        });
        Self { address, kept }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it answers next: status and the rest of the head, an empty line and a body.
    pub(crate) fn answers(&self, answers: &[&str]) {
        let answers = answers.iter().map(|text| (*text).to_owned());
        self.kept.0.lock().unwrap().answers.extend(answers);
    }

    /// Waits until it was asked so many times in all; the last of it.
    pub(crate) fn asked(&self, times: usize) -> Asked {
        /// Longer than any test takes.
        const LONG: Duration = Duration::from_secs(60);
        let (kept, more) = &*self.kept;
        let too_few = |kept: &mut Kept| kept.asked.len() < times;
        let (kept, _) = more.wait_timeout_while(kept.lock().unwrap(), LONG, too_few).unwrap();
        assert_eq!(kept.asked.len(), times, "{:?}", kept.asked);
        kept.asked[times - 1].clone()
    }
}

fn serve(stream: TcpStream, (kept, more): &(Mutex<Kept>, Condvar)) {
    let mut reader = BufReader::new(&stream);
    let line = |reader: &mut BufReader<&TcpStream>| {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let first = line(&mut reader);
    let Some(first) = first.strip_suffix(" HTTP/1.1") else { return };
    let mut headers = Vec::new();
    loop {
        let next = line(&mut reader);
        let Some((name, value)) = next.split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let answer = {
        let mut kept = kept.lock().unwrap();
        kept.asked.push(Asked { line: first.to_owned(), headers, body });
        more.notify_all();
        kept.answers.pop_front()
    };
    let answer = answer.unwrap_or_else(|| "200 OK\n\n".to_owned());
    let (head, body) = answer.split_once("\n\n").unwrap();
    let head = head.replace('\n', "\r\n");
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    // Whoever asked may be gone.
    let _gone = (&stream).write_all(answer.as_bytes());
}
