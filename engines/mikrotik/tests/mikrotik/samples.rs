//! What does the suite try on each type, and how would somebody else make and change such a thing?

mod dialing;
mod routing;
pub(crate) mod rules;
mod watching;

use core_model::resource_type::ResourceType;
use engine_api::contract::{Sample, canary};
use engine_mikrotik::types;
use serde_json::{Value, json};
use test_sim_routeros::{Router, Version};

/// Two private keys of WireGuard, of no use to anybody.
const KEYS: [&str; 2] = ["eOMqSLJNWHnsZe0d8XPZ4EGqVPVVUG4n0YGSCxRtCFM=", "aKjSyVkRBuNRqgYDPNdTVVJCr3d8bqbn5XUOXT5j5Eg="];
const PEERS: [&str; 2] = ["NDZFBBZzCMbYLqBdTkQKbcPGhUPvOWMNJB7zyyYdTjM=", "aM8IRIwS0BFTO2wGhjrWRgGxLcVHpBW3GrYOrZqyzRc="];

/// Somebody with a console.
pub(crate) struct Hand<'a> {
    pub(crate) router: &'a Router,
}

type Pairs = &'static [(&'static str, &'static str)];

/// How the sample's object is made by hand: the menu, and the arguments.
fn by_hand(sample: &Sample) -> (&'static str, Pairs) {
    match (sample.facts().name, sample.object.as_str()) {
        ("network", "lan") => ("/interface/vlan", &[("name", "lan"), ("vlan-id", "7"), ("interface", "bridge")]),
        ("network", _) => ("/interface/bridge", &[("name", "dmz")]),
        ("address", _) => ("/ip/address", &[("address", "192.0.2.2/24"), ("interface", "ether5")]),
        ("dns", "web.acme.example") => ("/ip/dns/static", &[("name", "web.acme.example"), ("address", "192.0.2.99")]),
        ("dns", "www.acme.example") => ("/ip/dns/static", &[("name", "www.acme.example"), ("address", "192.0.2.99")]),
        ("dns", "note.acme.example") => ("/ip/dns/static", &[("name", "note.acme.example"), ("address", "192.0.2.99")]),
        ("dns", _) => ("/ip/dns/static", &[("name", "corp.acme.example"), ("address", "192.0.2.99")]),
        ("firewall", "mangling") => ("/ipv6/firewall/mangle", &[("chain", "forward"), ("action", "accept")]),
        ("firewall", _) => ("/ip/firewall/filter", &[("chain", "output"), ("action", "drop"), ("protocol", "udp")]),
        ("address-list", _) => ("/ip/firewall/address-list", &[("list", "blocked"), ("address", "198.51.100.7")]),
        ("dhcp", _) => ("/ip/dhcp-server", &[("name", "leasing"), ("interface", "ether2")]),
        ("route", _) => ("/ip/route", &[("dst-address", "203.0.113.0/24"), ("gateway", "192.168.88.254"), ("routing-table", "wan")]),
        ("wireguard", _) => ("/interface/wireguard", &[("name", "wg0"), ("listen-port", "9999")]),
        ("interface-list", _) => ("/interface/list", &[("name", "inside")]),
        ("service", _) => ("/ip/service", &[]),
        ("system", _) => ("/system/identity", &[]),
        ("user", _) => ("/user", &[("name", "ops"), ("group", "write")]),
        ("queue", _) => ("/queue/simple", &[("name", "guests"), ("target", "10.9.0.0/16")]),
        ("bonding", _) => ("/interface/bonding", &[("name", "uplinks"), ("slaves", "ether4")]),
        ("pppoe-client", _) => ("/interface/pppoe-client", &[("name", "wan"), ("interface", "ether2"), ("user", "somebody")]),
        ("ppp-profile", _) => ("/ppp/profile", &[("name", "office")]),
        ("ppp-secret", _) => ("/ppp/secret", &[("name", "anna"), ("password", "theirs")]),
        ("ospf-instance", _) => ("/routing/ospf/instance", &[("name", "ours")]),
        ("ospf-area", _) => ("/routing/ospf/area", &[("name", "branches"), ("instance", "v2")]),
        ("ospf-interface", _) => {
            ("/routing/ospf/interface-template", &[("area", "backbone"), ("interfaces", "ether2,ether3"), ("networks", "10.0.20.0/24")])
        }
        ("bgp-instance", _) => ("/routing/bgp/instance", &[("name", "ours"), ("as", "65099")]),
        ("bgp-template", _) => ("/routing/bgp/template", &[("name", "providers"), ("as", "65099")]),
        ("bgp-connection", _) => ("/routing/bgp/connection", &[("name", "upstream"), ("remote.address", "192.0.2.99"), ("local.role", "ebgp")]),
        ("logging", _) => ("/system/logging/action", &[("name", "central"), ("target", "remote"), ("remote", "10.0.0.99")]),
        ("scheduler", _) => ("/system/scheduler", &[("name", "nightly"), ("on-event", "/system reboot")]),
        ("snmp-community", _) => ("/snmp/community", &[("name", "monitoring")]),
        ("menu", _) => ("/ip/dns/static", &[("name", "a.acme.example"), ("address", "192.0.2.77")]),
        ("settings", _) => ("/ip/dns", &[]),
        (other, _) => panic!("nobody knows how to make a `{other}` by hand"),
    }
}

impl Hand<'_> {
    pub(crate) fn menu(sample: &Sample) -> &'static str {
        by_hand(sample).0
    }

    pub(crate) fn make(&self, sample: &Sample) {
        let (menu, arguments) = by_hand(sample);
        self.router.add(menu, arguments).unwrap();
    }

    /// Changes what the path of the sample is on the router.
    pub(crate) fn change(&self, sample: &Sample, path: &str) {
        let (menu, argument, value) = match (sample.facts().name, path) {
            ("network", "specs.vlan") => ("/interface/vlan", "vlan-id", "77"),
            ("network", "specs.address") => ("/ip/address", "address", "10.99.0.1/24"),
            ("network", "specs.filtering") => ("/interface/bridge", "vlan-filtering", "no"),
            ("address", "specs.address") => ("/ip/address", "address", "192.0.2.200/24"),
            ("dns", "specs.address") => ("/ip/dns/static", "address", "192.0.2.99"),
            ("firewall", "specs.rules") => ("/ip/firewall/filter", "action", "accept"),
            ("address-list", "specs.addresses") => ("/ip/firewall/address-list", "address", "198.51.100.99"),
            ("dhcp", "specs.gateway") => ("/ip/dhcp-server/network", "gateway", "10.0.20.250"),
            ("dhcp", "specs.leases") => ("/ip/dhcp-server/lease", "mac-address", "52:54:00:00:00:99"),
            ("route", "specs.distance") => ("/ip/route", "distance", "77"),
            ("wireguard", "specs.peers") => ("/interface/wireguard/peers", "endpoint-port", "7777"),
            ("interface-list", "specs.members") => ("/interface/list/member", "interface", "ether4"),
            ("service", "specs.port") => ("/ip/service", "port", "4711"),
            ("system", "specs.identity") => ("/system/identity", "name", "somebody-elses"),
            ("user", "specs.group") => ("/user", "group", "full"),
            ("queue", "specs.limit") => ("/queue/simple", "max-limit", "1M/1M"),
            ("bonding", "specs.mode") => ("/interface/bonding", "mode", "broadcast"),
            ("pppoe-client", "specs.user") => ("/interface/pppoe-client", "user", "somebody"),
            ("ppp-profile", "specs.rate_limit") => ("/ppp/profile", "rate-limit", "1M/1M"),
            ("ppp-secret", "specs.service") => ("/ppp/secret", "service", "sstp"),
            ("ospf-instance", "specs.router_id") => ("/routing/ospf/instance", "router-id", "10.255.0.99"),
            ("ospf-area", "specs.number") => ("/routing/ospf/area", "area-id", "0.0.0.99"),
            ("ospf-interface", "specs.cost") => ("/routing/ospf/interface-template", "cost", "99"),
            ("bgp-instance", "specs.as") => ("/routing/bgp/instance", "as", "65099"),
            ("bgp-template", "specs.as") => ("/routing/bgp/template", "as", "65099"),
            ("bgp-connection", "specs.peer_as") => ("/routing/bgp/connection", "remote.as", "65099"),
            ("logging", "specs.remote") => ("/system/logging/action", "remote", "10.0.0.99"),
            ("scheduler", "specs.runs") => ("/system/scheduler", "on-event", "/system reboot"),
            ("snmp-community", "specs.from") => ("/snmp/community", "addresses", "0.0.0.0/0"),
            ("menu", "specs.entries") => ("/ip/dns/static", "address", "192.0.2.66"),
            ("settings", "specs.values") => ("/ip/dns", "cache-max-ttl", "3d"),
            (other, path) => panic!("nobody knows how to change `{path}` of a `{other}` by hand"),
        };
        let is_its = |entry: &&test_sim_routeros::Entry| {
            let is_tagged = entry.get("comment").is_some_and(|comment| comment.starts_with("ipr:"));
            is_tagged || entry.get("name") == Some(sample.object.as_str())
        };
        let entries = self.router.entries(menu);
        let id = if ["/system/identity", "/ip/dns"].contains(&menu) { String::new() } else { entries.iter().rfind(is_its).unwrap().id.clone() };
        self.router.set(menu, &id, &[(argument, value)]).unwrap();
    }
}

fn kind(name: &str) -> &'static dyn ResourceType {
    types().into_iter().find(|kind| kind.facts().name == name).unwrap()
}

fn sample(type_name: &str, object: &str, specs: Value) -> Sample {
    let sample = Sample::new(kind(type_name), object, json!({"specs": specs}));
    sample
        .leave_out("specs.name", "another name is another object")
        .leave_out("metadata", "the record alone keeps it")
        .leave_out("specs.reach", "it is no value of the router; the stories use it")
}

const ONE_ANSWER: &str = "a name has exactly one answer, so that it cannot be taken out";

/// Which types one run of the suite is about: with all of them at once a case would take minutes.
#[derive(Clone, Copy)]
pub(crate) enum Group {
    Networks,
    Names,
    Firewalls,
    Services,
    Dialing,
    Routing,
    Watching,
    /// What always exists.
    Settings,
    Others,
}

impl Group {
    pub(crate) const ALL: [Self; 9] =
        [Self::Networks, Self::Names, Self::Firewalls, Self::Services, Self::Dialing, Self::Routing, Self::Watching, Self::Settings, Self::Others];

    /// What can be tried on a router of this version.
    pub(crate) fn samples(self, version: Version) -> Vec<Sample> {
        match self {
            Self::Networks => networks(),
            Self::Names => names(),
            Self::Firewalls => firewalls(),
            Self::Services => services(),
            Self::Dialing => dialing::samples(),
            Self::Routing => routing::samples(version),
            Self::Watching => watching::samples(),
            Self::Settings => settings(),
            Self::Others => others(),
        }
    }
}

fn networks() -> Vec<Sample> {
    let lan = json!({
        "vlan": 20, "interface": "bridge", "address": "10.0.20.1/24", "mtu": 1400, "tagged": ["bridge", "ether2"], "untagged": ["ether3"],
    });
    let lan = sample("network", "lan", lan)
        .update("specs.vlan", json!(21))
        .update("specs.interface", json!("bridge2"))
        .update("specs.address", json!("10.0.21.1/24"))
        .update("specs.mtu", json!(1450))
        .update("specs.tagged", json!(["ether2"]))
        .update("specs.untagged", json!(["ether3", "ether4"]))
        .unset("specs.address")
        .unset("specs.mtu")
        .unset("specs.tagged")
        .unset("specs.untagged")
        .leave_out("specs.vlan", "without it the network is a bridge, as the other sample is")
        .leave_out("specs.interface", "a VLAN has one")
        .by_hand("specs.vlan")
        .by_hand("specs.address");
    let dmz = sample("network", "dmz", json!({"ports": ["ether4"], "filtering": true, "address": "10.0.30.1/24", "mtu": 1400}))
        .update("specs.ports", json!(["ether4", "ether5"]))
        .update("specs.filtering", json!(false))
        .update("specs.mtu", json!(1450))
        .unset("specs.ports")
        .unset("specs.filtering")
        .unset("specs.mtu")
        .by_hand("specs.filtering");
    let address = sample("address", "uplink", json!({"address": "192.0.2.2/24", "interface": "ether5", "enabled": false}))
        .update("specs.address", json!("192.0.2.3/24"))
        .update("specs.interface", json!("ether4"))
        .update("specs.enabled", json!(true))
        .unset("specs.enabled")
        .by_hand("specs.address");
    vec![lan, dmz, address, bond()]
}

fn bond() -> Sample {
    let bond = json!({
        "ports": ["ether4", "ether5"], "mode": "active-backup", "hash": "layer-3-and-4", "lacp_rate": "1sec", "monitoring": "arp",
        "arp_targets": ["10.0.0.1", "10.0.0.2"], "primary": "ether4", "links_min": 1, "mtu": 1400, "enabled": false,
    });
    sample("bonding", "uplinks", bond)
        .update("specs.ports", json!(["ether3", "ether4"]))
        .update("specs.mode", json!("802.3ad"))
        .update("specs.hash", json!("layer-2-and-3"))
        .update("specs.lacp_rate", json!("30secs"))
        .update("specs.monitoring", json!("none"))
        .update("specs.arp_targets", json!(["10.0.0.2"]))
        .update("specs.primary", json!("ether5"))
        .update("specs.links_min", json!(2))
        .update("specs.mtu", json!(1450))
        .update("specs.enabled", json!(true))
        .unset("specs.mode")
        .unset("specs.hash")
        .unset("specs.lacp_rate")
        .unset("specs.monitoring")
        .unset("specs.arp_targets")
        .unset("specs.primary")
        .unset("specs.links_min")
        .unset("specs.mtu")
        .unset("specs.enabled")
        .by_hand("specs.mode")
}

fn names() -> Vec<Sample> {
    let a = sample("dns", "web.acme.example", json!({"address": "10.0.20.11", "ttl": 300_000, "subdomains": true, "enabled": false}))
        .update("specs.address", json!("10.0.20.12"))
        .update("specs.ttl", json!(600_000))
        .update("specs.subdomains", json!(false))
        .update("specs.enabled", json!(true))
        .unset("specs.ttl")
        .unset("specs.subdomains")
        .unset("specs.enabled")
        .leave_out("specs.address", ONE_ANSWER)
        .by_hand("specs.address");
    let other = |object: &str, field: &str, value: &str| sample("dns", object, json!({field: value}));
    vec![
        a,
        other("www.acme.example", "alias", "web.acme.example").update("specs.alias", json!("web2.acme.example")).leave_out("specs.alias", ONE_ANSWER),
        other("note.acme.example", "text", "hello").update("specs.text", json!("good bye")).leave_out("specs.text", ONE_ANSWER),
        other("corp.acme.example", "forward_to", "10.0.0.53")
            .update("specs.forward_to", json!("10.0.0.54"))
            .leave_out("specs.forward_to", ONE_ANSWER),
    ]
}

fn firewalls() -> Vec<Sample> {
    let rules = json!([
        {"name": "web-https", "action": "accept", "protocol": "tcp", "to": "10.0.20.11", "ports": ["443", "80"]},
        {"name": "known", "action": "accept", "state": ["established", "related"], "log": true, "more": {"limit": "10,5:packet"}},
        {"name": "rest-drop", "action": "drop", "to": "10.0.20.0/24"},
    ]);
    let reordered = json!([
        {"name": "known", "action": "accept", "state": ["established", "related"]},
        {"name": "rest-drop", "action": "drop", "to": "10.0.20.0/24"},
        {"name": "web-https", "action": "accept", "protocol": "tcp", "to": "10.0.20.11", "ports": ["443"]},
    ]);
    let filter = sample("firewall", "outgoing", json!({"chain": "output", "manage": "whole", "place": "last", "rules": rules}))
        .update("specs.chain", json!("outside"))
        .update("specs.manage", json!("section"))
        .update("specs.place", json!("first"))
        .update("specs.rules", reordered)
        .unset("specs.manage")
        .unset("specs.place")
        .by_hand("specs.rules");
    let rules = json!([{"name": "mark", "action": "mark-packet", "from": "fd00::/8", "more": {"new-packet-mark": "inside"}}]);
    let mangle = sample("firewall", "mangling", json!({"table": "mangle", "family": "ipv6", "chain": "forward", "manage": "whole", "rules": rules}))
        .update("specs.table", json!("raw"))
        .update("specs.family", json!("ipv4"))
        .leave_out("specs.table", "a rule that marks packets is at home in one table alone; it is updated to nothing else here")
        .leave_out("specs.family", "the addresses of its rules go with it");
    let mangle = Sample { updates: Vec::new(), ..mangle };
    let list = sample("address-list", "blocked", json!({"addresses": ["192.0.2.0/24", "2001:db8::/32"]}))
        .update("specs.addresses", json!(["192.0.2.0/24", "198.51.100.0/24", "2001:db8:1::/48"]))
        .by_hand("specs.addresses");
    vec![filter, mangle, list]
}

fn services() -> Vec<Sample> {
    let dhcp = json!({
        "interface": "bridge", "network": "10.0.20.0/24", "ranges": ["10.0.20.100-10.0.20.199"], "gateway": "10.0.20.1", "dns": ["10.0.20.1"],
        "domain": "acme.lan", "lease_time": 3_600_000, "enabled": false,
        "leases": [{"name": "printer", "mac": "52:54:00:12:34:56", "ip": "10.0.20.50"}],
    });
    let dhcp = sample("dhcp", "leasing", dhcp)
        .update("specs.interface", json!("bridge2"))
        .update("specs.network", json!("10.0.21.0/24"))
        .update("specs.ranges", json!(["10.0.20.100-10.0.20.149", "10.0.20.160-10.0.20.199"]))
        .update("specs.gateway", json!("10.0.20.2"))
        .update("specs.dns", json!(["10.0.20.3", "10.0.20.2"]))
        .update("specs.domain", json!("other.lan"))
        .update("specs.lease_time", json!(7_200_000))
        .update("specs.leases", json!([{"name": "printer", "mac": "52:54:00:12:34:57", "ip": "10.0.20.51"}]))
        .update("specs.enabled", json!(true))
        .unset("specs.ranges")
        .unset("specs.gateway")
        .unset("specs.dns")
        .unset("specs.domain")
        .unset("specs.lease_time")
        .unset("specs.leases")
        .unset("specs.enabled")
        .by_hand("specs.gateway")
        .by_hand("specs.leases");
    let route = json!({"to": "203.0.113.0/24", "gateway": "192.168.88.254", "distance": 5, "table": "wan", "check": "ping", "enabled": false});
    let route = sample("route", "branch", route)
        .update("specs.to", json!("203.0.112.0/24"))
        .update("specs.gateway", json!("192.168.88.253"))
        .update("specs.distance", json!(6))
        .update("specs.table", json!("main"))
        .update("specs.check", json!("arp"))
        .update("specs.enabled", json!(true))
        .unset("specs.distance")
        .unset("specs.table")
        .unset("specs.check")
        .unset("specs.enabled")
        .by_hand("specs.distance");
    vec![dhcp, route]
}

fn tunnel() -> Sample {
    let peer = |port: u32, host: &str, keepalive: u32| json!([{"name": "core", "public_key": PEERS[0], "allowed": ["10.8.0.0/24"], "endpoint": host, "port": port, "keepalive": keepalive}]);
    let few = json!([{"name": "centre", "public_key": PEERS[0], "allowed": ["10.8.0.0/16"]}]);
    let another = json!([{"name": "core", "public_key": PEERS[1], "allowed": ["10.9.0.0/24"]}]);
    let tunnel =
        json!({"port": 51_820, "mtu": 1400, "private_key": KEYS[0], "address": "10.8.0.2/24", "peers": peer(51_820, "core.acme.example", 25_000)});
    sample("wireguard", "wg0", tunnel)
        .update("specs.port", json!(51_821))
        .update("specs.mtu", json!(1412))
        .update("specs.private_key", json!(KEYS[1]))
        .update("specs.address", json!("10.8.0.3/24"))
        .update("specs.peers", peer(51_821, "core-2.acme.example", 30_000))
        .update("specs.peers", few)
        .update("specs.peers", another)
        .unset("specs.port")
        .unset("specs.mtu")
        .unset("specs.private_key")
        .unset("specs.address")
        .unset("specs.peers")
        .by_hand("specs.peers")
}

fn settings() -> Vec<Sample> {
    let service = sample("service", "www-ssl", json!({"enabled": false, "port": 8443, "from": ["10.0.0.0/8"], "certificate": "router"}))
        .update("specs.enabled", json!(true))
        .update("specs.port", json!(8444))
        .update("specs.from", json!(["10.0.0.0/8", "192.168.0.0/16"]))
        .update("specs.certificate", json!("none"))
        .unset("specs.enabled")
        .unset("specs.port")
        .unset("specs.from")
        .unset("specs.certificate")
        .by_hand("specs.port");
    let system = json!({
        "identity": "edge", "zone": "Europe/Rome", "detect_zone": false,
        "ntp": {"enabled": true, "servers": ["10.0.0.123"], "answers_others": true},
        "dns": {"servers": ["9.9.9.9", "1.1.1.1"], "answers_others": true}, "snmp": {"enabled": true, "contact": "ops", "location": "rack 1"},
    });
    let system = sample("system", "system", system)
        .update("specs.identity", json!("core"))
        .update("specs.zone", json!("Europe/Berlin"))
        .update("specs.detect_zone", json!(true))
        .update("specs.ntp.answers_others", json!(false))
        .update("specs.ntp.enabled", json!(false))
        .update("specs.ntp.servers", json!(["10.0.0.124", "10.0.0.123"]))
        .update("specs.dns.servers", json!(["1.1.1.1", "9.9.9.9"]))
        .update("specs.dns.answers_others", json!(false))
        .update("specs.snmp.enabled", json!(false))
        .update("specs.snmp.contact", json!("people"))
        .update("specs.snmp.location", json!("rack 2"))
        .unset("specs.identity")
        .unset("specs.zone")
        .unset("specs.detect_zone")
        .unset("specs.ntp.answers_others")
        .unset("specs.ntp.enabled")
        .unset("specs.ntp.servers")
        .unset("specs.dns.servers")
        .unset("specs.dns.answers_others")
        .unset("specs.snmp.enabled")
        .unset("specs.snmp.contact")
        .unset("specs.snmp.location")
        .by_hand("specs.identity");
    let settings = sample("settings", "resolver", json!({"path": "/ip/dns", "values": {"cache-max-ttl": "48h", "max-udp-packet-size": "1232"}}))
        .update("specs.values.cache-max-ttl", json!("3d"))
        .unset("specs.values.max-udp-packet-size")
        .leave_out("specs.path", "another menu is another object")
        .by_hand("specs.values");
    vec![service, system, settings]
}

fn others() -> Vec<Sample> {
    let inside = sample("interface-list", "inside", json!({"members": ["ether2", "ether3"], "include": ["static"], "exclude": ["dynamic"]}))
        .update("specs.members", json!(["ether2", "ether5"]))
        .update("specs.include", json!(["dynamic", "static"]))
        .update("specs.exclude", json!(["static"]))
        .unset("specs.members")
        .unset("specs.include")
        .unset("specs.exclude")
        .by_hand("specs.members");
    let user = sample("user", "ops", json!({"group": "read", "password": canary(), "from": ["10.0.0.0/8"], "enabled": false}))
        .update("specs.group", json!("write"))
        .update("specs.password", json!("another one"))
        .update("specs.from", json!(["192.168.0.0/16"]))
        .update("specs.enabled", json!(true))
        .unset("specs.password")
        .unset("specs.from")
        .unset("specs.enabled")
        .by_hand("specs.group");
    let queue = json!({"target": ["10.0.40.0/24"], "limit": "10000000/50000000", "guaranteed": "1000000/2000000", "parent": "all", "enabled": false});
    let queue = sample("queue", "guests", queue)
        .update("specs.target", json!(["10.0.41.0/24"]))
        .update("specs.limit", json!("20000000/50000000"))
        .update("specs.guaranteed", json!("1000000/3000000"))
        .update("specs.parent", json!("none"))
        .update("specs.enabled", json!(true))
        .unset("specs.limit")
        .unset("specs.guaranteed")
        .unset("specs.parent")
        .unset("specs.enabled")
        .by_hand("specs.limit");
    let entries =
        |ttl: &str| json!([{"name": "a.acme.example", "address": "192.0.2.1", "ttl": ttl}, {"name": "b.acme.example", "address": "192.0.2.2"}]);
    let menu = sample("menu", "records", json!({"path": "/ip/dns/static", "key": ["name"], "entries": entries("00:05:00")}))
        .update("specs.entries", entries("10m"))
        .update("specs.key", json!(["name", "address"]))
        .unset("specs.key")
        .leave_out("specs.path", "another menu is another place, where nothing is known of the entries")
        .by_hand("specs.entries");
    vec![tunnel(), inside, user, queue, menu]
}
