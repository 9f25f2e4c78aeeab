//! Runs functions: finds an environment for an invocation, or begins one.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::attachments::Attachments;
use super::environment::{Environment, Prepared, Ran, failed};
use super::home::Home;
use super::languages::{Interpreters, NotRun};
use super::pool::Pool;
use super::process::Launch;
use super::unpack::{UnpackError, Unpacked, private};
use super::variables::{Place, variables, wrapped};
use crate::host::{Asked, log_stream};
use crate::kernel::{FunctionRun, FunctionVersion, Invocation, OutsideRequest, Secret};
use crate::wire::world;

/// Most runs at once; others wait for their turn.
const RUNS_MAX: usize = 64;
/// How long an environment is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(300);
/// Most extensions of a function.
const EXTENSIONS_MAX: usize = 10;

/// Whether and how functions are run.
#[derive(Clone, Debug, Default)]
pub struct FunctionSettings {
    /// Run the code that clients upload although others than this machine's can reach the port.
    pub for_all: bool,
    /// The program `skyrig`, which watches over each process. Without it no processes are begun;
    /// what attaches is run all the same.
    pub supervisor: Option<PathBuf>,
    /// The secret of the access key that a function gets: its account's number.
    pub secret: Option<Secret>,
}

/// Where an emulator runs functions.
#[derive(Clone, Copy, Debug)]
pub struct FunctionPlace {
    /// Its own address.
    pub listen: SocketAddr,
    /// Decides the names of log streams.
    pub seed: u64,
    /// Refuse what would be run otherwise than on AWS.
    pub strict: bool,
}

/// Why a function was not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// It never will be, as things are.
    #[error("{0}")]
    Refused(String),
    /// Another try may do.
    #[error("{0}")]
    Failed(String),
}

/// Runs functions.
#[derive(Clone)]
pub struct FunctionRunner(Arc<Shared>);

struct Shared {
    settings: FunctionSettings,
    place: FunctionPlace,
    endpoint: String,
    /// What stands before the account in the access key ids of its functions.
    key_prefix: String,
    home: OnceLock<Home>,
    pool: Pool,
    /// Those of all worlds.
    runs: Arc<Semaphore>,
    attachments: Attachments,
    interpreters: Interpreters,
    begun: AtomicU64,
}

impl Shared {
    fn new(
        settings: FunctionSettings,
        place: FunctionPlace,
        (endpoint, key_prefix): (String, String),
        runs: Arc<Semaphore>,
    ) -> Self {
        Self {
            settings,
            place,
            endpoint,
            key_prefix,
            home: OnceLock::new(),
            pool: Pool::new(RUNS_MAX),
            runs,
            attachments: Attachments::default(),
            interpreters: Interpreters::default(),
            begun: AtomicU64::new(0),
        }
    }
}

impl FunctionRunner {
    pub fn new(settings: FunctionSettings, place: FunctionPlace) -> Self {
        let FunctionPlace { listen, .. } = place;
        let host = if listen.ip().is_unspecified() { "127.0.0.1".into() } else { host(listen) };
        let endpoint = format!("http://{host}:{}", listen.port());
        let runs = Arc::new(Semaphore::new(RUNS_MAX));
        Self(Arc::new(Shared::new(settings, place, (endpoint, String::new()), runs)))
    }

    /// The same for a world of the same server, of whose functions this one knows nothing. They
    /// call that world: by its path, and by an access key that names it too.
    pub(in crate::edge) fn for_world(&self, name: &str, seed: u64) -> Self {
        let Shared { settings, place, endpoint, runs, .. } = &*self.0;
        let place = FunctionPlace { seed, ..*place };
        let own = (format!("{endpoint}{}{name}", world::PATH), format!("{name}-"));
        Self(Arc::new(Shared::new(settings.clone(), place, own, Arc::clone(runs))))
    }

    pub(in crate::edge) fn attachments(&self) -> &Attachments {
        &self.0.attachments
    }

    /// How many runs of processes are under way.
    pub(in crate::edge) fn running(&self) -> usize {
        RUNS_MAX.saturating_sub(self.0.runs.available_permits())
    }

    /// Ends all environments that are not at work, and those that are when they are done.
    pub(in crate::edge) fn forget_all(&self) {
        drop(self.0.pool.clear());
    }

    /// Runs a function for a cloud, as a task of its own.
    pub(in crate::edge) fn begin(&self, asked: Asked) {
        let OutsideRequest::Function(invocation) = &asked.request else { return };
        let invocation = invocation.clone();
        let Ok(runtime) = Handle::try_current() else {
            return asked.fail("this emulator is about to stop");
        };
        let runner = self.clone();
        runtime.spawn(async move {
            match runner.run(&invocation).await {
                Ok(run) => asked.done(run),
                Err(FunctionError::Failed(reason)) => asked.fail(reason),
                Err(FunctionError::Refused(reason)) => {
                    tracing::warn!(function = %invocation.function, reason, "not run");
                    asked.refuse(reason);
                }
            }
        });
    }

    /// Runs a function once, where it is attached or as a process.
    ///
    /// # Errors
    /// [`FunctionError`] when it can't be run here. What its code does wrong is a run's end.
    pub async fn run(&self, invocation: &Invocation) -> Result<FunctionRun, FunctionError> {
        let version = &invocation.version;
        if let Some(attachment) = self.0.attachments.find(invocation) {
            let number = attachment.number();
            let stream = log_stream(self.0.place.seed, version, (number, invocation.at));
            return Ok(attachment.run(invocation, stream).await);
        }
        self.permitted(version)?;
        let stopping = |_| FunctionError::Failed("this emulator is about to stop".to_owned());
        let _permit = self.0.runs.acquire().await.map_err(stopping)?;
        loop {
            let (environment, is_new) = match self.0.pool.take(version) {
                Some(environment) => (environment, false),
                None => match self.environment(invocation).await? {
                    Ok(environment) => (environment, true),
                    Err(run) => return Ok(*run),
                },
            };
            match environment.run(invocation).await {
                Ran::Run(run) => {
                    self.give_back(environment);
                    return Ok(run);
                }
                Ran::Gone if is_new => {
                    let text = "its process ended before it asked for the event".to_owned();
                    return Err(FunctionError::Failed(text));
                }
                Ran::Gone => {}
            }
        }
    }

    fn permitted(&self, version: &FunctionVersion) -> Result<(), FunctionError> {
        let FunctionSettings { for_all, supervisor, .. } = &self.0.settings;
        let refused = |text: String| Err(FunctionError::Refused(text));
        let name = &version.name;
        if version.code.is_none() && version.runtime.is_some() {
            return refused(format!(
                "{name} has no code; `skyrig lambda attach {name}` gives it some"
            ));
        }
        if !for_all && !self.0.place.listen.ip().is_loopback() {
            return refused(format!(
                "{name} is not run: others than this machine's can reach this emulator and could \
                 make it run their code; --functions allows it"
            ));
        }
        if supervisor.is_none() {
            return refused(format!("{name} is not run: this program runs no processes"));
        }
        Ok(())
    }

    /// A new environment, or what came of the attempt.
    async fn environment(
        &self,
        invocation: &Invocation,
    ) -> Result<Result<Arc<Environment>, Box<FunctionRun>>, FunctionError> {
        let version = &invocation.version;
        let io = |error: io::Error| FunctionError::Failed(format!("no environment: {error}"));
        let home = self.home().map_err(io)?;
        let (stale, number) = (self.0.pool.stale(version), self.next_number());
        close_all(stale, "spindown");
        let stream = log_stream(self.0.place.seed, version, (number, invocation.at));
        let unpacked = match self.unpacked(version).await? {
            Ok(unpacked) => unpacked,
            Err(error) => return Ok(Err(failed_init(error, stream))),
        };
        let clients = home.folder.join("runtimes");
        let strict = self.0.place.strict;
        let program = self.0.interpreters.program(version, (&unpacked, &clients), strict).await;
        let program = match program {
            Ok(program) => wrapped(program, version, &unpacked),
            Err(NotRun::Refused(reason)) => return Err(FunctionError::Refused(reason)),
            Err(NotRun::Init(failure)) => {
                let run = FunctionRun::of(failed(failure));
                return Ok(Err(Box::new(FunctionRun { log_stream: stream, ..run })));
            }
        };
        let folder = home.folder.join("environments").join(number.to_string());
        private(&folder.join("tmp")).map_err(io)?;
        let prepared = Prepared {
            version: Arc::clone(version),
            unpacked: Arc::clone(&unpacked),
            supervisor: self.0.settings.supervisor.clone().unwrap_or_default(),
            log_stream: stream.clone(),
            extensions: extensions(&unpacked),
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        let secret = self.0.settings.secret.clone().unwrap_or_else(|| Secret::from("skyrig"));
        let launch = |runtime_api: &str| {
            let place = Place {
                endpoint: &self.0.endpoint,
                key_prefix: &self.0.key_prefix,
                secret: &secret,
                path: &path,
                clients: &clients,
            };
            let own = (runtime_api, &*stream, &*folder);
            Launch {
                program: program.program.clone(),
                arguments: program.arguments.clone(),
                variables: variables(version, &place, &unpacked, own),
                directory: unpacked.task(),
                folder: folder.clone(),
                memory_megabytes: version.memory_megabytes,
            }
        };
        let environment = Arc::new(Environment::begin(prepared, launch).await.map_err(io)?);
        if let Some(run) = environment.started().await {
            return Ok(Err(Box::new(run)));
        }
        tokio::spawn(keep(Arc::downgrade(&environment), Arc::downgrade(&self.0)));
        Ok(Ok(environment))
    }

    async fn unpacked(
        &self,
        version: &Arc<FunctionVersion>,
    ) -> Result<Result<Arc<Unpacked>, UnpackError>, FunctionError> {
        let (shared, version) = (Arc::clone(&self.0), Arc::clone(version));
        let unpacking = tokio::task::spawn_blocking(move || {
            shared.home.get().map(|home| home.unpacker.unpacked(&version))
        });
        let failed = || FunctionError::Failed("its code could not be unpacked".to_owned());
        match unpacking.await.ok().flatten().ok_or_else(failed)? {
            Err(UnpackError::Folder(error)) => {
                Err(FunctionError::Failed(format!("no folder for its code: {error}")))
            }
            unpacked => Ok(unpacked),
        }
    }

    fn next_number(&self) -> u64 {
        self.0.begun.fetch_add(1, Ordering::Relaxed)
    }

    /// The folder of all functions, made at the first of them.
    fn home(&self) -> io::Result<&Home> {
        if let Some(home) = self.0.home.get() {
            return Ok(home);
        }
        let home = Home::new()?;
        // Another one may have been quicker; then this one is removed.
        Ok(self.0.home.get_or_init(|| home))
    }

    fn give_back(&self, environment: Arc<Environment>) {
        if environment.is_over() {
            close_all(vec![environment], "timeout");
            return;
        }
        let too_many = self.0.pool.put(environment);
        close_all(too_many.into_iter().collect(), "spindown");
    }
}

fn host(listen: SocketAddr) -> String {
    match listen {
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    }
}

fn failed_init(error: UnpackError, log_stream: String) -> Box<FunctionRun> {
    let error_type = "Runtime.InvalidZip";
    let payload = crate::host::error_document(error_type, &error.to_string());
    let error_type = Some(error_type.to_owned());
    let end = crate::kernel::FunctionEnd::InitFailed { payload, error_type };
    Box::new(FunctionRun { log_stream, ..FunctionRun::of(end) })
}

fn close_all(environments: Vec<Arc<Environment>>, reason: &'static str) {
    for environment in environments {
        tokio::spawn(environment.close(reason));
    }
}

/// Programs in a layer's folder `extensions` that can be run.
fn extensions(unpacked: &Unpacked) -> Vec<PathBuf> {
    let folder = fs::read_dir(unpacked.opt().join("extensions"));
    let is_program = |path: &Path| {
        fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    };
    let paths = folder.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = paths.filter(|path| is_program(path)).collect();
    found.sort();
    found.truncate(EXTENSIONS_MAX);
    found
}

/// Ends an environment when it is not used for long, or its process is gone.
async fn keep(environment: Weak<Environment>, shared: Weak<Shared>) {
    loop {
        // Not held meanwhile: when its runner is gone, so must it be.
        let Some((left, gone)) = environment.upgrade().map(|it| (it.idle(), it.gone())) else {
            return;
        };
        let left = IDLE.saturating_sub(left).max(Duration::from_secs(1));
        let is_gone = tokio::time::timeout(left, gone).await.is_ok();
        let (Some(held), Some(shared)) = (environment.upgrade(), shared.upgrade()) else { return };
        if (is_gone || held.idle() >= IDLE) && shared.pool.remove(&held) {
            return held.close("spindown").await;
        }
        if is_gone {
            return;
        }
    }
}
