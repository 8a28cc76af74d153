//! What is a name that the router's own DNS server answers?

use core_model::resource_type::{Finding, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::{REACH, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("The name that is answered, in place of `<prefix><resource>`."),
    Field::new("address", Kind::Ip, "The address that the name has."),
    Field::new("alias", Kind::Text, "The name that this one stands for (CNAME)."),
    Field::new("text", Kind::Text, "The text of the name (TXT)."),
    Field::new("forward_to", Kind::Text, "The server that is asked for the name (FWD)."),
    Field::new("ttl", Kind::Duration, "How long answers may be kept; `1d` when left out."),
    Field::new("subdomains", Kind::Boolean, "Whether names below it have the same answer; `false` when left out."),
    Field::new("enabled", Kind::Boolean, "Whether it is answered at all; `true` when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("dns", "A name that the router's DNS server answers, with one answer.", SPECS);

/// The fields that are an answer, and the type of record that they are.
const ANSWERS: [(&str, &str); 3] = [("alias", "CNAME"), ("text", "TXT"), ("forward_to", "FWD")];

/// A static name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dns;

impl Parted for Dns {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ip/dns/static",
            Rows::Named("name"),
            &[
                Argument::new("address", "address").or(""),
                Argument::new("alias", "cname").or(""),
                Argument::new("text", "text").or(""),
                Argument::new("forward_to", "forward-to").or(""),
                Argument::new("ttl", "ttl").or("1d"),
                Argument::new("subdomains", "match-subdomain").or("no"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }

    fn derived(&self, _part: &Part, _object: &str, specs: &Map<String, Value>) -> Vec<(&'static str, String)> {
        let of_address = specs.get("address").and_then(Value::as_str).map(|address| if address.contains(':') { "AAAA" } else { "A" });
        let kind = ANSWERS.iter().find(|(field, _)| specs.contains_key(*field)).map(|(_, kind)| *kind).or(of_address);
        // A router says nothing for a record of the usual type, so that it is only told the others.
        kind.filter(|kind| *kind != "A").map(|kind| ("type", kind.to_owned())).into_iter().collect()
    }
}

impl ResourceType for Dns {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let answers: Vec<&str> =
            ["address"].into_iter().chain(ANSWERS.iter().map(|(field, _)| *field)).filter(|field| resource.spec(field).is_some()).collect();
        if answers.len() == 1 {
            return Vec::new();
        }
        vec![Finding {
            path: answers.get(1).map_or_else(|| "specs".to_owned(), |field| format!("specs.{field}")),
            summary: "Not one answer",
            detail: format!("A name has exactly one answer, and `{}` has {}.", resource.object, answers.len()),
            hint: Some("give one of `address`, `alias`, `text` and `forward_to`; several records of one name go into `type: menu`".to_owned()),
        }]
    }
}
