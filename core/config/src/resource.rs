//! What is a resource, once its references are filled in? Its type, its target, its name there, and its values as the type reads them.

use core_model::decode::{self, Findings};
use core_model::diagnostic::nearest;
use core_model::name::TargetName;
use core_model::resource_type::{LANGUAGE_PROVIDERS, Naming, Registry, ResourceType, object_name};
use core_model::state::DesiredResource;
use core_model::tree::{Node, NodeValue};
use core_model::{Address, Diagnostic, Origin, seal};
use serde_json::{Map, Value};

use crate::lifecycle;
use crate::links::Links;
use crate::report::Report;
use crate::section;
use crate::settings::{Environment, Repository, is_provider};

/// What other resources may ask about a resource.
#[derive(Default)]
pub(crate) struct Described {
    pub(crate) type_name: Option<String>,
    /// What the object is called on its target.
    pub(crate) object: String,
    /// `None` when type, provider or target are wrong or come later. Reported.
    pub(crate) kind: Option<&'static dyn ResourceType>,
    pub(crate) target: Option<TargetName>,
}

const KEYS: [&str; 11] = ["type", "name", "provider", "target", "template", "with", "each", "specs", "metadata", "lifecycle", "depends_on"];

/// What describing needs, beside the resource.
pub(crate) struct Describing<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) repository: &'a Repository,
    pub(crate) environment: &'a Environment,
}

impl Describing<'_> {
    /// Reads the keys that stand beside `specs`.
    pub(crate) fn describe(&self, address: &Address, node: &Node, report: &mut Report) -> Described {
        let path = address.to_string();
        section::only(node.as_map().unwrap_or_default(), &KEYS, &path, report);
        let type_node = section::required(node, "type", &path, "It says what kind of object the resource is.", report);
        let type_name = type_node.and_then(|node| plain(node, &section::join(&path, "type"), report));
        let provider_node = section::required(node, "provider", &path, "It says what kind of target the resource is on.", report);
        let provider = provider_node.and_then(|node| Some((plain(node, &section::join(&path, "provider"), report)?, &node.origin)));
        let provider = provider.filter(|(provider, origin)| is_provider(provider, self.registry, origin, report));
        let kind = type_name.zip(provider).zip(type_node).and_then(|((name, provider), node)| self.kind(provider, name, &node.origin, report));
        let target = provider.and_then(|(provider, origin)| self.target(address, provider, origin, node.get("target"), report));
        let naming = kind.map_or(Naming::Resource, |kind| kind.facts().naming);
        let given_name = node.get("specs").and_then(|specs| specs.get("name")).and_then(Node::as_text);
        let text = |path: &str| path.split('.').try_fold(node, |node, key| node.get(key)).and_then(Node::as_text).map(str::to_owned);
        let made_of_fields = kind.and_then(|kind| kind.object_name(&text));
        let metadata = |key: &str| node.get("metadata")?.get(key)?.as_text();
        let object = made_of_fields.unwrap_or_else(|| object_name(naming, &self.environment.prefix, address, given_name, metadata));
        self.restarts_can_wait(&path, node, report);
        Described { type_name: type_name.map(str::to_owned), object, kind, target }
    }

    /// What waits for a window needs one somewhere: an environment without any is one in which nothing waits.
    fn restarts_can_wait(&self, path: &str, node: &Node, report: &mut Report) {
        let Some(restart) = node.get("lifecycle").and_then(|lifecycle| lifecycle.get("restart")) else { return };
        let has_windows = self.repository.environments.values().any(|environment| !environment.windows.is_empty());
        if restart.as_text() == Some("window") && !has_windows {
            let name = &self.environment.name;
            report.push(
                Diagnostic::error("No window", format!("`{path}.lifecycle.restart` is `window`, and no environment of ipr.yaml has windows."))
                    .hint(format!("add one to `environments.{name}`: windows: [{{days: sun, hours: \"02:00-04:00\", zone: UTC, for: restarts}}]"))
                    .at_origin(&restart.origin),
            );
        }
    }

    fn kind(&self, (provider, at): (&str, &Origin), name: &str, name_at: &Origin, report: &mut Report) -> Option<&'static dyn ResourceType> {
        let names = self.registry.names(provider);
        if names.is_empty() && LANGUAGE_PROVIDERS.contains(&provider) {
            report.not_yet(format!("The provider `{provider}` is known to the language, but this program has no engine for it."), at);
            return None;
        }
        let kind = self.registry.get(provider, name);
        if kind.is_none() {
            let hint = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{provider} has: {}", names.join(", ")),
            };
            let diagnostic = Diagnostic::error("Unknown type", format!("The provider `{provider}` has no type `{name}`."));
            report.push(diagnostic.hint(hint).at_origin(name_at));
        }
        kind
    }

    fn target(&self, address: &Address, provider: &str, at: &Origin, given: Option<&Node>, report: &mut Report) -> Option<TargetName> {
        let (target, origin) = match given {
            Some(node) => {
                let text = plain(node, &format!("{address}.target"), report)?;
                let target = text.parse().map_err(|error| report.push(section::invalid_name("target", text, &error, &node.origin))).ok()?;
                (target, &node.origin)
            }
            None => match self.environment.targets.get(provider) {
                Some(target) => (target.clone(), at),
                None => {
                    let name = &self.environment.name;
                    let detail = format!("`{address}` names no target, and the environment `{name}` has none for `{provider}`.");
                    let hint = format!("add it to ipr.yaml: environments: {{{name}: {{targets: {{{provider}: <target>}}}}}}");
                    report.push(Diagnostic::error("Missing target", detail).hint(hint).at_origin(at));
                    return None;
                }
            },
        };
        self.is_usable(&target, provider, origin, report).then_some(target)
    }

    /// Targets that ipr.yaml does not declare are the daemon's to know.
    fn is_usable(&self, target: &TargetName, provider: &str, origin: &Origin, report: &mut Report) -> bool {
        let Some((_, declared)) = self.repository.targets.iter().find(|(name, _)| name.as_str() == target.group()) else { return true };
        let problem = if declared.retired {
            Some(("Target is retired", "is retired".to_owned(), Some("use another target, or remove `retired`".to_owned())))
        } else if declared.provider.as_deref().is_some_and(|other| other != provider) {
            Some(("Target of another provider", format!("is a target of `{}`", declared.provider.as_deref().unwrap_or_default()), None))
        } else {
            let known = || declared.members.keys().map(core_model::Name::as_str);
            match target.member() {
                Some(member) if !known().any(|name| name == member) => {
                    let hint = nearest(member, known()).map(|near| format!("did you mean `{}/{near}`?", declared.name));
                    Some(("Unknown member", format!("has no member `{member}`"), hint))
                }
                None if !declared.members.is_empty() => {
                    let hint = format!("name a member: {}/{}", declared.name, known().next().unwrap_or_default());
                    Some(("Group without member", "is a group".to_owned(), Some(hint)))
                }
                _ => None,
            }
        };
        let Some((summary, detail, hint)) = problem else { return true };
        let mut diagnostic = Diagnostic::error(summary, format!("The target `{}` {detail}.", target.group())).at_origin(origin);
        diagnostic.hint = hint;
        report.push(diagnostic);
        false
    }
}

/// A text, unless its reference was refused before.
fn plain<'a>(node: &'a Node, path: &str, report: &mut Report) -> Option<&'a str> {
    section::text(node, path, report).filter(|_| !report.has_failed(&node.origin.span))
}

/// A resource as its type reads it, with the resources it waits for.
pub(crate) struct Decoded {
    pub(crate) resource: Option<DesiredResource>,
    pub(crate) kind: Option<&'static dyn ResourceType>,
    /// Its table took every value: the type's own checks see no others.
    pub(crate) is_accepted: bool,
    /// The places of what it waits for, and why.
    pub(crate) waits_for: Vec<(usize, Origin)>,
}

/// Decodes a resource. Its mistakes are reported; one whose type or target is not known has no values.
pub(crate) fn decode(address: &Address, node: &Node, described: &Described, links: &Links<'_>, report: &mut Report) -> Decoded {
    let facts = described.kind.map(ResourceType::facts);
    let lifecycle = node.get("lifecycle").map(|node| lifecycle::read(node, address, facts, links, report)).unwrap_or_default();
    let depends_on = node.get("depends_on").map(|node| lifecycle::depends_on(node, links, report)).unwrap_or_default();
    let mut waits_for: Vec<(usize, Origin)> = depends_on.into_iter().map(|(place, origin)| (place, origin.clone())).collect();
    let nothing_more = |waits_for| Decoded { resource: None, kind: described.kind, is_accepted: false, waits_for };
    let Some(facts) = facts else { return nothing_more(waits_for) };
    let mut findings = Findings::default();
    let nothing = Node { value: NodeValue::Map(Vec::new()), origin: node.origin.clone() };
    let mut values = Map::new();
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        let part = node.get(root).unwrap_or(&nothing);
        values.insert(root.to_owned(), Value::Object(decode::decode(fields, part, root, links, &mut findings)));
    }
    let is_accepted = findings.diagnostics.is_empty();
    report.extend(findings.diagnostics);
    for linked in &findings.links {
        if let Ok(Some(place)) = links.find(&linked.to_string()) {
            waits_for.push((place, position_of(node, linked, &address.blueprint).unwrap_or(&node.origin).clone()));
        }
    }
    let Some(target) = described.target.clone() else { return nothing_more(waits_for) };
    let resource = DesiredResource {
        address: address.clone(),
        type_name: facts.name.to_owned(),
        provider: facts.provider.to_owned(),
        target,
        object: described.object.clone(),
        sensitive: seal::sensitive_paths(facts, &values),
        values,
        lifecycle,
        depends_on: Default::default(),
        pins: Default::default(),
        declared_at: node.origin.span.clone(),
        origins: findings.origins.into(),
    };
    Decoded { resource: Some(resource), kind: described.kind, is_accepted, waits_for }
}

/// Where a path was set, or the part of it that has a position.
pub(crate) fn nearest_origin(resource: &DesiredResource, path: &str) -> Origin {
    let mut path = path;
    loop {
        if resource.origins.iter().any(|(set, _)| set == path) {
            return resource.origin_of(path);
        }
        let Some(end) = path.rfind(['.', '[']) else { return resource.origin_of(path) };
        path = &path[..end];
    }
}

/// Where a link to `linked` is written.
fn position_of<'a>(node: &'a Node, linked: &Address, blueprint: &core_model::Name) -> Option<&'a Origin> {
    let full = linked.to_string();
    let names = |text: &str| text == full || (linked.blueprint == *blueprint && text == linked.resource.as_str());
    ["specs", "metadata"].iter().find_map(|root| scalar_position(node.get(root)?, &names))
}

fn scalar_position<'a>(node: &'a Node, names: &dyn Fn(&str) -> bool) -> Option<&'a Origin> {
    match &node.value {
        NodeValue::Null => None,
        NodeValue::Scalar(scalar) => scalar.as_text().is_some_and(names).then_some(&node.origin),
        NodeValue::List(items) => items.iter().find_map(|item| scalar_position(item, names)),
        NodeValue::Map(entries) => entries.iter().find_map(|entry| scalar_position(&entry.node, names)),
    }
}
