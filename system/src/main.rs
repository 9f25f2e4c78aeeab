//! The `orderflow` binary; everything it does is in the library's `cli`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    orderflow::cli::main_from(std::env::args_os()).await
}
