//! The role that notifies as a Lambda function: its archive, and its loop on the Runtime API.

use std::path::Path;
use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

use super::entry::Session;
use crate::config::FunctionSettings;
use crate::system::Function;

/// What an archive may have. Source: Lambda developer guide, "Lambda quotas".
const ZIP_BYTES_MAX: u64 = 50 * 1024 * 1024;

/// Answers events until Lambda ends the process.
pub(super) async fn serve(session: &Session) -> Result<(), String> {
    let started = Function::start(&session.config, &session.aws, Session::deps()).await;
    let function = Arc::new(started.map_err(|failure| failure.to_string())?);
    let handler = service_fn(|event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        async move {
            let answer = function.handle(&event.payload).await;
            answer.map_err(|failure| Error::from(failure.to_string()))
        }
    });
    lambda_runtime::run(handler).await.map_err(|error| error.to_string())
}

/// Reads the archive.
pub(super) fn settings(path: &Path, role: Option<String>) -> Result<FunctionSettings, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", path.display());
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > ZIP_BYTES_MAX {
        return Err(format!("{}: Lambda takes at most {ZIP_BYTES_MAX} bytes", path.display()));
    }
    let zip = std::fs::read(path).map_err(unreadable)?;
    Ok(FunctionSettings { zip: Some(zip), role })
}
