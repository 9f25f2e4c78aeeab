//! STS on the wire: names, protocol and the operation table.

use serde::{Deserialize, Serialize};

use super::operations::{
    assume_role, assume_role_with_saml, assume_role_with_web_identity, assume_root,
    decode_authorization_message, get_access_key_info, get_caller_identity,
    get_delegated_access_token, get_federation_token, get_scoped_credentials, get_session_token,
    get_web_identity_token,
};
use crate::kernel::{Hooks, OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// STS as the wire sees it.
pub static SERVICE: Service = Service {
    name: "sts",
    signing_name: "sts",
    target_prefix: None,
    namespace: "com.amazonaws.sts",
    protocols: &[Protocol::AwsQuery],
    query_version: Some("2011-06-15"),
    xml_namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    naming: default_naming,
    without_result: &[],
    every_operation: true,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// STS remembers nothing itself: the credentials that it issues are sessions of the kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sts {}

impl Hooks for Sts {}

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "Throttling", query_code: "Throttling", status: 400 };

/// The operations of STS.
pub fn table() -> OperationTable<Sts> {
    OperationTable::new("sts", THROTTLING)
        .on("AssumeRole", assume_role::run)
        .about("RoleArn")
        .forgets(&["Policy", "PolicyArns", "ExternalId", "SerialNumber", "TokenCode"])
        .forgets(&["ProvidedContexts"])
        .on("AssumeRoleWithSAML", assume_role_with_saml::run)
        .about("RoleArn")
        .forgets(&["Policy", "PolicyArns"])
        .unsigned()
        .on("AssumeRoleWithWebIdentity", assume_role_with_web_identity::run)
        .about("RoleArn")
        .forgets(&["Policy", "PolicyArns"])
        .refuses(&["ProviderId"])
        .unsigned()
        .on("AssumeRoot", assume_root::run)
        .about("TargetPrincipal")
        .forgets(&["TaskPolicyArn"])
        .on("DecodeAuthorizationMessage", decode_authorization_message::run)
        .about_nothing()
        .on("GetAccessKeyInfo", get_access_key_info::run)
        .about_nothing()
        .on("GetCallerIdentity", get_caller_identity::run)
        .about_nothing()
        .on("GetDelegatedAccessToken", get_delegated_access_token::run)
        .about_nothing()
        .on("GetFederationToken", get_federation_token::run)
        .about("Name")
        .forgets(&["Policy", "PolicyArns"])
        .on("GetScopedCredentials", get_scoped_credentials::run)
        .about_nothing()
        .forgets(&["Policy", "ScopedSessionDescription"])
        .on("GetSessionToken", get_session_token::run)
        .about_nothing()
        .forgets(&["SerialNumber", "TokenCode"])
        .on("GetWebIdentityToken", get_web_identity_token::run)
        .about_nothing()
}
