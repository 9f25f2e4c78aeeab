//! StartMetricStreams, StopMetricStreams, DeleteMetricStream: nothing is sent, whatever the state.
//!
//! Errors: `MissingParameter`, `InvalidParameterValue`.
//! Source: API reference of each operation. Names that are not known are passed over.

use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 500;

fn switch(
    cloudwatch: &mut CloudWatch,
    names: Option<Vec<String>>,
    running: bool,
) -> Result<(), CloudWatchError> {
    let mut findings = Findings::default();
    let names = names.unwrap_or_default();
    if names.is_empty() {
        findings.required(Path::of("Names"));
    }
    findings.size(Path::of("Names"), names.len(), NAMES_MAX);
    findings.done()?;
    for name in names {
        if let Some(stream) = cloudwatch.held.streams.get_mut(&name) {
            stream.running = running;
        }
    }
    Ok(())
}

/// StartMetricStreams.
pub mod start {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::switch;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub names: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        switch(cloudwatch, request.names, true)?;
        Ok(Response {})
    }
}

/// StopMetricStreams.
pub mod stop {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::switch;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub names: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        switch(cloudwatch, request.names, false)?;
        Ok(Response {})
    }
}

/// DeleteMetricStream.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::findings::Findings;
    use crate::services::cloudwatch::held::check_name;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut findings = Findings::default();
        check_name(&mut findings, "Name", request.name.as_deref());
        findings.done()?;
        cloudwatch.held.streams.remove(&request.name.unwrap_or_default());
        Ok(Response {})
    }
}
