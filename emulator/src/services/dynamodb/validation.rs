//! The checks that AWS makes of a request's members before it looks at any table, all together.
//!
//! Source: answers of AWS that collect several errors. Unverified: the order of some of them.

use super::error::DynamoDbError;
use crate::services::shared::constraint::Broken;
pub(super) use crate::services::shared::constraint::Constraints;

/// Characters of a table's or an index's name.
const NAME_MIN: usize = 3;
const NAME_MAX: usize = 255;

impl From<Broken> for DynamoDbError {
    fn from(broken: Broken) -> Self {
        Self::Validation(broken.0)
    }
}

/// What the writes of one item have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct WriteMembers<'m> {
    pub(super) told: &'m Option<String>,
    pub(super) values: &'m Option<String>,
    pub(super) metrics: &'m Option<String>,
    pub(super) on_failure: &'m Option<String>,
    pub(super) operator: &'m Option<String>,
    pub(super) table: &'m Option<String>,
    /// `key` or `item`, and whether it is there.
    pub(super) target: (&'static str, bool),
}

impl WriteMembers<'_> {
    /// # Errors
    /// Every constraint that is broken.
    pub(super) fn check(self) -> Result<(), DynamoDbError> {
        let mut check = Constraints::default();
        told(&mut check, self.told.as_deref());
        check.one_of(
            "returnValues",
            self.values.as_deref(),
            &["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
        );
        check.one_of("returnItemCollectionMetrics", self.metrics.as_deref(), &["SIZE", "NONE"]);
        check.one_of(
            "returnValuesOnConditionCheckFailure",
            self.on_failure.as_deref(),
            &["ALL_OLD", "NONE"],
        );
        check.one_of("conditionalOperator", self.operator.as_deref(), &["OR", "AND"]);
        table(&mut check, self.table.as_deref());
        check.required(self.target.0, self.target.1.then_some(&()));
        Ok(check.done()?)
    }
}

/// A ReturnConsumedCapacity.
pub(super) fn told(check: &mut Constraints, value: Option<&str>) {
    check.one_of("returnConsumedCapacity", value, &["INDEXES", "TOTAL", "NONE"]);
}

/// A Limit of Query or Scan.
pub(super) fn limit(check: &mut Constraints, value: Option<i32>) {
    check.range("limit", value, (1, i32::MAX));
}

/// The parameters of a statement, which may be left out but not empty.
pub(super) fn parameters<T>(check: &mut Constraints, given: Option<&[T]>) {
    if let Some([]) = given {
        check.count("parameters", " '[]'", 0, (1, usize::MAX));
    }
}

/// A Select.
pub(super) fn select(check: &mut Constraints, value: Option<&str>) {
    check.one_of(
        "select",
        value,
        &["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
    );
}

/// A TableName, which may be an ARN.
pub(super) fn table(check: &mut Constraints, given: Option<&str>) {
    check.required("tableName", given.as_ref());
    if let Some(given) = given {
        table_name(check, "tableName", given);
    }
}

/// The same, where it is there.
pub(super) fn table_name(check: &mut Constraints, member: &str, given: &str) {
    match given {
        // It breaks the constraint of ARNs, which may be shorter than names.
        "" => check.length(member, Some(given), (1, NAME_MAX)),
        given if given.starts_with("arn:") => {}
        given => name(check, member, given),
    }
}

/// A name of a table or an index.
pub(super) fn name(check: &mut Constraints, member: &str, name: &str) {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if name.is_empty() || !name.bytes().all(allowed) {
        let pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
        check.broken(member, format_args!(" '{name}'"), pattern);
    }
    check.length(member, Some(name), (NAME_MIN, NAME_MAX));
}
