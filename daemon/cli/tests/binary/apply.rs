//! A local environment on a fake target: planned, applied, recorded, shown.

use std::time::{SystemTime, UNIX_EPOCH};

use insta::assert_snapshot;
use serde_json::Value;

use crate::fixture::Fixture;

const BLUEPRINT: &str = "\
version: \"1.0\"
name: shop
resources:
  - {type: network, name: front, provider: fake}
  - type: compute
    name: web
    provider: fake
    specs: {image: \"registry.example/web:1\", networks: [front], env: {MODE: quiet}}
";

/// What differs from run to run is replaced: ids, times and the machine.
fn steady(text: &str) -> String {
    let is_id = |word: &str| word.len() >= 10 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_time = |word: &str| word.len() == 20 && word.ends_with('Z') && word.contains('T');
    let word = |word: &str| {
        let bare = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let shown = match bare {
            _ if is_time(bare) => "(time)",
            _ if is_id(bare) => "(id)",
            _ if bare.starts_with("SHA256:") => "(key)",
            _ if bare.starts_with("ada@") => "ada@(machine)",
            _ => bare,
        };
        word.replace(bare, shown)
    };
    text.split('\n').map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_committed_is_planned_applied_and_recorded() {
    let fixture = Fixture::lab(BLUEPRINT);
    assert_snapshot!(steady(&fixture.ipr(["apply", "--yes"]).printed()), @r#"
        lab: 2 to create. Highest risk: none. Digest: (id)

          + create shop.front network shop-front on local
              new in the blueprint
              if it fails: deleted again

          + create shop.web compute shop-web on local
              new in the blueprint
              specs.env.MODE: "quiet"
              specs.image: "registry.example/web:1@sha256:ec6e8757e69753f95ec02a633a598061002bd779008313907235b9e47b846866"
              specs.networks: [shop-front]
              registry.example/web:1 is sha256:ec6e8757e69753f95ec02a633a598061002bd779008313907235b9e47b846866
              if it fails: deleted again

          shop.front: changed
          shop.web: changed
        lab: applied; the record is (id)
    "#);
    assert_snapshot!(steady(&fixture.ipr(["log"]).printed()), @r"
        (id) (time) lab applied by ada@(machine)
        (id) (time) lab started by ada@(machine)
    ");
    assert_snapshot!(steady(&fixture.ipr(["show", "ipr/records/lab"]).printed()), @r"
        record (id)
        Environment lab
        What        applied
        When        (time)
        Asked by    ada@(machine)
        Source      (id)
        Digest      (id)
        Run         (id)
        Holder      ada@(machine)
        Signed      (key), verified
        Before      (id)
        Manages     2 resources

          create   shop.front: changed
          create   shop.web: changed, ready
    ");
    let again = fixture.ipr(["apply"]).printed();
    assert_eq!(again, "lab: nothing to do.\n");
    let both: Vec<_> = fixture.ipr(["show", "main"]).printed().lines().filter(|line| line.starts_with("record ")).map(str::to_owned).collect();
    assert_eq!(both.len(), 2, "started and finished: {both:?}");
}

#[test]
fn a_plan_says_by_its_exit_code_whether_there_are_changes() {
    let fixture = Fixture::lab(BLUEPRINT);
    fixture.ipr(["apply", "--yes"]).printed();
    assert_eq!(fixture.ipr(["plan", "--exit-code"]).printed(), "lab: nothing to do.\n");
    fixture.git(["checkout", "--quiet", "-b", "loud"]);
    fixture.write("repository/blueprints/hello.yaml", &BLUEPRINT.replace("quiet", "loud"));

    let dirty = fixture.ipr(["plan", "--base", "main", "--exit-code"]);
    assert_eq!(dirty.code, 2, "{dirty:?}");
    assert!(dirty.err.starts_with("note: Changes not committed\n") && !dirty.out.contains("Digest"), "{dirty:?}");

    fixture.commit("be loud");
    let clean = fixture.ipr(["plan", "--base", "main", "--exit-code"]);
    assert_eq!((clean.code, clean.err.as_str()), (2, ""));
    assert_snapshot!(steady(&clean.out), @r#"
        lab: 1 to replace. Highest risk: restart. Digest: (id)

        -/+ replace shop.web compute shop-web on local
              the blueprint changed
              specs.env.MODE: "quiet" -> "loud"
              registry.example/web:1 is sha256:ec6e8757e69753f95ec02a633a598061002bd779008313907235b9e47b846866
              risk: restart
              if it fails: undone
    "#);

    let json = fixture.ipr(["plan", "--base", "main", "--json", "--environment", "lab"]).printed();
    let plan: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(plan["steps"][0]["address"], "shop.web");
}

#[test]
fn what_is_removed_is_deleted_by_the_next_apply() {
    let fixture = Fixture::lab(BLUEPRINT);
    fixture.ipr(["apply", "--yes"]).printed();
    fixture.write("repository/blueprints/hello.yaml", "version: \"1.0\"\nname: shop\nresources:\n  - {type: network, name: front, provider: fake}\n");
    fixture.commit("no web");
    let printed = fixture.ipr(["apply", "--yes"]).printed();
    assert!(printed.starts_with("lab: 1 to delete.") && printed.contains("shop.web: changed"), "{printed}");
}

#[test]
fn apply_refuses_what_nobody_could_review() {
    let fixture = Fixture::lab(BLUEPRINT);
    let nobody = fixture.ipr(["apply"]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.err.starts_with("error: Nobody to ask\n"), "{nobody:?}");
    fixture.write("repository/blueprints/hello.yaml", &BLUEPRINT.replace("quiet", "loud"));
    assert!(fixture.ipr(["apply", "--yes"]).err.starts_with("error: Changes not committed\n"));
    let settings = fixture.read("repository/ipr.yaml").replace("local: true\n    ", "");
    fixture.write("repository/ipr.yaml", &settings);
    fixture.commit("not local");
    for arguments in [&["apply", "--yes"][..], &["apply", "--yes", "--environment", "lab"]] {
        let ended = fixture.ipr(arguments);
        assert!(ended.code == 1 && ended.err.contains("local: true"), "{ended:?}");
    }
    assert_eq!(fixture.ipr(["log"]).code, 1, "nothing was applied");
}

/// A laboratory whose environment asks for more.
fn lab_that_asks(line: &str) -> Fixture {
    let fixture = Fixture::lab(BLUEPRINT);
    let settings = fixture.read("repository/ipr.yaml").replace("local: true\n", &format!("local: true\n    {line}\n"));
    fixture.write("repository/ipr.yaml", &settings);
    fixture.commit("ask for more");
    fixture
}

#[test]
fn what_the_environment_confirms_wants_the_digest() {
    let fixture = lab_that_asks("apply: manual");
    let refused = fixture.ipr(["apply", "--yes"]);
    let (_, hint) = refused.err.split_once("use `--digest ").unwrap_or_else(|| panic!("{refused:?}"));
    let digest = hint.split('`').next().unwrap().to_owned();
    let another = fixture.ipr(["apply", "--yes", "--digest", "0123456789ab"]);
    assert!(another.code == 1 && another.err.starts_with("error: Another digest\n"), "{another:?}");
    assert!(fixture.ipr(["apply", "--digest", &digest]).printed().contains("lab: applied"));
}

#[test]
fn an_environment_that_goes_back_goes_back_from_a_laptop_too() {
    let fixture = lab_that_asks("on_failure: rollback");
    let fault = r#"{"what": {"fail-before": "rejected"}, "operation": "create", "object": "shop-web", "times": 1}"#;
    fixture.write("config/ipr/target.json", &format!(r#"{{"identity": "fake-lab", "faults": [{fault}]}}"#));
    let ended = fixture.ipr(["apply", "--yes"]);
    assert!(ended.code == 1 && ended.out.contains("lab: failed and undone") && ended.out.contains("shop.front: undone"), "{ended:?}");
    let target: Value = serde_json::from_str(&fixture.read("config/ipr/target.json")).unwrap();
    assert_eq!(target["objects"].as_object().map(serde_json::Map::len), Some(0), "{target}");
}

#[test]
fn outside_its_windows_nothing_is_applied_from_a_laptop() {
    // The first of January 1970 was a Thursday; in two days it is another day everywhere.
    let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let day = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"][usize::try_from((today + 3) % 7).unwrap()];
    let fixture = lab_that_asks(&format!("windows: [{{days: {day}, hours: \"08:00-18:00\", zone: UTC}}]"));
    let refused = fixture.ipr(["apply", "--yes"]);
    assert!(refused.code == 1 && refused.err.contains("The next window opens ") && refused.err.contains(" 08:00 UTC."), "{refused:?}");
    assert_eq!(fixture.ipr(["log"]).code, 1, "nothing was applied");
}

#[test]
fn an_environment_that_asks_for_approvals_is_not_applied_locally() {
    let fixture = lab_that_asks("approvals: {count: 1}");
    let refused = fixture.ipr(["apply", "--yes"]);
    assert!(refused.code == 1 && refused.err.contains("0 of 1 approvals of this digest"), "{refused:?}");
    assert_eq!(fixture.ipr(["log"]).code, 1, "nothing was applied");
}

#[test]
fn a_mass_delete_wants_its_number() {
    let fixture = Fixture::lab(BLUEPRINT);
    let networks: String = (1..7).map(|number| format!("  - {{type: network, name: n{number}, provider: fake}}\n")).collect();
    fixture.write("repository/blueprints/hello.yaml", &format!("version: \"1.0\"\nname: shop\nresources:\n{networks}"));
    fixture.commit("six networks");
    fixture.ipr(["apply", "--yes"]).printed();
    fixture.write("repository/blueprints/hello.yaml", "version: \"1.0\"\nname: shop\nresources: []\n");
    fixture.commit("none");
    let refused = fixture.ipr(["apply", "--yes"]);
    let (_, hint) = refused.err.split_once("`ipr apply ").unwrap_or_else(|| panic!("{refused:?}"));
    let arguments: Vec<&str> = hint.split('`').next().unwrap().split(' ').collect();
    assert!(fixture.ipr([&["apply"][..], &arguments].concat()).printed().contains("lab: applied"));
}

#[test]
fn a_record_that_somebody_else_signed_is_not_believed() {
    let fixture = Fixture::lab(BLUEPRINT);
    fixture.ipr(["apply", "--yes"]).printed();
    let other = Fixture::new();
    other.ipr(["init"]).printed();
    let key = |fixture: &Fixture| fixture.read("repository/ipr.yaml").lines().find(|line| line.contains("ssh-ed25519")).unwrap().to_owned();
    let settings = fixture.read("repository/ipr.yaml").replace(&key(&fixture), &key(&other));
    fixture.write("repository/ipr.yaml", &settings);
    fixture.commit("another key");
    for arguments in [&["log"][..], &["show", "main"], &["apply", "--yes"], &["plan"]] {
        let ended = fixture.ipr(arguments);
        assert!(ended.code == 1 && ended.err.contains("which is not an allowed key"), "{ended:?}");
    }
}
