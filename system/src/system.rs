//! Starts any subset of the roles as tasks on the caller's runtime, and stops them again.
//!
//! It opens no socket: whoever wants one serves the router.

mod function;
mod report;

use std::sync::{Arc, Mutex};

use axum::Router;
use visitors::Visitors;

use crate::adapters::analytics_table::AnalyticsTable;
use crate::adapters::aws::Aws;
use crate::adapters::cloudwatch::MetricSink;
use crate::adapters::eventbridge::Publisher;
use crate::adapters::failure_notes::FailureNotes;
use crate::adapters::sns::Notifier;
use crate::adapters::sqs::Queue;
use crate::app::feed::News;
use crate::app::{App, Deps};
use crate::config::Config;
use crate::failure::Failure;
use crate::gate::Gate;
use crate::outbox::Relay;
use crate::quotes::ReplyListener;
use crate::role::{Input, Role, Saga};
use crate::roles::api::Rehearsal;
use crate::roles::{Consumer, ErrorHandler, Handler, Keeper, Processor, Sequencer, api, topics};
use crate::tasks::{Alarm, Tasks};

pub use function::Function;

pub struct System;

/// A system at work. Dropped, its tasks end by themselves, but nobody waits for them: call `stop`.
pub struct Running {
    app: Arc<App>,
    /// Every task goes through it.
    gate: Gate,
    alarm: Alarm,
    consumers: Tasks,
    /// Of the stream.
    processors: Tasks,
    listeners: Tasks,
    relays: Tasks,
    metrics: Tasks,
}

impl System {
    /// Starts the configured roles. The AWS resources must exist.
    ///
    /// # Errors
    /// When a role's queue cannot be found.
    pub async fn start(config: &Config, aws: &Aws, deps: Deps) -> Result<Running, Failure> {
        let app = Arc::new(App::new(config, aws, deps));
        if config.roles.iter().any(|role| role.needs_stream()) {
            let topics = topics(&app.names, config.partitions);
            app.stream()?.ensure_topics(&topics).await?;
        }
        let mut handlers = Vec::new();
        for role in Role::consumers().filter(|role| config.roles.contains(role)) {
            handlers.push(handler(role, &app, aws, config.saga).await?);
        }
        let (gate, alarm) = (Gate::default(), Alarm::default());
        let mut consumers = Tasks::default();
        for handler in handlers {
            if let Some(sequencer) = Sequencer::of(&handler) {
                consumers.start(&gate, &alarm, |stop| sequencer.run(stop));
            }
            let consumer = consumer(handler, &app, aws).await?;
            consumers.start(&gate, &alarm, |stop| consumer.run(stop));
        }
        let mut processors = Tasks::default();
        if config.roles.iter().any(|role| role.input() == Input::Stream) {
            let with_bridge = config.roles.contains(&Role::Bridge);
            let processor = processor(&app, aws, with_bridge).await?;
            processors.start(&gate, &alarm, |stop| processor.run(stop));
        }
        let mut listeners = Tasks::default();
        if config.roles.iter().any(|role| role.input() == Input::Requests) {
            let listener = ReplyListener { desk: Arc::clone(&app.quotes) };
            listeners.start(&gate, &alarm, |stop| listener.run(stop));
        }
        let mut sources: Vec<_> =
            config.roles.iter().flat_map(|role| role.sources()).copied().collect();
        sources.sort_unstable();
        sources.dedup();
        let mut relays = Tasks::default();
        for source in sources {
            let relay = Relay {
                source,
                table: app.outbox.clone(),
                publisher: Publisher::new(aws, &app.names),
                outgoing: app.outgoing.clone(),
                clock: Arc::clone(&app.clock),
                poll: app.timing.relay_poll,
                left_behind: app.timing.left_behind,
                rest: app.timing.rest,
                metrics: Arc::clone(&app.metrics),
            };
            relays.start(&gate, &alarm, |stop| relay.run(stop));
        }
        let mut metrics = Tasks::default();
        let sink = MetricSink::new(aws);
        let services = config.roles.clone();
        metrics.start(&gate, &alarm, |stop| report::report(Arc::clone(&app), services, sink, stop));
        Ok(Running { app, gate, alarm, consumers, processors, listeners, relays, metrics })
    }
}

impl Running {
    /// The API. Its role should be among the configured ones: the relays that publish what it
    /// records come with the role.
    pub fn router(&self) -> Router {
        self.router_for(Visitors::default(), Rehearsal::Yes)
    }

    /// The API with its own rules of which web pages may use it, by which names it is known, and
    /// whether it breaks things when it is told to.
    pub fn router_for(&self, visitors: Visitors, rehearsal: Rehearsal) -> Router {
        api::router(Arc::clone(&self.app), visitors, rehearsal)
    }

    /// Sends away who watches live, which would go on for as long as they like. Nobody can watch
    /// after that.
    pub fn end_watching(&self) {
        self.app.feed.close();
    }

    /// Tells `hear` of each thing that its services do, a [`crate::app::feed::Step`] in JSON, until
    /// it ends.
    pub fn heard<F: FnMut(&str)>(&self, mut hear: F) -> impl Future<Output = ()> + use<F> {
        let watcher = self.app.feed.watch();
        async move {
            let Some(mut watcher) = watcher else { return };
            while let Some(news) = watcher.next().await {
                if let News::Step(step) = news {
                    hear(&step);
                }
            }
        }
    }

    /// What the tasks go through: shut, they stand still, as a paused process does. Whoever calls
    /// the router should go through it too.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What the roles act through: the audit reads it.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Ends when a task has panicked: what it did is done no more, so the process should be started
    /// anew. Its messages come back when their visibility time is over.
    pub fn broken(&self) -> impl Future<Output = ()> + Send + 'static {
        self.alarm.raised()
    }

    /// Finishes what is in hand: first the messages, then the outbox, then the figures.
    pub async fn stop(self) {
        self.consumers.stop().await;
        // After the bridge, so that what it has written is read.
        self.processors.stop().await;
        self.listeners.stop().await;
        self.relays.stop().await;
        self.metrics.stop().await;
    }

    /// Stops at once, wherever each task happens to be, as a crash would.
    pub fn kill(self) {
        self.gate.remove();
    }
}

async fn processor(app: &Arc<App>, aws: &Aws, with_bridge: bool) -> Result<Processor, Failure> {
    let table = AnalyticsTable::for_counting(aws, &app.names);
    // Alerts go where alarms go; its queue is there for whoever has no other way to listen.
    let queue = Queue::find(aws, &app.names.alerts()).await?;
    let topic_arn = sibling_arn(&queue.arn().await?, "sns", &app.names.alerts())?;
    let alerts = Notifier::new(aws, topic_arn);
    let keeper = Keeper { table: table.clone(), sink: MetricSink::new(aws), alerts };
    Ok(Processor { app: Arc::clone(app), table, keeper, with_bridge, begun: Mutex::default() })
}

async fn consumer(handler: Handler, app: &App, aws: &Aws) -> Result<Consumer, Failure> {
    let dead_letters = app.names.dead_letter_queue(handler.role);
    let errors = ErrorHandler {
        notes: FailureNotes::new(aws, &app.names),
        dead_letters: Queue::find(aws, &dead_letters).await?,
    };
    Ok(Consumer { handler, errors })
}

async fn handler(role: Role, app: &Arc<App>, aws: &Aws, saga: Saga) -> Result<Handler, Failure> {
    let queue = Queue::find(aws, &app.names.queue(role)).await?;
    let notifier = match role {
        Role::Notifications => {
            let topic_arn = sibling_arn(&queue.arn().await?, "sns", &app.names.topic())?;
            Some(Notifier::new(aws, topic_arn))
        }
        _ => None,
    };
    let intake = match app.names.intake(role) {
        Some(name) => Queue::find(aws, &name).await?,
        None => queue.clone(),
    };
    let machine_arn = match (role, saga) {
        (Role::Orders, Saga::StepFunctions) => {
            let machine = format!("stateMachine:{}", app.names.machine());
            Some(sibling_arn(&queue.arn().await?, "states", &machine)?)
        }
        _ => None,
    };
    Ok(Handler { role, app: Arc::clone(app), queue, intake, notifier, saga, machine_arn })
}

/// The ARN of a resource in the same account and region.
fn sibling_arn(arn: &str, service: &str, name: &str) -> Result<String, Failure> {
    let parts: Vec<_> = arn.split(':').collect();
    match parts[..] {
        ["arn", partition, _, region, account, _] => {
            Ok(format!("arn:{partition}:{service}:{region}:{account}:{name}"))
        }
        _ => Err(Failure::GiveUp(format!("not a queue's ARN: {arn:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_lives_beside_its_queue() {
        let arn = sibling_arn("arn:aws:sqs:eu-west-1:123456789012:q", "sns", "t");
        assert_eq!(arn, Ok("arn:aws:sns:eu-west-1:123456789012:t".to_owned()));
        assert!(sibling_arn("q", "sns", "t").is_err());
    }
}
