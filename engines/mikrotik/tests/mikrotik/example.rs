//! Does the shipped example of a branch router work, from nothing to everything and back?

use test_sim_routeros::Version;

use crate::world::World;

#[tokio::test]
async fn the_branch_is_made_and_reverted() {
    let blueprint = include_str!("../../../../blueprints/branch.yaml").replace("environments: [branch]\n", "");
    for version in [Version::V7_15, Version::V7_24] {
        let mut world = World::new(version).await;
        let before = world.configuration();
        let planned = world.plan_for(world.loaded(&blueprint)).await;
        world.apply_planned(planned).await;
        assert_eq!(world.plan_for(world.loaded(&blueprint)).await.steps(), Vec::<String>::new(), "a second plan is not empty");
        assert_eq!(world.drift().await, Vec::<String>::new());
        world.apply(" []").await;
        let left = world.configuration();
        let differing: Vec<&String> = left.keys().filter(|menu| left.get(*menu) != before.get(*menu)).collect();
        // What always exists is released and stays as it was set.
        let released = ["/ip/dns", "/system/clock", "/system/identity", "/system/ntp/client"];
        assert!(differing.iter().all(|menu| released.contains(&menu.as_str())), "{version:?}: left behind in {differing:?}");
    }
}
