//! The program, a folder to run it in, and what it said.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a play came to.
pub(crate) struct Played {
    pub(crate) code: Option<i32>,
    /// The report, where there is one.
    pub(crate) run: Value,
    pub(crate) text: String,
}

/// A folder of its own for each test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("rehearse-{name}"));
        let _not_there = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A copy of one of the repository's examples, called `copy`.
    pub(crate) fn of_example(name: &str, copy: &str) -> Self {
        let copy = Self::new(copy);
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
        for entry in fs::read_dir(example).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, copy.0.join(path.file_name().unwrap())).unwrap();
            }
        }
        copy
    }

    pub(crate) fn with(self, file: &str, text: &str) -> Self {
        fs::write(self.0.join(file), text).unwrap();
        self
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    /// Changes a file of it.
    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(self.0.join(file), text.replace(from, to)).unwrap();
    }

    /// Runs the program there.
    pub(crate) fn skyrig(&self, arguments: &[&str]) -> Played {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skyrig"));
        // Nothing of whoever tests may be needed, or be in the way.
        let command = command.current_dir(&self.0).env("AWS_PROFILE", "nobody");
        let output = command.args(arguments).output().unwrap();
        let (said, errors) = (output.stdout, output.stderr);
        let run = serde_json::from_slice(&said).unwrap_or_default();
        let text = String::from_utf8([said, errors].concat()).unwrap();
        Played { code: output.status.code(), run, text }
    }

    /// Plays a script, and wants it to pass.
    pub(crate) fn passes(&self, script: &str) -> Value {
        let played = self.skyrig(&["rehearse", "system.yaml", script, "--json"]);
        assert_eq!(played.code, Some(0), "{}", readable(&played));
        played.run
    }

    /// Plays a script, and wants it to fail.
    pub(crate) fn fails(&self, script: &str) -> Value {
        let played = self.skyrig(&["rehearse", "system.yaml", script, "--json"]);
        assert_eq!(played.code, Some(1), "{}", readable(&played));
        played.run
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Of a test that failed it is of use.
        if !std::thread::panicking() {
            let _left = fs::remove_dir_all(&self.0);
        }
    }
}

/// A report for whoever reads why a test failed.
fn readable(played: &Played) -> String {
    match &played.run {
        Value::Null => played.text.clone(),
        run => format!("{run:#}"),
    }
}

/// What happened on the timeline to somebody, with the milliseconds at which it did.
pub(crate) fn told(run: &Value, actor: &str, what: &str) -> Vec<u64> {
    let entries = run["timeline"].as_array().unwrap().iter();
    let found =
        entries.filter(|it| it["actor"] == actor && it["what"].as_str().unwrap().contains(what));
    found
        .map(|it| {
            let at = &it["at"];
            at["secs"].as_u64().unwrap() * 1000 + at["nanos"].as_u64().unwrap() / 1_000_000
        })
        .collect()
}

pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).output().is_ok_and(|it| it.status.success());
    if !found {
        // Nobody may be reading.
        let _closed =
            writeln!(std::io::stderr(), "SKIPPED: `{program} {}` fails", arguments.join(" "));
    }
    found
}

pub(crate) fn has_python() -> bool {
    has("python3", &["--version"])
}

pub(crate) fn has_boto3() -> bool {
    has("python3", &["-c", "import boto3"])
}
