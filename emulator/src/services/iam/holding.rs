//! What the operations on the policies of roles, users and groups have in common.

use super::constraint::{Check, NAME_64, NAME_128};
use super::document::Document;
use super::entity::Kind;
use super::error::IamError;
use super::paging::{Page, Part};
use super::policy;
use super::shapes::AttachedPolicy;
use super::state::Iam;
use crate::kernel::Context;

/// Whose policies a request is about.
pub(super) struct Holder {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
}

impl Holder {
    fn check(&self, check: &mut Check) {
        let (member, max) = match self.kind {
            Kind::Role => ("roleName", NAME_64),
            Kind::User => ("userName", NAME_128),
            Kind::Group => ("groupName", NAME_128),
        };
        check.name(member, self.name.as_ref(), max);
    }

    fn name(self) -> String {
        self.name.unwrap_or_default()
    }
}

/// An inline policy, and whose it is.
pub(super) struct Inline {
    pub(super) holder: String,
    pub(super) name: String,
    pub(super) document: Document,
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `UnmodifiableEntity`, `MalformedPolicyDocument`,
/// `LimitExceeded`.
pub(super) fn put(
    iam: &mut Iam,
    holder: Holder,
    name: Option<String>,
    document: Option<String>,
) -> Result<(), IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.name("policyName", name.as_ref(), NAME_128);
    check.document("policyDocument", document.as_ref());
    check.done()?;
    let (kind, holder) = (holder.kind, holder.name());
    let held = iam.own(kind, &holder)?;
    let document = Document::of_identity(document.unwrap_or_default())?;
    held.put((kind, &holder), name.unwrap_or_default(), document)
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`.
pub(super) fn get(iam: &mut Iam, holder: Holder, name: Option<String>) -> Result<Inline, IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.name("policyName", name.as_ref(), NAME_128);
    check.done()?;
    let (kind, holder) = (holder.kind, holder.name());
    let held = iam.held(kind, &holder)?;
    let (name, document) = held.get(kind, name.as_deref().unwrap_or_default())?.clone();
    Ok(Inline { holder, name, document })
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `UnmodifiableEntity`.
pub(super) fn remove(iam: &mut Iam, holder: Holder, name: Option<String>) -> Result<(), IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.name("policyName", name.as_ref(), NAME_128);
    check.done()?;
    let kind = holder.kind;
    iam.own(kind, &holder.name())?.remove(kind, name.as_deref().unwrap_or_default())
}

/// The names of inline policies.
///
/// # Errors
/// `ValidationError`, `NoSuchEntity`.
pub(super) fn list(
    ctx: &Context<'_>,
    iam: &mut Iam,
    holder: Holder,
    page: Page,
) -> Result<Part<String>, IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.done()?;
    let held = iam.held(holder.kind, &holder.name())?;
    page.of(ctx, held.inline.iter().map(|(key, (name, _))| (key.as_str(), name.clone())))
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `InvalidInput`, `UnmodifiableEntity`, `LimitExceeded`.
pub(super) fn attach(iam: &mut Iam, holder: Holder, arn: Option<String>) -> Result<(), IamError> {
    let (holder, arn) = checked(holder, "policyArn", arn)?;
    let (kind, name) = (holder.kind, holder.name());
    iam.own(kind, &name)?;
    iam.check_attachable(&arn)?;
    iam.own(kind, &name)?.attach(kind, arn)
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `InvalidInput`, `UnmodifiableEntity`.
pub(super) fn detach(iam: &mut Iam, holder: Holder, arn: Option<String>) -> Result<(), IamError> {
    let (holder, arn) = checked(holder, "policyArn", arn)?;
    policy::check_arn(&arn)?;
    iam.own(holder.kind, &holder.name())?.detach(&arn)
}

/// The managed policies that are attached, those under a path.
///
/// # Errors
/// `ValidationError`, `NoSuchEntity`.
pub(super) fn list_attached(
    ctx: &Context<'_>,
    iam: &mut Iam,
    holder: Holder,
    prefix: Option<String>,
    page: Page,
) -> Result<Part<AttachedPolicy>, IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.path_prefix(prefix.as_deref());
    check.done()?;
    let prefix = prefix.unwrap_or_default();
    let held = iam.held(holder.kind, &holder.name())?;
    let attached = held.attached.iter().filter_map(|arn| {
        let (path, name) = policy::path_and_name(arn)?;
        let policy_name = Some(name.to_owned());
        let shown = AttachedPolicy { policy_name, policy_arn: Some(arn.clone()) };
        path.starts_with(&prefix).then_some((arn.as_str(), shown))
    });
    page.of(ctx, attached)
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `InvalidInput`, `UnmodifiableEntity`.
pub(super) fn set_boundary(
    iam: &mut Iam,
    holder: Holder,
    arn: Option<String>,
) -> Result<(), IamError> {
    let (holder, arn) = checked(holder, "permissionsBoundary", arn)?;
    let (kind, name) = (holder.kind, holder.name());
    iam.own(kind, &name)?;
    iam.check_boundary(Some(&arn))?;
    iam.own(kind, &name)?.boundary = Some(arn);
    Ok(())
}

/// # Errors
/// `ValidationError`, `NoSuchEntity`, `UnmodifiableEntity`.
pub(super) fn clear_boundary(iam: &mut Iam, holder: Holder) -> Result<(), IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.done()?;
    iam.own(holder.kind, &holder.name())?.boundary = None;
    Ok(())
}

fn checked(
    holder: Holder,
    member: &str,
    arn: Option<String>,
) -> Result<(Holder, String), IamError> {
    let mut check = Check::default();
    holder.check(&mut check);
    check.required_arn(member, arn.as_ref());
    check.done()?;
    Ok((holder, arn.unwrap_or_default()))
}
