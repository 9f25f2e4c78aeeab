//! Event patterns and filter policies: a first line with the pattern, then what it is to match.

use serde_json::Value;
use skyrig::services::shared::pattern::{
    Event, EventPattern, FilterPolicy, FilterPolicyScope, PatternIndex,
};

/// The lines of an input; bytes that are no text are replaced.
pub(super) fn lines<const N: usize>(input: &[u8]) -> [String; N] {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(N, '\n').map(str::to_owned);
    [(); N].map(|()| lines.next().unwrap_or_default())
}

/// A pattern, then an event in JSON.
pub(crate) fn run_event_pattern(input: &[u8]) {
    let [pattern, event] = lines(input);
    let pattern = match EventPattern::parse(&pattern) {
        Ok(pattern) => pattern,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let again = EventPattern::parse(pattern.as_str());
    assert_eq!(again.as_ref(), Ok(&pattern), "what was read once is read again");
    let Ok(event) = serde_json::from_str::<Value>(&event) else { return };
    let fields = Event::new(&event);
    let matches = pattern.matches_event(&fields);
    let misses = pattern.mismatches(&fields);
    assert_eq!(matches, misses.is_empty(), "it says why it does not match, and only then");
    assert!(misses.iter().all(|miss| !miss.reason.is_empty()));
    let mut index = PatternIndex::default();
    index.insert("pattern", &pattern);
    let found = index.candidates(&fields).contains("pattern");
    assert!(found || !matches, "the index leaves out a pattern that matches");
    index.remove("pattern", &pattern);
    assert_eq!(index, PatternIndex::default());
}

/// A filter policy, the message's attributes as one JSON object, its body.
pub(crate) fn run_filter_policy(input: &[u8]) {
    let [policy, attributes, body] = lines(input);
    let attributes = serde_json::from_str(&attributes).unwrap_or(Value::Null);
    for scope in [FilterPolicyScope::MessageAttributes, FilterPolicyScope::MessageBody] {
        match FilterPolicy::parse(&policy, scope) {
            Err(error) => assert!(!error.to_string().is_empty()),
            Ok(read) => {
                let again = FilterPolicy::parse(read.as_str(), scope);
                assert_eq!(again.as_ref(), Ok(&read), "what was read once is read again");
                let misses = read.mismatches(&attributes, &body);
                assert_eq!(read.matches(&attributes, &body), misses.is_empty());
            }
        }
    }
}
