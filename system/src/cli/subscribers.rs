//! Subscribers of the notifications on the command line.

use super::args::{SubscriberArgs, SubscribersAction};
use super::entry::Session;
use super::print::say;
use crate::app::subscribers::{Filter, Subscriber, SubscriberName};
use crate::infra::subscribers::{self, NotPut};

pub(super) async fn subscribers(
    session: &Session,
    action: SubscribersAction,
) -> Result<(), String> {
    let Session { config, aws } = session;
    let names = &config.names;
    match action {
        SubscribersAction::List => {
            for one in subscribers::list(aws, names).await.map_err(said)? {
                say!("{}\t{}\t{}", one.name, one.queue, one.filter);
            }
        }
        SubscribersAction::Add(args) => {
            let subscriber = subscriber(args)?;
            subscribers::add(aws, names, &subscriber).await.map_err(|reason| match reason {
                NotPut::Exists(_) => format!("{reason}; `subscribers change` it"),
                reason => reason.to_string(),
            })?;
            show(session, &subscriber);
        }
        SubscribersAction::Change(args) => {
            let subscriber = subscriber(args)?;
            let known = subscribers::get(aws, names, &subscriber.name).await.map_err(said)?;
            known.ok_or_else(|| format!("there is no subscriber {}", subscriber.name))?;
            let changed = subscribers::put(aws, names, &subscriber).await;
            changed.map_err(|reason| reason.to_string())?;
            show(session, &subscriber);
        }
        SubscribersAction::Remove { name } => {
            let name = SubscriberName::parse(&name).map_err(|error| error.to_string())?;
            let removed = subscribers::remove(aws, names, &name).await.map_err(said)?;
            say!("{name}\t{}", if removed { "removed" } else { "was not there" });
        }
    }
    Ok(())
}

fn subscriber(args: SubscriberArgs) -> Result<Subscriber, String> {
    let SubscriberArgs { name, audience, priority, event_type, customer } = args;
    let filter = Filter { audience, priority, event_type, customer_id: customer };
    let name = SubscriberName::parse(&name).map_err(|error| error.to_string())?;
    let filter = filter.checked().map_err(|error| error.to_string())?;
    Ok(Subscriber { name, filter })
}

fn show(session: &Session, subscriber: &Subscriber) {
    let queue = session.config.names.subscriber_queue(subscriber.name.as_str());
    say!("{}\t{queue}\t{}", subscriber.name, subscriber.filter.policy());
}

fn said(failure: crate::failure::Failure) -> String {
    failure.to_string()
}
