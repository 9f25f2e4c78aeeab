//! XML as SAML uses it, read event by event: elements, attributes and text.
//!
//! Knows no DTDs, which SAML forbids; namespaces are cut off. Needs memory for one element only, so
//! its bound is that of the text.

/// What is found next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// `<name …>`; an element without content is followed by its end.
    Begin(Element<'a>),
    End,
    Text(String),
}

/// An element's head, without namespaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    attributes: Vec<(&'a str, String)>,
}

impl Element<'_> {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads events off a text.
pub(super) struct Reader<'a> {
    rest: &'a str,
    /// The last element was `<name/>`: its end comes next.
    ends: bool,
}

/// The text is not well-formed, or uses what SAML forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}'), ends: false }
    }

    /// The next event; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'a>>, Malformed> {
        if std::mem::take(&mut self.ends) {
            return Ok(Some(Event::End));
        }
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let Some(markup) = self.rest.strip_prefix('<') else {
                let text = &self.rest[..self.rest.find('<').unwrap_or(self.rest.len())];
                self.rest = &self.rest[text.len()..];
                return Ok(Some(Event::Text(unescaped(text)?)));
            };
            if let Some(comment) = markup.strip_prefix("!--") {
                self.rest = after(comment, "-->")?;
            } else if let Some(instruction) = markup.strip_prefix('?') {
                self.rest = after(instruction, "?>")?;
            } else if let Some(data) = markup.strip_prefix("![CDATA[") {
                self.rest = after(data, "]]>")?;
                let length = data.len() - self.rest.len() - "]]>".len();
                return Ok(Some(Event::Text(data[..length].to_owned())));
            } else if let Some(end) = markup.strip_prefix('/') {
                self.rest = after(end, ">")?;
                return Ok(Some(Event::End));
            } else {
                return self.begin(markup).map(Some);
            }
        }
    }

    fn begin(&mut self, markup: &'a str) -> Result<Event<'a>, Malformed> {
        let end = markup.find(|letter: char| letter.is_whitespace() || "/>".contains(letter));
        let name = &markup[..end.ok_or(Malformed)?];
        if name.is_empty() || name.starts_with('!') {
            return Err(Malformed);
        }
        let mut element = Element { name: local(name), attributes: Vec::new() };
        let mut rest = markup[name.len()..].trim_start();
        loop {
            if let Some(after) = rest.strip_prefix("/>") {
                (self.rest, self.ends) = (after, true);
                return Ok(Event::Begin(element));
            }
            if let Some(after) = rest.strip_prefix('>') {
                self.rest = after;
                return Ok(Event::Begin(element));
            }
            let (name, value) = rest.split_once('=').ok_or(Malformed)?;
            let value = value.trim_start();
            let quote = value.chars().next().filter(|it| "'\"".contains(*it)).ok_or(Malformed)?;
            let (value, after) = value[1..].split_once(quote).ok_or(Malformed)?;
            element.attributes.push((local(name.trim_end()), unescaped(value)?));
            rest = after.trim_start();
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn after<'a>(text: &'a str, end: &str) -> Result<&'a str, Malformed> {
    text.split_once(end).map(|(_, rest)| rest).ok_or(Malformed)
}

fn unescaped(text: &str) -> Result<String, Malformed> {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').ok_or(Malformed)?;
        let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name
                .strip_prefix("#x")
                .and_then(|digits| number(digits, 16))
                .or_else(|| name.strip_prefix('#').and_then(|digits| number(digits, 10)))
                .and_then(char::from_u32),
        };
        plain.push(letter.ok_or(Malformed)?);
        plain.push_str(rest);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, Malformed> {
        let (mut reader, mut out) = (Reader::new(text), String::new());
        while let Some(event) = reader.next()? {
            match event {
                Event::Begin(Element { name, attributes }) => {
                    out.push_str(&format!("({name}"));
                    attributes.iter().for_each(|(n, v)| out.push_str(&format!(" {n}={v}")));
                }
                Event::End => out.push(')'),
                Event::Text(text) => out.push_str(&format!("[{text}]")),
            }
        }
        Ok(out)
    }

    #[test]
    fn elements_are_read_in_order() {
        for (text, events) in [
            ("<a/>", "(a)"),
            ("<s:a x:b = '1' c=\"2\"/>", "(a b=1 c=2)"),
            ("<a>1 &lt;&#x26;&#65; <b></b></a>", "(a[1 <&A ](b))"),
            ("<?xml version='1.0'?><!-- <x> --><a><![CDATA[<&]]></a>", "(a[<&])"),
            ("", ""),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(events), "{text}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in
            ["<a", "<a b>", "<a b=1>", "<a b='1>", "<!DOCTYPE a>", "<>", "&x;", "&#xD800;", "<!--"]
        {
            assert_eq!(shown(text), Err(Malformed), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[<>/=&;'\"!?\\[\\]#xa: é-]{0,60}") {
            let read = shown(&text);
            proptest::prop_assert!(read.is_err() || !text.is_empty() || read == Ok(String::new()));
        }
    }
}
