//! How much memory a process takes, as Linux tells.

use std::fs;

use super::supervisor::children_of;

/// Most processes of one function that are looked at.
const PROCESSES_MAX: usize = 256;

/// The most that the process has taken so far and what those that it has begun take now, in bytes;
/// zero where the system does not tell.
pub(super) fn used_bytes(pid: u32) -> u64 {
    let mut seen = 1;
    let mut total = field(pid, "VmHWM:");
    let mut below = children_of(pid);
    while let Some(child) = below.pop()
        && seen < PROCESSES_MAX
    {
        seen += 1;
        total += field(child, "VmRSS:");
        below.extend(children_of(child));
    }
    total
}

fn field(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    kilobytes.and_then(|it| it.parse::<u64>().ok()).unwrap_or(0).saturating_mul(1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_takes_memory_and_none_takes_none() {
        assert!(used_bytes(std::process::id()) > 1024 * 1024);
        assert_eq!(used_bytes(u32::MAX), 0);
    }
}
