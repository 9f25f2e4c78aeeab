//! The grammar of Metrics Insights: `SELECT AVG(m) FROM SCHEMA("N", D) WHERE … GROUP BY …`.
//!
//! Source: user guide "Metrics Insights query components and syntax".

use super::error::MathError;
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::reading::Totals;

/// Most series of one query.
pub(super) const SERIES_MAX: usize = 500;
/// What stands for a dimension that a metric has not.
const OTHER: &str = "Other";

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Select {
    pub(super) function: Function,
    metric_name: String,
    namespace: String,
    /// The names of all dimensions, sorted, if the source is a schema.
    schema: Option<Vec<String>>,
    conditions: Vec<Condition>,
    group_by: Vec<String>,
    pub(super) order: Option<Order>,
    pub(super) limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Average,
    Count,
    Maximum,
    Minimum,
    Sum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) by: Function,
    pub(super) descending: bool,
}

/// A dimension that has one of these values, or none of them.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    key: String,
    values: Vec<String>,
    is: bool,
}

/// What functions are called.
const FUNCTIONS: [(&str, Function); 5] = [
    ("AVG", Function::Average),
    ("COUNT", Function::Count),
    ("MAX", Function::Maximum),
    ("MIN", Function::Minimum),
    ("SUM", Function::Sum),
];

impl Function {
    fn named(word: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, it)| *it)
    }

    pub(super) fn word(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }

    /// Of the samples of one period.
    pub(super) fn of_totals(self, totals: &Totals) -> f64 {
        match self {
            Self::Average => totals.sum / totals.count,
            Self::Count => totals.count,
            Self::Maximum => totals.maximum,
            Self::Minimum => totals.minimum,
            Self::Sum => totals.sum,
        }
    }

    /// Of the values of a series.
    pub(super) fn of_values(self, values: impl Iterator<Item = f64> + Clone) -> f64 {
        let count = values.clone().count() as f64;
        match self {
            Self::Average => values.sum::<f64>() / count,
            Self::Count => count,
            Self::Maximum => values.fold(f64::NEG_INFINITY, f64::max),
            Self::Minimum => values.fold(f64::INFINITY, f64::min),
            Self::Sum => values.sum(),
        }
    }
}

impl Select {
    /// Whether an expression is such a query.
    pub(super) fn is_one(expression: &str) -> bool {
        let text = expression.trim_start();
        text.split_at_checked("SELECT".len()).is_some_and(|(word, rest)| {
            word.eq_ignore_ascii_case("SELECT") && rest.starts_with(char::is_whitespace)
        })
    }

    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, MathError> {
        let mut reader = Reader { words: words(text)?, at: 0 };
        reader.keyword("SELECT")?;
        let function = reader.function()?;
        reader.sign("(")?;
        let metric_name = reader.name()?;
        reader.sign(")")?;
        reader.keyword("FROM")?;
        let (namespace, schema) = reader.source()?;
        let conditions = reader.conditions()?;
        let mut group_by = Vec::new();
        if reader.takes("GROUP") {
            reader.keyword("BY")?;
            group_by = reader.names()?;
        }
        let order = reader.order()?;
        let limit = reader.limit()?;
        match reader.words.get(reader.at) {
            Some(word) => Err(unexpected(Some(word))),
            None => Ok(Self {
                function,
                metric_name,
                namespace,
                schema,
                conditions,
                group_by,
                order,
                limit,
            }),
        }
    }

    /// Whether the samples of a metric count.
    pub(super) fn matches(&self, metric: &MetricId) -> bool {
        let names = || metric.dimensions().iter().map(|(name, _)| name);
        metric.name() == self.metric_name
            && metric.namespace() == self.namespace
            && self.schema.as_ref().is_none_or(|schema| names().eq(schema.iter()))
            && self.conditions.iter().all(|condition| {
                let value = dimension(metric, &condition.key);
                let is_one =
                    value.is_some_and(|value| condition.values.iter().any(|it| it == value));
                is_one == condition.is
            })
    }

    /// What stands for all metrics that it may read.
    pub(super) fn metrics(&self) -> MetricId {
        MetricId::every(&self.namespace, &self.metric_name)
    }

    /// The dimensions that tell a series from the others.
    pub(super) fn dimensions(&self, group: &[String]) -> MetricId {
        let pairs = self.group_by.iter().cloned().zip(group.iter().cloned());
        MetricId::new(self.namespace.clone(), self.metric_name.clone(), pairs)
    }

    /// The series to which a metric belongs.
    pub(super) fn group(&self, metric: &MetricId) -> Vec<String> {
        let value = |key: &String| dimension(metric, key).unwrap_or(OTHER).to_owned();
        self.group_by.iter().map(value).collect()
    }

    /// With how many values a metric is compared.
    pub(super) fn words(&self) -> usize {
        self.conditions.iter().map(|condition| condition.values.len()).sum::<usize>() + 1
    }

    pub(super) fn is_grouped(&self) -> bool {
        !self.group_by.is_empty()
    }
}

fn dimension<'a>(metric: &'a MetricId, key: &str) -> Option<&'a str> {
    let found = metric.dimensions().iter().find(|(name, _)| name == key);
    found.map(|(_, value)| value.as_str())
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Bare(String),
    /// In double quotes: a name.
    Name(String),
    /// In single quotes: a value.
    Value(String),
    Sign(&'static str),
}

const SIGNS: [&str; 5] = ["!=", "=", "(", ")", ","];

fn unexpected(word: Option<&Word>) -> MathError {
    MathError::Syntax(match word {
        None => "unexpected end of the query".to_owned(),
        Some(Word::Bare(text) | Word::Name(text) | Word::Value(text)) => {
            format!("unexpected '{text}' in the query")
        }
        Some(Word::Sign(sign)) => format!("unexpected '{sign}' in the query"),
    })
}

fn words(text: &str) -> Result<Vec<Word>, MathError> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            words.push(Word::Sign(sign));
            rest = &rest[sign.len()..];
        } else if first == '"' || first == '\'' {
            let (quoted, after) = quoted(&rest[1..], first)
                .ok_or_else(|| MathError::Syntax("a quotation mark is missing".to_owned()))?;
            words.push(if first == '"' { Word::Name(quoted) } else { Word::Value(quoted) });
            rest = after;
        } else if first.is_alphanumeric() || matches!(first, '_' | '.' | ':') {
            let ends = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | ':');
            let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            words.push(Word::Bare(word.to_owned()));
            rest = after;
        } else {
            return Err(MathError::Syntax(format!("unexpected '{first}' in the query")));
        }
    }
    Ok(words)
}

fn quoted(rest: &str, quote: char) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            letter if letter == quote => return Some((text, &rest[at + 1..])),
            '\\' => text.push(letters.next()?.1),
            letter => text.push(letter),
        }
    }
    None
}

struct Reader {
    words: Vec<Word>,
    at: usize,
}

impl Reader {
    fn fail<T>(&self) -> Result<T, MathError> {
        Err(unexpected(self.words.get(self.at)))
    }

    /// Keywords have no case.
    fn takes(&mut self, keyword: &str) -> bool {
        let word = self.words.get(self.at);
        let is = matches!(word, Some(Word::Bare(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(is);
        is
    }

    fn keyword(&mut self, keyword: &str) -> Result<(), MathError> {
        if self.takes(keyword) { Ok(()) } else { self.fail() }
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.words.get(self.at), Some(Word::Sign(found)) if *found == sign);
        self.at += usize::from(is);
        is
    }

    fn sign(&mut self, sign: &str) -> Result<(), MathError> {
        if self.takes_sign(sign) { Ok(()) } else { self.fail() }
    }

    fn name(&mut self) -> Result<String, MathError> {
        match self.words.get(self.at) {
            Some(Word::Bare(name) | Word::Name(name)) => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => self.fail(),
        }
    }

    fn names(&mut self) -> Result<Vec<String>, MathError> {
        let mut names = vec![self.name()?];
        while self.takes_sign(",") {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn function(&mut self) -> Result<Function, MathError> {
        let function = match self.words.get(self.at) {
            Some(Word::Bare(word)) => Function::named(word),
            _ => None,
        };
        match function {
            Some(function) => {
                self.at += 1;
                Ok(function)
            }
            None => self.fail(),
        }
    }

    /// A namespace, and the names of all dimensions if it is a schema.
    fn source(&mut self) -> Result<(String, Option<Vec<String>>), MathError> {
        let begins = self.at;
        if self.takes("SCHEMA") && self.takes_sign("(") {
            let mut names = self.names()?;
            self.sign(")")?;
            let namespace = names.remove(0);
            names.sort_unstable();
            return Ok((namespace, Some(names)));
        }
        self.at = begins;
        Ok((self.name()?, None))
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, MathError> {
        let mut conditions = Vec::new();
        if !self.takes("WHERE") {
            return Ok(conditions);
        }
        loop {
            let key = self.name()?;
            let condition = match () {
                () if self.takes_sign("=") => (vec![self.value()?], true),
                () if self.takes_sign("!=") => (vec![self.value()?], false),
                () => {
                    let is = !self.takes("NOT");
                    self.keyword("IN")?;
                    (self.values()?, is)
                }
            };
            conditions.push(Condition { key, values: condition.0, is: condition.1 });
            if !self.takes("AND") {
                return Ok(conditions);
            }
        }
    }

    fn value(&mut self) -> Result<String, MathError> {
        match self.words.get(self.at) {
            Some(Word::Value(value)) => {
                self.at += 1;
                Ok(value.clone())
            }
            _ => self.fail(),
        }
    }

    fn values(&mut self) -> Result<Vec<String>, MathError> {
        self.sign("(")?;
        let mut values = vec![self.value()?];
        while self.takes_sign(",") {
            values.push(self.value()?);
        }
        self.sign(")")?;
        Ok(values)
    }

    fn order(&mut self) -> Result<Option<Order>, MathError> {
        if !self.takes("ORDER") {
            return Ok(None);
        }
        self.keyword("BY")?;
        let by = self.function()?;
        self.sign("(")?;
        self.sign(")")?;
        let descending = self.takes("DESC");
        if !descending {
            self.takes("ASC");
        }
        Ok(Some(Order { by, descending }))
    }

    fn limit(&mut self) -> Result<usize, MathError> {
        if !self.takes("LIMIT") {
            return Ok(SERIES_MAX);
        }
        let limit = match self.words.get(self.at) {
            Some(Word::Bare(word)) => word.parse().ok(),
            _ => None,
        };
        match limit.filter(|limit| (1..=SERIES_MAX).contains(limit)) {
            Some(limit) => {
                self.at += 1;
                Ok(limit)
            }
            None => self.fail(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read() {
        for text in [
            "SELECT AVG(CPUUtilization) FROM \"AWS/EC2\"",
            "select max(\"My.Metric\") from SCHEMA(\"AWS/EC2\", InstanceId)",
            "SELECT SUM(m) FROM N WHERE A = 'x' AND B != 'y' AND C IN ('1') AND D NOT IN ('3')",
            "SELECT COUNT(m)\nFROM SCHEMA(N)\nGROUP BY A, \"B c\"\nORDER BY MAX() DESC\nLIMIT 5",
            "SELECT MIN(m) FROM SCHEMA ORDER BY SUM() ASC",
            "SELECT AVG(\"Bytes\\\"Input\\\"\") FROM N WHERE A = 'it\\'s'",
        ] {
            assert!(Select::is_one(text), "{text}");
            assert!(Select::parse(text).is_ok(), "{text}: {:?}", Select::parse(text));
        }
        for text in [
            "SELECT",
            "SELECT AVG",
            "SELECT AVG(m)",
            "SELECT P99(m) FROM N",
            "SELECT AVG(m) FROM 'N'",
            "SELECT AVG(m) FROM N WHERE",
            "SELECT AVG(m) FROM N WHERE A = x",
            "SELECT AVG(m) FROM N LIMIT 0",
            "SELECT AVG(m) FROM N LIMIT 501",
            "SELECT AVG(m) FROM N GROUP A",
            "SELECT AVG(m) FROM N ORDER BY MAX",
            "SELECT AVG(m) FROM SCHEMA()",
            "SELECT AVG(m) FROM N x",
            "SELECT AVG(m) FROM \"N",
            "SELECT ;",
        ] {
            assert!(Select::parse(text).is_err(), "{text}");
        }
        for text in ["SELECTION", "m1", "ééééé", ""] {
            assert!(!Select::is_one(text), "{text}");
        }
    }

    #[test]
    fn metrics_are_chosen_and_grouped() {
        let metric = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            MetricId::new("N", "m", pairs)
        };
        let both = metric(&[("A", "x"), ("B", "y")]);
        let one = metric(&[("A", "x")]);
        let none = metric(&[]);
        for (rest, expected) in [
            ("N", [true, true, true]),
            ("SCHEMA(N)", [false, false, true]),
            ("SCHEMA(N, A)", [false, true, false]),
            ("SCHEMA(N, B, A)", [true, false, false]),
            ("N WHERE A = 'x'", [true, true, false]),
            ("N WHERE B != 'y'", [false, true, true]),
            ("N WHERE A IN ('w', 'x') AND B = 'y'", [true, false, false]),
            ("M", [false, false, false]),
        ] {
            let select = Select::parse(&format!("SELECT AVG(m) FROM {rest}")).unwrap();
            assert_eq!([&both, &one, &none].map(|it| select.matches(it)), expected, "{rest}");
        }
        let select = Select::parse("SELECT AVG(m) FROM N GROUP BY B, A").unwrap();
        assert_eq!(select.group(&both), ["y", "x"]);
        assert_eq!(select.group(&one), ["Other", "x"]);
    }
}
