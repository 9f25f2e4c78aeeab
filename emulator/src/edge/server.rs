//! Listening: one runtime a core, each with a socket of its own on the same port.

use std::fs::File;
use std::future::Future;
use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinError;
use visitors::Visitors;

use super::clock::{ClockError, Mode};
use super::connections;
use super::functions::{FunctionPlace, FunctionRunner, FunctionSettings};
use super::http::Front;
use super::journal::{DataSettings, FileJournal, JournalError};
use super::kept::{self, Born};
use super::outbound::{CaError, Outbound, OutboundSettings};
use super::outside::World;
use super::spelling;
use super::stages::Stages;
use super::tls::{self, TlsError, TlsSettings};
use super::worlds::{Maker, WorldSettings, Worlds};
use crate::cloud::{Saved, SavedError};
use crate::host::{Clock, Driving, Host, Journal};
use crate::kernel::{Secret, Settings, SignatureMode};
use crate::wire::hex;

const BACKLOG: i32 = 1024;

/// How to serve.
pub struct ServerSettings {
    /// Port 0 picks a free one.
    pub listen: SocketAddr,
    pub threads: usize,
    pub clock: Mode,
    /// `start` is replaced by the machine's time.
    pub cloud: Settings,
    /// Which web pages may use it, and by which names it is known.
    pub visitors: Visitors,
    /// Which servers it may call.
    pub outbound: OutboundSettings,
    /// Whether it runs functions' code, and how.
    pub functions: FunctionSettings,
    /// Whether clients may speak TLS, on the same port.
    pub tls: Option<TlsSettings>,
    /// How far it has come; whoever runs scripts on the way tells it there.
    pub stages: Stages,
    /// Where the state is kept; else it is gone at the end.
    pub data: Option<DataSettings>,
    /// Which other worlds it may have.
    pub worlds: WorldSettings,
    /// What it begins as, where nothing is kept.
    pub begins: Option<Saved>,
}

/// Why the server could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0} is in use by another program; choose another with --listen ADDRESS:PORT")]
    Busy(SocketAddr),
    #[error("cannot listen on {address}: {reason}")]
    Listen { address: SocketAddr, reason: io::Error },
    #[error(transparent)]
    Ca(#[from] CaError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Clock(#[from] ClockError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Begins(#[from] SavedError),
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// A server that holds its port and is ready to run.
pub struct Server {
    address: SocketAddr,
    sockets: Vec<TcpListener>,
    front: Arc<Front>,
    journal: Option<Arc<FileJournal>>,
    /// What a cloud that was kept goes on with.
    resumes: Option<Settings>,
}

impl Server {
    /// Takes the port.
    ///
    /// # Errors
    /// [`ServeError::Busy`] when somebody else has it.
    pub fn bind(settings: ServerSettings) -> Result<Self, ServeError> {
        // With SO_REUSEPORT a second skyrig would share the port unnoticed; a plain bind tells.
        let plain = TcpListener::bind(settings.listen).map_err(|reason| match reason.kind() {
            io::ErrorKind::AddrInUse => ServeError::Busy(settings.listen),
            _ => ServeError::Listen { address: settings.listen, reason },
        })?;
        let address = plain.local_addr()?;
        drop(plain);
        let sockets: io::Result<Vec<_>> =
            (0..settings.threads.max(1)).map(|_| listen(address)).collect();
        let (signatures, visitors) = (settings.cloud.signatures, settings.visitors);
        let mut cloud = settings.cloud;
        let secret = secret_of_functions(&mut cloud)?;
        let Born { clock, cloud: state, settings: cloud, journal, resumes } =
            kept::born(cloud, settings.clock, (settings.data.as_ref(), settings.begins))?;
        let functions = FunctionSettings { secret, ..settings.functions };
        let place = FunctionPlace { listen: address, seed: cloud.seed, strict: cloud.strict };
        let functions = FunctionRunner::new(functions, place);
        let servers = Outbound::new(settings.outbound, address)?;
        let outside = World { servers: servers.clone(), functions: functions.clone() };
        let maker = Maker {
            settings: cloud,
            mode: settings.clock,
            servers,
            functions,
            worlds: settings.worlds,
            stages: settings.stages,
            keeps: journal.is_some(),
        };
        let verifies = signatures == SignatureMode::Verify;
        let kept = journal.clone().map(|journal| journal as Arc<dyn Journal>);
        let time = (clock.clone() as Arc<dyn Clock>, Driving::Driver);
        let host = Host::around(state, time, (Box::new(outside), kept), verifies);
        if let Some(journal) = &journal {
            let host = Arc::downgrade(&host);
            journal.start(Arc::clone(&clock), move || {
                if let Some(host) = host.upgrade() {
                    host.wake();
                }
            })?;
        }
        let worlds = Arc::new(Worlds::new(maker, (host, clock)));
        let spelling = runtime()?.block_on(spelling::as_on_aws())?;
        let tls = settings.tls.map(|settings| tls::acceptor(&settings, address)).transpose()?;
        let front = Front::new(worlds, spelling, visitors, signatures).with_tls(tls);
        let front = Arc::new(front);
        Ok(Self { address, sockets: sockets?, front, journal, resumes })
    }

    #[cfg(test)]
    pub(super) fn with_limits(self, limits: super::limits::Limits) -> Self {
        Self { front: Arc::new((*self.front).clone().with_limits(limits)), ..self }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends; then lets answers under way finish.
    ///
    /// # Errors
    /// When a thread or runtime cannot be made.
    pub fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let (tell, told) = watch::channel(false);
        let main = runtime()?;
        let mut stop = pin!(stop);
        // Whoever has an answer may tell us to stop: so this listens for it before anybody serves.
        let told_at_once = main.block_on(poll_once(stop.as_mut()));
        if told_at_once {
            return Ok(());
        }
        let mut sockets = self.sockets.into_iter();
        let first = sockets.next();
        let mut threads = Vec::new();
        for socket in sockets {
            let (front, told, runtime) = (Arc::clone(&self.front), told.clone(), runtime()?);
            let serve = move || runtime.block_on(connections::serve(socket, front, told));
            threads.push(std::thread::Builder::new().name("skyrig".to_owned()).spawn(serve)?);
        }
        let host = Arc::clone(self.front.host());
        let mut result = main.block_on(async {
            let driver = Arc::clone(&host);
            if let Some(settings) = self.resumes {
                host.resume(settings);
            }
            let timers = tokio::spawn(async move {
                loop {
                    driver.pass_time().await;
                }
            });
            tokio::spawn(Arc::clone(self.front.worlds()).expire());
            let front = Arc::clone(&self.front);
            let serve = |socket| tokio::spawn(connections::serve(socket, front, told));
            let serving = first.map(serve);
            let stopped = tokio::select! {
                biased;
                () = stop => Ok(()),
                // Without them nothing would ever become due; better nobody is served.
                Err(died) = timers => Err(timers_died(&died)),
            };
            let _all_gone = tell.send(true);
            self.front.worlds().drop_waiting();
            let Some(serving) = serving else { return stopped };
            let ended = serving.await.unwrap_or_else(|panic| Err(io::Error::other(panic)));
            stopped.and(ended)
        });
        for thread in threads {
            let ended =
                thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread panicked")));
            result = result.and(ended);
        }
        let kept = self.journal.map(|journal| host.with_whole_cloud(|cloud| journal.end(cloud)));
        result?;
        kept.transpose()?;
        Ok(())
    }
}

/// The secret with which functions sign. Where signatures are verified nobody else knows it.
fn secret_of_functions(cloud: &mut Settings) -> io::Result<Option<Secret>> {
    if cloud.signatures == SignatureMode::Ignore {
        return Ok(None);
    }
    if cloud.credentials.of_accounts.is_none() {
        let mut bytes = [0; 32];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        cloud.credentials.of_accounts = Some(hex(&bytes).into());
    }
    Ok(cloud.credentials.of_accounts.clone())
}

fn timers_died(why: &JoinError) -> io::Error {
    io::Error::other(format!("virtual time has stopped, by a bug of skyrig's own: {why}"))
}

/// Whether the future is ready already.
async fn poll_once(mut future: Pin<&mut impl Future<Output = ()>>) -> bool {
    std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready())).await
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
