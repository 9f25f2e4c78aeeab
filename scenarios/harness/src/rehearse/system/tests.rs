use super::{Busy, ClockMode, Command, Ready, Setup, parse};
use serde_json::json;
use std::time::Duration;

const GOOD: &str = "\
clock: { scaled: 60 }
settle: 1s
ports: [api]
env: { TABLE: orders, LIMIT: 3, DEBUG: true }
setup:
  - aws sqs create-queue --queue-name orders
  - run: [python3, setup.py]
    env: { A: b }
    within: 2m
  - { service: sqs, operation: CreateQueue, with: { QueueName: dead } }
processes:
  worker: { command: python3 worker.py, copies: 2, busy: holds }
  api:
    command: [python3, api.py, 8080]
    ready: { http: \"http://127.0.0.1:${port.api}/health\" }
resources: { queues: [orders] }
http: http://127.0.0.1:${port.api}
";

#[test]
fn everything_can_be_said() {
    let system = parse("system.yaml", GOOD).expect("a good file");
    assert_eq!(system.clock, ClockMode::Scaled(60.0));
    assert_eq!(system.settle.0, Duration::from_secs(1));
    assert_eq!(system.patience.0, Duration::from_secs(10));
    let env: Vec<_> = system.env.0.iter().map(|(_, text)| text.0.as_str()).collect();
    assert_eq!(env, ["orders", "3", "true"]);
    let members: Vec<_> = system.members().into_iter().map(|(name, _)| name).collect();
    // In the order of the file.
    assert_eq!(members, ["worker-1", "worker-2", "api"]);
    let (worker, api) = (&system.processes.0[0].1, &system.processes.0[1].1);
    assert_eq!((&worker.busy, &worker.ready), (&Busy::Holds, &Ready::Calls));
    assert_eq!(worker.command, Command::Line("python3 worker.py".to_owned()));
    let words = ["python3", "api.py", "8080"].map(str::to_owned).to_vec();
    assert_eq!((&api.command, &api.busy), (&Command::Program(words), &Busy::Asks));
    let Setup::Call { service, operation, with } = &system.setup[2] else { panic!("a call") };
    assert_eq!((service.as_str(), operation.as_str()), ("sqs", "CreateQueue"));
    assert_eq!(json!(with), json!({ "QueueName": "dead" }));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let check = |text: &str, wanted: &str| {
        let told = parse("system.yaml", text).expect_err(text).to_string();
        assert!(told.contains(wanted), "{text}\n{told}\nwanted: {wanted}");
    };
    let one = |more: &str| format!("processes:\n  worker:\n    command: x\n{more}");
    check("clock: manual\n", "a system has processes, or");
    check("processes: {}\n", "system.yaml:1:12: a system has processes, or");
    check(&one("    comand: y\n"), "system.yaml:4:5");
    check(&one("    busy: often\n"), "system.yaml:4:11");
    check(&one("    busy: often\n"), "asks, holds, heard, never");
    check(&one("    ready: { log: a, port: 1 }\n"), "`ready` is one of");
    check(&one("    ready: { port: web }\n"), "`web` is no port");
    check(&one("    copies: 0\n"), "system.yaml:4:13: at least one copy");
    check(&one("    copies: 51\n"), "no more than 50 processes");
    check(&one("    env: { PORT: \"${port.web}\" }\n"), "system.yaml:4:18: `web` is not among");
    check(&one("  worker:\n    command: y\n"), "`worker` is there twice");
    check(&one("clock: sometimes\n"), "manual, real");
    check(&one("clock: { scaled: 0 }\n"), "`scaled` is from");
    check(&one("emulator: [--clock, real]\n"), "system.yaml:4:12: --clock is up to the rehearsal");
    check(&one("setup:\n  - { run: x, service: sqs }\n"), "a step of `setup` is");
    check(&one("settle: 5\n"), "a length of time");
    check(&one("http: localhost\n"), "is no address");
    let twice = "processes:\n  a: { command: x, copies: 2 }\n  a-1: { command: y }\n";
    check(twice, "two processes would be called a-1");
}

#[test]
fn the_schema_has_every_key() {
    let schema = super::json_schema();
    let file: serde_json::Value = serde_norway::from_str(GOOD).expect("YAML");
    for key in file.as_object().expect("a map").keys() {
        assert!(schema["properties"][key].is_object(), "{key} is not in the schema");
    }
}
