//! What does a node's network configuration hold?

use std::collections::BTreeMap;

/// One interface of `/etc/network/interfaces`, with the options of the API by their names; `type` is one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    pub options: BTreeMap<String, String>,
}

impl Interface {
    /// An interface with these options.
    pub fn new(options: &[(&str, &str)]) -> Self {
        Self { options: options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
    }

    /// A network card and the bridge over it, as the installer leaves them.
    pub(crate) fn defaults(node_id: u32) -> BTreeMap<String, Self> {
        let address = format!("192.0.2.{}/24", 10 + node_id);
        let bridge = Self::new(&[
            ("type", "bridge"),
            ("autostart", "1"),
            ("bridge_ports", "eno1"),
            ("cidr", &address),
            ("gateway", "192.0.2.1"),
            ("method", "static"),
            ("bridge_stp", "off"),
            ("bridge_fd", "0"),
        ]);
        let card = Self::new(&[("type", "eth"), ("exists", "1"), ("method", "manual")]);
        BTreeMap::from([("eno1".to_owned(), card.clone()), ("eno2".to_owned(), card), ("vmbr0".to_owned(), bridge)])
    }
}
