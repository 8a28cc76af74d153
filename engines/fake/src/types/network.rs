//! What is a network of a fake target? As with Docker, every change makes it anew.

use core_model::plan::Risk;
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

/// A network that is made anew disconnects what is attached to it for a moment.
const fn remade(field: Field) -> Field {
    field.replace().risk(Risk::MayDisconnect)
}

const SPECS: &[Field] = &[
    remade(Field::new("name", Kind::Text, "What it is called, in place of `<prefix><blueprint>-<resource>`.")),
    remade(Field::new("driver", Kind::Text, "The network driver; `bridge` when left out.")),
    remade(Field::new("internal", Kind::Boolean, "Whether there is no way out of the host.")),
    remade(Field::new("attachable", Kind::Boolean, "Whether containers may join by hand.")),
    remade(Field::new("subnet", Kind::Cidr, "The addresses of the network.")),
    remade(Field::new("gateway", Kind::Ip, "The host's address in the network.")),
    remade(Field::new("labels", Kind::Map(&Kind::Text), "Labels.")),
];

pub(super) const FACTS: TypeFacts = super::facts("network", "A network between containers of a fake target.", SPECS);

pub(super) struct Network(pub(super) &'static TypeFacts);

impl ResourceType for Network {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }
}
