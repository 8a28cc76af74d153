//! What was tried with every menu of every type? Each sample is made, changed and removed on a router of its own, and the router tells
//! what it was asked. The page has a table of that, and these tests hold it.

mod row;

use std::collections::{BTreeMap, BTreeSet};

use core_model::record::AppliedResource;
use core_model::schema::{Field, Kind, Unset, field_at};
use engine_api::Order;
use engine_api::contract::page::Page;
use engine_api::contract::{Bench, Sample, Seen};
use engine_mikrotik::types;
use serde_json::{Map, Value};
use test_sim_routeros::{Call, Fault, FaultMatch, Version};

use crate::samples::{Group, rules};
use crate::subject::RouterSubject;
use row::{Rows, menu, verb};

/// The newest has the most arguments. The contract's suite runs on all four.
const VERSION: Version = Version::V7_24;

/// What our own guard is made of, and no part of a sample.
const OF_THE_GUARD: [&str; 3] = ["/safe-mode", "/system/script", "/system/scheduler"];

/// One thing that is done with a sample's object.
#[derive(Clone, Copy)]
enum Story<'s> {
    Create,
    Update(&'s str, &'s Value),
    Unset(&'s str),
    Delete,
}

impl Story<'_> {
    fn words(self) -> String {
        match self {
            Self::Create => "it was made".to_owned(),
            Self::Update(path, value) => format!("`{path}` was set to {value}"),
            Self::Unset(path) => format!("`{path}` was taken out"),
            Self::Delete => "it was removed".to_owned(),
        }
    }
}

fn stories(sample: &Sample) -> Vec<Story<'_>> {
    let updates = sample.updates.iter().map(|(path, value)| Story::Update(path, value));
    let unset = sample.unset.iter().map(|path| Story::Unset(path));
    let ends = (!sample.is_singleton()).then_some(Story::Delete);
    std::iter::once(Story::Create).chain(updates).chain(unset).chain(ends).collect()
}

/// A step, and what the record says when it is done (`None`: nothing is left). No step: there is nothing to do.
async fn begin(bench: &Bench<'_>, sample: &Sample, story: Story<'_>) -> Option<(Order, Option<AppliedResource>)> {
    let (values, before): (Map<String, Value>, _) = match story {
        Story::Create => (sample.values.clone(), None),
        Story::Update(path, value) => (sample.with(path, value), Some(bench.put(sample).await)),
        Story::Unset(path) => (sample.without(path), Some(bench.put(sample).await)),
        Story::Delete => {
            let record = bench.put(sample).await;
            return Some((bench.maker.delete(sample, &record), None));
        }
    };
    let wanted = bench.resolve(sample, &values).await;
    let order = bench.plan(sample, &wanted, before.as_ref()).await?;
    Some((order, Some(bench.maker.record(sample, &wanted))))
}

async fn assert_settled(bench: &Bench<'_>, sample: &Sample, record: Option<&AppliedResource>, when: &str) {
    match record {
        Some(record) => bench.assert_settled(sample, record, when).await,
        None => assert!(bench.see(sample).await == Seen::Absent, "{}: {when}, and it is still there", sample.title()),
    }
}

/// Whether the story takes out a field that stays as it is then.
fn is_kept(sample: &Sample, story: Story<'_>) -> bool {
    let Story::Unset(path) = story else { return false };
    let segments: Vec<&str> = path.split('.').skip(1).collect();
    field_at(sample.facts().specs, &segments).is_some_and(|field| field.unset == Unset::Keep)
}

/// Tries everything with one sample.
async fn live(sample: &Sample, rows: &mut Rows) {
    let subject = RouterSubject::start(VERSION, Group::Others).await;
    for story in stories(sample) {
        let bench = Bench::fresh(&subject).await;
        let Some((order, record)) = begin(&bench, sample, story).await else {
            assert!(is_kept(sample, story), "{}: {}, and there was nothing to do", sample.title(), story.words());
            continue;
        };
        subject.router().forget_calls();
        bench.must(sample, &order).await;
        let kind = sample.facts().name;
        let is_its = |call: &Call| kind == "scheduler" && menu(call) == "/system/scheduler" || !OF_THE_GUARD.contains(&menu(call));
        let calls: Vec<Call> = subject.router().writes().into_iter().filter(is_its).collect();
        assert_settled(&bench, sample, record.as_ref(), &story.words()).await;
        let mut touched = BTreeSet::new();
        for call in &calls {
            let row = rows.entry((menu(call).to_owned(), kind.to_owned())).or_default();
            row.is_always_there = sample.is_singleton();
            row.note(sample, story, call);
            row.steps += usize::from(touched.insert(menu(call)));
            if row.lost.insert(verb(call).to_owned()) {
                lose(&subject, sample, story, &call.command).await;
            }
        }
    }
}

/// The same step, but the reply to one command never comes. Carried out again it ends as it should.
async fn lose(subject: &RouterSubject, sample: &Sample, story: Story<'_>, command: &str) {
    let mut bench = Bench::fresh(subject).await;
    let (order, record) = begin(&bench, sample, story).await.unwrap();
    subject.router().fault(FaultMatch::command(command), Fault::DisconnectAfterEffect, 1);
    let when = format!("{}, and the reply to `{command}` was lost", story.words());
    assert!(bench.carry_out(&order).await.is_err(), "{}: {when}, and nobody noticed", sample.title());
    assert_eq!(subject.router().faults_left(), 0, "{}: `{command}` was not called", sample.title());
    bench.restart();
    bench.must(sample, &order).await;
    assert_settled(&bench, sample, record.as_ref(), &when).await;
}

const HEAD: &str = "| menu | type | add | each argument set | unset | remove | move | second plan empty | lost reply |
|---|---|---|---|---|---|---|---|---|
";

/// Tries some samples, and compares with their rows on the page. With `IPR_UPDATE_PAGES=1` the rows are written anew; one test at a time,
/// then.
async fn hold(samples: Vec<Sample>) {
    let mut rows = Rows::new();
    for sample in &samples {
        live(sample, &mut rows).await;
    }
    let forgotten: Vec<String> =
        rows.iter().flat_map(|((menu, kind), row)| row.never_set(kind).into_iter().map(move |name| format!("{kind}: {menu} {name}"))).collect();
    assert_eq!(forgotten, [""; 0], "arguments that no step sets to another value");
    let said: Vec<String> = rows
        .iter()
        .flat_map(|((menu, kind), row)| row.said_alone(menu, kind).into_iter().map(move |said| format!("{kind}: {menu}: {said}")))
        .collect();
    assert_eq!(said, [""; 0], "cells that nothing shows");
    let mut page = Page::open("mikrotik");
    let is_ours = |line: &&str| !rows.keys().any(|(menu, kind)| line.starts_with(&format!("| `{menu}` | `{kind}` |")));
    let others: Vec<String> = page.part("cases").lines().skip(2).filter(is_ours).map(str::to_owned).collect();
    let ours = rows.iter().map(|((menu, kind), row)| row.line(menu, kind));
    let lines: BTreeSet<String> = others.into_iter().chain(ours).collect();
    let table = lines.iter().fold(HEAD.to_owned(), |table, line| format!("{table}{line}\n"));
    page.replace("cases", &table);
    page.check();
}

/// The samples of some types.
fn of_types(group: Group, names: &[&str]) -> Vec<Sample> {
    group.samples(VERSION).into_iter().filter(|sample| names.contains(&sample.facts().name)).collect()
}

/// One test for some types each: none takes long.
macro_rules! cases {
    ($($test:ident: $samples:expr;)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                hold($samples).await;
            }
        )*
        fn all() -> Vec<Sample> {
            [$($samples),*].into_iter().flatten().collect()
        }
    };
}

cases! {
    networks: of_types(Group::Networks, &["network", "address"]);
    bonds: of_types(Group::Networks, &["bonding"]);
    names: Group::Names.samples(VERSION);
    rules_of_ipv4: rules::samples("ipv4");
    rules_of_ipv6: rules::samples("ipv6");
    address_lists: of_types(Group::Firewalls, &["address-list"]);
    services: Group::Services.samples(VERSION);
    tunnels: of_types(Group::Others, &["wireguard"]);
    lists_users_and_queues: of_types(Group::Others, &["interface-list", "user", "queue"]);
    settings: of_types(Group::Settings, &["service", "system"]);
    dialing: Group::Dialing.samples(VERSION);
    ospf: of_types(Group::Routing, &["ospf-instance", "ospf-area", "ospf-interface"]);
    bgp: of_types(Group::Routing, &["bgp-instance", "bgp-template", "bgp-connection"]);
    watching: Group::Watching.samples(VERSION);
}

/// Types whose menus are the author's to choose.
const FREE: [&str; 2] = ["menu", "settings"];

#[test]
fn no_type_is_without_cases() {
    let samples = all();
    for kind in types().into_iter().map(|kind| kind.facts().name).filter(|name| !FREE.contains(name)) {
        assert!(samples.iter().any(|sample| sample.facts().name == kind), "`{kind}` has no cases");
    }
}

/// What the engine reads to find what is ours is what it may write, and each such menu has its row.
#[tokio::test]
async fn no_menu_is_without_its_row() {
    let subject = RouterSubject::start(VERSION, Group::Others).await;
    let bench = Bench::fresh(&subject).await;
    subject.router().forget_calls();
    bench.observe(&[]).await;
    let page = Page::open("mikrotik");
    let rows: BTreeSet<&str> = page.part("cases").lines().skip(2).filter_map(|line| line.split('`').nth(1)).collect();
    let identity = ["/system/license", "/system/resource", "/system/routerboard"];
    let calls = subject.router().calls();
    let read: BTreeSet<&str> = calls.iter().filter(|call| verb(call) == "print").map(menu).filter(|menu| !identity.contains(menu)).collect();
    assert_eq!(read, rows);
}

/// The suite goes through the fields of a type; the fields of the items of a list are gone through here.
#[test]
fn no_field_of_an_item_is_forgotten() {
    let samples = all();
    let mut forgotten = Vec::new();
    for kind in types() {
        let of_type: Vec<&Sample> = samples.iter().filter(|sample| sample.facts().name == kind.facts().name).collect();
        for list in kind.facts().specs {
            let (Kind::List(Kind::Object(fields)) | Kind::Set(Kind::Object(fields))) = list.kind else { continue };
            for field in fields.iter().filter(|field| field.name != "name") {
                let tried = of_type.iter().map(|sample| tried(sample, list, field)).fold((false, false), |all, one| (all.0 | one.0, all.1 | one.1));
                if !tried.0 || !field.required && !tried.1 {
                    forgotten.push(format!("{}: {}[].{}", kind.facts().name, list.name, field.name));
                }
            }
        }
    }
    assert_eq!(forgotten, [""; 0], "fields of items that no sample changes and leaves out");
}

/// Whether a field of an item gets another value by an update, and whether it is left out by one.
fn tried(sample: &Sample, list: &Field, field: &Field) -> (bool, bool) {
    let path = format!("specs.{}", list.name);
    let values = |list: Option<&Value>| -> BTreeMap<String, Value> {
        let items = list.and_then(Value::as_array).into_iter().flatten();
        items.map(|item| (item["name"].to_string(), item.get(field.name).cloned().unwrap_or_default())).collect()
    };
    let before = values(sample.values.get("specs").and_then(|specs| specs.get(list.name)));
    let updates = sample.updates.iter().filter(|(updated, _)| *updated == path).map(|(_, value)| values(Some(value)));
    let pairs: Vec<(Value, Value)> = updates
        .flat_map(|after| after.into_iter().filter_map(|(name, value)| Some((before.get(&name)?.clone(), value))).collect::<Vec<_>>())
        .collect();
    let was_set = || pairs.iter().filter(|(before, _)| !before.is_null());
    let is_changed = was_set().any(|(before, after)| !after.is_null() && after != before);
    let is_left_out = was_set().any(|(_, after)| after.is_null());
    // Inside a list a value that is so anyway is refused: what is true or false is set or left out.
    (is_changed || matches!(field.kind, Kind::Boolean) && is_left_out, is_left_out)
}
