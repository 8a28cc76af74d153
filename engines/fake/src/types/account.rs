//! Who may log in to a fake target? Accounts, whose passwords the target never tells.

use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "What the account is called, in place of `<prefix><blueprint>-<resource>`.").replace(),
    Field::new("password", Kind::Text, "The password.").required().sensitive().accepts_secret().write_only(),
    Field::new("role", Kind::Word(&["reader", "operator", "administrator"]), "What the account may do; `reader` when left out."),
    Field::new("groups", Kind::Set(&Kind::Text), "The groups it belongs to."),
    Field::new("contact", Kind::Text, "How to reach its owner. Not shown.").sensitive().accepts_secret(),
];

const FACTS: TypeFacts = super::facts("account", "An account on a fake target.", SPECS);

pub(super) struct Account;

impl ResourceType for Account {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}
