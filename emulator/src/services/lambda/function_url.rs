//! Addresses at which a function is called over HTTP.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::shapes::{Cors, FunctionUrlConfig};
use crate::kernel::{Account, Context};
use crate::services::shared::constraint::Constraints;
use crate::wire::{Timestamp, world};

/// One address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FunctionUrl {
    /// The first part of its host.
    pub(super) id: String,
    /// `NONE` or `AWS_IAM`.
    pub(super) auth_type: String,
    /// `BUFFERED` or `RESPONSE_STREAM`.
    pub(super) invoke_mode: String,
    pub(super) cors: Option<Cors>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}

/// Only those may call who sign.
pub(super) const AWS_IAM: &str = "AWS_IAM";
const AUTH_TYPES: [&str; 2] = ["NONE", AWS_IAM];
const BUFFERED: &str = "BUFFERED";
const INVOKE_MODES: [&str; 2] = [BUFFERED, "RESPONSE_STREAM"];
const METHODS_MAX: usize = 6;
const ENTRIES_MAX: usize = 100;
const MAX_AGE_SECONDS: (i32, i32) = (0, 86_400);
/// Characters of an id.
const ID_CHARACTERS: usize = 32;
/// Of them, those at its end that are its account.
const ACCOUNT_CHARACTERS: usize = 12;
const LOCALHOST: &str = "localhost";

impl Constraints {
    /// The members of an address, as far as they are there.
    pub(in crate::services::lambda) fn function_url(
        &mut self,
        auth_type: Option<&str>,
        invoke_mode: Option<&str>,
        cors: Option<&Cors>,
    ) {
        self.one_of("authType", auth_type, &AUTH_TYPES);
        self.one_of("invokeMode", invoke_mode, &INVOKE_MODES);
        let Some(cors) = cors else { return };
        for (member, list, max) in [
            ("cors.allowMethods", &cors.allow_methods, METHODS_MAX),
            ("cors.allowHeaders", &cors.allow_headers, ENTRIES_MAX),
            ("cors.allowOrigins", &cors.allow_origins, ENTRIES_MAX),
            ("cors.exposeHeaders", &cors.expose_headers, ENTRIES_MAX),
        ] {
            self.entries(member, list.as_deref().unwrap_or_default(), (0, max));
        }
        self.range("cors.maxAge", cors.max_age, MAX_AGE_SECONDS);
    }
}

impl FunctionUrl {
    pub(super) fn new(ctx: &mut Context<'_>, auth_type: String) -> Self {
        let (first, second) = (ctx.ids().next_u64(), ctx.ids().next_u64());
        let id = format!("{first:016x}{:04x}{}", second as u16, ctx.account());
        debug_assert_eq!(id.len(), ID_CHARACTERS);
        let now = ctx.now();
        Self {
            id,
            auth_type,
            invoke_mode: BUFFERED.to_owned(),
            cors: None,
            created: now,
            modified: now,
        }
    }

    /// As everybody sees it.
    pub(super) fn shown(
        &self,
        ctx: &Context<'_>,
        function: &Function,
        key: &str,
    ) -> FunctionUrlConfig {
        let caller = ctx.caller();
        let host = caller.and_then(|it| it.host.to_str().ok()).map_or(LOCALHOST.into(), named);
        let scheme = if caller.is_some_and(|it| it.is_secure) { "https" } else { "http" };
        let (id, region) = (&self.id, ctx.region());
        let function_url = match caller.and_then(|it| it.world.as_deref()) {
            None => format!("{scheme}://{id}.lambda-url.{region}.{host}/"),
            // As the host of a world does.
            Some(world) if is_local(&host) => {
                format!("{scheme}://{id}.lambda-url.{region}.{world}.{host}/")
            }
            Some(world) => {
                let place = format!("{}{world}", world::PATH);
                format!("{scheme}://{host}{place}/_skyrig/lambda-url/{region}/{id}/")
            }
        };
        let qualifier = Some(key).filter(|it| *it != LATEST);
        FunctionUrlConfig {
            auth_type: Some(self.auth_type.clone()),
            cors: self.cors.clone(),
            creation_time: Some(self.created.iso_millis()),
            function_arn: Some(function.qualified(qualifier).to_string()),
            function_url: Some(function_url),
            invoke_mode: Some(self.invoke_mode.clone()),
            last_modified_time: Some(self.modified.iso_millis()),
        }
    }
}

/// The account whose function has the address with that id: nobody has to sign to call it.
pub(super) fn account_of(id: &str) -> Option<&str> {
    let at = id.len().checked_sub(ACCOUNT_CHARACTERS)?;
    id.get(at..).filter(|account| Account::is_number(account))
}

/// A host below which names can stand: nothing is below an address of IP, whose names lead to
/// this machine's own.
fn named(host: &str) -> Cow<'_, str> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    let is_address = name.starts_with('[') || name.parse::<Ipv4Addr>().is_ok();
    match port {
        _ if !is_address => host.into(),
        Some(port) => format!("{LOCALHOST}:{port}").into(),
        None => LOCALHOST.into(),
    }
}

/// Whether a host is this machine's name, with a port or without.
fn is_local(host: &str) -> bool {
    host.split(':').next() == Some(LOCALHOST)
}

/// # Errors
/// In strict mode, for an address whose answers would be streams.
pub(super) fn check_mode(ctx: &mut Context<'_>, mode: Option<&str>) -> Result<(), LambdaError> {
    match mode.is_some_and(|mode| mode != BUFFERED) {
        true => Ok(ctx.not_honoured("InvokeMode")?),
        false => Ok(()),
    }
}

impl Function {
    /// Where the address of a qualifier is kept: the function and its aliases may have one.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `ValidationException` for a version.
    pub(super) fn url_key(&self, qualifier: Option<&str>) -> Result<String, LambdaError> {
        let Some(alias) = qualifier else { return Ok(LATEST.to_owned()) };
        if alias == LATEST || alias.bytes().all(|byte| byte.is_ascii_digit()) {
            let mut it = Constraints::default();
            it.not_of_pattern("qualifier", alias, "((?!^\\d+$)^[0-9a-zA-Z-_]+$)");
            it.done()?;
        }
        match self.aliases.contains_key(alias) {
            true => Ok(alias.to_owned()),
            false => {
                let arn = self.qualified(qualifier);
                Err(LambdaError::AliasNotFound(arn.to_string()))
            }
        }
    }
}
