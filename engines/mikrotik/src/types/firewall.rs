//! What is a firewall of a router? The rules of one chain, in order: a section of ours, or the whole chain.
//!
//! A section stands between two rules of ours that are disabled and only mark its ends; the rules of others around it are left
//! alone. Inside the section, and in a chain that is managed whole, every rule is the blueprint's.

use std::collections::BTreeSet;

use core_model::Hash;
use core_model::plan::{Action, Risk};
use core_model::resource_type::{Finding, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value, json};

use super::{ADDRESSES, ITEM_NAME, PORTS, REACH, cutting, facts, needless, texts};
use crate::change::{Change, Goal, Refusal, is_adoption, may_change};
use crate::form::canonical;
use crate::order::{ListGoal, NewRule, arrange};
use crate::shape::{Argument, LiveRow, Look, Owner, SeenObject, Shape, WantedRow, as_values, item, item_row, specs};
use crate::snapshot::{SeenRow, Snapshot};
use crate::tag::Tag;
use crate::wire::Row;

const STATES: &[&str] = &["established", "related", "new", "invalid", "untracked"];

const RULE: &[Field] = &[
    Field::new("name", Kind::Checked(&ITEM_NAME), "What the rule is called.").required(),
    Field::new("action", Kind::Text, "What is done with a packet: `accept`, `drop`, `reject`, `dst-nat`, `masquerade`, `jump`, ...").required(),
    Field::new("protocol", Kind::Text, "`tcp`, `udp`, `icmp`, ...; `!` in front means every other one."),
    Field::new("from", Kind::Checked(&ADDRESSES), "Where packets come from."),
    Field::new("to", Kind::Checked(&ADDRESSES), "Where packets go."),
    Field::new("from_list", Kind::Text, "The address list that packets come from."),
    Field::new("to_list", Kind::Text, "The address list that packets go to."),
    Field::new("from_ports", Kind::Set(&Kind::Checked(&PORTS)), "The ports that packets come from."),
    Field::new("ports", Kind::Set(&Kind::Checked(&PORTS)), "The ports that packets go to."),
    Field::new("in", Kind::Text, "The interface that packets come in by."),
    Field::new("out", Kind::Text, "The interface that packets go out by."),
    Field::new("in_list", Kind::Text, "The interface list that packets come in by."),
    Field::new("out_list", Kind::Text, "The interface list that packets go out by."),
    Field::new("state", Kind::Set(&Kind::Word(STATES)), "The states of connections that packets belong to."),
    Field::new("to_address", Kind::Checked(&ADDRESSES), "The address that packets get instead, for `dst-nat` and `src-nat`."),
    Field::new("to_ports", Kind::Checked(&PORTS), "The port that packets get instead."),
    Field::new("jump", Kind::Text, "The chain that a `jump` goes to."),
    Field::new("reject_with", Kind::Text, "How a `reject` answers."),
    Field::new("log", Kind::Boolean, "Whether packets are logged; left out when not."),
    Field::new("log_prefix", Kind::Text, "What log lines begin with."),
    Field::new("enabled", Kind::Boolean, "`false` when the rule does nothing; left out otherwise."),
    Field::new("more", Kind::Map(&Kind::Text), "Further arguments of the router, by their own names."),
];

/// The one argument that the NAT of IPv6 calls otherwise.
const TO_ADDRESSES: &str = "to-addresses";
const TO_ADDRESS_IPV6: &str = "to-address";

/// How the fields of a rule are called on the router.
const ARGUMENTS: &[Argument] = &[
    Argument::new("action", "action"),
    Argument::new("protocol", "protocol"),
    Argument::new("from", "src-address"),
    Argument::new("to", "dst-address"),
    Argument::new("from_list", "src-address-list"),
    Argument::new("to_list", "dst-address-list"),
    Argument::new("from_ports", "src-port"),
    Argument::new("ports", "dst-port"),
    Argument::new("in", "in-interface"),
    Argument::new("out", "out-interface"),
    Argument::new("in_list", "in-interface-list"),
    Argument::new("out_list", "out-interface-list"),
    Argument::new("state", "connection-state"),
    // Of these two names a menu has one.
    Argument::new("to_address", TO_ADDRESSES),
    Argument::new("to_address", TO_ADDRESS_IPV6),
    Argument::new("to_ports", "to-ports"),
    Argument::new("jump", "jump-target"),
    Argument::new("reject_with", "reject-with").or("icmp-network-unreachable"),
    Argument::new("log", "log").or("no"),
    Argument::new("log_prefix", "log-prefix").or(""),
    Argument::new("enabled", "disabled").or("no").inverted(),
];

/// What a router tells of a rule that nobody set.
const NOT_SET: [&str; 9] = ["chain", "comment", "bytes", "packets", "dynamic", "invalid", "creation-time", "nextid", ".nextid"];

const SPECS: &[Field] = &[
    cutting(Field::new("table", Kind::Word(&["filter", "nat", "mangle", "raw"]), "Which table; `filter` when left out.").replace()),
    cutting(Field::new("family", Kind::Word(&["ipv4", "ipv6"]), "Which addresses; `ipv4` when left out.").replace()),
    cutting(Field::new("chain", Kind::Text, "The chain.").required().replace()),
    Field::new(
        "manage",
        Kind::Word(&["section", "whole"]),
        "`section`: the rules between two of ours that mark its ends. `whole`: every rule of the chain. `section` when left out.",
    ),
    Field::new("place", Kind::Word(&["first", "last"]), "Where a section is put in its chain when it is made; `first` when left out.")
        .write_only()
        .keep_when_unset()
        .risk(Risk::None),
    Field::new("rules", Kind::List(&Kind::Object(RULE)), "The rules, in order.").required(),
    REACH,
];

const FACTS: TypeFacts = facts("firewall", "The rules of one chain, in order.", SPECS);

const MENUS: [&str; 8] = [
    "/ip/firewall/filter",
    "/ip/firewall/nat",
    "/ip/firewall/mangle",
    "/ip/firewall/raw",
    "/ipv6/firewall/filter",
    "/ipv6/firewall/nat",
    "/ipv6/firewall/mangle",
    "/ipv6/firewall/raw",
];

/// The slots of the rules that mark the ends of a section.
const BEGIN: &str = "<";
const END: &str = ">";

/// The rules of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Firewall;

/// What the fields beside the rules say.
struct Chain<'v> {
    menu: String,
    chain: &'v str,
    is_whole: bool,
    is_last: bool,
    rules: &'v [Value],
}

impl<'v> Chain<'v> {
    fn of(values: &'v Map<String, Value>) -> Option<Self> {
        let specs = specs(values)?;
        let word = |field: &str, default: &'static str| specs.get(field).and_then(Value::as_str).unwrap_or(default);
        let family = if word("family", "ipv4") == "ipv6" { "ipv6" } else { "ip" };
        Some(Self {
            menu: format!("/{family}/firewall/{}", word("table", "filter")),
            chain: specs.get("chain")?.as_str()?,
            is_whole: word("manage", "section") == "whole",
            is_last: word("place", "first") == "last",
            rules: specs.get("rules").and_then(Value::as_array).map_or(&[], Vec::as_slice),
        })
    }

    fn new_rules(&self, tag: impl Fn(&str) -> String) -> Vec<NewRule> {
        let rules = self.rules.iter().filter_map(Value::as_object);
        rules.map(|rule| NewRule { values: self.row(rule), comment: tag(rule.get("name").and_then(Value::as_str).unwrap_or_default()) }).collect()
    }

    fn row(&self, rule: &Map<String, Value>) -> Row {
        let mut row = item_row(RULE, ARGUMENTS, rule);
        row.remove(if self.menu.starts_with("/ipv6/") { TO_ADDRESSES } else { TO_ADDRESS_IPV6 });
        row.insert("chain".to_owned(), self.chain.to_owned());
        let more = rule.get("more").and_then(Value::as_object).into_iter().flatten();
        row.extend(more.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))));
        row
    }
}

/// What a rule says, whatever its spelling: arguments that are not what they are anyway.
fn fingerprint(row: &Row) -> Hash {
    let told: Map<String, Value> = said(row).map(|(name, text)| (name.to_owned(), json!(canonical(name, text)))).collect();
    Hash::of(&json!([row.get("chain"), told]))
}

fn said(row: &Row) -> impl Iterator<Item = (&str, &str)> {
    let is_default = |name: &str, text: &str| {
        let default = ARGUMENTS.iter().find(|argument| argument.name == name).and_then(|argument| argument.default);
        default.is_some_and(|default| crate::form::same(name, text, default))
    };
    let set = row.iter().filter(|(name, text)| !NOT_SET.contains(&name.as_str()) && !text.is_empty());
    set.filter(move |(name, text)| !is_default(name, text)).map(|(name, text)| (name.as_str(), text.as_str()))
}

fn is_end(row: &SeenRow) -> bool {
    row.tag.as_ref().is_some_and(|tag| tag.slot == BEGIN || tag.slot == END)
}

/// The rows of one chain that are the object's: between its ends, tagged as its own, or all of a chain that is managed whole.
fn rows_in<'s>(rows: &'s [SeenRow], look: Look<'_>, whole: &dyn Fn(&SeenRow) -> bool) -> Vec<&'s SeenRow> {
    let ours = |row: &&SeenRow| row.tag.as_ref().is_some_and(|tag| look.owner.has(tag) && tag.object == look.object && !tag.slot.starts_with('='));
    let at = |slot: &str| rows.iter().position(|row| ours(&row) && row.tag.as_ref().is_some_and(|tag| tag.slot == slot));
    let chain = at(BEGIN).map(|begin| rows[begin].get("chain"));
    let section = at(BEGIN).zip(at(END)).map(|(begin, end)| begin..end);
    let inside = |index: usize, row: &SeenRow| section.as_ref().is_some_and(|section| section.contains(&index)) && Some(row.get("chain")) == chain;
    rows.iter().enumerate().filter(|(index, row)| ours(row) || inside(*index, row) || whole(row)).map(|(_, row)| row).collect()
}

impl Shape for Firewall {
    fn menus(&self, _places: &BTreeSet<String>) -> BTreeSet<String> {
        MENUS.iter().map(|menu| (*menu).to_owned()).collect()
    }

    fn names(&self, snapshot: &Snapshot, owner: &Owner) -> BTreeSet<String> {
        let tags = MENUS.iter().flat_map(|menu| snapshot.rows(menu)).filter_map(|row| row.tag.as_ref());
        tags.filter(|tag| owner.has(tag) && !tag.slot.starts_with('=')).map(|tag| tag.object.clone()).collect()
    }

    fn live<'s>(&self, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<LiveRow<'s>> {
        let mut live = Vec::new();
        for (menu, rows) in &snapshot.menus {
            let whole = |row: &SeenRow| look.places.iter().any(|place| place.split_once('|') == Some((menu, row.get("chain"))));
            let found = if MENUS.contains(&menu.as_str()) { rows_in(rows, look, &whole) } else { Vec::new() };
            live.extend(found.into_iter().map(|row| LiveRow { menu, row, is_fixed: false, list: None }));
        }
        live
    }

    fn seen(&self, look: Look<'_>, snapshot: &Snapshot) -> SeenObject {
        let live = self.live(look, snapshot);
        let Some(first) = live.first() else { return SeenObject::default() };
        let (menu, chain) = (first.menu, first.row.get("chain"));
        let parts: Vec<&str> = menu.split('/').collect();
        let is_section = live.iter().any(|live| is_end(live.row));
        let rules = live.iter().filter(|live| !is_end(live.row) && live.row.get("chain") == chain).enumerate();
        let rules: Vec<Value> = rules.map(|(index, live)| rule_of(live.row, index)).collect();
        let specs = json!({
            "table": parts.last(),
            "family": if parts.get(1) == Some(&"ipv6") { "ipv6" } else { "ipv4" },
            "chain": chain,
            "manage": if is_section { "section" } else { "whole" },
            "rules": rules,
        });
        let defaults = json!({"table": "filter", "family": "ipv4", "manage": "section"});
        let marker = live.iter().find_map(|live| live.row.tag.as_ref()).map(|tag| tag.marker.clone());
        let values = |value: Value| as_values(value.as_object().cloned().unwrap_or_default());
        SeenObject { marker, values: values(specs), defaults: values(defaults) }
    }

    /// The rules, so that their arguments can be checked before a run; `converge` puts them in order.
    fn wanted(&self, _object: &str, values: &Map<String, Value>) -> Vec<WantedRow> {
        let Some(chain) = Chain::of(values) else { return Vec::new() };
        let row = |rule: NewRule| WantedRow {
            menu: chain.menu.clone(),
            key: Vec::new(),
            slot: rule.comment,
            values: rule.values,
            made_with: Row::new(),
            has_comment: true,
            is_fixed: false,
            write_only: Vec::new(),
            kept: Vec::new(),
        };
        chain.new_rules(str::to_owned).into_iter().map(row).collect()
    }

    fn default_of(&self, _object: &str, _menu: &str, _argument: &str) -> Option<String> {
        None
    }

    /// Each chain with rules of nobody, as a whole.
    fn nobodys(&self, snapshot: &Snapshot) -> Vec<(String, BTreeSet<String>)> {
        let mut found = BTreeSet::new();
        for menu in MENUS {
            let chains: BTreeSet<&str> = snapshot.rows(menu).iter().filter(|row| row.tag.is_none()).map(|row| row.get("chain")).collect();
            let short = menu.replace("/ipv6/firewall/", "ipv6-").replace("/ip/firewall/", "");
            found.extend(chains.into_iter().map(|chain| (format!("{short}-{chain}"), BTreeSet::from([format!("{menu}|{chain}")]))));
        }
        found.into_iter().collect()
    }

    fn converge(&self, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal> {
        let live = self.live(look, snapshot);
        may_change(&live, goal)?;
        let remove = |live: &LiveRow<'_>| Change::Remove { menu: live.menu.to_owned(), row: live.row.clone() };
        let Some(chain) = Chain::of(goal.desired).filter(|_| goal.action != Action::Delete) else {
            return Ok(removed(&live, goal));
        };
        let (here, elsewhere): (Vec<&LiveRow<'_>>, Vec<&LiveRow<'_>>) =
            live.iter().partition(|live| live.menu == chain.menu && live.row.get("chain") == chain.chain);
        if chain.is_whole && !is_whole_already(&chain, goal) && !is_adoption(&live, goal) {
            nothing_foreign(look, snapshot, &here)?;
        }
        let mut changes = arranged(&chain, look, snapshot, &here, goal);
        changes.extend(elsewhere.into_iter().rev().map(remove));
        Ok(changes)
    }
}

/// Whether the record says that every rule of the chain is the blueprint's.
fn is_whole_already(chain: &Chain<'_>, goal: &Goal<'_>) -> bool {
    let before = goal.applied.and_then(Chain::of);
    before.is_some_and(|before| before.is_whole && before.menu == chain.menu && before.chain == chain.chain)
}

/// A section that grows to the whole chain meets the rules around it, which are somebody else's.
fn nothing_foreign(look: Look<'_>, snapshot: &Snapshot, here: &[&LiveRow<'_>]) -> Result<(), Refusal> {
    let Some(first) = here.first() else { return Ok(()) };
    let ours: BTreeSet<&str> = rows_in(snapshot.rows(first.menu), look, &|_| false).into_iter().map(|row| row.id.as_str()).collect();
    let foreign = here.iter().filter(|live| !ours.contains(live.row.id.as_str())).count();
    if foreign == 0 {
        return Ok(());
    }
    let chain = first.row.get("chain");
    Err(Refusal(format!("the chain `{chain}` has {foreign} rules outside the section that are not managed by ipr")))
}

fn remove(live: &LiveRow<'_>) -> Change {
    Change::Remove { menu: live.menu.to_owned(), row: live.row.clone() }
}

/// Backwards, so that what allows goes before what it stood in front of. Rules of others in the section stay; what was adopted and
/// never changed has no tags, and is known by the record.
fn removed(live: &[LiveRow<'_>], goal: &Goal<'_>) -> Vec<Change> {
    let owner = Owner::of(goal.marker);
    let is_ours = |live: &&LiveRow<'_>| live.row.tag.as_ref().is_some_and(|tag| owner.has(tag));
    let is_adopted = goal.applied.is_some() && !live.iter().any(|live| is_ours(&live));
    live.iter().filter(|live| is_adopted || is_ours(live)).rev().map(remove).collect()
}

/// The changes that bring one chain to its rules.
fn arranged(chain: &Chain<'_>, look: Look<'_>, snapshot: &Snapshot, here: &[&LiveRow<'_>], goal: &Goal<'_>) -> Vec<Change> {
    let tag = |slot: &str| Tag::new(goal.marker, look.object, slot).comment();
    let handles = format!("+{}", look.object);
    let list = |old: Vec<&SeenRow>, end: Option<String>| {
        arrange(&ListGoal { menu: &chain.menu, handles: &handles, old, new: chain.new_rules(tag), end }, fingerprint)
    };
    let rows = snapshot.rows(&chain.menu);
    let place = |row: &SeenRow| rows.iter().position(|other| other.id == row.id);
    let old: Vec<&SeenRow> = here.iter().map(|live| live.row).collect();
    if chain.is_whole {
        return list(old, None);
    }
    let (ends, rules): (Vec<&SeenRow>, Vec<&SeenRow>) = old.iter().partition(|row| is_end(row));
    let end_at = |slot: &str| ends.iter().copied().find(|row| row.tag.as_ref().is_some_and(|tag| tag.slot == slot));
    if let (Some(begin), Some(end)) = (end_at(BEGIN), end_at(END)) {
        let (inside, outside): (Vec<&SeenRow>, Vec<&SeenRow>) =
            rules.into_iter().partition(|row| place(begin) < place(row) && place(row) < place(end));
        let mut changes = list(inside, Some(end.id.clone()));
        changes.extend(outside.into_iter().map(|row| Change::Remove { menu: chain.menu.clone(), row: row.clone() }));
        return changes;
    }
    // There is no section yet, or somebody took one of its ends: both are made anew around the rules that are ours.
    let in_chain = |row: &&SeenRow| row.get("chain") == chain.chain;
    let after = match rules.last().and_then(|last| place(last)) {
        Some(last) => rows[last + 1..].iter().find(in_chain),
        None if chain.is_last => None,
        None => rows.iter().find(in_chain),
    };
    let before = rules.first().copied().or(after);
    let end_rule = |slot: &str, before: Option<&SeenRow>| Change::Add {
        menu: chain.menu.clone(),
        handle: format!("{handles}/{slot}"),
        values: [("chain", chain.chain), ("action", "passthrough"), ("disabled", "yes"), ("comment", &tag(slot))].map(owned).into(),
        before: before.map(|row| row.id.clone()),
    };
    let mut changes = vec![end_rule(BEGIN, before), end_rule(END, after)];
    changes.extend(list(rules, Some(format!("{handles}/{END}"))));
    changes.extend(ends.into_iter().map(|row| Change::Remove { menu: chain.menu.clone(), row: row.clone() }));
    changes
}

fn owned((name, text): (&str, &str)) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

/// A rule as a blueprint would say it. A rule of nobody is called after its place.
fn rule_of(row: &SeenRow, index: usize) -> Value {
    let mut rule = item(RULE, ARGUMENTS, row);
    if row.tag.is_none() {
        rule.insert("name".to_owned(), json!(format!("rule-{}", index + 1)));
    }
    rule.entry("action").or_insert_with(|| json!("accept"));
    let known = |name: &str| ARGUMENTS.iter().any(|argument| argument.name == name);
    let more: Map<String, Value> = said(&row.values).filter(|(name, _)| !known(name)).map(|(name, text)| (name.to_owned(), json!(text))).collect();
    if !more.is_empty() {
        rule.insert("more".to_owned(), Value::Object(more));
    }
    Value::Object(rule)
}

impl ResourceType for Firewall {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let defaults =
            [("log", json!(false)), ("enabled", json!(true)), ("log_prefix", json!("")), ("reject_with", json!("icmp-network-unreachable"))];
        let mut findings = needless(resource, "rules", &defaults);
        let mut names = BTreeSet::new();
        for (index, rule) in texts(resource, "rules").enumerate() {
            let finding = |field: &str, summary: &'static str, detail: String, hint: &str| Finding {
                path: format!("specs.rules[{index}].{field}"),
                summary,
                detail,
                hint: Some(hint.to_owned()),
            };
            let name = rule.get("name").and_then(Value::as_str).unwrap_or_default();
            if !names.insert(name) {
                findings.push(finding("name", "Name used twice", format!("Two rules are called `{name}`."), "give each rule a name of its own"));
            }
            let more = rule.get("more").and_then(Value::as_object).into_iter().flatten();
            for (argument, _) in more {
                if let Some(known) = ARGUMENTS.iter().find(|known| known.name == argument) {
                    let detail = format!("`{argument}` has a field of its own.");
                    findings.push(finding("more", "Argument with a field", detail, &format!("write it as `{}`", known.field)));
                } else if NOT_SET.contains(&argument.as_str()) || argument == "place-before" {
                    findings.push(finding("more", "Argument not possible", format!("`{argument}` is not the author's to set."), "leave it out"));
                }
            }
        }
        findings
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        Chain::of(values).filter(|chain| chain.is_whole).map(|chain| format!("{}|{}", chain.menu, chain.chain))
    }

    /// Rules for packets to the router itself can cut the daemon's way; those for packets through it cannot.
    fn least_risk(&self, _action: Action, values: &Map<String, Value>) -> Risk {
        match Chain::of(values).map(|chain| chain.chain) {
            Some("forward" | "srcnat" | "postrouting") | None => Risk::None,
            Some(_) => Risk::MayDisconnect,
        }
    }
}

#[cfg(test)]
#[path = "firewall/tests.rs"]
mod tests;
