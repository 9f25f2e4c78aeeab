//! The rows of the operations on metric math, detectors, and of what is kept without effect.

use super::operations::*;
use super::state::CloudWatch;
use crate::kernel::OperationTable;

type Table = OperationTable<CloudWatch>;

/// What expressions cannot call.
const ELSEWHERE: &str = "`DB_PERF_INSIGHTS`, `INSIGHT_RULE_METRIC`, `LAMBDA`, `SERVICE_QUOTA`";

/// Adds them.
pub(super) fn with_metrics(table: Table) -> Table {
    held(rules(data(table)))
}

fn data(table: Table) -> Table {
    table
        .on("DeleteAnomalyDetector", delete_anomaly_detector::run)
        .about("AnomalyDetectorId")
        .on("DescribeAnomalyDetectors", describe_anomaly_detectors::run)
        .about("AnomalyDetectorIds[]")
        .on_reading_often("GetMetricData", get_metric_data::Request::reads, get_metric_data::run)
        .about_nothing()
        .refuses_values("MetricDataQueries.Expression", ELSEWHERE, "metric math expression")
        .on_reading(
            "GetMetricWidgetImage",
            get_metric_widget_image::Request::reads,
            get_metric_widget_image::run,
        )
        .about_nothing()
        .refuses_values("OutputFormat", "`image/png`", "OutputFormat")
        .refuses_values("MetricWidget", ELSEWHERE, "metric math expression")
        .on("PutAnomalyDetector", put_anomaly_detector::run)
        .about_nothing()
        .stores(&["Configuration", "MetricCharacteristics"])
}

fn rules(table: Table) -> Table {
    table
        .on("DeleteInsightRules", delete_insight_rules::run)
        .about("RuleNames[]")
        .on("DescribeInsightRules", describe_insight_rules::run)
        .about_nothing()
        .on("DisableInsightRules", insight_rules::disable::run)
        .about("RuleNames[]")
        .on("EnableInsightRules", insight_rules::enable::run)
        .about("RuleNames[]")
        .on("GetInsightRuleReport", get_insight_rule_report::run)
        .about("RuleName")
        .refuses_values("RuleName", "of every rule", "report of an insight rule")
        .on("ListManagedInsightRules", list_managed_insight_rules::run)
        .about("ResourceARN")
        .on("PutInsightRule", put_insight_rule::run)
        .about("RuleName")
        .stores(&["RuleDefinition"])
        .on("PutManagedInsightRules", put_managed_insight_rules::run)
        .about("ManagedRules[].TemplateName")
        .stores(&["ManagedRules"])
}

fn held(table: Table) -> Table {
    table
        .on("AssociateDatasetKmsKey", datasets::associate::run)
        .about("DatasetIdentifier")
        .stores(&["KmsKeyArn"])
        .on("CreateResourceMetricsConfiguration", put_resource_metrics_configuration::create::run)
        .about("ResourceArn")
        .stores(&["MetricSelections"])
        .on("DeleteMetricDataQueryDefinition", metric_data_query_definition_list::delete::run)
        .about("Id")
        .on("DeleteMetricStream", metric_streams::delete::run)
        .about("Name")
        .on("DeleteResourceMetricsConfiguration", resource_metrics_configurations::delete::run)
        .about("ResourceArn")
        .on("DisassociateDatasetKmsKey", datasets::disassociate::run)
        .about("DatasetIdentifier")
        .on("GetDataset", datasets::get::run)
        .about("DatasetIdentifier")
        .on("GetMetricDataQueryDefinition", metric_data_query_definitions::get::run)
        .about("Id")
        .on("GetMetricStream", get_metric_stream::run)
        .about("Name")
        .on("GetOTelEnrichment", otel_enrichment::get::run)
        .about_nothing()
        .on("GetResourceMetricsConfiguration", resource_metrics_configurations::get::run)
        .about("ResourceArn")
        .on("ListMetricDataQueryDefinitions", metric_data_query_definition_list::list::run)
        .about_nothing()
        .on("ListMetricStreams", list_metric_streams::run)
        .about_nothing()
        .on("PutMetricDataQueryDefinition", metric_data_query_definitions::put::run)
        .about("Id")
        .on("PutMetricStream", put_metric_stream::run)
        .about("Name")
        .stores(&["FirehoseArn"])
        .on("StartMetricStreams", metric_streams::start::run)
        .about("Names[]")
        .on("StartOTelEnrichment", start_otel_enrichment::start::run)
        .about_nothing()
        .stores(&["IncludeFilters"])
        .on("StopMetricStreams", metric_streams::stop::run)
        .about("Names[]")
        .on("StopOTelEnrichment", otel_enrichment::stop::run)
        .about_nothing()
        .on("UpdateOTelEnrichment", start_otel_enrichment::update::run)
        .about_nothing()
        .stores(&["IncludeFilters"])
        .on("UpdateResourceMetricsConfiguration", put_resource_metrics_configuration::update::run)
        .about("ResourceArn")
        .stores(&["MetricSelections"])
}
