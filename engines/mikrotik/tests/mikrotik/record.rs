//! What does the engine ask of a router? Recorded, so that the replay can ask a real one the same.
//!
//! `IPR_RECORD=1` writes the record anew.

use std::collections::BTreeSet;

use engine_api::Engine;
use engine_api::contract::Bench;
use test_sim_routeros::Version;

use crate::samples::Group;
use crate::subject::RouterSubject;
use crate::world::World;

const RECORD: &str = include_str!("../../../../tests/sim-routeros/src/replay/reads.txt");
const HEAD: &str =
    "# What the engine asks of a router, recorded by engines/mikrotik/tests/mikrotik/record.rs: who the router is, all menus of all types,
# the tree of commands for every menu of every type, and what is read around a run. Nothing here changes anything.
";

/// What is asked before anything of the type is made.
async fn asked_for_the_types(asked: &mut BTreeSet<String>) {
    for group in Group::ALL {
        let subject = RouterSubject::start(Version::V7_24, group).await;
        let bench = Bench::fresh(&subject).await;
        for sample in group.samples(Version::V7_24) {
            let wanted = bench.resolve(&sample, &sample.values).await;
            let order = bench.plan(&sample, &wanted, None).await.unwrap();
            bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        }
        assert_eq!(subject.router().writes(), [], "a question changes nothing");
        asked.extend(subject.router().questions());
    }
}

/// A look, an import, and a whole run: in safe mode where there is one, and by the router's own clock where there is none.
async fn asked_around_a_run(version: Version, asked: &mut BTreeSet<String>) {
    let mut world = World::new(version).await;
    let branch = world.loaded(&include_str!("../../../../blueprints/branch.yaml").replace("environments: [branch]\n", ""));
    let planned = world.plan_for(branch).await;
    world.engine.probe().await.unwrap();
    world.engine.import().await.unwrap();
    world.apply_planned(planned).await;
    asked.extend(world.router.questions());
}

/// Who asks is somebody else next time.
fn of_anybody(line: &str) -> String {
    line.replace("?name=admin", "?name={user}")
}

#[tokio::test]
async fn the_record_of_what_is_asked_is_up_to_date() {
    let mut asked = BTreeSet::new();
    asked_for_the_types(&mut asked).await;
    for version in [Version::V7_15, Version::V7_24] {
        asked_around_a_run(version, &mut asked).await;
    }
    let recorded = asked.iter().fold(format!("{HEAD}\n"), |record, line| format!("{record}{}\n", of_anybody(line)));
    if std::env::var_os("IPR_RECORD").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/sim-routeros/src/replay/reads.txt");
        std::fs::write(path, &recorded).unwrap();
        return;
    }
    assert!(recorded == RECORD, "the engine asks otherwise than recorded. Hint: run this test with IPR_RECORD=1 and look at the difference");
}
