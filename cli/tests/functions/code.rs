//! Functions made of a few lines of code.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use skyrig::edge::{FunctionError, FunctionPlace, FunctionRunner, FunctionSettings};
use skyrig::kernel::{FunctionEnd, FunctionRun, FunctionVersion, Invocation, Package};
use skyrig::wire::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Whether a program is there; a test that needs it says so if not.
pub(crate) fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !found {
        // Nobody may be reading.
        let _closed = writeln!(std::io::stderr(), "SKIPPED: there is no {program}");
    }
    found
}

/// For an emulator on this machine; it is not there, and no function here calls it.
pub(crate) fn runner() -> FunctionRunner {
    runner_at("127.0.0.1:4566", FunctionSettings::default(), false)
}

pub(crate) fn runner_at(listen: &str, settings: FunctionSettings, strict: bool) -> FunctionRunner {
    let supervisor = Some(env!("CARGO_BIN_EXE_skyrig").into());
    let place = FunctionPlace { listen: listen.parse().unwrap(), seed: 7, strict };
    FunctionRunner::new(FunctionSettings { supervisor, ..settings }, place)
}

/// One that was uploaded.
#[derive(Clone)]
pub(crate) struct Function(pub(crate) FunctionVersion);

impl Function {
    pub(crate) fn new(runtime: &str, handler: &str, files: &[(&str, &str)]) -> Self {
        let name: Arc<str> = "orders".into();
        Self(FunctionVersion {
            function: "arn:aws:lambda:us-east-1:000000000000:function:orders".parse().unwrap(),
            name,
            version: "$LATEST".into(),
            revision: "1".into(),
            runtime: Some(runtime.into()),
            handler: Some(handler.into()),
            timeout_seconds: 60,
            memory_megabytes: 512,
            ephemeral_storage_megabytes: 512,
            environment: BTreeMap::new(),
            log_group: "/aws/lambda/orders".into(),
            code: Some(zipped(files)),
            layers: Vec::new(),
        })
    }

    pub(crate) fn with_layer(mut self, files: &[(&str, &str)]) -> Self {
        self.0.layers.push(zipped(files));
        self
    }

    pub(crate) fn invocation(&self, payload: &str) -> Invocation {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        Invocation {
            function: self.0.function.clone(),
            request_id: format!("8476a536-e9f4-11e8-9739-{number:012x}"),
            payload: Bytes::from(payload.to_owned()),
            client_context: None,
            trace_header: None,
            at: Timestamp::parse_iso("2026-11-30T12:00:00Z").unwrap(),
            version: Arc::new(self.0.clone()),
        }
    }

    pub(crate) async fn run(&self, runner: &FunctionRunner, payload: &str) -> FunctionRun {
        self.try_run(runner, payload).await.unwrap()
    }

    pub(crate) async fn try_run(
        &self,
        runner: &FunctionRunner,
        payload: &str,
    ) -> Result<FunctionRun, FunctionError> {
        runner.run(&self.invocation(payload)).await
    }
}

/// A zip archive whose files can be run.
pub(crate) fn zipped(files: &[(&str, &str)]) -> Package {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default().unix_permissions(0o755)).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let zip = Bytes::from(writer.finish().unwrap().into_inner());
    let digest: Vec<String> = Sha256::digest(&zip).iter().map(|it| format!("{it:02x}")).collect();
    Package { sha256: digest.concat().into(), zip }
}

/// What it returned.
pub(crate) fn returned(run: &FunctionRun) -> Value {
    match &run.end {
        FunctionEnd::Returned { payload } => serde_json::from_slice(payload).unwrap(),
        other => panic!("{other:?}, {:?}", texts(run)),
    }
}

/// The error that it reported.
pub(crate) fn failed(run: &FunctionRun) -> Value {
    match &run.end {
        FunctionEnd::Failed { payload, error_type } => {
            let document: Value = serde_json::from_slice(payload).unwrap();
            assert_eq!(document["errorType"].as_str(), error_type.as_deref());
            document
        }
        other => panic!("{other:?}, {:?}", texts(run)),
    }
}

/// The error with which it could not begin.
pub(crate) fn init_failed(run: &FunctionRun) -> Value {
    match &run.end {
        FunctionEnd::InitFailed { payload, .. } => serde_json::from_slice(payload).unwrap(),
        other => panic!("{other:?}, {:?}", texts(run)),
    }
}

pub(crate) fn texts(run: &FunctionRun) -> Vec<&str> {
    run.output.iter().map(|line| line.text.as_str()).collect()
}
