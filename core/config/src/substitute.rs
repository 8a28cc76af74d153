//! How do `${each.key}` and `${parameter.size}` get their values? Text for text, before any other reference is looked at.

use core_model::tree::{Node, NodeValue, Scalar};
use core_model::{Diagnostic, Origin};

use crate::expression::{self, ESCAPED_OPENING, OPENING, Piece};
use crate::report::Report;
use crate::walk::Missing;

/// Where the references of one kind get their values from.
pub(crate) trait Scope {
    /// The first word of its references.
    fn word(&self) -> &'static str;

    fn value(&self, path: &[&str]) -> Result<Node, Missing>;

    /// The origin of a value that takes the place of a whole scalar written at `used`.
    fn origin(&self, value: &Origin, used: &Origin) -> Origin;
}

/// Fills in the references of `scope` and leaves all others as they are.
pub(crate) fn substitute(node: &mut Node, scope: &dyn Scope, report: &mut Report) {
    match &mut node.value {
        NodeValue::Null => {}
        NodeValue::List(items) => items.iter_mut().for_each(|item| substitute(item, scope, report)),
        NodeValue::Map(entries) => entries.iter_mut().for_each(|entry| substitute(&mut entry.node, scope, report)),
        NodeValue::Scalar(scalar) => {
            let Some(text) = scalar.as_text().filter(|text| text.contains(OPENING)) else { return };
            match filled(text, scalar, &node.origin, scope) {
                Ok(None) => {}
                Ok(Some(value)) => *node = value,
                Err(missing) => {
                    let mut diagnostic = Diagnostic::error("Unknown reference", missing.detail).at_origin(&node.origin);
                    diagnostic.hint = missing.hint;
                    report.push(diagnostic);
                    report.fail(&node.origin.span);
                }
            }
        }
    }
}

fn filled(text: &str, scalar: &Scalar, used: &Origin, scope: &dyn Scope) -> Result<Option<Node>, Missing> {
    if let Some(inside) = expression::whole(text) {
        let Some(value) = lookup(inside, scope)? else { return Ok(None) };
        let origin = scope.origin(&value.origin, used);
        return Ok(Some(Node { value: value.value, origin }));
    }
    let mut out = String::with_capacity(text.len());
    let mut is_changed = false;
    for piece in expression::pieces(text) {
        match piece {
            Piece::Text(text) => push(&mut out, text)?,
            Piece::Unclosed(text) => out.push_str(text),
            Piece::Escaped => out.push_str(ESCAPED_OPENING),
            Piece::Reference(inside) => match lookup(inside, scope)? {
                None => push(&mut out, &format!("{OPENING}{inside}}}"))?,
                Some(value) => {
                    is_changed = true;
                    push(&mut out, inner_text(&value, inside)?)?;
                }
            },
        }
    }
    Ok(is_changed.then(|| Node::scalar(out, scalar.style, used.clone())))
}

/// The value of a reference of this scope; `None` for references that are filled in later, and for those that are malformed.
fn lookup(inside: &str, scope: &dyn Scope) -> Result<Option<Node>, Missing> {
    match expression::parse(inside) {
        Ok(reference) if reference.scope == scope.word() => scope.value(&reference.path).map(Some),
        _ => Ok(None),
    }
}

/// A `$` and a `{` that come together by filling in are text, as each of them was.
fn push(out: &mut String, text: &str) -> Result<(), Missing> {
    if out.ends_with('$') && text.starts_with(OPENING) {
        return Err(Missing {
            detail: format!("A value that ends in `$` stands directly before `{text}`, which would turn the reference into text."),
            hint: Some("write the `$` into the same value as what follows".to_owned()),
        });
    }
    if out.ends_with('$') && text.starts_with('{') {
        out.push('$');
    }
    out.push_str(text);
    Ok(())
}

fn inner_text<'a>(value: &'a Node, inside: &str) -> Result<&'a str, Missing> {
    value.as_text().ok_or_else(|| Missing {
        detail: format!("`{inside}` is {}, which cannot stand inside a text.", value.kind()),
        hint: Some("let the reference be the whole value, or refer to one of its parts".to_owned()),
    })
}
