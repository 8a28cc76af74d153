//! In which order does the firmware look for something to boot from, and what does it call what it finds?

use serde_json::{Value, json};

use super::control::SimRedfish;
use super::refusal::Refusal;
use super::resources::{SYSTEM, link};
use super::state::World;

/// By reference, with the name that people read. Two cards have the same.
const OPTIONS: &[(&str, &str)] =
    &[("Boot0001", "debian"), ("Boot0002", "UEFI PXE: Slot 1"), ("Boot0003", "UEFI PXE"), ("Boot0004", "UEFI PXE"), ("Boot0005", "")];

/// The order, and the one that waits for the next start.
pub(super) struct Order {
    pub(super) now: Vec<String>,
    pub(super) to_come: Option<Vec<String>>,
}

impl Order {
    pub(super) fn factory() -> Self {
        Self { now: OPTIONS[..4].iter().map(|(reference, _)| (*reference).to_owned()).collect(), to_come: None }
    }

    pub(super) fn start(&mut self) {
        self.now = self.to_come.take().unwrap_or_else(|| std::mem::take(&mut self.now));
    }
}

impl World {
    /// What the place for settings to come says of it.
    pub(super) fn boot_to_come(&self) -> Value {
        json!({"BootOrder": self.order.to_come.as_ref().unwrap_or(&self.order.now)})
    }

    pub(super) fn change_order(&mut self, value: &Value, waits: bool) -> Result<(), Refusal> {
        let refused = || Refusal::value("BootOrder", value);
        let listed: Vec<String> = value.as_array().ok_or_else(refused)?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let is_known = |reference: &String| OPTIONS.iter().any(|(known, _)| known == reference);
        let is_short = self.kit.whole_order_only && listed.len() < self.order.now.len();
        if is_short || listed.is_empty() || !listed.iter().all(is_known) {
            return Err(refused());
        }
        match waits {
            true => self.order.to_come = Some(listed),
            false => self.order.now = listed,
        }
        Ok(())
    }

    pub(super) fn boot_option(&self, path: &str, skip: usize) -> Option<Value> {
        let place = format!("{SYSTEM}/BootOptions");
        if path == place {
            return Some(self.collection(path, skip, OPTIONS.iter().map(|(reference, _)| format!("{place}/{reference}")).collect()));
        }
        let id = path.strip_prefix(&place)?.strip_prefix('/')?;
        let (reference, name) = OPTIONS.iter().find(|(reference, _)| *reference == id)?;
        Some(json!({"Id": reference, "BootOptionReference": reference, "DisplayName": name, "BootOptionEnabled": true}))
    }

    /// As the system tells it.
    pub(super) fn add_order(&self, boot: &mut Value) {
        if self.kit.has_boot_order {
            boot["BootOrder"] = json!(self.order.now);
            boot["BootOptions"] = link(&format!("{SYSTEM}/BootOptions"));
        }
    }
}

impl SimRedfish {
    /// The references, in order.
    pub fn boot_order(&self) -> Vec<String> {
        self.see(|world| world.order.now.clone())
    }

    pub fn set_boot_order(&self, order: &[&str]) {
        self.act(|world| world.order = Order { now: order.iter().map(|reference| (*reference).to_owned()).collect(), to_come: None });
    }
}
