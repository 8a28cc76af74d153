use super::*;

#[test]
fn endpoints_are_bmcs_or_networks_of_racks() {
    for good in ["ipmi://10.9.0.11", "ipmi://bmc-1.acme.lan:624", "ipmi://10.9.0.0/24", "ipmi://10.9.0.0/24:624", "ipmi://fd00::/64"] {
        assert!(check_endpoint(good).is_ok(), "{good}");
    }
    for good in
        ["https://10.9.0.11", "https://bmc-1.acme.lan:8443", "https://10.9.0.0/24:8443", "bmc://10.9.0.11", "bmc://[fd00::11]", "bmc://fd00::/64"]
    {
        assert!(check_endpoint(good).is_ok(), "{good}");
    }
    for bad in [
        "10.9.0.11",
        "http://10.9.0.11",
        "https://10.9.0.11/redfish",
        "bmc://10.9.0.11:623",
        "bmc://[fd00::11]:623",
        "bmc://10.9.0.0/24:623",
        "ipmi://",
        "ipmi://10.9.0.0/33",
        "ipmi://10.9.0.0/24:0",
        "ipmi://10.9.0.0/24:x",
        "ipmi://a/24",
    ] {
        assert!(check_endpoint(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_credential_meets_only_the_hosts_it_is_meant_for() {
    let at = |endpoint: &str, target: &str, declared: Option<&str>| place(endpoint, &target.parse().expect("a target"), declared);
    let rack = "ipmi://10.9.0.0/24";
    assert_eq!(at(rack, "rack1/r1-n01", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11"));
    assert_eq!(at("ipmi://10.9.0.0/24:624", "rack1/r1-n01", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11:624"));
    assert_eq!(at("ipmi://fd00::/64", "rack1/r1-n01", Some("fd00::11")).as_deref(), Ok("ipmi://[fd00::11]"));
    assert_eq!(at("https://10.9.0.0/24:8443", "rack1/r1-n01", Some("10.9.0.11")).as_deref(), Ok("https://10.9.0.11:8443"));
    assert_eq!(at("bmc://fd00::/64", "rack1/r1-n01", Some("fd00::11")).as_deref(), Ok("bmc://[fd00::11]"));
    assert_eq!(at("https://10.9.0.11", "node", Some("10.9.0.11")).as_deref(), Ok("https://10.9.0.11"));
    assert_eq!(at("ipmi://10.9.0.11", "node", None).as_deref(), Ok("ipmi://10.9.0.11"));
    assert_eq!(at("ipmi://10.9.0.11", "node", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11"));
    for (endpoint, target, declared) in [
        (rack, "rack1/r1-n01", Some("10.8.0.11")),
        (rack, "rack1/r1-n01", Some("bmc.evil.example")),
        (rack, "rack1/r1-n01", None),
        (rack, "rack1", None),
        ("ipmi://10.9.0.11", "node", Some("10.9.0.12")),
        ("ipmi://10.9.0.11", "rack1/r1-n01", Some("10.9.0.11")),
    ] {
        assert!(at(endpoint, target, declared).is_err(), "{endpoint} {target} {declared:?}");
    }
}

#[test]
fn each_address_may_have_a_certificate_of_its_own() {
    let (first, second) = (Fingerprint::of(b"a"), Fingerprint::of(b"b"));
    let text = format!("10.9.0.11={first}, fd00::12={second},");
    assert_eq!(fingerprints(&text), Ok(BTreeMap::from([("10.9.0.11".to_owned(), first), ("fd00::12".to_owned(), second)])));
    for bad in ["", "10.9.0.11", "10.9.0.11=AB", "=,="] {
        assert!(fingerprints(bad).is_err(), "{bad}");
    }
}

const PAGE: &str = include_str!("../../../../../docs/engines/ipmi.md");

/// The targets of the page's example, in a configuration that is right.
fn targets(of_page: &str) -> BTreeMap<core_model::Name, crate::config::TargetConfig> {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("ipr.yaml");
    let rest = "version: \"1.0\"\nlisten: 127.0.0.1:0\nstate: state\nrecord_key: {env: K}\nfingerprint_key: {id: k1, env: F}\n\
                github: {token: {env: T}, webhook_secret: {env: W}}\nrepositories: [{name: acme/infra, environments: [prod]}]\n";
    std::fs::write(&path, format!("{rest}{of_page}")).expect("a file");
    let loaded = crate::config::load(&path).map_err(|mistakes| mistakes.diagnostics);
    loaded.unwrap_or_else(|mistakes| panic!("{mistakes:?}")).0.targets
}

fn connected(target: &crate::config::TargetConfig, endpoint: &str) -> Result<(), String> {
    let credential = Some(crate::engines::reach::Credential { user: "ipr".to_owned(), password: Secret::new("secret") });
    connect(Reach { target, endpoint, credential, trust: Trust::System }).map(|_| ()).map_err(|error| error.message)
}

#[test]
fn the_example_of_the_page_is_right() {
    let example = PAGE.split_once("    targets:\n").and_then(|(_, rest)| rest.split_once("\n\n")).expect("an example").0;
    let example: String = example.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    let targets = targets(&format!("targets:\n{example}"));
    for target in targets.values() {
        let (scheme, ..) = apart(&target.endpoint).expect("a scheme");
        assert_eq!(connected(target, &format!("{scheme}10.9.0.11")), Ok(()), "{}", target.name);
    }
    assert_eq!(targets.len(), 2);
}

#[test]
fn what_means_nothing_to_a_protocol_is_refused() {
    let fingerprint = Fingerprint::of(b"a");
    for (endpoint, more, expected) in [
        ("ipmi://10.9.0.11", String::new(), None),
        ("ipmi://10.9.0.11", "settings: {system: node1}".to_owned(), Some("the setting `system` means nothing")),
        ("ipmi://10.9.0.11", format!("fingerprint: \"{fingerprint}\""), Some("mean nothing to IPMI, which has no certificates")),
        ("https://10.9.0.11", "settings: {cipher_suite: \"17\"}".to_owned(), Some("the setting `cipher_suite` means nothing")),
        ("https://10.9.0.11", format!("settings: {{fingerprints: \"10.9.0.11={fingerprint}\", system: node1}}"), None),
        ("bmc://10.9.0.11", format!("settings: {{privilege: operator, fingerprints: \"10.9.0.11={fingerprint}\"}}"), None),
    ] {
        let text = format!(
            "targets:\n  bmc:\n    provider: ipmi\n    endpoint: {endpoint}\n    owner_id: 6f0c2a9e\n    user: ipr\n    password: {{env: P}}\n    \
             {more}\n    repositories: [acme/infra]\n    environments: [prod]\n"
        );
        let targets = targets(&text);
        let done = targets.values().map(|target| connected(target, endpoint)).next().expect("a target");
        match expected {
            None => assert_eq!(done, Ok(()), "{endpoint} {more}"),
            Some(words) => assert!(done.as_ref().is_err_and(|why| why.contains(words)), "{endpoint} {more}: {done:?}"),
        }
    }
}
