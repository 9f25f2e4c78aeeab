//! `orderflow infra`: makes the AWS resources, compares and removes them.

use std::path::PathBuf;

use aws_config::Region;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::entry::Session;
use super::function;
use super::print::say;
use crate::adapters::aws::Aws;
use crate::config::{ARCHIVE_DAYS, Config, LARGE_ORDER, LARGE_ORDER_MAX, Pair, Part};
use crate::failure::Failure;
use crate::infra::{self, Principal};
use crate::role::Role;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum InfraAction {
    /// Create what is missing and change what is not as it should be.
    Apply(Wanted),
    /// Say what is missing or not as it should be; fail if there is anything. Changes nothing.
    Diff(Wanted),
    /// Remove everything, messages and events included.
    Destroy,
    /// Print the same as a CloudFormation template, with an IAM role for each role.
    Template(Wanted),
    /// Print the IAM policy that a role needs on AWS, the saga's state machine, the function that
    /// notifies, or whoever applies this.
    Policy {
        /// A role, "machine", "function" or "operator".
        #[arg(value_parser = principal)]
        who: Principal,
        /// The account's number.
        #[arg(long, value_name = "ACCOUNT", default_value = "*")]
        account: String,
    },
}

fn principal(text: &str) -> Result<Principal, String> {
    match Role::parse(text) {
        Some(role) => Ok(Principal::Role(role)),
        None if text == "operator" => Ok(Principal::Operator),
        None if text == "machine" => Ok(Principal::Machine),
        None if text == "function" => Ok(Principal::Function),
        None => {
            let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
            Err(format!("there are operator, machine, function, {}", roles.join(", ")))
        }
    }
}

/// How the resources shall be.
#[derive(Args, Clone, Debug)]
pub(super) struct Wanted {
    /// From which total, in minor units of any currency, staff look at an order.
    #[arg(long, env = "ORDERFLOW_LARGE_ORDER", value_name = "MINOR_UNITS",
        default_value_t = LARGE_ORDER,
        value_parser = clap::value_parser!(u64).range(..=LARGE_ORDER_MAX))]
    large_order: u64,
    /// For how many days the bus's events are kept, to be replayed; 0 is for ever.
    #[arg(long, env = "ORDERFLOW_ARCHIVE_DAYS", value_name = "DAYS",
        default_value_t = ARCHIVE_DAYS)]
    archive_days: u16,
    /// A tag of every resource, such as Environment=production. Can be repeated. Others are
    /// Environment=development and Owner=platform-team unless given, Project and System.
    #[arg(long = "tag", env = "ORDERFLOW_TAGS", value_name = "KEY=VALUE", value_delimiter = ',',
        value_parser = tag)]
    tags: Vec<(String, String)>,
    /// With `--saga step-functions`: the IAM role by which the state machine sends messages to the
    /// queues. One with the name PREFIX-order-saga is made unless given.
    #[arg(long, env = "ORDERFLOW_MACHINE_ROLE", value_name = "ARN")]
    machine_role: Option<String>,
    /// Another region, which stands by: tables have replicas there, and events are copied to it.
    /// The region of this command is the active one; to fail over, exchange them.
    #[arg(long, env = "ORDERFLOW_STANDBY", value_name = "REGION", value_parser = region)]
    standby: Option<String>,
    /// Also make a Lambda function that notifies, of this zip archive with `bootstrap`. The role
    /// `notifications` may run beside it or be left out.
    #[arg(long, env = "ORDERFLOW_FUNCTION_ZIP", value_name = "FILE")]
    function_zip: Option<PathBuf>,
    /// The IAM role of that function. One with the name PREFIX-notify is made unless given.
    #[arg(long, env = "ORDERFLOW_FUNCTION_ROLE", value_name = "ARN")]
    function_role: Option<String>,
}

/// Longest key and value of a tag, in characters. Source: Tagging AWS resources, user guide.
const TAG_KEY_MAX: usize = 128;
const TAG_VALUE_MAX: usize = 256;
/// Longest region, such as `ap-southeast-1`, with room for longer ones: the name of an IAM role has
/// the prefix and it.
const REGION_LENGTH_MAX: usize = 20;

fn region(text: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let parts: Vec<_> = text.split('-').collect();
    let is_region =
        parts.len() >= 3 && parts.iter().all(|it| !it.is_empty() && it.chars().all(known));
    let short = text.len() <= REGION_LENGTH_MAX;
    (is_region && short).then(|| text.to_owned()).ok_or_else(|| "no region: eu-west-1".to_owned())
}

fn tag(text: &str) -> Result<(String, String), String> {
    let known = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    let (key, value) = text.split_once('=').ok_or("not KEY=VALUE")?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() || key.chars().count() > TAG_KEY_MAX || !key.chars().all(known) {
        return Err(format!("a key has 1 to {TAG_KEY_MAX} letters, digits or _.:/=+-@"));
    }
    if value.chars().count() > TAG_VALUE_MAX || !value.chars().all(known) {
        return Err(format!("a value has {TAG_VALUE_MAX} letters, digits or _.:/=+-@ at most"));
    }
    if key.to_lowercase().starts_with("aws:") {
        return Err("keys that begin with aws: are AWS's".into());
    }
    if ["Project", "System"].contains(&key) {
        return Err(format!("the system has a tag {key} of its own"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

impl Wanted {
    fn config(self, session: &Session) -> Result<Config, String> {
        let mut config = session.config.clone();
        config.large_order = self.large_order;
        config.archive_days = self.archive_days;
        config.tags.extend(self.tags);
        config.machine_role = self.machine_role;
        if let Some(other) = self.standby {
            let own = session.aws.sdk().region().map_or("", AsRef::as_ref);
            if own == other {
                return Err(format!("--standby {other}: that is the active region itself"));
            }
            config.pair = Some(Pair { part: Part::Active, other });
        }
        let function = self.function_zip.map(|path| function::settings(&path, self.function_role));
        config.function = function.transpose()?;
        Ok(config)
    }
}

async fn applied(aws: &Aws, config: &Config) -> Result<(), String> {
    let applied = infra::apply(aws, config).await;
    for one in applied.map_err(|failure| failure.to_string())? {
        say!("{}\t{} {}", one.done.as_str(), one.kind, one.name);
    }
    Ok(())
}

/// The active region is as it should be; then the other one. Where that cannot be reached, as after
/// its loss, this can be done again when it is back.
async fn stand_by(aws: &Aws, config: &Config, pair: &Pair) -> Result<(), String> {
    let failed = |failure: Failure| format!("the region {}: {failure}", pair.other);
    for table in infra::replicate(aws, config, &pair.other).await.map_err(failed)? {
        say!("replicated\ttable {table} to {}", pair.other);
    }
    say!("standing by\tregion {}", pair.other);
    let (there, config) = other_region(aws, config, pair);
    applied(&there, &config).await.map_err(|why| format!("the region {}: {why}", pair.other))
}

/// AWS in the other region, and what the system is there.
fn other_region(aws: &Aws, config: &Config, pair: &Pair) -> (Aws, Config) {
    let own = aws.sdk().region().map_or("", AsRef::as_ref).to_owned();
    let sdk = aws.sdk().to_builder().region(Region::new(pair.other.clone())).build();
    let pair = Some(Pair { part: Part::Standby, other: own });
    (sdk.into(), Config { pair, ..config.clone() })
}

pub(super) async fn infra(session: &Session, action: InfraAction) -> Result<(), String> {
    let Session { config, aws } = session;
    match action {
        InfraAction::Apply(wanted) => {
            let config = wanted.config(session)?;
            applied(aws, &config).await?;
            if let Some(pair) = &config.pair {
                stand_by(aws, &config, pair).await?;
            }
        }
        InfraAction::Diff(wanted) => {
            let config = wanted.config(session)?;
            let failed = |failure: Failure| failure.to_string();
            let mut differences = infra::diff(aws, &config).await.map_err(failed)?;
            if let Some(pair) = &config.pair {
                let (there, config) = other_region(aws, &config, pair);
                differences.extend(infra::diff(&there, &config).await.map_err(failed)?);
            }
            for difference in &differences {
                say!("{difference}");
            }
            match differences.len() {
                0 => say!("everything is as it should be"),
                many => return Err(format!("{many} differ; `orderflow infra apply` mends that")),
            }
        }
        InfraAction::Destroy => {
            let removed = infra::destroy(aws, &config.names).await;
            for name in removed.map_err(|failure| failure.to_string())? {
                say!("removed\t{name}");
            }
        }
        InfraAction::Template(wanted) => {
            let template = infra::template(&wanted.config(session)?);
            let template = template.map_err(|failure| failure.to_string())?;
            say!("{template:#}");
        }
        InfraAction::Policy { who, account } => {
            let region = aws.sdk().region().map_or("*", AsRef::as_ref);
            let arn = |arn: &str| -> Value {
                let arn = arn.replace("${AWS::Partition}", "aws");
                let arn = arn.replace("${AWS::Region}", region);
                arn.replace("${AWS::AccountId}", &account).into()
            };
            let statements = infra::permissions(config, who);
            say!("{:#}", infra::policy_document(&statements, arn));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_aws_takes() {
        let pair = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(tag("Environment=production"), pair("Environment", "production"));
        assert_eq!(tag("cost=a=b"), pair("cost", "a=b"));
        assert_eq!(tag("empty="), pair("empty", ""));
        let long = format!("{}=x", "k".repeat(129));
        for bad in ["Environment", "=x", "aws:x=y", "AWS:x=y", "System=other", "a=<b>", &long] {
            assert!(tag(bad).is_err(), "{bad}");
        }
    }
}
