//! A form as a tree of texts, for those who look for single members without knowing the type.

use serde_json::{Map, Value};

use super::Form;
use super::node::Node;

/// The keys of a form as nested objects, indexes among them: `A.member.1=x` is
/// `{"A": {"member": {"1": "x"}}}`. What is no form is an empty object.
pub fn document(body: &[u8]) -> Value {
    Form::parse(body).map_or_else(|_| Value::Object(Map::new()), |form| tree(form.root()))
}

/// Not deeper than [`super::DEPTH_MAX`], as no key is.
fn tree(node: Node<'_>) -> Value {
    if let Some(text) = node.text().filter(|_| node.is_leaf()) {
        return text.into();
    }
    node.children().map(|(name, child)| (name.to_owned(), tree(child))).collect()
}
