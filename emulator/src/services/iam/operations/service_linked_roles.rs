//! CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus: roles
//! that only a service of AWS changes.
//!
//! The roles of some services are known by name; AWS also attaches policies of its own to them.
//! Errors: InvalidInput, NoSuchEntity. Source: API reference of each.

/// CreateServiceLinkedRole: the role of a service.
pub mod create_service_linked_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Role;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        #[serde(rename = "AWSServiceName")]
        pub aws_service_name: Option<String>,
        pub custom_suffix: Option<String>,
        pub description: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub role: Option<Role>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("aWSServiceName", request.aws_service_name.as_ref(), NAME_128);
        check.optional_name("customSuffix", request.custom_suffix.as_deref(), NAME_64);
        check.description(request.description.as_deref());
        check.done()?;
        let service = request.aws_service_name.unwrap_or_default();
        let mut role = iam.link(ctx, &service, request.custom_suffix.as_deref())?;
        role.description = request.description;
        let shown = Role { role_last_used: None, max_session_duration: None, ..role.shown() };
        iam.insert_role(ctx, role);
        Ok(Response { role: Some(shown) })
    }
}

/// DeleteServiceLinkedRole: ends the role of a service, at once.
pub mod delete_service_linked_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub role_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub deletion_task_id: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        let task = iam.unlink(ctx, &name)?;
        Ok(Response { deletion_task_id: Some(task) })
    }
}

/// GetServiceLinkedRoleDeletionStatus: how far a deletion has come.
pub mod get_service_linked_role_deletion_status {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::DeletionTaskFailureReasonType;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub deletion_task_id: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub reason: Option<DeletionTaskFailureReasonType>,
        pub status: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required("deletionTaskId", request.deletion_task_id.as_ref());
        check.length("deletionTaskId", request.deletion_task_id.as_deref(), (1, 1000));
        check.done()?;
        let task = request.deletion_task_id.unwrap_or_default();
        if !iam.deletions.contains(&task) {
            return Err(IamError::TaskNotFound(task));
        }
        Ok(Response { status: Some("SUCCEEDED".to_owned()), reason: None })
    }
}
