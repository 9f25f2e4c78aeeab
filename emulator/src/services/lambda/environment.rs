//! A function's environment variables.

use std::collections::BTreeMap;

use super::error::LambdaError;
use crate::services::shared::constraint::Constraints;

/// Most bytes of all names and values, as the text of their JSON.
///
/// Source: "Lambda quotas".
const BYTES_MAX: usize = 4 * 1024;
const NAME: &str = "[a-zA-Z]([a-zA-Z0-9_])+";

/// Names that Lambda sets itself.
///
/// Source: developer guide "Using Lambda environment variables", reserved ones.
const RESERVED: [&str; 19] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
    "AWS_LAMBDA_MAX_CONCURRENCY",
];

/// Checks the names by the model.
pub(super) fn constrain(it: &mut Constraints, variables: &BTreeMap<String, String>) {
    let bad = variables.keys().any(|name| !is_name(name));
    if bad {
        let names: Vec<&str> = variables.keys().map(String::as_str).collect();
        it.broken(
            "environment.variables",
            format_args!(" '{{{}}}'", names.join(", ")),
            format_args!(
                "Map keys must satisfy constraint: [Member must satisfy regular expression \
                 pattern: {NAME}]"
            ),
        );
    }
}

/// `_HANDLER` and the like are told apart by [`check`].
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() > 1;
    let goes_on = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (begins && goes_on) || RESERVED.contains(&name)
}

/// Checks what the model does not say.
///
/// # Errors
/// `InvalidParameterValueException`.
pub(super) fn check(variables: &BTreeMap<String, String>) -> Result<(), LambdaError> {
    let reserved: Vec<&str> =
        RESERVED.iter().copied().filter(|it| variables.contains_key(*it)).collect();
    if !reserved.is_empty() {
        return Err(LambdaError::Parameter(format!(
            "Lambda was unable to configure your environment variables because the environment \
             variables you have provided contains reserved keys that are currently not supported \
             for modification. Reserved keys used in this request: {}",
            reserved.join(", ")
        )));
    }
    let text = serde_json::json!(variables).to_string();
    if text.len() > BYTES_MAX {
        return Err(LambdaError::Parameter(format!(
            "Lambda was unable to configure your environment variables because the environment \
             variables you have provided exceeded the 4KB limit. String measured: {text}"
        )));
    }
    Ok(())
}
