//! What is a DHCP server? The server on an interface, its pool, what it tells of the network, and fixed leases.

use core_model::plan::Action;
use core_model::resource_type::{ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

use super::{ADDRESSES, ITEM_NAME, MAC, REACH, facts, name};
use crate::change::Goal;
use crate::shape::{Argument, LiveRow, Part, Parted, Rows, When, place_of, specs};
use crate::snapshot::{SeenRow, Snapshot};

const SERVERS: &str = "/ip/dhcp-server";
/// The argument that names a server's pool, and what it says where there is none.
const POOL: &str = "address-pool";
const NO_POOL: &str = "static-only";

const LEASE: &[Field] = &[
    Field::new("name", Kind::Checked(&ITEM_NAME), "What the lease is called.").required(),
    Field::new("mac", Kind::Checked(&MAC), "Whose it is.").required(),
    Field::new("ip", Kind::Ip, "The address that it gets.").required(),
];

const SPECS: &[Field] = &[
    name("What server and pool are called, in place of `<prefix><resource>`."),
    Field::new("interface", Kind::Text, "The interface that it listens on.").required(),
    Field::new("network", Kind::Cidr, "The network that it tells of.").required(),
    Field::new(
        "ranges",
        Kind::List(&Kind::Checked(&ADDRESSES)),
        "The addresses that it gives away. Without them a new server answers fixed leases alone, and one that was adopted keeps its pool.",
    ),
    Field::new("gateway", Kind::Ip, "The gateway that clients are told."),
    Field::new("dns", Kind::List(&Kind::Ip), "The DNS servers that clients are told, the first one first."),
    Field::new("domain", Kind::Text, "The domain that clients are told."),
    Field::new("lease_time", Kind::Duration, "How long a lease lasts; `30m` when left out."),
    Field::new("leases", Kind::Set(&Kind::Object(LEASE)), "Fixed leases: all of this server."),
    Field::new("enabled", Kind::Boolean, "Whether it answers; `true` when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("dhcp", "A DHCP server with its pool, its network and its fixed leases.", SPECS);

/// A DHCP server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dhcp;

impl Parted for Dhcp {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new("/ip/pool", Rows::Named("name"), &[Argument::new("ranges", "ranges")]).when(When::Set(&["ranges"])),
            Part::new(
                SERVERS,
                Rows::Named("name"),
                &[
                    Argument::new("interface", "interface"),
                    Argument::new("lease_time", "lease-time").or("30m"),
                    Argument::new("enabled", "disabled").or("no").inverted(),
                ],
            ),
            Part::new(
                "/ip/dhcp-server/network",
                Rows::Keyed { arguments: &[("address", "network")], slot: "network" },
                &[Argument::new("gateway", "gateway").or(""), Argument::new("dns", "dns-server").or(""), Argument::new("domain", "domain").or("")],
            ),
            Part::new(
                "/ip/dhcp-server/lease",
                Rows::Items { field: "leases", key: "ip", argument: "address", owner: "server" },
                &[Argument::new("mac", "mac-address"), Argument::new("ip", "address")],
            ),
        ];
        PARTS
    }

    /// What it tells of the network is found by the router's address on its interface, or else by the addresses that it gives away.
    fn place_beside(&self, row: &SeenRow, snapshot: &Snapshot) -> Option<String> {
        let attached = snapshot.rows("/ip/address").iter().filter(|address| address.get("interface") == row.get("interface"));
        let pools = snapshot.rows("/ip/pool").iter().filter(|pool| pool.get("name") == row.get("address-pool"));
        let texts = attached.map(|address| address.get("address")).chain(pools.map(|pool| pool.get("ranges")));
        let first = |text: &str| text.split(['/', '-', ',']).next()?.parse::<std::net::IpAddr>().ok();
        let networks = || snapshot.rows("/ip/dhcp-server/network").iter().map(|network| network.get("address"));
        let is_in = |network: &&str, address| network.parse::<ipnet::IpNet>().is_ok_and(|network| network.contains(&address));
        texts.filter_map(first).find_map(|address| networks().find(|network| is_in(network, address))).map(str::to_owned)
    }

    /// Ranges are those of a pool of the server's own name.
    fn derived(&self, part: &Part, object: &str, specs: &Map<String, Value>) -> Vec<(&'static str, String)> {
        if part.menu == SERVERS && specs.contains_key("ranges") { vec![(POOL, object.to_owned())] } else { Vec::new() }
    }

    fn made_with(&self, part: &Part, _specs: &Map<String, Value>) -> Vec<(&'static str, &'static str)> {
        if part.menu == SERVERS { vec![(POOL, NO_POOL)] } else { Vec::new() }
    }

    /// What it goes back to when its ranges are taken out.
    fn own_default(&self, _object: &str, argument: &str) -> Option<&'static str> {
        (argument == POOL).then_some(NO_POOL)
    }

    /// A server that ipr did not make may have a pool of any name, from which it is not moved to another one without a word.
    fn refuses(&self, object: &str, live: &[LiveRow<'_>], goal: &Goal<'_>) -> Option<String> {
        let is_set = goal.action != Action::Delete && specs(goal.desired).is_some_and(|specs| specs.contains_key("ranges"));
        let server = live.iter().find(|live| live.menu == SERVERS && live.row.tag.is_none()).filter(|_| is_set)?;
        let pool = Some(server.row.get(POOL)).filter(|pool| !["", NO_POOL, object].contains(pool))?;
        Some(format!("it gives addresses away from the pool `{pool}`, which is not its own; leave `ranges` out, and that pool stays"))
    }
}

impl ResourceType for Dhcp {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        place_of(self, values)
    }
}
