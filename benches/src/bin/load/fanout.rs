//! Topics and buses: what publishing costs, with what it leads to. The queues behind them are made
//! anew for each round, so that nothing piles up; in the end each must hold what came.

use std::io;
use std::sync::Arc;

use serde_json::json;

use super::bench::Bench;
use super::bodies::Queue;
use super::message::{BODY_BYTES, Ledger};
use super::rates::{MEBIBYTE, Measured, Pair, RATE_MET, RATE_SHARE_MAX, Series, WARM_UP, row};
use super::report::Row;
use super::server::Server;
use super::sqs::{Client, Speech};
use super::targets;
use super::worker::{Checks, Kind, Post, Traffic};

/// Messages of a batch.
const BATCH: u64 = 10;
/// Rules of `put-events-rules`: as many as a bus may have.
const RULES: usize = 300;
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";

/// A workload of this kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fanout {
    name: &'static str,
    what: What,
    /// The most that a request may cost, in bare answers or in those of the other server.
    ratio_max: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    /// To ten queues, half of whose filter policies match.
    Publish,
    PublishBatch,
    /// With one rule that matches and so many that do not.
    PutEvents {
        others: usize,
    },
}

const FANOUTS: [Fanout; 4] = [
    Fanout { name: "publish", what: What::Publish, ratio_max: targets::PUBLISH_RATIO },
    Fanout {
        name: "publish-batch",
        what: What::PublishBatch,
        ratio_max: targets::PUBLISH_BATCH_RATIO,
    },
    Fanout {
        name: "put-events",
        what: What::PutEvents { others: 0 },
        ratio_max: targets::PUT_EVENTS_RATIO,
    },
    Fanout {
        name: "put-events-rules",
        what: What::PutEvents { others: RULES - 1 },
        ratio_max: targets::RULES_RATIO,
    },
];

impl Fanout {
    pub(crate) fn named(name: &str) -> Option<Self> {
        FANOUTS.into_iter().find(|it| it.name == name)
    }

    /// Measures it on a new server beside the bare one; `put-events-rules` beside one with one
    /// rule.
    ///
    /// # Errors
    /// When a server cannot be started or a connection is lost.
    pub(crate) async fn measure(self, bench: &mut Bench) -> io::Result<()> {
        let options = bench.options;
        let mut subject = Scene::new(self.what, bench).await?;
        let mut other = match self.what {
            What::PutEvents { others: 1.. } => {
                Some(Scene::new(What::PutEvents { others: 0 }, bench).await?)
            }
            _ => None,
        };
        let pair = pair(bench, &subject, other.as_ref());
        let bare = pair.bare(0.0, WARM_UP).await?.requests_per_second;
        let most = pair.server(0.0, WARM_UP).await?.requests_per_second.min(bare);
        let rate = match options.rate {
            asked if asked <= RATE_SHARE_MAX * most => asked,
            _ => RATE_SHARE_MAX * most,
        };
        let (mut closed, mut even) = (Series::default(), Series::default());
        for _ in 0..options.rounds {
            for (series, rate, length) in
                [(&mut even, rate, options.round), (&mut closed, 0.0, options.round / 2)]
            {
                subject.renew(bench).await?;
                if let Some(other) = &mut other {
                    other.renew(bench).await?;
                }
                let pair = self::pair(bench, &subject, other.as_ref());
                let bare: Measured = pair.bare(rate, length).await?;
                series.add(bare, pair.server(rate, length).await?);
            }
        }
        let missed = even.leave_out_slower_than(RATE_MET * rate);
        if missed > 0 {
            let text = format!("{}: {missed} rounds did not meet the rate", self.name);
            bench.report.note(text);
        }
        if other.is_some() {
            let text = format!(
                "{}: what stands under bare is a server with one rule, so the ratio is to it",
                self.name
            );
            bench.report.note(text);
        }
        let resident = subject.server.resident_bytes();
        bench.report.rows.push(Row {
            workload: self.name,
            rate,
            ratio_max: self.ratio_max,
            resident_mebibytes: resident.map(|it| it as f64 / MEBIBYTE),
            ..row(&closed, &even)
        });
        subject.finish(bench, self.name).await
    }
}

/// The traffic to the bare server, or to the other scene, and to the subject.
fn pair(bench: &Bench, subject: &Scene, other: Option<&Scene>) -> Pair {
    let server = subject.traffic(bench, true);
    let (address, pid) = (subject.server.address.clone(), subject.server.pid);
    let bare = match other {
        Some(other) => {
            let traffic = other.traffic(bench, true);
            (other.server.address.clone(), other.server.pid, traffic)
        }
        None => {
            let traffic = subject.traffic(bench, false);
            (bench.bare.address.clone(), Some(bench.bare.child.id()), traffic)
        }
    };
    let (connections, threads) = (bench.options.connections, bench.options.threads);
    Pair { bare, server: (address, pid, server), connections, threads }
}

/// A server with a topic or a bus, and the queues behind it.
struct Scene {
    what: What,
    server: Server,
    post: Arc<Post>,
    /// The URLs of the queues that there are now; those that get everything come first.
    queues: Vec<String>,
    /// How often they were made.
    generation: u32,
}

impl Scene {
    async fn new(what: What, bench: &mut Bench) -> io::Result<Self> {
        let server = bench.lab.server().await?;
        let post = Arc::new(what.post(&bench.run));
        let mut scene = Self { what, server, post, queues: Vec::new(), generation: 0 };
        if let What::PutEvents { others } = what {
            scene.put_rules(others, &bench.run).await?;
        }
        scene.renew(bench).await?;
        Ok(scene)
    }

    fn traffic(&self, bench: &Bench, checked: bool) -> Traffic {
        let checks = Checks { ledger: Ledger::default(), faults: Arc::clone(&bench.faults) };
        Traffic {
            queue: Queue::new("", None),
            batch: 1,
            kind: Kind::Post,
            checks: checked.then(|| Arc::new(checks)),
            post: Some(Arc::clone(&self.post)),
        }
    }

    async fn put_rules(&self, others: usize, run: &str) -> io::Result<()> {
        let mut client = Client::speaking(&self.server.address, Speech::Events).await?;
        let bus = json!({"Name": format!("load-{run}")});
        client.ask("CreateEventBus", &bus).await?;
        for number in 0..=others {
            let kind = if number == 0 { "wanted".to_owned() } else { format!("other-{number}") };
            let pattern = json!({"source": ["load"], "detail": {"kind": [kind]}}).to_string();
            let name = format!("r{number}");
            let bus = bus["Name"].clone();
            let rule = json!({"Name": name, "EventBusName": bus, "EventPattern": pattern});
            client.ask("PutRule", &rule).await?;
        }
        Ok(())
    }

    /// Replaces the queues by empty ones.
    async fn renew(&mut self, bench: &Bench) -> io::Result<()> {
        let mut sqs = Client::open(&self.server.address).await?;
        for url in std::mem::take(&mut self.queues) {
            sqs.ask("DeleteQueue", &json!({"QueueUrl": url})).await?;
        }
        self.generation += 1;
        let count = if self.what == What::Publish { 10 } else { 1 };
        let mut names = Vec::new();
        for number in 0..count {
            let name = format!("load-{}-{}-{number}", bench.run, self.generation);
            let statement = json!({"Effect": "Allow", "Principal": "*",
                "Action": "sqs:SendMessage", "Resource": "*"});
            let policy = json!({"Statement": statement}).to_string();
            let url = sqs.create_queue(&name).await?;
            let set = json!({"QueueUrl": url, "Attributes": {"Policy": policy}});
            sqs.ask("SetQueueAttributes", &set).await?;
            self.queues.push(url);
            names.push(name);
        }
        match self.what {
            What::PutEvents { .. } => {
                let mut events = Client::speaking(&self.server.address, Speech::Events).await?;
                let target = json!({"Id": "t", "Arn": arn("sqs", &names[0])});
                let bus = format!("load-{}", bench.run);
                let put = json!({"Rule": "r0", "EventBusName": bus, "Targets": [target]});
                events.ask("PutTargets", &put).await.map(drop)
            }
            What::Publish | What::PublishBatch => self.subscribe(&names, &bench.run).await,
        }
    }

    /// Half of several queues get other messages.
    async fn subscribe(&self, queues: &[String], run: &str) -> io::Result<()> {
        let mut sns = Client::speaking(&self.server.address, Speech::Sns).await?;
        let topic = encoded(&arn("sns", &format!("load-{run}")));
        let name = format!("load-{run}");
        for action in ["DeleteTopic", "CreateTopic"] {
            let about = match action {
                "DeleteTopic" => format!("TopicArn={topic}"),
                _ => format!("Name={name}"),
            };
            ask(&mut sns, &format!("Action={action}&{about}")).await?;
        }
        for (number, queue) in queues.iter().enumerate() {
            let kind = if number * 2 < queues.len() { "wanted" } else { "other" };
            let policy = encoded(&json!({"kind": [kind]}).to_string());
            let endpoint = encoded(&arn("sqs", queue));
            let form = format!(
                "Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={endpoint}\
                 &Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={policy}"
            );
            ask(&mut sns, &form).await?;
        }
        Ok(())
    }

    /// Compares what the queues hold with what one more round has published.
    async fn finish(&mut self, bench: &mut Bench, name: &'static str) -> io::Result<()> {
        const POSTS: u64 = 5;
        self.renew(bench).await?;
        let mut client = Client::speaking(&self.server.address, self.post.speech).await?;
        for _ in 0..POSTS {
            client.call(self.post.operation, &self.post.body).await?;
        }
        let mut sqs = Client::open(&self.server.address).await?;
        let half = self.queues.len().div_ceil(2);
        for (number, url) in self.queues.iter().enumerate() {
            let counted = sqs.count(url).await?;
            let expected = if number < half { POSTS * self.post.messages } else { 0 };
            if counted != expected {
                let text = format!("{name}: queue {number} has {counted}, not {expected}");
                bench.faults.add("messages lost or doubled", &text);
            }
        }
        Ok(())
    }
}

impl What {
    /// The request that is made again and again.
    fn post(self, run: &str) -> Post {
        let text = "x".repeat(BODY_BYTES);
        let topic = encoded(&arn("sns", &format!("load-{run}")));
        let (speech, answer) = (Speech::Sns, "<MessageId>");
        match self {
            Self::Publish => {
                let attribute = attribute("MessageAttributes");
                let form = format!(
                    "Action=Publish&Version=2010-03-31&TopicArn={topic}&Message={text}{attribute}"
                );
                let (body, operation) = (form.into_bytes(), "Publish");
                Post { speech, operation, body, messages: 1, answer }
            }
            Self::PublishBatch => {
                let mut form = format!("Action=PublishBatch&Version=2010-03-31&TopicArn={topic}");
                for number in 1..=BATCH {
                    let entry = format!("PublishBatchRequestEntries.member.{number}");
                    let attribute = attribute(&format!("{entry}.MessageAttributes"));
                    form += &format!("&{entry}.Id={number}&{entry}.Message={text}{attribute}");
                }
                let (body, operation) = (form.into_bytes(), "PublishBatch");
                Post { speech, operation, body, messages: BATCH, answer }
            }
            Self::PutEvents { .. } => {
                let detail = json!({"kind": "wanted", "text": text}).to_string();
                let entry = json!({"Source": "load", "DetailType": "d", "Detail": detail,
                    "EventBusName": format!("load-{run}")});
                let entries = vec![entry; BATCH as usize];
                let body = json!({"Entries": entries}).to_string().into_bytes();
                let (speech, operation) = (Speech::Events, "PutEvents");
                let answer = "\"FailedEntryCount\":0";
                Post { speech, operation, body, messages: BATCH, answer }
            }
        }
    }
}

/// The attribute by which filter policies choose.
fn attribute(list: &str) -> String {
    let entry = format!("{list}.entry.1");
    format!("&{entry}.Name=kind&{entry}.Value.DataType=String&{entry}.Value.StringValue=wanted")
}

fn arn(service: &str, name: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{name}")
}

async fn ask(client: &mut Client, form: &str) -> io::Result<()> {
    let form = format!("{form}&Version=2010-03-31");
    let answer = client.call("", form.as_bytes()).await?;
    match answer.status {
        200 => Ok(()),
        status => {
            let text = String::from_utf8_lossy(answer.body);
            Err(io::Error::other(format!("{form} was answered {status}: {text}")))
        }
    }
}

/// As a form has it.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn requests_hold_what_they_say() {
        let post = What::PutEvents { others: 0 }.post("run");
        let body: Value = serde_json::from_slice(&post.body).unwrap();
        assert_eq!(body["Entries"].as_array().unwrap().len(), 10);
        let form = String::from_utf8(What::PublishBatch.post("run").body).unwrap();
        assert_eq!(form.matches(".Message=").count(), 10);
        assert_eq!(encoded("a:b/ä"), "a%3Ab%2F%C3%A4");
    }
}
