//! Functions of the whole program: uploaded, invoked, attached, and gone with it.

use std::fs;
use std::io::{BufRead as _, BufReader, Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use skyrig::wire::Blob;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::process::{Skyrig, read};

const CODE: &str = r#"
import json, os, time, urllib.request
def handler(event, context):
    print("order", event.get("id"))
    time.sleep(event.get("seconds", 0))
    return {"pid": os.getpid(), "home": os.environ["HOME"], "id": event.get("id")}
def queues(event, context):
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], b"{}",
                                     {"x-amz-target": "AmazonSQS.ListQueues"})
    return json.load(urllib.request.urlopen(request))
"#;

pub(crate) fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !found {
        // Nobody may be reading.
        let _closed = writeln!(std::io::stderr(), "SKIPPED: there is no {program}");
    }
    found
}

pub(crate) fn zipped(name: &str, text: &str) -> String {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    Blob(writer.finish().unwrap().into_inner()).to_base64()
}

impl Skyrig {
    fn create_function(&self, name: &str, handler: &str) {
        let request = json!({
            "FunctionName": name,
            "Runtime": "python3.13",
            "Handler": handler,
            "Role": "arn:aws:iam::000000000000:role/orders",
            "Timeout": 60,
            "MemorySize": 512,
            "Code": {"ZipFile": zipped("orders.py", CODE)},
        });
        let (status, body) = self.post("/2015-03-31/functions", request);
        assert_eq!(status, 201, "{body}");
    }

    fn start_invoke(&self, name: &str, event: &Value) -> std::net::TcpStream {
        let head = format!("POST /2015-03-31/functions/{name}/invocations HTTP/1.1");
        self.send(&head, event.to_string().as_bytes())
    }

    fn invoke(&self, name: &str, event: Value) -> Value {
        let (status, body) = read(self.start_invoke(name, &event));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }
}

#[test]
fn a_function_is_uploaded_invoked_and_calls_back() {
    if !has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&[]);
    skyrig.create_function("orders", "orders.handler");
    let (first, second) =
        (skyrig.invoke("orders", json!({"id": 1})), skyrig.invoke("orders", json!({"id": 2})));
    assert_eq!((&first["id"], &second["id"]), (&json!(1), &json!(2)));
    assert_eq!(first["pid"], second["pid"]);
    skyrig.create_function("queues", "orders.queues");
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let queues = skyrig.invoke("queues", json!({}));
    assert!(queues["QueueUrls"][0].as_str().unwrap().ends_with("/q"), "{queues}");
    let wanted = json!({"logGroupName": "/aws/lambda/orders"});
    let (_, events) = read(skyrig.start_json("Logs_20140328.FilterLogEvents", &wanted));
    assert!(events.contains("order 1") && events.contains("START RequestId"), "{events}");
}

#[test]
fn a_move_of_the_clock_waits_for_what_runs() {
    if !has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.create_function("orders", "orders.handler");
    skyrig.invoke("orders", json!({}));
    let running = skyrig.start_invoke("orders", &json!({"id": 7, "seconds": 1}));
    let runs = |_| skyrig.get("/_skyrig/functions").1["running"] == 1;
    assert!((0..10_000).any(runs), "it does not run");
    let (status, _) = skyrig.post("/_skyrig/clock", json!({"advance_seconds": 3600}));
    assert_eq!(status, 200);
    running.set_nonblocking(true).unwrap();
    let mut answered = [0; 12];
    let read = (&running).read(&mut answered);
    assert!(read.is_ok(), "time went on before the function was done: {read:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn functions_end_when_skyrig_is_killed() {
    if !has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&[]);
    skyrig.create_function("orders", "orders.handler");
    let said = skyrig.invoke("orders", json!({}));
    let (pid, home) = (said["pid"].as_u64().unwrap(), said["home"].as_str().unwrap().to_owned());
    let runs = || fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|it| !it.is_empty());
    assert!(runs() && fs::exists(&home).unwrap());
    // SIGKILL, as `kill -9` sends it.
    drop(skyrig);
    let folder = std::path::Path::new(&home).ancestors().nth(3).unwrap();
    let gone = |_| {
        std::thread::yield_now();
        !runs() && !folder.exists()
    };
    assert!((0..200_000).any(gone), "{pid} or {folder:?} is still there");
}

#[test]
fn a_program_attaches_and_detaches() {
    if !has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&[]);
    skyrig.create_function("orders", "orders.none");
    let code = r#"
import os, urllib.request as u
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
print("attached", os.getpid(), flush=True)
while True:
    with u.urlopen(api + "next") as event:
        id = event.headers["Lambda-Runtime-Aws-Request-Id"]
        u.urlopen(api + id + "/response", b'{"attached": %s}' % event.read())
"#;
    let mut attach = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["lambda", "attach", "orders", "--endpoint"])
        .arg(format!("http://{}", skyrig.address()))
        .args(["--", "python3", "-c", code])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(attach.stdout.take().unwrap()).lines();
    let first = said.next().unwrap().unwrap();
    let pid = first.strip_prefix("attached ").unwrap().to_owned();
    assert_eq!(skyrig.invoke("orders", json!([1])), json!({"attached": [1]}));
    assert_eq!(skyrig.get("/_skyrig/functions").1["attached"][0]["function"], "orders");
    assert!(Command::new("kill").arg(attach.id().to_string()).status().unwrap().success());
    let ended = attach.wait_with_output().unwrap();
    // Its program has ended with it, and nobody complains.
    assert!(ended.status.success(), "{}", ended.status);
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert!(!std::path::Path::new("/proc").join(&pid).exists(), "{pid} is still there");
    let detached = |_| skyrig.get("/_skyrig/functions").1["attached"] == json!([]);
    assert!((0..10_000).any(detached), "it is attached still");
    let refused = skyrig.invoke("orders", json!([1]));
    assert_eq!(refused["errorType"], "Runtime.HandlerNotFound");
}

#[test]
fn a_web_page_attaches_nothing() {
    let skyrig = Skyrig::start(&[]);
    let head = "POST /_skyrig/functions/orders/attach HTTP/1.1\r\nsec-fetch-site: cross-site";
    assert_eq!(skyrig.request(head, b"").0, 403);
    let (status, attached) = skyrig.post("/_skyrig/functions/orders/attach", json!({}));
    assert_eq!(status, 200, "{attached}");
    let number = &attached["number"];
    let path = format!("DELETE /_skyrig/functions/attached/{number} HTTP/1.1");
    assert_eq!(skyrig.request(&path, b"").0, 200);
    assert_eq!(skyrig.request(&path, b"").0, 404);
    let wrong = json!({"version": "1"});
    assert_eq!(skyrig.post("/_skyrig/functions/orders/attach", wrong).0, 400);
}
