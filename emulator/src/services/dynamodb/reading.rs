//! What Query and Scan have in common: which entries pass, and what of them is told.

use std::collections::BTreeMap;

use super::error::DynamoDbError;
use super::expression::{Condition, KeyTests, Projection, parse_key_condition};
use super::expressions;
use super::legacy::{self, Mixing, Operator};
use super::paging::Sieve;
use super::raw_value::RawItem;
use super::selection::Selection;
use super::shapes;

/// The parameters, as sent.
pub(super) struct Parameters {
    pub(super) attributes_to_get: Option<Vec<String>>,
    pub(super) filter: Option<String>,
    pub(super) legacy_filter: Option<BTreeMap<String, shapes::Condition>>,
    pub(super) names: Option<BTreeMap<String, String>>,
    pub(super) operator: Option<String>,
    pub(super) projection: Option<String>,
    pub(super) values: Option<RawItem>,
    /// `QueryFilter` or `ScanFilter`.
    pub(super) what: &'static str,
}

/// What they mean.
pub(super) struct Reading {
    pub(super) filter: Option<Condition>,
    /// Which parameter held it.
    pub(super) filter_parameter: &'static str,
    pub(super) projection: Option<Projection>,
    /// Which parameter held it.
    pub(super) projection_parameter: &'static str,
}

/// A KeyConditionExpression, which only Query has, and whether there are KeyConditions.
type KeyParameters<'k> = ((&'static str, Option<&'k str>), bool);

impl Parameters {
    /// # Errors
    /// Validation: of both kinds of parameters at once, of expressions and of conditions.
    pub(super) fn read(
        self,
        key: Option<KeyParameters<'_>>,
    ) -> Result<(Option<KeyTests>, Reading), DynamoDbError> {
        let (filter, projection) = (self.filter.as_deref(), self.projection.as_deref());
        let mut legacy = vec![
            ("AttributesToGet", self.attributes_to_get.is_some()),
            (self.what, self.legacy_filter.is_some()),
            ("ConditionalOperator", self.operator.is_some()),
        ];
        let mut given = vec![
            ("ProjectionExpression", projection.is_some()),
            ("FilterExpression", filter.is_some()),
        ];
        if let Some(((name, source), has_legacy)) = key {
            given.push((name, source.is_some()));
            // KeyConditions may come with other expressions.
            legacy.push(("KeyConditions", has_legacy && source.is_some()));
        }
        Mixing { legacy: &legacy, expressions: &given }.check()?;
        let mut placeholders = expressions::placeholders(self.names, self.values, &given)?;
        let key = key.and_then(|((_, source), _)| source);
        let key = key.map(|source| parse_key_condition(source, &mut placeholders)).transpose()?;
        let filter = expressions::filter(filter, &mut placeholders)?;
        let projection = expressions::projection(projection, &mut placeholders)?;
        expressions::check_all_used(&placeholders)?;
        let count = self.legacy_filter.as_ref().map(BTreeMap::len);
        let operator = Operator::read(self.operator.as_deref(), count)?;
        let mut member = self.what.to_owned();
        member[..1].make_ascii_lowercase();
        let legacy_filter = legacy::conditions(&member, self.legacy_filter, operator)?;
        let of_names = legacy::attributes_to_get(self.attributes_to_get)?;
        let reading = Reading {
            filter_parameter: match filter {
                Some(_) => "Filter Expression",
                None => self.what,
            },
            filter: filter.or(legacy_filter),
            projection_parameter: match of_names {
                Some(_) => "AttributesToGet",
                None => "ProjectionExpression",
            },
            projection: projection.or(of_names),
        };
        Ok((key, reading))
    }
}

impl Reading {
    /// What to keep of each entry.
    pub(super) fn sieve(&self, limit: Option<usize>, selection: Selection) -> Sieve<'_> {
        Sieve {
            limit,
            filter: self.filter.as_ref(),
            projection: self.projection.as_ref(),
            count_only: selection.count_only,
        }
    }
}

/// What Query is to read, as far as it can be said without the table.
pub(super) struct Wanted {
    pub(super) key: KeyTests,
    pub(super) read: Reading,
}

impl Wanted {
    /// # Errors
    /// Validation, as [`Parameters::read`] has it, and of the key condition.
    pub(super) fn read(
        expression: Option<String>,
        legacy: Option<BTreeMap<String, shapes::Condition>>,
        parameters: Parameters,
    ) -> Result<Self, DynamoDbError> {
        let neither = || {
            DynamoDbError::validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified \
                 in the request.",
            )
        };
        let key_condition = ("KeyConditionExpression", expression.as_deref());
        let (tests, read) = parameters.read(Some((key_condition, legacy.is_some())))?;
        let key = match (tests, legacy) {
            (Some(tests), _) => tests,
            (None, Some(conditions)) => legacy::key_conditions(conditions)?,
            (None, None) => return Err(neither()),
        };
        Ok(Self { key, read })
    }
}
