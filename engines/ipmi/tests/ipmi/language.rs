//! Do the rack of the language's own pages and the one that is shipped load with the real table, and do BMCs become what they say?

use core_config::{Files, load};
use core_model::resource_type::Registry;
use engine_api::contract::{Bench, Sample, Subject};
use serde_json::json;
use test_sim_bmc::redfish::{Boot, RedfishKit};

use crate::redfish::subject::RedfishSubject;

const RACK: &str = include_str!("../../../../core/config/tests/language/blueprints/rack1.yaml");

const SETTINGS: &str = "version: \"1.0\"
owner_id: 6f0c2a9e
environments:
  prod: {id: prod}
secrets:
  bmc_ops: {env: BMC_OPS}
targets:
  rack1: {provider: ipmi, credential: bmc-rack1, members: {r1-n01: 10.9.0.11, r1-n02: 10.9.0.12}}
";

#[test]
fn the_rack_of_the_language_loads() {
    let files: Files =
        [("ipr.yaml", SETTINGS), ("blueprints/rack1.yaml", RACK)].into_iter().map(|(path, text)| (path.to_owned(), text.into())).collect();
    let loaded = load(&files, &Registry::new(engine_ipmi::types()));
    let messages: Vec<String> = loaded.diagnostics.iter().chain(&loaded.not_yet).map(|message| message.render(&loaded.sources)).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    let prod = &loaded.repository.environments[&"prod".parse().unwrap()].desired;
    let machines: Vec<String> = prod.resources.values().map(|machine| format!("{} on {}", machine.address, machine.target)).collect();
    assert_eq!(machines, ["rack1.r1-n01 on rack1/r1-n01", "rack1.r1-n02 on rack1/r1-n02"]);
    let second = &prod.resources[&"rack1.r1-n02".parse().unwrap()];
    let expected = json!({
        "specs": {
            "identity": {"serial": "S412341"},
            "power": "on",
            "boot": {"device": "disk", "mode": "uefi"},
            "bios": {"SriovGlobalEnable": "Enabled"},
            "users": [{"name": "ops", "role": "operator", "password": {"$secret": [{"name": "bmc_ops"}]}}],
            "once": {"token": "debian-13", "boot": "pxe", "reset": "cycle"},
        },
        "metadata": {"rack": "r1", "unit": 2},
    });
    assert_eq!(serde_json::Value::Object(second.values.clone()), expected);
    assert!(second.sensitive.contains("specs.users[].password"), "{:?}", second.sensitive);
    assert!(second.depends_on.contains(&"rack1.r1-n01".parse().unwrap()), "one at a time");
    assert_eq!(loaded.repository.targets[&"rack1".parse().unwrap()].address_of(&second.target), Some("10.9.0.12"));
}

/// What was read off a machine can be planned as it stands, whatever the machine calls its parts.
#[tokio::test]
async fn what_is_imported_loads() {
    let settings = "version: \"1.0\"\nowner_id: 6f0c2a9e\nenvironments:\n  prod: {id: prod}\ntargets:\n  m1: {provider: ipmi, credential: m1}\n";
    for (hostname, drive, image, expected, is_written) in [
        ("", "opt0", "https://images.example/a.iso", r#""bmc":{"dns":["10.0.0.53"]}"#, true),
        ("bmc.acme.lan", "opt.0", "https://images.example/a.iso", r#""media":{"cd":{"#, true),
        ("bmc-1", "opt0", "https://ops:sesame@images.example/a.iso", r#""bmc":{"dns":["10.0.0.53"],"hostname":"bmc-1"}"#, false),
    ] {
        let subject = RedfishSubject::new().await;
        subject.bmc.set_hostname(hostname);
        subject.bmc.set_name_servers(["10.0.0.53", "", ""]);
        let place = "/redfish/v1/Managers/mgr-x1/Media/opt0";
        let medium = json!({"@odata.id": place, "Id": drive, "MediaTypes": ["CD"], "Image": image, "Inserted": true});
        subject.bmc.say("GET", "/Media/opt0", medium, usize::MAX);
        // Which target it is on is for a person to say.
        let text = subject.engine().import().await.unwrap().replace("    provider: ipmi\n", "    provider: ipmi\n    target: m1\n");
        let files: Files = [("ipr.yaml", settings), ("blueprints/imported.yaml", &text)].map(|(path, text)| (path.to_owned(), text.into())).into();
        let loaded = load(&files, &Registry::new(engine_ipmi::types()));
        let messages: Vec<String> = loaded.diagnostics.iter().map(|message| message.render(&loaded.sources)).collect();
        assert!(messages.is_empty(), "{}\n{text}", messages.join("\n"));
        assert!(text.contains(expected), "{text}");
        assert_eq!(text.contains("\"media\""), is_written, "{text}");
        assert!(!text.contains("sesame"), "{text}");
    }
}

/// Whoever can write into a machine's firmware cannot write references into a blueprint.
#[tokio::test]
async fn what_is_imported_holds_no_reference() {
    let settings = "version: \"1.0\"\nowner_id: 6f0c2a9e\nenvironments:\n  prod: {id: prod}\nsecrets:\n  canary: {env: CANARY}\n";
    for label in ["${secret.canary}", "$${secret.canary}", "$", "${"] {
        let subject = RedfishSubject::new().await;
        subject.bmc.set_attribute("AssetLabel", json!(label));
        let text = subject.engine().import().await.unwrap().replace("    provider: ipmi\n", "    provider: ipmi\n    target: m1\n");
        let files: Files = [("ipr.yaml", settings), ("blueprints/imported.yaml", &text)].map(|(path, text)| (path.to_owned(), text.into())).into();
        let loaded = load(&files, &Registry::new(engine_ipmi::types()));
        let messages: Vec<String> = loaded.diagnostics.iter().map(|message| message.render(&loaded.sources)).collect();
        assert!(messages.is_empty(), "{}\n{text}", messages.join("\n"));
        let machines = &loaded.repository.environments[&"prod".parse().unwrap()].desired.resources;
        let machine = machines.values().next().unwrap();
        assert_eq!(machine.values["specs"]["bios"]["AssetLabel"], json!(label), "{text}");
    }
}

/// The shipped example, as it stands in this repository.
const EXAMPLE: [(&str, &str); 2] =
    [("ipr.yaml", include_str!("../../../../ipr.yaml")), ("blueprints/rack.yaml", include_str!("../../../../blueprints/rack.yaml"))];

#[tokio::test]
async fn the_shipped_rack_becomes_what_it_says() {
    // The suite has one secret, which goes by its own name.
    let text = |text: &str| text.replace("bmc_ops", "canary");
    let files: Files = EXAMPLE.into_iter().map(|(path, file)| (path.to_owned(), text(file).into())).collect();
    let loaded = load(&files, &Registry::new(engine_ipmi::types()));
    let messages: Vec<String> = loaded.diagnostics.iter().map(|message| message.render(&loaded.sources)).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    let rack = &loaded.repository.environments[&"rack".parse().unwrap()].desired;
    assert_eq!(rack.resources.len(), 2);
    for (machine, serial) in rack.resources.values().zip(["S412340", "S412341"]) {
        let subject = RedfishSubject::made_of(RedfishKit { serial, on: false, ..RedfishKit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        let sample = Sample::new(engine_ipmi::types()[0], machine.object.clone(), serde_json::Value::Object(machine.values.clone()));
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.expect("something to do");
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert_eq!(problems, []);
        bench.must(&sample, &order).await;
        let record = bench.maker.record(&sample, &wanted);
        bench.assert_settled(&sample, &record, "after the example was applied").await;
        assert!(subject.bmc.is_on());
        assert_eq!(subject.bmc.time_servers(), ["ntp1.acme.example", "ntp2.acme.example"]);
        assert_eq!(subject.bmc.attribute("CoresPerSocket"), json!(8));
        assert_eq!(subject.bmc.boots(), [Boot::new("Once", "Pxe", "UEFI")]);
    }
}
