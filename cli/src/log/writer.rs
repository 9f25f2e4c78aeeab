//! The thread that writes the log. It alone waits for whoever reads it.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use tokio::time::Instant;

use super::lines::Lines;

/// How often warnings that repeat are told.
const MINUTE: Duration = Duration::from_secs(60);

/// What the thread is given to do.
pub(super) enum Task {
    Line(Vec<u8>),
    /// Write what there is, and say that it is done.
    End(SyncSender<()>),
}

/// Writes until the end.
pub(super) fn write(tasks: &Receiver<Task>, lines: &Lines, mut out: impl Write) {
    let mut next = Instant::now() + MINUTE;
    loop {
        let left = next.saturating_duration_since(Instant::now());
        if left.is_zero() {
            lines.repeated().iter().for_each(|line| put(&mut out, lines, line));
            next = Instant::now() + MINUTE;
            continue;
        }
        match tasks.recv_timeout(left) {
            Ok(Task::Line(line)) => put(&mut out, lines, &line),
            Ok(Task::End(done)) => {
                lines.repeated().iter().for_each(|line| put(&mut out, lines, line));
                // Whoever waited may have given up.
                let _given_up = done.try_send(());
                return;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Writes one line, and before it how many were dropped.
fn put(out: &mut impl Write, lines: &Lines, line: &[u8]) {
    let dropped = lines.take_dropped();
    if dropped > 0 {
        let note = format!(" WARN skyrig: {dropped} lines of this log could not be written\n");
        if out.write_all(&lines.with_time(note.as_bytes())).is_err() {
            lines.drop_lines(dropped);
        }
    }
    if out.write_all(line).is_err() {
        lines.drop_lines(1);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc::sync_channel;

    use super::*;

    /// Takes so many lines and then no more, until it is mended.
    struct Pipe {
        written: Vec<u8>,
        room: usize,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.room -= 1;
            self.written.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Lets the writer do what there is to do.
    fn run(lines: &Lines, tasks: &Receiver<Task>, end: SyncSender<Task>, pipe: &mut Pipe) {
        let (done, ended) = sync_channel(1);
        end.try_send(Task::End(done)).unwrap();
        write(tasks, lines, pipe);
        ended.try_recv().unwrap();
    }

    /// What was written, without the times.
    fn told(pipe: &Pipe) -> Vec<String> {
        let text = String::from_utf8(pipe.written.clone()).unwrap();
        text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
    }

    #[test]
    fn lines_without_room_are_dropped_and_counted() {
        let (lines, tasks) = Lines::new(3, false);
        for number in 0..5 {
            lines.say(None, format!("line {number}\n").as_bytes());
        }
        let Task::Line(first) = tasks.try_recv().unwrap() else { panic!("a line came first") };
        assert!(first.ends_with(b" line 0\n"));
        let mut pipe = Pipe { written: Vec::new(), room: 9 };
        run(&lines, &tasks, lines.sender(), &mut pipe);
        let note = "WARN skyrig: 2 lines of this log could not be written";
        assert_eq!(told(&pipe), [&format!(" {note}")[..], "line 1", "line 2"]);
    }

    #[test]
    fn a_closed_pipe_counts_as_lines_dropped() {
        let (lines, tasks) = Lines::new(9, false);
        for text in ["one\n", "two\n", "three\n"] {
            lines.say(None, text.as_bytes());
        }
        let mut pipe = Pipe { written: Vec::new(), room: 1 };
        run(&lines, &tasks, lines.sender(), &mut pipe);
        assert_eq!(told(&pipe), ["one"]);
        assert_eq!(lines.take_dropped(), 2);
    }

    #[test]
    fn the_end_tells_what_repeated() {
        let (lines, tasks) = Lines::new(9, false);
        (0..1000).for_each(|_| lines.say(Some("here"), b"again\n"));
        let mut pipe = Pipe { written: Vec::new(), room: 9 };
        run(&lines, &tasks, lines.sender(), &mut pipe);
        assert_eq!(told(&pipe), ["again", "again (999 more within a minute)"]);
    }
}
