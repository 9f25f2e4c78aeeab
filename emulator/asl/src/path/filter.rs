//! `[?(...)]`: which values of a list or an object a path takes.

use serde_json::Value;

use super::evaluate::{Problem, Work, walk};
use super::parse::read_steps;
use super::{Cursor, Malformed, Path, Step};

/// How deep brackets and negations may nest.
const DEPTH_MAX: usize = 32;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Operand),
    Compare(Operand, Comparison, Operand),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// `@...`: of the value that is looked at.
    Current(Vec<Step>),
    /// `$...`: of the whole document.
    Whole(Vec<Step>),
    Value(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// Longer ones first.
const COMPARISONS: &[(&str, Comparison)] = &[
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("in ", Comparison::In),
    ("nin ", Comparison::NotIn),
];

impl Filter {
    /// Reads a filter with the round brackets around it.
    pub(super) fn read(cursor: &mut Cursor<'_>, filters: usize) -> Result<Self, Malformed> {
        cursor.skip_blanks();
        cursor.expect("(")?;
        let filter = Reader { filters }.any(cursor, DEPTH_MAX)?;
        cursor.skip_blanks();
        cursor.expect(")")?;
        Ok(filter)
    }

    pub(super) fn accepts(
        &self,
        current: &Value,
        whole: &Value,
        work: &mut Work,
    ) -> Result<bool, Problem> {
        Ok(match self {
            Self::Any(filters) => {
                for filter in filters {
                    if filter.accepts(current, whole, work)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::All(filters) => {
                for filter in filters {
                    if !filter.accepts(current, whole, work)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Not(filter) => !filter.accepts(current, whole, work)?,
            Self::Exists(operand) => operand.value(current, whole, work)?.is_some(),
            Self::Compare(left, comparison, right) => {
                let left = left.value(current, whole, work)?;
                let right = right.value(current, whole, work)?;
                comparison.holds(left.as_ref(), right.as_ref())
            }
        })
    }
}

struct Reader {
    filters: usize,
}

impl Reader {
    fn any(&self, cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Malformed> {
        let mut all = vec![self.all(cursor, depth)?];
        cursor.skip_blanks();
        while cursor.eat("||") {
            all.push(self.all(cursor, depth)?);
            cursor.skip_blanks();
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Filter::Any(all) })
    }

    fn all(&self, cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Malformed> {
        let mut all = vec![self.one(cursor, depth)?];
        cursor.skip_blanks();
        while cursor.eat("&&") {
            all.push(self.one(cursor, depth)?);
            cursor.skip_blanks();
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Filter::All(all) })
    }

    fn one(&self, cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Malformed> {
        let inside = depth.checked_sub(1);
        let inside = inside.ok_or_else(|| cursor.malformed("the filter is nested too deep"))?;
        cursor.skip_blanks();
        if cursor.eat("!") {
            return Ok(Filter::Not(Box::new(self.one(cursor, inside)?)));
        }
        if cursor.eat("(") {
            let filter = self.any(cursor, inside)?;
            cursor.skip_blanks();
            cursor.expect(")")?;
            return Ok(filter);
        }
        let left = self.operand(cursor)?;
        cursor.skip_blanks();
        let Some((_, comparison)) = COMPARISONS.iter().find(|(text, _)| cursor.eat(text)) else {
            return Ok(Filter::Exists(left));
        };
        cursor.skip_blanks();
        Ok(Filter::Compare(left, *comparison, self.operand(cursor)?))
    }

    fn operand(&self, cursor: &mut Cursor<'_>) -> Result<Operand, Malformed> {
        Ok(match cursor.peek() {
            Some('@') => {
                cursor.next();
                Operand::Current(read_steps(cursor, self.filters)?)
            }
            Some('$') => Operand::Whole(Path::read(cursor, self.filters)?.steps),
            Some('\'' | '"') => Operand::Value(Value::String(cursor.quoted()?)),
            Some('[') => {
                let list = cursor.take_while(|it| it != ']');
                let list = format!("{}]", list.replace('\'', "\""));
                cursor.expect("]")?;
                let list = serde_json::from_str(&list);
                Operand::Value(list.map_err(|_| cursor.malformed("expected a list"))?)
            }
            _ => {
                let word = cursor.take_while(|it| it.is_alphanumeric() || "+-.".contains(it));
                let word = serde_json::from_str(word);
                Operand::Value(word.map_err(|_| cursor.malformed("expected a value"))?)
            }
        })
    }
}

impl Operand {
    fn value(
        &self,
        current: &Value,
        whole: &Value,
        work: &mut Work,
    ) -> Result<Option<Value>, Problem> {
        let (steps, from) = match self {
            Self::Value(value) => return Ok(Some(value.clone())),
            Self::Current(steps) => (steps, current),
            Self::Whole(steps) => (steps, whole),
        };
        match walk(steps, from, whole, work) {
            Ok(found) => Ok(found.into_first()),
            Err(Problem::TooMuchWork) => Err(Problem::TooMuchWork),
            Err(_) => Ok(None),
        }
    }
}

impl Comparison {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        use std::cmp::Ordering;
        let (Some(left), Some(right)) = (left, right) else {
            return self == Self::NotEqual && left != right;
        };
        let order = || match (left, right) {
            (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
            (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
            _ => None,
        };
        let among = || right.as_array().is_some_and(|all| all.iter().any(|it| same(it, left)));
        match self {
            Self::Equal => same(left, right),
            Self::NotEqual => !same(left, right),
            Self::Less => order() == Some(Ordering::Less),
            Self::LessOrEqual => order().is_some_and(|it| it != Ordering::Greater),
            Self::Greater => order() == Some(Ordering::Greater),
            Self::GreaterOrEqual => order().is_some_and(|it| it != Ordering::Less),
            Self::In => among(),
            Self::NotIn => !among(),
        }
    }
}

/// 1 and 1.0 are the same number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => left == right,
    }
}
