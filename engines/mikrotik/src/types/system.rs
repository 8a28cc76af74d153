//! What is the router called, what time is it there, and whom does it ask for names?

use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{REACH, facts};
use crate::shape::{Argument, Part, Parted, Rows};

const NTP: &[Field] = &[
    Field::new("enabled", Kind::Boolean, "Whether the clock is set by the servers; `false` when left out."),
    Field::new("servers", Kind::List(&Kind::Text), "The time servers, the first one first."),
    Field::new("answers_others", Kind::Boolean, "Whether the router tells its networks the time; `false` when left out."),
];

const DNS: &[Field] = &[
    Field::new("servers", Kind::List(&Kind::Ip), "The servers that the router asks, the first one first."),
    Field::new("answers_others", Kind::Boolean, "Whether the router answers for its networks; `false` when left out."),
];

const SNMP: &[Field] = &[
    Field::new("enabled", Kind::Boolean, "Whether it answers; `false` when left out."),
    Field::new("contact", Kind::Text, "Whom to ask."),
    Field::new("location", Kind::Text, "Where it stands."),
];

const SPECS: &[Field] = &[
    Field::new("identity", Kind::Text, "What the router calls itself; `MikroTik` when left out."),
    Field::new("zone", Kind::Text, "The time zone, `Europe/Rome`; `manual` when left out."),
    Field::new("detect_zone", Kind::Boolean, "Whether the router finds its zone out by itself; `true` when left out."),
    Field::new("ntp", Kind::Object(NTP), "Where the time comes from."),
    Field::new("dns", Kind::Object(DNS), "Where names are looked up."),
    Field::new("snmp", Kind::Object(SNMP), "What monitoring is told."),
    REACH,
];

const FACTS: TypeFacts = TypeFacts { ownership: Ownership::Singleton, ..facts("system", "The router's own settings; they always exist.", SPECS) };

/// The settings of the router itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct System;

impl Parted for System {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new("/system/identity", Rows::Settings, &[Argument::new("identity", "name").or("MikroTik")]).without_comment(),
            Part::new(
                "/system/clock",
                Rows::Settings,
                &[Argument::new("zone", "time-zone-name").or("manual"), Argument::new("detect_zone", "time-zone-autodetect").or("yes")],
            )
            .without_comment(),
            Part::new(
                "/system/ntp/client",
                Rows::Settings,
                &[Argument::new("ntp.enabled", "enabled").or("no"), Argument::new("ntp.servers", "servers").or("")],
            )
            .without_comment(),
            Part::new("/system/ntp/server", Rows::Settings, &[Argument::new("ntp.answers_others", "enabled").or("no")]).without_comment(),
            Part::new(
                "/ip/dns",
                Rows::Settings,
                &[Argument::new("dns.servers", "servers").or(""), Argument::new("dns.answers_others", "allow-remote-requests").or("no")],
            )
            .without_comment(),
            Part::new(
                "/snmp",
                Rows::Settings,
                &[
                    Argument::new("snmp.enabled", "enabled").or("no"),
                    Argument::new("snmp.contact", "contact").or(""),
                    Argument::new("snmp.location", "location").or(""),
                ],
            )
            .without_comment(),
        ];
        PARTS
    }
}

impl ResourceType for System {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
