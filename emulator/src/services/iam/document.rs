//! Policy documents: kept as they were given, checked as AWS checks them, answered URL-encoded.
//!
//! Knows what a document must look like, not what it permits. AWS also looks whether the principals
//! of a trust policy exist, and whether a service has the actions; that is not known here.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::IamError;

type Statement = Map<String, Value>;

/// A document that was checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Document(String);

/// Characters of a managed policy and of a trust policy, without white space.
///
/// Source: IAM user guide "IAM and AWS STS quotas".
pub(super) const MANAGED_MAX: usize = 6144;
const TRUST_MAX: usize = 2048;

const SYNTAX: &str = "Syntax errors in policy.";
const NO_PRINCIPALS: &str = "Invalid principal in policy: \
    com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no \
    principals!";

/// What a trust policy may permit. Source: IAM user guide "Actions, resources, and condition keys
/// for AWS Security Token Service".
const ASSUMING: [&str; 6] = [
    "assumerole",
    "assumerolewithsaml",
    "assumerolewithwebidentity",
    "setcontext",
    "setsourceidentity",
    "tagsession",
];

impl Document {
    /// A policy that says what its holder may do.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`.
    pub(super) fn of_identity(text: String) -> Result<Self, IamError> {
        read(&text)?.iter().try_for_each(identity_statement)?;
        Ok(Self(text))
    }

    /// The same for a managed policy.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`, `LimitExceeded`.
    pub(super) fn managed(text: String) -> Result<Self, IamError> {
        let document = Self::of_identity(text)?;
        match document.weight() > MANAGED_MAX {
            true => Err(IamError::Quota("PolicySize", MANAGED_MAX)),
            false => Ok(document),
        }
    }

    /// A policy that says who may assume a role.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`, `LimitExceeded`.
    pub(super) fn of_trust(text: String) -> Result<Self, IamError> {
        read(&text)?.iter().try_for_each(trust_statement)?;
        let document = Self(text);
        match document.weight() > TRUST_MAX {
            true => Err(IamError::Quota("ACLSizePerRole", TRUST_MAX)),
            false => Ok(document),
        }
    }

    /// Its characters without white space, which is what quotas count.
    pub(super) fn weight(&self) -> usize {
        self.0.chars().filter(|letter| !letter.is_whitespace()).count()
    }

    /// As answers have it: URL-encoded by RFC 3986.
    pub(super) fn encoded(&self) -> String {
        let mut out = String::with_capacity(self.0.len() * 2);
        for byte in self.0.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte));
                }
                other => {
                    let _ = write!(out, "%{other:02X}");
                }
            }
        }
        out
    }
}

/// The statements of a document, each with an effect and an id that is its own.
fn read(text: &str) -> Result<Vec<Statement>, IamError> {
    if text.starts_with(char::is_whitespace) {
        return Err(IamError::malformed("JSON strings must not have leading spaces"));
    }
    let document: Value = serde_json::from_str(text)
        .map_err(|_| IamError::malformed("This policy contains invalid Json"))?;
    let syntax = || IamError::malformed(SYNTAX);
    let Value::Object(mut document) = document else { return Err(syntax()) };
    match document.get("Version").map(Value::as_str) {
        None | Some(Some("2008-10-17" | "2012-10-17")) => {}
        Some(_) => {
            let text = "The policy must contain a valid version string";
            return Err(IamError::malformed(text));
        }
    }
    let statements = document.remove("Statement").ok_or_else(syntax)?;
    if document.keys().any(|key| key != "Version" && key != "Id") {
        return Err(syntax());
    }
    let statements = match statements {
        one @ Value::Object(_) => vec![one],
        Value::Array(all) if !all.is_empty() => all,
        _ => return Err(syntax()),
    };
    let object = |value| match value {
        Value::Object(statement) => Ok(statement),
        _ => Err(syntax()),
    };
    let statements = statements.into_iter().map(object).collect::<Result<Vec<_>, _>>()?;
    statements.iter().try_for_each(common)?;
    check_sids(&statements)?;
    Ok(statements)
}

/// What goes for the statements of every document.
fn common(statement: &Statement) -> Result<(), IamError> {
    const KNOWN: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let syntax = || IamError::malformed(SYNTAX);
    if statement.keys().any(|key| !KNOWN.contains(&key.as_str())) {
        return Err(syntax());
    }
    let both =
        |name: &str| statement.contains_key(name) && statement.contains_key(&format!("Not{name}"));
    if ["Principal", "Action", "Resource"].into_iter().any(both) {
        return Err(syntax());
    }
    match statement.get("Effect").map(Value::as_str) {
        Some(Some("Allow" | "Deny")) => {}
        Some(_) => return Err(syntax()),
        None => return Err(IamError::malformed("Missing required field Effect")),
    }
    match statement.get("Condition") {
        None => Ok(()),
        Some(Value::Object(operators)) if operators.values().all(Value::is_object) => Ok(()),
        Some(_) => Err(syntax()),
    }
}

fn check_sids(statements: &[Statement]) -> Result<(), IamError> {
    let mut seen = std::collections::BTreeSet::new();
    for sid in statements.iter().filter_map(|statement| statement.get("Sid")) {
        let sid = sid.as_str().ok_or_else(|| IamError::malformed(SYNTAX))?;
        if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(IamError::malformed(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the \
                 regular expression [0-9A-Za-z]*",
            ));
        }
        if !sid.is_empty() && !seen.insert(sid) {
            let text = "Statement IDs (SID) in a single policy must be unique.";
            return Err(IamError::malformed(text));
        }
    }
    Ok(())
}

fn identity_statement(statement: &Statement) -> Result<(), IamError> {
    if statement.contains_key("Principal") || statement.contains_key("NotPrincipal") {
        let text = "Policy document should not specify a principal.";
        return Err(IamError::malformed(text));
    }
    let actions = either(statement, "Action")?;
    if actions.is_empty() {
        return Err(IamError::malformed("Policy statement must contain actions."));
    }
    actions.into_iter().try_for_each(check_action)?;
    let resources = either(statement, "Resource")?;
    if resources.is_empty() {
        return Err(IamError::malformed("Policy statement must contain resources."));
    }
    resources.into_iter().try_for_each(check_resource)
}

fn trust_statement(statement: &Statement) -> Result<(), IamError> {
    for name in ["Resource", "NotResource"] {
        if statement.contains_key(name) {
            return Err(IamError::malformed(format!("Has prohibited field {name}")));
        }
    }
    match statement.get("Principal").or_else(|| statement.get("NotPrincipal")) {
        None => return Err(IamError::malformed("Missing required field Principal")),
        Some(principal) => check_principals(principal)?,
    }
    let actions = either(statement, "Action")?;
    if actions.is_empty() {
        return Err(IamError::malformed("Missing required field Action"));
    }
    let assumes = |action: &str| {
        let action = action.to_ascii_lowercase();
        action.strip_prefix("sts:").is_some_and(|it| it.contains('*') || ASSUMING.contains(&it))
    };
    if statement.contains_key("Action") && !actions.into_iter().all(assumes) {
        let text = "AssumeRole policy may only specify STS AssumeRole actions.";
        return Err(IamError::malformed(text));
    }
    Ok(())
}

/// The texts of an element or of its `Not` form; none if there is neither.
fn either<'s>(statement: &'s Statement, name: &str) -> Result<Vec<&'s str>, IamError> {
    let value = statement.get(name).or_else(|| statement.get(&format!("Not{name}")));
    value.map_or(Ok(Vec::new()), texts)
}

/// A text or a list of texts.
fn texts(value: &Value) -> Result<Vec<&str>, IamError> {
    let syntax = || IamError::malformed(SYNTAX);
    match value {
        Value::String(one) => Ok(vec![one]),
        Value::Array(all) => all.iter().map(|it| it.as_str().ok_or_else(syntax)).collect(),
        _ => Err(syntax()),
    }
}

fn check_action(action: &str) -> Result<(), IamError> {
    match action.matches(':').count() {
        0 if action == "*" => Ok(()),
        0 => Err(IamError::malformed(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        )),
        1 => Ok(()),
        _ => Err(IamError::malformed("Actions/Condition can contain only one colon.")),
    }
}

fn check_resource(resource: &str) -> Result<(), IamError> {
    const PARTITIONS: [&str; 8] = [
        "aws",
        "aws-cn",
        "aws-us-gov",
        "aws-iso",
        "aws-iso-b",
        "aws-iso-e",
        "aws-iso-f",
        "aws-eusc",
    ];
    if resource == "*" {
        return Ok(());
    }
    let Some((partition, _)) = resource.strip_prefix("arn:").and_then(|it| it.split_once(':'))
    else {
        let text = format!("Resource {resource} must be in ARN format or \"*\".");
        return Err(IamError::malformed(text));
    };
    if !partition.contains(['*', '?', '$']) && !PARTITIONS.contains(&partition) {
        let text = format!("Partition \"{partition}\" is not valid for resource \"{resource}\".");
        return Err(IamError::malformed(text));
    }
    Ok(())
}

/// Unverified: the text for a kind of principal that there is not.
fn check_principals(principal: &Value) -> Result<(), IamError> {
    let kinds = match principal {
        Value::String(all) if all == "*" => return Ok(()),
        Value::Object(kinds) if !kinds.is_empty() => kinds,
        Value::Object(_) => return Err(IamError::malformed(NO_PRINCIPALS)),
        _ => return Err(IamError::malformed("Invalid principal in policy.")),
    };
    for (kind, names) in kinds {
        let names = texts(names)?;
        if names.is_empty() {
            return Err(IamError::malformed(NO_PRINCIPALS));
        }
        let takes: fn(&str) -> bool = match kind.as_str() {
            "AWS" => is_aws,
            "Service" => |name| name.contains('.') && !name.contains(['/', ':', '*']),
            "Federated" => |name| name.starts_with("arn:") || name.contains('.'),
            "CanonicalUser" => |_| true,
            _ => return Err(IamError::malformed("Invalid principal in policy.")),
        };
        if let Some(wrong) = names.into_iter().find(|name| !takes(name)) {
            let kind = kind.to_ascii_uppercase();
            let text = format!("Invalid principal in policy: \"{kind}\":\"{wrong}\"");
            return Err(IamError::malformed(text));
        }
    }
    Ok(())
}

/// An account, an ARN of an identity, the unique id of one, or everybody.
fn is_aws(name: &str) -> bool {
    let is_account = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = ["AIDA", "AROA"].into_iter().any(|prefix| name.starts_with(prefix));
    let arn = || {
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        matches!(parts.as_slice(), ["arn", _, "iam" | "sts", "", account, resource]
            if !account.is_empty() && !resource.is_empty() && !resource.contains('*'))
    };
    name == "*" || is_account || is_id || arn()
}
