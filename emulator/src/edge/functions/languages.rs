//! How the code of a runtime is run: by what program, with which arguments.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Mutex;

use super::unpack::Unpacked;
use crate::host::error_document;
use crate::kernel::FunctionVersion;

use super::exchange::InitFailure;

/// The clients of the Runtime API that are skyrig's own, by their files' names.
pub(super) const CLIENTS: [(&str, &str); 2] = [
    (PYTHON_CLIENT, include_str!("../../../runtimes/python/bootstrap.py")),
    (NODE_CLIENT, include_str!("../../../runtimes/node/bootstrap.mjs")),
];
const PYTHON_CLIENT: &str = "bootstrap.py";
const NODE_CLIENT: &str = "bootstrap.mjs";
/// What a jar is called that runs Java's handlers, and its class.
const JAVA_CLIENT: &str = "aws-lambda-java-runtime-interface-client";
const JAVA_CLASS: &str = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
/// How long an interpreter may take to say its version.
const PROBE_WITHIN: Duration = Duration::from_secs(20);

/// Why code does not run here.
#[derive(Debug)]
pub(super) enum NotRun {
    /// As on AWS: the function's own fault.
    Init(InitFailure),
    /// Something that is not here, or not done.
    Refused(String),
}

/// A program and its arguments; the handler is in a variable, or among them.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
}

/// An interpreter of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Interpreter {
    program: PathBuf,
    /// `3.13`, `22`.
    version: String,
}

/// What was found on the path, by the runtime that it was looked for.
#[derive(Default)]
pub(super) struct Interpreters {
    found: Mutex<BTreeMap<Arc<str>, Interpreter>>,
}

enum Language {
    Bootstrap,
    Python(String),
    Node(String),
    Java,
}

/// The language of a runtime, with the version it names.
fn language(runtime: &str) -> Option<Language> {
    if let Some(version) = runtime.strip_prefix("python3.") {
        return Some(Language::Python(format!("3.{version}")));
    }
    if let Some(version) = runtime.strip_prefix("nodejs") {
        return Some(Language::Node(version.trim_end_matches(".x").to_owned()));
    }
    match runtime {
        "provided.al2023" | "provided.al2" | "provided" => Some(Language::Bootstrap),
        runtime if runtime.starts_with("java") => Some(Language::Java),
        _ => None,
    }
}

impl Interpreters {
    /// How the code of a version is run; `clients` is the folder of our own clients.
    pub(super) async fn program(
        &self,
        version: &FunctionVersion,
        (unpacked, clients): (&Unpacked, &Path),
        strict: bool,
    ) -> Result<Program, NotRun> {
        let Some(runtime) = &version.runtime else {
            let name = &version.name;
            let text = format!("{name} is a container image, and no containers are run here");
            return Err(NotRun::Refused(format!("{text}: `skyrig lambda attach {name}` runs it")));
        };
        let handler = version.handler.as_deref().unwrap_or_default();
        match language(runtime) {
            Some(Language::Bootstrap) => bootstrap(unpacked),
            Some(Language::Python(wanted)) => {
                let names = [format!("python{wanted}"), "python3".to_owned(), "python".to_owned()];
                let asks =
                    "import sys\nprint(sys.executable)\nprint('%d.%d' % sys.version_info[:2])";
                let found = self.find(runtime, &names, ["-c", asks]).await?;
                judged(runtime, &found.version, &wanted, strict)?;
                let arguments = vec!["-u".into(), clients.join(PYTHON_CLIENT).into()];
                Ok(Program { program: found.program, arguments })
            }
            Some(Language::Node(wanted)) => {
                let names = [format!("node{wanted}"), "node".to_owned(), "nodejs".to_owned()];
                let asks = "process.execPath + '\\n' + process.versions.node.split('.')[0]";
                let found = self.find(runtime, &names, ["-p", asks]).await?;
                judged(runtime, &found.version, &wanted, strict)?;
                let arguments = vec![clients.join(NODE_CLIENT).into()];
                Ok(Program { program: found.program, arguments })
            }
            Some(Language::Java) => java(unpacked, runtime, handler),
            None => Err(NotRun::Refused(format!(
                "functions of the runtime {runtime} are not run here; provided.al2023, \
                 provided.al2, python3.*, nodejs* and java* are, and `skyrig lambda attach {}` \
                 runs any program",
                version.name
            ))),
        }
    }

    async fn find(
        &self,
        runtime: &Arc<str>,
        names: &[String],
        asks: [&str; 2],
    ) -> Result<Interpreter, NotRun> {
        let mut found = self.found.lock().await;
        if let Some(known) = found.get(runtime) {
            return Ok(known.clone());
        }
        for name in names {
            if let Some(interpreter) = probe(name, asks).await {
                found.insert(Arc::clone(runtime), interpreter.clone());
                return Ok(interpreter);
            }
        }
        let names = names.join(", ");
        Err(NotRun::Refused(format!("{runtime} needs an interpreter on the path: {names}")))
    }
}

/// Asks an interpreter what it is. It gets this process's own variables, as version managers need
/// them to find it; the functions, which it runs later, do not.
async fn probe(name: &str, asks: [&str; 2]) -> Option<Interpreter> {
    let mut command = Command::new(name);
    command.args(asks).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let said = tokio::time::timeout(PROBE_WITHIN, command.output()).await.ok()?.ok()?;
    let text = String::from_utf8(said.stdout).ok().filter(|_| said.status.success())?;
    let (program, version) = text.trim().split_once('\n')?;
    Some(Interpreter { program: program.into(), version: version.to_owned() })
}

/// Another version than the function names is refused in strict mode, and else said.
fn judged(runtime: &str, found: &str, wanted: &str, strict: bool) -> Result<(), NotRun> {
    if found == wanted {
        return Ok(());
    }
    let text = format!("{runtime} is not on the path; there is version {found}");
    if strict {
        return Err(NotRun::Refused(format!("{text}, which strict mode does not take for it")));
    }
    tracing::warn!("{text}, which runs its functions");
    Ok(())
}

fn bootstrap(unpacked: &Unpacked) -> Result<Program, NotRun> {
    let places = [unpacked.task().join("bootstrap"), unpacked.opt().join("bootstrap")];
    let Some((place, index)) = places.iter().zip(0..).find(|(place, _)| place.is_file()) else {
        let text = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
        return Err(invalid_entrypoint(text));
    };
    let mode = fs::metadata(place).map_or(0, |found| found.permissions().mode());
    if mode & 0o111 == 0 {
        let shown = ["/var/task/bootstrap", "/opt/bootstrap"][index];
        return Err(invalid_entrypoint(&format!("fork/exec {shown}: permission denied")));
    }
    Ok(Program { program: place.clone(), arguments: Vec::new() })
}

pub(super) fn invalid_entrypoint(text: &str) -> NotRun {
    let error_type = "Runtime.InvalidEntrypoint";
    let payload = error_document(error_type, text);
    NotRun::Init(InitFailure { payload, error_type: Some(error_type.to_owned()) })
}

/// AWS's own client for Java, if it is among the function's jars.
fn java(unpacked: &Unpacked, runtime: &str, handler: &str) -> Result<Program, NotRun> {
    let folders =
        [unpacked.task(), unpacked.task().join("lib"), unpacked.opt().join("java").join("lib")];
    let brings = folders.iter().any(|folder| {
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        names.into_iter().any(|it| it.file_name().to_string_lossy().starts_with(JAVA_CLIENT))
    });
    if !brings {
        return Err(NotRun::Refused(format!(
            "{runtime} is run with AWS's runtime interface client, so one of the function's jars, \
             in lib/, must be {JAVA_CLIENT}"
        )));
    }
    let mut path = OsString::new();
    for (folder, all) in folders.iter().zip(["", "*", "*"]) {
        if !path.is_empty() {
            path.push(":");
        }
        path.push(folder.join(all));
    }
    let arguments = vec!["-cp".into(), path, JAVA_CLASS.into(), handler.into()];
    Ok(Program { program: "java".into(), arguments })
}
