//! The variables of a function's process: built, never inherited.

use std::ffi::OsString;
use std::path::Path;

use super::languages::Program;
use super::unpack::Unpacked;
use crate::kernel::{FunctionVersion, Secret};

/// What all environments are told alike.
pub(super) struct Place<'a> {
    /// The emulator's own address.
    pub(super) endpoint: &'a str,
    /// What stands before the account in the access key's id: that of its world.
    pub(super) key_prefix: &'a str,
    /// Of the access key that means the function's account.
    pub(super) secret: &'a Secret,
    /// Where programs are found, as skyrig finds them.
    pub(super) path: &'a OsString,
    /// Where our own clients of the Runtime API are.
    pub(super) clients: &'a Path,
}

/// All variables, those of AWS first; what the user may set wins.
pub(super) fn variables(
    version: &FunctionVersion,
    place: &Place<'_>,
    unpacked: &Unpacked,
    (runtime_api, log_stream, own): (&str, &str, &Path),
) -> Vec<(OsString, OsString)> {
    let (task, opt) = (unpacked.task(), unpacked.opt());
    let mut all: Vec<(OsString, OsString)> = Vec::new();
    // Those that a user may replace.
    let joined = |parts: &[&Path]| {
        let parts = parts.iter().map(|it| it.as_os_str()).collect::<Vec<_>>();
        parts.join(std::ffi::OsStr::new(":"))
    };
    let mut path = opt.join("bin").into_os_string();
    path.push(":");
    path.push(place.path);
    let library = joined(&[&task, &task.join("lib"), &opt.join("lib")]);
    let node = joined(&[&opt.join("nodejs/node_modules"), &task.join("node_modules")]);
    let minor = version.runtime.as_deref().and_then(|it| it.strip_prefix("python"));
    let site = format!("python/lib/python{}/site-packages", minor.unwrap_or("3"));
    let python = joined(&[&opt.join("python"), &opt.join(site)]);
    for (name, value) in [
        ("PATH", path),
        ("LD_LIBRARY_PATH", library),
        ("NODE_PATH", node),
        ("PYTHONPATH", python),
        ("LANG", "en_US.UTF-8".into()),
        ("TZ", ":UTC".into()),
        ("HOME", own.join("tmp").into()),
        ("TMPDIR", own.join("tmp").into()),
        ("AWS_ENDPOINT_URL", place.endpoint.into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR".into()),
    ] {
        all.push((name.into(), value));
    }
    all.extend(version.environment.iter().map(|(name, value)| (name.into(), value.into())));
    let runtime = version.runtime.as_deref().unwrap_or("Image");
    let memory = version.memory_megabytes.to_string();
    let access_key_id = format!("{}{}", place.key_prefix, version.function.account());
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("AWS_LAMBDA_FUNCTION_NAME", &version.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", &version.version),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &version.log_group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", log_stream),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("_HANDLER", version.handler.as_deref().unwrap_or_default()),
        ("AWS_REGION", version.function.region()),
        ("AWS_DEFAULT_REGION", version.function.region()),
        ("AWS_ACCESS_KEY_ID", &access_key_id),
        ("AWS_SECRET_ACCESS_KEY", place.secret.reveal()),
    ] {
        all.push((name.into(), value.into()));
    }
    all.push(("AWS_EXECUTION_ENV".into(), format!("AWS_Lambda_{runtime}").into()));
    all.push(("LAMBDA_TASK_ROOT".into(), task.into()));
    all.push(("LAMBDA_RUNTIME_DIR".into(), place.clients.into()));
    all
}

/// A user's program that begins the runtime instead of it, and is told how.
///
/// Source: Lambda's developer guide, "Modifying the runtime environment", wrapper scripts.
pub(super) fn wrapped(program: Program, version: &FunctionVersion, unpacked: &Unpacked) -> Program {
    let Some(wrapper) = version.environment.get("AWS_LAMBDA_EXEC_WRAPPER") else { return program };
    let wrapper = match (wrapper.strip_prefix("/opt/"), wrapper.strip_prefix("/var/task/")) {
        (Some(rest), _) => unpacked.opt().join(rest),
        (_, Some(rest)) => unpacked.task().join(rest),
        _ => wrapper.into(),
    };
    let mut arguments = vec![program.program.into_os_string()];
    arguments.extend(program.arguments);
    Program { program: wrapper, arguments }
}
