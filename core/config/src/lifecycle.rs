//! How may a resource change? Its `lifecycle`, and the names it waits for.

use core_model::decode::{self, Findings};
use core_model::diagnostic::nearest;
use core_model::resource_type::TypeFacts;
use core_model::schema::{Field, Kind, field_at};
use core_model::state::{Lifecycle, OnDelete};
use core_model::tree::Node;
use core_model::{Address, Diagnostic, Name, Origin};

use crate::links::Links;
use crate::report::Report;
use crate::section;

pub(crate) const TABLE: &[Field] = &[
    Field::new("protect", Kind::Boolean, "Whether deleting and replacing it is refused."),
    Field::new("on_delete", Kind::Word(&["destroy", "keep"]), "Whether its data goes with it."),
    Field::new("adopt", Kind::Boolean, "Whether an object that exists already is taken over."),
    Field::new("was", Kind::Any, "Former addresses: a move, not a delete and a create."),
    Field::new("ignore", Kind::List(&Kind::Text), "Paths that are not compared."),
    Field::new("restart", Kind::Word(&["when-needed", "window"]), "When a change may interrupt it; `when-needed` when left out."),
    Field::new(
        "rollout",
        Kind::Integer { min: 1, max: 1000 },
        "How many resources of one `each` change at a time; what fails stops those that wait for it.",
    ),
];

/// Reads `lifecycle`. `facts` are those of the resource's type, where it is known.
pub(crate) fn read(node: &Node, address: &Address, facts: Option<&TypeFacts>, links: &Links<'_>, report: &mut Report) -> Lifecycle {
    let mut findings = Findings::default();
    let values = decode::decode(TABLE, node, "lifecycle", links, &mut findings);
    report.extend(findings.diagnostics);
    let restart = values.get("restart").and_then(serde_json::Value::as_str);
    let flag = |key: &str| values.get(key).and_then(serde_json::Value::as_bool);
    let word = values.get("on_delete").and_then(serde_json::Value::as_str);
    Lifecycle {
        protect: flag("protect"),
        on_delete: word.map(|word| if word == "keep" { OnDelete::Keep } else { OnDelete::Destroy }),
        adopt: flag("adopt").unwrap_or_default(),
        was: node.get("was").map(|node| former(node, address, report)).unwrap_or_default(),
        ignore: node.get("ignore").map(|node| ignored(node, facts, report)).unwrap_or_default(),
        restarts_in_window: restart == Some("window"),
        rollout: values.get("rollout").and_then(serde_json::Value::as_u64).and_then(|number| u32::try_from(number).ok()),
    }
}

/// The texts of a list, or the one text in place of a list.
fn texts(node: &Node) -> impl Iterator<Item = (&str, &Origin)> {
    let items = node.as_list().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(|item| Some((item.as_text()?, &item.origin)))
}

fn former(node: &Node, address: &Address, report: &mut Report) -> Vec<Address> {
    let mut addresses = Vec::new();
    if node.as_map().is_some() {
        report.push(section::wrong_kind(node, "lifecycle.was", "an address or a list of addresses"));
    }
    for (text, origin) in texts(node).filter(|(_, origin)| !report.has_failed(&origin.span)).collect::<Vec<_>>() {
        let parsed = match text.contains('.') {
            true => text.parse(),
            false => text.parse::<Name>().map(|resource| Address::new(address.blueprint.clone(), resource)),
        };
        match parsed {
            Ok(former) if former == *address => {
                let diagnostic = Diagnostic::error("Moved to itself", format!("`lifecycle.was` of `{address}` names the resource itself."));
                report.push(diagnostic.hint("name the former address, or remove `was`").at_origin(origin));
            }
            Ok(former) => addresses.push(former),
            Err(error) => report.push(section::invalid_name("lifecycle.was", text, &error, origin)),
        }
    }
    addresses
}

fn ignored(node: &Node, facts: Option<&TypeFacts>, report: &mut Report) -> Vec<String> {
    let mut paths = Vec::new();
    for item in node.as_list().unwrap_or_default() {
        let Some(text) = item.as_text().filter(|_| !report.has_failed(&item.origin.span)) else { continue };
        match facts.map_or(Ok(()), |facts| is_field(text, facts)) {
            Ok(()) => paths.push(text.to_owned()),
            Err((detail, hint)) => {
                let diagnostic = Diagnostic::error("Unknown path", format!("`lifecycle.ignore` names `{text}`. {detail}"));
                report.push(diagnostic.hint(hint).at_origin(&item.origin));
            }
        }
    }
    paths
}

fn is_field(text: &str, facts: &TypeFacts) -> Result<(), (String, String)> {
    let segments: Vec<&str> = text.split('.').collect();
    let (fields, rest) = match segments.split_first() {
        Some((&"specs", rest)) if !rest.is_empty() => (facts.specs, rest),
        Some((&"metadata", rest)) if !rest.is_empty() => (facts.metadata, rest),
        _ => return Err(("It does not lead into `specs` or `metadata`.".to_owned(), "for example specs.env.DEBUG".to_owned())),
    };
    if field_at(fields, rest).is_some() {
        return Ok(());
    }
    let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let hint =
        nearest(rest[0], known.iter().copied()).map_or_else(|| format!("known: {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
    Err((format!("The type `{}` of `{}` has no such field.", facts.name, facts.provider), hint))
}

/// The resources that `depends_on` names, each with its position.
pub(crate) fn depends_on<'a>(node: &'a Node, links: &Links<'_>, report: &mut Report) -> Vec<(usize, &'a Origin)> {
    let mut places = Vec::new();
    for item in section::items(node, "depends_on", report) {
        let Some(text) = section::text(item, "depends_on", report) else { continue };
        if report.has_failed(&item.origin.span) {
            continue;
        }
        match links.find(text) {
            Ok(Some(place)) => places.push((place, &item.origin)),
            Ok(None) => {}
            Err(missing) => {
                let mut diagnostic = Diagnostic::error("Dangling dependency", format!("`depends_on` names `{text}`. {}", missing.detail));
                diagnostic.hint = missing.hint;
                report.push(diagnostic.at_origin(&item.origin));
            }
        }
    }
    places
}
