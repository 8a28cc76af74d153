//! What do PPP connections have in common?

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{REACH, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("What the profile is called, in place of `<prefix><resource>`."),
    Field::new("local", Kind::Text, "The router's address in the connection, or a pool."),
    Field::new("remote", Kind::Text, "The other side's address, or a pool."),
    Field::new("dns", Kind::List(&Kind::Ip), "The DNS servers that the other side is told, the first one first."),
    Field::new("encryption", Kind::Word(&["default", "no", "required", "yes"]), "Whether it is encrypted; `default` when left out."),
    Field::new("only_one", Kind::Word(&["default", "no", "yes"]), "Whether a user has one connection at most; `default` when left out."),
    Field::new("rate_limit", Kind::Text, "How fast it may be, as the router writes it: `10M/50M`."),
    Field::new("address_list", Kind::Text, "The address list that the other side's address is put into."),
    Field::new("interface_list", Kind::Text, "The interface list that the connection is put into."),
    Field::new("idle_timeout", Kind::Duration, "After how long without traffic it is cut; never when left out."),
    Field::new("session_timeout", Kind::Duration, "After how long it is cut in any case; never when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("ppp-profile", "What PPP connections have in common: addresses, encryption, speed.", SPECS);

/// A profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct PppProfile;

impl Parted for PppProfile {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/ppp/profile",
            Rows::Named("name"),
            &[
                Argument::new("local", "local-address"),
                Argument::new("remote", "remote-address"),
                Argument::new("dns", "dns-server"),
                Argument::new("encryption", "use-encryption").or("default"),
                Argument::new("only_one", "only-one").or("default"),
                Argument::new("rate_limit", "rate-limit"),
                Argument::new("address_list", "address-list").or(""),
                Argument::new("interface_list", "interface-list"),
                Argument::new("idle_timeout", "idle-timeout"),
                Argument::new("session_timeout", "session-timeout"),
            ],
        )];
        PARTS
    }
}

impl ResourceType for PppProfile {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
