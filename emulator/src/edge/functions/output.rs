//! What the code writes to standard output and standard error, line by line.

use std::io;
use std::os::fd::AsFd as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::unix::pipe;
use tokio::time::Instant;

use crate::kernel::OutputLine;

/// Most bytes of a line; a longer one is several. It is the most that a log event has room for.
const LINE_BYTES_MAX: usize = 256 * 1024 - 26;
/// Most lines and bytes that are kept between two looks.
const LINES_MAX: usize = 10_000;
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// What the clients in `runtimes/` write for a line break inside of one record.
const BREAK: char = '\u{1f}';

/// The reading end, and what was read.
pub(super) struct Output {
    pipe: pipe::Receiver,
    lines: Mutex<Lines>,
}

struct Lines {
    begun: Instant,
    /// The beginning of a line.
    rest: Vec<u8>,
    lines: Vec<OutputLine>,
    bytes: usize,
    left_out: usize,
}

impl Output {
    pub(super) fn new(pipe: pipe::Receiver) -> Self {
        let lines = Mutex::new(Lines::new());
        Self { pipe, lines }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        // A panic while lines are added loses one at most.
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads for as long as somebody may write.
    pub(super) async fn pump(self: Arc<Self>) {
        let mut buffer = vec![0; 16 * 1024];
        while self.pipe.readable().await.is_ok() {
            let mut lines = self.lock();
            match self.pipe.try_read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => lines.add(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_broken) => return,
            }
        }
    }

    /// Lines are counted from now on; what was written before belongs to the run that begins.
    pub(super) fn begin(&self) {
        self.lock().begun = Instant::now();
    }

    /// What was written until now, to the last byte: an answer may be here before it.
    pub(super) fn take(&self) -> Vec<OutputLine> {
        let mut lines = self.lock();
        let mut buffer = [0; 16 * 1024];
        // As much as a pipe can hold; somebody may write for ever.
        let mut left = 1024 * 1024_usize;
        while left > 0 {
            match rustix::io::read(self.pipe.as_fd(), &mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    lines.add(&buffer[..length]);
                    left = left.saturating_sub(length);
                }
            }
        }
        lines.taken()
    }
}

impl Lines {
    fn new() -> Self {
        let (rest, lines) = (Vec::new(), Vec::new());
        Self { begun: Instant::now(), rest, lines, bytes: 0, left_out: 0 }
    }

    fn add(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(&bytes[..end]);
            bytes = &bytes[end + 1..];
            self.end_line();
        }
        self.rest.extend_from_slice(bytes);
        if self.rest.len() > LINE_BYTES_MAX {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        let after = self.begun.elapsed();
        for part in rest.strip_suffix(b"\r").unwrap_or(&rest).chunks(LINE_BYTES_MAX) {
            if self.lines.len() >= LINES_MAX || self.bytes + part.len() > BYTES_MAX {
                self.left_out += 1;
                continue;
            }
            self.bytes += part.len();
            let text = String::from_utf8_lossy(part).replace(BREAK, "\n");
            self.lines.push(OutputLine { after, text });
        }
    }

    fn taken(&mut self) -> Vec<OutputLine> {
        self.end_line();
        if self.left_out > 0 {
            let text = format!("skyrig: {} more lines were left out", self.left_out);
            self.lines.push(OutputLine { after: self.begun.elapsed(), text });
        }
        (self.bytes, self.left_out) = (0, 0);
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &[&[u8]], expected: &[&str]) {
        let mut lines = Lines::new();
        written.iter().for_each(|bytes| lines.add(bytes));
        let texts: Vec<String> = lines.taken().into_iter().map(|line| line.text).collect();
        assert_eq!(texts, expected);
        assert!(lines.taken().is_empty());
    }

    #[tokio::test]
    async fn lines_are_put_together() {
        check(&[b"a\nb", b"c\n", b"d"], &["a", "bc", "d"]);
        check(&[b"\n\na\r\n"], &["a"]);
        check(&["one\u{1f}two\n".as_bytes()], &["one\ntwo"]);
        check(&[b"\xff\n"], &["\u{fffd}"]);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let mut lines = Lines::new();
        lines.add(&vec![b'x'; 2 * LINE_BYTES_MAX + 1]);
        let lengths: Vec<usize> = lines.taken().iter().map(|line| line.text.len()).collect();
        assert_eq!(lengths, [LINE_BYTES_MAX, LINE_BYTES_MAX, 1]);
        lines.add("y\n".repeat(LINES_MAX + 3).as_bytes());
        let taken = lines.taken();
        assert_eq!(taken.len(), LINES_MAX + 1);
        assert_eq!(taken[LINES_MAX].text, "skyrig: 3 more lines were left out");
    }
}
