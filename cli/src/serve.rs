//! `skyrig serve`: its flags, and the server that they describe.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use skyrig::cloud::Saved;
use skyrig::edge::{
    AllowedHost, AllowedOrigin, AllowedOutbound, DataSettings, FunctionSettings, Mode,
    OutboundSettings, Server, ServerSettings, Stage, SyncMode, TlsSettings, Visitors, WhileDown,
    WorldSettings,
};
use skyrig::kernel::{
    AccessKey, AccessKeys, Lifecycle, PolicyMode, Secret, Settings, SignatureMode, SigningMode,
};

use crate::credentials::{self, CredentialsError};
use crate::hooks::{FindError, Hooks};
use crate::log::Log;
use crate::snapshot::{self, SnapshotError};
use crate::taken::Taken;
use crate::{say, signals};

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error(
        "--signatures verify needs keys: --credentials FILE, or AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY"
    )]
    NoKeys,
    #[error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY make a key only together")]
    HalfKey,
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Hooks(#[from] FindError),
    #[error(transparent)]
    Server(#[from] skyrig::edge::ServeError),
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address and port; port 0 picks a free one. [default: 127.0.0.1:4566]
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Run the scripts of boot.d, start.d, ready.d and shutdown.d in this folder, on the way.
    /// [default: /etc/localstack/init, if it is there]
    #[arg(long, value_name = "FOLDER")]
    init: Option<PathBuf>,
    /// Whether deliveries between services need resource policies, as on AWS.
    #[arg(long, value_enum, default_value = "enforce", env = "SKYRIG_POLICIES")]
    policies: Policies,
    /// Refuse settings that are stored but have no effect here.
    #[arg(long)]
    strict: bool,
    /// Lift the rules that only make a client wait (60 seconds between purges, and between deleting
    /// and creating a queue of one name).
    #[arg(long, env = "SKYRIG_RELAXED", value_parser = clap::builder::FalseyValueParser::new())]
    relaxed: bool,
    /// Whether requests must be signed, as on AWS: with a key of `--credentials`, of the
    /// environment, or issued by STS here.
    #[arg(long, value_enum, default_value = "ignore")]
    signatures: Signatures,
    /// Access keys, in a file such as ~/.aws/credentials; aws_account_id in a profile says whose
    /// they are.
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// A key besides those of `--credentials`.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", value_name = "ID", hide_env_values = true)]
    access_key_id: Option<String>,
    /// Its secret.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", value_name = "SECRET", hide_env_values = true)]
    secret_access_key: Option<String>,
    /// Its token, if it is temporary.
    #[arg(long, env = "AWS_SESSION_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    session_token: Option<String>,
    /// How long states such as CREATING last: until the next request that reads them, or some
    /// virtual seconds.
    #[arg(long, value_enum, default_value = "until-read")]
    lifecycle: LifecycleMode,
    /// How virtual time follows the machine's; `real` unless it is said.
    #[arg(long, value_enum)]
    clock: Option<ClockMode>,
    /// Seed of all ids.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Another name by which clients may ask, such as dev.example.com or *.example.com. Addresses,
    /// localhost, names without a dot and AWS's own are known.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    allow_host: Vec<AllowedHost>,
    /// Web pages that may use this although they come from elsewhere, such as
    /// http://localhost:3000.
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',')]
    allow_origin: Vec<AllowedOrigin>,
    /// Servers that SNS and EventBridge may call besides those on this machine: a network
    /// (10.0.0.0/8), an address, or a host (hooks.example.com, *.example.com), each with or without
    /// a port. `none` forbids also those on this machine.
    #[arg(long, value_name = "CIDR|HOST[:PORT]", value_delimiter = ',')]
    allow_outbound: Vec<AllowedOutbound>,
    /// Run the code of functions although others than this machine's can reach the port. They could
    /// make this machine run theirs.
    #[arg(long)]
    functions: bool,
    /// Certificates in PEM that servers are judged by over HTTPS, instead of the system's.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Speak TLS too, on the same port, with a certificate that is made at start and written
    /// nowhere.
    #[arg(long)]
    tls: bool,
    /// Write the certificate of the authority that clients have to trust to this file, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_cert_out: Option<PathBuf>,
    /// Speak TLS with this certificate, in PEM, with those that its signers had.
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls_cert_out")]
    tls_cert: Option<PathBuf>,
    /// Its private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Whether SNS signs what it sends, with a key made from the seed.
    #[arg(long, value_enum, default_value = "on")]
    sign: Sign,
    /// Keep the state in this folder, and go on with it at the next start.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// When what happened is on disk.
    #[arg(long, value_enum, default_value = "batch", requires = "data")]
    sync: SyncMode,
    /// What becomes of the time for which skyrig was down.
    #[arg(long, value_enum, default_value = "pass", requires = "data")]
    while_down: WhileDown,
    /// Go on as a snapshot says (see `skyrig snapshot save`).
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    snapshot: Option<PathBuf>,
    /// Let each request make the world that it names, by path, header, access key or host.
    #[arg(long)]
    worlds: bool,
    /// Most worlds at once, besides the one that is always there.
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    worlds_max: usize,
    /// A world is given up after so many seconds in which no request named it; 0: never.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    world_idle: u64,
    /// Threads that serve; by default one a core.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Policies {
    Enforce,
    Warn,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Signatures {
    Ignore,
    Verify,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sign {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LifecycleMode {
    UntilRead,
    Timed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ClockMode {
    Real,
    Manual,
}

/// The keys that are known from the start.
fn access_keys(serve: &Serve) -> Result<AccessKeys, ServeError> {
    let mut keys = AccessKeys::default();
    if let Some(path) = &serve.credentials {
        credentials::read(path, &mut keys)?;
    }
    if matches!(serve.signatures, Signatures::Ignore) {
        return Ok(keys);
    }
    match (&serve.access_key_id, &serve.secret_access_key) {
        (Some(id), Some(secret)) => {
            let token = serve.session_token.as_deref().map(Secret::from);
            let secret = Secret::from(secret.as_str());
            keys.by_id.insert(id.clone(), AccessKey { secret, token, account: None });
        }
        (None, None) => {}
        _ => return Err(ServeError::HalfKey),
    }
    if keys.by_id.is_empty() { Err(ServeError::NoKeys) } else { Ok(keys) }
}

impl Serve {
    /// What the cloud is told.
    fn settings(&self, credentials: AccessKeys) -> Settings {
        Settings {
            seed: self.seed,
            policies: match self.policies {
                Policies::Enforce => PolicyMode::Enforce,
                Policies::Warn => PolicyMode::Warn,
            },
            strict: self.strict,
            relaxed: self.relaxed,
            signatures: match self.signatures {
                Signatures::Ignore => SignatureMode::Ignore,
                Signatures::Verify => SignatureMode::Verify,
            },
            signing: match self.sign {
                Sign::On => SigningMode::On,
                Sign::Off => SigningMode::Off,
            },
            credentials,
            lifecycle: match self.lifecycle {
                LifecycleMode::UntilRead => Lifecycle::UntilRead,
                LifecycleMode::Timed => Lifecycle::Timed,
            },
            ..Settings::default()
        }
    }

    /// Where the state is kept, if `--data` says so.
    pub(crate) fn kept(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// The same with a clock that stands still, if none is named.
    pub(crate) fn standing_still(self) -> Self {
        Self { clock: self.clock.or(Some(ClockMode::Manual)), ..self }
    }
}

/// Where it listens unless somebody says otherwise.
const USUAL: ([u8; 4], u16) = ([127, 0, 0, 1], 4566);

/// Serves, as a cloud that goes on from what it begins with, if that is given.
pub(crate) fn run(
    serve: Serve,
    (begins, taken): (Option<Saved>, Taken),
    log: &Log,
) -> Result<(), ServeError> {
    let begins = match (begins, &serve.snapshot) {
        (None, Some(path)) => Some(snapshot::read(path)?),
        (begins, _) => begins,
    };
    taken.notes.iter().for_each(|note| tracing::warn!("{note}"));
    let signs = matches!(serve.signatures, Signatures::Verify);
    let hooks = Hooks::find(serve.init.as_deref(), signs)?;
    let settings = serve.settings(access_keys(&serve)?);
    let cloud =
        Settings { relaxed: settings.relaxed || taken.relaxed, public: taken.public, ..settings };
    let tls = match (serve.tls_cert, serve.tls_key) {
        (Some(certificate), Some(key)) => Some(TlsSettings::Given { certificate, key }),
        _ => serve.tls.then_some(TlsSettings::Made { out: serve.tls_cert_out }),
    };
    let speaks_tls = tls.is_some();
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (sync, while_down) = (serve.sync, serve.while_down);
    let data = serve.data.or(taken.data).map(|folder| DataSettings { folder, sync, while_down });
    let kept = where_kept(data.as_ref());
    [Stage::Boot, Stage::Start].into_iter().for_each(|stage| hooks.run(stage, None));
    let server = Server::bind(ServerSettings {
        listen: serve.listen.or(taken.listen).unwrap_or_else(|| USUAL.into()),
        threads: serve.threads.map_or(cores, NonZeroUsize::get),
        clock: match serve.clock {
            None | Some(ClockMode::Real) => Mode::Real,
            Some(ClockMode::Manual) => Mode::Manual,
        },
        cloud,
        visitors: Visitors {
            hosts: [serve.allow_host, taken.hosts].concat(),
            origins: serve.allow_origin,
        },
        outbound: OutboundSettings { allowed: serve.allow_outbound, ca: serve.ca },
        functions: FunctionSettings {
            for_all: serve.functions,
            supervisor: std::env::current_exe().ok(),
            secret: None,
        },
        tls,
        stages: hooks.stages(),
        data,
        worlds: WorldSettings {
            on_first_use: serve.worlds,
            worlds_max: serve.worlds_max,
            idle_max: (serve.world_idle > 0).then(|| Duration::from_secs(serve.world_idle)),
        },
        begins,
    })?;
    say(&format!("skyrig listening on http://{}\n{kept}", server.address()));
    if speaks_tls {
        say(&format!("TLS is spoken on the same port: https://{}", server.address()));
    }
    until_signalled(server, hooks, log)
}

/// Serves, with the scripts on the way, until a signal comes.
fn until_signalled(server: Server, hooks: Arc<Hooks>, log: &Log) -> Result<(), ServeError> {
    let log = log.clone();
    let signalled = signals::listen(|| {
        tracing::error!("something would not end; it is ended all the same");
        log.end();
        std::process::exit(1);
    })?;
    let address = server.address();
    let ran = server.run(async move {
        begin(&hooks, address);
        signalled.await;
        end(hooks, address).await;
    });
    Ok(ran?)
}

/// Says the line that tools wait for which were made for LocalStack: clients are served, the
/// scripts for that have been run, and a signal ends it in order.
fn begin(hooks: &Arc<Hooks>, address: SocketAddr) {
    let ready = move |hooks: &Hooks| {
        hooks.run(Stage::Ready, Some(address));
        say("Ready.");
    };
    if !hooks.has(Stage::Ready) {
        return ready(hooks);
    }
    let own = Arc::clone(hooks);
    let begun = std::thread::Builder::new().name("hooks".to_owned()).spawn(move || ready(&own));
    if let Err(reason) = begun {
        tracing::error!("no script can be run: {reason}");
    }
}

/// Runs the scripts of the end while others are still served.
async fn end(hooks: Arc<Hooks>, address: SocketAddr) {
    hooks.stop();
    if hooks.has(Stage::Shutdown) {
        let run = move || hooks.run(Stage::Shutdown, Some(address));
        // They have failed; that is told, and no reason to go on.
        let _panicked = tokio::task::spawn_blocking(run).await;
    }
}

fn where_kept(data: Option<&DataSettings>) -> String {
    match data {
        None => "State is kept in memory only: it is gone when skyrig ends.".to_owned(),
        Some(data) => format!("State is kept in {}.", data.folder.display()),
    }
}
