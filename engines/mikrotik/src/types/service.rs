//! Which of the router's own services answer, where and to whom?

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{ADDRESSES, REACH, cutting, facts, name};
use crate::shape::{Argument, Part, Parted, Rows, specs};

const SPECS: &[Field] = &[
    name("Which service, in place of the resource's name: `ssh`, `api-ssl`, `www-ssl`, `winbox`, ..."),
    cutting(Field::new("enabled", Kind::Boolean, "Whether it answers.").keep_when_unset()),
    cutting(Field::new("port", Kind::Integer { min: 1, max: 65_535 }, "The port that it answers at; the usual one when left out.")),
    cutting(Field::new("from", Kind::Set(&Kind::Checked(&ADDRESSES)), "Who may use it; everybody when left out.")),
    cutting(Field::new("certificate", Kind::Text, "The certificate that it shows, for services with TLS.")),
    REACH,
];

const FACTS: TypeFacts =
    TypeFacts { ownership: Ownership::Singleton, ..facts("service", "A service of the router itself; it always exists.", SPECS) };

/// The ports of a router that nobody changed.
const PORTS: [(&str, &str); 8] =
    [("telnet", "23"), ("ftp", "21"), ("www", "80"), ("ssh", "22"), ("www-ssl", "443"), ("api", "8728"), ("winbox", "8291"), ("api-ssl", "8729")];

/// The services by which the daemon may be connected.
const OUR_WAYS: [&str; 2] = ["api", "api-ssl"];

/// A service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service;

impl Parted for Service {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ip/service",
            Rows::Fixed("name"),
            &[
                Argument::new("enabled", "disabled").inverted(),
                Argument::new("port", "port").or(""),
                Argument::new("from", "address").or(""),
                Argument::new("certificate", "certificate").or("none"),
            ],
        )
        .without_comment()];
        PARTS
    }

    fn own_default(&self, object: &str, argument: &str) -> Option<&'static str> {
        PORTS.iter().find(|(service, _)| *service == object && argument == "port").map(|(_, port)| *port)
    }
}

impl ResourceType for Service {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn least_risk(&self, _action: Action, values: &Map<String, Value>) -> Risk {
        let is_our_way = |specs: &Map<String, Value>| specs.get("name").and_then(Value::as_str).is_some_and(|name| OUR_WAYS.contains(&name));
        if specs(values).is_some_and(is_our_way) { Risk::MayDisconnect } else { Risk::None }
    }
}
