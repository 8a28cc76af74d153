//! What is a list of addresses that rules refer to?

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{ADDRESSES, REACH, cutting, facts, name};
use crate::shape::{Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("What the list is called, in place of `<prefix><resource>`."),
    cutting(
        Field::new("addresses", Kind::Set(&Kind::Checked(&ADDRESSES)), "All addresses, networks and ranges of the list, IPv4 and IPv6.").required(),
    ),
    REACH,
];

const FACTS: TypeFacts = facts("address-list", "A list of addresses that rules refer to by its name.", SPECS);

/// An address list.
#[derive(Debug, Clone, Copy)]
pub(super) struct AddressList;

fn is_ipv4(text: &str) -> bool {
    !text.contains(':')
}

fn is_ipv6(text: &str) -> bool {
    text.contains(':')
}

impl Parted for AddressList {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new("/ip/firewall/address-list", Rows::Each { field: "addresses", argument: "address", owner: "list", only: is_ipv4 }, &[]),
            Part::new("/ipv6/firewall/address-list", Rows::Each { field: "addresses", argument: "address", owner: "list", only: is_ipv6 }, &[]),
        ];
        PARTS
    }
}

impl ResourceType for AddressList {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
