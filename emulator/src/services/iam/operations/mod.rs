//! One file a theme, one module an operation.

pub mod access_keys;
pub mod attached_group_policies;
pub mod attached_role_policies;
pub mod attached_user_policies;
pub mod create_policy;
pub mod create_role;
pub mod group_policies;
pub mod group_users;
pub mod groups;
pub mod instance_profile_roles;
pub mod instance_profile_tags;
pub mod instance_profiles;
pub mod list_entities_for_policy;
pub mod permissions_boundaries;
pub mod policies;
pub mod policy_tags;
pub mod policy_versions;
pub mod role_policies;
pub mod role_settings;
pub mod role_tags;
pub mod roles;
pub mod service_linked_roles;
pub mod user_policies;
pub mod user_tags;
pub mod users;
