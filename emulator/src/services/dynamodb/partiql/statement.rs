//! The statements.

use super::super::attribute_value::{AttributeValue, Item};
use super::super::error::DynamoDbError;
use super::super::expression::{
    Condition, DocumentPath, ExpressionKind, SetOperand, SetValue, Update, UpdateAction,
    check_apart,
};
use super::super::return_values::ReturnValues;
use super::parser::Parser;
use super::tokens::{Token, ill_formed};
use super::{condition, value};

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Statement {
    Select(Select),
    /// `EXISTS(SELECT …)`, a check within a transaction.
    Exists(Select),
    Insert {
        table: String,
        item: Item,
    },
    Update {
        table: String,
        update: Update,
        filter: Condition,
        returning: ReturnValues,
    },
    Delete {
        table: String,
        filter: Condition,
        returning: ReturnValues,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Select {
    /// `None` is `*`.
    pub(super) columns: Option<Vec<DocumentPath>>,
    pub(in super::super) table: String,
    pub(in super::super) index: Option<String>,
    pub(super) filter: Option<Condition>,
    /// The sort key to order by, and whether backwards.
    pub(super) order: Option<(String, bool)>,
}

impl Statement {
    /// The table that it is about.
    pub(in super::super) fn table(&self) -> &str {
        match self {
            Self::Select(select) | Self::Exists(select) => &select.table,
            Self::Insert { table, .. }
            | Self::Update { table, .. }
            | Self::Delete { table, .. } => table,
        }
    }

    pub(in super::super) fn is_read(&self) -> bool {
        matches!(self, Self::Select(_))
    }
}

/// Reads a statement; each `?` in it stands for one of `parameters`.
///
/// # Errors
/// Validation: it is ill-formed, or has another number of parameters.
pub(in super::super) fn parse(
    statement: &str,
    parameters: Vec<AttributeValue>,
) -> Result<Statement, DynamoDbError> {
    let mut parser = Parser::new(statement, parameters)?;
    let read = match parser.advance() {
        Token::Name(word) if word.eq_ignore_ascii_case("SELECT") => {
            Statement::Select(select(&mut parser)?)
        }
        Token::Name(word) if word.eq_ignore_ascii_case("EXISTS") => {
            parser.expect("(")?;
            parser.expect_keyword("SELECT")?;
            let select = select(&mut parser)?;
            parser.expect(")")?;
            Statement::Exists(select)
        }
        Token::Name(word) if word.eq_ignore_ascii_case("INSERT") => insert(&mut parser)?,
        Token::Name(word) if word.eq_ignore_ascii_case("UPDATE") => update(&mut parser)?,
        Token::Name(word) if word.eq_ignore_ascii_case("DELETE") => delete(&mut parser)?,
        _ => return Err(ill_formed("Expected data manipulation")),
    };
    parser.end()?;
    Ok(read)
}

fn select(parser: &mut Parser) -> Result<Select, DynamoDbError> {
    let columns = if parser.take("*") {
        None
    } else {
        let mut columns = vec![parser.path()?];
        while parser.take(",") {
            columns.push(parser.path()?);
        }
        Some(columns)
    };
    parser.expect_keyword("FROM")?;
    let table = parser.name()?;
    let index = if parser.take(".") { Some(parser.name()?) } else { None };
    let filter = if parser.take_keyword("WHERE") { Some(condition::read(parser)?) } else { None };
    let order = if parser.take_keyword("ORDER") {
        parser.expect_keyword("BY")?;
        let name = parser.name()?;
        let backward = parser.take_keyword("DESC");
        if !backward {
            parser.take_keyword("ASC");
        }
        Some((name, backward))
    } else {
        None
    };
    Ok(Select { columns, table, index, filter, order })
}

fn insert(parser: &mut Parser) -> Result<Statement, DynamoDbError> {
    parser.expect_keyword("INTO")?;
    let table = parser.name()?;
    parser.expect_keyword("VALUE")?;
    let item = if parser.take("?") {
        match parser.parameter()? {
            AttributeValue::M(item) => item,
            _ => return Err(ill_formed("Expected a map")),
        }
    } else {
        parser.expect("{")?;
        value::members(parser)?
    };
    Ok(Statement::Insert { table, item })
}

fn update(parser: &mut Parser) -> Result<Statement, DynamoDbError> {
    let table = parser.name()?;
    let mut actions: Vec<UpdateAction> = Vec::new();
    loop {
        let sets = parser.take_keyword("SET");
        if !sets && !parser.take_keyword("REMOVE") {
            break;
        }
        loop {
            let path = parser.path()?;
            actions.push(if sets {
                parser.expect("=")?;
                set(parser, path)?
            } else {
                UpdateAction::Remove(path)
            });
            if !parser.take(",") {
                break;
            }
        }
    }
    if actions.is_empty() {
        return Err(parser.unexpected());
    }
    check_apart(actions.iter().map(UpdateAction::path))
        .map_err(DynamoDbError::expression(ExpressionKind::Update))?;
    parser.expect_keyword("WHERE")?;
    let filter = condition::read(parser)?;
    let returning = returning(parser)?;
    Ok(Statement::Update { table, update: Update { actions }, filter, returning })
}

fn delete(parser: &mut Parser) -> Result<Statement, DynamoDbError> {
    parser.expect_keyword("FROM")?;
    let table = parser.name()?;
    parser.expect_keyword("WHERE")?;
    let filter = condition::read(parser)?;
    let returning = returning(parser)?;
    if !matches!(returning, ReturnValues::None | ReturnValues::AllOld) {
        return Err(DynamoDbError::validation(
            "RETURNING of a DELETE statement can only be ALL OLD *",
        ));
    }
    Ok(Statement::Delete { table, filter, returning })
}

fn returning(parser: &mut Parser) -> Result<ReturnValues, DynamoDbError> {
    if !parser.take_keyword("RETURNING") {
        return Ok(ReturnValues::None);
    }
    let all = parser.take_keyword("ALL");
    if !all {
        parser.expect_keyword("MODIFIED")?;
    }
    let old = parser.take_keyword("OLD");
    if !old {
        parser.expect_keyword("NEW")?;
    }
    parser.expect("*")?;
    Ok(match (all, old) {
        (true, true) => ReturnValues::AllOld,
        (true, false) => ReturnValues::AllNew,
        (false, true) => ReturnValues::UpdatedOld,
        (false, false) => ReturnValues::UpdatedNew,
    })
}

/// Reads the right side of `SET path =`.
fn set(parser: &mut Parser, path: DocumentPath) -> Result<UpdateAction, DynamoDbError> {
    for (name, adds) in [("set_add", true), ("set_delete", false)] {
        if matches!(parser.peek_second(), Token::Symbol("(")) && parser.take_keyword(name) {
            parser.expect("(")?;
            let of = parser.path()?;
            parser.expect(",")?;
            let members = value::read(parser)?;
            parser.expect(")")?;
            let is_set = matches!(members.type_name(), "SS" | "NS" | "BS");
            if of != path || !is_set {
                return Err(DynamoDbError::validation(format!(
                    "Invalid operands of {name}: it takes the attribute that is set, and a set"
                )));
            }
            return Ok(match adds {
                true => UpdateAction::Add(path, members),
                false => UpdateAction::Delete(path, members),
            });
        }
    }
    let left = set_operand(parser)?;
    let value = if parser.take("+") {
        SetValue::Plus(left, set_operand(parser)?)
    } else if parser.take("-") {
        SetValue::Minus(left, set_operand(parser)?)
    } else {
        SetValue::Operand(left)
    };
    Ok(UpdateAction::Set(path, value))
}

fn set_operand(parser: &mut Parser) -> Result<SetOperand, DynamoDbError> {
    if value::begins(parser) {
        return Ok(SetOperand::Value(value::read(parser)?));
    }
    if matches!(parser.peek_second(), Token::Symbol("(")) {
        if parser.take_keyword("list_append") {
            parser.expect("(")?;
            let first = parser.deeper(set_operand)?;
            parser.expect(",")?;
            let second = parser.deeper(set_operand)?;
            parser.expect(")")?;
            return Ok(SetOperand::ListAppend(Box::new(first), Box::new(second)));
        }
        if parser.take_keyword("if_not_exists") {
            parser.expect("(")?;
            let path = parser.path()?;
            parser.expect(",")?;
            let otherwise = parser.deeper(set_operand)?;
            parser.expect(")")?;
            return Ok(SetOperand::IfNotExists(path, Box::new(otherwise)));
        }
        return Err(parser.unexpected());
    }
    Ok(SetOperand::Path(parser.path()?))
}
