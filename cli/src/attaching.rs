//! `skyrig lambda attach`: runs a program as the code of a function of a running emulator.

use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use crate::asking::encoded;
use crate::client::{ClientError, Endpoint};
use skyrig::edge::Attached;
use skyrig::edge::HELD;

/// How long a program may take that is told to end.
const END_WITHIN: Duration = Duration::from_secs(5);

/// What to attach.
#[derive(Debug, clap::Args)]
pub(crate) struct Attach {
    /// The function's name or ARN.
    name: String,
    /// The version or alias that is run so; without it, all are.
    #[arg(long)]
    qualifier: Option<String>,
    #[command(flatten)]
    endpoint: Endpoint,
    /// Print the address for AWS_LAMBDA_RUNTIME_API and wait, instead of running a program.
    #[arg(long, conflicts_with = "command")]
    print: bool,
    /// A program that asks for events at AWS_LAMBDA_RUNTIME_API, and its arguments.
    #[arg(last = true, required_unless_present = "print")]
    command: Vec<OsString>,
}

/// Why a program can't be attached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttachError {
    #[error(transparent)]
    Ask(#[from] ClientError),
    #[error("cannot run {program}: {reason}")]
    Run { program: String, reason: std::io::Error },
    #[error("the emulator has ended, or has detached the function")]
    Ended,
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
}

impl Attach {
    /// Attaches, and stays until the program ends, the emulator does, SIGTERM or Ctrl-C; how the
    /// program has ended. Told to end, it ends its program too, and that is no failure.
    ///
    /// # Errors
    /// [`AttachError`] with the reason.
    pub(crate) fn run(&self, say: impl Fn(&str)) -> Result<ExitCode, AttachError> {
        let Attached { runtime_api, .. } = self.ask()?;
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(self.attached(runtime_api, say))
    }

    async fn attached(
        &self,
        runtime_api: String,
        say: impl Fn(&str),
    ) -> Result<ExitCode, AttachError> {
        // From here on, so that no program outlives this one.
        let mut told_to_end = signal(SignalKind::terminate())?;
        let mut held = hold(&runtime_api).await?;
        let mut nothing = [0; 1];
        // It is answered by nothing but its end.
        let ended = held.read(&mut nothing);
        if self.print {
            say(&format!("AWS_LAMBDA_RUNTIME_API={runtime_api}"));
            return tokio::select! {
                _ = ended => Err(AttachError::Ended),
                _ = told_to_end.recv() => Ok(ExitCode::SUCCESS),
                interrupt = tokio::signal::ctrl_c() => Ok(interrupt.map(|()| ExitCode::SUCCESS)?),
            };
        }
        let mut child = self.begin(&runtime_api)?;
        tokio::select! {
            status = child.wait() => Ok(exit_code(status?)),
            _ = ended => {
                end(&mut child).await?;
                Err(AttachError::Ended)
            }
            _ = told_to_end.recv() => {
                tell_to_end(&child);
                end(&mut child).await?;
                Ok(ExitCode::SUCCESS)
            }
            interrupt = tokio::signal::ctrl_c() => {
                interrupt?;
                // The keyboard's signal has gone to the program too.
                Ok(exit_code(end(&mut child).await?))
            }
        }
    }

    /// Asks the emulator for an address of the function's own.
    fn ask(&self) -> Result<Attached, ClientError> {
        let page = format!("/_skyrig/functions/{}/attach", encoded(&self.name));
        let body = self.endpoint.post(&page, &json!({ "qualifier": self.qualifier }))?;
        self.endpoint.read(&body)
    }

    fn begin(&self, runtime_api: &str) -> Result<Child, AttachError> {
        let (program, arguments) = self.command.split_first().ok_or(AttachError::Ended)?;
        let name = self.name.rsplit(':').next().unwrap_or(&self.name);
        let version = self.qualifier.as_deref().unwrap_or("$LATEST");
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", version)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "attached")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .env("AWS_ENDPOINT_URL", self.endpoint.url())
            .kill_on_drop(true);
        command.spawn().map_err(|reason| AttachError::Run {
            program: program.to_string_lossy().into_owned(),
            reason,
        })
    }
}

/// Keeps the attachment for as long as the connection is there, however this program ends.
async fn hold(runtime_api: &str) -> Result<TcpStream, AttachError> {
    let mut held = TcpStream::connect(runtime_api).await?;
    let request = format!("GET {HELD} HTTP/1.1\r\nhost: {runtime_api}\r\n\r\n");
    held.write_all(request.as_bytes()).await?;
    Ok(held)
}

/// Lets a program know, as the terminal does with Ctrl-C. It may have ended already.
fn tell_to_end(child: &Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _gone = kill_process(pid, Signal::TERM);
    }
}

/// Waits for the program's end, and at last makes it.
async fn end(child: &mut Child) -> Result<ExitStatus, AttachError> {
    if let Ok(status) = tokio::time::timeout(END_WITHIN, child.wait()).await {
        return Ok(status?);
    }
    child.start_kill()?;
    Ok(child.wait().await?)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
