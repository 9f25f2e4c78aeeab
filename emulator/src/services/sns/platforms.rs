//! Applications of mobile platforms, and the devices that have them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use super::state::checked_arn;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, Letter};

/// What a platform is called.
const PLATFORMS: [&str; 11] = [
    "ADM",
    "APNS",
    "APNS_SANDBOX",
    "APNS_VOIP",
    "APNS_VOIP_SANDBOX",
    "BAIDU",
    "GCM",
    "MACOS",
    "MACOS_SANDBOX",
    "MPNS",
    "WNS",
];
/// What an application is given that it never shows again.
const SECRETS: [&str; 2] = ["PlatformCredential", "PlatformPrincipal"];
const APPLICATION_ATTRIBUTES: [&str; 13] = [
    "ApplePlatformBundleID",
    "ApplePlatformTeamID",
    "AuthenticationMethod",
    "Enabled",
    "EventDeliveryFailure",
    "EventEndpointCreated",
    "EventEndpointDeleted",
    "EventEndpointUpdated",
    "FailureFeedbackRoleArn",
    "PlatformCredential",
    "PlatformPrincipal",
    "SuccessFeedbackRoleArn",
    "SuccessFeedbackSampleRate",
];
const ENDPOINT_ATTRIBUTES: [&str; 3] = ["CustomUserData", "Enabled", "Token"];
const NAME_CHARACTERS_MAX: usize = 256;
/// Longest value of an attribute, in bytes. AWS's limit for `CustomUserData`, ours for the others.
const VALUE_BYTES_MAX: usize = 2048;
const SECRET_BYTES_MAX: usize = 16 * 1024;
/// Most applications of an account and region. Ours.
const APPLICATIONS_MAX: usize = 10_000;
/// Most endpoints of one application. Ours; AWS has no limit.
const ENDPOINTS_MAX: usize = 1_000_000;

/// Attributes by name, as clients give and see them.
pub(super) type Attributes = BTreeMap<String, String>;

/// A device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Device {
    pub(super) arn: String,
    pub(super) attributes: Attributes,
}

impl Device {
    fn token(&self) -> &str {
        self.attributes.get("Token").map_or("", String::as_str)
    }

    fn is_enabled(&self) -> bool {
        self.attributes.get("Enabled").is_some_and(|text| text == "true")
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Application {
    pub(super) arn: String,
    attributes: Attributes,
    /// By the last part of their ARNs.
    pub(super) devices: BTreeMap<String, Device>,
    /// The ids of devices by token.
    tokens: BTreeMap<String, String>,
}

impl Application {
    /// What may be seen of its attributes.
    pub(super) fn shown(&self) -> Attributes {
        let mut shown = self.attributes.clone();
        shown.retain(|name, _| !SECRETS.contains(&name.as_str()));
        shown.entry("Enabled".to_owned()).or_insert_with(|| "true".to_owned());
        shown
    }

    pub(super) fn set(&mut self, given: Attributes) -> Result<(), SnsError> {
        check(&given, &APPLICATION_ATTRIBUTES)?;
        self.attributes.extend(given);
        Ok(())
    }
}

/// The applications of one account and region, by platform and name (`GCM/shop`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Platforms {
    pub(super) applications: BTreeMap<String, Application>,
}

impl Platforms {
    /// Makes an application, or finds the one of this name and sets its attributes anew.
    pub(super) fn create(
        &mut self,
        ctx: &Context<'_>,
        (platform, name): (&str, &str),
        given: Attributes,
    ) -> Result<String, SnsError> {
        if !PLATFORMS.contains(&platform) {
            return Err(SnsError::parameter("Platform Reason: unsupported platform type"));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || name.len() > NAME_CHARACTERS_MAX || !name.chars().all(allowed) {
            return Err(SnsError::parameter("Name"));
        }
        if given.get("PlatformCredential").is_none_or(String::is_empty) {
            return Err(SnsError::missing("PlatformCredential").among_attributes());
        }
        if platform.starts_with("APNS")
            && given.get("PlatformPrincipal").is_none_or(String::is_empty)
        {
            // Source: developer guide "Mobile push API errors". Unverified: the rest of the words.
            return Err(SnsError::parameter("PlatformPrincipal Reason: Principal is not provided"));
        }
        check(&given, &APPLICATION_ATTRIBUTES)?;
        let key = format!("{platform}/{name}");
        if let Some(known) = self.applications.get_mut(&key) {
            known.attributes.extend(given);
            return Ok(known.arn.clone());
        }
        if self.applications.len() >= APPLICATIONS_MAX {
            return Err(SnsError::parameter("Name Reason: too many applications"));
        }
        let arn = ctx.arn(format!("app/{key}")).to_string();
        let application = Application {
            arn: arn.clone(),
            attributes: given,
            devices: BTreeMap::new(),
            tokens: BTreeMap::new(),
        };
        self.applications.insert(key, application);
        Ok(arn)
    }

    /// The application that an ARN names.
    pub(super) fn application(&mut self, arn: Option<&str>) -> Result<&mut Application, SnsError> {
        let key = application_key(arn)?;
        self.applications.get_mut(&key).ok_or(SnsError::PlatformApplicationNotFound)
    }

    /// Forgets an application with its devices; one that is not there is no error.
    pub(super) fn delete(&mut self, arn: Option<&str>) -> Result<(), SnsError> {
        self.applications.remove(&application_key(arn)?);
        Ok(())
    }

    /// Makes a device known to an application, or finds the one of this token.
    pub(super) fn register(
        &mut self,
        ctx: &mut Context<'_>,
        application: Option<&str>,
        given: Attributes,
    ) -> Result<String, SnsError> {
        let key = application_key(application)?;
        let application =
            self.applications.get_mut(&key).ok_or(SnsError::PlatformApplicationNotFound)?;
        check(&given, &ENDPOINT_ATTRIBUTES)?;
        let token = given.get("Token").cloned().unwrap_or_default();
        if token.is_empty() {
            return Err(SnsError::missing("Token"));
        }
        if let Some(known) =
            application.tokens.get(&token).and_then(|id| application.devices.get(id))
        {
            if given.iter().any(|(name, value)| known.attributes.get(name) != Some(value)) {
                return Err(SnsError::parameter(format!(
                    "Token Reason: Endpoint {} already exists with the same Token, but different \
                     attributes.",
                    known.arn
                )));
            }
            return Ok(known.arn.clone());
        }
        if application.devices.len() >= ENDPOINTS_MAX {
            return Err(SnsError::parameter(
                "Token Reason: the application has too many endpoints",
            ));
        }
        let id = ctx.ids().uuid().to_string();
        let arn = ctx.arn(format!("endpoint/{key}/{id}")).to_string();
        let mut attributes = given;
        attributes.entry("Enabled".to_owned()).or_insert_with(|| "true".to_owned());
        let device = Device { arn: arn.clone(), attributes };
        application.tokens.insert(token, id.clone());
        application.devices.insert(id, device);
        Ok(arn)
    }

    /// The device that an endpoint's ARN names.
    pub(super) fn device(&mut self, arn: Option<&str>) -> Result<&mut Device, SnsError> {
        let (key, id) = endpoint_key(arn)?;
        let application = self.applications.get_mut(&key);
        let device = application.and_then(|application| application.devices.get_mut(&id));
        device.ok_or(SnsError::EndpointNotFound)
    }

    /// Changes a device; a new token leads to it from then on.
    pub(super) fn change(&mut self, arn: Option<&str>, given: Attributes) -> Result<(), SnsError> {
        check(&given, &ENDPOINT_ATTRIBUTES)?;
        let (key, id) = endpoint_key(arn)?;
        let application = self.applications.get_mut(&key).ok_or(SnsError::EndpointNotFound)?;
        let device = application.devices.get_mut(&id).ok_or(SnsError::EndpointNotFound)?;
        if let Some(token) = given.get("Token") {
            application.tokens.remove(device.token());
            application.tokens.insert(token.clone(), id);
        }
        device.attributes.extend(given);
        Ok(())
    }

    /// Forgets a device; one that is not there is no error.
    pub(super) fn forget(&mut self, arn: Option<&str>) -> Result<(), SnsError> {
        let (key, id) = endpoint_key(arn)?;
        if let Some(application) = self.applications.get_mut(&key) {
            let device = application.devices.remove(&id);
            device.map(|device| application.tokens.remove(device.token()));
        }
        Ok(())
    }

    /// Takes in what is delivered to a device.
    ///
    /// # Errors
    /// When there is no such device, or it is disabled.
    pub(super) fn push(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &str,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let device = self.device(Some(arn));
        let device = device.map_err(|_| DeliveryError::NoResource(arn.to_owned()))?;
        if !device.is_enabled() {
            return Err(DeliveryError::Invalid(SnsError::EndpointDisabled.to_string()));
        }
        let from = delivery.from.to_string();
        ctx.record_delivered(delivery, None);
        ctx.post(Letter {
            subject: delivery.subject.clone(),
            body: delivery.body.to_string(),
            message_id: delivery.message_id.map(|id| id.to_string()),
            ..super::phones::letter(from, "application", arn)
        });
        Ok(())
    }

    /// The device that somebody publishes to.
    ///
    /// # Errors
    /// `InvalidParameter`, `EndpointDisabled`.
    pub(super) fn check_subscriber(
        &mut self,
        ctx: &Context<'_>,
        arn: &str,
    ) -> Result<(), SnsError> {
        let is_ours = |it: &Arn| it.account() == ctx.account() && it.region() == ctx.region();
        let is_ours = arn.parse().is_ok_and(|arn: Arn| is_ours(&arn));
        if is_ours && self.device(Some(arn)).is_err() {
            let reason = format!("Endpoint Reason: Endpoint does not exist for endpoint {arn}");
            return Err(SnsError::parameter(reason));
        }
        Ok(())
    }

    pub(super) fn addressed(&mut self, arn: &str) -> Result<Arn, SnsError> {
        let device = self.device(Some(arn)).map_err(|error| match error {
            SnsError::EndpointNotFound => SnsError::parameter(
                "TargetArn Reason: No endpoint found for the target arn specified",
            ),
            other => other,
        })?;
        if !device.is_enabled() {
            return Err(SnsError::EndpointDisabled);
        }
        arn.parse().map_err(|_| SnsError::parameter("TargetArn"))
    }
}

/// The platform in an endpoint's resource: `endpoint/GCM/shop/…`.
pub(super) fn platform_of(resource: &str) -> &str {
    resource.split('/').nth(1).unwrap_or_default()
}

fn application_key(arn: Option<&str>) -> Result<String, SnsError> {
    let arn = checked_arn("PlatformApplicationArn", arn)?;
    let parts: Vec<&str> = arn.resource.split('/').collect();
    match parts[..] {
        ["app", platform, name] => Ok(format!("{platform}/{name}")),
        _ => Err(slashes("PlatformApplicationArn")),
    }
}

fn endpoint_key(arn: Option<&str>) -> Result<(String, String), SnsError> {
    let arn = checked_arn("EndpointArn", arn)?;
    let parts: Vec<&str> = arn.resource.split('/').collect();
    match parts[..] {
        ["endpoint", platform, name, id] => Ok((format!("{platform}/{name}"), id.to_owned())),
        _ => Err(slashes("EndpointArn")),
    }
}

/// Recorded on 2025-10-31.
fn slashes(member: &str) -> SnsError {
    let reason = "Wrong number of slashes in relative portion of the ARN.";
    SnsError::parameter(format!("{member} Reason: {reason}"))
}

fn check(given: &Attributes, known: &[&str]) -> Result<(), SnsError> {
    for (name, value) in given {
        let secret = SECRETS.contains(&name.as_str());
        let longest = if secret { SECRET_BYTES_MAX } else { VALUE_BYTES_MAX };
        let wrong = |reason: String| Err(SnsError::parameter(reason).among_attributes());
        if !known.contains(&name.as_str()) {
            return wrong(format!("Invalid attribute name: {name}"));
        }
        if name == "Enabled" && !matches!(value.as_str(), "true" | "false") {
            return wrong("Invalid value for attribute: Enabled".to_owned());
        }
        if value.len() > longest {
            return wrong(format!("Invalid value for attribute: {name}: it is too long"));
        }
    }
    Ok(())
}
