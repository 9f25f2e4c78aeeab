//! Read models on the command line.

use super::args::ProjectionsAction;
use super::entry::Session;
use super::print::say;
use crate::app::App;
use crate::app::projections::{ReadModel, Rebuilt, rebuild};

/// So many orders are looked at between two lines.
const LINE_EVERY: usize = 100;

pub(super) async fn projections(
    session: &Session,
    action: ProjectionsAction,
) -> Result<(), String> {
    let ProjectionsAction::Rebuild { name } = action;
    let app = App::new(&session.config, &session.aws, Session::deps());
    let models = name.map_or(ReadModel::ALL.to_vec(), |name| vec![name]);
    let tell = |rebuilt: &Rebuilt| {
        if rebuilt.looked_at.is_multiple_of(LINE_EVERY) {
            let Rebuilt { looked_at, orders, repaired, removed } = rebuilt;
            say!("{looked_at} of {orders}: {repaired} repaired, {removed} removed");
        }
    };
    let rebuilt = rebuild(&app, &models, tell).await.map_err(|failure| failure.to_string())?;
    let Rebuilt { orders, repaired, removed, .. } = rebuilt;
    say!("{orders} orders: {repaired} repaired, {removed} removed");
    Ok(())
}
