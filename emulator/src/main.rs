//! The emulator as a program.

/// Half of what a request costs beyond HTTP is small allocations; the system's allocator is slower
/// at them and keeps more memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    skyrig::edge::cli::main()
}
