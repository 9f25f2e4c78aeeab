//! The function that notifies: its archive, and for the simulated stage a closure that does what
//! its process would, and can be disturbed as one.

use crate::crash::Crash;
use harness::Disturbance;
use orderflow::{Aws, Config, Deps, Function, FunctionSettings, Gate, Role};
use serde_json::Value;
use skyrig::Emulator;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An archive whose `bootstrap` begins `program`, which is on this machine.
pub(crate) fn settings(program: &Path) -> Result<FunctionSettings, String> {
    let program = program.to_str().ok_or("a path that is no text")?.replace('\'', "'\\''");
    let bootstrap = format!("#!/bin/sh\nexec '{program}' --timing fast function\n");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let written = archive
        .start_file("bootstrap", SimpleFileOptions::default().unix_permissions(0o755))
        .and_then(|()| Ok(archive.write_all(bootstrap.as_bytes())?))
        .and_then(|()| archive.finish());
    let zip = written.map_err(|error| error.to_string())?.into_inner();
    Ok(FunctionSettings { zip: Some(zip), role: None })
}

/// The same in a file, for as long as this is kept.
pub(crate) struct Archive(PathBuf);

impl Archive {
    pub(crate) fn write(program: &Path) -> Result<Self, String> {
        let name = format!("orderflow-function-{}.zip", std::process::id());
        let archive = Self(std::env::temp_dir().join(name));
        let zip = settings(program)?.zip.unwrap_or_default();
        std::fs::write(&archive.0, zip).map_err(|error| error.to_string())?;
        Ok(archive)
    }

    pub(crate) fn path(&self) -> Result<&str, String> {
        self.0.to_str().ok_or_else(|| "a path that is no text".to_owned())
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // It is in the way of nobody.
        let _removed = std::fs::remove_file(&self.0);
    }
}

/// All clones are the same.
#[derive(Clone)]
pub(crate) struct Lambda {
    config: Config,
    aws: Aws,
    deps: Deps,
    crash: Option<Crash>,
    process: Arc<Mutex<Process>>,
}

/// What runs now.
#[derive(Default)]
struct Process {
    /// How many there were before.
    number: u64,
    /// Everything goes through it.
    gate: Gate,
    /// Once it has begun.
    function: Option<Arc<Function>>,
    /// Nobody begins another one.
    is_off: bool,
}

impl Lambda {
    pub(crate) fn new(config: Config, aws: Aws, deps: Deps, crash: Option<Crash>) -> Self {
        Self { config, aws, deps, crash, process: Arc::default() }
    }

    /// Makes the function, whose code is this.
    pub(crate) fn install(&self, emulator: &Emulator) -> Result<(), String> {
        let lambda = self.clone();
        let handler = move |event: Value, _| {
            let lambda = lambda.clone();
            async move { lambda.invoke(&event).await }
        };
        let name = self.config.names.function();
        emulator.function(&name, handler).map_err(|error| error.to_string())
    }

    async fn invoke(&self, event: &Value) -> Result<Value, String> {
        let (number, gate) = {
            let process = self.lock();
            if process.is_off {
                return Err("no process can be begun".to_owned());
            }
            (process.number, process.gate.clone())
        };
        let worked = gate.through(async {
            let function = self.function(number, &gate).await?;
            function.handle(event).await.map_err(|failure| failure.to_string())
        });
        match worked.await {
            Some(answer) => answer,
            None => {
                self.ended(number);
                Err("the process has ended".to_owned())
            }
        }
    }

    async fn function(&self, number: u64, gate: &Gate) -> Result<Arc<Function>, String> {
        if let Some(function) = &self.lock().function {
            return Ok(Arc::clone(function));
        }
        let aws = match &self.crash {
            Some(crash) => {
                crash.arm(Role::Notifications, gate);
                crash.around(Role::Notifications, &self.aws)
            }
            None => self.aws.clone(),
        };
        let begun = Function::start(&self.config, &aws, self.deps.clone()).await;
        let begun = Arc::new(begun.map_err(|failure| failure.to_string())?);
        let mut process = self.lock();
        if process.number == number {
            process.function = Some(Arc::clone(&begun));
        }
        Ok(begun)
    }

    pub(crate) fn disturb(&self, how: Disturbance) {
        let mut process = self.lock();
        match how {
            Disturbance::Pause => process.gate.shut(),
            Disturbance::Resume => process.gate.open(),
            Disturbance::Kill => {
                process.gate.remove();
                process.end();
                process.is_off = true;
            }
            // What it has in hand, it finishes.
            Disturbance::Stop => {
                process.end();
                process.is_off = true;
            }
            Disturbance::Start => process.is_off = false,
        }
    }

    /// The next event finds a process of its own.
    fn ended(&self, number: u64) {
        let mut process = self.lock();
        if process.number == number {
            process.end();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Process> {
        // Nothing inside can be half done.
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Process {
    fn end(&mut self) {
        *self = Self { number: self.number + 1, is_off: self.is_off, ..Self::default() };
    }
}
