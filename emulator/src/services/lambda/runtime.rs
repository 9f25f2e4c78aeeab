//! Runtimes: which names there are, and which AWS takes no more.

use super::error::LambdaError;

/// Runtimes that functions may be made with.
///
/// Source: developer guide "Lambda runtimes", and the model.
const RUNTIMES: [&str; 28] = [
    "nodejs16.x",
    "nodejs18.x",
    "nodejs20.x",
    "nodejs22.x",
    "nodejs24.x",
    "nodejs26.x",
    "python3.8",
    "python3.9",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
    "python3.15",
    "java8.al2",
    "java8.al2023",
    "java11",
    "java11.al2023",
    "java17",
    "java17.al2023",
    "java21",
    "java25",
    "dotnet8",
    "dotnet10",
    "ruby3.3",
    "ruby3.4",
    "provided.al2",
    "provided.al2023",
];

/// Runtimes that were there once, and what AWS recommends instead.
///
/// Source: developer guide "Lambda runtimes", deprecated runtimes.
const DEPRECATED: [(&str, &str); 22] = [
    ("nodejs", "nodejs24.x"),
    ("nodejs4.3", "nodejs24.x"),
    ("nodejs4.3-edge", "nodejs24.x"),
    ("nodejs6.10", "nodejs24.x"),
    ("nodejs8.10", "nodejs24.x"),
    ("nodejs10.x", "nodejs24.x"),
    ("nodejs12.x", "nodejs24.x"),
    ("nodejs14.x", "nodejs24.x"),
    ("python2.7", "python3.14"),
    ("python3.6", "python3.14"),
    ("python3.7", "python3.14"),
    ("java8", "java25"),
    ("dotnetcore1.0", "dotnet10"),
    ("dotnetcore2.0", "dotnet10"),
    ("dotnetcore2.1", "dotnet10"),
    ("dotnetcore3.1", "dotnet10"),
    ("dotnet6", "dotnet10"),
    ("go1.x", "provided.al2023"),
    ("ruby2.5", "ruby3.4"),
    ("ruby2.7", "ruby3.4"),
    ("ruby3.2", "ruby3.4"),
    ("provided", "provided.al2023"),
];

/// # Errors
/// `InvalidParameterValueException` in AWS's words.
pub(super) fn check(runtime: &str) -> Result<(), LambdaError> {
    if RUNTIMES.contains(&runtime) {
        return Ok(());
    }
    match DEPRECATED.iter().find(|(name, _)| *name == runtime) {
        Some((_, recommended)) => Err(LambdaError::Parameter(format!(
            "The runtime parameter of {runtime} is no longer supported for creating or updating \
             AWS Lambda functions. We recommend you use the new runtime ({recommended}) while \
             creating or updating functions."
        ))),
        None => Err(LambdaError::Parameter(format!(
            "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum \
             value set: [{}] or be a valid ARN",
            RUNTIMES.join(", ")
        ))),
    }
}
