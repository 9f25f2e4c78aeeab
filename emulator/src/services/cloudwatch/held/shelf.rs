//! Everything that is held, and how it is counted, named and listed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::metric::NAME_MAX;

use super::{
    Dataset, Definition, Detector, Enrichment, MetricStream, ResourceMetricsConfiguration, Rule,
};

/// Everything that is held, by name, id or ARN.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Held {
    pub(in crate::services::cloudwatch) streams: BTreeMap<String, MetricStream>,
    pub(in crate::services::cloudwatch) rules: BTreeMap<String, Rule>,
    pub(in crate::services::cloudwatch) definitions: BTreeMap<String, Definition>,
    pub(in crate::services::cloudwatch) dataset: Dataset,
    pub(in crate::services::cloudwatch) enrichment: Option<Enrichment>,
    pub(in crate::services::cloudwatch) selections: BTreeMap<String, ResourceMetricsConfiguration>,
    pub(in crate::services::cloudwatch) detectors: BTreeMap<String, Detector>,
}

/// Most of one kind: AWS's quotas are lower and can be raised. It bounds memory.
const HELD_MAX: usize = 10_000;

impl Held {
    /// The tags of what an ARN's resource names; `Some(None)` if that could be here and is not.
    pub(in crate::services::cloudwatch) fn tags(
        &mut self,
        resource: &str,
    ) -> Option<Option<&mut BTreeMap<String, String>>> {
        let (kind, name) = resource.split_once('/')?;
        match kind {
            "metric-stream" => Some(self.streams.get_mut(name).map(|it| &mut it.tags)),
            "insight-rule" => Some(self.rules.get_mut(name).map(|it| &mut it.tags)),
            "metric-data-query-definition" => {
                Some(self.definitions.get_mut(name).map(|it| &mut it.tags))
            }
            _ => None,
        }
    }
}

/// Refuses one more than there may be.
///
/// # Errors
/// `LimitExceededException`.
pub(in crate::services::cloudwatch) fn check_number(count: usize) -> Result<(), CloudWatchError> {
    if count < HELD_MAX { Ok(()) } else { Err(CloudWatchError::LimitExceeded) }
}

/// Checks a name that must be there.
pub(in crate::services::cloudwatch) fn check_name(
    findings: &mut Findings,
    member: &str,
    name: Option<&str>,
) {
    findings.text(Path::of(member), name, NAME_MAX);
}

/// A page of names behind `after`, and whether there are more.
pub(in crate::services::cloudwatch) fn page<'a, T>(
    all: &'a BTreeMap<String, T>,
    after: Option<&str>,
    max: usize,
) -> (Vec<(&'a String, &'a T)>, bool) {
    let mut rest = all.iter().filter(|(name, _)| after.is_none_or(|after| name.as_str() > after));
    let page = rest.by_ref().take(max).collect();
    (page, rest.next().is_some())
}
