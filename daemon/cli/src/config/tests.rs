#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use insta::assert_snapshot;
use tempfile::TempDir;

use super::*;

/// A configuration that is right, with its secrets in variables.
const GOOD: &str = "\
version: \"1.0\"
listen: 127.0.0.1:0
state: state
record_key: {env: RECORD_KEY}
fingerprint_key: {id: k1, env: FINGERPRINT_KEY}
github:
  token: {env: TOKEN}
  webhook_secret: {env: WEBHOOK_SECRET}
repositories:
  - {name: acme/infra, environments: [dev, prod]}
  - {name: acme/lab, environments: [lab]}
targets:
  dock-01:
    provider: docker
    endpoint: unix:///var/run/docker.sock
    owner_id: 6f0c2a9e
    repositories: [acme/infra]
    environments: [prod]
";

fn load_text(text: &str) -> Result<Config, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ipr.yaml");
    fs::write(&path, text).unwrap();
    load(&path).map(|(config, _)| config).map_err(|mistakes| {
        let render = |diagnostic: &core_model::Diagnostic| diagnostic.render(&mistakes.sources).replace(&folder.path().display().to_string(), "");
        mistakes.diagnostics.iter().map(render).collect::<Vec<_>>().join("\n")
    })
}

/// The good configuration with one text in place of another.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    load_text(&GOOD.replace(from, to)).unwrap_err()
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = load_text(GOOD).unwrap();
    assert_eq!(config.github.api, "https://api.github.com");
    assert_eq!(config.sweep_every, Duration::from_secs(120));
    assert_eq!(config.log, LogConfig { format: LogFormat::Text, directory: None });
    assert_eq!(config.secrets.environment_prefix, "IPR_SECRET_");
    assert_eq!(config.targets[&"dock-01".parse::<Name>().unwrap()].registries, None);
}

#[test]
fn the_assistant_is_off_until_somebody_names_who_calls_it() {
    let lab: RepositoryName = "acme/lab".parse().unwrap();
    assert!(load_text(GOOD).unwrap().repositories[&lab].assistant.is_none());
    let on = load_text(&GOOD.replace("environments: [lab]", "environments: [lab], assistant: {label: ipr}")).unwrap();
    let settings = on.repositories[&lab].assistant.clone().unwrap();
    assert_eq!((settings.label.as_deref(), settings.mention, settings.author_requests_a_day), (Some("ipr"), None, 20));
    for (section, summary) in [
        ("{}", "Nobody is called"),
        ("{label: \"\"}", "Invalid label"),
        ("{mention: \"@ipr\"}", "Invalid name"),
        ("{label: ipr, requests_a_day: {author: 0}}", "Number out of range"),
        ("{label: ipr, model: x}", "No key is called `model`"),
    ] {
        let mistakes = changed("environments: [lab]", &format!("environments: [lab], assistant: {section}"));
        assert!(mistakes.contains(summary), "{section}: {mistakes}");
    }
}

#[test]
fn a_model_is_asked_only_for_repositories_that_are_named() {
    let with = |section: &str| {
        let text = GOOD.replace("environments: [lab]", "environments: [lab], assistant: {label: ipr}");
        load_text(&text.replace("targets:", &format!("model: {section}\ntargets:")))
    };
    assert!(load_text(GOOD).unwrap().model.is_none());
    let model = with("{endpoint: \"http://127.0.0.1:11434/v1\", name: \"qwen2.5:3b\", repositories: [acme/lab]}").unwrap().model.unwrap();
    assert_eq!((model.name.as_str(), model.timeout), ("qwen2.5:3b", Duration::from_secs(60)));
    assert!(matches!(&model.backend, ModelBackend::Endpoint { root, key: None } if root.as_str() == "http://127.0.0.1:11434/v1"), "{model:?}");
    assert_eq!((model.asks_a_day.author, model.asks_a_day.repository), (40, 200));
    let local = with("{file: models/tiny-q4.gguf, repositories: [acme/lab]}").unwrap();
    let model = local.model.as_ref().unwrap();
    assert_eq!(model.name, "tiny-q4");
    assert!(matches!(&model.backend, ModelBackend::File { path, worker: None } if path.is_absolute()), "{model:?}");
    let wrong = "{endpoint: \"https://u:canary@e/v1\", name: \"\", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}";
    assert_snapshot!(with(wrong).unwrap_err(), @r#"
        error: Invalid address
          --> /ipr.yaml:12:19
           |
        12 | model: {endpoint: "https://u:canary@e/v1", name: "", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}
           |                   ^
        `model.endpoint` is not a plain address that begins with https:// or http://.
        Hint: for example http://127.0.0.1:11434/v1

        error: Invalid name
          --> /ipr.yaml:12:50
           |
        12 | model: {endpoint: "https://u:canary@e/v1", name: "", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}
           |                                                  ^
        `model.name` is not 1 to 100 characters without a space.
        Hint: for example qwen2.5:3b

        error: Duration out of range
          --> /ipr.yaml:12:63
           |
        12 | model: {endpoint: "https://u:canary@e/v1", name: "", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}
           |                                                               ^
        `model.timeout` is `1h`.
        Hint: for example 60s; at least 1s, at most 10m

        error: Number out of range
          --> /ipr.yaml:12:88
           |
        12 | model: {endpoint: "https://u:canary@e/v1", name: "", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}
           |                                                                                        ^
        `model.asks_a_day.author` is 0, which is not from 1 to 10000.
        Hint: leave it out for 40

        error: Unread repository
          --> /ipr.yaml:12:107
           |
        12 | model: {endpoint: "https://u:canary@e/v1", name: "", timeout: 1h, asks_a_day: {author: 0}, repositories: [acme/infra]}
           |                                                                                                           ^
        `model.repositories` names `acme/infra`, in which the assistant reads nothing.
        Hint: give it an `assistant` under `repositories`, or remove it here
    "#);
    for (section, summary) in [
        ("{}", "`model.repositories` is required"),
        ("{}", "`model` does not say where the model is"),
        ("{endpoint: x, file: y}", "has both an `endpoint` and a `file`"),
        ("{endpoint: x, name: y, repositories: [acme/lab], key: {}}", "`model.key` does not say"),
        ("{endpoint: x, name: y, worker: z}", "`model.worker` is for a model in a `file`"),
        ("{file: x, key: {env: KEY}}", "`model.key` is for an `endpoint`"),
    ] {
        let mistakes = with(section).unwrap_err();
        assert!(mistakes.contains(summary), "{section}: {mistakes}");
    }
}

#[test]
fn paths_are_meant_from_the_file() {
    assert_eq!(beside(Path::new("/etc/ipr/ipr.yaml"), "record-key"), Path::new("/etc/ipr/record-key"));
    assert_eq!(beside(Path::new("/etc/ipr/ipr.yaml"), "/run/key"), Path::new("/run/key"));
    let config = load_text(GOOD).unwrap();
    assert!(config.state.is_absolute() && config.state.ends_with("state"));
    let mirror = config.mirror(&"Acme/Infra".parse().unwrap());
    assert_eq!(mirror, config.state.join("mirrors/acme+infra.git"));
}

#[test]
fn the_example_of_the_deployment_is_right() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/ipr.example.yaml");
    let (config, _) = load(&path).unwrap_or_else(|mistakes| panic!("{:#?}", mistakes.diagnostics));
    assert_eq!(config.state, Path::new("/var/lib/ipr"));
    assert_eq!(config.secrets.directory.as_deref(), Some(Path::new("/etc/ipr/secrets")));
    assert_eq!(config.repositories.len(), 1);
    let SecretPlace::File { path, .. } = &config.record_key else { panic!("{:?}", config.record_key) };
    assert_eq!(path, Path::new("/etc/ipr/record-key"));
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    assert_snapshot!(changed("listen:", "lisen:"), @r"
        error: Unknown key
          --> /ipr.yaml:2:1
          |
        2 | lisen: 127.0.0.1:0
          | ^
        No key is called `lisen` here.
        Hint: did you mean `listen`?
    ");
    assert_snapshot!(changed("owner_id:", "colour:"), @r"
        error: Unknown key
          --> /ipr.yaml:16:5
           |
        16 |     colour: 6f0c2a9e
           |     ^
        No key is called `colour` here.
        Hint: known keys: provider, endpoint, other_endpoints, user, password, fingerprint, ca, settings, owner_id, repositories, environments, registries
    ");
}

#[test]
fn mistakes_of_shape_have_a_place() {
    assert_snapshot!(changed("state: state", "state: [a]"), @r"
        error: Not readable YAML
          --> /ipr.yaml:3:8
          |
        3 | state: [a]
          |        ^
        The file cannot be read further: expected string scalar.
    ");
    assert_snapshot!(changed("state: state", "state: a\nstate: b"), @r"
        error: Duplicate key
          --> /ipr.yaml:4:1
          |
        4 | state: b
          | ^
        `state` is written twice in one map.
        Hint: remove one of them
    ");
    assert_snapshot!(changed("state: state", "state: \"a"), @r"
        error: Not readable YAML
          --> /ipr.yaml:4:1
          |
        4 | record_key: {env: RECORD_KEY}
          | ^
        The file cannot be read further: invalid indentation in multiline quoted scalar.
    ");
    assert_snapshot!(load_text("").unwrap_err(), @r"
        error: Missing key
          --> /ipr.yaml:1:1
        `fingerprint_key` is required. Its fingerprints stand for secrets in records.
        Hint: deploy/ipr.example.yaml shows it

        error: Missing key
          --> /ipr.yaml:1:1
        `github` is required. It says which GitHub, and with which token.
        Hint: deploy/ipr.example.yaml shows it

        error: Missing key
          --> /ipr.yaml:1:1
        `record_key` is required. It signs the records.
        Hint: deploy/ipr.example.yaml shows it

        error: Missing key
          --> /ipr.yaml:1:1
        `repositories` is required. It lists the repositories that the daemon serves.
        Hint: deploy/ipr.example.yaml shows it

        error: Missing key
          --> /ipr.yaml:1:1
        `state` is required. It is the folder for the database and the mirrors.
        Hint: deploy/ipr.example.yaml shows it

        error: Missing key
          --> /ipr.yaml:1:1
        `version` is required. It says which form of configuration this is.
        Hint: deploy/ipr.example.yaml shows it
    ");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = GOOD
        .replace("version: \"1.0\"", "version: \"2.0\"")
        .replace("127.0.0.1:0", "localhost")
        .replace("state: state\n", "sweep: {every: 5 minutes}\nlog: {format: jsno}\n")
        .replace("{env: RECORD_KEY}", "{env: RECORD_KEY, file: key}")
        .replace("id: k1, ", "")
        .replace("{env: TOKEN}", "{}")
        .replace("- {name: acme/lab, environments: [lab]}", "- {name: acme, environments: []}")
        .replace("provider: docker", "provider: dokcer")
        .replace("6f0c2a9e", "6F0C")
        .replace("repositories: [acme/infra]", "repositories: [acme/infra, acme/other]")
        .replace("environments: [prod]\n", "environments: [staging]\n");
    assert_snapshot!(load_text(&text).unwrap_err(), @r#"
        error: Missing key
          --> /ipr.yaml:1:1
          |
        1 | version: "2.0"
          | ^
        `state` is required. It is the folder for the database and the mirrors.
        Hint: deploy/ipr.example.yaml shows it

        error: Unknown version
          --> /ipr.yaml:1:10
          |
        1 | version: "2.0"
          |          ^
        This program reads version 1.0 of the configuration, and this one says `2.0`.
        Hint: write `version: "1.0"`, or update ipr

        error: Invalid address
          --> /ipr.yaml:2:9
          |
        2 | listen: localhost
          |         ^
        `listen` is `localhost`, which is not an IP address and a port.
        Hint: for example 127.0.0.1:8080, or [::1]:8080

        error: Invalid duration
          --> /ipr.yaml:3:16
          |
        3 | sweep: {every: 5 minutes}
          |                ^
        `sweep.every` is `5 minutes`, which has a unit that is not known.
        Hint: for example 2m; at least 1s, at most 1d

        error: Unknown word
          --> /ipr.yaml:4:15
          |
        4 | log: {format: jsno}
          |               ^
        `log.format` is `jsno`.
        Hint: did you mean `json`?

        error: Secret needs one place
          --> /ipr.yaml:5:13
          |
        5 | record_key: {env: RECORD_KEY, file: key}
          |             ^
        `record_key` has two places.
        Hint: write exactly one of {env: NAME} and {file: PATH}

        error: Missing key
          --> /ipr.yaml:6:18
          |
        6 | fingerprint_key: {env: FINGERPRINT_KEY}
          |                  ^
        `fingerprint_key.id` is required. It is shown beside each fingerprint, so that a new key is not mistaken for a changed secret.
        Hint: deploy/ipr.example.yaml shows it

        error: Secret needs one place
          --> /ipr.yaml:8:10
          |
        8 |   token: {}
          |          ^
        `github.token` does not say where the secret is.
        Hint: write exactly one of {env: NAME} and {file: PATH}

        error: Invalid name
          --> /ipr.yaml:12:12
           |
        12 |   - {name: acme, environments: []}
           |            ^
        `acme` in `repositories.name` is no name: a repository is named `owner/name`: letters, digits, `-`, `_` and `.`.

        error: Empty list
          --> /ipr.yaml:12:32
           |
        12 |   - {name: acme, environments: []}
           |                                ^
        `repositories.environments` lists nothing.
        Hint: name at least one

        error: Unknown word
          --> /ipr.yaml:15:15
           |
        15 |     provider: dokcer
           |               ^
        `targets.dock-01.provider` is `dokcer`.
        Hint: did you mean `docker`?

        error: Invalid owner id
          --> /ipr.yaml:17:15
           |
        17 |     owner_id: 6F0C
           |               ^
        `targets.dock-01.owner_id` is `6F0C`, which is not 4 to 40 lower-case letters and digits.
        Hint: copy `owner_id` of the repository's ipr.yaml

        error: Unknown repository
          --> /ipr.yaml:18:32
           |
        18 |     repositories: [acme/infra, acme/other]
           |                                ^
        `targets.dock-01.repositories` names `acme/other`, which is not among `repositories`.
        Hint: list it under `repositories`, or remove it here

        error: Unknown environment
          --> /ipr.yaml:19:20
           |
        19 |     environments: [staging]
           |                    ^
        `targets.dock-01.environments` names `staging`, which is served for none of its repositories.
        Hint: list it under `repositories`, or remove it here
    "#);
}

#[test]
fn values_that_would_be_unsafe_are_refused() {
    assert_snapshot!(changed("targets:", "secrets: {environment_prefix: \"\"}\ntargets:"), @r#"
        error: Invalid prefix
          --> /ipr.yaml:12:31
           |
        12 | secrets: {environment_prefix: ""}
           |                               ^
        `secrets.environment_prefix` is ``, which is not at least 3 upper-case letters, digits and underscores.
        Without a prefix a repository could name any variable of the daemon.
        Hint: for example IPR_SECRET_
    "#);
    assert_snapshot!(changed("  token:", "  api: https://user:password@github.example\n  token:"), @r"
        error: Invalid address
          --> /ipr.yaml:7:8
          |
        7 |   api: https://user:password@github.example
          |        ^
        `github.api` is not a plain address that begins with https://.
        Hint: for example https://api.github.com; put no user or password in it
    ");
    assert_snapshot!(changed("unix:///var/run/docker.sock", "tcp://10.0.0.1:2375"), @r"
        error: Invalid endpoint
          --> /ipr.yaml:15:15
           |
        15 |     endpoint: tcp://10.0.0.1:2375
           |               ^
        `targets.dock-01.endpoint` is `tcp://10.0.0.1:2375`, which is not a unix socket: unix:///var/run/docker.sock.
    ");
    assert_snapshot!(changed("    owner_id: 6f0c2a9e", "    registries: [\"https://ghcr.io/acme\"]\n    owner_id: 6f0c2a9e"), @r#"
        error: Invalid registry
          --> /ipr.yaml:16:18
           |
        16 |     registries: ["https://ghcr.io/acme"]
           |                  ^
        `targets.dock-01.registries` names `https://ghcr.io/acme`, which is no host.
        Hint: a host as it stands in images, for example ghcr.io
    "#);
}

#[test]
fn a_target_on_this_machine_is_reached_by_its_endpoint_alone() {
    let given = "    user: ipr\n    fingerprint: AB:CD\n    settings: {vmids: 2000-2999}\n    owner_id: 6f0c2a9e";
    assert_snapshot!(changed("    owner_id: 6f0c2a9e", given), @r"
        error: Incomplete credential
          --> /ipr.yaml:13:3
           |
        13 |   dock-01:
           |   ^
        `targets.dock-01` has only one of `user` and `password`.
        Hint: write both: user: ipr, password: {file: pve-main-password}

        error: Needless setting
          --> /ipr.yaml:16:11
           |
        16 |     user: ipr
           |           ^
        `targets.dock-01.user` is for targets beyond a network, and docker is reached by its endpoint alone.
        Hint: remove `user`

        error: Invalid fingerprint
          --> /ipr.yaml:17:18
           |
        17 |     fingerprint: AB:CD
           |                  ^
        `targets.dock-01.fingerprint` is `AB:CD`, which is not a SHA-256 fingerprint: 64 hexadecimal digits, with or without `:` between the pairs.
        Hint: the device shows it; or take it from a machine beside it, over a cable that you trust
            openssl s_client -connect HOST:PORT </dev/null | openssl x509 -noout -fingerprint -sha256

        error: Needless setting
          --> /ipr.yaml:17:18
           |
        17 |     fingerprint: AB:CD
           |                  ^
        `targets.dock-01.fingerprint` is for targets beyond a network, and docker is reached by its endpoint alone.
        Hint: remove `fingerprint`

        error: Unknown setting
          --> /ipr.yaml:18:16
           |
        18 |     settings: {vmids: 2000-2999}
           |                ^
        `targets.dock-01.settings` has no `vmids`.
        Hint: this kind of target has no settings
    ");
}

#[test]
fn a_target_is_for_its_repositories_and_environments_alone() {
    let config = load_text(GOOD).unwrap();
    let ask = |repository: &str, environment: &str, target: &str| {
        let found = config.target_for(&repository.parse().unwrap(), &environment.parse().unwrap(), &target.parse().unwrap());
        found.map(|target| target.name.to_string()).map_err(|refusal| refusal.to_string())
    };
    assert_eq!(ask("acme/infra", "prod", "dock-01"), Ok("dock-01".to_owned()));
    assert_eq!(ask("Acme/Infra", "prod", "dock-01/member"), Ok("dock-01".to_owned()));
    assert_snapshot!(ask("acme/infra", "dev", "dock-01").unwrap_err(), @"the daemon's configuration does not let the environment `dev` use the target `dock-01`; add it to `targets.dock-01.environments`");
    assert_snapshot!(ask("acme/lab", "lab", "dock-01").unwrap_err(), @"the daemon's configuration does not let acme/lab use the target `dock-01`; add it to `targets.dock-01.repositories`");
    assert_snapshot!(ask("acme/infra", "prod", "dock-02").unwrap_err(), @"the daemon's configuration has no target `dock-02`; add it under `targets`");
}

mod secrets {
    use super::*;
    use crate::config::secrets::read_file;

    fn record_key() -> String {
        daemon_history::record::RecordKey::generate().unwrap().to_openssh().unwrap().expose().to_owned()
    }

    const FINGERPRINT_KEY: &str = "0d2f6f2b7f1e4f5e9a3c8b7d6e5f4a3b";
    const WEBHOOK_SECRET: &str = "3b1f6f0b7c2e49d8a5d1c07e9f64b2aa";

    /// What is wrong with the secrets when the variables are so, without the values themselves.
    fn wrong(variables: &[(&str, &str)]) -> String {
        let config = load_text(GOOD).unwrap();
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let mut reader = SecretReader::new(&config, &lookup);
        reader.github_token();
        reader.webhook_secret();
        reader.record_key();
        reader.fingerprint_key();
        let texts: Vec<String> = reader.diagnostics.iter().map(core_model::Diagnostic::body).collect();
        texts.join("\n")
    }

    #[test]
    fn all_secrets_are_read() {
        let key = record_key();
        let variables = [("TOKEN", "ghp_x"), ("WEBHOOK_SECRET", WEBHOOK_SECRET), ("RECORD_KEY", key.as_str()), ("FINGERPRINT_KEY", FINGERPRINT_KEY)];
        assert_eq!(wrong(&variables), "");
    }

    #[test]
    fn missing_secrets_are_all_told_with_a_way_to_make_them() {
        assert_snapshot!(wrong(&[("TOKEN", " \n")]), @r"
            `github.token` has no value: it is empty.
            Hint: make a token on GitHub and put it there

            `github.webhook_secret` has no value: the variable `WEBHOOK_SECRET` is not set.
            Hint: make one, and give the same to GitHub, in the settings of the webhook
                openssl rand -hex 32

            `record_key` has no value: the variable `RECORD_KEY` is not set.
            Hint: make one, and put its public half into ipr.yaml: `records: {keys: [..]}`
                ssh-keygen -t ed25519 -N '' -C ipr -f record-key

            `fingerprint_key` has no value: the variable `FINGERPRINT_KEY` is not set.
            Hint: make one and keep it: with another key the fingerprints in older records cannot be compared
                openssl rand -hex 32
        ");
    }

    #[test]
    fn a_secret_that_anybody_can_guess_is_refused() {
        let key = record_key();
        for sample in ["It's a Secret to Everybody", "short-canary", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let variables = [("TOKEN", "ghp_x"), ("WEBHOOK_SECRET", sample), ("RECORD_KEY", key.as_str()), ("FINGERPRINT_KEY", FINGERPRINT_KEY)];
            let told = wrong(&variables);
            assert!(told.starts_with("The daemon does not start: ") && told.contains("openssl rand -hex 32") && !told.contains(sample), "{told}");
        }
    }

    #[test]
    fn keys_that_cannot_be_used_are_refused() {
        let variables = [("TOKEN", "ghp_x"), ("WEBHOOK_SECRET", WEBHOOK_SECRET), ("RECORD_KEY", "canary"), ("FINGERPRINT_KEY", "canary")];
        assert_snapshot!(wrong(&variables), @r"
            `record_key` cannot be used: the text is not an OpenSSH key.
            Hint: records are signed with an Ed25519 key in OpenSSH form, without passphrase
                ssh-keygen -t ed25519 -N '' -C ipr -f record-key

            The fingerprint key has fewer than 32 characters.
            Short passwords could be guessed from their fingerprints.
            Hint: make one and keep it: with another key the fingerprints in older records cannot be compared
                openssl rand -hex 32
        ");
    }

    #[test]
    fn a_file_loses_the_line_break_at_its_end_and_nothing_else() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("secret");
        for (content, secret) in [("a b\n", "a b"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a", " a"), ("", "")] {
            fs::write(&path, content).unwrap();
            assert_eq!(read_file(&path).unwrap().expose(), secret);
        }
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert_eq!(read_file(&path).unwrap_err(), "it is not text");
        fs::write(&path, "x".repeat(70_000)).unwrap();
        assert_eq!(read_file(&path).unwrap_err(), "it has more than 64 KiB");
        assert!(read_file(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_all_may_read_is_a_warning() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "ghp_x\n").unwrap();
        let mut config = load_text(GOOD).unwrap();
        let said_at = core_model::Span::new("ipr.yaml", 1, 1);
        config.github.token = SecretPlace::File { path: path.clone(), said_at };
        for (mode, warnings) in [(0o600, 0), (0o640, 0), (0o644, 1)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let mut reader = SecretReader::new(&config, &|_| None);
            assert_eq!(reader.github_token().unwrap().expose(), "ghp_x");
            assert_eq!(reader.diagnostics.len(), warnings, "{mode:o}");
            assert!(!reader.diagnostics.iter().any(core_model::Diagnostic::is_error));
        }
    }
}
