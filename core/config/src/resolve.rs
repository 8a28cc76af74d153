//! What do the references of an environment stand for? Desired values of other resources, values of the environment, names of secrets.

mod reach;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use core_model::tree::{Entry, Node, NodeValue, Part, Scalar};
use core_model::{Diagnostic, Origin, Span};

use crate::expand::Declared;
use crate::expression::{self, OPENING, Piece};
use crate::fuel::Fuel;
use crate::index::Index;
use crate::limits::TEXT_BYTES_MAX;
use crate::report::Report;
use crate::settings::{Environment, SecretDeclaration};
use crate::walk;
use reach::Goal;

/// Why one resource waits for another: the position that says so. By dependant, then by dependency.
pub(crate) type Edges = Vec<BTreeMap<usize, Span>>;

/// What ipr.yaml says about the environment.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) environment: &'a Environment,
    /// The environment's values as one map.
    pub(crate) values: &'a Node,
    pub(crate) secrets: &'a BTreeMap<String, SecretDeclaration>,
}

/// Fills in the references of all resources of one environment.
pub(crate) struct Resolver<'a, 'b> {
    given: Given<'a>,
    declared: &'a [Declared<'a>],
    index: &'a Index,
    fuel: &'b mut Fuel,
    report: &'b mut Report,
    edges: Edges,
    memory: HashMap<Goal, Option<Node>>,
    /// The references that are being followed, each from the one before, and where each is written.
    active: Vec<(Goal, Span)>,
}

/// Whose text is read: a resource's, or that of the environment's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Resource(usize),
    Environment,
}

impl<'a, 'b> Resolver<'a, 'b> {
    pub(crate) fn new(given: Given<'a>, declared: &'a [Declared<'a>], index: &'a Index, fuel: &'b mut Fuel, report: &'b mut Report) -> Self {
        let edges = vec![BTreeMap::new(); declared.len()];
        Self { given, declared, index, fuel, report, edges, memory: HashMap::new(), active: Vec::new() }
    }

    /// The resource with its references filled in. Those that cannot be are reported and stay as they are.
    pub(crate) fn resource(&mut self, place: usize) -> Cow<'a, Node> {
        let declared = &self.declared[place];
        let resolved = if walk::refers(&declared.node) {
            Cow::Owned(self.node(&declared.node, Owner::Resource(place)).0)
        } else {
            Cow::Borrowed(&*declared.node)
        };
        for deferred in &declared.deferred {
            let (value, is_complete) = self.node(&deferred.value, Owner::Resource(place));
            if is_complete {
                deferred.parameter.check(&value, &format!("with.{}", deferred.parameter.name), self.report);
            }
        }
        resolved
    }

    /// The tree with its references filled in, and whether all of them were.
    fn node(&mut self, node: &Node, owner: Owner) -> (Node, bool) {
        match &node.value {
            NodeValue::Null => (node.clone(), true),
            NodeValue::Scalar(scalar) => match self.scalar(node, scalar, owner) {
                Some(value) => (value, true),
                None => {
                    self.report.fail(&node.origin.span);
                    (node.clone(), false)
                }
            },
            NodeValue::List(items) => {
                let (items, complete): (Vec<Node>, Vec<bool>) = items.iter().map(|item| self.node(item, owner)).unzip();
                (Node { value: NodeValue::List(items), origin: node.origin.clone() }, complete.iter().all(|complete| *complete))
            }
            NodeValue::Map(entries) => self.map(node, entries, owner),
        }
    }

    fn map(&mut self, node: &Node, entries: &[Entry], owner: Owner) -> (Node, bool) {
        let mut all_complete = true;
        let mut resolved = Vec::with_capacity(entries.len());
        for Entry { key, key_origin, node } in entries {
            if key.contains(OPENING) {
                all_complete = false;
                let diagnostic = Diagnostic::error("Reference in key", format!("The key `{key}` holds a reference; only values can."));
                self.report.push(diagnostic.hint("write the key out").at_origin(key_origin));
            }
            let (value, is_complete) = self.node(node, owner);
            all_complete &= is_complete;
            resolved.push(Entry { key: key.clone(), key_origin: key_origin.clone(), node: value });
        }
        (Node { value: NodeValue::Map(resolved), origin: node.origin.clone() }, all_complete)
    }

    /// `None` when a reference of the scalar has no value, which is reported.
    fn scalar(&mut self, node: &Node, scalar: &Scalar, owner: Owner) -> Option<Node> {
        let Some(text) = scalar.as_text().filter(|text| text.contains(OPENING)) else { return Some(node.clone()) };
        if self.report.has_failed(&node.origin.span) {
            return None;
        }
        if let Some(inside) = expression::whole(text) {
            let value = self.reference(inside, node, owner)?;
            let origin = value.origin.used_at(format!("value of `{inside}` at"), &node.origin);
            return Some(Node { value: value.value, origin });
        }
        let parts = self.parts(text, node, owner)?;
        Some(Node { value: NodeValue::Scalar(Scalar::of_parts(parts, scalar.style)), origin: node.origin.clone() })
    }

    fn parts(&mut self, text: &str, node: &Node, owner: Owner) -> Option<Vec<Part>> {
        let mut parts = vec![Part::Text(String::new())];
        let mut length = 0;
        for piece in expression::pieces(text) {
            match piece {
                Piece::Text(text) => length += append(&mut parts, text),
                Piece::Escaped => length += append(&mut parts, OPENING),
                Piece::Unclosed(text) => {
                    let diagnostic = Diagnostic::error("Unclosed reference", format!("`{text}` has no closing `}}`."));
                    return self.refuse(diagnostic.hint("close it, or write `$${` for a literal `${`"), &node.origin);
                }
                Piece::Reference(inside) => {
                    let value = self.reference(inside, node, owner)?;
                    let NodeValue::Scalar(scalar) = value.value else {
                        let detail = format!("`${{{inside}}}` is {}, which cannot stand inside a text.", value.kind());
                        let hint = "let the reference be the whole value, or refer to one of its parts";
                        return self.refuse(Diagnostic::error("Reference is not text", detail).hint(hint), &node.origin);
                    };
                    for part in scalar.into_parts() {
                        match part {
                            Part::Text(text) => length += append(&mut parts, &text),
                            Part::Secret(_) => {
                                length += 1;
                                parts.push(part);
                            }
                        }
                    }
                }
            }
            if length > TEXT_BYTES_MAX {
                let detail = format!("With its references filled in the text has more than {TEXT_BYTES_MAX} bytes.");
                return self.refuse(Diagnostic::error("Text too long", detail).hint("shorten it"), &node.origin);
            }
        }
        if parts.len() > 1 {
            parts.retain(|part| *part != Part::Text(String::new()));
        }
        Some(parts)
    }

    fn refuse<T>(&mut self, diagnostic: Diagnostic, origin: &Origin) -> Option<T> {
        self.report.push(diagnostic.at_origin(origin));
        self.report.fail(&origin.span);
        None
    }

    /// What the caller goes on with when all resources are done.
    pub(crate) fn into_edges(self) -> Edges {
        self.edges
    }
}

/// Adds a text, and says how long it was.
fn append(parts: &mut Vec<Part>, text: &str) -> usize {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
    text.len()
}
