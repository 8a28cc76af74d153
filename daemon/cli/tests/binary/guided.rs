//! `ipr new`: questions and answers, and what comes of them.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const BLUEPRINT: &str = "version: \"1.0\"\nname: shop\nresources:\n  # The front of the shop.\n  - {type: network, name: front, provider: fake}\n";

/// A template with parameters of several types, on the fake target.
const EDGE: &str = "\
version: \"1.0\"
template: edge
meaning: Answers for a site.
parameters:
  site: {type: word, words: [rome, milan], default: rome, meaning: Which site it answers for.}
  port: {type: integer, min: 1024, max: 65535, meaning: The port of the host.}
resource:
  type: compute
  provider: fake
  specs: {image: \"registry.example/edge:2\", env: {SITE: \"${parameter.site}\"}, ports: [\"${parameter.port}:80\"]}
";

fn lab() -> Fixture {
    let fixture = Fixture::lab(BLUEPRINT);
    fixture.write("repository/templates/edge.yaml", EDGE);
    fixture.commit("a template");
    fixture
}

#[test]
fn questions_lead_to_a_blueprint_that_plans() {
    let fixture = lab();
    let lines = "edge\n\nWeb\nedge-01\nmilano\nmilan\n80\n8080\n\nyes\n";
    assert_snapshot!("new_transcript", fixture.answering(["new"], lines).printed());
    assert_eq!(fixture.changed(), " M blueprints/hello.yaml\n");
    let expected = format!("{BLUEPRINT}  - name: edge-01\n    template: edge\n    with: {{port: 8080, site: milan}}\n");
    assert_eq!(fixture.read("repository/blueprints/hello.yaml"), expected);
    fixture.ipr(["validate"]).printed();
}

#[test]
fn answers_may_be_given_beforehand() {
    let fixture = lab();
    fixture.write("answers.yaml", "what: container\nname: cache\nimage: registry.example/cache:3\ncores: 0.5\nmemory: 256MB\nnetwork: front\n");
    let arguments = ["new", "--answers", "../answers.yaml", "--set", "memory=512MB", "--set", "count=2", "--yes"];
    let shown = fixture.ipr([&arguments[..], &["--dry-run"]].concat()).printed();
    assert!(shown.ends_with("\nNothing was written: this is a dry run.\n") && fixture.changed().is_empty(), "{shown}");
    fixture.ipr(arguments).printed();
    let written = fixture.read("repository/blueprints/hello.yaml").replace(BLUEPRINT, "");
    assert_snapshot!(written, @r"
      - type: compute
        name: cache-1
        provider: fake
        specs:
          cpu: 0.5
          image: registry.example/cache:3
          memory: 512MB
          networks: [front]
      - type: compute
        name: cache-2
        provider: fake
        specs:
          cpu: 0.5
          image: registry.example/cache:3
          memory: 512MB
          networks: [front]
    ");
}

#[test]
fn each_shipped_template_is_offered_and_loads() {
    let fixture = Fixture::new();
    fixture.ipr(["init", "--environment", "lab"]).printed();
    let settings = fixture.read("repository/ipr.yaml").replace("{docker: local}", "{docker: local, proxmox: pve}");
    fixture.write("repository/ipr.yaml", &settings);
    let placed = ["address=10.0.20.11/24", "gateway=10.0.20.1"];
    let templates: [(&str, &[&str]); 7] = [
        ("web-server", &placed),
        ("database-server", &[&placed[..], &["data=200GB"]].concat()),
        ("container-host", &placed),
        ("kubernetes-node", &placed),
        ("development-machine", &["person=ada"]),
        ("cache-node", &[&placed[..], &["origin=10.0.20.11"]].concat()),
        (
            "branch-router",
            &[&placed[..], &["inside_address=192.168.10.1/24", "inside_network=192.168.10.0/24", "first=192.168.10.100", "last=192.168.10.199"]]
                .concat(),
        ),
    ];
    for (number, (template, own)) in templates.iter().enumerate() {
        let named = [format!("what={template}"), format!("name=m-{number}"), "ssh_key=ssh-ed25519 AAAA ops@acme".to_owned(), "vlan=20".to_owned()];
        let answers = named.iter().map(String::as_str).chain(own.iter().copied()).flat_map(|answer| ["--set", answer]);
        fixture.ipr(["new", "--yes", "--no-plan"].into_iter().chain(answers)).printed();
    }
    assert_eq!(fixture.ipr(["validate"]).printed(), "lab: 9 resources in 2 blueprints, on local, pve\n");
    let machines = fixture.read("repository/blueprints/m-0.yaml");
    assert!(machines.contains("template: database-server\n    with: {address: 10.0.20.11/24, data: 200GB, "), "{machines}");
}

#[test]
fn what_an_engine_does_not_have_is_not_asked() {
    let fixture = lab();
    let ended = fixture.ipr(["new", "--set", "what=edge", "--set", "name=a", "--set", "port=8080", "--set", "availability=yes", "--yes"]);
    assert_eq!((ended.code, fixture.changed().as_str()), (1, ""));
    assert_snapshot!(ended.err, @r"
    error: Unknown answer
    Nothing asks for `availability`. Nothing was written.
    Hint: the questions are: what, count, name, environment, site, port, tags, blueprint
    ");
}

#[test]
fn wrong_answers_end_and_so_does_the_input() {
    let fixture = lab();
    for (lines, error) in [
        ("", "error: No more answers\n"),
        ("edge\n1\n", "error: No more answers\n"),
        ("edge\n51\n0\nmany\nedge-01\n", "error: No answer understood\n"),
        ("edge\n\nedge-01\n\n${secret.x}\n22\n\n", "error: No answer understood\n"),
        ("edge\n\nedge-01\n\n8080\n\nperhaps\nlater\n?\n", "error: No answer understood\n"),
        ("edge\n\nedge-01\n\n8080\n\n", "error: No more answers\n"),
    ] {
        let ended = fixture.answering(["new"], lines);
        assert!(ended.code == 1 && ended.err.starts_with(error), "{lines:?}: {ended:?}");
        assert_eq!(fixture.changed(), "", "{lines:?}");
    }
    let ended = fixture.answering(["new"], "edge\n\nedge-01\n\n8080\n\nno\n").printed();
    assert!(ended.ends_with("\nNothing was written.\n") && fixture.changed().is_empty(), "{ended}");
}

#[test]
fn hostile_input_is_shown_as_what_it_is_and_has_an_end() {
    let fixture = lab();
    let escapes = fixture.answering(["new"], "edge\n\n\u{1b}[2Jx\n\u{9b}31m\u{202e}y\n\u{1b}]0;t\u{7}\n");
    assert_eq!((escapes.code, fixture.changed().as_str()), (1, ""));
    let steers = |text: &str| text.chars().any(|letter| letter.is_control() && letter != '\n' || letter == '\u{202e}');
    assert!(!steers(&escapes.out) && !steers(&escapes.err), "{escapes:?}");
    assert!(escapes.out.contains("> \\u{1b}[2Jx\n"), "{escapes:?}");
    let mut floods = vec![vec![b'x'; 2 << 20], "edge\n".repeat(300_000).into_bytes(), "more\n".repeat(300_000).into_bytes()];
    floods.push([vec![0xff; 1 << 20], b"\nedge\n".to_vec()].concat());
    for flood in floods {
        let ended = fixture.answering(["new"], flood);
        assert_eq!((ended.code, fixture.changed().as_str()), (1, ""), "{}", ended.err);
        assert!(ended.out.len() < 64 << 20);
    }
}

#[test]
fn a_change_that_does_not_stand_is_not_written() {
    let fixture = lab();
    let settings = fixture.read("repository/ipr.yaml").replace("fake: local}", "fake: nowhere}");
    fixture.write("repository/ipr.yaml", &settings);
    fixture.commit("another target");
    let arguments = ["new", "--set", "what=edge", "--set", "name=edge-01", "--set", "port=8080", "--yes"];
    let ended = fixture.ipr(arguments);
    assert_eq!((ended.code, fixture.changed().as_str()), (1, ""));
    assert!(ended.err.contains("The change was tried in `lab`, and it does not stand."), "{ended:?}");
    let planless = fixture.ipr([&arguments[..], &["--no-plan"]].concat()).printed();
    assert!(planless.contains("\nNot planned, as asked for. The blueprints load.\n"), "{planless}");
    assert_eq!(fixture.changed(), " M blueprints/hello.yaml\n");
}
