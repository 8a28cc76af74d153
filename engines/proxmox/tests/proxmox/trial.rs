//! Does the engine offer a trial that its own types take, of what there is on the cluster? And what does it find when it looks at it?

use std::collections::BTreeMap;

use core_model::record::AppliedResource;
use engine_api::contract::{Bench, Sample};
use engine_api::{Check, CheckState, TRIAL, Trial, Wishes};
use serde_json::json;
use test_sim_proxmox::{ClockSource, DiskSize, Storage};

use crate::blueprints::samples;
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring};
use crate::world::World;

const CONTAINER: &str = "local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst";
const PAGE: &str = include_str!("../../../../docs/engines/proxmox.md");

pub(crate) fn wishes(pairs: &[(&str, &str)]) -> Wishes {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Carries out the stages whose titles begin so, in their order, and removes what they made. Each must leave nothing to do.
pub(crate) async fn carry_out(bench: &Bench<'_>, trial: &Trial, titles: &[&str]) -> Vec<String> {
    let mut records: BTreeMap<String, (Sample, AppliedResource)> = BTreeMap::new();
    let mut done = Vec::new();
    for stage in trial.stages.iter().filter(|stage| titles.iter().any(|title| stage.title.starts_with(title))) {
        let blueprint = json!({"version": "1.0", "name": TRIAL, "resources": stage.resources});
        for sample in samples(&blueprint.to_string()) {
            let record = records.get(&sample.object).map(|(_, record)| record.clone());
            let (action, record) = bring(bench, &sample, record.as_ref()).await;
            done.push(format!("{} {}", action.map_or("keep", |action| action.word()), sample.object));
            records.insert(sample.object.clone(), (sample, record));
        }
    }
    for (sample, record) in records.values() {
        let order = bench.maker.delete(sample, record);
        bench.must(sample, &order).await;
    }
    done
}

#[tokio::test]
async fn the_stages_are_what_the_types_take() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_file("pve1", CONTAINER, DiskSize(100 << 20)));
    let trial = bench.engine.trial(&Wishes::new()).await.unwrap().unwrap();
    assert!(trial.makes[0].contains("from the template `debian-13` (9000)") && trial.makes[1].contains(CONTAINER), "{:?}", trial.makes);
    assert!(trial.caveat.as_ref().is_some_and(|caveat| caveat.contains("never against a real one")) && trial.omits.is_empty(), "{trial:?}");
    let done = carry_out(&bench, &trial, &["create", "change", "move", "start"]).await;
    assert_eq!(done.len(), 8);
    assert_eq!(subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| guest.name().starts_with(TRIAL)).count()), 0);
}

#[tokio::test]
async fn what_is_wished_is_used_and_what_means_nothing_is_refused() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let offered = async |pairs: &[(&str, &str)]| bench.engine.trial(&wishes(pairs)).await.map(|trial| trial.unwrap()).map_err(|error| error.message);
    let none = ("container_os", "none");
    let image = offered(&[none, ("os", "ubuntu-24.04"), ("node", "pve3"), ("storage", "fast"), ("other_node", "pve2")]).await.unwrap();
    assert!(image.makes[0].contains("on `pve3`, from the image `local:import/ubuntu-24.04.qcow2`, with disks on `fast`"), "{:?}", image.makes);
    assert!(image.stages[2].resources[0]["metadata"]["node"] == "pve2", "{:?}", image.stages);
    for (pairs, why) in [
        (&[none, ("bridge", "vmbr0")][..], "there is `os`"),
        (&[none, ("node", "pve9")], "`node` is `pve9`"),
        (&[none, ("storage", "share")], "name one with `--set storage=...`"),
        (&[none, ("other_node", "pve1"), ("node", "pve1")], "`pve1` has not the storages"),
        (&[none, ("os", "no-such-system")], "no template has this name"),
        (&[], "pveam download"),
    ] {
        let message = offered(pairs).await.unwrap_err();
        assert!(message.contains(why), "{pairs:?}: {message}");
    }
}

#[tokio::test]
async fn a_node_alone_moves_nothing() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| ["pve2", "pve3"].iter().for_each(|node| world.nodes.get_mut(*node).unwrap().online = false));
    let trial = bench.engine.trial(&wishes(&[("container_os", "none")])).await.unwrap().unwrap();
    let titles: Vec<&str> = trial.stages.iter().map(|stage| stage.title.as_str()).collect();
    assert_eq!(titles, ["create the machine", "change the machine", "start the machine"]);
    assert!(trial.omits[0].contains("is not moved"), "{:?}", trial.omits);
}

#[tokio::test]
async fn the_page_lists_what_can_be_wished() {
    let world = World::new(ClockSource::default()).await;
    let refused = world.engine().trial(&wishes(&[("nothing", "x")])).await.unwrap_err();
    let (_, known) = refused.message.split_once("there is ").unwrap();
    let rows: Vec<String> = known.split("; ").map(|wish| wish.replacen("`, ", "` | ", 1)).map(|wish| format!("| {wish} |")).collect();
    let (_, table) = PAGE.split_once("<!-- wishes -->").unwrap();
    let listed: Vec<&str> = table.split("<!-- end -->").next().unwrap().trim().lines().skip(2).collect();
    assert_eq!(listed, rows);
}

async fn checks(world: &World) -> Vec<Check> {
    world.engine().checkup().await.unwrap().checks
}

fn not_ok(checks: &[Check]) -> Vec<(CheckState, &str)> {
    checks.iter().filter(|check| check.state != CheckState::Ok).map(|check| (check.state, check.text.as_str())).collect()
}

#[tokio::test]
async fn a_cluster_that_is_well_has_nothing_to_say_but_details() {
    let world = World::new(ClockSource::default()).await;
    let checkup = world.engine().checkup().await.unwrap();
    assert_eq!(not_ok(&checkup.checks), []);
    assert!(checkup.unix_time_s.is_some(), "an answer tells the time of the node");
    let texts: Vec<&str> = checkup.checks.iter().map(|check| check.text.as_str()).collect();
    for part in ["has its quorum", "the node `pve3` is online", "the storage `local-lvm` of `pve2` takes images", "/ answers"] {
        assert!(texts.iter().any(|text| text.contains(part)), "{part}: {texts:?}");
    }
}

#[tokio::test]
async fn what_is_ill_is_named_and_the_rest_is_looked_at() {
    let world = World::new(ClockSource::default()).await;
    world.cluster.change(|pve| {
        pve.nodes.get_mut("pve3").unwrap().online = false;
        pve.quorate = false;
        pve.storages.insert("gone".to_owned(), Storage::new(&[("type", "nfs"), ("server", "nas"), ("export", "/x"), ("content", "images")]));
    });
    let checks = checks(&world).await;
    let found = not_ok(&checks);
    assert!(found.iter().any(|(state, text)| *state == CheckState::Problem && text.contains("no quorum")), "{found:?}");
    assert!(found.iter().any(|(state, text)| *state == CheckState::Warning && text.contains("`pve3` is offline")), "{found:?}");
    assert!(checks.iter().any(|check| check.text.contains("the storage `gone` of `pve1`")), "{checks:?}");
}
