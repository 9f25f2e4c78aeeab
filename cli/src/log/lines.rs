//! Where the program's lines go: to a thread that writes them, if it still has room for them.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::repeats::Repeats;
use super::settings::{self, BadFilter};
use super::writer::{self, Task};
use skyrig::edge::machine_time;

/// Most lines that wait to be written.
const WAITING_MAX: usize = 256;
/// Longest line, in bytes; the rest of a longer one is left out.
const LINE_BYTES_MAX: usize = 8192;
/// How long the end of the program waits for lines that are not yet written.
const END_WITHIN: Duration = Duration::from_millis(500);

/// The log of the program.
#[derive(Clone)]
pub(crate) struct Log {
    lines: Arc<Lines>,
}

/// What is known of the lines that were said.
pub(super) struct Lines {
    to_writer: SyncSender<Task>,
    repeats: Mutex<Repeats>,
    /// Lines that were not written and not yet told of.
    dropped: AtomicU64,
    colours: bool,
}

impl Log {
    /// Logs to standard error from now on, as the environment says; panics too. `usual` is the
    /// filter without `RUST_LOG`, if it is another one.
    ///
    /// # Errors
    /// [`BadFilter`] when `RUST_LOG` cannot be read.
    pub(crate) fn begin(usual: Option<&str>) -> Result<Self, BadFilter> {
        let given = std::env::var_os("RUST_LOG").filter(|given| !given.is_empty());
        let filter = settings::filter(given.or_else(|| usual.map(Into::into)))?;
        let no_color = std::env::var_os("NO_COLOR");
        let colours = settings::colours(io::stderr().is_terminal(), no_color.as_deref());
        let (lines, tasks) = Lines::new(WAITING_MAX, colours);
        let log = Self { lines: Arc::new(lines) };
        let lines = Arc::clone(&log.lines);
        let write = move || writer::write(&tasks, &lines, io::stderr());
        // Without the thread every line is dropped; that is no reason not to serve.
        let _not_written = std::thread::Builder::new().name("log".to_owned()).spawn(write);
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .without_time()
            .with_ansi(colours)
            .log_internal_errors(false)
            .with_writer(log.clone())
            .init();
        // The usual hook writes to standard error itself, and waits until somebody reads it.
        std::panic::set_hook(Box::new(|panic| {
            let backtrace = Backtrace::capture();
            match backtrace.status() {
                BacktraceStatus::Captured => tracing::error!("{panic}\n{backtrace}"),
                _ => tracing::error!("{panic}"),
            }
        }));
        Ok(log)
    }

    /// Waits a moment for what is not yet written.
    pub(crate) fn end(self) {
        let (done, ended) = sync_channel(1);
        if self.lines.to_writer.try_send(Task::End(done)).is_ok() {
            let _too_late = ended.recv_timeout(END_WITHIN);
        }
    }
}

impl Lines {
    /// With room for so many lines that wait; and what takes them out.
    pub(super) fn new(waiting_max: usize, colours: bool) -> (Self, Receiver<Task>) {
        let (to_writer, tasks) = sync_channel(waiting_max);
        let (repeats, dropped) = (Mutex::default(), AtomicU64::new(0));
        (Self { to_writer, repeats, dropped, colours }, tasks)
    }

    /// Takes a line. `place` is where in the code a warning comes from, `None` for what is told
    /// each time.
    pub(super) fn say(&self, place: Option<&'static str>, line: &[u8]) {
        let line = shortened(line);
        if place.is_none_or(|place| self.repeats(|repeats| repeats.is_news(place, &line))) {
            let task = Task::Line(self.with_time(&line));
            if self.to_writer.try_send(task).is_err() {
                self.drop_lines(1);
            }
        }
    }

    /// The warnings that came again since this was last asked.
    pub(super) fn repeated(&self) -> Vec<Vec<u8>> {
        let lines = self.repeats(Repeats::take);
        lines.iter().map(|line| self.with_time(line)).collect()
    }

    pub(super) fn drop_lines(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }

    /// How many lines were dropped since this was last asked.
    pub(super) fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }

    pub(super) fn with_time(&self, line: &[u8]) -> Vec<u8> {
        let (before, after) = if self.colours { ("\x1b[2m", "\x1b[0m ") } else { ("", " ") };
        let time = machine_time().iso_millis();
        [before.as_bytes(), time.as_bytes(), after.as_bytes(), line].concat()
    }

    #[cfg(test)]
    pub(super) fn sender(&self) -> SyncSender<Task> {
        self.to_writer.clone()
    }

    fn repeats<T>(&self, use_: impl FnOnce(&mut Repeats) -> T) -> T {
        // Counts are whole after a panic, too.
        use_(&mut self.repeats.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn shortened(line: &[u8]) -> Vec<u8> {
    match line.get(..LINE_BYTES_MAX) {
        Some(start) if line.len() > LINE_BYTES_MAX => {
            let mut text = String::from_utf8_lossy(start).into_owned();
            text.push_str("…\n");
            text.into_bytes()
        }
        _ => line.to_vec(),
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { lines: &self.lines, place: None }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line<'a> {
        let is_warning = *about.level() <= Level::WARN;
        Line { lines: &self.lines, place: is_warning.then(|| about.name()) }
    }
}

/// One line, which comes in one piece.
pub(crate) struct Line<'a> {
    lines: &'a Lines,
    place: Option<&'static str>,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.say(self.place, line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
