//! A small system on the emulator: consumers long-poll a queue, and take a while for each
//! message.

use super::{Simulation, play};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use crate::processes::{Disturbance, Processes};
use crate::report::Run;
use crate::script;
use crate::world::{Arguments, World, WorldError};
use aws_sdk_sqs::Client;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::JoinSet;

const SCRIPT: &str = "\
name: mailbox
story: Three letters are sent, minutes apart, and read.
when:
  - { do: send, with: { text: first } }
  - { at: 10m, do: send, with: { text: second, delay: 300 } }
  - { at: 20m, do: send, with: { text: third } }
then:
  - eventually: { see: read, in_order: [first, second, third], within: 1m }
  - never: { see: read, contains: nobody wrote this, within: 1h }
";

struct Mailbox {
    client: Client,
    url: String,
    read: Rc<RefCell<Vec<String>>>,
    readers: Option<Readers>,
}

/// The readers' process; dropping the tasks kills it.
struct Readers {
    client: Client,
    url: String,
    read: Rc<RefCell<Vec<String>>>,
    tasks: JoinSet<()>,
}

impl Readers {
    /// Several, because sleepers that wake each other have made time stand still before.
    fn start(&mut self) {
        for _ in 0..3 {
            let read = Rc::clone(&self.read);
            self.tasks.spawn_local(consume(self.client.clone(), self.url.clone(), read));
        }
    }
}

impl Processes for Readers {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        assert_eq!(role, "readers");
        match how {
            Disturbance::Kill => self.tasks.abort_all(),
            Disturbance::Start => self.start(),
            _ => return Err(WorldError("readers can only be killed here".to_owned())),
        }
        Ok(())
    }
}

impl World for Mailbox {
    const CATALOG: Catalog = Catalog {
        actions: &[Signature {
            name: "send",
            about: "Sends a letter.",
            arguments: &[
                Argument::required("text", Kind::Text),
                Argument::optional("delay", Kind::Number),
            ],
        }],
        observations: &[Signature { name: "read", about: "Letters read.", arguments: &[] }],
        has_aws: false,
        invariants: &[],
        roles: &[Signature { name: "readers", about: "Three who read.", arguments: &[] }],
    };

    async fn act(&mut self, _action: &str, with: &Arguments) -> Result<Value, WorldError> {
        let delay = with.get("delay").and_then(Value::as_i64).unwrap_or_default();
        let send = self.client.send_message().queue_url(&self.url);
        let send = send.message_body(with["text"].as_str().unwrap_or_default());
        let sent = send.delay_seconds(delay as i32).send().await;
        let sent = sent.map_err(|error| WorldError(format!("{error:?}")))?;
        Ok(json!({ "id": sent.message_id }))
    }

    async fn observe(&mut self, _what: &str, _of: &Arguments) -> Result<Value, WorldError> {
        Ok(json!(*self.read.borrow()))
    }

    fn processes(&mut self) -> impl Processes + use<> {
        self.readers.take().expect("asked for once")
    }

    fn resource(&self, name: &str) -> String {
        name.replace("box", "letters")
    }

    async fn finish(&mut self) -> Value {
        json!(*self.read.borrow())
    }
}

async fn mailbox(simulation: &Simulation) -> Result<Mailbox, String> {
    let client = Client::new(&simulation.sdk_config());
    let created = client.create_queue().queue_name("letters").send().await;
    let url = created.map_err(|error| format!("{error:?}"))?.queue_url.unwrap_or_default();
    let read = Rc::new(RefCell::new(Vec::new()));
    let (tasks, known) = (JoinSet::new(), Rc::clone(&read));
    let mut readers = Readers { client: client.clone(), url: url.clone(), read: known, tasks };
    readers.start();
    Ok(Mailbox { client, url, read, readers: Some(readers) })
}

async fn consume(client: Client, url: String, read: Rc<RefCell<Vec<String>>>) {
    loop {
        let receive = client.receive_message().queue_url(&url).wait_time_seconds(20);
        let received = receive.send().await.expect("an answer");
        for message in received.messages.unwrap_or_default() {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(1..2000))).await;
            let handle = message.receipt_handle.unwrap_or_default();
            let delete = client.delete_message().queue_url(&url).receipt_handle(handle);
            delete.send().await.expect("an answer");
            read.borrow_mut().push(message.body.unwrap_or_default());
        }
    }
}

fn run(seed: u64) -> Run {
    run_script(SCRIPT, seed)
}

fn run_script(text: &str, seed: u64) -> Run {
    let script = script::parse("mailbox.yaml", text, &Mailbox::CATALOG).expect("a good script");
    play(&script, seed, mailbox).expect("a world")
}

#[test]
fn an_hour_of_long_polls_is_played_at_once_and_alike() {
    let first = run(1);
    assert!(first.passed, "{}", first.text("-"));
    assert!(first.elapsed >= Duration::from_secs(3600));
    // Three polls every 20 seconds.
    assert!(first.calls > 540, "{} calls", first.calls);
    assert_eq!(first.hashes, run(1).hashes);
    let history = |run: Run| run.hashes.expect("a simulation has them").history;
    assert_ne!(history(first), history(run(2)));
}

/// The client is not told of the letter that it sent, and sends it again.
const FAULTY: &str = "\
name: faulty-mailbox
story: Letters are sent while answers are lost and messages hidden.
nemesis:
  - name: lost
    fault: lose_answer
    on: { service: sqs, operation: SendMessage, resource: box, attempt: 1 }
    times: 2
    from: 20s
    must_fire: 2
  - fault: hide
    with: { seconds: 60 }
    on: { resource: box }
    until: 10s
    must_fire: true
  - { name: elsewhere, fault: throttle, on: { resource: other } }
when:
  - { do: send, with: { text: 'letter ${n}' }, every: 10s, times: 5, as: letters }
then:
  - never: { see: read, contains: letter 1, within: 0s }
  - eventually: { see: read, at_least: 7, within: 1m }
  - each: [1, 2, 3, 4, 5]
    eventually: { see: read, contains: 'letter ${each}', within: 2m }
";

#[test]
fn faults_act_and_are_counted() {
    let faulty = run_script(FAULTY, 1);
    assert!(faulty.passed, "{}", faulty.text("-"));
    assert_eq!(faulty.hashes, run_script(FAULTY, 1).hashes);
    let (must_fire, elsewhere) = ("fault: throttle", "must_fire: 1, fault: throttle");
    let failed = run_script(&FAULTY.replace(must_fire, elsewhere), 1);
    let seen = failed.verdicts.iter().filter(|it| !it.passed).map(|it| it.seen.as_str());
    assert_eq!(seen.collect::<Vec<_>>(), ["never fired"]);
}

/// A letter that is in a reader's hands comes again when its visibility time is over.
const KILLED: &str = "\
name: killed-readers
story: The readers die with a letter in their hands, and are away when another comes.
nemesis:
  - { name: death, fault: kill, on: { role: readers }, from: 10s1ms, until: 5m, must_fire: true }
when:
  - { at: 10s, do: send, with: { text: in hand } }
  - { at: 1m, do: send, with: { text: while away } }
  - { at: 6m }
then:
  - never: { see: read, contains: in hand, within: 0s }
";

#[test]
fn killed_readers_come_back() {
    let never = "  - never: { see: read, contains: in hand, within: 0s }\n";
    let all = "  - eventually: { see: read, at_least: 2, within: 1m }\n";
    let back = KILLED.replace(never, all);
    let run = run_script(&back, 1);
    assert!(run.passed, "{}", run.text("-"));
    assert_eq!(run.fired, [("death".to_owned(), 1)].into());
    assert_eq!(run.hashes, run_script(&back, 1).hashes);
    // Without an end of the fault they stay dead.
    let dead = run_script(&KILLED.replace(", until: 5m", ""), 1);
    assert!(dead.passed, "{}", dead.text("-"));
    let paused = run_script(&KILLED.replace("kill,", "pause,"), 1);
    let refusal = "nemesis: death: readers can only be killed here";
    assert_eq!(paused.stopped.as_deref(), Some(refusal));
}
