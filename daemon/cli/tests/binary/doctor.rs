//! What is wrong is named with its next step, and nothing that is down hides the rest.

use insta::assert_snapshot;
use serde_json::Value;

use crate::fixture::{Ended, Fixture};

const BLUEPRINT: &str = "version: \"1.0\"\nname: shop\nresources:\n  - {type: network, name: front, provider: fake}\n";

/// A laboratory whose GitHub does not answer: nothing listens on port 9 of this machine.
fn lab() -> Fixture {
    let fixture = Fixture::lab(BLUEPRINT);
    let config = fixture.read("config/ipr/ipr.yaml").replace("github:\n", "github:\n  api: http://127.0.0.1:9\n  web: http://127.0.0.1:9\n");
    fixture.write("config/ipr/ipr.yaml", &config);
    fixture
}

fn doctor(fixture: &Fixture, arguments: &[&str]) -> Ended {
    let mut command = fixture.command([&["doctor"][..], arguments].concat());
    fixture.ended(command.env("IPR_GITHUB_TOKEN", "ghp_x").output().unwrap())
}

/// Without what differs from run to run.
fn steady(text: &str) -> String {
    let line = |line: &str| match line.split_once(", answered in ") {
        Some((before, _)) => format!("{before}, answered in (time)"),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_github_that_is_down_hides_nothing_else() {
    let ended = doctor(&lab(), &[]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_snapshot!(steady(&ended.out), @r"
    ok       configuration: ~/config/ipr/ipr.yaml: 1 repository, 1 target
    ok       secrets: token, webhook secret, record key and fingerprint key are there
    ok       checkout: ipr.yaml and blueprints are right: 1 environment, 1 resource
    ok       database: there is none in ~/config/ipr/state yet; the first start makes it
    problem  GitHub: could not read whose token this is: GitHub could not be reached
             Hint: look at the network, at `github.api` (http://127.0.0.1:9) and at the token
    warning  repository acme/infra: not looked at, nor its records
             Hint: see what is wrong with GitHub first
    ok       target local: Fake target 1, fake-target, answered in (time)

    1 problem, 1 warning
    ");
}

#[test]
fn a_configuration_that_cannot_be_read_leaves_the_checkout_to_look_at() {
    let fixture = lab();
    let config = fixture.read("config/ipr/ipr.yaml").replace("version:", "vresion:");
    fixture.write("config/ipr/ipr.yaml", &config);
    fixture.write("repository/blueprints/hello.yaml", "version: \"1.0\"\nname: shop\nresources:\n  - {type: netwrok, name: front, provider: fake}\n");
    let ended = doctor(&fixture, &[]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_snapshot!(ended.out, @r"
    problem  configuration: ~/config/ipr/ipr.yaml:2:1: No key is called `vresion` here
             Hint: did you mean `version`?
    problem  checkout: blueprints/hello.yaml:4:12: The provider `fake` has no type `netwrok`
             Hint: did you mean `network`?

    2 problems, 0 warnings
    ");
}

#[test]
fn every_target_is_looked_at_whatever_the_others_do() {
    let fixture = lab();
    let owner = fixture.read("repository/ipr.yaml").lines().find_map(|line| line.strip_prefix("owner_id: ").map(str::to_owned)).unwrap();
    let owner = owner.split_whitespace().next().unwrap().to_owned();
    let config = fixture.read("config/ipr/ipr.yaml");
    let repository = config.lines().find_map(|line| line.split_once("name: ")).unwrap().1.split(',').next().unwrap().to_owned();
    let target =
        |name: &str, lines: &str| format!("  {name}:\n{lines}    owner_id: {owner}\n    repositories: [{repository}]\n    environments: [lab]\n");
    let dead = target("dead", "    provider: proxmox\n    endpoint: https://127.0.0.1:9\n    user: ipr@pve!daemon\n    password: {env: PVE_TOKEN}\n");
    let mute = target("mute", "    provider: proxmox\n    endpoint: https://127.0.0.1:9\n    user: ipr@pve!daemon\n    password: {env: ABSENT}\n");
    fixture.write("config/ipr/ipr.yaml", &config.replace("targets:\n", &format!("targets:\n{dead}{mute}")));
    let mut command = fixture.command(["doctor", "--json"]);
    let ended = fixture.ended(command.env("IPR_GITHUB_TOKEN", "ghp_x").env("PVE_TOKEN", "11111111-2222").output().unwrap());
    assert_eq!(ended.code, 1, "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    let state = |about: &str| {
        let checks = report["checks"].as_array().unwrap().iter().filter(|check| check["about"] == about);
        checks.map(|check| check["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((state("target dead"), state("target mute")), (vec!["problem".to_owned()], vec!["problem".to_owned()]), "{report:#}");
    assert!(state("target local").iter().all(|state| state == "ok") && !state("target local").is_empty(), "{report:#}");
    assert!(ended.out.contains("ABSENT") && !ended.out.contains("11111111-2222"), "{report:#}");
}

#[test]
fn one_target_is_looked_at_closely() {
    let ended = doctor(&lab(), &["--target", "local"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_snapshot!(steady(&ended.out), @r"
    ok       configuration: ~/config/ipr/ipr.yaml: 1 repository, 1 target
    ok       target local: Fake target 1, fake-target, answered in (time)
    ok       target local: it holds 0 objects

    nothing is wrong
    ");
    let unknown = doctor(&lab(), &["--target", "nowhere"]);
    assert!(unknown.code == 1 && unknown.err.contains("it has: local"), "{unknown:?}");
}

#[test]
fn a_database_is_looked_at_and_left_alone() {
    let fixture = lab();
    let config = fixture.read("config/ipr/ipr.yaml");
    let state = config.lines().find_map(|line| line.strip_prefix("state: ")).unwrap().split_whitespace().next().unwrap().to_owned();
    let folder = fixture.config().join(state.trim_matches('"'));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("ipr.db"), "this is no database, and it is longer than the header of one would be, so that it is read").unwrap();
    let ended = doctor(&fixture, &[]);
    let line = ended.out.lines().find(|line| line.contains("database")).unwrap();
    assert!(line.starts_with("problem") && line.contains("not a database"), "{line}");
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["ipr.db"], "nothing was made beside it");
}

#[test]
fn a_trial_makes_changes_and_removes() {
    let fixture = lab();
    let nobody = doctor(&fixture, &["--target", "local", "--acceptance"]);
    assert!(nobody.code == 1 && nobody.err.starts_with("error: Nobody to ask\n") && nobody.out.contains("ipr-acceptance-web"), "{nobody:?}");
    let ended = doctor(&fixture, &["--target", "local", "--acceptance", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let without_times =
        |line: &str| line.split_once(" in ").filter(|(_, rest)| rest.ends_with(" s")).map_or(line.to_owned(), |(before, _)| before.to_owned());
    assert_snapshot!(ended.out.lines().map(without_times).collect::<Vec<_>>().join("\n"), @r"
    On `local` these are made, changed, and removed again:
      - the network `ipr-acceptance-net`
      - the container `ipr-acceptance-web` from `registry.example/trial:1`
    Ctrl-C stops it, and what was made is removed; a second Ctrl-C leaves it there.

    ok       create a network and a container: 2 steps
    ok       change the container: 1 step
    ok       remove everything again: 2 steps

    Everything was done as planned, each second plan was empty, and nothing is left.
    ");
    let target: Value = serde_json::from_str(&fixture.read("config/ipr/target.json")).unwrap();
    assert!(!target["objects"].to_string().contains("ipr-acceptance"), "{target:#}");
}

#[test]
fn a_trial_keeps_away_from_what_is_not_its_own() {
    let fixture = lab();
    fixture.write(
        "repository/blueprints/hello.yaml",
        "version: \"1.0\"\nname: shop\nresources:\n  - {type: network, name: front, provider: fake, specs: {name: ipr-acceptance-net}}\n",
    );
    fixture.commit("take the name");
    fixture.ipr(["apply", "--yes"]).printed();
    let before = fixture.read("config/ipr/target.json");
    let ended = doctor(&fixture, &["--target", "local", "--acceptance", "--yes"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_snapshot!(ended.err, @r"
    error: Nothing tried
    `ipr-acceptance-net` exists and is not of a trial by this owner id; rename or remove it.
    Hint: nothing was changed; names that begin with `ipr-acceptance` are reserved for this
    ");
    let objects = |text: &str| serde_json::from_str::<Value>(text).unwrap()["objects"].clone();
    assert_eq!(objects(&fixture.read("config/ipr/target.json")), objects(&before));
}

#[test]
fn a_wish_that_means_nothing_is_refused() {
    let ended = doctor(&lab(), &["--target", "local", "--acceptance", "--yes", "--set", "imge=x"]);
    assert!(ended.code == 1 && ended.err.contains("there is `image`"), "{ended:?}");
    let late = doctor(&lab(), &["--acceptance"]);
    assert!(late.code == 1 && late.err.contains("--target"), "{late:?}");
}

#[test]
fn the_page_has_every_option_and_no_other() {
    let page = include_str!("../../../../docs/doctor.md");
    let (_, table) = page.split_once("| option | meaning |").unwrap();
    let table = table.split("\n\n").next().unwrap();
    let mut told: Vec<&str> = table.lines().filter_map(|row| row.strip_prefix("| `--")?.split('`').next()).collect();
    let help = Fixture::new().ipr(["doctor", "--help"]).printed();
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("-h, --").or_else(|| line.trim_start().strip_prefix("--")));
    let mut known: Vec<&str> = options.filter_map(|option| option.split([' ', '<']).next()).filter(|option| *option != "help").collect();
    told.sort_unstable();
    known.sort_unstable();
    assert_eq!(told, known);
}
