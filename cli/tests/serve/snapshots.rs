//! A world as a file, and what clients did to one as a file.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::process::{Skyrig, read};
use crate::worlds::said;

/// A folder of this test's own, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("skyrig-snapshots-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn bodies(skyrig: &Skyrig) -> Vec<String> {
    let receive = json!({"QueueUrl": "q", "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
    let (_, received) = skyrig.sqs("ReceiveMessage", receive);
    let messages = received["Messages"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
}

fn send(skyrig: &Skyrig, body: &str) {
    assert_eq!(skyrig.sqs("SendMessage", json!({"QueueUrl": "q", "MessageBody": body})).0, 200);
}

#[test]
fn what_was_saved_is_loaded_again_and_differences_are_told() {
    let folder = Folder::new("saved");
    let (first, second) = (folder.file("first"), folder.file("second"));
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    send(&skyrig, "kept");
    let now = skyrig.get("/_skyrig/clock").1["now"].clone();
    let (good, told) = said(&skyrig, &["snapshot", "save", &first]);
    assert!(good && told.contains("bytes are in"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&first).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(said(&skyrig, &["snapshot", "diff", &first]).1, "nothing differs\n");
    send(&skyrig, "later");
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 60}));
    let (_, told) = said(&skyrig, &["snapshot", "diff", &first]);
    let line = "sqs in 000000000000 us-east-1: queues q messages 2: new";
    assert!(told.contains(line), "{told}");
    let poll = skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    assert_eq!(read(poll).0, 200);
    assert!(said(&skyrig, &["snapshot", "load", &first]).0);
    assert_eq!(skyrig.get("/_skyrig/clock").1["now"], now);
    assert!(said(&skyrig, &["snapshot", "save", &second]).0);
    assert_eq!(said(&skyrig, &["snapshot", "diff", &first, &second]).1, "nothing differs\n");
    assert_eq!(bodies(&skyrig), ["kept"]);
    // A world of another server goes on from it too, and so does a server that begins.
    let other = Skyrig::start(&["--clock", "manual", "--snapshot", &first]);
    assert_eq!(other.get("/_skyrig/clock").1["now"], now);
    assert_eq!(bodies(&other), ["kept"]);
    let (good, told) = said(&skyrig, &["snapshot", "load", "Cargo.toml"]);
    assert!(!good && told.contains("Cargo.toml: this is no snapshot of skyrig"), "{told}");
    let put = "PUT /_skyrig/snapshot HTTP/1.1";
    let (status, told) = skyrig.request(put, b"skyrig snapshot\nand nothing more");
    assert_eq!(status, 400);
    assert!(told.contains("damaged"), "{told}");
    assert_eq!(bodies(&skyrig), ["kept"], "nothing has changed");
}

#[test]
fn a_loaded_state_outlives_the_program() {
    let folder = Folder::new("kept");
    let (file, data) = (folder.file("file"), folder.file("data"));
    let start = || Skyrig::start(&["--clock", "manual", "--data", &data]);
    let skyrig = start();
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    send(&skyrig, "saved");
    assert!(said(&skyrig, &["snapshot", "save", &file]).0);
    let now = skyrig.get("/_skyrig/clock").1["now"].clone();
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 600}));
    send(&skyrig, "gone");
    assert!(said(&skyrig, &["snapshot", "load", &file]).0);
    send(&skyrig, "later");
    skyrig.kill();
    drop(skyrig);
    let again = start();
    assert_eq!(again.get("/_skyrig/clock").1["now"], now);
    let mut all = bodies(&again);
    all.sort();
    assert_eq!(all, ["later", "saved"]);
}

/// What happens while it is recorded.
fn clients(skyrig: &Skyrig) {
    let (_, made) = skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    assert!(made["QueueUrl"].is_string());
    send(skyrig, "one");
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 5}));
    let (_, received) = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"}));
    let handle = received["Messages"][0]["ReceiptHandle"].clone();
    assert_eq!(
        skyrig.sqs("DeleteMessage", json!({"QueueUrl": "q", "ReceiptHandle": handle})).0,
        200
    );
    assert_eq!(skyrig.form("Action=ListQueues&Version=2012-11-05").0, 200);
    assert_eq!(skyrig.sqs("SendMessage", json!({"QueueUrl": "none", "MessageBody": "m"})).0, 400);
    let wait = json!({"QueueUrl": "q", "WaitTimeSeconds": 20});
    let poll = skyrig.start_sqs("ReceiveMessage", &wait);
    skyrig.wait_until_parked();
    send(skyrig, "two");
    assert_eq!(read(poll).0, 200);
}

fn recorded(skyrig: &Skyrig, file: &str) {
    let mut record = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["record", file, "--endpoint", &format!("http://{}", skyrig.address())])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(record.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("recording to"));
    let (good, told) = said(skyrig, &["record", &format!("{file}-2")]);
    assert!(!good && told.contains("somebody records this world already"), "{told}");
    clients(skyrig);
    let interrupt = Command::new("kill").args(["-INT", &record.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    assert!(lines.next().unwrap().unwrap().contains("lines are in"));
    assert!(record.wait().unwrap().success());
}

#[test]
fn what_was_recorded_is_played_byte_for_byte_here_and_compared_elsewhere() {
    let folder = Folder::new("recorded");
    let file = folder.file("script");
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    recorded(&skyrig, &file);
    let (good, told) = said(&skyrig, &["replay", &file]);
    assert!(
        good && told.contains("8 answers are byte for byte what they were, 0 differ"),
        "{told}"
    );
    let (good, told) = said(&skyrig, &["replay", &file, "--until", "2"]);
    assert!(good && told.contains("2 inputs were played"), "{told}");
    // Another seed draws other ids.
    let other = Skyrig::start(&["--seed", "9"]);
    let against = format!("http://{}", other.address());
    let (good, told) = said(&skyrig, &["replay", &file, "--against", &against]);
    assert!(good && told.contains("8 answers are the same"), "{told}");
    // One that has another queue besides.
    other.sqs("CreateQueue", json!({"QueueName": "extra"}));
    let (good, told) = said(&skyrig, &["replay", &file, "--against", &against]);
    assert!(!good, "{told}");
    let line = "(/): after /QueueUrl: \"QueueUrl\", \"/ListQueuesResult\" was recorded";
    assert!(told.contains(line), "{told}");
    // An answer that was changed is named.
    let text = std::fs::read_to_string(&file).unwrap();
    let forged = text.replace("QueueDoesNotExist", "QueueDoesNotMatter");
    assert_ne!(text, forged);
    std::fs::write(&file, forged).unwrap();
    let (good, told) = said(&skyrig, &["replay", &file]);
    assert!(!good && told.contains("(AmazonSQS.SendMessage): /__type is"), "{told}");
}

#[test]
fn a_world_is_opened_as_it_was_before_an_input() {
    let folder = Folder::new("at");
    let file = folder.file("script");
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    recorded(&skyrig, &file);
    let text = std::fs::read_to_string(&file).unwrap();
    let number_of = |target: &str| {
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut found = lines.filter(|line| line["request"].to_string().contains(target));
        found.next().unwrap()["input"].as_u64().unwrap()
    };
    let number = number_of("AmazonSQS.DeleteMessage").to_string();
    let at = Skyrig::at(&[&file, &number]);
    let status = at.get("/_skyrig/status").1;
    let queue = &status["places"][0]["queues"][0];
    assert_eq!((&queue["in_flight"], &queue["visible"]), (&json!(1), &json!(0)), "{status}");
    assert_eq!(at.get("/_skyrig/clock").1["mode"], "manual");
    let (good, told) = said(&skyrig, &["at", &file, "1000"]);
    assert!(!good && told.contains("so none before input 1000"), "{told}");
}
