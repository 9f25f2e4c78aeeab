//! Counts what an expression does, so that every evaluation ends after the same amount of work,
//! wherever it runs: calls of its functions, values that a filter looks at, numbers of a range,
//! characters that are put together. The tree is rewritten once, when it is read; the counting
//! functions are registered for each evaluation.

use std::cell::Cell;
use std::rc::Rc;

use jsonata_core::ast::{AstNode, BinaryOp, Stage};
use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

/// Calls, filtered values and numbers of ranges in an evaluation.
const WORK_MAX: u64 = 1_000_000;
/// Bytes of a text that an expression puts together.
const TEXT_BYTES_MAX: usize = 4 << 20;

/// No name of JSONata's or of a user's begins like this.
const TICK: &str = "\u{1}tick";
const UP_TO: &str = "\u{1}upto";
const TEXT: &str = "\u{1}text";

/// Functions of ours in place of JSONata's that need to know the context, which stands for an
/// argument that is left out: what is registered for a name does not see it, so it is handed in.
pub(super) const WITH_CONTEXT: &[(&str, &str)] = &[
    ("pad", "\u{1}pad"),
    ("toMillis", "\u{1}toMillis"),
    ("encodeUrl", "\u{1}encodeUrl"),
    ("encodeUrlComponent", "\u{1}encodeUrlComponent"),
];

/// The same expression, counted.
pub(super) fn counted(mut tree: AstNode, source: &str) -> AstNode {
    // Whoever gives such a name to a function of their own means that one.
    let own = |name: &str| {
        let mut places = source.match_indices(name).map(|(at, _)| &source[at + name.len()..]);
        places.any(|rest| !rest.trim_start().starts_with('('))
    };
    let renamed = WITH_CONTEXT.iter().filter(|(name, _)| !own(&format!("${name}")));
    visit(&mut tree, &renamed.copied().collect::<Vec<_>>());
    tree
}

type Renamed<'a> = &'a [(&'static str, &'static str)];

/// Registers the counting functions, with a count of their own.
pub(super) fn register(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    let left = Rc::new(Cell::new(WORK_MAX));
    let work = Rc::clone(&left);
    evaluator.register_fn(TICK, move |_: &[JValue]| {
        charge(&work, 1)?;
        Ok(JValue::Undefined)
    })?;
    evaluator.register_fn(UP_TO, move |arguments: &[JValue]| {
        let [from, to] = arguments else { return Ok(JValue::Undefined) };
        if let Some(end) = to.as_f64() {
            let length = end - from.as_f64().unwrap_or(0.0);
            charge(&left, if length > 0.0 { length as u64 } else { 1 })?;
        }
        Ok(to.clone())
    })?;
    evaluator.register_fn(TEXT, |arguments: &[JValue]| {
        let text = arguments.first().cloned().unwrap_or(JValue::Undefined);
        if text.as_str().is_some_and(|it| it.len() > TEXT_BYTES_MAX) {
            return Err(refused("D2015: The text is too long"));
        }
        Ok(text)
    })
}

pub(super) fn refused(message: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.to_owned())
}

fn charge(left: &Cell<u64>, work: u64) -> Result<(), EvaluatorError> {
    let rest = left.get().checked_sub(work);
    let rest = rest.ok_or_else(|| refused("D1012: The expression does too much work"))?;
    left.set(rest);
    Ok(())
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

fn take(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Null)
}

/// `body`, counted. A call in its last place stays one, so that tail calls stay tail calls.
fn ticked(body: &mut AstNode) {
    let inner = take(body);
    *body = AstNode::Block(vec![call(TICK, Vec::new()), inner]);
}

/// The parser bounds how deep trees are.
fn visit(node: &mut AstNode, renamed: Renamed<'_>) {
    match node {
        AstNode::Lambda { body, .. } => {
            visit(body, renamed);
            ticked(body);
        }
        AstNode::Path { steps } => steps.iter_mut().for_each(|step| {
            visit(&mut step.node, renamed);
            step.stages.iter_mut().for_each(|stage| visit_stage(stage, renamed));
        }),
        AstNode::Binary { op, lhs, rhs } => {
            visit(lhs, renamed);
            visit(rhs, renamed);
            match op {
                BinaryOp::Range => count_range(lhs, rhs),
                BinaryOp::Concatenate => *node = call(TEXT, vec![take(node)]),
                _ => {}
            }
        }
        AstNode::Unary { operand, .. } => visit(operand, renamed),
        AstNode::Function { name, args, is_builtin } => {
            args.iter_mut().for_each(|it| visit(it, renamed));
            let partial = args.iter().any(|it| matches!(it, AstNode::Placeholder));
            let row = renamed.iter().find(|row| *is_builtin && !partial && row.0 == name);
            if let Some((_, ours)) = row {
                (*ours).clone_into(name);
                args.insert(0, AstNode::Variable(String::new()));
            }
        }
        AstNode::Call { procedure, args } => {
            visit(procedure, renamed);
            args.iter_mut().for_each(|it| visit(it, renamed));
        }
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            items.iter_mut().for_each(|it| visit(it, renamed));
        }
        AstNode::Object(pairs) => visit_pairs(pairs, renamed),
        AstNode::ObjectTransform { input, pattern } => {
            visit(input, renamed);
            visit_pairs(pattern, renamed);
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            visit(condition, renamed);
            visit(then_branch, renamed);
            else_branch.iter_mut().for_each(|it| visit(it, renamed));
        }
        AstNode::FunctionApplication(inner) => visit(inner, renamed),
        AstNode::Sort { input, terms } => {
            visit(input, renamed);
            terms.iter_mut().for_each(|(term, _)| visit(term, renamed));
        }
        AstNode::Transform { location, update, delete } => {
            visit(location, renamed);
            visit(update, renamed);
            delete.iter_mut().for_each(|it| visit(it, renamed));
        }
        _ => {}
    }
}

fn visit_pairs(pairs: &mut [(AstNode, AstNode)], renamed: Renamed<'_>) {
    for (name, value) in pairs {
        visit(name, renamed);
        visit(value, renamed);
    }
}

/// A number picks one value; what else stands in a filter is asked for each value.
fn visit_stage(stage: &mut Stage, renamed: Renamed<'_>) {
    let Stage::Filter(filter) = stage else { return };
    visit(filter, renamed);
    let counts = matches!(**filter, AstNode::Binary { .. } | AstNode::Function { .. });
    if counts {
        ticked(filter);
    }
}

/// A range is as long as its end says, less its beginning where that is plain.
fn count_range(from: &AstNode, to: &mut Box<AstNode>) {
    let from = match from {
        AstNode::Number(_) | AstNode::Variable(_) => from.clone(),
        _ => AstNode::Number(0.0),
    };
    **to = call(UP_TO, vec![from, take(to)]);
}
