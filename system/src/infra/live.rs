//! The resources as AWS has them: one place for each kind that reads, creates, changes and removes
//! one of it.

use super::alarms::{Alarms, Dashboards};
use super::archive::Archives;
use super::bus::Buses;
use super::composites::Composites;
use super::function::Functions;
use super::iam_roles::IamRoles;
use super::machine::Machines;
use super::mappings::Mappings;
use super::policy::Transport;
use super::queues::Queues;
use super::resource::{Found, Identity, Kind, Resource, Tags};
use super::rules::Rules;
use super::tables::Tables;
use super::topic::Topics;
use crate::adapters::aws::Aws;
use crate::config::FunctionSettings;
use crate::failure::Failure;

pub(super) struct Live {
    region: String,
    tables: Tables,
    buses: Buses,
    archives: Archives,
    queues: Queues,
    rules: Rules,
    topics: Topics,
    alarms: Alarms,
    composites: Composites,
    dashboards: Dashboards,
    iam_roles: IamRoles,
    machines: Machines,
    functions: Functions,
    mappings: Mappings,
}

/// AWS is reached over TLS; an emulator as its address says.
pub(super) fn transport(aws: &Aws) -> Transport {
    match aws.sdk().endpoint_url() {
        Some(url) if !url.starts_with("https://") => Transport::Any,
        _ => Transport::TlsOnly,
    }
}

impl Live {
    /// `function`: of which code it is made.
    pub(super) fn new(aws: &Aws, function: Option<&FunctionSettings>) -> Self {
        Self {
            region: aws.sdk().region().map_or("", AsRef::as_ref).to_owned(),
            tables: Tables::new(aws),
            buses: Buses::new(aws),
            archives: Archives::new(aws),
            queues: Queues::new(aws),
            rules: Rules::new(aws),
            topics: Topics::new(aws),
            alarms: Alarms::new(aws),
            composites: Composites::new(aws),
            dashboards: Dashboards::new(aws),
            iam_roles: IamRoles::new(aws),
            machines: Machines::new(aws),
            functions: Functions::new(aws, function),
            mappings: Mappings::new(aws),
        }
    }

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// `None` when there is no such resource. References in it are resolved.
    pub(super) async fn read(&self, wanted: &Resource) -> Result<Option<Found>, Failure> {
        match wanted.kind {
            Kind::Table => self.tables.read(wanted).await,
            Kind::Bus => self.buses.read(&wanted.name).await,
            Kind::Archive => self.archives.read(&wanted.name).await,
            Kind::Queue => self.queues.read(&wanted.name).await,
            Kind::QueuePolicy => self.queues.read_policy(&wanted.name).await,
            Kind::Rule => self.rules.read(wanted).await,
            Kind::Topic => self.topics.read(&wanted.name).await,
            Kind::Subscription => self.topics.read_subscription(wanted).await,
            Kind::Alarm => self.alarms.read(&wanted.name).await,
            Kind::CompositeAlarm => self.composites.read(&wanted.name).await,
            Kind::Dashboard => self.dashboards.read(&wanted.name).await,
            Kind::IamRole => self.iam_roles.read(wanted).await,
            Kind::Machine => self.machines.read(&wanted.name).await,
            Kind::Function => self.functions.read(&wanted.name).await,
            Kind::Mapping => self.mappings.read(wanted).await,
        }
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        match wanted.kind {
            Kind::Table => self.tables.create(wanted).await,
            Kind::Bus => self.buses.create(wanted).await,
            Kind::Archive => self.archives.create(wanted).await,
            Kind::Queue => self.queues.create(wanted).await,
            Kind::QueuePolicy => self.queues.put_policy(wanted).await,
            Kind::Rule => self.rules.create(wanted).await,
            Kind::Topic => self.topics.create(wanted).await,
            Kind::Subscription => self.topics.create_subscription(wanted).await,
            Kind::Alarm => self.alarms.put(wanted).await,
            Kind::CompositeAlarm => self.composites.put(wanted).await,
            Kind::Dashboard => self.dashboards.put(wanted).await,
            Kind::IamRole => self.iam_roles.create(wanted).await,
            Kind::Machine => self.machines.create(wanted).await,
            Kind::Function => self.functions.create(wanted).await,
            Kind::Mapping => self.mappings.create(wanted).await,
        }
    }

    /// Sets the properties that differ.
    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        match wanted.kind {
            Kind::Table => self.tables.change(wanted, found, differing).await,
            Kind::Bus => Err(unchangeable(wanted, differing)),
            Kind::Archive => self.archives.change(wanted, differing).await,
            Kind::Queue => self.queues.change(wanted, found, differing).await,
            Kind::QueuePolicy => self.queues.put_policy(wanted).await.map(drop),
            Kind::Rule => self.rules.change(wanted, found, differing).await,
            Kind::Topic => self.topics.change(wanted, found, differing).await,
            Kind::Subscription => self.topics.change_subscription(wanted, found, differing).await,
            Kind::Alarm => self.alarms.put(wanted).await.map(drop),
            Kind::CompositeAlarm => self.composites.put(wanted).await.map(drop),
            Kind::Dashboard => self.dashboards.put(wanted).await.map(drop),
            Kind::IamRole => self.iam_roles.change(wanted, differing).await,
            Kind::Machine => self.machines.change(wanted, found, differing).await,
            Kind::Function => self.functions.change(wanted, differing).await,
            Kind::Mapping => self.mappings.change(wanted, found).await,
        }
    }

    pub(super) async fn tag(
        &self,
        kind: Kind,
        identity: &Identity,
        tags: &Tags,
    ) -> Result<(), Failure> {
        match kind {
            Kind::Table => self.tables.tag(&identity.arn, tags).await,
            Kind::Queue => self.queues.tag(&identity.reference, tags).await,
            Kind::Topic => self.topics.tag(&identity.arn, tags).await,
            Kind::Bus | Kind::Rule => self.rules.tag(&identity.arn, tags).await,
            Kind::Alarm | Kind::CompositeAlarm => self.alarms.tag(&identity.arn, tags).await,
            Kind::IamRole => self.iam_roles.tag(&identity.reference, tags).await,
            Kind::Machine => self.machines.tag(&identity.arn, tags).await,
            Kind::Function => self.functions.tag(&identity.arn, tags).await,
            Kind::Archive
            | Kind::QueuePolicy
            | Kind::Subscription
            | Kind::Dashboard
            | Kind::Mapping => Ok(()),
        }
    }

    /// `false` when there was none, or when it goes with another: a policy with its queue, a
    /// subscription with its topic.
    pub(super) async fn remove(&self, kind: Kind, name: &str) -> Result<bool, Failure> {
        match kind {
            Kind::Table => self.tables.remove(name).await,
            Kind::Bus => self.buses.remove(name).await,
            Kind::Archive => self.archives.remove(name).await,
            Kind::Queue => self.queues.remove(name).await,
            Kind::Topic => self.topics.destroy(name).await,
            Kind::Alarm => self.alarms.remove(name).await,
            Kind::CompositeAlarm => self.composites.remove(name).await,
            Kind::Dashboard => self.dashboards.remove(name).await,
            Kind::IamRole => self.iam_roles.remove(name).await,
            Kind::Machine => self.machines.remove(name).await,
            Kind::Function => self.functions.remove(name).await,
            Kind::Mapping => self.mappings.remove(name).await,
            Kind::QueuePolicy | Kind::Rule | Kind::Subscription => Ok(false),
        }
    }
}

/// A property that AWS sets once and for all.
pub(super) fn unchangeable(wanted: &Resource, differing: &[&str]) -> Failure {
    let (kind, name, what) = (wanted.kind, &wanted.name, differing.join(" and "));
    Failure::GiveUp(format!(
        "{kind} {name:?} is there with another {what}, which AWS does not change: remove it first"
    ))
}
