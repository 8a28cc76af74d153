//! One case for each rule of planning.

use core_model::plan::Inverse;
use core_model::resource_type::Ownership;
use core_model::state::OnDelete;
use serde_json::{Map, Value, json};

use crate::world::{World, address, disk_link, resource, shown};

fn set(world: &mut World, name: &str, specs: Value) {
    let kind = world.merge.resources[&address(name)].type_name.clone();
    world.want(resource(&kind, name, specs));
}

fn check(world: &World, expected: &str) {
    assert_eq!(shown(&world.plan()), expected);
}

#[test]
fn equal_states_plan_to_nothing() {
    check(&World::settled(vec![resource("box", "web", json!({"image": "a"}))]), "");
}

#[test]
fn a_new_resource_is_created_after_what_it_links_to() {
    let mut world = World::empty();
    world.want(resource("box", "a", json!({"disk": disk_link("data")})));
    world.want(resource("disk", "data", json!({"size": 1})));
    check(&world, "create app.data [none] specs.size\ncreate app.a [none] specs.disk");
    assert_eq!(world.plan().steps[0].inverse, Inverse::DeleteWhatWeMade);
}

#[test]
fn a_change_is_exactly_its_field_with_the_effect_of_the_table() {
    let mut world = World::settled(vec![resource("box", "web", json!({"image": "a", "env": {"A": "1"}, "size": 1}))]);
    set(&mut world, "web", json!({"image": "a", "env": {"A": "2"}, "size": 1}));
    check(&world, "update app.web [in-place] specs.env.A");
    set(&mut world, "web", json!({"image": "a", "env": {"A": "1"}, "size": 2}));
    check(&world, "restart app.web [restart] specs.size");
    set(&mut world, "web", json!({"image": "b", "env": {"A": "1"}, "size": 1}));
    check(&world, "replace app.web [restart] specs.image");
}

#[test]
fn what_a_change_costs_is_weighed_on_the_object() {
    let mut world = World::settled(vec![resource("machine", "vm", json!({"cpu": 2}))]);
    set(&mut world, "vm", json!({"cpu": 4}));
    check(&world, "restart app.vm [restart] specs.cpu");
    world.object("vm").values["specs"]["off"] = json!(true);
    check(&world, "update app.vm [in-place] specs.cpu");
}

#[test]
fn objects_under_free_keys_are_compared_field_by_field() {
    let slots = |slots: Value| json!({"slots": slots});
    let mut world = World::settled(vec![resource("machine", "vm", slots(json!({"scsi0": {"size": 1, "cache": "none"}, "scsi1": {"size": 1}})))]);
    world.object("vm").values["specs"]["slots"]["scsi1"]["cache"] = json!("nobody set it");
    check(&world, "");
    set(&mut world, "vm", slots(json!({"scsi0": {"size": 2, "cache": "none"}, "scsi1": {"size": 1}})));
    check(&world, "update app.vm [in-place] specs.slots.scsi0.size");
    set(&mut world, "vm", slots(json!({"scsi0": {"size": 1, "cache": "none"}})));
    check(&world, "update app.vm [in-place] specs.slots.scsi1.size");
}

/// A target that tells of no drives at all has not said that they are empty.
#[test]
fn what_is_given_back_and_not_told_is_unknown() {
    let mut world = World::settled(vec![resource("machine", "vm", json!({"cpu": 2, "media": {"cd": "a.iso"}}))]);
    set(&mut world, "vm", json!({"cpu": 2}));
    check(&world, "update app.vm [in-place] specs.media.cd");
    world.object("vm").values["specs"]["media"] = json!({});
    check(&world, "");
    world.object("vm").values["specs"].as_object_mut().unwrap().remove("media");
    let hint = "Hint: let the target's account see it; or leave what is there alone with `lifecycle: {ignore: [specs.media]}`";
    check(&world, &format!("unknown: app.vm: `specs.media` is to be given back, and the target does not tell it. {hint}"));
    assert!(world.plan().after.is_empty(), "the record does not forget it");
    world.merge.resources.get_mut(&address("vm")).unwrap().lifecycle.ignore = vec!["specs.media".to_owned()];
    check(&world, "");
}

#[test]
fn an_object_of_a_type_that_renames_stays_the_same() {
    let mut world = World::settled(vec![resource("machine", "vm", json!({"name": "old"}))]);
    set(&mut world, "vm", json!({"name": "new"}));
    check(&world, "update app.vm [in-place] specs.name");
    assert_eq!(world.plan().after[0].object, "new");
    // The same plan again once it has the new name, which the record does not know yet.
    world.objects()[0].name = "new".into();
    world.objects()[0].values["specs"]["name"] = json!("new");
    check(&world, "");
}

/// A name that follows from the address lasts through moves, but not in another place.
#[test]
fn what_lies_within_something_else_is_another_object() {
    let berth = |name: &str, pier: &str| {
        let mut berth = resource("berth", name, json!({}));
        berth.object = format!("{pier}/app-{name}");
        berth.values.insert("metadata".into(), json!({"pier": pier}));
        berth
    };
    let mut world = World::settled(vec![berth("one", "east")]);
    world.want(berth("one", "west"));
    check(&world, "delete app.one [restart]\ncreate app.one [none] metadata.pier");
    assert_eq!(world.plan().after[0].object, "west/app-one");
    let mut world = World::settled(vec![berth("one", "east")]);
    world.drop("one");
    world.want(berth("two", "east")).lifecycle.was = vec![address("one")];
    assert_eq!(world.plan().after[0].object, "east/app-one");
}

#[test]
fn a_step_costs_at_least_what_its_type_says() {
    let ours = || resource("box", "way", json!({"port": 22}));
    let mut world = World::empty();
    world.want(ours());
    check(&world, "create app.way [may-disconnect] specs.port");
    let mut world = World::settled(vec![ours()]);
    set(&mut world, "way", json!({"port": 23}));
    check(&world, "update app.way [may-disconnect] specs.port");
    world.merge.resources.clear();
    check(&world, "delete app.way [may-disconnect]");
}

#[test]
fn places_come_from_what_is_wanted_and_from_the_record() {
    let mut world = World::settled(vec![resource("box", "web", json!({"note": "left"})), resource("box", "bare", json!({}))]);
    set(&mut world, "web", json!({"note": "right"}));
    let places = core_planner::places(&[&world.base, &world.merge], &world.applied, &crate::world::registry());
    let found: Vec<_> = places.values().flatten().map(|((kind, object), places)| (kind.as_str(), object.as_str(), places.len())).collect();
    assert_eq!(found, [("box", "app-web", 2)]);
}

#[test]
fn what_nobody_set_is_not_ours() {
    let mut world = World::settled(vec![resource("box", "web", json!({"image": "a"}))]);
    world.object("web").values["specs"]["port"] = json!(80);
    check(&world, "");
}

#[test]
fn a_field_left_out_is_unset_to_the_targets_default() {
    let mut world = World::settled(vec![resource("box", "web", json!({"image": "a", "size": 5, "note": "x"}))]);
    set(&mut world, "web", json!({"image": "a"}));
    world.object("web").defaults = json!({"specs": {"size": 1}}).as_object().unwrap().clone();
    let plan = world.plan();
    assert_eq!(shown(&plan), "restart app.web [restart] specs.size");
    assert_eq!((&plan.steps[0].changes[0].after, plan.steps[0].changes[0].unset), (&json!(1), true));
    world.object("web").values["specs"]["size"] = json!(1);
    check(&world, "");
    assert_eq!(world.plan().notes, ["`app.web`: that `note` left the blueprint undoes nothing on the target"]);
    set(&mut world, "web", json!({"image": "b"}));
    check(&world, "replace app.web [restart] specs.image");
    assert_eq!(world.plan().notes, Vec::<String>::new(), "what is made anew does not keep it");
}

#[test]
fn drift_and_pending_are_shown_apart() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1})), resource("box", "other", json!({"port": 2}))]);
    set(&mut world, "web", json!({"port": 3}));
    world.object("other").values["specs"]["port"] = json!(9);
    let late = resource("box", "late", json!({"port": 4}));
    world.base.resources.insert(late.address.clone(), late.clone());
    world.want(late);
    check(&world, "update app.web [in-place] specs.port\npending: create app.late specs.port\ndrift: update app.other specs.port");
}

#[test]
fn what_was_only_glanced_at_is_no_drift_outside_the_scope_and_unknown_inside() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1})), resource("box", "other", json!({"port": 2}))]);
    for name in ["web", "other"] {
        let object = world.object(name);
        (object.values, object.is_shallow) = (Map::new(), true);
    }
    check(&world, "");
    set(&mut world, "web", json!({"port": 3}));
    check(&world, "unknown: app.web: only that it exists was seen");
}

#[test]
fn only_what_may_change_is_looked_at_closely() {
    let mut world = World::settled(["web", "other", "late", "old"].map(|name| resource("box", name, json!({"port": 1}))).into());
    world.want(resource("box", "new", json!({"port": 4})));
    world.drop("old");
    set(&mut world, "web", json!({"port": 3}));
    world.applied.resources.get_mut(&address("late")).unwrap().values["specs"]["port"] = json!(2);
    let closely = core_planner::closely(&core_planner::scope(&world.base, &world.merge), &world.merge, &world.applied);
    assert_eq!(closely, ["late", "new", "old", "web"].map(address).into());
    let states = [&world.base, &world.merge];
    let wanted = core_planner::wanted(&states, &world.applied, &world.retired);
    let shallow = core_planner::shallow(&wanted, &states, &world.applied, &closely);
    assert_eq!(shallow.into_values().flatten().collect::<Vec<_>>(), [("box".to_owned(), "app-other".to_owned())]);
}

#[test]
fn an_object_that_is_gone_is_drift_outside_the_scope_and_created_inside() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    world.objects().clear();
    check(&world, "drift: delete app.web");
    set(&mut world, "web", json!({"port": 2}));
    check(&world, "create app.web [none] specs.port");
}

#[test]
fn a_gap_creates_and_deletes_nothing() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1})), resource("box", "old", json!({"port": 2}))]);
    set(&mut world, "web", json!({"port": 3}));
    world.drop("old");
    world.gap("web");
    world.gap("old");
    check(&world, "unknown: app.old: the target hides it\nunknown: app.web: the target hides it");
}

#[test]
fn what_waits_for_something_unseen_is_held_back() {
    let mut world = World::empty();
    world.want(resource("disk", "data", json!({"size": 1})));
    world.want(resource("box", "web", json!({"disk": disk_link("data")})));
    world.gap("data");
    check(&world, "unknown: app.data: the target hides it\nunknown: app.web: it waits for `app.data`, which could not be seen");
}

#[test]
fn a_foreign_object_is_a_conflict_unless_adopted() {
    let mut world = World::empty();
    let wanted = resource("box", "web", json!({"port": 1}));
    world.show(&wanted, None);
    world.want(wanted);
    check(&world, "problem: Conflict app.web");
    world.want(resource("box", "web", json!({"port": 1}))).lifecycle.adopt = true;
    let plan = world.plan();
    assert_eq!(shown(&plan), "adopt app.web [none]");
    assert_eq!(plan.after[0].ownership, Ownership::Recorded);
}

#[test]
fn another_owners_object_is_a_conflict() {
    let mut world = World::empty();
    let wanted = resource("box", "web", json!({"port": 1}));
    world.show(&wanted, Some("somebody-else"));
    world.want(wanted);
    check(&world, "problem: Conflict app.web");
}

#[test]
fn a_marker_without_a_record_is_ours_in_a_blueprint_and_an_orphan_outside() {
    let mut world = World::empty();
    let wanted = resource("box", "web", json!({"port": 1}));
    world.show(&wanted, Some("owner"));
    check(&world, "orphan: app-web");
    world.want(resource("box", "web", json!({"port": 2})));
    check(&world, "update app.web [in-place] specs.port");
}

#[test]
fn deletes_come_last_and_dependants_first() {
    let mut world = World::settled(vec![resource("disk", "data", json!({"size": 1})), resource("box", "web", json!({"disk": disk_link("data")}))]);
    for applied in world.applied.resources.values_mut() {
        (applied.keep_on_delete, applied.protect) = (false, false);
    }
    world.drop("data");
    world.drop("web");
    world.want(resource("box", "new", json!({"port": 1})));
    check(&world, "create app.new [none] specs.port\ndelete app.web [restart]\ndelete app.data [data-loss]");
}

#[test]
fn data_is_kept_on_delete_and_protected_from_replacement() {
    let mut world = World::settled(vec![resource("disk", "data", json!({"size": 1}))]);
    world.drop("data");
    check(&world, "release app.data [none]");
    world.want(resource("disk", "data", json!({"size": 2})));
    check(&world, "replace app.data [data-loss] specs.size\nproblem: Protected app.data");
}

#[test]
fn protection_is_not_lifted_by_deleting_the_block() {
    let mut web = resource("box", "web", json!({"port": 1}));
    web.lifecycle.protect = Some(true);
    let mut world = World::settled(vec![web]);
    world.drop("web");
    check(&world, "delete app.web [restart]\nproblem: Protected app.web");
}

#[test]
fn destroying_data_needs_both_words_beforehand() {
    let mut data = resource("disk", "data", json!({"size": 1}));
    (data.lifecycle.protect, data.lifecycle.on_delete) = (Some(false), Some(OnDelete::Destroy));
    let mut world = World::settled(vec![data]);
    world.applied.resources.get_mut(&address("data")).unwrap().keep_on_delete = false;
    world.drop("data");
    check(&world, "delete app.data [data-loss]");
}

/// It is kept and protected as what holds data, and its removal is no loss.
#[test]
fn what_only_names_data_is_removed_without_a_loss() {
    let mut world = World::settled(vec![resource("shelf", "a", json!({"size": 1}))]);
    set(&mut world, "a", json!({"size": 2}));
    check(&world, "replace app.a [restart] specs.size\nproblem: Protected app.a");
    assert_eq!(world.plan().steps[0].inverse, Inverse::Exact);
    world.drop("a");
    check(&world, "release app.a [none]");
    world.applied.resources.values_mut().for_each(|applied| (applied.keep_on_delete, applied.protect) = (false, false));
    check(&world, "delete app.a [restart]");
}

#[test]
fn a_rename_in_disguise_is_an_error_and_was_makes_it_a_move() {
    let mut world = World::settled(vec![resource("box", "old", json!({"port": 1}))]);
    world.drop("old");
    world.want(resource("box", "new", json!({"port": 1})));
    check(&world, "delete app.old [restart]\ncreate app.new [none] specs.port\nproblem: LooksLikeRename app.new");
    world.want(resource("box", "new", json!({"port": 1}))).lifecycle.was = vec![address("old")];
    let plan = world.plan();
    assert_eq!(shown(&plan), "move app.new [none]");
    assert_eq!((plan.steps[0].object.as_str(), plan.steps[0].moved_from.clone()), ("app-old", Some(address("old"))));
}

#[test]
fn a_moved_object_keeps_its_name_in_the_links_of_others() {
    let mut world = World::settled(vec![resource("disk", "old", json!({"size": 1})), resource("box", "web", json!({"disk": disk_link("old")}))]);
    world.drop("old");
    world.want(resource("disk", "new", json!({"size": 1}))).lifecycle.was = vec![address("old")];
    world.want(resource("box", "web", json!({"disk": disk_link("new")})));
    check(&world, "move app.new [none]");
}

#[test]
fn a_claim_is_released_before_it_is_taken() {
    let mut world = World::settled(vec![resource("box", "z", json!({"port": 80}))]);
    set(&mut world, "z", json!({"port": 81}));
    world.want(resource("box", "a", json!({"port": 80})));
    check(&world, "update app.z [in-place] specs.port\ncreate app.a [none] specs.port");
}

#[test]
fn a_claim_held_twice_is_a_problem_and_so_is_an_exchange() {
    let mut world = World::empty();
    world.want(resource("box", "a", json!({"port": 80})));
    world.want(resource("box", "b", json!({"port": 80})));
    assert!(shown(&world.plan()).ends_with("problem: ClaimTaken app.b"));
    let mut world = World::settled(vec![resource("box", "a", json!({"port": 1})), resource("box", "b", json!({"port": 2}))]);
    set(&mut world, "a", json!({"port": 2}));
    set(&mut world, "b", json!({"port": 1}));
    assert!(shown(&world.plan()).contains("problem: ClaimTaken"));
}

#[test]
fn a_replaced_dependency_brings_its_dependants_into_scope() {
    let mut data = resource("disk", "data", json!({"size": 1}));
    data.lifecycle.protect = Some(false);
    let mut world = World::settled(vec![data, resource("box", "web", json!({"disk": disk_link("data"), "image": "a"}))]);
    world.want(resource("disk", "data", json!({"size": 2}))).lifecycle.protect = Some(false);
    check(&world, "replace app.data [data-loss] specs.size\nreplace app.web [restart]");
}

#[test]
fn another_name_is_a_delete_and_a_create() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    set(&mut world, "web", json!({"port": 1, "name": "own-name"}));
    check(&world, "delete app.web [restart]\ncreate app.web [none] specs.name specs.port");
}

/// The dependant has the new one before the old one goes.
#[test]
fn another_name_of_a_dependency_reaches_its_dependants_in_between() {
    let mut world = World::settled(vec![resource("shelf", "a", json!({"name": "old"})), resource("box", "web", json!({"note": "old"}))]);
    let depending = |note: &str| {
        let mut web = resource("box", "web", json!({ "note": note }));
        web.depends_on = [address("a")].into();
        web
    };
    world.put(&depending("old"));
    world.applied.resources.get_mut(&address("a")).unwrap().keep_on_delete = false;
    world.applied.resources.get_mut(&address("a")).unwrap().protect = false;
    world.want(resource("shelf", "a", json!({"name": "new"})));
    world.want(depending("new"));
    check(&world, "create app.a [none] specs.name\nupdate app.web [in-place] specs.note\ndelete app.a [restart]");
}

#[test]
fn a_target_with_another_identity_stops_everything_on_it() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    world.applied.targets.insert("t1".parse().unwrap(), "id-0".into());
    set(&mut world, "web", json!({"port": 2}));
    check(&world, "problem: TargetChanged app.web");
}

#[test]
fn an_unreachable_target_makes_its_resources_unknown() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    set(&mut world, "web", json!({"port": 2}));
    world.observed.targets.insert("t1".parse().unwrap(), Err("no answer".into()));
    check(&world, "unknown: app.web: no answer");
}

#[test]
fn a_retired_target_releases_without_looking() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    world.drop("web");
    world.observed.targets.clear();
    world.retired.insert("t1".into());
    check(&world, "release app.web [none]");
}

#[test]
fn a_write_only_field_is_compared_with_the_record() {
    let mut world = World::settled(vec![resource("box", "web", json!({"password": "f1"}))]);
    world.object("web").values["specs"].as_object_mut().unwrap().remove("password");
    check(&world, "");
    set(&mut world, "web", json!({"password": "f2"}));
    check(&world, "update app.web [in-place] specs.password");
}

#[test]
fn ignored_paths_are_not_compared() {
    let mut world = World::settled(vec![resource("box", "web", json!({"env": {"A": "1"}, "port": 1}))]);
    world.object("web").values["specs"]["env"]["A"] = json!("9");
    world.want(resource("box", "web", json!({"env": {"A": "1"}, "port": 2}))).lifecycle.ignore = vec!["specs.env".into()];
    check(&world, "update app.web [in-place] specs.port");
}

#[test]
fn a_change_of_lifecycle_alone_reaches_the_record() {
    let mut world = World::settled(vec![resource("box", "web", json!({"port": 1}))]);
    world.merge.resources.get_mut(&address("web")).unwrap().lifecycle.protect = Some(true);
    let plan = world.plan();
    assert!(plan.is_empty());
    assert!(plan.after[0].protect);
}

#[test]
fn notes_come_from_the_types_of_steps_and_from_targets_that_are_changed() {
    let mut world = World::settled(vec![resource("box", "web", json!({"size": 1}))]);
    world.observation().notes = vec!["a fan has failed".to_owned()];
    assert_eq!(world.plan().notes, Vec::<String>::new(), "nothing is changed");
    let before = world.plan().digest;
    set(&mut world, "web", json!({"size": 2}));
    assert_eq!(world.plan().notes, ["`app.web`: resizing takes a while", "`t1`: a fan has failed"]);
    let digest = world.plan().digest;
    assert_ne!(digest, before);
    world.observation().notes.clear();
    assert_eq!(world.plan().digest, digest, "a note is not part of what is approved");
}
