//! Runs roles until a signal comes, then finishes what is in hand.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::entry::Session;
use super::print::tell;
use super::stream;
use crate::app::Deps;
use crate::failure::{Dependency, Failure};
use crate::role::Role;
use crate::system::System;

pub(super) async fn run(session: Session, listen: SocketAddr, kafka: &str) -> Result<(), String> {
    let Session { config, aws } = session;
    let listener = if config.roles.contains(&Role::Api) {
        let bound = TcpListener::bind(listen).await;
        Some(bound.map_err(|error| format!("cannot listen on {listen}: {error}"))?)
    } else {
        None
    };
    let deps = Deps { stream: stream::connect(kafka, &config.roles)?, ..Session::deps() };
    let running = System::start(&config, &aws, deps).await.map_err(|failure| match failure {
        Failure::Unavailable(Dependency::Kafka, why) => format!("--kafka {kafka}: {why}"),
        failure => format!("{failure} (has `orderflow infra apply` been run for this prefix?)"),
    })?;
    let roles: Vec<_> = config.roles.iter().map(|role| role.as_str()).collect();
    tell!("orderflow: {} running as {}", config.names.prefix(), roles.join(", "));
    let served = match listener {
        Some(listener) => {
            let address = listener.local_addr().unwrap_or(listen);
            tell!("orderflow: listening on http://{address}");
            axum::serve(listener, running.router())
                .with_graceful_shutdown(until(running.broken()))
                .await
                .map_err(|error| format!("the API stopped: {error}"))
        }
        None => {
            until(running.broken()).await;
            Ok(())
        }
    };
    // Ready at once if it was that which ended the serving.
    let broken = tokio::time::timeout(Duration::ZERO, running.broken()).await.is_ok();
    tell!("orderflow: finishing what is in hand");
    running.stop().await;
    if broken {
        return Err("a role broke down: see the log".to_owned());
    }
    served
}

async fn until(broken: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        () = told_to_stop() => {}
        () = broken => {}
    }
}

/// Waits for SIGINT or SIGTERM. A second one has its usual effect.
pub(super) async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
