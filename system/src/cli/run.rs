//! Runs roles until a signal comes, then finishes what is in hand.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use visitors::Visitors;

use super::args::RunArgs;
use super::entry::Session;
use super::print::tell;
use super::server::{Patience, serve};
use super::signals::Signals;
use super::stream;
use crate::app::Deps;
use crate::failure::{Dependency, Failure};
use crate::role::Role;
use crate::roles::api::{Guard, Rehearsal, Token};
use crate::system::System;

/// More bytes of a file are no token.
const TOKEN_FILE_BYTES_MAX: u64 = 64 * 1024;
/// Holds the token itself. There is no flag for it: everybody on the machine can read those.
const TOKEN: &str = "ORDERFLOW_TOKEN";

pub(super) async fn run(session: Session, args: RunArgs) -> Result<(), String> {
    let signals = Signals::hear()?;
    let Session { config, aws } = session;
    let RunArgs { listen, kafka, token_file, requests_per_second, .. } = args;
    let visitors = Visitors { hosts: args.allow_host, origins: args.allow_origin };
    let rehearsal = if args.demo { Rehearsal::Yes } else { Rehearsal::No };
    let token = token(token_file.as_deref())?;
    let listener = if config.roles.contains(&Role::Api) {
        let bound = TcpListener::bind(listen).await;
        Some(bound.map_err(|error| format!("cannot listen on {listen}: {error}"))?)
    } else {
        None
    };
    let deps = Deps { stream: stream::connect(&kafka, &config.roles)?, ..Session::deps() };
    let guard = Guard::new(token, requests_per_second.0, deps.clock.clone());
    let started = tokio::select! {
        biased;
        () = signals.told_to_stop() => return Ok(()),
        started = System::start(&config, &aws, deps) => started,
    };
    let running = started.map_err(|failure| match failure {
        Failure::Unavailable(Dependency::Kafka, why) => format!("--kafka {kafka}: {why}"),
        failure => format!("{failure} (has `orderflow infra apply` been run for this prefix?)"),
    })?;
    let roles: Vec<_> = config.roles.iter().map(|role| role.as_str()).collect();
    tell!("orderflow: {} running as {}", config.names.prefix(), roles.join(", "));
    let stop = until(&signals, running.broken());
    match listener {
        Some(listener) => {
            let address = listener.local_addr().unwrap_or(listen);
            tell!("orderflow: listening on http://{address}");
            let router = running.router_for(visitors, rehearsal);
            let stop = async {
                stop.await;
                running.end_watching();
            };
            if rehearsal == Rehearsal::Yes {
                tell!("orderflow: http://{address}/ is live, and lets you break the gateway");
            }
            serve(listener, router, guard, Patience::default(), stop).await;
        }
        None => stop.await,
    }
    // Ready at once if it was that which ended the serving.
    let broken = tokio::time::timeout(Duration::ZERO, running.broken()).await.is_ok();
    tell!("orderflow: finishing what is in hand");
    running.stop().await;
    match broken {
        true => Err("a role broke down: see the log".to_owned()),
        false => Ok(()),
    }
}

async fn until(signals: &Signals, broken: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        () = signals.told_to_stop() => {}
        () = broken => {}
    }
}

/// What callers of the API must know, of the file or else of the environment.
fn token(file: Option<&Path>) -> Result<Option<Token>, String> {
    let (text, place) = match (file, std::env::var_os(TOKEN)) {
        (Some(path), _) => {
            let place = format!("--token-file {}", path.display());
            let mut text = String::new();
            let read = File::open(path)
                .and_then(|file| file.take(TOKEN_FILE_BYTES_MAX).read_to_string(&mut text));
            read.map_err(|error| format!("{place}: {error}"))?;
            (text, place)
        }
        (None, Some(text)) => (text.to_string_lossy().into_owned(), TOKEN.to_owned()),
        (None, None) => return Ok(None),
    };
    // Who asks for a token and gives none must not be left without a guard.
    Token::parse(&text).map(Some).map_err(|error| format!("{place}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_cannot_be_read_opens_no_door() {
        for path in ["/dev/null", "/nowhere/token"] {
            let error = token(Some(Path::new(path))).expect_err(path);
            assert!(error.starts_with(&format!("--token-file {path}: ")), "{error}");
        }
    }
}
