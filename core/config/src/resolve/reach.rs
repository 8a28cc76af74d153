//! What does one reference lead to? A value of the environment, of another resource, or the name of a secret.

use core_model::diagnostic::nearest;
use core_model::tree::{Node, NodeValue, Part, Scalar, Style};
use core_model::{Diagnostic, Origin};

use super::{Owner, Resolver};
use crate::expand::Declared;
use crate::expression::{self, Reference, SCOPES};
use crate::limits::{DEPTH_MAX, REFERENCE_CHAIN_MAX};
use crate::walk::{self, Lost, Missing, walk};

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Goal {
    owner: Owner,
    path: String,
}

impl Goal {
    fn said(&self, start: &str) -> String {
        format!("{start}.{}", self.path)
    }
}

impl<'a> Resolver<'a, '_> {
    /// The value of what stands between `${` and `}` in `node`.
    pub(super) fn reference(&mut self, inside: &str, node: &Node, owner: Owner) -> Option<Node> {
        let reference = match expression::parse(inside) {
            Ok(reference) => reference,
            Err(problem) => {
                let hint = "references are ${resource...}, ${env...}, ${each...} and ${secret...}; write `$${` for a literal `${`";
                let diagnostic = Diagnostic::error("Malformed reference", format!("`${{{inside}}}` {problem}.")).hint(hint);
                return self.refuse(diagnostic, &node.origin);
            }
        };
        match reference.scope {
            "secret" => self.secret(&reference, node),
            "env" => self.environment_value(&reference, node),
            "resource" => self.resource_value(&reference, inside, node, owner),
            scope => {
                let diagnostic = self.unavailable(scope, inside);
                self.refuse(diagnostic, &node.origin)
            }
        }
    }

    fn unavailable(&self, scope: &str, inside: &str) -> Diagnostic {
        let detail = |why: &str| format!("`${{{inside}}}` is not known here: {why}.");
        match scope {
            "each" => Diagnostic::error("Unknown reference", detail("the resource has no `each`, or a template wrote it"))
                .hint("add `each` to the resource; hand a value to a template through `with`"),
            "parameter" => Diagnostic::error("Unknown reference", detail("only templates have parameters")).hint("use ${env...} or ${each...}"),
            _ => {
                let hint = match nearest(scope, SCOPES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `$${` for a literal `${`".to_owned(),
                };
                Diagnostic::error("Unknown reference", detail(&format!("there is nothing called `{scope}`"))).hint(hint)
            }
        }
    }

    fn secret(&mut self, reference: &Reference<'_>, node: &Node) -> Option<Node> {
        let name = reference.path.join(".");
        let environment = self.given.environment;
        let Some(declaration) = self.given.secrets.get(&name) else {
            let diagnostic = Diagnostic::error("Undeclared secret", format!("ipr.yaml does not list the secret `{name}`."));
            let hint = match nearest(&name, self.given.secrets.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add it to ipr.yaml: secrets: {{{name}: {{env: VARIABLE, environments: [{}]}}}}", environment.name),
            };
            return self.refuse(diagnostic.hint(hint), &node.origin);
        };
        if !declaration.environments.contains(&environment.name) {
            let detail = format!("The environment `{}` may not use the secret `{name}`, listed at {}.", environment.name, declaration.span);
            let hint = format!("add `{}` to its environments, or use another secret", environment.name);
            return self.refuse(Diagnostic::error("Secret not allowed here", detail).hint(hint), &node.origin);
        }
        let scalar = Scalar::of_parts(vec![Part::Secret(name)], Style::Quoted);
        Some(Node { value: NodeValue::Scalar(scalar), origin: Origin::new(declaration.span.clone()) })
    }

    fn environment_value(&mut self, reference: &Reference<'_>, node: &Node) -> Option<Node> {
        let goal = Goal { owner: Owner::Environment, path: reference.path.join(".") };
        self.reach(goal, &reference.path, node)
    }

    fn resource_value(&mut self, reference: &Reference<'_>, inside: &str, node: &Node, owner: Owner) -> Option<Node> {
        let Owner::Resource(from) = owner else {
            let diagnostic = Diagnostic::error("Reference not allowed here", format!("`${{{inside}}}` stands in a value of the environment."));
            return self.refuse(diagnostic.hint("values may refer to other values and to secrets"), &node.origin);
        };
        let roots = ["specs", "metadata"];
        let Some(length) = reference.path.iter().position(|segment| roots.contains(segment)).filter(|place| (1..=2).contains(place)) else {
            let diagnostic = Diagnostic::error("Malformed reference", format!("`${{{inside}}}` does not lead into `specs` or `metadata`."));
            return self.refuse(diagnostic.hint("for example ${resource.web-01.specs.network.ip}"), &node.origin);
        };
        let (name, path) = reference.path.split_at(length);
        let blueprint = &self.declared[from].address.blueprint;
        match self.index.find(blueprint, &name.join(".")) {
            Ok(place) => {
                if place != from {
                    self.edges[from].entry(place).or_insert_with(|| node.origin.span.clone());
                }
                self.reach(Goal { owner: Owner::Resource(place), path: path.join(".") }, path, node)
            }
            Err(Lost::Failed) => None,
            Err(Lost::Missing(missing)) => self.lost("Dangling reference", inside, missing, node),
        }
    }

    /// The value at `path` of what the goal belongs to, remembered once it is known.
    fn reach(&mut self, goal: Goal, path: &[&str], node: &Node) -> Option<Node> {
        if let Some(known) = self.memory.get(&goal) {
            let known = known.clone()?;
            return self.fuel.spend(walk::count(&known), &node.origin, self.report).then_some(known);
        }
        if let Some(start) = self.active.iter().position(|(active, _)| *active == goal) {
            self.circle(start, &node.origin);
            return None;
        }
        if self.active.len() >= REFERENCE_CHAIN_MAX {
            let detail = format!("More than {REFERENCE_CHAIN_MAX} references lead on from one to the next.");
            return self.refuse(Diagnostic::error("References lead too far", detail).hint("refer to the value where it is written"), &node.origin);
        }
        self.active.push((goal.clone(), node.origin.span.clone()));
        let value = self.follow(&goal, path, node);
        self.active.pop();
        self.memory.insert(goal, value.clone());
        value
    }

    fn follow(&mut self, goal: &Goal, path: &[&str], node: &Node) -> Option<Node> {
        let (start, said) = match goal.owner {
            Owner::Environment => (self.given.values, "env".to_owned()),
            Owner::Resource(place) => {
                let all: &'a [Declared<'a>] = self.declared;
                if all[place].is_broken {
                    return None;
                }
                (&*all[place].node, all[place].address.to_string())
            }
        };
        let found = walk(start, &said, path, |node| match &node.value {
            NodeValue::Scalar(scalar) if walk::refers(node) => match self.scalar(node, scalar, goal.owner) {
                Some(value) => Ok(Some(value)),
                None => {
                    self.report.fail(&node.origin.span);
                    Err(Lost::Failed)
                }
            },
            _ => Ok(None),
        });
        let found = match found {
            Ok(found) => found.into_owned(),
            Err(Lost::Failed) => return None,
            Err(Lost::Missing(missing)) => return self.lost("Dangling reference", &goal.said(&said), missing, node),
        };
        if !self.fuel.spend(walk::count(&found), &node.origin, self.report) {
            return None;
        }
        let (value, is_complete) = self.node(&found, goal.owner);
        if walk::depth(&value) > DEPTH_MAX / 2 {
            let detail = format!("`{}` nests deeper than {} levels, which is too much to refer to.", goal.said(&said), DEPTH_MAX / 2);
            return self.refuse(Diagnostic::error("Nested too deep", detail).hint("refer to one of its parts"), &node.origin);
        }
        is_complete.then_some(value)
    }

    /// References that lead back to where they started. A circle through several resources is a circle of dependencies
    /// as well, and told as one.
    fn circle(&mut self, start: usize, origin: &Origin) {
        let circle = &self.active[start..];
        if circle.iter().any(|(goal, _)| goal.owner != circle[0].0.owner) {
            return;
        }
        let steps = circle.iter().skip(1).map(|(goal, span)| (self.shown(goal), span)).chain([(self.shown(&circle[0].0), &origin.span)]);
        let mut detail = format!("`{}`", self.shown(&circle[0].0));
        for (step, span) in steps {
            detail.push_str(&format!(" refers to `{step}` ({span}), which"));
        }
        let detail = format!("{}.", detail.trim_end_matches(", which"));
        self.report.push(Diagnostic::error("Reference cycle", detail).hint("write one of the values out").at_origin(origin));
    }

    fn shown(&self, goal: &Goal) -> String {
        match goal.owner {
            Owner::Environment => format!("env.{}", goal.path),
            Owner::Resource(place) => format!("{}.{}", self.declared[place].address, goal.path),
        }
    }

    fn lost(&mut self, summary: &'static str, inside: &str, missing: Missing, node: &Node) -> Option<Node> {
        let mut diagnostic = Diagnostic::error(summary, format!("`{inside}` leads nowhere. {}", missing.detail));
        diagnostic.hint = missing.hint;
        self.refuse(diagnostic, &node.origin)
    }
}
