//! JSON whose members keep their order, which counts where its text is sent and its MD5 compared.

use std::fmt::{Formatter, Result as Written};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

#[derive(Clone, Debug)]
pub(crate) enum Ordered {
    /// Null, a truth value or a number.
    Scalar(Value),
    Text(String),
    List(Vec<Ordered>),
    Map(Vec<(String, Ordered)>),
}

impl Default for Ordered {
    fn default() -> Self {
        Self::Map(Vec::new())
    }
}

impl Ordered {
    /// Every text in it.
    pub(crate) fn each_text(&self, look: &mut impl FnMut(&str)) {
        match self {
            Self::Scalar(_) => {}
            Self::Text(text) => look(text),
            Self::List(items) => items.iter().for_each(|item| item.each_text(look)),
            Self::Map(members) => members.iter().for_each(|(_, member)| member.each_text(look)),
        }
    }

    /// The text as Python writes it: a blank after each comma and colon, ASCII only.
    pub(crate) fn spaced(&self) -> String {
        match self {
            Self::Scalar(value) => value.to_string(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::spaced).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(members) => {
                let member = |(name, value): &(String, Self)| {
                    format!("{}: {}", quoted(name), value.spaced())
                };
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for character in Value::from(text).to_string().chars() {
        if character.is_ascii() {
            quoted.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            quoted.push_str(&format!("\\u{unit:04x}"));
        }
    }
    quoted
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Ordered;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Ordered, E> {
        Ok(Ordered::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Ordered, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Ordered::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Ordered, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Ordered::Map(map))
    }
}
