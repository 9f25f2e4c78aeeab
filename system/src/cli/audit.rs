//! The audit on the command line: of all books, or the trail of one order.

use super::entry::Session;
use super::print::say;
use crate::app::trail::{self, Subject};
use crate::app::{App, audit};
use crate::domain::OrderId;

pub(super) async fn books(session: &Session) -> Result<(), String> {
    let app = App::new(&session.config, &session.aws, Session::deps());
    let books = audit::read(&app).await.map_err(|failure| failure.to_string())?;
    let findings = books.settled();
    for finding in &findings {
        say!("{finding}");
    }
    let streams = books.streams.len();
    match findings.len() {
        0 => {
            say!("{streams} histories agree");
            Ok(())
        }
        count => Err(format!("{count} findings in {streams} histories")),
    }
}

pub(super) async fn trail(session: &Session, order_id: &str) -> Result<(), String> {
    let order_id = OrderId::parse(order_id).map_err(|error| error.to_string())?;
    let app = App::new(&session.config, &session.aws, Session::deps());
    let read = trail::read(&app, Subject::Order(order_id.clone())).await;
    let trail = read.map_err(|failure| failure.to_string())?;
    for entry in &trail.entries {
        let (at, place) = (entry.happened_at.to_rfc3339(), &entry.stream);
        say!("{at}  {:<20} {place} {}", entry.event_type, entry.sequence);
    }
    let gaps = trail.gaps();
    for gap in &gaps {
        say!("missing: {} {} to {}", gap.stream, gap.from, gap.to);
    }
    match (trail.entries.len(), gaps.len()) {
        (0, _) => Err(format!("nothing is recorded of order {order_id}")),
        (count, 0) => {
            say!("{count} events, none is missing");
            Ok(())
        }
        (count, gaps) => Err(format!("{count} events, with {gaps} gaps")),
    }
}
