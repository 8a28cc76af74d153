//! Who may ask by SNMP, and how do they prove who they are?

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use super::{ADDRESSES, REACH, facts, name, secret};
use crate::shape::{Argument, Part, Parted, Rows};

const SPECS: &[Field] = &[
    name("What the community is called, in place of `<prefix><resource>`. Without `security` it is the password, too."),
    Field::new("from", Kind::Set(&Kind::Checked(&ADDRESSES)), "Who may ask; everybody when left out."),
    Field::new("security", Kind::Word(&["authorized", "none", "private"]), "What SNMP 3 asks for; `none` when left out."),
    Field::new("reads", Kind::Boolean, "Whether values are told; `true` when left out."),
    Field::new("writes", Kind::Boolean, "Whether values may be changed; `false` when left out."),
    Field::new("auth", Kind::Word(&["MD5", "SHA1"]), "How askers prove who they are; `MD5` when left out."),
    secret("auth_password", "What they prove it with. It is never read back."),
    Field::new("encryption", Kind::Word(&["AES", "DES"]), "How answers are encrypted; `DES` when left out."),
    secret("encryption_password", "What they are encrypted with. It is never read back."),
    Field::new("enabled", Kind::Boolean, "Whether it is in use; `true` when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("snmp-community", "Who may ask by SNMP.", SPECS);

/// A community.
#[derive(Debug, Clone, Copy)]
pub(super) struct SnmpCommunity;

impl Parted for SnmpCommunity {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/snmp/community",
            Rows::Named("name"),
            &[
                Argument::new("from", "addresses").or("::/0"),
                Argument::new("security", "security").or("none"),
                Argument::new("reads", "read-access").or("yes"),
                Argument::new("writes", "write-access").or("no"),
                Argument::new("auth", "authentication-protocol").or("MD5"),
                Argument::new("auth_password", "authentication-password"),
                Argument::new("encryption", "encryption-protocol").or("DES"),
                Argument::new("encryption_password", "encryption-password"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for SnmpCommunity {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
