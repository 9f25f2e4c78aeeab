//! The tree that the keys of a form are: a node is a run of sorted parameters with one prefix.
//!
//! Nothing is built: going to a child narrows the run.

use std::cmp::Ordering;

use memchr::memchr;

use super::parse::Parameter;

/// All parameters whose key is `prefix` or begins with `prefix.`.
#[derive(Clone, Copy)]
pub(super) struct Node<'f> {
    parameters: &'f [Parameter<'f>],
    /// Where the children's part of the keys starts: behind the prefix and its dot.
    start: usize,
}

impl<'f> Node<'f> {
    pub(super) fn root(parameters: &'f [Parameter<'f>]) -> Self {
        Self { parameters, start: 0 }
    }

    /// The node's own value; the first one when it was given several times.
    pub(super) fn text(self) -> Option<&'f str> {
        let first = self.parameters.first()?;
        self.part(first).is_none().then_some(&*first.value)
    }

    /// The key of this node, for messages.
    pub(super) fn path(self) -> &'f str {
        let key = self.parameters.first().map_or("", |first| &*first.key);
        &key[..self.start.saturating_sub(1)]
    }

    /// Whether only the node itself may have a value.
    pub(super) fn is_leaf(self) -> bool {
        self.parameters.last().is_none_or(|last| self.part(last).is_none())
    }

    /// Whether all children are indexes.
    pub(super) fn has_only_indexes(self) -> bool {
        // Names come after indexes.
        let last = self.parameters.last().and_then(|last| self.part(last));
        last.is_none_or(is_index)
    }

    /// The child called `name`, if it or anything below it was given.
    pub(super) fn child(self, name: &str) -> Option<Node<'f>> {
        let order = |parameter: &Parameter<'_>| {
            let Some(rest) = parameter.key.get(self.start..) else { return Ordering::Less };
            match rest.strip_prefix(name) {
                Some(below) if below.is_empty() || below.starts_with('.') => Ordering::Equal,
                _ => compare_parts(first_part(rest), name),
            }
        };
        let from = self.parameters.partition_point(|parameter| order(parameter) == Ordering::Less);
        let rest = &self.parameters[from..];
        let count = rest.partition_point(|parameter| order(parameter) == Ordering::Equal);
        (count > 0).then(|| self.narrow(&rest[..count], name))
    }

    /// The names and nodes of all children, indexes in the order of their numbers.
    pub(super) fn children(self) -> Children<'f> {
        let own = self.parameters.partition_point(|parameter| self.part(parameter).is_none());
        Children { rest: Node { parameters: &self.parameters[own..], ..self } }
    }

    fn narrow(self, parameters: &'f [Parameter<'f>], name: &str) -> Node<'f> {
        Node { parameters, start: self.start + name.len() + 1 }
    }

    /// The part of a parameter's key that names the child it belongs to; `None` if it is this
    /// node's own value.
    fn part<'k>(self, parameter: &'k Parameter<'_>) -> Option<&'k str> {
        parameter.key.get(self.start..).map(first_part)
    }
}

/// Iterator of [`Node::children`].
#[derive(Clone)]
pub(super) struct Children<'f> {
    rest: Node<'f>,
}

impl<'f> Iterator for Children<'f> {
    type Item = (&'f str, Node<'f>);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.rest;
        let name = node.part(node.parameters.first()?)?;
        let count = node.parameters.partition_point(|parameter| node.part(parameter) == Some(name));
        let (child, rest) = node.parameters.split_at(count);
        self.rest.parameters = rest;
        Some((name, node.narrow(child, name)))
    }
}

/// What is before the first dot.
fn first_part(key: &str) -> &str {
    &key[..memchr(b'.', key.as_bytes()).unwrap_or(key.len())]
}

/// Whether a part of a key is a list's index.
fn is_index(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Orders keys part by part.
pub(super) fn compare_paths(a: &str, b: &str) -> Ordering {
    let same = common(a.as_bytes(), b.as_bytes());
    // Whole parts that are the same need no look; most keys share all but their last.
    let from = a.as_bytes()[..same].iter().rposition(|byte| *byte == b'.').map_or(0, |at| at + 1);
    let (mut a, mut b) = (a[from..].split('.'), b[from..].split('.'));
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => match compare_parts(a, b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

/// How many bytes two keys begin with alike. Many at once: this is most of what sorting does.
fn common(a: &[u8], b: &[u8]) -> usize {
    let (many_of_a, _) = a.as_chunks::<16>();
    let (many_of_b, _) = b.as_chunks::<16>();
    let alike = many_of_a.iter().zip(many_of_b).take_while(|(a, b)| a == b).count() * 16;
    alike + a[alike..].iter().zip(&b[alike..]).take_while(|(a, b)| a == b).count()
}

/// Orders indexes by number and before names, names by their bytes; equal only if identical.
fn compare_parts(a: &str, b: &str) -> Ordering {
    match (is_index(a), is_index(b)) {
        (true, true) => {
            let (short_a, short_b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            (short_a.len(), short_a, a.len()).cmp(&(short_b.len(), short_b, b.len()))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}
