//! Does every machine compute the digest that the comment shows?

use test_harness::World;
use test_scenarios::{WEB, web};

#[tokio::test]
async fn a_fresh_clone_on_another_machine_prints_the_digest_of_the_comment() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    for (zone, locale) in [("UTC", "C"), ("Pacific/Kiritimati", "tr_TR.UTF-8")] {
        let variables = [("TZ", zone), ("LANG", locale), ("LC_ALL", locale)];
        let output = world.ipr_in_a_fresh_clone(&["plan", "--pr", &pull.number.to_string()], &variables).await;
        assert!(output.contains(&digest), "{digest} is not in:\n{output}");
    }
    world.end().await;
}
