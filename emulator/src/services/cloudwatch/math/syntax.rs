//! Math expressions as trees.

/// How deep brackets, calls and signs may stand inside one another.
pub(super) const DEPTH_MAX: usize = 48;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Text(String),
    /// The id of a query, or a word that a function takes (`DESC`, `REPEAT`).
    Name(String),
    /// `[m1, m2]`
    List(Vec<Expression>),
    Call {
        function: String,
        arguments: Vec<Expression>,
    },
    Negative(Box<Expression>),
    /// Operators of one rank, from left to right: a long sum is no deep tree.
    Chain {
        first: Box<Expression>,
        rest: Vec<(Operator, Expression)>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

impl Operator {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "AND",
            Self::Or => "OR",
        }
    }

    /// The result for two values; `None` where AWS drops the data point.
    ///
    /// Source: user guide "Using math expressions with CloudWatch metrics".
    pub(super) fn apply(self, left: f64, right: f64) -> Option<f64> {
        let truth = |is: bool| f64::from(u8::from(is));
        let result = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Power => left.powf(right),
            Self::Equal => truth(left == right),
            Self::NotEqual => truth(left != right),
            Self::Less => truth(left < right),
            Self::LessOrEqual => truth(left <= right),
            Self::Greater => truth(left > right),
            Self::GreaterOrEqual => truth(left >= right),
            Self::And => truth(left != 0.0 && right != 0.0),
            Self::Or => truth(left != 0.0 || right != 0.0),
        };
        result.is_finite().then_some(result)
    }
}

impl Expression {
    /// Every name in it that is no word of a function.
    pub(super) fn names(&self, found: &mut Vec<String>) {
        match self {
            Self::Name(name) => found.push(name.clone()),
            Self::List(items) | Self::Call { arguments: items, .. } => {
                items.iter().for_each(|item| item.names(found));
            }
            Self::Negative(inner) => inner.names(found),
            Self::Chain { first, rest } => {
                first.names(found);
                rest.iter().for_each(|(_, item)| item.names(found));
            }
            Self::Number(_) | Self::Text(_) => {}
        }
    }

    /// Whether it calls one of these functions.
    pub(super) fn calls(&self, functions: &[&str]) -> bool {
        match self {
            Self::Call { function, arguments } => {
                functions.contains(&function.as_str())
                    || arguments.iter().any(|item| item.calls(functions))
            }
            Self::List(items) => items.iter().any(|item| item.calls(functions)),
            Self::Negative(inner) => inner.calls(functions),
            Self::Chain { first, rest } => {
                first.calls(functions) || rest.iter().any(|(_, item)| item.calls(functions))
            }
            Self::Number(_) | Self::Text(_) | Self::Name(_) => false,
        }
    }
}
