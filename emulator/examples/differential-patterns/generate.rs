//! Patterns and events of few names and few values, so that many have to do with each other.

use serde_json::{Map, Value, json};

/// A pattern and an event, as texts without tabs and line breaks.
pub(crate) struct Pair {
    pub(crate) pattern: String,
    pub(crate) event: String,
}

/// The same pairs for the same seed.
pub(crate) struct Generator(u64);

const NAMES: [&str; 6] = ["a", "b", "c", "d", "a.b", "$or"];
const TEXTS: [&str; 24] = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "A",
    "aB",
    "ba",
    "aab",
    "abab",
    "é",
    "É",
    "ß",
    "a*b",
    "a.b",
    "10.0.0.1",
    "10.0.0.7",
    "010.0.0.1",
    "10.0.1.255",
    "::1",
    "2001:db8::1",
    "1",
    "true",
    "\u{1F600}a",
];
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "1",
    "-1",
    "1.0",
    "1.5",
    "301.8",
    "3.018e2",
    "2",
    "10",
    "0.1",
    "1e3",
    "5000000000",
    "-5000000000",
];
const WILDCARDS: [&str; 16] = [
    "*", "a*", "*b", "a*b", "*a*", "a*b*", "*ab*ab", "a\\*b", "\\\\*", "**", "a**b", "a\\b", "",
    "ab", "*a*b*", "*é*",
];
const CIDRS: [&str; 9] = [
    "10.0.0.0/24",
    "10.0.0.0/31",
    "10.0.0.0/32",
    "10.0.0.5/8",
    "2001:db8::/32",
    "::1/127",
    "x/8",
    "10.0.0.0",
    "10.0.0.0/-1",
];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn pair(&mut self) -> Pair {
        let pattern = self.object(0).to_string();
        let event = self.event(0).to_string();
        Pair { pattern, event }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Once in so many times.
    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn text(&mut self) -> Value {
        self.of(&TEXTS).into()
    }

    fn number(&mut self) -> Value {
        let text = self.of(&NUMBERS);
        serde_json::from_str(text).expect("a number")
    }

    fn leaf(&mut self) -> Value {
        match self.below(10) {
            0 => Value::Null,
            1 => true.into(),
            2 => false.into(),
            3..=5 => self.number(),
            _ => self.text(),
        }
    }

    fn event(&mut self, depth: u32) -> Value {
        let mut members = Map::new();
        for _ in 0..self.below(4) + 1 {
            let name = self.of(&NAMES[..5]);
            let value = self.event_value(depth + 1);
            members.insert(name.to_owned(), value);
        }
        members.into()
    }

    fn event_value(&mut self, depth: u32) -> Value {
        match self.below(10) {
            0..=2 if depth < 3 => self.event(depth),
            3..=4 if depth < 4 => {
                let count = self.below(4);
                (0..count).map(|_| self.event_value(depth + 1)).collect()
            }
            _ => self.leaf(),
        }
    }

    fn object(&mut self, depth: u32) -> Value {
        let mut members = Map::new();
        if depth > 0 && self.once_in(60) {
            return members.into();
        }
        for _ in 0..self.below(2) + 1 {
            let name = self.of(&NAMES);
            let value = match name {
                "$or" if depth < 3 => self.or(depth),
                "$or" => continue,
                _ if depth < 2 && self.once_in(4) => self.object(depth + 1),
                _ => self.list(),
            };
            members.insert(name.to_owned(), value);
        }
        if members.is_empty() {
            members.insert("a".to_owned(), self.list());
        }
        members.into()
    }

    fn or(&mut self, depth: u32) -> Value {
        let count = if self.once_in(20) { 1 } else { self.below(2) + 2 };
        (0..count).map(|_| self.object(depth + 1)).collect()
    }

    fn list(&mut self) -> Value {
        if self.once_in(60) {
            return self.leaf();
        }
        let count = if self.once_in(60) { 0 } else { self.below(3) + 1 };
        let mut list: Vec<Value> = (0..count).map(|_| self.condition()).collect();
        // event-ruler 1.8.1 loses matches, or finds some, where these two stand in one list:
        // `*b` and, without case, `a` match `10.0.0.7` together.
        let is = |it: &Value, operator| {
            !it[operator].is_null() || !it["anything-but"][operator].is_null()
        };
        if list.iter().any(|it| is(it, "wildcard")) {
            list.retain(|it| !is(it, "equals-ignore-case"));
        }
        list.into()
    }

    fn condition(&mut self) -> Value {
        match self.below(14) {
            0..=3 => self.leaf(),
            4 => self.affix("prefix"),
            5 => self.affix("suffix"),
            6 => {
                let text = self.text_or_worse();
                json!({"equals-ignore-case": text})
            }
            7 => {
                let text = self.of(&WILDCARDS);
                json!({"wildcard": text})
            }
            8..=9 => {
                let value = self.negated();
                json!({"anything-but": value})
            }
            10 => {
                let range = self.numeric();
                json!({"numeric": range})
            }
            11 => {
                let block = self.of(&CIDRS);
                json!({"cidr": block})
            }
            12 => {
                let value = if self.once_in(20) { self.leaf() } else { self.once_in(2).into() };
                json!({"exists": value})
            }
            _ => {
                let text = self.text_or_worse();
                json!({"exactly": text})
            }
        }
    }

    fn text_or_worse(&mut self) -> Value {
        if self.once_in(20) { self.leaf() } else { self.text() }
    }

    fn affix(&mut self, operator: &str) -> Value {
        let mut value = self.text_or_worse();
        if self.once_in(3) {
            value = json!({"equals-ignore-case": value});
        }
        json!({operator: value})
    }

    fn negated(&mut self) -> Value {
        let texts = |it: &mut Self| {
            let count = it.below(3) + u64::from(!it.once_in(20));
            (0..count).map(|_| it.text_or_worse()).collect::<Value>()
        };
        match self.below(9) {
            0 => self.text(),
            1 => self.number(),
            2 => texts(self),
            3 => (0..self.below(3) + 1).map(|_| self.number()).collect(),
            4 => self.leaf(),
            number => {
                let operator = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
                let operator = operator[number as usize - 5];
                // Of several bad ones in a list event-ruler names any.
                let one = |it: &mut Self| match operator {
                    "wildcard" => it.of(&WILDCARDS[..9]).into(),
                    _ => it.text_or_worse(),
                };
                let value = match self.once_in(2) {
                    true if operator == "wildcard" => self.of(&WILDCARDS).into(),
                    true => one(self),
                    false => (0..self.below(3) + 1).map(|_| one(self)).collect(),
                };
                json!({operator: value})
            }
        }
    }

    fn numeric(&mut self) -> Value {
        let mut range =
            vec![Value::from(self.of(&["=", "<", "<=", ">", ">=", "<>"])), self.number()];
        if self.once_in(2) {
            range.push(self.of(&["<", "<=", ">", "="]).into());
            range.push(self.number());
        }
        if self.once_in(30) {
            range.push(self.leaf());
        }
        if self.once_in(30) {
            range.remove(0);
        }
        range.into()
    }
}
