//! What holds for all worlds: properties of the digest and of gaps.

use core_model::plan::{Action, Inverse, Risk};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{World, resource};

/// Up to six boxes with small settings; the same name can be in any of the three states, each with its own settings.
fn specs() -> impl Strategy<Value = Value> {
    (0..3_u8, proptest::option::of(1..4_i64), proptest::collection::btree_map("[A-C]", "[xy]", 0..3))
        .prop_map(|(image, size, env)| json!({"image": format!("i{image}"), "size": size.unwrap_or(1), "env": env}))
}

type Row = (Option<Value>, Option<Value>, Option<Value>, Option<Value>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let side = || proptest::option::weighted(0.7, specs());
    proptest::collection::vec((side(), side(), side(), side()), 0..6)
}

fn world(rows: &[Row]) -> World {
    let mut world = World::empty();
    for (index, (base, merge, applied, live)) in rows.iter().enumerate() {
        let name = format!("r{index}");
        if let Some(specs) = base {
            let wanted = resource("box", &name, specs.clone());
            world.base.resources.insert(wanted.address.clone(), wanted);
        }
        if let Some(specs) = merge {
            world.want(resource("box", &name, specs.clone()));
        }
        if let Some(specs) = applied {
            world.record(&resource("box", &name, specs.clone()));
        }
        if let Some(specs) = live {
            world.show(&resource("box", &name, specs.clone()), Some("owner"));
        }
    }
    world
}

proptest! {
    #[test]
    fn equal_states_plan_to_nothing(all in proptest::collection::vec(specs(), 0..6)) {
        let rows: Vec<Row> = all.into_iter().map(|specs| (Some(specs.clone()), Some(specs.clone()), Some(specs.clone()), Some(specs))).collect();
        let plan = world(&rows).plan();
        prop_assert!(plan.is_empty() && plan.drift.is_empty() && plan.pending.is_empty());
    }

    #[test]
    fn the_same_inputs_give_the_same_plan(rows in rows()) {
        prop_assert_eq!(world(&rows).plan().id(), world(&rows).plan().id());
    }

    #[test]
    fn observing_in_another_order_changes_nothing(rows in rows()) {
        let mut other = world(&rows);
        other.objects().reverse();
        prop_assert_eq!(world(&rows).plan().digest, other.plan().digest);
    }

    #[test]
    fn an_unrelated_merge_leaves_the_digest_alone(rows in rows(), unrelated in specs()) {
        let before = world(&rows).plan();
        let mut after = world(&rows);
        let merged = resource("box", "unrelated", unrelated);
        after.put(&merged);
        after.base.resources.insert(merged.address.clone(), merged.clone());
        after.want(merged);
        prop_assert_eq!(before.digest, after.plan().digest);
    }

    #[test]
    fn a_gap_never_creates_or_deletes(rows in rows(), hidden in 0..6_usize) {
        let mut world = world(&rows);
        world.gap(&format!("r{hidden}"));
        let plan = world.plan();
        let name = format!("app-r{hidden}");
        prop_assert!(plan.steps.iter().all(|step| step.object != name), "{:?}", plan.steps);
    }

    #[test]
    fn carrying_out_the_plan_leaves_nothing_to_do(rows in rows()) {
        let mut world = world(&rows);
        let plan = world.plan();
        prop_assume!(plan.problems.is_empty());
        for step in &plan.steps {
            world.objects().retain(|object| object.name != step.object);
            world.applied.resources.remove(&step.address);
            if !matches!(step.action, Action::Delete | Action::Release) {
                let wanted = world.merge.resources[&step.address].clone();
                world.put(&wanted);
            }
        }
        for after in &plan.after {
            world.applied.resources.insert(after.address.clone(), after.clone());
        }
        prop_assert!(world.plan().is_empty(), "{:?}", world.plan().steps);
    }
}

/// Every field that a step digest covers changes it; nothing else does.
#[test]
fn the_digest_covers_exactly_the_listed_fields() {
    let mut world = World::settled(vec![resource("box", "a", json!({"port": 1}))]);
    world.want(resource("box", "a", json!({"port": 2})));
    let environment = "prod".parse().unwrap();
    let step = world.plan().steps[0].clone();
    let digest = |step: &core_model::plan::Step| step.compute_digest(&environment);
    let changed = |edit: &dyn Fn(&mut core_model::plan::Step)| {
        let mut other = step.clone();
        edit(&mut other);
        digest(&other) != step.digest
    };
    assert!(changed(&|step| step.address = "app.b".parse().unwrap()));
    assert!(changed(&|step| step.type_name = "disk".into()));
    assert!(changed(&|step| step.target = "t2".parse().unwrap()));
    assert!(changed(&|step| step.action = Action::Restart));
    assert!(changed(&|step| step.object = "other".into()));
    assert!(changed(&|step| step.moved_from = Some("app.z".parse().unwrap())));
    assert!(changed(&|step| step.changes[0].before = json!(7)));
    assert!(changed(&|step| step.changes[0].after = json!(7)));
    assert!(changed(&|step| step.changes[0].unset = true));
    assert!(changed(&|step| step.risk = Risk::DataLoss));
    assert!(changed(&|step| step.inverse = Inverse::DeleteWhatWeMade));
    assert!(changed(&|step| {
        step.waits_for.insert("app.z".parse().unwrap());
    }));
    assert!(changed(&|step| {
        step.pins.insert("specs.image".into(), core_model::plan::Pin { question: "a".into(), answer: "b".into() });
    }));
    assert_ne!(step.compute_digest(&"dev".parse().unwrap()), step.digest);
    assert!(!changed(&|step| step.reason = "another".into()));
    assert!(!changed(&|step| step.desired.insert("x".into(), json!(1)).map_or((), drop)));
}
