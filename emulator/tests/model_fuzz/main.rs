//! Requests drawn from AWS's models for every operation, over each protocol, with moves of the
//! clock, faults, clients that go and a world outside that answers as it likes.
//!
//! Each seed is the life of one cloud. No input may lead to a panic or an answer that no client
//! could read, or to a failure of the emulator's own; after each, the state can be written down and
//! read again. `FUZZ_REQUESTS` (default: a sample) and `FUZZ_SEED` choose what is drawn.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../malformed/targets/answer.rs"]
mod answer;
mod closing;
mod depth;
mod draw;
mod encode;
mod episode;
mod kinds;
mod model;
mod odd;
mod pool;
mod recipes;
mod report;
mod request;
mod shrink;
mod subject;

use report::Report;

/// Requests of a run that nobody asked for more of.
const SAMPLE: usize = 2400;
/// Requests in one cloud's life.
const EPISODE: usize = 400;
/// From so many requests on, nine of ten operations must have succeeded.
const MANY: usize = 100_000;
/// Bytes that a process may grow by in the second half of many requests. What the largest state of
/// the first half took, the allocator keeps.
const GROWTH_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[test]
fn drawn_requests_leave_every_cloud_whole() {
    let (requests, first) = (asked("FUZZ_REQUESTS").unwrap_or(SAMPLE), asked("FUZZ_SEED"));
    let first = first.unwrap_or(1) as u64;
    let (mut report, episodes) = (Report::default(), requests.div_ceil(EPISODE));
    // After each tenth of the run.
    let mut resident = Vec::new();
    for (number, seed) in (1..=episodes).zip(first..) {
        if let Err(failure) = episode::live(seed, EPISODE, &mut report) {
            let said = failure.broken.clone();
            let told = shrink::told(&shrink::shrunk(*failure));
            panic!("FUZZ_SEED={seed} FUZZ_REQUESTS={EPISODE}: {said}\nshrunk: {told}");
        }
        if number * 10 / episodes > resident.len() {
            resident.push(resident_bytes());
        }
    }
    let never = report.never();
    println!("{}\n{}", report.table(), report.services());
    println!("{} requests; {} states read again", report.requests(), report.states);
    println!("bytes of memory after each tenth: {resident:?}");
    println!("never succeeded: {never:?}");
    if requests >= MANY {
        let most = model::targets().len() / 10;
        assert!(never.len() <= most, "{} operations never succeeded: {never:?}", never.len());
        let (half, end) = (resident[resident.len() / 2], resident[resident.len() - 1]);
        assert!(end <= half + GROWTH_BYTES_MAX, "memory grew from {half} to {end} bytes");
    }
}

#[expect(clippy::disallowed_methods, reason = "how a long run is asked for")]
fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Bytes of memory that this process has; 0 where that can't be told.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = kilobytes.and_then(|it| it.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
