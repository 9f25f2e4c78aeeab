//! IAM on the wire: names, protocol and the operation table.

use super::operations::*;
use super::state::Iam;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// IAM as the wire sees it.
pub static SERVICE: Service = Service {
    name: "iam",
    signing_name: "iam",
    target_prefix: None,
    namespace: "com.amazonaws.iam",
    protocols: &[Protocol::AwsQuery],
    query_version: Some("2010-05-08"),
    xml_namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    naming: default_naming,
    without_result: &[
        "AddRoleToInstanceProfile",
        "AddUserToGroup",
        "AttachGroupPolicy",
        "AttachRolePolicy",
        "AttachUserPolicy",
        "DeleteAccessKey",
        "DeleteGroup",
        "DeleteGroupPolicy",
        "DeleteInstanceProfile",
        "DeletePolicy",
        "DeletePolicyVersion",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DeleteUser",
        "DeleteUserPermissionsBoundary",
        "DeleteUserPolicy",
        "DetachGroupPolicy",
        "DetachRolePolicy",
        "DetachUserPolicy",
        "PutGroupPolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "PutUserPermissionsBoundary",
        "PutUserPolicy",
        "RemoveRoleFromInstanceProfile",
        "RemoveUserFromGroup",
        "SetDefaultPolicyVersion",
        "TagInstanceProfile",
        "TagPolicy",
        "TagRole",
        "TagUser",
        "UntagInstanceProfile",
        "UntagPolicy",
        "UntagRole",
        "UntagUser",
        "UpdateAccessKey",
        "UpdateAssumeRolePolicy",
        "UpdateGroup",
        "UpdateUser",
    ],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, "Common errors"; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "Throttling", query_code: "Throttling", status: 400 };

/// How long somebody may be signed in to the console, which is not here.
const SIGNIN: [&str; 1] = ["MaxSigninSessionDuration"];
const OF_AWS: (&str, &str) = ("of AWS's own policies", "a policy of AWS's own");

const LINKED: &str = "The service-linked role of";

/// The operations of IAM. All regions share what they are about.
pub fn table() -> OperationTable<Iam> {
    let table = OperationTable::new("iam", THROTTLING);
    let table = policies(role_policies(roles(table)));
    let table = group_policies(groups(user_policies(users(table))));
    tags(profiles(table))
}

fn roles(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("CreateRole", create_role::run)
        .about("RoleName")
        .stores(&SIGNIN)
        .global()
        .on("DeleteRole", roles::delete_role::run)
        .about("RoleName")
        .global()
        .on("GetRole", roles::get_role::run)
        .about("RoleName")
        .global()
        .on("ListRoles", roles::list_roles::run)
        .about_nothing()
        .global()
        .on("UpdateAssumeRolePolicy", role_settings::update_assume_role_policy::run)
        .about("RoleName")
        .global()
        .on("UpdateRole", role_settings::update_role::run)
        .about("RoleName")
        .stores(&SIGNIN)
        .global()
        .on("UpdateRoleDescription", role_settings::update_role_description::run)
        .about("RoleName")
        .global()
        .on("CreateServiceLinkedRole", service_linked_roles::create_service_linked_role::run)
        .about_nothing()
        .refuses_values("AWSServiceName", "of services whose role is not known", LINKED)
        .global()
        .on("DeleteServiceLinkedRole", service_linked_roles::delete_service_linked_role::run)
        .about("RoleName")
        .global()
        .on(
            "GetServiceLinkedRoleDeletionStatus",
            service_linked_roles::get_service_linked_role_deletion_status::run,
        )
        .about_nothing()
        .global()
}

fn role_policies(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("DeleteRolePolicy", role_policies::delete_role_policy::run)
        .about("RoleName")
        .global()
        .on("GetRolePolicy", role_policies::get_role_policy::run)
        .about("RoleName")
        .global()
        .on("PutRolePolicy", role_policies::put_role_policy::run)
        .about("RoleName")
        .global()
        .on("ListRolePolicies", list_role_policies::run)
        .about("RoleName")
        .global()
        .on("AttachRolePolicy", attached_role_policies::attach_role_policy::run)
        .about("RoleName")
        .about("PolicyArn")
        .global()
        .on("DetachRolePolicy", attached_role_policies::detach_role_policy::run)
        .about("RoleName")
        .about("PolicyArn")
        .global()
        .on("ListAttachedRolePolicies", attached_role_policies::list_attached_role_policies::run)
        .about("RoleName")
        .global()
        .on(
            "DeleteRolePermissionsBoundary",
            permissions_boundaries::delete_role_permissions_boundary::run,
        )
        .about("RoleName")
        .global()
        .on(
            "DeleteUserPermissionsBoundary",
            permissions_boundaries::delete_user_permissions_boundary::run,
        )
        .about("UserName")
        .global()
        .on(
            "PutRolePermissionsBoundary",
            permissions_boundaries::put_role_permissions_boundary::run,
        )
        .about("RoleName")
        .global()
        .on(
            "PutUserPermissionsBoundary",
            permissions_boundaries::put_user_permissions_boundary::run,
        )
        .about("UserName")
        .global()
}

fn policies(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("CreatePolicy", create_policy::run)
        .about("PolicyName")
        .global()
        .on("DeletePolicy", delete_policy::run)
        .about("PolicyArn")
        .global()
        .on("GetPolicy", policies::get_policy::run)
        .about("PolicyArn")
        .global()
        .on("ListPolicies", policies::list_policies::run)
        .about_nothing()
        .global()
        .on("CreatePolicyVersion", policy_versions::create_policy_version::run)
        .about("PolicyArn")
        .global()
        .on("GetPolicyVersion", policy_versions::get_policy_version::run)
        .about("PolicyArn")
        .refuses_values("PolicyArn", OF_AWS.0, OF_AWS.1)
        .global()
        .on("ListPolicyVersions", policy_versions::list_policy_versions::run)
        .about("PolicyArn")
        .refuses_values("PolicyArn", OF_AWS.0, OF_AWS.1)
        .global()
        .on("DeletePolicyVersion", policy_version_changes::delete_policy_version::run)
        .about("PolicyArn")
        .global()
        .on("SetDefaultPolicyVersion", policy_version_changes::set_default_policy_version::run)
        .about("PolicyArn")
        .global()
        .on("ListEntitiesForPolicy", list_entities_for_policy::run)
        .about("PolicyArn")
        .global()
}

fn users(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("CreateUser", create_user::run)
        .about("UserName")
        .global()
        .on("GetUser", users::get_user::run)
        .about("UserName")
        .global()
        .on("ListUsers", users::list_users::run)
        .about_nothing()
        .global()
        .on("DeleteUser", user_changes::delete_user::run)
        .about("UserName")
        .global()
        .on("UpdateUser", user_changes::update_user::run)
        .about("UserName")
        .global()
        .on("CreateAccessKey", access_keys::create_access_key::run)
        .about("UserName")
        .global()
        .on("ListAccessKeys", access_keys::list_access_keys::run)
        .about("UserName")
        .global()
        .on("DeleteAccessKey", access_key_changes::delete_access_key::run)
        .about("UserName")
        .global()
        .on("UpdateAccessKey", access_key_changes::update_access_key::run)
        .about("UserName")
        .global()
}

fn user_policies(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("DeleteUserPolicy", user_policies::delete_user_policy::run)
        .about("UserName")
        .global()
        .on("GetUserPolicy", user_policies::get_user_policy::run)
        .about("UserName")
        .global()
        .on("PutUserPolicy", user_policies::put_user_policy::run)
        .about("UserName")
        .global()
        .on("ListUserPolicies", list_user_policies::run)
        .about("UserName")
        .global()
        .on("AttachUserPolicy", attached_user_policies::attach_user_policy::run)
        .about("UserName")
        .about("PolicyArn")
        .global()
        .on("DetachUserPolicy", attached_user_policies::detach_user_policy::run)
        .about("UserName")
        .about("PolicyArn")
        .global()
        .on("ListAttachedUserPolicies", attached_user_policies::list_attached_user_policies::run)
        .about("UserName")
        .global()
}

fn groups(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("CreateGroup", create_group::run)
        .about("GroupName")
        .global()
        .on("GetGroup", groups::get_group::run)
        .about("GroupName")
        .global()
        .on("ListGroups", groups::list_groups::run)
        .about_nothing()
        .global()
        .on("DeleteGroup", group_changes::delete_group::run)
        .about("GroupName")
        .global()
        .on("UpdateGroup", group_changes::update_group::run)
        .about("GroupName")
        .global()
        .on("AddUserToGroup", group_users::add_user_to_group::run)
        .about("UserName")
        .about("GroupName")
        .global()
        .on("ListGroupsForUser", group_users::list_groups_for_user::run)
        .about("UserName")
        .global()
        .on("RemoveUserFromGroup", group_users::remove_user_from_group::run)
        .about("UserName")
        .about("GroupName")
        .global()
}

fn group_policies(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("DeleteGroupPolicy", group_policies::delete_group_policy::run)
        .about("GroupName")
        .global()
        .on("GetGroupPolicy", group_policies::get_group_policy::run)
        .about("GroupName")
        .global()
        .on("PutGroupPolicy", group_policies::put_group_policy::run)
        .about("GroupName")
        .global()
        .on("ListGroupPolicies", list_group_policies::run)
        .about("GroupName")
        .global()
        .on("AttachGroupPolicy", attached_group_policies::attach_group_policy::run)
        .about("GroupName")
        .about("PolicyArn")
        .global()
        .on("DetachGroupPolicy", attached_group_policies::detach_group_policy::run)
        .about("GroupName")
        .about("PolicyArn")
        .global()
        .on("ListAttachedGroupPolicies", attached_group_policies::list_attached_group_policies::run)
        .about("GroupName")
        .global()
}

fn profiles(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("CreateInstanceProfile", create_instance_profile::run)
        .about("InstanceProfileName")
        .global()
        .on("DeleteInstanceProfile", instance_profiles::delete_instance_profile::run)
        .about("InstanceProfileName")
        .global()
        .on("GetInstanceProfile", instance_profiles::get_instance_profile::run)
        .about("InstanceProfileName")
        .global()
        .on("ListInstanceProfiles", instance_profiles::list_instance_profiles::run)
        .about_nothing()
        .global()
        .on("AddRoleToInstanceProfile", instance_profile_roles::add_role_to_instance_profile::run)
        .about("RoleName")
        .about("InstanceProfileName")
        .global()
        .on(
            "RemoveRoleFromInstanceProfile",
            instance_profile_roles::remove_role_from_instance_profile::run,
        )
        .about("RoleName")
        .about("InstanceProfileName")
        .global()
        .on("ListInstanceProfilesForRole", list_instance_profiles_for_role::run)
        .about("RoleName")
        .global()
}

fn tags(table: OperationTable<Iam>) -> OperationTable<Iam> {
    table
        .on("ListRoleTags", role_tags::list_role_tags::run)
        .about("RoleName")
        .global()
        .on("TagRole", role_tags::tag_role::run)
        .about("RoleName")
        .global()
        .on("UntagRole", role_tags::untag_role::run)
        .about("RoleName")
        .global()
        .on("ListUserTags", user_tags::list_user_tags::run)
        .about("UserName")
        .global()
        .on("TagUser", user_tags::tag_user::run)
        .about("UserName")
        .global()
        .on("UntagUser", user_tags::untag_user::run)
        .about("UserName")
        .global()
        .on("ListPolicyTags", policy_tags::list_policy_tags::run)
        .about("PolicyArn")
        .global()
        .on("TagPolicy", policy_tags::tag_policy::run)
        .about("PolicyArn")
        .global()
        .on("UntagPolicy", policy_tags::untag_policy::run)
        .about("PolicyArn")
        .global()
        .on("ListInstanceProfileTags", instance_profile_tags::list_instance_profile_tags::run)
        .about("InstanceProfileName")
        .global()
        .on("TagInstanceProfile", instance_profile_tags::tag_instance_profile::run)
        .about("InstanceProfileName")
        .global()
        .on("UntagInstanceProfile", instance_profile_tags::untag_instance_profile::run)
        .about("InstanceProfileName")
        .global()
}
