//! Subscribers of the notifications on the command line.

use super::args::{SubscriberArgs, SubscribersAction};
use super::entry::Session;
use super::print::say;
use crate::app::subscribers::{Filter, Subscriber, SubscriberName};
use crate::infra::subscribers;

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
            let wanted = serde_json::json!(subscriber.filter);
            let known = subscribers::get(aws, names, &subscriber.name).await.map_err(said)?;
            if known.is_some_and(|known| known.filter != wanted) {
                let name = &subscriber.name;
                return Err(format!("{name} exists with another filter; `subscribers change` it"));
            }
            put(session, &subscriber).await?;
        }
        SubscribersAction::Change(args) => {
            let subscriber = subscriber(args)?;
            let known = subscribers::get(aws, names, &subscriber.name).await.map_err(said)?;
            known.ok_or_else(|| format!("there is no subscriber {}", subscriber.name))?;
            put(session, &subscriber).await?;
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

async fn put(session: &Session, subscriber: &Subscriber) -> Result<(), String> {
    let Session { config, aws } = session;
    subscribers::put(aws, &config.names, subscriber).await.map_err(said)?;
    let queue = config.names.subscriber_queue(subscriber.name.as_str());
    say!("{}\t{queue}\t{}", subscriber.name, subscriber.filter.policy());
    Ok(())
}

fn said(failure: crate::failure::Failure) -> String {
    failure.to_string()
}
