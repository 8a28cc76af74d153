use core_model::Secret;
use engine_tls::Trust;

use super::*;
use crate::config::TargetConfig;

const PAGE: &str = include_str!("../../../../../docs/engines/mikrotik.md");
const HOST_KEY: &str = "ssh_host_key: \"SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM\"";

/// The one target of a configuration, or what is wrong with it.
fn target(targets: &str) -> Result<TargetConfig, String> {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("ipr.yaml");
    let rest = "version: \"1.0\"\nlisten: 127.0.0.1:0\nstate: state\nrecord_key: {env: K}\nfingerprint_key: {id: k1, env: F}\n\
                github: {token: {env: T}, webhook_secret: {env: W}}\nrepositories: [{name: acme/infra, environments: [prod]}]\n";
    std::fs::write(&path, format!("{rest}{targets}")).expect("a file");
    let loaded = crate::config::load(&path).map_err(|mistakes| format!("{:?}", mistakes.diagnostics))?;
    Ok(loaded.0.targets.into_values().next().expect("a target"))
}

fn with_settings(settings: &str) -> Result<TargetConfig, String> {
    at("api-ssl://10.0.0.1", settings)
}

fn at(endpoint: &str, settings: &str) -> Result<TargetConfig, String> {
    target(&format!(
        "targets:\n  edge:\n    provider: mikrotik\n    endpoint: {endpoint}\n    owner_id: 6f0c2a9e\n    user: ipr\n    password: {{env: P}}\n    \
         settings: {{{settings}}}\n    repositories: [acme/infra]\n    environments: [prod]\n"
    ))
}

fn ssh_of(target: &TargetConfig) -> Result<Option<SshOptions>, String> {
    let credential = Credential { user: "ipr".to_owned(), password: Secret::new("secret") };
    let reach = Reach { target, endpoint: &target.endpoint, credential: None, trust: Trust::System };
    ssh(&reach, &credential)
}

#[test]
fn the_example_of_the_page_is_right() {
    let example = PAGE.split_once("```yaml\n").and_then(|(_, rest)| rest.split_once("```")).expect("an example").0;
    let fingerprint = engine_tls::Fingerprint::of(b"a").to_string();
    let target = target(&example.replace("AB:CD:...", &fingerprint)).expect("a configuration");
    let error = ssh_of(&target).map(drop).expect_err("the key of the example is nowhere");
    assert!(error.starts_with("`settings.ssh_key`, `/etc/ipr/edge-key`, cannot be read"), "{error}");
}

#[test]
fn a_target_that_asks_for_rest_is_refused_with_the_reason() {
    for (endpoint, expected) in [
        ("https://10.0.0.1", "`https://10.0.0.1`, which is not a router's API, and REST is not spoken, for it has neither safe mode nor `listen`"),
        ("ssh://10.0.0.1", "`ssh://10.0.0.1`, which is not a router's API: api-ssl://10.0.0.1"),
    ] {
        let refused = at(endpoint, "").expect_err("no router's API");
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn ssh_is_had_by_the_password_of_the_user_or_by_a_key() {
    let options = |settings: &str| ssh_of(&with_settings(settings).expect("a configuration"));
    assert!(options("").expect("none").is_none());
    let by_password = options(HOST_KEY).expect("options").expect("ssh");
    assert_eq!((by_password.port, by_password.user.as_str(), matches!(by_password.login, SshLogin::Password(_))), (PORT_SSH, "ipr", true));
    let folder = tempfile::TempDir::new().expect("a folder");
    let key = folder.path().join("key");
    std::fs::write(&key, "a key\n").expect("a file");
    let settings = format!("{HOST_KEY}, ssh_user: ipr-export, ssh_key: \"{}\", ssh_port: \"2222\"", key.display());
    let by_key = options(&settings).expect("options").expect("ssh");
    let SshLogin::Key(text) = &by_key.login else { panic!("no key") };
    assert_eq!((by_key.port, by_key.user.as_str(), text.expose()), (2222, "ipr-export", "a key"));
}

#[test]
fn what_would_be_ignored_or_believed_unseen_is_refused() {
    for (settings, expected) in [
        ("ssh_port: \"22\"".to_owned(), "it has `settings.ssh_port` and no `settings.ssh_host_key`: no host key is believed unseen"),
        (format!("{HOST_KEY}, ssh_user: other"), "`settings.ssh_user` is another user than `user`, and has no `settings.ssh_key`"),
    ] {
        assert_eq!(ssh_of(&with_settings(&settings).expect("a configuration")).map(drop), Err(expected.to_owned()));
    }
    for (settings, expected) in [
        ("ssh_host_key: \"AB:CD\"", "is no fingerprint such as SHA256:"),
        ("ssh_port: \"0\"", "is no port from 1 to 65535"),
        ("ssh_key: edge-key", "is no absolute path of a file"),
        ("ssh_user: \"\"", "is no name of a user"),
        ("ssh_hostkey: x", "did you mean `ssh_host_key`?"),
    ] {
        let error = with_settings(settings).map(drop).expect_err(settings);
        assert!(error.contains(expected), "{error}");
    }
}
