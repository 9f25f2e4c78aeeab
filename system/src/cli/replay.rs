//! Replays of archived events on the command line.

use super::args::{ReplayAction, ReplayArgs};
use super::entry::Session;
use super::print::say;
use crate::infra::replays::{self, Replay, Window};

pub(super) async fn replay(
    session: &Session,
    args: ReplayArgs,
    action: Option<ReplayAction>,
) -> Result<(), String> {
    let Session { config, aws } = session;
    match action {
        Some(ReplayAction::List) if args.is_any() => {
            return Err("`replay list` lists all replays; give no times and no roles".into());
        }
        Some(ReplayAction::List) => {
            replays::list(aws, &config.names).await.map_err(said)?.iter().for_each(show);
        }
        None => {
            let (Some(from), Some(to)) = (args.from, args.to) else {
                return Err("which events? Give --from TIME and --to TIME".into());
            };
            let window = Window::new(from, to).map_err(|error| error.to_string())?;
            let now = Session::deps().clock.now();
            let started = replays::start(aws, &config.names, window, &args.role, now);
            let started = started.await.map_err(said)?;
            show(&started);
            if args.wait {
                replays::wait(aws, started, show).await.map_err(said)?;
            }
        }
    }
    Ok(())
}

fn show(replay: &Replay) {
    let Replay { name, state, window, .. } = replay;
    let (from, to) = (window.from().to_rfc3339(), window.to().to_rfc3339());
    let last = replay.last_replayed.map(|last| format!("\tlast event {}", last.to_rfc3339()));
    let reason = replay.reason.as_ref().map(|reason| format!("\t{reason}"));
    let rest = last.into_iter().chain(reason).collect::<String>();
    say!("{name}\t{state}\t{}%\t{from} to {to}{rest}", replay.percent());
}

fn said(failure: crate::failure::Failure) -> String {
    failure.to_string()
}
