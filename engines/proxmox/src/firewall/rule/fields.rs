//! Which fields has a rule? Where the MikroTik engine has the same, it has the same word for it.

use core_model::schema::{Field, Kind};

use crate::checks::BRIDGE;
use crate::firewall::words::{ADDRESSES, LINE, MACRO, PORTS, PROTOCOL, RULE_NAME, WORD};

pub(crate) const LOG_LEVELS: &[&str] = &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog"];

/// The fields of a rule.
pub(crate) const RULE: &[Field] = &[
    Field::new("name", Kind::Checked(&RULE_NAME), "What the rule is called: the first word of its comment."),
    Field::new("direction", Kind::Word(&["in", "out", "forward"]), "Which way the packets go. Every rule has one that is no `group`."),
    Field::new("action", Kind::Word(&["accept", "drop", "reject"]), "What is done with a packet. Every rule has one that is no `group`."),
    Field::new("group", Kind::Link(&["security-group"]), "The security group whose rules stand here."),
    Field::new("macro", Kind::Checked(&MACRO), "Protocol and ports by the name that Proxmox has for them, `SSH`."),
    Field::new("protocol", Kind::Checked(&PROTOCOL), "`tcp`, `udp`, `icmp`, ..."),
    Field::new("from", Kind::Checked(&ADDRESSES), "Where packets come from: addresses and networks with commas between them, or one range."),
    Field::new("to", Kind::Checked(&ADDRESSES), "Where packets go."),
    Field::new("from_list", Kind::Link(&["ip-set"]), "The IP set that packets come from."),
    Field::new("to_list", Kind::Link(&["ip-set"]), "The IP set that packets go to."),
    Field::new("from_alias", Kind::Link(&["alias"]), "The alias that packets come from."),
    Field::new("to_alias", Kind::Link(&["alias"]), "The alias that packets go to."),
    Field::new("from_ports", Kind::Set(&Kind::Checked(&PORTS)), "The ports that packets come from."),
    Field::new("ports", Kind::Set(&Kind::Checked(&PORTS)), "The ports that packets go to."),
    Field::new("icmp_type", Kind::Checked(&WORD), "The kind of ICMP packet, `echo-request`."),
    Field::new("interface", Kind::Checked(&BRIDGE), "The interface: of the node, or `net0` of a guest."),
    Field::new("log", Kind::Word(LOG_LEVELS), "How packets are logged; not at all when left out."),
    Field::new("enabled", Kind::Boolean, "`false` when the rule does nothing; left out otherwise."),
    Field::new("comment", Kind::Checked(&LINE), "What people should know of it."),
];
