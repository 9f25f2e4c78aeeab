//! Service-linked roles: their names, and whom they let assume them.
//!
//! Source: the user guides of the services. Which policies AWS attaches to them is not known here.

use super::document::Document;
use super::entity::{Entity, ROLE, key};
use super::error::IamError;
use super::role::Role;
use super::state::Iam;
use crate::kernel::Context;

/// A service, and the role that is linked to it.
const ROLES: [(&str, &str); 22] = [
    ("apidestinations.events.amazonaws.com", "AWSServiceRoleForAmazonEventBridgeApiDestinations"),
    ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
    (
        "contributorinsights.dynamodb.amazonaws.com",
        "AWSServiceRoleForDynamoDBCloudWatchContributorInsights",
    ),
    (
        "dynamodb.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
    ),
    ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
    (
        "ecs.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
    ),
    ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
    ("elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
    ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
    ("events.amazonaws.com", "AWSServiceRoleForCloudWatchEvents"),
    ("kafka.amazonaws.com", "AWSServiceRoleForKafka"),
    ("kafkaconnect.amazonaws.com", "AWSServiceRoleForKafkaConnect"),
    (
        "kinesisreplication.dynamodb.amazonaws.com",
        "AWSServiceRoleForDynamoDBKinesisDataStreamsReplication",
    ),
    (
        "lambda.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
    ),
    ("ops.apigateway.amazonaws.com", "AWSServiceRoleForAPIGateway"),
    ("opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService"),
    ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    ("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"),
    ("replicator.lambda.amazonaws.com", "AWSServiceRoleForLambdaReplicator"),
    ("schemas.amazonaws.com", "AWSServiceRoleForSchemas"),
    ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
    ("support.amazonaws.com", "AWSServiceRoleForSupport"),
];

/// A service whose role may have a suffix.
///
/// Source: "Service-linked roles for Amazon EC2 Auto Scaling".
const WITH_SUFFIX: &str = "autoscaling.amazonaws.com";

/// How many deletions are remembered.
const TASKS_MAX: usize = 1000;

impl Iam {
    /// Makes the role of a service.
    ///
    /// # Errors
    /// `InvalidInput` if it is there, or for a suffix that it must not have (unverified: the
    /// second text).
    pub(super) fn link(
        &mut self,
        ctx: &mut Context<'_>,
        service: &str,
        suffix: Option<&str>,
    ) -> Result<Role, IamError> {
        let known = ROLES.iter().find(|row| row.0 == service);
        let Some((_, name)) = known else {
            let text = format!("The service-linked role of {service}");
            return Err(IamError::NotImplemented(text));
        };
        let name = match suffix {
            None => (*name).to_owned(),
            Some(suffix) if service == WITH_SUFFIX => format!("{name}_{suffix}"),
            Some(_) => {
                let text = format!("Custom suffix is not allowed for {service}");
                return Err(IamError::InvalidInput(text));
            }
        };
        if self.roles.contains_key(&*key(&name)) {
            return Err(IamError::InvalidInput(format!(
                "Service role name {name} has been taken in this account, please try a different \
                 suffix."
            )));
        }
        self.check_new_role(&name)?;
        let path = format!("/aws-service-role/{service}/");
        let entity = Entity::new(ctx, ROLE, Some(&path), &name);
        let trust = Document::of_trust(trust(service))?;
        let role = Role { linked_to: Some(service.to_owned()), ..Role::new(entity, trust) };
        self.check_new_role(&role.entity.name)?;
        Ok(role)
    }

    /// Takes a service's role out; returns the task's id, by which its end is asked for.
    ///
    /// # Errors
    /// `NoSuchEntity`, also for a role that is linked to nothing (unverified).
    pub(super) fn unlink(&mut self, ctx: &mut Context<'_>, name: &str) -> Result<String, IamError> {
        let role = self.role(name)?;
        let name = role.entity.name.clone();
        let Some(service) = role.linked_to.clone() else {
            return Err(IamError::NotFound(super::Kind::Role, name));
        };
        let task = format!("task/aws-service-role/{service}/{name}/{}", ctx.ids().uuid());
        self.remove_role(ctx, &name)?;
        if self.deletions.len() >= TASKS_MAX {
            self.deletions.pop_first();
        }
        self.deletions.insert(task.clone());
        Ok(task)
    }
}

fn trust(service: &str) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":\
         {{\"Service\":\"{service}\"}},\"Action\":\"sts:AssumeRole\"}}]}}"
    )
}
