//! Whether this process reaches what it cannot do its work without.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::context::App;
use crate::adapters::reach;
use crate::contracts::Topic;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

/// How long a dependency may take to answer.
const WITHIN: Duration = Duration::from_secs(2);
/// Asked again within this time, the answer is that of before: asking costs a call to each.
const FRESH: Duration = Duration::from_secs(1);

/// What was found out last.
#[derive(Debug)]
pub(crate) struct Health {
    last: Mutex<Option<(Timestamp, HealthReport)>>,
    /// One asks, and who comes meanwhile waits for its answer.
    asking: Semaphore,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthReport {
    pub status: HealthStatus,
    /// By name; those that the roles of this process need.
    pub dependencies: Vec<DependencyHealth>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    Ok,
    /// It answers, and asks for patience.
    Throttled,
    Unavailable,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DependencyHealth {
    pub name: &'static str,
    pub status: HealthStatus,
    /// How it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Default for Health {
    fn default() -> Self {
        Self { last: Mutex::default(), asking: Semaphore::new(1) }
    }
}

impl Health {
    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, HealthReport)>> {
        // Nothing inside can be half done.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks every dependency, all at once.
pub async fn health(app: &App) -> HealthReport {
    let _turn = app.health.asking.acquire().await.expect("never closed");
    if let Some((at, report)) = &*app.health.lock()
        && app.clock.now().since(*at) < FRESH
    {
        return report.clone();
    }
    let asked = app.dependencies.iter().map(|dependency| ask(app, *dependency));
    let dependencies = join_all(asked).await;
    let fails = dependencies.iter().any(|it| it.status == HealthStatus::Unavailable);
    let status = if fails { HealthStatus::Unavailable } else { HealthStatus::Ok };
    let report = HealthReport { status, dependencies };
    *app.health.lock() = Some((app.clock.now(), report.clone()));
    report
}

async fn ask(app: &App, dependency: Dependency) -> DependencyHealth {
    let answer = tokio::time::timeout(WITHIN, reach(app, dependency)).await;
    let late = || Failure::Retry(format!("no answer within {} s", WITHIN.as_secs()));
    let (status, error) = match answer.unwrap_or_else(|_| Err(late())) {
        Ok(()) => (HealthStatus::Ok, None),
        Err(failure @ Failure::Throttled(..)) => {
            (HealthStatus::Throttled, Some(failure.to_string()))
        }
        Err(failure) => (HealthStatus::Unavailable, Some(failure.to_string())),
    };
    DependencyHealth { name: dependency.as_str(), status, error }
}

async fn reach(app: &App, dependency: Dependency) -> Result<(), Failure> {
    let App { aws, names, .. } = app;
    match dependency {
        Dependency::Sqs => reach::sqs(aws, names).await,
        Dependency::Sns => reach::sns(aws).await,
        Dependency::EventBridge => reach::eventbridge(aws, names).await,
        Dependency::DynamoDb => reach::dynamodb(aws, names).await,
        Dependency::StepFunctions => reach::stepfunctions(aws).await,
        // Nobody calls a function: its messages come to it. Roles are made, and acted as.
        Dependency::Lambda | Dependency::Iam => Ok(()),
        Dependency::CloudWatch => reach::cloudwatch(aws).await,
        // It knows no question that costs nothing; what became of the last payments is known.
        Dependency::Gateway if app.breakers.is_open(dependency) => {
            Err(Failure::Retry("it fails one payment after the other and is left alone".into()))
        }
        Dependency::Gateway => Ok(()),
        Dependency::Kafka => {
            app.stream()?.partitions(&names.stream_topic(Topic::Orders)).await?;
            Ok(())
        }
    }
}
