//! The grammar of `SEARCH`: a schema in braces and terms that metrics must match.
//!
//! Source: user guide "CloudWatch search expression syntax".

use super::error::MathError;
use super::search_tokens::{Tokens, matches};
use crate::services::cloudwatch::metric::MetricId;

/// Longest search.
const LENGTH_MAX: usize = 1024;
const DEPTH_MAX: usize = 32;
/// Signs that stand alone where they are not quoted.
const SIGNS: &[char] = &['"', '(', ')', '=', '{', '}', ','];

/// What is searched for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Search {
    schema: Option<Schema>,
    term: Option<Term>,
    /// How many words it has: each is compared with each metric.
    pub(super) words: usize,
}

/// A namespace and the names of all dimensions; of any if none is named.
#[derive(Clone, Debug, PartialEq)]
struct Schema {
    namespace: String,
    /// Sorted.
    dimensions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    All(Vec<Term>),
    Any(Vec<Term>),
    Not(Box<Term>),
    /// Where it is looked for, if that is said, and what.
    Word(Option<String>, Wanted),
}

#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    Exact(String),
    Partial(Tokens),
}

impl Search {
    /// Reads what stands in the quotes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, MathError> {
        if text.chars().count() > LENGTH_MAX {
            return Err(wrong(format!("a search has {LENGTH_MAX} characters at most")));
        }
        let mut reader = Reader { words: words(text)?, at: 0, depth: 0 };
        let words = reader.words.len();
        let schema = reader.schema()?;
        let term = match reader.peek() {
            None => None,
            Some(_) => Some(reader.any(None)?),
        };
        match reader.peek() {
            Some(word) => Err(wrong(format!("unexpected '{}'", word.shown()))),
            None if schema.is_none() && term.is_none() => Err(wrong("there is nothing in it")),
            None => Ok(Self { schema, term, words }),
        }
    }

    /// Whether a metric of the account is found.
    pub(super) fn finds(&self, metric: &MetricId, account: &str) -> bool {
        self.schema.as_ref().is_none_or(|schema| schema.has(metric))
            && self.term.as_ref().is_none_or(|term| term.matches(metric, account))
    }
}

impl Schema {
    fn has(&self, metric: &MetricId) -> bool {
        let names = || metric.dimensions().iter().map(|(name, _)| name);
        self.namespace == metric.namespace()
            && (self.dimensions.is_empty() || names().eq(self.dimensions.iter()))
    }
}

impl Term {
    fn matches(&self, metric: &MetricId, account: &str) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.matches(metric, account)),
            Self::Any(terms) => terms.iter().any(|term| term.matches(metric, account)),
            Self::Not(term) => !term.matches(metric, account),
            Self::Word(None, wanted) => {
                let mut dimensions = metric.dimensions().iter();
                wanted.is(metric.name())
                    || wanted.is(metric.namespace())
                    || dimensions.any(|(name, value)| wanted.is(name) || wanted.is(value))
            }
            Self::Word(Some(place), wanted) => match place.as_str() {
                "MetricName" => wanted.is(metric.name()),
                "Namespace" => wanted.is(metric.namespace()),
                ":aws.AccountId" => wanted.is(account),
                place => {
                    let mut dimensions = metric.dimensions().iter();
                    dimensions.any(|(name, value)| name == place && wanted.is(value))
                }
            },
        }
    }
}

impl Wanted {
    fn is(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == text,
            Self::Partial(tokens) => matches(tokens, text),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Quoted(String),
    Bare(String),
    Sign(char),
}

impl Word {
    fn shown(&self) -> String {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text.clone(),
            Self::Sign(sign) => sign.to_string(),
        }
    }
}

fn wrong(what: impl Into<String>) -> MathError {
    MathError::Arguments("SEARCH".to_owned(), what.into())
}

/// A backslash makes an ordinary letter of the next one.
fn words(text: &str) -> Result<Vec<Word>, MathError> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(first) = letters.next() {
        if first.is_whitespace() {
            continue;
        }
        if first == '"' {
            let mut quoted = String::new();
            loop {
                match letters.next() {
                    None => return Err(wrong("a quotation mark is missing")),
                    Some('"') => break,
                    Some('\\') => quoted.extend(letters.next()),
                    Some(letter) => quoted.push(letter),
                }
            }
            words.push(Word::Quoted(quoted));
        } else if SIGNS.contains(&first) {
            words.push(Word::Sign(first));
        } else {
            let mut bare = String::from(first);
            while let Some(letter) =
                letters.next_if(|letter| !letter.is_whitespace() && !SIGNS.contains(letter))
            {
                bare.push(letter);
            }
            words.push(Word::Bare(bare));
        }
    }
    Ok(words)
}

struct Reader {
    words: Vec<Word>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn takes(&mut self, sign: char) -> bool {
        let is = self.peek() == Some(&Word::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Word::Bare(found)) if found == word);
        self.at += usize::from(is);
        is
    }

    fn schema(&mut self) -> Result<Option<Schema>, MathError> {
        if !self.takes('{') {
            return Ok(None);
        }
        let namespace = self.name()?;
        let mut dimensions = Vec::new();
        while self.takes(',') {
            dimensions.push(self.name()?);
        }
        if !self.takes('}') {
            return Err(wrong("a schema has no end"));
        }
        self.takes(',');
        dimensions.sort_unstable();
        Ok(Some(Schema { namespace, dimensions }))
    }

    /// Bare words of a schema may hold blanks inside.
    fn name(&mut self) -> Result<String, MathError> {
        let mut name: Vec<String> = Vec::new();
        while let Some(Word::Quoted(text) | Word::Bare(text)) = self.peek() {
            name.push(text.clone());
            self.at += 1;
        }
        if name.is_empty() {
            return Err(wrong("a name is missing in the schema"));
        }
        Ok(name.join(" "))
    }

    /// `place` is where the words are looked for, if that stood before the bracket.
    fn any(&mut self, place: Option<&str>) -> Result<Term, MathError> {
        let mut terms = vec![self.all(place)?];
        while self.takes_word("OR") {
            terms.push(self.all(place)?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Term::Any(terms) })
    }

    fn all(&mut self, place: Option<&str>) -> Result<Term, MathError> {
        let mut terms = vec![self.one(place)?];
        loop {
            let ends = match self.peek() {
                None => true,
                Some(Word::Sign(sign)) => *sign != '(',
                Some(Word::Bare(word)) => word == "OR",
                Some(Word::Quoted(_)) => false,
            };
            if ends && !self.takes_word("AND") {
                break;
            }
            self.takes_word("AND");
            terms.push(self.one(place)?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Term::All(terms) })
    }

    fn one(&mut self, place: Option<&str>) -> Result<Term, MathError> {
        if self.depth == DEPTH_MAX {
            return Err(MathError::TooDeep);
        }
        self.depth += 1;
        let term = self.one_inside(place);
        self.depth -= 1;
        term
    }

    fn one_inside(&mut self, place: Option<&str>) -> Result<Term, MathError> {
        if self.takes_word("NOT") {
            return Ok(Term::Not(Box::new(self.one(place)?)));
        }
        if self.takes('(') {
            let inner = self.any(place)?;
            return match self.takes(')') {
                true => Ok(inner),
                false => Err(wrong("a bracket has no end")),
            };
        }
        let Some(word) = self.peek().cloned() else {
            return Err(wrong("a term is missing"));
        };
        let (text, wanted) = match word {
            Word::Quoted(text) => (text.clone(), Wanted::Exact(text)),
            Word::Bare(text) => (text.clone(), Wanted::Partial(Tokens::of(&text))),
            Word::Sign(sign) => return Err(wrong(format!("unexpected '{sign}'"))),
        };
        self.at += 1;
        if place.is_none() && self.takes('=') {
            return self.one(Some(&text));
        }
        Ok(Term::Word(place.map(str::to_owned), wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricId {
        let pairs = dimensions.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        MetricId::new(namespace, name, pairs)
    }

    /// The examples of the user guide.
    #[test]
    fn searches_find_what_the_guide_says() {
        let cpu = metric("AWS/EC2", "CPUUtilization", &[("InstanceId", "i-1")]);
        let by_type = metric("AWS/EC2", "CPUUtilization", &[("InstanceType", "t2.micro")]);
        let errors = metric("AWS/Lambda", "Errors", &[("FunctionName", "ProjectA-one")]);
        let custom = metric("My", "CustomCount1", &[]);
        let network = metric("My", "Network-Errors-2", &[]);
        let odd = metric("My", "Europe\\France Traffic(Network)", &[("Dimension@Name", "x y")]);
        let all = [&cpu, &by_type, &errors, &custom, &network, &odd];
        for (text, found) in [
            (" {AWS/EC2,InstanceId} MetricName=\"CPUUtilization\" ", vec![&cpu]),
            ("{AWS/EC2}", vec![&cpu, &by_type]),
            ("{AWS/EC2, InstanceType}, \"CPUUtilization\"", vec![&by_type]),
            ("\"CPUUtilization\"", vec![&cpu, &by_type]),
            ("{My}, \"CustomCount1\"", vec![&custom]),
            ("{My}, \"customcount1\"", vec![]),
            ("{My} \"Custom\"", vec![]),
            ("count", vec![&custom]),
            ("Count", vec![&custom]),
            ("COUNT", vec![&custom]),
            ("couNT", vec![]),
            ("CustomCount", vec![&custom]),
            ("Count1", vec![&custom]),
            ("customcount", vec![]),
            ("count1", vec![]),
            ("customcount1", vec![]),
            ("network/errors", vec![&network]),
            ("network+errors", vec![&network]),
            ("Network_Errors", vec![&network]),
            ("\"Network_Errors_2\"", vec![]),
            ("\"Network-Errors-2\"", vec![&network]),
            ("\"Europe\\\\France Traffic\\(Network\\)\"", vec![&odd]),
            ("{My, \"Dimension@Name\"} \"x y\"", vec![&odd]),
            ("InstanceType=micro", vec![&by_type]),
            ("InstanceType=\"t2.micro\" Namespace=\"AWS/EC2\"", vec![&by_type]),
            ("NOT Namespace=AWS", vec![&custom, &network, &odd]),
            ("utilization AND NOT i-1", vec![&by_type]),
            ("cpu NOT \"i-1\" NOT \"t2.micro\"", vec![]),
            ("(EC2 OR Lambda) (MetricName=Errors OR i-1)", vec![&cpu, &errors]),
            (
                "MetricName=\"Errors\" OR (MetricName=\"CPUUtilization\" AND InstanceId=(\"i-1\" OR \"i-2\"))",
                vec![&cpu, &errors],
            ),
            ("\"InstanceId\"=(\"i-2\" OR \"i-1\")", vec![&cpu]),
            (":aws.AccountId=\"123456789012\" count", vec![&custom]),
            (":aws.AccountId=\"999999999999\" count", vec![]),
        ] {
            let search = Search::parse(text).unwrap();
            let is: Vec<_> =
                all.iter().copied().filter(|metric| search.finds(metric, "123456789012")).collect();
            assert_eq!(is, found, "{text}");
        }
    }

    #[test]
    fn what_is_no_search_is_refused() {
        let deep = "(".repeat(DEPTH_MAX + 1);
        let long = "x".repeat(LENGTH_MAX + 1);
        for text in [
            "", " ", "{", "{}", "{a", "{a,}", "\"a", "(a", "a)", "a OR", "NOT", "a=", "=a",
            "AND a =", &deep, &long,
        ] {
            assert!(Search::parse(text).is_err(), "{text}");
        }
    }
}
