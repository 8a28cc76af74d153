//! What is there in all? The machine, who is logged in, what is wrong, and what was asked.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::accounts::Accounts;
use super::boot_order::Order;
use super::kit::RedfishKit;
use super::media::Drive;
use super::network::Network;
use super::refusal::Refusal;
use super::sessions::Sessions;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct RedfishRequest {
    pub method: String,
    pub path: String,
    pub if_match: Option<String>,
    pub body: Value,
}

/// The override of the boot order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    pub enabled: String,
    pub target: String,
    pub mode: String,
}

impl Boot {
    pub fn new(enabled: &str, target: &str, mode: &str) -> Self {
        Self { enabled: enabled.to_owned(), target: target.to_owned(), mode: mode.to_owned() }
    }
}

/// Somebody who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalAccount {
    pub name: String,
    pub password: String,
    pub role: String,
    pub enabled: bool,
}

impl LocalAccount {
    pub fn new(name: &str, password: &str, role: &str) -> Self {
        Self { name: name.to_owned(), password: password.to_owned(), role: role.to_owned(), enabled: true }
    }
}

/// Something that goes wrong with a request.
pub(super) struct Fault {
    pub(super) method: String,
    /// What its path ends with.
    pub(super) path: String,
    pub(super) what: Misbehaviour,
    pub(super) times: usize,
}

#[derive(Clone)]
pub(super) enum Misbehaviour {
    /// It is not carried out, and this is the answer.
    Refuse(Refusal),
    /// It is carried out, and the connection breaks before the answer.
    LoseReply,
    /// It is carried out, and the answer holds nonsense.
    Garble,
    /// It is carried out, and this is the answer.
    Say(Value),
}

pub(super) struct Task {
    pub(super) looks_left: usize,
    pub(super) failure: Option<String>,
}

pub(super) struct World {
    pub(super) kit: RedfishKit,
    pub(super) on: bool,
    pub(super) boot: Boot,
    pub(super) order: Order,
    pub(super) drives: [Drive; 3],
    /// For how many more looks what was ejected is still there.
    pub(super) leaving: [Option<usize>; 3],
    pub(super) network: Network,
    /// Whether the serial console can be opened over the network.
    pub(super) console: bool,
    /// What the firmware found at each start.
    pub(super) boots: Vec<Boot>,
    pub(super) resets: Vec<String>,
    pub(super) restore_policy: String,
    /// Whether it asks anybody for the time, and whom: three places.
    pub(super) ntp: (bool, [String; 3]),
    pub(super) attributes: BTreeMap<String, Value>,
    pub(super) to_come: BTreeMap<String, Value>,
    pub(super) accounts: Accounts,
    pub(super) sessions: Sessions,
    pub(super) light: bool,
    pub(super) blinks: usize,
    pub(super) events: Vec<Value>,
    pub(super) health: BTreeMap<String, String>,
    pub(super) tasks: Vec<Task>,
    pub(super) next_task_fails: Option<String>,
    pub(super) ignores_shutdown: bool,
    pub(super) hangs_before_boot: bool,
    pub(super) faults: Vec<Fault>,
    pub(super) silent: bool,
    pub(super) hangs: bool,
    pub(super) requests: Vec<RedfishRequest>,
}

impl World {
    pub(super) fn new(kit: RedfishKit) -> Self {
        Self {
            on: kit.on,
            boot: Boot::new("Disabled", "None", "UEFI"),
            order: Order::factory(),
            drives: [None, None, None],
            leaving: [None; 3],
            network: Network::factory(),
            console: false,
            boots: Vec::new(),
            resets: Vec::new(),
            restore_policy: "AlwaysOff".to_owned(),
            ntp: (false, ["pool.example".to_owned(), String::new(), String::new()]),
            attributes: super::bios::factory(),
            to_come: BTreeMap::new(),
            accounts: Accounts::new(kit.slots),
            sessions: Sessions::default(),
            light: false,
            blinks: 0,
            events: Vec::new(),
            health: BTreeMap::new(),
            tasks: Vec::new(),
            next_task_fails: None,
            ignores_shutdown: false,
            hangs_before_boot: false,
            faults: Vec::new(),
            silent: false,
            hangs: false,
            requests: Vec::new(),
            kit,
        }
    }

    /// The fault that strikes this request, counted.
    pub(super) fn fault(&mut self, method: &str, path: &str) -> Option<Misbehaviour> {
        let strikes = |fault: &&mut Fault| fault.times > 0 && fault.method == method && path.ends_with(&fault.path);
        let fault = self.faults.iter_mut().find(strikes)?;
        fault.times -= 1;
        Some(fault.what.clone())
    }

    /// The machine begins to run: the firmware takes the override and the settings that waited for it.
    pub(super) fn start(&mut self) {
        self.on = true;
        if self.hangs_before_boot {
            return;
        }
        self.order.start();
        self.boots.push(self.boot.clone());
        if self.boot.enabled == "Once" {
            self.boot.enabled = "Disabled".to_owned();
            self.boot.target = "None".to_owned();
        }
        let to_come = std::mem::take(&mut self.to_come);
        self.attributes.extend(to_come);
    }

    pub(super) fn reset(&mut self, kind: &str) -> Result<(), Refusal> {
        if !self.kit.reset_types.contains(&kind) {
            return Err(Refusal::new(400, "ActionParameterNotSupported", format!("The value {kind} for ResetType is not supported.")));
        }
        self.resets.push(kind.to_owned());
        match kind {
            "On" | "ForceOn" if !self.on => self.start(),
            "ForceOff" => self.on = false,
            "GracefulShutdown" if !self.ignores_shutdown => self.on = false,
            "ForceRestart" | "PowerCycle" if self.on => self.start(),
            "ForceRestart" | "PowerCycle" | "Nmi" if !self.on => {
                return Err(Refusal::new(409, "ResourceInStandby", "The machine is off."));
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn new_task(&mut self, failure: Option<String>) -> Value {
        self.tasks.push(Task { looks_left: self.kit.task_looks, failure });
        json!({"@odata.id": format!("/redfish/v1/TaskService/Tasks/{}", self.tasks.len() - 1), "TaskState": "New"})
    }
}
