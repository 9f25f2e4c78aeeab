//! A first system file and a first script for a system that was driven by hand: what it used at an
//! emulator that runs is made again by the set-up.

use crate::aws::Aws;
use crate::world::WorldError;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Attributes of queues that were set, and the values that say nothing.
const OF_QUEUES: [(&str, &[&str]); 11] = [
    ("VisibilityTimeout", &["30"]),
    ("DelaySeconds", &["0"]),
    ("MessageRetentionPeriod", &["345600"]),
    ("ReceiveMessageWaitTimeSeconds", &["0"]),
    ("MaximumMessageSize", &["262144", "1048576"]),
    ("RedrivePolicy", &[]),
    ("RedriveAllowPolicy", &[]),
    ("FifoQueue", &["false"]),
    ("ContentBasedDeduplication", &["false"]),
    ("FifoThroughputLimit", &["perQueue"]),
    ("Policy", &[]),
];
const OF_TOPICS: [(&str, &[&str]); 3] =
    [("FifoTopic", &["false"]), ("ContentBasedDeduplication", &["false"]), ("DisplayName", &[""])];
const OF_SUBSCRIPTIONS: [(&str, &[&str]); 4] = [
    ("RawMessageDelivery", &["false"]),
    ("FilterPolicy", &[]),
    ("FilterPolicyScope", &["MessageAttributes"]),
    ("RedrivePolicy", &[]),
];
const SYSTEM_HEAD: &str = "\
# How the system is started; docs/rehearse.md has every key.
# The set-up makes what was there when this file was written.
";
const UNKNOWN: &str = "echo 'say in system.yaml how this is started'; exit 1";

/// Both files, and what could not be taken over.
#[derive(Clone, Debug)]
pub struct First {
    pub system: String,
    pub script: String,
    pub left_out: Vec<String>,
}

/// Asks the emulator at `address` what is there. `processes` are names and command lines.
///
/// # Errors
/// The emulator gives no answer.
pub fn first(address: &str, processes: &[(String, String)]) -> Result<First, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    let asked = runtime.block_on(ask(&Aws::at(address), processes));
    asked.map_err(|WorldError(error)| error)
}

async fn ask(aws: &Aws, processes: &[(String, String)]) -> Result<First, WorldError> {
    let mut found = Found { aws, steps: Vec::new(), left_out: Vec::new() };
    let (queues, dead) = found.queues().await?;
    found.topics().await?;
    found.tables().await?;
    found.machines().await?;
    found.rules().await?;
    found.functions().await?;
    let unknown = [("worker".to_owned(), UNKNOWN.to_owned())];
    let processes = if processes.is_empty() { &unknown[..] } else { processes };
    let one = |(name, command): &(String, String)| (name.clone(), json!({ "command": command }));
    let mut system = Map::new();
    if !found.steps.is_empty() {
        system.insert("setup".to_owned(), json!(found.steps));
    }
    system.insert("processes".to_owned(), Value::Object(processes.iter().map(one).collect()));
    let script = script(aws, &queues, &dead).await?;
    let written = |value: &Value| {
        serde_norway::to_string(value).map_err(|error| WorldError(error.to_string()))
    };
    Ok(First {
        system: format!("{SYSTEM_HEAD}{}", written(&Value::Object(system))?),
        script: written(&script)?,
        left_out: found.left_out,
    })
}

/// A message to each queue that clients have sent to, or to the first, and what must become of it.
async fn script(
    aws: &Aws,
    queues: &[String],
    dead: &BTreeSet<String>,
) -> Result<Value, WorldError> {
    let lineage: Vec<Value> = aws.page("/_skyrig/lineage?trees=true").await?;
    let sent = |queue: &String| {
        let arn_end = format!(":{queue}");
        let entered = |it: &&Value| it["what"] == "enqueued";
        let mut roots = lineage.iter().filter(entered);
        roots.any(|it| it["resource"].as_str().is_some_and(|name| name.ends_with(&arn_end)))
    };
    let own: Vec<&String> = queues.iter().filter(|queue| !dead.contains(*queue)).collect();
    let mut chosen: Vec<&String> = own.iter().copied().filter(|queue| sent(queue)).collect();
    if chosen.is_empty() {
        chosen.extend(own.first());
    }
    let send = |queue: &&String| {
        let body = json!({ "id": "1" });
        json!({ "do": "send_message", "with": { "queue": queue, "body": body } })
    };
    let consumed = |queue: &&String| {
        json!({ "eventually": {
            "see": "queue_depth", "of": { "queue": queue }, "equals": 0, "within": "10m",
        } })
    };
    let mut script = json!({
        "name": "first",
        "story": "What comes in is consumed.",
        "when": chosen.iter().map(send).collect::<Vec<_>>(),
        "invariants": "all",
    });
    if !chosen.is_empty() {
        script["then"] = chosen.iter().map(consumed).collect();
    }
    Ok(script)
}

struct Found<'a> {
    aws: &'a Aws,
    /// Of the set-up.
    steps: Vec<Value>,
    left_out: Vec<String>,
}

impl Found<'_> {
    /// The names of all, and of those that others' dead letters go to. Those come first.
    async fn queues(&mut self) -> Result<(Vec<String>, BTreeSet<String>), WorldError> {
        let mut queues = Vec::new();
        for name in self.names("sqs", "ListQueues", "QueueUrls", "").await? {
            let asked = json!({ "QueueUrl": name, "AttributeNames": ["All"] });
            let found = self.aws.ask("sqs", "GetQueueAttributes", &asked).await?;
            queues.push((name, chosen(&found["Attributes"], &OF_QUEUES)));
        }
        queues.sort_by_key(|(_, attributes)| attributes.contains_key("RedrivePolicy"));
        let mut dead = BTreeSet::new();
        for (name, attributes) in &queues {
            let policy = attributes.get("RedrivePolicy").and_then(Value::as_str).unwrap_or("{}");
            let policy: Value = serde_json::from_str(policy).unwrap_or_default();
            dead.extend(policy["deadLetterTargetArn"].as_str().map(short));
            let mut with = json!({ "QueueName": name });
            if !attributes.is_empty() {
                with["Attributes"] = json!(attributes);
            }
            self.step("sqs", "CreateQueue", with);
        }
        Ok((queues.into_iter().map(|(name, _)| name).collect(), dead))
    }

    async fn topics(&mut self) -> Result<(), WorldError> {
        let topics = self.aws.ask("sns", "ListTopics", &json!({})).await?;
        for topic in texts(&topics["Topics"], "TopicArn") {
            let found =
                self.aws.ask("sns", "GetTopicAttributes", &json!({ "TopicArn": topic })).await?;
            let attributes = chosen(&found["Attributes"], &OF_TOPICS);
            let mut with = json!({ "Name": short(&topic) });
            if !attributes.is_empty() {
                with["Attributes"] = json!(attributes);
            }
            self.step("sns", "CreateTopic", with);
        }
        let subscriptions = self.aws.ask("sns", "ListSubscriptions", &json!({})).await?;
        for one in subscriptions["Subscriptions"].as_array().into_iter().flatten() {
            let mut with = json!({
                "TopicArn": one["TopicArn"],
                "Protocol": one["Protocol"],
                "Endpoint": one["Endpoint"],
            });
            let arn = one["SubscriptionArn"].as_str().unwrap_or_default();
            if arn.starts_with("arn:") {
                let asked = json!({ "SubscriptionArn": arn });
                let found = self.aws.ask("sns", "GetSubscriptionAttributes", &asked).await?;
                let attributes = chosen(&found["Attributes"], &OF_SUBSCRIPTIONS);
                if !attributes.is_empty() {
                    with["Attributes"] = json!(attributes);
                }
            }
            self.step("sns", "Subscribe", with);
        }
        Ok(())
    }

    async fn tables(&mut self) -> Result<(), WorldError> {
        for name in self.names("dynamodb", "ListTables", "TableNames", "").await? {
            let asked = json!({ "TableName": name });
            let found = self.aws.ask("dynamodb", "DescribeTable", &asked).await?;
            let table = &found["Table"];
            let mut with = json!({
                "TableName": name,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": table["AttributeDefinitions"],
                "KeySchema": table["KeySchema"],
            });
            for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
                let all = table[indexes].as_array().into_iter().flatten();
                let all: Vec<Value> = all.map(|it| members(it, &INDEX)).collect();
                if !all.is_empty() {
                    with[indexes] = json!(all);
                }
            }
            if table["StreamSpecification"].is_object() {
                with["StreamSpecification"] = table["StreamSpecification"].clone();
            }
            self.step("dynamodb", "CreateTable", with);
        }
        Ok(())
    }

    async fn machines(&mut self) -> Result<(), WorldError> {
        let found = self.aws.ask("states", "ListStateMachines", &json!({})).await?;
        for arn in texts(&found["stateMachines"], "stateMachineArn") {
            let asked = json!({ "stateMachineArn": arn });
            let found = self.aws.ask("states", "DescribeStateMachine", &asked).await?;
            let with = members(&found, &["name", "definition", "roleArn", "type"]);
            self.step("states", "CreateStateMachine", with);
        }
        Ok(())
    }

    async fn rules(&mut self) -> Result<(), WorldError> {
        for bus in self.names("events", "ListEventBuses", "EventBuses", "Name").await? {
            if bus != "default" {
                self.step("events", "CreateEventBus", json!({ "Name": bus }));
            }
            let rules =
                self.aws.ask("events", "ListRules", &json!({ "EventBusName": bus })).await?;
            let own = |it: &&Value| !it["ManagedBy"].is_string();
            for rule in rules["Rules"].as_array().into_iter().flatten().filter(own) {
                let name = &rule["Name"];
                let known = ["Name", "EventPattern", "ScheduleExpression", "State", "EventBusName"];
                self.step("events", "PutRule", members(rule, &known));
                let asked = json!({ "Rule": name, "EventBusName": bus });
                let found = self.aws.ask("events", "ListTargetsByRule", &asked).await?;
                if found["Targets"].as_array().is_some_and(|targets| !targets.is_empty()) {
                    let targets = found["Targets"].clone();
                    let with = json!({ "Rule": name, "EventBusName": bus, "Targets": targets });
                    self.step("events", "PutTargets", with);
                }
            }
        }
        Ok(())
    }

    /// Their code is yours to say.
    async fn functions(&mut self) -> Result<(), WorldError> {
        for name in self.names("lambda", "ListFunctions", "Functions", "FunctionName").await? {
            self.left_out.push(format!("the function {name}: make it in `setup`, with its code"));
        }
        let found = self.aws.ask("cloudwatch", "DescribeAlarms", &json!({})).await?;
        for name in texts(&found["MetricAlarms"], "AlarmName") {
            self.left_out.push(format!("the alarm {name}"));
        }
        Ok(())
    }

    /// The short names that an operation lists: texts, or a member of each entry.
    async fn names(
        &self,
        service: &str,
        operation: &str,
        list: &str,
        member: &str,
    ) -> Result<Vec<String>, WorldError> {
        let found = self.aws.ask(service, operation, &json!({})).await?;
        let entries = found[list].as_array().into_iter().flatten();
        let name = |it: &Value| if member.is_empty() { it.clone() } else { it[member].clone() };
        Ok(entries.filter_map(|it| name(it).as_str().map(short)).collect())
    }

    fn step(&mut self, service: &str, operation: &str, with: Value) {
        self.steps.push(json!({ "service": service, "operation": operation, "with": with }));
    }
}

const INDEX: [&str; 3] = ["IndexName", "KeySchema", "Projection"];

/// The attributes that say something.
fn chosen(attributes: &Value, known: &[(&str, &[&str])]) -> Map<String, Value> {
    let said = known.iter().filter_map(|(name, silent)| {
        let text = attributes[*name].as_str().filter(|text| !silent.contains(text))?;
        Some(((*name).to_owned(), json!(text)))
    });
    said.collect()
}

/// Those of these members that are there.
fn members(of: &Value, names: &[&str]) -> Value {
    let there = names.iter().filter_map(|name| {
        let value = of.get(*name).filter(|value| !value.is_null())?;
        Some(((*name).to_owned(), value.clone()))
    });
    Value::Object(there.collect())
}

fn texts(list: &Value, member: &str) -> Vec<String> {
    let entries = list.as_array().into_iter().flatten();
    entries.filter_map(|it| it[member].as_str().map(str::to_owned)).collect()
}

fn short(name: &str) -> String {
    name.rsplit(['/', ':']).next().unwrap_or(name).to_owned()
}
