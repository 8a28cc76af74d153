//! A machine behind a simulated BMC, with samples, for the contract suite.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::types;
use serde_json::json;
use test_sim_bmc::{BootFlags, Kit, SimBmc};

use crate::world;

pub(crate) struct SimSubject {
    pub(crate) bmc: SimBmc,
}

impl SimSubject {
    pub(crate) async fn new() -> Self {
        Self::made_of(Kit::default()).await
    }

    pub(crate) async fn made_of(kit: Kit) -> Self {
        Self { bmc: SimBmc::made_of(kit).await }
    }
}

const CHASSIS: u8 = 0x00;
const RESTORE_POLICY: u8 = 0x06;

#[async_trait]
impl Subject for SimSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        world::engine(&self.bmc)
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        types()
    }

    fn samples(&self) -> Vec<Sample> {
        vec![settled_machine(), reset_machine(), moved_bmc()].into_iter().map(with_what_is_left_out).collect()
    }

    async fn remove_all(&self) {
        self.bmc.rebuild(None);
    }

    async fn change_by_hand(&self, _sample: &Sample, path: &str) {
        match path {
            "specs.power" => self.bmc.press(true),
            "specs.after_power_loss" => self.bmc.set_restore_policy(0),
            "specs.boot.device" => self.bmc.set_boot_flags(BootFlags { valid: true, lasting: true, uefi: true, device: 1 }),
            "specs.bmc.address" => self.bmc.set_lan(3, &[10, 6, 6, 6]),
            "specs.bmc.vlan" => self.bmc.set_lan(20, &[66, 0x80]),
            "specs.console.enabled" => self.bmc.set_console(1, 0),
            "specs.console.bit_rate" => self.bmc.set_console(5, 6),
            "specs.users" => {
                let mut user = self.bmc.user("ops").expect("our account");
                user.privilege = 4;
                let slot = 4;
                self.bmc.set_user(slot, user);
            }
            other => panic!("nobody can change `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, _sample: &Sample) {
        panic!("a machine carries no marker");
    }

    async fn hide(&self, _sample: &Sample) -> bool {
        self.bmc.refuse(0x06, 0x44, 0xd4, usize::MAX);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        match kind {
            ErrorKind::Unreachable => {
                self.bmc.fall_silent();
                return bench.engine.probe().await.err();
            }
            ErrorKind::Unauthorised => self.bmc.refuse(CHASSIS, RESTORE_POLICY, 0xd4, 1),
            ErrorKind::NotFound => self.bmc.refuse(CHASSIS, RESTORE_POLICY, 0xcb, 1),
            ErrorKind::Conflict => self.bmc.refuse(CHASSIS, RESTORE_POLICY, 0xd5, 1),
            ErrorKind::Rejected => self.bmc.refuse(CHASSIS, RESTORE_POLICY, 0xc1, 1),
            ErrorKind::Busy => self.bmc.refuse(CHASSIS, RESTORE_POLICY, 0xc0, usize::MAX),
            ErrorKind::Timeout => self.bmc.ignore(CHASSIS, RESTORE_POLICY, usize::MAX),
            ErrorKind::Protocol => {
                self.bmc.garble(CHASSIS, 0x01, usize::MAX);
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
        .leave_out("specs.boot.order", "IPMI has no command for it")
        .leave_out("specs.media", "IPMI has no command for it; what vendors have is their own")
        .leave_out("specs.bmc.hostname", "its command for it is DCMI's")
        .leave_out("specs.bmc.dns", "IPMI has no command for it")
        .leave_out("specs.ntp", "IPMI has no command for it, either")
        .leave_out("specs.bios", "IPMI has no command for it; the driver for Redfish has samples of its own")
        .leave_out("metadata", "the record alone keeps it")
}

/// Everything that can be set lastingly.
fn settled_machine() -> Sample {
    let values = json!({"specs": {
        "identity": {"serial": "S412340"},
        "power": "off",
        "power_off": {"within": 1_000, "force": true},
        "after_power_loss": "previous",
        "boot": {"device": "disk", "mode": "uefi"},
        "users": [{"name": "ops", "role": "operator", "enabled": true, "password": canary()}],
        "once": {"token": "a", "identify": 5_000},
        "ready": {"address": "127.0.0.1", "port": 22, "within": 1_000},
        "console": {"enabled": true, "role": "operator", "bit_rate": "115200"},
    }});
    let user = |role: &str, enabled: bool, password: &str| json!([{"name": "ops", "role": role, "enabled": enabled, "password": password}]);
    Sample::new(types()[0], "r1-n01", values)
        .update("specs.power", json!("on"))
        .update("specs.power_off.within", json!(2_000))
        .update("specs.power_off.force", json!(false))
        .update("specs.after_power_loss", json!("on"))
        .update("specs.boot.device", json!("pxe"))
        .update("specs.boot.mode", json!("legacy"))
        .update("specs.users", user("administrator", true, "another one"))
        .update("specs.users", user("operator", false, "a third one"))
        .update("specs.users", json!([{"name": "eve", "role": "user", "password": "a fourth one"}]))
        .update("specs.console.enabled", json!(false))
        .update("specs.console.role", json!("administrator"))
        .update("specs.console.bit_rate", json!("57600"))
        .update("specs.ready.address", json!("127.0.0.2"))
        .update("specs.ready.port", json!(2_222))
        .update("specs.ready.within", json!(2_000))
        .unset("specs.power")
        .unset("specs.power_off.within")
        .unset("specs.power_off.force")
        .unset("specs.after_power_loss")
        .unset("specs.boot.mode")
        .unset("specs.users")
        .unset("specs.console.enabled")
        .unset("specs.console.role")
        .unset("specs.console.bit_rate")
        .unset("specs.ready.within")
        .by_hand("specs.power")
        .by_hand("specs.after_power_loss")
        .by_hand("specs.boot.device")
        .by_hand("specs.console.enabled")
        .by_hand("specs.console.bit_rate")
        .by_hand("specs.users")
}

/// What is done once, on a machine that is on.
fn reset_machine() -> Sample {
    let values = json!({"specs": {
        "boot": {"device": "disk"},
        "once": {"token": "a", "boot": "pxe", "mode": "uefi", "reset": "cycle", "clear_events": true, "identify": 5_000},
    }});
    Sample::new(types()[0], "r1-n02", values)
        .update("specs.boot.device", json!("cdrom"))
        .update("specs.once.token", json!("b"))
        .update("specs.once.boot", json!("cdrom"))
        .update("specs.once.mode", json!("legacy"))
        .update("specs.once.reset", json!("hard"))
        .update("specs.once.clear_events", json!(false))
        .update("specs.once.identify", json!(6_000))
        .unset("specs.boot.device")
        .unset("specs.once.boot")
        .unset("specs.once.mode")
        .unset("specs.once.reset")
        .unset("specs.once.clear_events")
        .unset("specs.once.identify")
        .by_hand("specs.boot.device")
}

/// A BMC that is given another address. The simulator keeps what it was told, and stays where it is.
fn moved_bmc() -> Sample {
    let bmc = json!({"source": "static", "address": "10.9.0.11", "netmask": "255.255.255.0", "gateway": "10.9.0.1", "vlan": 20});
    Sample::new(types()[0], "r1-n03", json!({"specs": {"bmc": bmc}}))
        .update("specs.bmc.address", json!("10.9.0.12"))
        .update("specs.bmc.netmask", json!("255.255.0.0"))
        .update("specs.bmc.gateway", json!("10.9.0.2"))
        .update("specs.bmc.vlan", json!(0))
        .update("specs.bmc.source", json!("dhcp"))
        .unset("specs.bmc.source")
        .unset("specs.bmc.address")
        .unset("specs.bmc.netmask")
        .unset("specs.bmc.gateway")
        .unset("specs.bmc.vlan")
        .by_hand("specs.bmc.address")
        .by_hand("specs.bmc.vlan")
}
