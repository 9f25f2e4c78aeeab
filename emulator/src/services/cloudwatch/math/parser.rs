//! Reads math expressions.
//!
//! From loose to tight: `OR`, `AND`, comparisons, `+ -`, `* /`, the sign, `^` (to the right).

use super::error::MathError;
use super::lexer::{Kind, Token, words};
use super::syntax::{DEPTH_MAX, Expression, Operator};

/// The ranks of operators that go from left to right, loosest first.
const RANKS: [&[(&str, Operator)]; 5] = [
    &[("||", Operator::Or), ("OR", Operator::Or)],
    &[("&&", Operator::And), ("AND", Operator::And)],
    &[
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide)],
];

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn parse(text: &str) -> Result<Expression, MathError> {
    let words = words(text)?;
    let mut parser = Parser { words: &words, at: 0, depth: 0 };
    let expression = parser.rank(0)?;
    match parser.words.get(parser.at) {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    words: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rank(&mut self, rank: usize) -> Result<Expression, MathError> {
        let Some(operators) = RANKS.get(rank) else {
            return self.signed();
        };
        let first = self.rank(rank + 1)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator(operators) {
            self.at += 1;
            rest.push((operator, self.rank(rank + 1)?));
        }
        Ok(match rest.is_empty() {
            true => first,
            false => Expression::Chain { first: Box::new(first), rest },
        })
    }

    fn operator(&self, of: &[(&str, Operator)]) -> Option<Operator> {
        let word = match &self.words.get(self.at)?.kind {
            Kind::Sign(sign) => *sign,
            Kind::Name(name) => name,
            Kind::Number(_) | Kind::Text(_) => return None,
        };
        of.iter().find(|(written, _)| *written == word).map(|(_, operator)| *operator)
    }

    fn signed(&mut self) -> Result<Expression, MathError> {
        if self.takes("-") {
            let inner = self.deeper(Self::signed)?;
            return Ok(Expression::Negative(Box::new(inner)));
        }
        let base = self.primary()?;
        if !self.takes("^") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        Ok(Expression::Chain { first: Box::new(base), rest: vec![(Operator::Power, exponent)] })
    }

    fn primary(&mut self) -> Result<Expression, MathError> {
        let Some(word) = self.words.get(self.at) else {
            return Err(self.unexpected());
        };
        let expression = match &word.kind {
            Kind::Number(number) => Expression::Number(*number),
            Kind::Text(text) => Expression::Text(text.clone()),
            Kind::Name(name) => {
                self.at += 1;
                if !self.takes("(") {
                    return Ok(Expression::Name(name.clone()));
                }
                let arguments = self.list(")")?;
                return Ok(Expression::Call { function: name.clone(), arguments });
            }
            Kind::Sign("(") => {
                self.at += 1;
                let inner = self.deeper(|parser| parser.rank(0))?;
                self.expect(")")?;
                return Ok(inner);
            }
            Kind::Sign("[") => {
                self.at += 1;
                return Ok(Expression::List(self.list("]")?));
            }
            Kind::Sign(_) => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(expression)
    }

    /// What stands between commas, up to `end`.
    fn list(&mut self, end: &str) -> Result<Vec<Expression>, MathError> {
        let mut items = Vec::new();
        if self.takes(end) {
            return Ok(items);
        }
        loop {
            items.push(self.deeper(|parser| parser.rank(0))?);
            if !self.takes(",") {
                self.expect(end)?;
                return Ok(items);
            }
        }
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, MathError>,
    ) -> Result<T, MathError> {
        if self.depth == DEPTH_MAX {
            return Err(MathError::TooDeep);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn takes(&mut self, sign: &str) -> bool {
        let next = self.words.get(self.at).map(|word| &word.kind);
        let is = matches!(next, Some(Kind::Sign(found)) if *found == sign);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &str) -> Result<(), MathError> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> MathError {
        MathError::Syntax(match self.words.get(self.at) {
            None => "unexpected end".to_owned(),
            Some(Token { at, kind }) => {
                let shown = match kind {
                    Kind::Number(number) => number.to_string(),
                    Kind::Text(text) => text.clone(),
                    Kind::Name(name) => name.clone(),
                    Kind::Sign(sign) => (*sign).to_owned(),
                };
                format!("unexpected '{shown}' at position {at}")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expression: &Expression) -> String {
        let all = |items: &[Expression]| items.iter().map(shown).collect::<Vec<_>>().join(",");
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Text(text) => format!("'{text}'"),
            Expression::Name(name) => name.clone(),
            Expression::List(items) => format!("[{}]", all(items)),
            Expression::Call { function, arguments } => format!("{function}({})", all(arguments)),
            Expression::Negative(inner) => format!("-{}", shown(inner)),
            Expression::Chain { first, rest } => {
                let rest = rest
                    .iter()
                    .map(|(operator, item)| format!(" {} {}", operator.as_str(), shown(item)));
                format!("({}{})", shown(first), rest.collect::<String>())
            }
        }
    }

    #[test]
    fn operators_bind_as_they_should() {
        for (text, tree) in [
            ("a+b*c", "(a + (b * c))"),
            ("a-b-c", "(a - b - c)"),
            ("-a^2", "-(a ^ 2)"),
            ("a^-b^c", "(a ^ -(b ^ c))"),
            ("-5*m1", "(-5 * m1)"),
            ("a<1 AND b>=2 || c", "(((a < 1) AND (b >= 2)) OR c)"),
            ("(a+b)*c", "((a + b) * c)"),
            ("SUM([m1, m2]/100)", "SUM(([m1,m2] / 100))"),
            ("METRICS()", "METRICS()"),
            ("METRICS('err')", "METRICS('err')"),
            (".5+1e3+2.25E-2", "(0.5 + 1000 + 0.0225)"),
            ("IF(DAY(m1)<6,m1)", "IF((DAY(m1) < 6),m1)"),
            (
                "SEARCH(' {AWS/EC2,\"a b\"} x=\"y\" ', 'Sum', 300)",
                "SEARCH(' {AWS/EC2,\"a b\"} x=\"y\" ','Sum',300)",
            ),
        ] {
            assert_eq!(parse(text).map(|tree| shown(&tree)), Ok(tree.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "a+", "a b", "(a", "a)", "[a", "f(a,)", "'a", "a ? b", "1e999", "{", "a,b"]
        {
            assert!(matches!(parse(text), Err(MathError::Syntax(_))), "{text}: {:?}", parse(text));
        }
        let deep = |open: &str, close: &str, n| format!("{}a{}", open.repeat(n), close.repeat(n));
        for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("F(", ")"), ("a^", "")] {
            let at_most = deep(open, close, DEPTH_MAX);
            assert!(parse(&at_most).is_ok(), "{open}");
            assert_eq!(parse(&deep(open, close, DEPTH_MAX + 1)), Err(MathError::TooDeep), "{open}");
        }
        // A long chain is not deep.
        assert!(parse(&format!("a{}", "+a".repeat(5000))).is_ok());
    }
}
