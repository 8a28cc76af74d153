//! From nothing to a repository that is right.

use std::fs;

use insta::assert_snapshot;

use crate::fixture::Fixture;

#[test]
fn what_init_writes_is_right() {
    let fixture = Fixture::new();
    let printed = fixture.ipr(["init", "--environment", "home", "--repository", "ada/home"]).printed();
    assert_snapshot!(printed, @r"
        wrote ~/config/ipr/record-key
        wrote ~/config/ipr/fingerprint-key
        wrote ~/config/ipr/webhook-secret
        wrote ipr.yaml
        wrote blueprints/hello.yaml
        wrote templates/README.md
        wrote policies/README.md
        wrote templates/branch-router.yaml
        wrote templates/cache-node.yaml
        wrote templates/container-host.yaml
        wrote templates/database-server.yaml
        wrote templates/development-machine.yaml
        wrote templates/kubernetes-node.yaml
        wrote templates/web-server.yaml
        wrote .github/ISSUE_TEMPLATE/new-machine.yml
        wrote .github/ISSUE_TEMPLATE/new-container.yml
        wrote .github/ISSUE_TEMPLATE/network-change.yml
        wrote .github/ISSUE_TEMPLATE/undo.yml
        wrote .github/ISSUE_TEMPLATE/question.yml
        wrote ~/config/ipr/ipr.yaml

        Next:
          1. ipr validate .
          2. Look at ~/config/ipr/ipr.yaml: the repository is ada/home, the target is the Docker host of this machine.
          3. Commit ipr.yaml and the folders, and push them to GitHub.
          4. Put a GitHub token into IPR_GITHUB_TOKEN and start the daemon: ipr serve --config ~/config/ipr/ipr.yaml
          5. Open a pull request that changes a blueprint. The daemon answers with its plan.
    ");
    assert_snapshot!(fixture.ipr(["validate"]).printed(), @"home: 2 resources in 1 blueprint, on local");
    let mut check = fixture.command(["serve", "--check"]);
    let ended = fixture.ended(check.env("IPR_GITHUB_TOKEN", "ghp_x").output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    let mode = |path: &str| fs::metadata(fixture.config().join(path)).unwrap().permissions().mode() & 0o777;
    for file in ["record-key", "fingerprint-key", "webhook-secret", "ipr.yaml"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode(""), 0o700);
}

#[test]
fn init_overwrites_nothing_and_keeps_keys() {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    let (settings, key) = (fixture.read("repository/ipr.yaml"), fixture.read("config/ipr/record-key"));
    let again = fixture.ipr(["init"]);
    assert_eq!(again.code, 1);
    assert_snapshot!(again.err, @r"
        error: Repository is set up
        `.` has an ipr.yaml already, and nothing is overwritten.
        Hint: check what is there
            ipr validate
    ");
    // A second repository for the same daemon: same keys, another owner.
    let second = fixture.ipr(["init", "../second", "--repository", "ada/second"]).printed();
    assert!(second.contains("kept  ~/config/ipr/record-key") && second.contains("Add the repository ada/second"), "{second}");
    let other = fixture.read("second/ipr.yaml");
    let line = |text: &str, start: &str| text.lines().find(|line| line.trim_start().starts_with(start)).unwrap().to_owned();
    assert_ne!(line(&settings, "owner_id"), line(&other, "owner_id"));
    assert_eq!(line(&settings, "- \"ssh-ed25519"), line(&other, "- \"ssh-ed25519"));
    assert_eq!((fixture.read("repository/ipr.yaml"), fixture.read("config/ipr/record-key")), (settings, key));
}

#[test]
fn keys_are_not_put_into_the_repository() {
    let fixture = Fixture::new();
    let ended = fixture.ipr(["init", "--config-dir", "secrets"]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: Keys inside repository\n"), "{ended:?}");
    assert_eq!(fs::read_dir(fixture.repository()).unwrap().count(), 0);
}

#[test]
fn mistakes_are_shown_with_their_lines_and_without_colour() {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    let blueprint = fixture.read("repository/blueprints/hello.yaml");
    fixture.write("repository/blueprints/hello.yaml", &blueprint.replace("image:", "iamge:").replace("type: network", "type: netwrok"));
    // A folder below the root is as good as the root.
    let ended = fixture.ipr(["validate", "blueprints"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert_snapshot!(ended.err, @r"
        error: Unknown type
          --> blueprints/hello.yaml:7:12
          |
        7 |   - {type: netwrok, name: front, provider: docker}
          |            ^
        The provider `docker` has no type `netwrok`.
        Hint: did you mean `network`?

        error: Missing field
          --> blueprints/hello.yaml:12:7
           |
        12 |       iamge: docker.io/library/nginx:1.27
           |       ^
        `specs.image` is required. The image the machine is made from.

        error: Unknown key
          --> blueprints/hello.yaml:12:7
           |
        12 |       iamge: docker.io/library/nginx:1.27
           |       ^
        `iamge` is not known in `specs`.
        Hint: did you mean `image`?

        error: Dangling link
          --> blueprints/hello.yaml:13:18
           |
        13 |       networks: [front]
           |                  ^
        `specs.networks[0]` names `front`. `hello.front` is a `netwrok`, which cannot be linked here.
        Hint: this field links: network

        4 mistakes
    ");
}

#[test]
fn exit_codes_tell_help_from_mistakes() {
    let fixture = Fixture::new();
    assert_eq!(fixture.ipr(["--version"]).printed(), format!("ipr {}\n", env!("CARGO_PKG_VERSION")));
    for command in ["init", "new", "chat", "validate", "schema", "log", "show", "plan", "apply", "serve"] {
        let help = fixture.ipr([command, "--help"]).printed();
        assert!(help.contains("Usage: ipr"), "{help}");
    }
    for wrong in [&["appyl"][..], &["plan", "--base", "main", "--pr", "7"], &["plan", "--pr", "0"], &["validate", "nowhere"], &["log"]] {
        assert_eq!(fixture.ipr(wrong).code, 1, "{wrong:?}");
    }
}

#[test]
fn the_schema_is_json() {
    let fixture = Fixture::new();
    let schema: serde_json::Value = serde_json::from_str(&fixture.ipr(["schema"]).printed()).unwrap();
    assert_eq!(schema["title"], "ipr blueprint");
}

#[test]
fn a_pull_request_needs_github() {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    let config = fixture.read("config/ipr/ipr.yaml");
    fixture.write("config/ipr/ipr.yaml", &config.replace("github:\n", "github:\n  api: http://127.0.0.1:9\n  web: http://127.0.0.1:9\n"));
    let mut plan = fixture.command(["plan", "--pr", "7"]);
    let ended = fixture.ended(plan.env("IPR_GITHUB_TOKEN", "ghp_x").output().unwrap());
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: GitHub does not answer\n") && !ended.err.contains("ghp_x"), "{ended:?}");
}
