//! Aliases: names of a state machine that lead to one version, or to two by weight.

use serde::{Deserialize, Serialize};

use super::error::StepFunctionsError;
use super::machine::Machine;
use super::names;
use super::shapes;
use super::state::StepFunctions;
use crate::kernel::Context;
use crate::wire::Timestamp;

/// Source: "Step Functions service quotas".
pub(super) const ALIASES_MAX: usize = 100;
const WEIGHTS: i32 = 100;

/// Versions and their weights, a hundred together.
type Weights = Vec<(u64, u32)>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) routes: Weights,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

impl Alias {
    /// The version that an execution runs; `share` is drawn from 0 to below 1.
    pub(super) fn choose(&self, share: f64) -> u64 {
        let mut left = share * f64::from(WEIGHTS);
        for (version, weight) in &self.routes {
            left -= f64::from(*weight);
            if left < 0.0 {
                return *version;
            }
        }
        self.routes.last().map_or(0, |(version, _)| *version)
    }

    pub(super) fn shown(&self, machine: &Machine) -> Vec<shapes::Route> {
        let route = |(version, weight): &(u64, u32)| shapes::Route {
            state_machine_version_arn: Some(machine.version_arn(*version)),
            weight: i32::try_from(*weight).ok(),
        };
        self.routes.iter().map(route).collect()
    }

    pub(super) fn leads_to(&self, version: u64) -> bool {
        self.routes.iter().any(|(of, _)| *of == version)
    }
}

impl StepFunctions {
    /// The machine of a routing configuration, and where it leads.
    ///
    /// # Errors
    /// `ValidationException`, `ResourceNotFound`, `StateMachineDeleting`.
    pub(super) fn routes(
        &mut self,
        ctx: &Context<'_>,
        given: &[shapes::Route],
    ) -> Result<(&mut Machine, Weights), StepFunctionsError> {
        let arn_of = |route: &shapes::Route| route.state_machine_version_arn.clone();
        let arns: Vec<String> = given.iter().filter_map(arn_of).collect();
        let total: i64 = given.iter().filter_map(|it| it.weight).map(i64::from).sum();
        // Unverified: the texts but the first.
        let invalid = |text: &str| StepFunctionsError::validation(text);
        let mut routes = Vec::new();
        let mut of = None;
        for (arn, route) in arns.iter().zip(given) {
            let named = names::machine(Some(arn))?;
            let number = named.qualifier.as_deref().and_then(|it| it.parse::<u64>().ok());
            let Some(number) = number else {
                return Err(StepFunctionsError::Validation(format!(
                    "Routing configuration must contain state machine version ARNs. Received: [{}]",
                    arns.join(", ")
                )));
            };
            if of.as_ref().is_some_and(|of: &names::MachineArn| of.plain() != named.plain()) {
                return Err(invalid(
                    "Routing configuration must contain versions of one state machine.",
                ));
            }
            let weight = route.weight.and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
            if routes.iter().any(|(known, _)| *known == number) {
                return Err(invalid("Routing configuration must contain each version once."));
            }
            routes.push((number, weight));
            of = Some(named);
        }
        let Some(of) = of.filter(|_| arns.len() == given.len()) else {
            return Err(invalid("Routing configuration must contain one or two versions."));
        };
        if total != i64::from(WEIGHTS) {
            return Err(invalid("The weights of a routing configuration must sum up to 100."));
        }
        let missing = || StepFunctionsError::ResourceNotFound(arns.join(", "));
        let machine = match self.live_machine(ctx, &of) {
            Err(StepFunctionsError::MachineDoesNotExist(_)) => return Err(missing()),
            other => other?,
        };
        if !routes.iter().all(|(number, _)| machine.versions.contains_key(number)) {
            return Err(missing());
        }
        Ok((machine, routes))
    }

    /// The machine that has an alias, and the alias' name.
    ///
    /// # Errors
    /// `InvalidArn`, `ResourceNotFound`.
    pub(super) fn with_alias(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<(&mut Machine, String), StepFunctionsError> {
        let of = names::machine(text)?;
        let missing = || StepFunctionsError::ResourceNotFound(of.arn.to_string());
        let machine = self.machine(ctx, &of).map_err(|_| missing())?;
        let alias = of.qualifier.clone().filter(|name| machine.aliases.contains_key(name));
        let alias = alias.ok_or_else(missing)?;
        Ok((machine, alias))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide() {
        let alias = |routes: &[(u64, u32)]| Alias {
            name: "a".into(),
            description: None,
            routes: routes.to_vec(),
            created: Timestamp::default(),
            updated: Timestamp::default(),
        };
        let two = alias(&[(1, 30), (2, 70)]);
        for (share, version) in [(0.0, 1), (0.299, 1), (0.3, 2), (0.999, 2)] {
            assert_eq!(two.choose(share), version, "{share}");
        }
        assert_eq!(alias(&[(7, 100)]).choose(0.999), 7);
        assert_eq!(alias(&[(1, 0), (2, 100)]).choose(0.0), 2);
    }
}
