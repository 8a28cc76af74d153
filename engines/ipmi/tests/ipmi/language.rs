//! Does the rack of the language's own pages load with the real table?

use core_config::{Files, load};
use core_model::resource_type::Registry;
use serde_json::json;

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
