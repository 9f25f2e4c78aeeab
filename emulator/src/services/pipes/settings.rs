//! What a request says of a pipe, checked.

use serde::{Deserialize, Serialize};

use super::error::PipesError;
use super::input;
use super::shapes::{EnrichmentParameters, LogConfiguration, SourceParameters, TargetParameters};
use super::source::{self, Source};
use super::target::Kind;
use crate::kernel::{Arn, Context};
use crate::services::shared::constraint::Constraints;
use crate::services::shared::polling;

const ARN_CHARACTERS: (usize, usize) = (1, 1600);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 512);
const KEY_CHARACTERS: (usize, usize) = (0, 2048);
const ROLE: &str = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z0-9+=,.@\\-_/]+";
const LEVELS: [&str; 4] = ["OFF", "ERROR", "INFO", "TRACE"];
const INVOCATION_TYPES: [&str; 2] = ["REQUEST_RESPONSE", "FIRE_AND_FORGET"];

/// The members that make and change a pipe.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) description: Option<String>,
    pub(super) role: Option<String>,
    pub(super) source: Option<String>,
    pub(super) source_parameters: Option<SourceParameters>,
    pub(super) enrichment: Option<String>,
    pub(super) enrichment_parameters: Option<EnrichmentParameters>,
    pub(super) target: Option<String>,
    pub(super) target_parameters: Option<TargetParameters>,
    pub(super) kms_key: Option<String>,
    pub(super) log: Option<LogConfiguration>,
}

/// What a pipe is set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) description: Option<String>,
    pub(super) role: String,
    pub(super) source: String,
    pub(super) source_parameters: SourceParameters,
    pub(super) enrichment: Option<Arn>,
    pub(super) enrichment_parameters: Option<EnrichmentParameters>,
    pub(super) target: Arn,
    pub(super) target_parameters: Option<TargetParameters>,
    pub(super) kms_key: Option<String>,
    pub(super) log: Option<LogConfiguration>,
    /// Unset for sources that are not here.
    pub(super) poller: Option<polling::Settings>,
}

impl Settings {
    /// Checks all that a request says.
    ///
    /// # Errors
    /// `ValidationException`, or what strict mode refuses.
    pub(super) fn read(ctx: &mut Context<'_>, wanted: Wanted) -> Result<Self, PipesError> {
        let text = wanted.source.clone().unwrap_or_default();
        let source = Source::of(&text);
        check(&wanted, source)?;
        let source = source.ok_or_else(|| invalid_arn("source", &text))?;
        let target = wanted.target.clone().unwrap_or_default();
        let (target, kind) = resource("target", &target)?;
        let enrichment = wanted.enrichment.as_deref().filter(|text| !text.is_empty());
        let enrichment = enrichment.map(|text| resource("enrichment", text)).transpose()?;
        if let Some((arn, _)) = enrichment.as_ref().filter(|(_, kind)| !kind.can_enrich()) {
            return Err(invalid_arn("enrichment", arn.as_str()));
        }
        let members = |it: &EnrichmentParameters| it.input_template.clone();
        let template = wanted.enrichment_parameters.as_ref().and_then(members);
        input::check("enrichmentParameters.inputTemplate", template.as_deref())?;
        let template =
            wanted.target_parameters.as_ref().and_then(|it| it.input_template.as_deref());
        input::check("targetParameters.inputTemplate", template)?;
        let enriched = enrichment.as_ref().map_or(usize::MAX, |(_, kind)| kind.batch_max());
        let batch_max = kind.batch_max().min(enriched);
        let mut source_parameters = wanted.source_parameters.clone().unwrap_or_default();
        source::complete(source, &mut source_parameters, batch_max);
        let poller = source::poller(&text, &source_parameters, batch_max)?;
        let enriches = enrichment.as_ref().map(|(_, kind)| *kind);
        report(ctx, &wanted, (source, enriches, kind))?;
        Ok(Self {
            description: wanted.description,
            role: wanted.role.unwrap_or_default(),
            source: text,
            source_parameters,
            enrichment: enrichment.map(|(arn, _)| arn),
            enrichment_parameters: wanted.enrichment_parameters,
            target,
            target_parameters: wanted.target_parameters,
            kms_key: wanted.kms_key.filter(|key| !key.is_empty()),
            log: wanted.log,
            poller,
        })
    }

    pub(super) fn target_kind(&self) -> Kind {
        Kind::of(&self.target).unwrap_or(Kind::Elsewhere)
    }

    pub(super) fn enrichment_kind(&self) -> Option<Kind> {
        self.enrichment.as_ref().map(|arn| Kind::of(arn).unwrap_or(Kind::Elsewhere))
    }

    /// What keeps the pipe from running, if something does.
    pub(super) fn obstacle(&self) -> Option<String> {
        let absent = |what: &str, name: &str| {
            Some(format!("{what} {name} is not implemented by this emulator"))
        };
        if self.poller.is_none() {
            return absent("The source", &self.source);
        }
        if self.enrichment_kind() == Some(Kind::Elsewhere) {
            return absent("The enrichment", self.enrichment.as_ref().map_or("", Arn::as_str));
        }
        match self.target_kind() {
            Kind::Elsewhere => absent("The target", self.target.as_str()),
            _ => None,
        }
    }

    pub(super) fn target_parameters(&self) -> TargetParameters {
        self.target_parameters.clone().unwrap_or_default()
    }
}

// Unverified: the text.
fn invalid_arn(member: &str, text: &str) -> PipesError {
    PipesError::Validation(format!("Parameter {member} is not valid: {text}."))
}

fn resource(member: &str, text: &str) -> Result<(Arn, Kind), PipesError> {
    let arn: Arn = text.parse().map_err(|_| invalid_arn(member, text))?;
    let kind = Kind::of(&arn).ok_or_else(|| invalid_arn(member, text))?;
    Ok((arn, kind))
}

fn check(wanted: &Wanted, source: Option<Source>) -> Result<(), PipesError> {
    let mut it = Constraints::default();
    it.required("source", wanted.source.as_ref());
    it.length("source", wanted.source.as_deref(), ARN_CHARACTERS);
    it.required("target", wanted.target.as_ref());
    it.length("target", wanted.target.as_deref(), ARN_CHARACTERS);
    it.length("enrichment", wanted.enrichment.as_deref(), (0, ARN_CHARACTERS.1));
    it.length("description", wanted.description.as_deref(), DESCRIPTION_CHARACTERS);
    it.length("kmsKeyIdentifier", wanted.kms_key.as_deref(), KEY_CHARACTERS);
    it.required("roleArn", wanted.role.as_ref());
    if let Some(role) = wanted.role.as_deref().filter(|role| !is_role(role)) {
        let constraint = format!("Member must satisfy regular expression pattern: {ROLE}");
        it.broken("roleArn", format_args!(" '{role}'"), constraint);
    }
    let none = SourceParameters::default();
    let source = source.unwrap_or(Source::Elsewhere);
    source::check(&mut it, source, wanted.source_parameters.as_ref().unwrap_or(&none));
    if let Some(target) = &wanted.target_parameters {
        let function = target.lambda_function_parameters.as_ref();
        let kind = function.and_then(|it| it.invocation_type.as_deref());
        let member = "targetParameters.lambdaFunctionParameters.invocationType";
        it.one_of(member, kind, &INVOCATION_TYPES);
        let machine = target.step_function_state_machine_parameters.as_ref();
        let kind = machine.and_then(|it| it.invocation_type.as_deref());
        let member = "targetParameters.stepFunctionStateMachineParameters.invocationType";
        it.one_of(member, kind, &INVOCATION_TYPES);
    }
    if let Some(log) = &wanted.log {
        it.required("logConfiguration.level", log.level.as_ref());
        it.one_of("logConfiguration.level", log.level.as_deref(), &LEVELS);
        if let Some(logs) = &log.cloudwatch_logs_log_destination {
            let member = "logConfiguration.cloudwatchLogsLogDestination.logGroupArn";
            it.required(member, logs.log_group_arn.as_ref());
        }
    }
    Ok(it.done()?)
}

/// Reports what is stored without effect.
fn report(
    ctx: &mut Context<'_>,
    wanted: &Wanted,
    (source, enrichment, target): (Source, Option<Kind>, Kind),
) -> Result<(), PipesError> {
    let none = TargetParameters::default();
    let it = wanted.target_parameters.as_ref().unwrap_or(&none);
    let bus = it.event_bridge_event_bus_parameters.as_ref();
    let log = wanted.log.clone().unwrap_or_default();
    for (member, given) in [
        ("Source", source == Source::Elsewhere),
        ("Enrichment", enrichment == Some(Kind::Elsewhere)),
        ("Target", target == Kind::Elsewhere),
        ("KmsKeyIdentifier", wanted.kms_key.as_ref().is_some_and(|key| !key.is_empty())),
        ("TargetParameters.BatchJobParameters", it.batch_job_parameters.is_some()),
        ("TargetParameters.EcsTaskParameters", it.ecs_task_parameters.is_some()),
        ("TargetParameters.KinesisStreamParameters", it.kinesis_stream_parameters.is_some()),
        ("TargetParameters.RedshiftDataParameters", it.redshift_data_parameters.is_some()),
        (
            "TargetParameters.SageMakerPipelineParameters",
            it.sage_maker_pipeline_parameters.is_some(),
        ),
        ("TargetParameters.TimestreamParameters", it.timestream_parameters.is_some()),
        (
            "TargetParameters.EventBridgeEventBusParameters.EndpointId",
            bus.is_some_and(|bus| bus.endpoint_id.is_some()),
        ),
        ("LogConfiguration.FirehoseLogDestination", log.firehose_log_destination.is_some()),
        ("LogConfiguration.S3LogDestination", log.s3_log_destination.is_some()),
    ] {
        if given {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}

/// Whether a text is the ARN of a role.
fn is_role(text: &str) -> bool {
    let Ok(arn) = text.parse::<Arn>() else { return false };
    let name = arn.resource.strip_prefix("role").unwrap_or_default();
    let takes = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_/".contains(c);
    let of_account = arn.account().len() == 12 && arn.account().bytes().all(|b| b.is_ascii_digit());
    let length = text.chars().count();
    &*arn.service == "iam"
        && of_account
        && !name.is_empty()
        && name.chars().all(takes)
        && length <= ARN_CHARACTERS.1
}
