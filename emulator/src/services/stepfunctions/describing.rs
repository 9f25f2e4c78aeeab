//! What requests are shown of executions and machines.

use super::machine::Machine;
use super::operations::{describe_execution, describe_state_machine, start_sync_execution};
use super::references;
use super::revision::Revision;
use super::run::Run;
use super::shapes::{DataDetails, EncryptionConfiguration, TracingConfiguration};

/// Milliseconds and MiB of which AWS bills a multiple.
const BILLED_MILLISECONDS: i64 = 100;
const BILLED_MEMORY: i64 = 64;

pub(super) fn included() -> Option<DataDetails> {
    Some(DataDetails { included: Some(true) })
}

/// As DescribeExecution shows it; `data` says whether with input and output.
pub(super) fn execution(run: &Run, data: bool) -> describe_execution::Response {
    let (error, cause) = run.failure();
    let (redrive_status, reason) = run.redrive_status();
    let output = run.output().map(str::to_owned);
    describe_execution::Response {
        cause: cause.filter(|_| data),
        error: error.filter(|_| data),
        execution_arn: Some(run.arn.to_string()),
        input: data.then(|| run.execution.input().text().to_owned()),
        input_details: included().filter(|_| data),
        map_run_arn: None,
        name: Some(run.name.clone()),
        output_details: included().filter(|_| data && output.is_some()),
        output: output.filter(|_| data),
        redrive_count: i32::try_from(run.execution.redrive_count()).ok(),
        redrive_date: run.redriven,
        redrive_status: Some(redrive_status.to_owned()),
        redrive_status_reason: reason,
        start_date: Some(run.started),
        state_machine_alias_arn: run.alias_arn.clone(),
        state_machine_arn: Some(run.machine_arn.clone()),
        state_machine_version_arn: run.version_arn.clone(),
        status: Some(run.status().to_owned()),
        stop_date: run.stopped,
        trace_header: run.trace_header.clone(),
    }
}

/// As StartSyncExecution answers when it has ended.
pub(super) fn synchronous(run: &Run) -> start_sync_execution::Response {
    let (error, cause) = run.failure();
    let stopped = run.stopped.unwrap_or(run.started);
    let took = stopped.millis() - run.started.millis();
    let billed = (took + BILLED_MILLISECONDS - 1) / BILLED_MILLISECONDS * BILLED_MILLISECONDS;
    let output = run.output().map(str::to_owned);
    let status = match run.status() {
        "ABORTED" => "FAILED",
        other => other,
    };
    start_sync_execution::Response {
        billing_details: Some(start_sync_execution::BillingDetails {
            billed_duration_in_milliseconds: Some(billed.max(BILLED_MILLISECONDS)),
            billed_memory_used_in_mb: Some(BILLED_MEMORY),
        }),
        cause,
        error,
        execution_arn: Some(run.arn.to_string()),
        input: Some(run.execution.input().text().to_owned()),
        input_details: included(),
        name: Some(run.name.clone()),
        output_details: included().filter(|_| output.is_some()),
        output,
        start_date: Some(run.started),
        state_machine_arn: Some(run.machine_arn.clone()),
        status: Some(status.to_owned()),
        stop_date: Some(stopped),
        trace_header: run.trace_header.clone(),
    }
}

pub(super) fn tracing(revision: &Revision) -> Option<TracingConfiguration> {
    Some(TracingConfiguration { enabled: Some(revision.settings.tracing) })
}

/// AWS's own key, unless another was named.
pub(super) fn encryption(given: Option<&EncryptionConfiguration>) -> EncryptionConfiguration {
    given.cloned().unwrap_or_else(|| EncryptionConfiguration {
        kind: Some("AWS_OWNED_KEY".to_owned()),
        ..EncryptionConfiguration::default()
    })
}

/// A machine, or one of its versions, as DescribeStateMachine shows it.
pub(super) fn machine(machine: &Machine, version: Option<u64>) -> describe_state_machine::Response {
    let version = version.and_then(|number| machine.versions.get(&number));
    let revision = version.map_or(&machine.revision, |version| &version.revision);
    let settings = &revision.settings;
    let arn = version
        .map_or_else(|| machine.arn.to_string(), |version| machine.version_arn(version.number));
    let kind = if settings.express { "EXPRESS" } else { "STANDARD" };
    describe_state_machine::Response {
        creation_date: Some(version.map_or(machine.created, |version| version.created)),
        definition: Some(settings.definition.to_string()),
        description: version.and_then(|version| version.description.clone()),
        encryption_configuration: Some(encryption(settings.encryption.as_ref())),
        label: None,
        logging_configuration: Some(settings.logging.clone()),
        name: Some(machine.name.clone()),
        revision_id: revision.id.clone(),
        role_arn: Some(settings.role_arn.clone()),
        state_machine_arn: Some(arn),
        status: Some(machine.status()),
        tracing_configuration: tracing(revision),
        kind: Some(kind.to_owned()),
        variable_references: references::of(&settings.definition),
    }
}
