//! A machine behind a simulated Redfish service, with samples, for the contract suite.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::types;
use serde_json::json;
use test_sim_bmc::redfish::{Boot, LocalAccount, RedfishKit, SimRedfish};

pub(crate) struct RedfishSubject {
    pub(crate) bmc: SimRedfish,
}

impl RedfishSubject {
    pub(crate) async fn new() -> Self {
        Self::made_of(RedfishKit::default()).await
    }

    pub(crate) async fn made_of(kit: RedfishKit) -> Self {
        Self { bmc: SimRedfish::made_of(kit).await }
    }
}

const SYSTEM: &str = "/node.9f";

#[async_trait]
impl Subject for RedfishSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        super::engine(&self.bmc)
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        vec![settled_machine(), equipped_machine(), reset_machine()].into_iter().map(with_what_is_left_out).collect()
    }

    async fn remove_all(&self) {
        self.bmc.rebuild(None);
    }

    async fn change_by_hand(&self, _sample: &Sample, path: &str) {
        match path {
            "specs.power" => self.bmc.press(true),
            "specs.after_power_loss" => self.bmc.set_restore_policy("AlwaysOff"),
            "specs.boot.device" => self.bmc.set_boot(Boot::new("Continuous", "Pxe", "UEFI")),
            "specs.boot.order" => self.bmc.set_boot_order(&["Boot0003", "Boot0001", "Boot0002", "Boot0004"]),
            "specs.bios.SriovGlobalEnable" => self.bmc.set_attribute("SriovGlobalEnable", json!("Disabled")),
            "specs.bmc.hostname" => self.bmc.set_hostname("evil"),
            "specs.bmc.dns" => self.bmc.set_name_servers(["10.6.6.6", "", ""]),
            "specs.console.enabled" => self.bmc.set_console(false),
            "specs.media.cd.image" => self.bmc.set_drive("opt0", Some("https://evil.example/root.iso")),
            "specs.media.stick1.image" => self.bmc.set_drive("stick1", None),
            "specs.ntp" => self.bmc.set_time_servers(["evil.example", "", ""]),
            "specs.users" => {
                let account = self.bmc.account("ops").expect("our account");
                self.bmc.set_account(LocalAccount { role: "Administrator".to_owned(), ..account });
            }
            other => panic!("nobody can change `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, _sample: &Sample) {
        panic!("a machine carries no marker");
    }

    async fn hide(&self, _sample: &Sample) -> bool {
        self.bmc.refuse("GET", "/Firmware", 403, "InsufficientPrivilege", usize::MAX);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        let refuse = |status, id: &str| self.bmc.refuse("PATCH", SYSTEM, status, id, 1);
        match kind {
            ErrorKind::Unreachable => {
                self.bmc.fall_silent();
                return bench.engine.probe().await.err();
            }
            ErrorKind::Unauthorised => refuse(400, "InsufficientPrivilege"),
            ErrorKind::NotFound => refuse(404, "ResourceMissingAtURI"),
            ErrorKind::Conflict => refuse(409, "ResourceInStandby"),
            ErrorKind::Rejected => refuse(400, "PropertyValueNotInList"),
            ErrorKind::Busy => refuse(503, "ServiceTemporarilyUnavailable"),
            ErrorKind::Timeout => self.bmc.lose_replies("PATCH", SYSTEM, 1),
            ErrorKind::Protocol => {
                self.bmc.garble("GET", "/Systems", usize::MAX);
                return bench.engine.import().await.err();
            }
        }
        let sample = settled_machine();
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.expect("a step");
        bench.carry_out(&order).await.err()
    }
}

fn with_what_is_left_out(sample: Sample) -> Sample {
    sample
        .leave_out("specs.identity", "another identity is another machine, and refused")
        .leave_out("specs.bmc.source", "its addresses are not set over Redfish")
        .leave_out("specs.bmc.address", "its addresses are not set over Redfish")
        .leave_out("specs.bmc.netmask", "its addresses are not set over Redfish")
        .leave_out("specs.bmc.gateway", "its addresses are not set over Redfish")
        .leave_out("specs.bmc.vlan", "its addresses are not set over Redfish")
        .leave_out("specs.console.role", "Redfish has no word for it")
        .leave_out("specs.console.bit_rate", "it is a vendor's own, where there is one")
        .leave_out("metadata", "the record alone keeps it")
}

/// Everything that can be set lastingly.
fn settled_machine() -> Sample {
    let values = json!({"specs": {
        "identity": {"serial": "S412340"},
        "power": "off",
        "power_off": {"within": 1_000, "force": true},
        "after_power_loss": "previous",
        "boot": {"device": "disk", "mode": "uefi", "order": ["debian", "UEFI PXE: Slot 1", "Boot0004", "Boot0003"]},
        "bios": {"SriovGlobalEnable": "Enabled", "CoresPerSocket": "8", "QuietBoot": "false"},
        "ntp": ["ntp1.acme.lan", "10.0.0.123"],
        "users": [{"name": "ops", "role": "operator", "enabled": true, "password": canary()}],
        "once": {"token": "a", "identify": 1},
        "ready": {"address": "127.0.0.1", "port": 22, "within": 1_000},
    }});
    let user = |role: &str, enabled: bool, password: &str| json!([{"name": "ops", "role": role, "enabled": enabled, "password": password}]);
    Sample::new(types()[0], "r1-n01", values)
        .update("specs.power", json!("on"))
        .update("specs.power_off.within", json!(2_000))
        .update("specs.power_off.force", json!(false))
        .update("specs.after_power_loss", json!("on"))
        .update("specs.boot.device", json!("pxe"))
        .update("specs.boot.mode", json!("legacy"))
        .update("specs.boot.order", json!(["Boot0005", "UEFI PXE: Slot 1", "debian", "Boot0003", "Boot0004"]))
        .update("specs.bios.SriovGlobalEnable", json!("Disabled"))
        .update("specs.bios.CoresPerSocket", json!("12"))
        .update("specs.ntp", json!(["ntp2.acme.lan"]))
        .update("specs.users", user("administrator", true, "another one"))
        .update("specs.users", user("operator", false, "a third one"))
        .update("specs.users", json!([{"name": "eve", "role": "user", "password": "a fourth one"}]))
        .update("specs.ready.address", json!("127.0.0.2"))
        .update("specs.ready.port", json!(2_222))
        .update("specs.ready.within", json!(2_000))
        .unset("specs.power")
        .unset("specs.power_off.within")
        .unset("specs.power_off.force")
        .unset("specs.after_power_loss")
        .unset("specs.boot.mode")
        .unset("specs.boot.order")
        .unset("specs.bios.SriovGlobalEnable")
        .unset("specs.ntp")
        .unset("specs.users")
        .unset("specs.ready.within")
        .by_hand("specs.power")
        .by_hand("specs.after_power_loss")
        .by_hand("specs.boot.device")
        .by_hand("specs.boot.order")
        .by_hand("specs.bios.SriovGlobalEnable")
        .by_hand("specs.ntp")
        .by_hand("specs.users")
}

/// What belongs to the BMC more than to the machine. Apart, because each loss is tried at each call of a sample.
fn equipped_machine() -> Sample {
    let values = json!({"specs": {
        "bmc": {"hostname": "bmc-r1-n01", "dns": ["10.0.0.53", "10.0.0.54"]},
        "console": {"enabled": true},
        "media": {
            "cd": {"image": "https://images.acme.lan/debian-13.iso", "write_protected": true},
            "stick1": {"image": "https://images.acme.lan/drivers.img"},
        },
    }});
    Sample::new(types()[0], "r1-n03", values)
        .update("specs.bmc.hostname", json!("bmc-r1-n02"))
        .update("specs.bmc.dns", json!(["10.0.0.55"]))
        .update("specs.console.enabled", json!(false))
        .update("specs.media.cd.image", json!("https://images.acme.lan/debian-14.iso"))
        .update("specs.media.cd.write_protected", json!(false))
        .update("specs.media.stick1.image", json!("https://images.acme.lan/more-drivers.img"))
        .unset("specs.bmc.hostname")
        .unset("specs.bmc.dns")
        .unset("specs.console.enabled")
        .unset("specs.media.stick1.image")
        .unset("specs.media.cd.write_protected")
        .by_hand("specs.bmc.hostname")
        .by_hand("specs.bmc.dns")
        .by_hand("specs.console.enabled")
        .by_hand("specs.media.cd.image")
        .by_hand("specs.media.stick1.image")
}

/// What is done once, on a machine that is on.
fn reset_machine() -> Sample {
    let values = json!({"specs": {
        "boot": {"device": "disk"},
        "once": {"token": "a", "boot": "pxe", "mode": "uefi", "reset": "cycle", "clear_events": true, "identify": 1},
    }});
    Sample::new(types()[0], "r1-n02", values)
        .update("specs.boot.device", json!("cdrom"))
        .update("specs.once.token", json!("b"))
        .update("specs.once.boot", json!("cdrom"))
        .update("specs.once.mode", json!("legacy"))
        .update("specs.once.reset", json!("hard"))
        .update("specs.once.clear_events", json!(false))
        .update("specs.once.identify", json!(2))
        .unset("specs.boot.device")
        .unset("specs.once.boot")
        .unset("specs.once.mode")
        .unset("specs.once.reset")
        .unset("specs.once.clear_events")
        .unset("specs.once.identify")
        .by_hand("specs.boot.device")
}
