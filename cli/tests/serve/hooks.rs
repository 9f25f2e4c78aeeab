//! Scripts on the server's way, and what the environment says in LocalStack's words.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::process::Skyrig;

/// A folder of scripts that is gone with this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("skyrig-test-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _not_there = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, path: &str, text: &str, mode: u32) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

/// Appends a line to the file `told`.
fn telling(folder: &Folder, line: &str) -> String {
    format!("#!/bin/sh\necho \"{line}\" >> {}/told\n", folder.path())
}

fn scripts(stage: &Value) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let all = stage["scripts"].as_array().unwrap().iter();
    all.map(|it| (text(&it["name"]), text(&it["state"]))).collect()
}

#[test]
fn scripts_are_run_in_order_and_their_fate_is_shown() {
    let folder = Folder::new("order");
    folder.put("boot.d/a.sh", &telling(&folder, "boot:$AWS_ENDPOINT_URL"), 0o755);
    folder.put("ready.d/sub/late.sh", &telling(&folder, "late"), 0o755);
    folder.put("ready.d/10-keys.sh", &telling(&folder, "keys:$AWS_ACCESS_KEY_ID"), 0o755);
    folder.put("ready.d/20-fails.sh", "#!/bin/sh\nexit 3\n", 0o755);
    folder.put("ready.d/30-plain.sh", &telling(&folder, "never"), 0o644);
    folder.put("ready.d/40-where.sh", &telling(&folder, "to:$AWS_ENDPOINT_URL"), 0o755);
    folder.put("ready.d/README.md", "no script", 0o644);
    folder.put("shutdown.d/z.sh", &telling(&folder, "end"), 0o755);
    let skyrig = Skyrig::with_log(&["--init", folder.path()], &[]);
    assert_eq!(skyrig.said.last().unwrap(), "Ready.");
    let (_, init) = skyrig.get("/_localstack/init");
    let expected = json!({"BOOT": true, "START": true, "READY": true, "SHUTDOWN": false});
    assert_eq!(init["completed"], expected);
    let (_, ready) = skyrig.get("/_localstack/init/ready");
    assert_eq!(ready["completed"], true);
    let expected = [
        ("10-keys.sh", "SUCCESSFUL"),
        ("20-fails.sh", "ERROR"),
        ("30-plain.sh", "ERROR"),
        ("40-where.sh", "SUCCESSFUL"),
        ("sub/late.sh", "SUCCESSFUL"),
    ];
    let found = scripts(&ready);
    let found: Vec<_> = found.iter().map(|(name, state)| (&**name, &**state)).collect();
    assert_eq!(found, expected);
    let (_, shutdown) = skyrig.get("/_localstack/init/shutdown");
    assert_eq!(scripts(&shutdown), [("z.sh".to_owned(), "UNKNOWN".to_owned())]);
    let address = skyrig.address().to_owned();
    let log = skyrig.into_log();
    let told = folder.read("told");
    let expected = ["boot:", "keys:test", &format!("to:http://{address}"), "late", "end"];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    for line in ["20-fails.sh failed: exit status: 3", "it is not executable: chmod +x"] {
        assert!(log.contains(line), "{log}");
    }
}

#[test]
fn ready_is_said_when_the_scripts_have_been_run() {
    let folder = Folder::new("ready");
    // It waits until somebody has seen that the server serves.
    let go = folder.0.join("go").display().to_string();
    let wait = format!("#!/bin/sh\nwhile [ ! -e {go} ]; do sleep 0.01; done\n");
    folder.put("ready.d/wait.sh", &wait, 0o755);
    let mut process = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0", "--init", folder.path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines =
        std::io::BufRead::lines(std::io::BufReader::new(process.stdout.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    let endpoint = first.strip_prefix("skyrig listening on ").unwrap();
    let health = |flags: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skyrig"));
        command.args(["health", "--endpoint", endpoint]).args(flags).output().unwrap()
    };
    let output = health(&[]);
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("have not all been run yet"), "{told}");
    assert!(lines.next().unwrap().unwrap().starts_with("State is kept"));
    fs::write(go, "").unwrap();
    let output = health(&["--within", "60"]);
    assert_eq!((output.status.success(), output.stdout), (true, b"ready\n".to_vec()));
    assert_eq!(lines.next().unwrap().unwrap(), "Ready.");
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(!health(&[]).status.success());
}

#[test]
fn a_script_that_does_not_end_keeps_nothing_from_ending() {
    let folder = Folder::new("stuck");
    folder.put("ready.d/stuck.sh", "#!/bin/sh\nsleep 1000\n", 0o755);
    folder.put("shutdown.d/stuck.sh", "#!/bin/sh\nsleep 1000\n", 0o755);
    let mut process = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0", "--init", folder.path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = std::io::BufReader::new(process.stdout.take().unwrap());
    let second = std::io::BufRead::lines(stdout).nth(1);
    assert!(second.unwrap().unwrap().starts_with("State is kept"));
    let id = process.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{log}");
    assert!(log.contains("it took longer than"), "{log}");
}

#[test]
fn a_script_can_use_awslocal_although_it_is_not_installed() {
    let folder = Folder::new("awslocal");
    // Stands for the AWS CLI.
    folder.put("bin/aws", &telling(&folder, "$*"), 0o755);
    folder.put("ready.d/a.sh", "#!/bin/sh\nawslocal sqs list-queues\n", 0o755);
    let own = folder.0.join("bin").display().to_string();
    let path = format!("{own}:/usr/bin:/bin");
    let skyrig = Skyrig::with_log(&["--init", folder.path()], &[("PATH", &path)]);
    let expected = format!("--endpoint-url http://{} sqs list-queues\n", skyrig.address());
    assert_eq!(folder.read("told"), expected);
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0", "--init", "/no/such/folder"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("cannot read the scripts of /no/such/folder"), "{told}");
    assert!(!Path::new("/no/such/folder").exists() && !output.status.success());
}

#[test]
fn variables_of_localstack_are_taken_and_what_has_no_effect_is_said_once() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .arg("serve")
        .envs([("GATEWAY_LISTEN", "127.0.0.1:0,127.0.0.1:443"), ("SERVICES", "sqs,s3")])
        .envs([("EAGER_SERVICE_LOADING", "1"), ("LOCALSTACK_AUTH_TOKEN", "hidden")])
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = std::io::BufReader::new(process.stdout.take().unwrap());
    let said: Vec<String> = std::io::BufRead::lines(stdout).take(3).map(Result::unwrap).collect();
    assert!(said[0].starts_with("skyrig listening on http://127.0.0.1:"), "{said:?}");
    assert!(!said[0].ends_with(":4566"), "{said:?}");
    let id = process.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    let log = String::from_utf8(process.wait_with_output().unwrap().stderr).unwrap();
    for expected in [
        "GATEWAY_LISTEN: only 127.0.0.1:0 is listened at, not 127.0.0.1:443",
        "SERVICES: not here are s3",
        "EAGER_SERVICE_LOADING has no effect here",
        "LOCALSTACK_AUTH_TOKEN has no effect here: no token is needed",
    ] {
        assert_eq!(log.matches(expected).count(), 1, "{expected}: {log}");
    }
    assert!(!log.contains("hidden"), "{log}");
    let output = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("SQS_ENDPOINT_STRATEGY", "sideways")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("SQS_ENDPOINT_STRATEGY=sideways is not understood"), "{told}");
}
