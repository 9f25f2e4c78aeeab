//! Deliveries of logs that AWS's own services make: sources, destinations and what joins them.
//! Stored only, as those services are not here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

impl Deliveries {
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
