//! What a system is made of, as data: resources with their properties in CloudFormation's words,
//! so that one description can be applied, compared, removed and printed as a template. It knows
//! no AWS client.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::config::Names;

/// Of a resource: name and value.
pub type Tags = BTreeMap<String, String>;

/// In place of what a resource has that does not exist yet.
const UNKNOWN: &str = "(not known yet)";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Table,
    Bus,
    Archive,
    Queue,
    QueuePolicy,
    Rule,
    Topic,
    Subscription,
    Alarm,
    /// Of others.
    CompositeAlarm,
    Dashboard,
    IamRole,
    Machine,
    Function,
    /// Of a queue to a function.
    Mapping,
}

/// One AWS resource as it shall be.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub kind: Kind,
    /// What others refer to it by.
    pub id: String,
    /// Of a policy or a subscription: that of its queue; of a mapping: that of its function.
    pub name: String,
    /// As CloudFormation has them; `Ref`, `Fn::GetAtt` and `Fn::Sub` stand for what AWS makes up.
    pub properties: Map<String, Value>,
    /// None where AWS has no tags for the kind.
    pub tags: Tags,
}

/// What AWS has made up for the resources so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    arns: BTreeMap<String, String>,
    references: BTreeMap<String, String>,
}

/// How others name a resource that exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Identity {
    pub(super) arn: String,
    /// What CloudFormation's `Ref` answers.
    pub(super) reference: String,
}

/// A resource as it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) identity: Identity,
    pub(super) properties: Map<String, Value>,
    pub(super) tags: Tags,
}

/// The ARN of the resource with this id.
pub(super) fn arn_of(id: &str) -> Value {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

/// Whether a resolved value names something that is there.
pub(super) fn is_known(value: &Value) -> bool {
    !value.to_string().contains(UNKNOWN)
}

/// What CloudFormation calls a reference: a topic's ARN, a queue's URL, a bus's name.
pub(super) fn reference_to(id: &str) -> Value {
    json!({ "Ref": id })
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Bus => "bus",
            Self::Archive => "archive",
            Self::Queue => "queue",
            Self::QueuePolicy => "policy of queue",
            Self::Rule => "rule",
            Self::Topic => "topic",
            Self::Subscription => "subscription of queue",
            Self::Alarm => "alarm",
            Self::CompositeAlarm => "composite alarm",
            Self::Dashboard => "dashboard",
            Self::IamRole => "IAM role",
            Self::Machine => "state machine",
            Self::Function => "function",
            Self::Mapping => "event source mapping of function",
        }
    }

    /// CloudFormation's name.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Table => "AWS::DynamoDB::Table",
            Self::Bus => "AWS::Events::EventBus",
            Self::Archive => "AWS::Events::Archive",
            Self::Queue => "AWS::SQS::Queue",
            Self::QueuePolicy => "AWS::SQS::QueuePolicy",
            Self::Rule => "AWS::Events::Rule",
            Self::Topic => "AWS::SNS::Topic",
            Self::Subscription => "AWS::SNS::Subscription",
            Self::Alarm => "AWS::CloudWatch::Alarm",
            Self::CompositeAlarm => "AWS::CloudWatch::CompositeAlarm",
            Self::Dashboard => "AWS::CloudWatch::Dashboard",
            Self::IamRole => "AWS::IAM::Role",
            Self::Machine => "AWS::StepFunctions::StateMachine",
            Self::Function => "AWS::Lambda::Function",
            Self::Mapping => "AWS::Lambda::EventSourceMapping",
        }
    }

    /// Whether it has tags of its own. A mapping is known by its function.
    pub const fn has_tags(self) -> bool {
        !matches!(
            self,
            Self::Archive
                | Self::QueuePolicy
                | Self::Subscription
                | Self::Dashboard
                | Self::Mapping
        )
    }

    fn word(self) -> &'static str {
        self.type_name().rsplit(':').next().unwrap_or_default()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Resource {
    /// `properties` is an object.
    pub(super) fn new(kind: Kind, names: &Names, name: String, properties: Value) -> Self {
        let Value::Object(properties) = properties else {
            unreachable!("properties are an object")
        };
        Self { kind, id: id(kind, names, &name), name, properties, tags: Tags::new() }
    }
}

/// Letters and digits, as CloudFormation has it: what the name is without the prefix, and the kind.
pub(super) fn id(kind: Kind, names: &Names, name: &str) -> String {
    let own = name.strip_prefix(names.prefix()).unwrap_or(name);
    let words = own.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.map(capital).collect::<String>() + kind.word()
}

impl Known {
    pub(super) fn of_region(region: &str) -> Self {
        let references = BTreeMap::from([("AWS::Region".to_owned(), region.to_owned())]);
        Self { arns: BTreeMap::new(), references }
    }

    pub(super) fn learn(&mut self, id: &str, identity: Identity) {
        if let ["arn", partition, _, _, account, ..] =
            identity.arn.split(':').collect::<Vec<_>>()[..]
            && !account.is_empty()
        {
            for (name, value) in [("AWS::Partition", partition), ("AWS::AccountId", account)] {
                self.references.insert(name.to_owned(), value.to_owned());
            }
        }
        self.arns.insert(id.to_owned(), identity.arn);
        self.references.insert(id.to_owned(), identity.reference);
    }

    /// With what AWS made up in place of references, as far as it is known.
    pub(super) fn resolve(&self, resource: &Resource) -> Resource {
        let resolved = |(name, value): (&String, &Value)| (name.clone(), self.value(value));
        let properties = resource.properties.iter().map(resolved).collect();
        Resource { properties, ..resource.clone() }
    }

    fn value(&self, value: &Value) -> Value {
        let known = |known: Option<&String>| json!(known.map_or(UNKNOWN, String::as_str));
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((name, Value::String(id))) if name == "Ref" => known(self.references.get(id)),
                Some((name, of)) if name == "Fn::GetAtt" => {
                    known(of[0].as_str().and_then(|id| self.arns.get(id)))
                }
                Some((name, Value::String(text))) if name == "Fn::Sub" => json!(self.filled(text)),
                _ => {
                    let each = |(name, value): (&String, &Value)| (name.clone(), self.value(value));
                    Value::Object(members.iter().map(each).collect())
                }
            },
            Value::Array(entries) => entries.iter().map(|entry| self.value(entry)).collect(),
            other => other.clone(),
        }
    }

    /// With what is known in place of each `${NAME}`.
    fn filled(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            filled.push_str(self.references.get(name).map_or(UNKNOWN, String::as_str));
            filled.push_str(rest);
        }
        filled
    }
}

impl Found {
    /// The properties of `wanted` that are otherwise here. What depends on a resource that does
    /// not exist is left out: that one is missing.
    pub(super) fn differing<'a>(&self, wanted: &'a Resource) -> Vec<&'a str> {
        let differs = |(name, value): &(&String, &Value)| {
            self.properties.get(*name).unwrap_or(&Value::Null) != *value && is_known(value)
        };
        wanted.properties.iter().filter(differs).map(|(name, _)| name.as_str()).collect()
    }

    /// The tags of `wanted` that are missing or otherwise here. Whoever has tags of his own keeps
    /// them.
    pub(super) fn differing_tags(&self, wanted: &Resource) -> Tags {
        let differs = |(name, value): &(&String, &String)| self.tags.get(*name) != Some(*value);
        let tags = wanted.tags.iter().filter(differs);
        tags.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_letters_and_digits() {
        let names = Names::parse("shop-eu").expect("a prefix");
        for (kind, name, expected) in [
            (Kind::Queue, "shop-eu-orders-dlq.fifo", "OrdersDlqFifoQueue"),
            (Kind::QueuePolicy, "shop-eu-orders", "OrdersQueuePolicy"),
            (Kind::Bus, "shop-eu-events", "EventsEventBus"),
        ] {
            assert_eq!(id(kind, &names, name), expected);
        }
    }

    #[test]
    fn the_account_is_known_from_the_first_arn() {
        let names = Names::parse("shop").expect("a prefix");
        let arn = "arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:y";
        let properties = json!({ "Arn": { "Fn::Sub": arn } });
        let wanted = Resource::new(Kind::IamRole, &names, "shop-role".into(), properties);
        let mut known = Known::of_region("eu-west-1");
        assert!(!is_known(&known.resolve(&wanted).properties["Arn"]));
        let arn = "arn:aws-cn:sqs:eu-west-1:012345678901:q".to_owned();
        known.learn("OneQueue", Identity { arn, reference: "url".into() });
        known.learn("OneAlarm", Identity::default());
        let resolved = known.resolve(&wanted);
        assert_eq!(resolved.properties["Arn"], "arn:aws-cn:x:eu-west-1:012345678901:y");
    }

    #[test]
    fn what_is_not_known_yet_is_no_difference() {
        let names = Names::parse("shop").expect("a prefix");
        let properties =
            json!({ "Arn": arn_of("OneQueue"), "Url": reference_to("OneQueue"), "N": 1 });
        let wanted = Resource::new(Kind::Rule, &names, "shop-rule".into(), properties);
        let mut known = Known::of_region("eu-west-1");
        let found = Found::default();
        assert_eq!(found.differing(&known.resolve(&wanted)), ["N"]);
        known.learn("OneQueue", Identity { arn: "arn".into(), reference: "url".into() });
        let resolved = known.resolve(&wanted);
        assert_eq!(
            Value::Object(resolved.properties.clone()),
            json!({"Arn":"arn","Url":"url","N":1})
        );
        assert_eq!(found.differing(&resolved).len(), 3);
    }
}
