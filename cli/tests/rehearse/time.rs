//! When time moves: the two errors that a clock for real processes can make, and the ways around.

use super::stage::{Folder, has_python, told};

/// A consumer on Python's own library. What it does with a message is up to `work`.
const CONSUMER: &str = r#"
import json, os, sys, time, urllib.request

def sqs(operation, **members):
    request = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"],
        json.dumps(members).encode(),
        {"x-amz-target": f"AmazonSQS.{operation}", "content-type": "application/x-amz-json-1.0"},
    )
    return json.load(urllib.request.urlopen(request)) if operation == "ReceiveMessage" \
        else urllib.request.urlopen(request).read()

def receive():
    wait = int(os.environ.get("WAIT", "20"))
    got = sqs("ReceiveMessage", QueueUrl="orders", WaitTimeSeconds=wait)
    return got.get("Messages", [])

def delete(message):
    sqs("DeleteMessage", QueueUrl="orders", ReceiptHandle=message["ReceiptHandle"])
"#;

const SYSTEM: &str = "\
setup:
  - service: sqs
    operation: CreateQueue
    with: { QueueName: orders, Attributes: { VisibilityTimeout: \"5\" } }
processes:
  worker:
    command: python3 worker.py
";

const STORY: &str = "\
name: one
story: One message.
when:
  - { do: send_message, with: { queue: orders, body: { n: 1 } } }
then:
  - eventually: { see: queue_depth, of: { queue: orders }, equals: 0, within: 10m }
invariants: [messages_conserved, no_process_ended]
";

fn folder(name: &str, worker: &str, more: &str) -> Folder {
    Folder::new(name)
        .with("worker.py", &format!("{CONSUMER}{worker}"))
        .with("system.yaml", &format!("{SYSTEM}{more}"))
        .with("story.yaml", STORY)
}

/// It works for some seconds without a word to AWS.
fn slow(seconds: u8) -> String {
    format!(
        "
while True:
    for message in receive():
        time.sleep({seconds})
        delete(message)
"
    )
}

/// The first time it throws the message away and asks for more.
const THROWS: &str = "
thrown = False
while True:
    for message in receive():
        if thrown:
            delete(message)
        thrown = True
";

/// One thread receives, others work; the first of them takes its time.
const POOL: &str = "
import threading

def work(message, pause):
    time.sleep(pause)
    delete(message)

pause = 2
while True:
    for message in receive():
        threading.Thread(target=work, args=[message, pause]).start()
        pause = 0
";

/// The error of a clock that is too fast: the message comes back while it is worked on.
#[test]
fn a_silent_worker_keeps_its_message() {
    if !has_python() {
        return;
    }
    let deleted = |run: &serde_json::Value| told(run, "worker", "DeleteMessage")[0];
    let run = folder("silent", &slow(2), "").passes("story.yaml");
    assert!(deleted(&run) < 5_000, "{run:#}");
    // Its visibility timeout has ended before it was done. It works for so long that a slow machine
    // notices its silence all the same.
    let run = folder("heard", &slow(10), "    busy: heard\n").passes("story.yaml");
    assert!(deleted(&run) >= 5_000, "{run:#}");
}

#[test]
fn a_pool_says_that_it_holds_what_it_has() {
    if !has_python() {
        return;
    }
    let run = folder("pool", POOL, "    busy: holds\n").passes("story.yaml");
    assert_eq!(told(&run, "worker", "receives").len(), 1, "{run:#}");
    let run = folder("pool-asks", POOL, "").passes("story.yaml");
    assert!(told(&run, "worker", "receives").len() > 1, "{run:#}");
}

/// The error of a clock that is too slow: it waits for somebody who has thrown the message away.
#[test]
fn nobody_waits_for_a_worker_that_threw() {
    if !has_python() {
        return;
    }
    let run = folder("throws", THROWS, "").passes("story.yaml");
    let received = told(&run, "worker", "receives");
    assert_eq!(received.len(), 2, "{run:#}");
    // When its visibility timeout has ended, and after no patience.
    assert_eq!(received[1] - received[0], 5_000, "{run:#}");
    assert!(told(&run, "clock", "goes on after").is_empty(), "{run:#}");
    let impatient = folder("holds", THROWS, "    busy: holds\npatience: 1s\n");
    let run = impatient.passes("story.yaml");
    assert!(!told(&run, "clock", "goes on after 1 s").is_empty(), "{run:#}");
}

/// Polls that return at once, with pauses of the process's own, hold up nothing and miss nothing.
#[test]
fn whoever_polls_in_short_gets_its_message_in_time() {
    if !has_python() {
        return;
    }
    let worker = "
while True:
    for message in receive():
        delete(message)
    time.sleep(0.3)
";
    let run = folder("short", worker, "    env: { WAIT: 0 }\n").passes("story.yaml");
    assert!(told(&run, "worker", "DeleteMessage")[0] < 1000, "{run:#}");
}

#[test]
fn a_dead_process_gives_its_message_back_in_the_clouds_time() {
    if !has_python() {
        return;
    }
    let story = "\
name: death
story: The worker dies with a message in hand, and lives again.
nemesis:
  - { fault: delay, with: { seconds: 5 }, on: { service: sqs, operation: GetQueueAttributes }, until: 1s }
  - { fault: kill, on: { role: worker }, from: 2s, until: 12s, must_fire: true }
when:
  - { do: send_message, with: { queue: orders, body: x } }
  - { once: { see: process, of: { process: worker }, equals: down, within: 5s } }
then:
  - eventually: { see: process, of: { process: worker }, equals: runs, within: 1m }
  - eventually: { see: queue_depth, of: { queue: orders }, equals: 0, within: 2m }
";
    // It asks for something that takes its time, and dies before it deletes.
    let worker = "
while True:
    for message in receive():
        sqs('GetQueueAttributes', QueueUrl='orders', AttributeNames=['All'])
        delete(message)
";
    let folder = folder("death", worker, "").with("death.yaml", story);
    folder.change("system.yaml", "\"5\"", "\"30\"");
    let run = folder.passes("death.yaml");
    let received = told(&run, "worker", "receives");
    assert_eq!(received.len(), 2, "{run:#}");
    assert_eq!(received[1] - received[0], 30_000, "{run:#}");
}

#[test]
fn a_process_that_ends_by_itself_is_noticed() {
    if !has_python() {
        return;
    }
    let worker = "
receive()
print('out of memory', file=sys.stderr)
sys.exit(3)
";
    let folder = folder("ends", worker, "");
    let run = folder.fails("story.yaml");
    assert!(!told(&run, "worker", "has ended by itself: exit status: 3").is_empty(), "{run:#}");
    assert!(run["logs"][0][1].as_str().unwrap().contains("out of memory"), "{run:#}");
    let verdicts = run["verdicts"].as_array().unwrap();
    let of = |name: &str| verdicts.iter().find(|it| it["expectation"] == name).unwrap();
    assert_eq!(of("invariant no_process_ended")["passed"], false, "{run:#}");
}
