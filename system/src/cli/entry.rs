//! Parses, connects, dispatches; turns every failure into one line and an exit code.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tracing_subscriber::layer::SubscriberExt;

use super::args::{AuditAction, Cli, Command, LogFormat};
use super::log::JsonLines;
use super::print::tell;
use super::{
    audit, connect, cost, detector, dlq, function, infra, load, mail, order, projections, replay,
    run, stream, subscribers, telemetry,
};
use crate::adapters::aws::Aws;
use crate::adapters::clock::{RandomIds, SystemClock};
use crate::app::Deps;
use crate::config::{Config, Names, QueueKind};

/// Wrong usage, as clap has it.
const USAGE: u8 = 2;

/// Everything a command needs.
pub(super) struct Session {
    pub(super) config: Config,
    pub(super) aws: Aws,
}

impl Session {
    pub(super) fn deps() -> Deps {
        Deps { clock: Arc::new(SystemClock), ids: Arc::new(RandomIds), gateway: None, stream: None }
    }
}

/// Runs the command line `args`, the program's name included. Answers 0 on success, 1 when
/// something failed and 2 when the command line makes no sense.
pub async fn main_from<I>(args: I) -> ExitCode
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a closed pipe is nobody's problem.
            let _printed = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    // Whoever wants to know what it would cost has no endpoint yet.
    if let Command::Cost(args) = &cli.command {
        return exit(cost::cost(args, cli.settings.fifo, cli.settings.saga));
    }
    let session = match open(&cli).await {
        Ok(session) => session,
        Err(message) => {
            tell!("orderflow: {message}");
            return ExitCode::from(USAGE);
        }
    };
    exit(dispatch(session, cli.command, cli.settings.aws).await)
}

fn exit(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tell!("orderflow: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn open(cli: &Cli) -> Result<Session, String> {
    let settings = &cli.settings;
    let names = Names::parse(&settings.prefix).map_err(|error| error.to_string())?;
    let queues = if settings.fifo { QueueKind::Fifo } else { QueueKind::Standard };
    let names = names.with_queues(queues);
    let sdk = match &cli.command {
        // An emulator names itself to functions; where nobody does, they are on AWS.
        Command::Function => connect::sdk_config_of_function(settings).await,
        _ => connect::sdk_config(settings).await?,
    };
    let filter = settings.log.as_deref().unwrap_or(match &cli.command {
        Command::Run(_) | Command::Function => "warn,orderflow=info",
        _ => "error",
    });
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|error| format!("--log {filter:?}: {error}"))?;
    install_log(filter, settings.log_format);
    let config = Config { saga: settings.saga, ..Config::new(names, settings.timing) };
    Ok(Session { config, aws: sdk.into() })
}

/// Begins to log, unless somebody does already: a test may have a subscriber of its own.
fn install_log(filter: tracing_subscriber::EnvFilter, format: LogFormat) {
    let _installed = match format {
        LogFormat::Text => tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            // It would complain on the standard error, of which it may be that nobody reads it.
            .log_internal_errors(false)
            .try_init(),
        LogFormat::Json => {
            let lines = JsonLines { writer: std::io::stderr };
            let all = tracing_subscriber::registry().with(filter).with(lines);
            tracing::subscriber::set_global_default(all).map_err(Into::into)
        }
    };
}

async fn dispatch(mut session: Session, command: Command, aws_itself: bool) -> Result<(), String> {
    match command {
        Command::Run(args) if args.demo && aws_itself => {
            Err("--demo breaks things; it is for an emulator, never for --aws".into())
        }
        Command::Run(args) => {
            session.config.roles = args.roles.0.clone();
            let telemetry = telemetry::begin()?;
            session.config.telemetry = telemetry.clone();
            let done = run::run(session, args).await;
            telemetry::end(telemetry).await;
            done
        }
        Command::Function => function::serve(&session).await,
        Command::Kafka => stream::serve(&session).await,
        Command::Cost(args) => cost::cost(&args, false, session.config.saga),
        Command::Infra { action } => infra::infra(&session, action).await,
        Command::Order { action } => order::order(session, action).await,
        Command::Stock { action } => order::stock(session, action).await,
        Command::Subscribers { action } => subscribers::subscribers(&session, action).await,
        Command::Audit { action: None } => audit::books(&session).await,
        Command::Audit { action: Some(AuditAction::Trail { order_id }) } => {
            audit::trail(&session, &order_id).await
        }
        Command::Projections { action } => projections::projections(&session, action).await,
        Command::Replay { args, action } => replay::replay(&session, args, action).await,
        Command::Detector { action } => detector::detector(&session, action).await,
        Command::Load(args) => load::load(session, args).await,
        Command::Mail(args) => mail::mail(&session, args).await,
        Command::Dlq { action } => dlq::dlq(&session, action).await,
    }
}
