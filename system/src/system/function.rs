//! The role that notifies as a Lambda function: Lambda receives the messages and deletes them, and
//! what is done with each is the same.

use std::sync::Arc;

use serde_json::Value;

use super::{consumer, handler};
use crate::adapters::aws::Aws;
use crate::adapters::cloudwatch::MetricSink;
use crate::app::{App, Deps};
use crate::config::Config;
use crate::failure::Failure;
use crate::role::Role;
use crate::roles::{Consumer, work_on_event};

/// One environment of the function, which has one event at a time.
pub struct Function {
    app: Arc<App>,
    consumer: Consumer,
    sink: MetricSink,
}

impl Function {
    /// Makes what it needs. The AWS resources must exist.
    ///
    /// # Errors
    /// When a queue cannot be found.
    pub async fn start(config: &Config, aws: &Aws, deps: Deps) -> Result<Self, Failure> {
        let config = Config { roles: vec![Role::Notifications], ..config.clone() };
        let app = Arc::new(App::new(&config, aws, deps));
        let handler = handler(Role::Notifications, &app, aws, config.saga).await?;
        let consumer = consumer(handler, &app, aws).await?;
        Ok(Self { app, consumer, sink: MetricSink::new(aws) })
    }

    /// Works on an event of the role's queue. Answers which messages shall come again.
    ///
    /// # Errors
    /// When it is no such event.
    pub async fn handle(&self, event: &Value) -> Result<Value, Failure> {
        let answer = work_on_event(&self.consumer, event).await?;
        // Between two events nothing runs, so the figures leave now.
        let now = self.app.clock.now();
        if let Err(failure) = self.app.metrics.publish(&self.sink, now, Vec::new()).await {
            tracing::warn!(%failure, "figures kept for the next time");
        }
        Ok(answer)
    }
}
