//! What the programs print.
//!
//! Whoever reads may stop reading, as `| head` does. These programs only look at things, so there
//! is no reason to go on for nobody: they end, as other programs do.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

/// What a shell shows of a program that was ended by SIGPIPE.
const ENDED_BY_A_CLOSED_PIPE: i32 = 141;
const LOST: i32 = 1;

/// Prints a line to the standard output. Ends the process when that cannot be: quietly when nobody
/// reads any more.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => { $crate::print::line(format_args!($($text)*)) };
}

/// Prints a line to the standard error. What cannot be told there cannot be told at all.
#[macro_export]
macro_rules! tell {
    ($($text:tt)*) => { $crate::print::note(format_args!($($text)*)) };
}

/// See [`say`].
pub fn line(text: Arguments<'_>) {
    if let Err(error) = write(&mut io::stdout().lock(), text) {
        process::exit(exit_code(&error));
    }
}

/// See [`tell`].
pub fn note(text: Arguments<'_>) {
    let _untold = write(&mut io::stderr().lock(), text);
}

fn write(out: &mut impl Write, text: Arguments<'_>) -> io::Result<()> {
    writeln!(out, "{text}")?;
    out.flush()
}

fn exit_code(error: &io::Error) -> i32 {
    if error.kind() == ErrorKind::BrokenPipe {
        return ENDED_BY_A_CLOSED_PIPE;
    }
    note(format_args!("cannot print: {error}"));
    LOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_reason_than_a_closed_pipe_is_an_error() {
        for (kind, code) in [(ErrorKind::BrokenPipe, 141), (ErrorKind::StorageFull, 1)] {
            assert_eq!(exit_code(&kind.into()), code, "{kind}");
        }
    }
}
