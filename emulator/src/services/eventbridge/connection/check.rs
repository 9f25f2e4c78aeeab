//! The rules of a connection's members.

use super::shapes::{AuthRequestParameters, ConnectionHttpParameters, ConnectionParameter};
use super::{API_KEY, BASIC, OAUTH};
use crate::services::eventbridge::constraint::{NAME_CHARACTERS_MAX, RULE_NAME, is_name};
use crate::services::eventbridge::error::EventsError;
use crate::services::shared::constraint::Constraints;

const TYPES: [&str; 3] = [BASIC, OAUTH, API_KEY];
/// In the order in which AWS's services list them; recorded for others.
const OAUTH_METHODS: [&str; 3] = ["POST", "PUT", "GET"];
const TEXT_CHARACTERS_MAX: usize = 512;
const ENDPOINT_CHARACTERS_MAX: usize = 2048;
const PARAMETERS_MAX: usize = 100;

pub(in crate::services::eventbridge) const ENDPOINT: &str =
    "^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$";
const AUTH_HEADER: &str = "^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$";
const HEADER_KEY: &str = "^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$";
const HEADER_VALUE: &str = "^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$";

/// What is shown of a secret in an error.
const REDACTED: &str = "***Sensitive Data Redacted***";

/// Whether the member must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::services::eventbridge) enum Need {
    Must,
    May,
}

/// Checks what CreateConnection (all needed) or UpdateConnection gives.
pub(super) fn members(
    found: &mut Constraints,
    name: Option<&str>,
    description: Option<&str>,
    kind: Option<&str>,
    auth: Option<&AuthRequestParameters>,
    need: Need,
) {
    self::name(found, name);
    found.length("description", description, (0, TEXT_CHARACTERS_MAX));
    required(found, "authorizationType", kind.is_none(), need);
    found.one_of("authorizationType", kind, &TYPES);
    required(found, "authParameters", auth.is_none(), need);
    if let Some(auth) = auth {
        parameters(found, auth, need);
    }
}

/// Checks the name of a connection, an API destination or an endpoint.
pub(in crate::services::eventbridge) fn name(found: &mut Constraints, name: Option<&str>) {
    required(found, "name", name.is_none(), Need::Must);
    found.length("name", name, (1, NAME_CHARACTERS_MAX));
    pattern(found, "name", name, RULE_NAME, |text| text.is_empty() || is_name(text));
}

fn parameters(found: &mut Constraints, auth: &AuthRequestParameters, need: Need) {
    let at = |rest: &str| format!("authParameters.{rest}");
    if let Some(key) = &auth.api_key_auth_parameters {
        let at = |rest: &str| at(&format!("apiKeyAuthParameters.{rest}"));
        header_text(found, &at("apiKeyName"), key.api_key_name.as_deref(), need);
        secret(found, &at("apiKeyValue"), key.api_key_value.as_deref(), need);
    }
    if let Some(basic) = &auth.basic_auth_parameters {
        let at = |rest: &str| at(&format!("basicAuthParameters.{rest}"));
        header_text(found, &at("username"), basic.username.as_deref(), need);
        secret(found, &at("password"), basic.password.as_deref(), need);
    }
    if let Some(oauth) = &auth.oauth_parameters {
        let at = |rest: &str| at(&format!("oAuthParameters.{rest}"));
        endpoint(
            found,
            &at("authorizationEndpoint"),
            oauth.authorization_endpoint.as_deref(),
            need,
        );
        required(found, &at("httpMethod"), oauth.http_method.is_none(), need);
        found.one_of(&at("httpMethod"), oauth.http_method.as_deref(), &OAUTH_METHODS);
        required(found, &at("clientParameters"), oauth.client_parameters.is_none(), need);
        if let Some(client) = &oauth.client_parameters {
            let at = |rest: &str| at(&format!("clientParameters.{rest}"));
            header_text(found, &at("clientID"), client.client_id.as_deref(), need);
            secret(found, &at("clientSecret"), client.client_secret.as_deref(), need);
        }
        http_parameters(found, &at("oAuthHttpParameters"), oauth.oauth_http_parameters.as_ref());
    }
    let http = auth.invocation_http_parameters.as_ref();
    http_parameters(found, &at("invocationHttpParameters"), http);
}

fn http_parameters(found: &mut Constraints, at: &str, http: Option<&ConnectionHttpParameters>) {
    let Some(http) = http else { return };
    let mut list = |name: &str, list: &Option<Vec<ConnectionParameter>>, is_header: bool| {
        let at = format!("{at}.{name}");
        let list = list.as_deref().unwrap_or_default();
        found.count(&at, " '[...]'", list.len(), (0, PARAMETERS_MAX));
        for (number, parameter) in (1..).zip(list) {
            let at = |part: &str| format!("{at}.{number}.member.{part}");
            let key = parameter.key.as_deref();
            found.length(&at("key"), key, (0, TEXT_CHARACTERS_MAX));
            if is_header {
                pattern(found, &at("key"), key, HEADER_KEY, is_header_key);
            }
            let value = parameter.value.as_deref();
            let is_long = value.is_some_and(|text| text.chars().count() > TEXT_CHARACTERS_MAX);
            if is_long {
                let constraint = "Member must have length less than or equal to 512";
                found.broken(&at("value"), format_args!(" '{REDACTED}'"), constraint);
            }
            if is_header && value.is_some_and(|text| !is_header_value(text)) {
                redacted(found, &at("value"), HEADER_VALUE);
            }
        }
    };
    list("headerParameters", &http.header_parameters, true);
    list("queryStringParameters", &http.query_string_parameters, false);
    list("bodyParameters", &http.body_parameters, false);
}

/// Checks the address of a server.
pub(in crate::services::eventbridge) fn endpoint(
    found: &mut Constraints,
    at: &str,
    url: Option<&str>,
    need: Need,
) {
    required(found, at, url.is_none(), need);
    found.length(at, url, (1, ENDPOINT_CHARACTERS_MAX));
    pattern(found, at, url, ENDPOINT, |text| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "%-()_.!~*';/?:@&=+$,".contains(c);
        text.chars().all(is_allowed)
    });
}

/// The scheme of an address. AWS's check comes after those of the model.
// Differs from AWS: the address of an API destination may begin with `http://`, for servers on the
// same machine; AWS takes HTTPS only.
pub(in crate::services::eventbridge) fn scheme(
    member: &str,
    url: Option<&str>,
) -> Result<(), EventsError> {
    let is_good = |url: &str| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', ':']))
    };
    match url {
        Some(url) if !is_good(url) => Err(EventsError::Validation(format!(
            "Parameter {member} is not valid. Reason: it must be the URL of an HTTPS server."
        ))),
        _ => Ok(()),
    }
}

fn header_text(found: &mut Constraints, at: &str, text: Option<&str>, need: Need) {
    required(found, at, text.is_none(), need);
    found.length(at, text, (1, TEXT_CHARACTERS_MAX));
    pattern(found, at, text, AUTH_HEADER, |text| text.is_empty() || is_auth_text(text));
}

fn secret(found: &mut Constraints, at: &str, text: Option<&str>, need: Need) {
    required(found, at, text.is_none(), need);
    let Some(text) = text else { return };
    let shown = format!(" '{REDACTED}'");
    found.count(at, &shown, text.chars().count(), (1, TEXT_CHARACTERS_MAX));
    if !text.is_empty() && !is_auth_text(text) {
        redacted(found, at, AUTH_HEADER);
    }
}

fn is_auth_text(text: &str) -> bool {
    let is_bad = |c: char| c != '\t' && (c == ':' || c == '\x7f' || c < ' ');
    !text.contains(is_bad) && !text.trim_matches([' ', '\t']).is_empty()
}

fn is_header_key(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+,-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_allowed)
}

fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '\t' || (' '..='~').contains(&c))
}

fn redacted(found: &mut Constraints, at: &str, pattern: &str) {
    let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
    found.broken(at, format_args!(" '{REDACTED}'"), constraint);
}

/// A member that is missing.
pub(in crate::services::eventbridge) fn required(
    found: &mut Constraints,
    at: &str,
    is_missing: bool,
    need: Need,
) {
    if is_missing && need == Need::Must {
        found.required::<()>(at, None);
    }
}

/// A text of a certain form, if it is there.
pub(in crate::services::eventbridge) fn pattern(
    found: &mut Constraints,
    at: &str,
    text: Option<&str>,
    pattern: &str,
    fits: impl FnOnce(&str) -> bool,
) {
    if let Some(text) = text.filter(|text| !fits(text)) {
        let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
        found.broken(at, format_args!(" '{text}'"), constraint);
    }
}
