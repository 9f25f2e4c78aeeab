//! Writes XML and HTML so that every tag is closed and every text is escaped.

/// A document that grows. Names are literals, so they are never escaped; everything else is.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    text: String,
}

impl Markup {
    /// Begins with `prologue`, such as a document type.
    pub(crate) fn new(prologue: &'static str) -> Self {
        Self { text: prologue.to_owned() }
    }

    /// An element with what `inside` writes between its tags.
    pub(crate) fn element(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        inside(self);
        self.text += &format!("</{tag}>");
    }

    /// An element that holds a text only.
    pub(crate) fn leaf(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        text: &str,
    ) {
        self.element(tag, attributes, |inside| inside.text(text));
    }

    /// An HTML element without a closing tag, such as `meta`.
    pub(crate) fn void(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.open(tag, attributes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.text, text);
    }

    /// Markup, a style sheet or a script of our own.
    pub(crate) fn raw(&mut self, text: &'static str) {
        self.text += text;
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.text += &format!("<{tag}");
        for (name, value) in attributes {
            self.text += &format!(" {name}=\"");
            escape(&mut self.text, value);
            self.text.push('"');
        }
        self.text.push('>');
    }
}

/// Good in texts and in quoted attributes, of XML and of HTML. What XML 1.0 can't carry at all
/// becomes the replacement character.
fn escape(to: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\'' => to.push_str("&#39;"),
            '\n' | '\t' => to.push(character),
            '\u{fffe}' | '\u{ffff}' => to.push('\u{fffd}'),
            control if control.is_control() && control < '\u{80}' => to.push('\u{fffd}'),
            other => to.push(other),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Markup;

    /// Panics unless every tag of `text` is closed in order; `void` tags need no closing.
    pub(crate) fn assert_closed(text: &str, void: &[&str]) {
        let mut open = Vec::new();
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('<') {
            let (tag, after) = after.split_once('>').expect("a tag has an end");
            rest = after;
            if tag.starts_with(['!', '?']) {
                continue;
            }
            let name = tag.split([' ', '\n']).next().unwrap_or_default();
            if let Some(name) = name.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "before {}", &after[..after.len().min(80)]);
            } else if !tag.ends_with('/') && !void.contains(&name) {
                open.push(name);
            }
        }
        assert_eq!(open, Vec::<&str>::new());
    }

    #[test]
    fn texts_and_attributes_are_escaped() {
        let check = |text: &str, wanted: &str| {
            let mut markup = Markup::default();
            markup.leaf("a", &[("b", text)], text);
            assert_eq!(markup.into_text(), format!("<a b=\"{wanted}\">{wanted}</a>"));
        };
        check("plain \u{fc}ber", "plain \u{fc}ber");
        check("<script>", "&lt;script&gt;");
        check("a & b", "a &amp; b");
        check("\"x\" 'y'", "&quot;x&quot; &#39;y&#39;");
        check("]]>", "]]&gt;");
        check("a\nb\tc", "a\nb\tc");
        check("\u{0}\u{1b}[31m\r\u{ffff}", "\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_is_not_closed_is_found() {
        assert_closed("<!doctype html><a><meta><b c=\"1\"></b><d/></a>", &["meta"]);
        for broken in ["<a>", "<a></b></a>", "</a>"] {
            assert!(std::panic::catch_unwind(|| assert_closed(broken, &[])).is_err(), "{broken}");
        }
    }
}
