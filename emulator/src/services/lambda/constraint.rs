//! What the members of requests must be, by the model.

use std::fmt;

use super::error::LambdaError;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| LambdaError::from(broken).into());

impl Constraints {
    /// A text that a pattern does not take.
    pub(in crate::services::lambda) fn not_of_pattern(
        &mut self,
        member: &str,
        text: &str,
        pattern: impl fmt::Display,
    ) {
        let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
        self.broken(member, format_args!(" '{text}'"), constraint);
    }

    /// How many entries a page may have.
    pub(in crate::services::lambda) fn max_items(&mut self, value: Option<i32>, max: i32) {
        self.range("maxItems", value, (1, max));
    }
}

/// A member that is a word out of a few.
#[derive(Clone, Copy, Debug)]
pub(in crate::services::lambda) struct Choice {
    member: &'static str,
    values: &'static [&'static str],
}

impl Choice {
    pub(in crate::services::lambda) const TRACING: Self =
        Self { member: "tracingConfig.mode", values: &["Active", "PassThrough"] };
    pub(in crate::services::lambda) const SNAP_START: Self =
        Self { member: "snapStart.applyOn", values: &["PublishedVersions", "None"] };
    pub(in crate::services::lambda) const LOG_FORMAT: Self =
        Self { member: "loggingConfig.logFormat", values: &["JSON", "Text"] };
    pub(in crate::services::lambda) const APPLICATION_LEVEL: Self = Self {
        member: "loggingConfig.applicationLogLevel",
        values: &["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"],
    };
    pub(in crate::services::lambda) const SYSTEM_LEVEL: Self =
        Self { member: "loggingConfig.systemLogLevel", values: &["DEBUG", "INFO", "WARN"] };
    pub(in crate::services::lambda) const PACKAGE_TYPE: Self =
        Self { member: "packageType", values: &["Zip", "Image"] };
    pub(in crate::services::lambda) const INVOCATION_TYPE: Self =
        Self { member: "invocationType", values: &["Event", "RequestResponse", "DryRun"] };
    pub(in crate::services::lambda) const LOG_TYPE: Self =
        Self { member: "logType", values: &["None", "Tail"] };
    pub(in crate::services::lambda) const ARCHITECTURE: Self =
        Self { member: "architectures", values: &["x86_64", "arm64"] };
}

impl Constraints {
    pub(in crate::services::lambda) fn choice(&mut self, of: Choice, value: Option<&str>) {
        self.one_of(of.member, value, of.values);
    }
}
