//! What Step Functions adds to JSONata's functions, takes away from them, or needs to be told.
//!
//! Source: AWS, "Transforming data with JSONata in Step Functions" (`$partition`, `$range`,
//! `$hash`, `$random`, `$uuid`, `$parse`; `$eval` is not there).

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::bounds::{self, WITH_CONTEXT, refused};
use super::{Error, coded};
use crate::intrinsic::{digest, range_length};
use crate::random::Random;

type Shared = Rc<RefCell<Random>>;
type Answer = Result<JValue, EvaluatorError>;

/// Bytes that `$pad` may make.
const PAD_MAX: f64 = 1_000_000.0;

/// Registers everything for one evaluation at `now` (milliseconds since 1970).
pub(super) fn register(evaluator: &mut Evaluator, now: i64, random: &Shared) -> Result<(), Error> {
    let done = bounds::register(evaluator)
        .and_then(|()| additions(evaluator))
        .and_then(|()| chance(evaluator, random))
        .and_then(|()| time(evaluator, now))
        .and_then(|()| limits(evaluator))
        .and_then(|()| with_context(evaluator, now));
    done.map_err(|error| coded(error.message()))
}

fn additions(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    evaluator.register_fn("partition", partition)?;
    evaluator.register_fn("range", range)?;
    evaluator.register_fn("hash", hash)?;
    evaluator.register_fn("parse", parse)
}

fn chance(evaluator: &mut Evaluator, random: &Shared) -> Result<(), EvaluatorError> {
    let source = Rc::clone(random);
    evaluator
        .register_fn("uuid", move |_: &[JValue]| Ok(JValue::string(source.borrow_mut().uuid())))?;
    let source = Rc::clone(random);
    evaluator.register_fn_override("random", move |arguments: &[JValue]| {
        Ok(JValue::from_f64(match arguments.first().and_then(JValue::as_f64) {
            Some(seed) => Random::new(seed.to_bits()).unit(),
            None => source.borrow_mut().unit(),
        }))
    })?;
    let source = Rc::clone(random);
    evaluator.register_fn_override("shuffle", move |arguments: &[JValue]| {
        let Some(list) = arguments.first() else { return Ok(JValue::Undefined) };
        let Some(items) = list.as_array() else { return Ok(list.clone()) };
        let mut items = items.clone();
        for last in (1..items.len()).rev() {
            items.swap(last, source.borrow_mut().below(last as u64 + 1) as usize);
        }
        Ok(JValue::array(items))
    })
}

fn time(evaluator: &mut Evaluator, now: i64) -> Result<(), EvaluatorError> {
    evaluator
        .register_fn_override("millis", move |_: &[JValue]| Ok(JValue::from_f64(now as f64)))?;
    evaluator.register_fn_override("now", move |arguments: &[JValue]| {
        let mut all = vec![JValue::from_f64(now as f64)];
        all.extend(arguments.iter().take(2).cloned());
        built_in("fromMillis", &all)
    })?;
    evaluator.register_fn_override("toMillis", move |arguments: &[JValue]| {
        to_millis(arguments, &JValue::Undefined, now)
    })
}

fn limits(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    evaluator.register_fn_override("eval", |_: &[JValue]| {
        Err(refused("T1006: Attempted to invoke a non-function"))
    })?;
    // Where they are not called but named, as behind `~>`.
    for name in ["encodeUrl", "encodeUrlComponent"] {
        evaluator.register_fn_override(name, move |arguments: &[JValue]| {
            encode(name, arguments, &JValue::Undefined)
        })?;
    }
    evaluator.register_fn_override("pad", |arguments: &[JValue]| pad(arguments, &JValue::Undefined))
}

/// The same functions again, which are called with the context in front of their arguments.
fn with_context(evaluator: &mut Evaluator, now: i64) -> Result<(), EvaluatorError> {
    for (name, ours) in WITH_CONTEXT {
        evaluator.register_fn(*ours, move |arguments: &[JValue]| {
            let [context, arguments @ ..] = arguments else { return Ok(JValue::Undefined) };
            match *name {
                "pad" => pad(arguments, context),
                "toMillis" => to_millis(arguments, context, now),
                name => encode(name, arguments, context),
            }
        })?;
    }
    Ok(())
}

fn pad(arguments: &[JValue], context: &JValue) -> Answer {
    let mut widths = arguments.iter().take(2).filter_map(JValue::as_f64);
    if widths.any(|width| width.abs() > PAD_MAX) {
        return Err(refused("D2015: The text is too long"));
    }
    built_in_with("pad", arguments, context)
}

/// JavaScript's `encodeURI` and `encodeURIComponent`: the library escapes some more.
fn encode(name: &str, arguments: &[JValue], context: &JValue) -> Answer {
    let text = match arguments {
        [] => context.as_str(),
        [one] => one.as_str(),
        _ => None,
    };
    let Some(text) = text else { return built_in_with(name, arguments, context) };
    let plain = if name == "encodeUrl" { "-_.!~*'();,/?:@&=+$#" } else { "-_.!~*'()" };
    let mut encoded = String::new();
    for byte in text.bytes() {
        let it = char::from(byte);
        if it.is_ascii_alphanumeric() || (byte.is_ascii() && plain.contains(it)) {
            encoded.push(it);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Ok(JValue::string(encoded))
}

/// A function as JSONata itself has it.
fn built_in(name: &str, arguments: &[JValue]) -> Answer {
    built_in_with(name, arguments, &JValue::Undefined)
}

fn built_in_with(name: &str, arguments: &[JValue], data: &JValue) -> Answer {
    let mut context = Context::new();
    let mut names = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        context.bind(format!("a{index}"), argument.clone());
        names.push(format!("$a{index}"));
    }
    let tree = parser::parse(&format!("${name}({})", names.join(",")));
    let tree = tree.map_err(|error| refused(&error.to_string()))?;
    Evaluator::with_context(context).evaluate(&tree, data)
}

/// A picture without a date means a time of today, and one without a year a date of this year: what
/// is missing in front is put there, so that nobody asks the clock.
fn to_millis(arguments: &[JValue], context: &JValue, now: i64) -> Answer {
    let (text, picture) = match arguments {
        [text, picture, ..] => (text.as_str(), picture.as_str()),
        _ => (None, None),
    };
    let (Some(text), Some(picture)) = (text, picture) else {
        return built_in_with("toMillis", arguments, context);
    };
    let has = |parts: &[&str]| parts.iter().any(|part| picture.contains(part));
    let missing = if has(&["[Y", "[X"]) || !picture.contains('[') {
        ""
    } else if has(&["[M", "[d", "[W", "[x", "[w"]) {
        "[Y0001]"
    } else if has(&["[D", "[F"]) {
        "[Y0001]-[M01]"
    } else {
        "[Y0001]-[M01]-[D01]"
    };
    if missing.is_empty() {
        return built_in("toMillis", arguments);
    }
    let today = built_in("fromMillis", &[JValue::from_f64(now as f64), JValue::from(missing)])?;
    let today = today.as_str().unwrap_or_default();
    let text = JValue::string(format!("{today}|{text}"));
    built_in("toMillis", &[text, JValue::string(format!("{missing}|{picture}"))])
}

fn partition(arguments: &[JValue]) -> Answer {
    let Some(list) = arguments.first().filter(|it| !it.is_undefined()) else {
        return Ok(JValue::Undefined);
    };
    let one = [list.clone()];
    let items = list.as_array().map_or(&one[..], |items| items.as_slice());
    let size = arguments.get(1).and_then(JValue::as_f64).unwrap_or(0.0);
    if size.round() < 1.0 {
        return Err(refused("D3070: The chunk size of $partition must be a positive number"));
    }
    let chunks = items.chunks(size.round() as usize);
    Ok(JValue::array(chunks.map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

fn range(arguments: &[JValue]) -> Answer {
    let numbers: Option<Vec<f64>> = arguments.iter().map(JValue::as_f64).collect();
    let Some([first, last, step]) = numbers.as_deref() else {
        return Err(refused("T0410: $range takes three numbers: first, last and step"));
    };
    let count = range_length(*first, *last, *step)
        .ok_or_else(|| refused("D2014: $range makes too many values, or none"))?;
    let values = (0..count).map(|index| JValue::from_f64(first + step * index as f64));
    Ok(JValue::array(values.collect()))
}

fn hash(arguments: &[JValue]) -> Answer {
    let Some(text) = arguments.first().and_then(JValue::as_str) else {
        return Ok(JValue::Undefined);
    };
    let algorithm = arguments.get(1).and_then(JValue::as_str).unwrap_or("SHA-1");
    let hashed = digest(algorithm, text.as_bytes());
    let hashed = hashed.ok_or_else(|| {
        refused(&format!("D3137: {algorithm} is not a hash algorithm that $hash knows"))
    })?;
    Ok(JValue::string(hashed))
}

fn parse(arguments: &[JValue]) -> Answer {
    let Some(text) = arguments.first().and_then(JValue::as_str) else {
        return Ok(JValue::Undefined);
    };
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.map(JValue::from).map_err(|error| refused(&format!("D3137: $parse: {error}")))
}
