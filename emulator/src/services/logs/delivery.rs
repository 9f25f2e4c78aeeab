//! Deliveries of logs that AWS's own services make: sources, destinations and what joins them.
//! Logs of buses reach groups; all else is stored only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::LogsError;
use super::shapes::{Delivery, DeliveryDestination, DeliverySource};

/// All deliveries, by the name or id of each part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Deliveries {
    pub(super) sources: BTreeMap<String, DeliverySource>,
    pub(super) destinations: BTreeMap<String, DeliveryDestination>,
    /// The policies of destinations.
    pub(super) policies: BTreeMap<String, String>,
    pub(super) deliveries: BTreeMap<String, Delivery>,
}

/// What CloudFront's access logs hold where nobody says it. Recorded.
pub(super) const CLOUDFRONT_FIELDS: [&str; 33] = [
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
    "cs(Referer)",
    "cs(User-Agent)",
    "cs-uri-query",
    "cs(Cookie)",
    "x-edge-result-type",
    "x-edge-request-id",
    "x-host-header",
    "cs-protocol",
    "cs-bytes",
    "time-taken",
    "x-forwarded-for",
    "ssl-protocol",
    "ssl-cipher",
    "x-edge-response-result-type",
    "cs-protocol-version",
    "fle-status",
    "fle-encrypted-fields",
    "c-port",
    "time-to-first-byte",
    "x-edge-detailed-result-type",
    "sc-content-type",
    "sc-content-len",
    "sc-range-start",
    "sc-range-end",
];

/// Most sources, most destinations and most deliveries.
// Differs from AWS: there are 1,000 of each part of a delivery at most; AWS's quotas differ.
const PARTS_MAX: usize = 1_000;

impl Deliveries {
    /// Refuses one more part than there may be of its kind.
    ///
    /// # Errors
    /// `ServiceQuotaExceededException`.
    pub(super) fn check_room<T>(parts: &BTreeMap<String, T>, name: &str) -> Result<(), LogsError> {
        let has_room = parts.len() < PARTS_MAX || parts.contains_key(name);
        if has_room { Ok(()) } else { Err(LogsError::QuotaExceeded) }
    }

    /// The tags of a part, which an ARN's resource names by its kind and name.
    pub(super) fn tags_of(
        &mut self,
        kind: &str,
        name: &str,
    ) -> Option<&mut BTreeMap<String, String>> {
        let tags = match kind {
            "delivery-source" => &mut self.sources.get_mut(name)?.tags,
            "delivery-destination" => &mut self.destinations.get_mut(name)?.tags,
            "delivery" => &mut self.deliveries.get_mut(name)?.tags,
            _ => return None,
        };
        Some(tags.get_or_insert_default())
    }

    /// The groups that get logs of this type of a resource, by their ARNs.
    pub(super) fn groups_of(&self, resource: &str, log_type: &str) -> Vec<&str> {
        let is_of = |source: &DeliverySource| {
            let resources = source.resource_arns.iter().flatten();
            source.log_type.as_deref() == Some(log_type)
                && resources.into_iter().any(|it| it == resource)
        };
        let sources: Vec<_> =
            self.sources.iter().filter(|(_, source)| is_of(source)).map(|(name, _)| name).collect();
        let joined = self.deliveries.values().filter(|delivery| {
            delivery.delivery_source_name.as_ref().is_some_and(|name| sources.contains(&name))
        });
        let destinations = joined.filter_map(|delivery| {
            let arn = delivery.delivery_destination_arn.as_ref();
            self.destinations.values().find(|destination| destination.arn.as_ref() == arn)
        });
        let groups =
            destinations.filter(|it| it.delivery_destination_type.as_deref() == Some("CWL"));
        let groups = groups.filter_map(|it| it.delivery_destination_configuration.as_ref());
        groups.filter_map(|it| it.destination_resource_arn.as_deref()).collect()
    }

    /// The kind of destination that an ARN names.
    pub(super) fn kind_of(arn: &str) -> Option<&'static str> {
        match arn.split(':').nth(2)? {
            "s3" => Some("S3"),
            "logs" => Some("CWL"),
            "firehose" => Some("FH"),
            "xray" => Some("XRAY"),
            _ => None,
        }
    }
}
