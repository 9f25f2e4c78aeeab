//! Just enough XML for answers of the query protocol: elements and text.

#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) children: Vec<Node>,
    pub(crate) text: String,
}

impl Node {
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The root element of a document.
pub(crate) fn parse(document: &str) -> Node {
    let mut open: Vec<Node> = vec![Node::default()];
    for piece in document.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every tag ends");
        if tag.starts_with('?') {
            continue;
        }
        if !tag.starts_with('/') {
            let name = tag.trim_end_matches('/').split(' ').next().unwrap_or_default();
            open.push(Node { name: name.to_owned(), ..Node::default() });
        }
        if tag.starts_with('/') || tag.ends_with('/') {
            let node = open.pop().expect("an element that ends began");
            assert!(tag.ends_with('/') || tag[1..] == node.name, "{tag} ends {}", node.name);
            open.last_mut().expect("the document is open").children.push(node);
        }
        if let Some(node) = open.last_mut().filter(|_| !text.is_empty()) {
            node.text.push_str(&unescape(text));
        }
    }
    open.pop().and_then(|mut document| document.children.pop()).expect("a root element")
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#xd;", "\r"),
        ("&#xa;", "\n"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
