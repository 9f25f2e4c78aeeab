//! What the commands print.
//!
//! Whoever reads may stop reading, as `| head` does. What is left is then printed for nobody, and a
//! command still does all of its work: its exit code says how that went.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

/// Prints a line to the standard output.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::print::line(format_args!($($text)*)) };
}

/// Prints a line to the standard error.
macro_rules! tell {
    ($($text:tt)*) => { $crate::cli::print::note(format_args!($($text)*)) };
}

pub(super) use {say, tell};

/// Ends the process, with 1, when the line is lost for another reason than that nobody reads: on a
/// full disk, what was printed is not what there was to say.
pub(super) fn line(text: Arguments<'_>) {
    if let Err(error) = write(&mut io::stdout().lock(), text) {
        note(format_args!("orderflow: cannot print: {error}"));
        process::exit(1);
    }
}

/// What cannot be told here cannot be told at all.
pub(super) fn note(text: Arguments<'_>) {
    let _untold = write(&mut io::stderr().lock(), text);
}

fn write(out: &mut impl Write, text: Arguments<'_>) -> io::Result<()> {
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, and then fails.
    struct Reader(usize, ErrorKind);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(self.1.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_stops_reading_is_nobodys_trouble_and_a_full_disk_is() {
        let check = |bytes, kind, expected: Result<(), ErrorKind>| {
            let mut out = Reader(bytes, kind);
            let written = write(&mut out, format_args!("ready\t{}", "queue"));
            assert_eq!(written.map_err(|error| error.kind()), expected, "{bytes} {kind}");
        };
        for bytes in [0, 1, 11] {
            check(bytes, ErrorKind::BrokenPipe, Ok(()));
            check(bytes, ErrorKind::StorageFull, Err(ErrorKind::StorageFull));
        }
        check(12, ErrorKind::StorageFull, Ok(()));
    }
}
