//! The emulator as a program.

fn main() -> std::process::ExitCode {
    skyrig::edge::cli::main()
}
