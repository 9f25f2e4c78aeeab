//! What Linux tells of a process and of the machine. Elsewhere everything here is unknown.

use std::fs;
use std::process::Command;
use std::time::Duration;

/// Length of a tick of `/proc/PID/stat`, which Linux shows to programs as a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);

/// Time that a process's threads spent on a core so far. From the scheduler's own sums, exact
/// for threads that sleep; where the kernel keeps none, from the coarse ticks.
pub(crate) fn cpu_time(pid: u32) -> Option<Duration> {
    by_scheduler(pid).or_else(|| by_ticks(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?))
}

fn by_scheduler(pid: u32) -> Option<Duration> {
    let mut nanos = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()? {
        let row = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanos += row.split(' ').next()?.parse::<u64>().ok()?;
    }
    (nanos > 0).then(|| Duration::from_nanos(nanos))
}

fn by_ticks(stat: &str) -> Option<Duration> {
    // The name may hold blanks; the fields behind its bracket begin with the third.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

/// Resident memory in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let row = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = row.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// One line: processor, cores, kernel, compiler.
pub(crate) fn description() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.and_then(|it| String::from_utf8(it.stdout).ok()).unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!(
        "{model}, {} cores, Linux {}, {}, load average before {load}",
        cores(),
        kernel.trim(),
        rustc.trim()
    )
}

/// Cores that this program may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_read_behind_any_name() {
        let stat = "1 (a b) c) S 1 1 1 0 -1 4194560 1 1 1 1 20 5 1 1 20 0 1 0 1";
        assert_eq!(by_ticks(stat), Some(Duration::from_millis(250)));
        assert_eq!(by_ticks("junk"), None);
    }
}
