//! What a metric is: a namespace, a name and a set of dimensions.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::findings::{Findings, Path};
use crate::kernel::WantedMetrics;

/// Most dimensions of a metric.
///
/// Source: API reference "MetricDatum".
pub(super) const DIMENSIONS_MAX: usize = 30;
/// Longest namespace, metric name and dimension name, in characters.
pub(super) const NAME_MAX: usize = 255;
/// Longest dimension value, in characters.
pub(super) const DIMENSION_VALUE_MAX: usize = 1024;

/// A name and a value that tell metrics of one name apart.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Dimension {
    pub name: Option<String>,
    pub value: Option<String>,
}

/// A metric's identity as it is sent.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Metric {
    pub namespace: Option<String>,
    pub metric_name: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
}

impl From<&MetricId> for Metric {
    fn from(id: &MetricId) -> Self {
        let dimension = |(name, value): &(String, String)| Dimension {
            name: Some(name.clone()),
            value: Some(value.clone()),
        };
        Self {
            namespace: Some(id.namespace.clone()),
            metric_name: Some(id.name.clone()),
            dimensions: Some(id.dimensions.iter().map(dimension).collect()),
        }
    }
}

/// A metric's identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MetricId {
    namespace: String,
    name: String,
    /// Sorted, so that the order in which a client names them does not matter.
    dimensions: Vec<(String, String)>,
}

impl MetricId {
    /// The metric of these names. They are taken as they are; requests are checked first.
    pub fn new(
        namespace: impl Into<String>,
        name: impl Into<String>,
        dimensions: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut dimensions: Vec<_> = dimensions.into_iter().collect();
        dimensions.sort_unstable();
        Self { namespace: namespace.into(), name: name.into(), dimensions }
    }

    /// The same from a request whose dimensions passed [`check_dimensions`].
    pub(super) fn requested(namespace: &str, name: String, dimensions: Vec<Dimension>) -> Self {
        let pairs = dimensions.into_iter();
        let pairs = pairs
            .map(|Dimension { name, value }| (name.unwrap_or_default(), value.unwrap_or_default()));
        Self::new(namespace, name, pairs)
    }

    /// What stands for every metric of a name, whatever its dimensions: no metric has a dimension
    /// without a name.
    pub(super) fn every(namespace: &str, name: &str) -> Self {
        Self::new(namespace, name, [(String::new(), "*".to_owned())])
    }

    /// Whether it stands for every metric of its name.
    pub(super) fn is_every(&self) -> bool {
        self.dimensions.first().is_some_and(|(name, _)| name.is_empty())
    }

    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The resources that it may be about: by namespace, and each dimension's name and value. One
    /// without dimensions is about [`WantedMetrics::WHOLE`].
    pub(super) fn resources(&self) -> impl Iterator<Item = (String, String, String)> {
        let whole = self.dimensions.is_empty().then_some(WantedMetrics::WHOLE);
        let whole = whole.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let dimensions = self.dimensions.iter().cloned().chain(whole);
        dimensions.map(|(name, value)| (self.namespace.clone(), name, value))
    }

    /// Names and values, sorted.
    pub fn dimensions(&self) -> &[(String, String)] {
        &self.dimensions
    }
}

/// Checks the parameter `Namespace`.
pub(super) fn check_namespace(findings: &mut Findings, namespace: Option<&str>) {
    findings.text(Path::of("Namespace"), namespace, NAME_MAX);
    if let Some(namespace) = namespace.filter(|namespace| namespace.starts_with(':')) {
        findings.invalid(namespace, Path::of("Namespace"));
    }
}

/// Checks the dimensions of one metric, at `path`.
pub(super) fn check_dimensions(findings: &mut Findings, path: Path<'_>, dimensions: &[Dimension]) {
    findings.size(path, dimensions.len(), DIMENSIONS_MAX);
    for (number, Dimension { name, value }) in (1..).zip(dimensions) {
        let dimension = path.item(number);
        findings.text(dimension.member("Name"), name.as_deref(), NAME_MAX);
        findings.text(dimension.member("Value"), value.as_deref(), DIMENSION_VALUE_MAX);
        if let Some(name) = name.as_deref().filter(|name| name.starts_with(':')) {
            findings.invalid(name, dimension.member("Name"));
        }
    }
}
