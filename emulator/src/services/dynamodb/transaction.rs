//! The actions of TransactWriteItems, and the rules of all transactions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use sha2::{Digest, Sha256};

use super::attribute_value::Item;
use super::error::{CancellationReason, DynamoDbError};
use super::expression::Condition;
use super::expressions;
use super::item_write::{Action, Write, missing};
use super::java_text;
use super::raw_value::{RawItem, check_item};
use super::state::{DynamoDb, TOKEN_LIFETIME};
use super::store::Table;
use super::validation::{self, Constraints};
use crate::kernel::Context;
use crate::wire::hex;

/// Actions of a transaction.
const ITEMS_MAX: usize = 100;
/// Bytes of all items of a transaction.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// Characters of a ClientRequestToken.
const TOKEN_CHARACTERS_MAX: usize = 36;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TransactWriteItem {
    pub condition_check: Option<ConditionCheck>,
    pub delete: Option<Delete>,
    pub put: Option<Put>,
    pub update: Option<Update>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConditionCheck {
    pub condition_expression: Option<String>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub key: Option<RawItem>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Put {
    pub condition_expression: Option<String>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub item: Option<RawItem>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Delete {
    pub condition_expression: Option<String>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub key: Option<RawItem>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Update {
    pub condition_expression: Option<String>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub key: Option<RawItem>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
    pub update_expression: Option<String>,
}

/// An action whose parameters are valid, as far as that can be said without the table.
pub(super) struct Planned {
    pub(super) table_name: Option<String>,
    kind: Kind,
    condition: Option<Condition>,
    on_failure: Option<String>,
    pub(super) inserts: bool,
}

enum Kind {
    Put(Item),
    AtKey(Item, Action),
}

impl Planned {
    /// The action of a statement.
    pub(super) fn new(
        table_name: String,
        (target, action): (Item, Action),
        condition: Option<Condition>,
        on_failure: Option<String>,
    ) -> Self {
        let kind = match action {
            Action::Put(_) => Kind::Put(target),
            action => Kind::AtKey(target, action),
        };
        let table_name = Some(table_name);
        Self { table_name, kind, condition, on_failure, inserts: false }
    }

    /// The same of a statement that inserts: that the item is there already has a name of its own.
    pub(super) fn inserting(self) -> Self {
        Self { inserts: true, ..self }
    }

    /// The action as a write to its table.
    ///
    /// # Errors
    /// The key or the item does not fit the table; that cancels the transaction.
    pub(super) fn write(self, table: &Table) -> Result<Write, DynamoDbError> {
        let write = match self.kind {
            Kind::Put(item) => Write::put(table, item)?,
            Kind::AtKey(key, action) => Write::at_key(table, key, action)?,
        };
        write.when(self.condition, self.on_failure.as_deref())
    }
}

/// # Errors
/// Validation: every constraint that the actions break.
pub(super) fn check_members(items: &[TransactWriteItem]) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    for (at, item) in (1..).zip(items) {
        if let Some(it) = &item.condition_check {
            let path = format!("transactItems.{at}.member.conditionCheck");
            let expression = it.condition_expression.is_some();
            let has = [("conditionExpression", expression), ("key", it.key.is_some())];
            let on_failure = &it.return_values_on_condition_check_failure;
            members(&mut check, &path, &has, &it.table_name, on_failure);
        }
        if let Some(it) = &item.put {
            let path = format!("transactItems.{at}.member.put");
            let on_failure = &it.return_values_on_condition_check_failure;
            let has = [("item", it.item.is_some())];
            members(&mut check, &path, &has, &it.table_name, on_failure);
        }
        if let Some(it) = &item.update {
            let path = format!("transactItems.{at}.member.update");
            let expression = it.update_expression.is_some();
            let has = [("key", it.key.is_some()), ("updateExpression", expression)];
            let on_failure = &it.return_values_on_condition_check_failure;
            members(&mut check, &path, &has, &it.table_name, on_failure);
        }
        if let Some(it) = &item.delete {
            let path = format!("transactItems.{at}.member.delete");
            let on_failure = &it.return_values_on_condition_check_failure;
            let has = [("key", it.key.is_some())];
            members(&mut check, &path, &has, &it.table_name, on_failure);
        }
    }
    Ok(check.done()?)
}

fn members(
    check: &mut Constraints,
    path: &str,
    has: &[(&str, bool)],
    table: &Option<String>,
    on_failure: &Option<String>,
) {
    for (name, there) in has {
        check.required(&format!("{path}.{name}"), there.then_some(&()));
    }
    let table_path = format!("{path}.tableName");
    check.required(&table_path, table.as_ref());
    if let Some(name) = table {
        validation::table_name(check, &table_path, name);
    }
    if on_failure.is_some() {
        let path = format!("{path}.returnValuesOnConditionCheckFailure");
        check.one_of(&path, on_failure.as_deref(), &["ALL_OLD", "NONE"]);
    }
}

/// What the four kinds of action have in common, as sent.
struct Common {
    table_name: Option<String>,
    target: RawItem,
    update: Option<Option<String>>,
    condition: Option<String>,
    names: Option<BTreeMap<String, String>>,
    values: Option<RawItem>,
    on_failure: Option<String>,
}

/// Checks what can be checked without the table of the action `at`, counted from one.
pub(super) fn plan(at: usize, item: TransactWriteItem) -> Result<Planned, DynamoDbError> {
    let missing = |member: &str| missing(&format!("transactItems.{at}.member.{member}"));
    let TransactWriteItem { condition_check, delete, put, update } = item;
    match (condition_check, put, update, delete) {
        (Some(check), None, None, None) => {
            if check.condition_expression.is_none() {
                return Err(missing("conditionCheck.conditionExpression"));
            }
            let common = Common {
                table_name: check.table_name,
                target: check.key.ok_or_else(|| missing("conditionCheck.key"))?,
                update: None,
                condition: check.condition_expression,
                names: check.expression_attribute_names,
                values: check.expression_attribute_values,
                on_failure: check.return_values_on_condition_check_failure,
            };
            common.plan(Action::Check)
        }
        (None, Some(put), None, None) => {
            let common = Common {
                table_name: put.table_name,
                target: put.item.ok_or_else(|| missing("put.item"))?,
                update: None,
                condition: put.condition_expression,
                names: put.expression_attribute_names,
                values: put.expression_attribute_values,
                on_failure: put.return_values_on_condition_check_failure,
            };
            common.plan(Action::Put(Item::new()))
        }
        (None, None, Some(update), None) => {
            if update.update_expression.is_none() {
                return Err(missing("update.updateExpression"));
            }
            let common = Common {
                table_name: update.table_name,
                target: update.key.ok_or_else(|| missing("update.key"))?,
                update: Some(update.update_expression),
                condition: update.condition_expression,
                names: update.expression_attribute_names,
                values: update.expression_attribute_values,
                on_failure: update.return_values_on_condition_check_failure,
            };
            common.plan(Action::Update(None))
        }
        (None, None, None, Some(delete)) => {
            let common = Common {
                table_name: delete.table_name,
                target: delete.key.ok_or_else(|| missing("delete.key"))?,
                update: None,
                condition: delete.condition_expression,
                names: delete.expression_attribute_names,
                values: delete.expression_attribute_values,
                on_failure: delete.return_values_on_condition_check_failure,
            };
            common.plan(Action::Delete)
        }
        _ => Err(DynamoDbError::validation(
            "TransactItems can only contain one of Check, Put, Update or Delete",
        )),
    }
}

impl Common {
    fn plan(self, action: Action) -> Result<Planned, DynamoDbError> {
        // Bad values are the request's fault, not the transaction's.
        let target = check_item(self.target)?;
        let update = self.update.as_ref().and_then(Option::as_deref);
        let condition = self.condition.as_deref();
        let mut given = vec![("ConditionExpression", condition.is_some())];
        if self.update.is_some() {
            given.insert(0, ("UpdateExpression", update.is_some()));
        }
        let mut placeholders = expressions::placeholders(self.names, self.values, &given)?;
        let update = expressions::update(update, &mut placeholders)?;
        let condition = expressions::condition(condition, &mut placeholders)?;
        expressions::check_all_used(&placeholders)?;
        Ok(Planned {
            table_name: self.table_name,
            kind: match action {
                Action::Put(_) => Kind::Put(target),
                Action::Update(_) => Kind::AtKey(target, Action::Update(update)),
                action => Kind::AtKey(target, action),
            },
            condition,
            on_failure: self.on_failure,
            inserts: false,
        })
    }
}

pub(super) fn check_count<T>(items: &[T], shape: &str) -> Result<(), DynamoDbError> {
    let bound = match items.len() {
        1..=ITEMS_MAX => return Ok(()),
        0 => "Member must have length greater than or equal to 1",
        _ => "Member must have length less than or equal to 100",
    };
    // Unverified: how AWS shows what is in the list.
    let shown = java_text::list(items, |_| shape.to_owned());
    Err(DynamoDbError::constraint(Some(&shown), "transactItems", bound))
}

pub(super) fn check_size(bytes: usize) -> Result<(), DynamoDbError> {
    if bytes > BYTES_MAX {
        // Unverified: the limit is AWS's, the text is ours.
        return Err(DynamoDbError::validation(
            "The aggregate size of the items in the transaction exceeds 4 MB",
        ));
    }
    Ok(())
}

/// What identifies a transaction's actions.
pub(super) fn digest<T: Serialize>(items: &[T]) -> String {
    let text = serde_json::to_vec(items).expect("wire structs have a form in JSON");
    hex(&Sha256::digest(&text))
}

/// Whether the token stands for this transaction, done in the last ten minutes.
///
/// # Errors
/// `IdempotentParameterMismatchException` when it stands for another; validation of its length.
pub(super) fn is_repeated(
    ctx: &Context<'_>,
    db: &mut DynamoDb,
    token: Option<&str>,
    digest: &str,
) -> Result<bool, DynamoDbError> {
    let Some(token) = token else { return Ok(false) };
    let bound = match token.chars().count() {
        0 => Some("Member must have length greater than or equal to 1"),
        1..=TOKEN_CHARACTERS_MAX => None,
        _ => Some("Member must have length less than or equal to 36"),
    };
    if let Some(bound) = bound {
        return Err(DynamoDbError::constraint(Some(token), "clientRequestToken", bound));
    }
    db.tokens.forget(ctx.now() - TOKEN_LIFETIME);
    match db.tokens.get(token) {
        None => Ok(false),
        Some((_, remembered)) if remembered == digest => Ok(true),
        Some(_) => Err(DynamoDbError::IdempotentParameterMismatch),
    }
}

/// Why a failed action cancels its transaction.
///
/// # Errors
/// The error itself when it concerns the whole request.
pub(super) fn reason(error: DynamoDbError) -> Result<CancellationReason, DynamoDbError> {
    match error {
        DynamoDbError::ConditionalCheckFailed { item } => {
            Ok(CancellationReason::ConditionalCheckFailed { item })
        }
        DynamoDbError::DuplicateItem { item } => Ok(CancellationReason::DuplicateItem { item }),
        DynamoDbError::Validation(message) => Ok(CancellationReason::ValidationError(message)),
        DynamoDbError::Update(fault) => Ok(CancellationReason::ValidationError(fault.to_string())),
        other => Err(other),
    }
}
