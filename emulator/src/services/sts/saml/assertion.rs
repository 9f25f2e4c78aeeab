//! What a SAML assertion says. Who signed it is not verified, as the provider's metadata is in IAM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::xml::{Element, Event, Malformed, Reader};
use crate::services::sts::error::StsError;
use crate::services::sts::shapes::Tag;
use crate::wire::Timestamp;

/// What AWS's attributes begin with.
///
/// Source: IAM user guide "Configure SAML assertions for the authentication response".
const ATTRIBUTES: &str = "https://aws.amazon.com/SAML/Attributes/";
/// What is cut off the formats of subjects.
const FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

/// An assertion, as far as STS uses it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::services::sts) struct Assertion {
    pub(in crate::services::sts) issuer: String,
    pub(in crate::services::sts) subject: String,
    pub(in crate::services::sts) subject_type: String,
    pub(in crate::services::sts) audience: String,
    pub(in crate::services::sts) role_session_name: String,
    /// `role ARN,provider ARN` in either order.
    pub(in crate::services::sts) roles: Vec<String>,
    pub(in crate::services::sts) source_identity: Option<String>,
    pub(in crate::services::sts) tags: Vec<Tag>,
    pub(in crate::services::sts) transitive_tag_keys: Vec<String>,
    /// When the session ends at the latest.
    pub(in crate::services::sts) session_ends: Option<Timestamp>,
    /// From when on it no longer holds.
    ends: Option<Timestamp>,
}

impl Assertion {
    /// Reads a response in base64.
    ///
    /// # Errors
    /// `InvalidIdentityToken`, or `ExpiredTokenException` when it no longer holds. Source: answers
    /// of AWS as users report them. Unverified: the texts on what is missing.
    pub(in crate::services::sts) fn read(text: &str, now: Timestamp) -> Result<Self, StsError> {
        let invalid = StsError::InvalidIdentityToken;
        let packed: String = text.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(packed).map_err(|_| invalid("Invalid base64 SAMLResponse"))?;
        let xml = String::from_utf8(bytes).map_err(|_| invalid("Invalid SAML response"))?;
        let assertion = assertion(&xml).map_err(|Malformed| invalid("Invalid SAML response"))?;
        for (text, problem) in [
            (&assertion.issuer, "Issuer is required in AuthnResponse"),
            (&assertion.subject, "NameID is required in AuthnResponse"),
            (&assertion.audience, "Recipient is required in AuthnResponse"),
            (&assertion.role_session_name, "RoleSessionName is required in AuthnResponse"),
        ] {
            if text.is_empty() {
                return Err(invalid(problem));
            }
        }
        let name = &assertion.role_session_name;
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
        if !(2..=64).contains(&name.len()) || !name.chars().all(allowed) {
            let problem = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
            return Err(invalid(problem));
        }
        match assertion.ends.filter(|ends| *ends <= now) {
            Some(ends) => Err(StsError::ExpiredToken(now.seconds(), ends.seconds())),
            None => Ok(assertion),
        }
    }

    /// Whether it offers the role through the provider.
    pub(in crate::services::sts) fn offers(&self, role: &str, provider: &str) -> bool {
        let is_it = |pair: &String| {
            let pair = pair.split_once(',').map(|(one, other)| (one.trim(), other.trim()));
            pair == Some((role, provider)) || pair == Some((provider, role))
        };
        self.roles.iter().any(is_it)
    }

    fn set(&mut self, element: &Element<'_>) {
        let time = |name: &str| element.attribute(name).and_then(Timestamp::parse_iso);
        match element.name {
            "NameID" => {
                let format = element.attribute("Format").unwrap_or_default();
                self.subject_type = format.strip_prefix(FORMAT).unwrap_or(format).to_owned();
            }
            "SubjectConfirmationData" => {
                self.audience = element.attribute("Recipient").unwrap_or_default().to_owned();
                self.ends = earlier(self.ends, time("NotOnOrAfter"));
            }
            "Conditions" => self.ends = earlier(self.ends, time("NotOnOrAfter")),
            "AuthnStatement" => self.session_ends = time("SessionNotOnOrAfter"),
            _ => {}
        }
    }

    fn add(&mut self, attribute: &str, value: String) {
        let Some(name) = attribute.strip_prefix(ATTRIBUTES) else { return };
        match name {
            "RoleSessionName" => self.role_session_name = value,
            "Role" => self.roles.push(value),
            "SourceIdentity" => self.source_identity = Some(value),
            "TransitiveTagKeys" => self.transitive_tag_keys.push(value),
            _ => {
                if let Some(key) = name.strip_prefix("PrincipalTag:") {
                    self.tags.push(Tag { key: Some(key.to_owned()), value: Some(value) });
                }
            }
        }
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

fn assertion(xml: &str) -> Result<Assertion, Malformed> {
    let mut found = Assertion::default();
    let mut reader = Reader::new(xml);
    // The names of the elements around, and the attribute whose values come.
    let (mut around, mut attribute, mut text) = (Vec::new(), String::new(), String::new());
    while let Some(event) = reader.next()? {
        match event {
            Event::Begin(element) => {
                text.clear();
                found.set(&element);
                if element.name == "Attribute" {
                    attribute = element.attribute("Name").unwrap_or_default().to_owned();
                }
                around.push(element.name);
            }
            Event::Text(more) => text.push_str(&more),
            Event::End => {
                let value = std::mem::take(&mut text).trim().to_owned();
                match around.pop().ok_or(Malformed)? {
                    "Issuer" if around.last() == Some(&"Assertion") => found.issuer = value,
                    "NameID" => found.subject = value,
                    "AttributeValue" => found.add(&attribute, value),
                    _ => {}
                }
            }
        }
    }
    if around.is_empty() { Ok(found) } else { Err(Malformed) }
}
