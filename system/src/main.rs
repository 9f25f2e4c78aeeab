//! The `orderflow` binary; everything it does is in the library's `cli`.

use std::process::ExitCode;

/// Events and records are many small allocations: the bridge is half as fast again with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    orderflow::cli::main_from(std::env::args_os()).await
}
