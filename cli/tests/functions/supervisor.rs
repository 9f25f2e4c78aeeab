//! What is begun for a function ends with skyrig, however that ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Begins another process, and one that leaves the group; says all their numbers.
const FAMILY: &str = "sleep 1000 & echo $!; (setsid sleep 1000 & echo $!); echo $$; \
                      echo > $OWN/file; sleep 1000";

struct Supervised {
    line: UnixStream,
    process: std::process::Child,
    root: PathBuf,
    pids: Vec<String>,
}

fn begin(name: &str) -> Supervised {
    let root = std::env::temp_dir().join(format!("skyrig-{name}-{}", std::process::id()));
    let folder = root.join("environments").join("1");
    fs::create_dir_all(&folder).unwrap();
    fs::write(root.join("code"), "").unwrap();
    let (line, theirs) = UnixStream::pair().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["supervise", "--folder"])
        .arg(&folder)
        .args(["--", "sh", "-c", FAMILY])
        .env("OWN", &folder)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(process.stdout.take().unwrap()).lines();
    let pids = said.take(3).map(Result::unwrap).collect();
    Supervised { line, process, root, pids }
}

fn is_there(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat"));
    // One that is only waiting to be reaped is gone.
    status.is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or("").starts_with(" Z"))
}

#[test]
#[cfg(target_os = "linux")]
fn all_processes_and_files_go_when_skyrig_is_gone() {
    let Supervised { line, mut process, root, pids } = begin("gone");
    assert!(pids.iter().all(|pid| is_there(pid)), "{pids:?}");
    // As after kill -9: nobody says anything.
    drop(line);
    assert!(process.wait().unwrap().success());
    assert!(!pids.iter().any(|pid| is_there(pid)), "{pids:?}");
    assert!(!root.exists());
}

#[test]
#[cfg(target_os = "linux")]
fn an_end_in_order_leaves_what_others_use() {
    let Supervised { mut line, mut process, root, pids } = begin("order");
    line.write_all(b"end\n").unwrap();
    drop(line);
    assert!(process.wait().unwrap().success());
    assert!(!pids.iter().any(|pid| is_there(pid)), "{pids:?}");
    assert!(root.join("code").exists() && !root.join("environments").join("1").exists());
    fs::remove_dir_all(root).unwrap();
}
