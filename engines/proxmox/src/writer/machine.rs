//! What can be done to one machine? Making, changing, moving, power and removal, each as one announced call.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Repeat};
use reqwest::Method;

use super::calls::{Calls, MachineRef, Plan, operation};
use crate::client::{Body, Parameters};

/// How a template is copied.
pub(crate) struct Copy<'a> {
    pub(crate) template: MachineRef,
    pub(crate) is_full: bool,
    pub(crate) storage: Option<&'a str>,
    /// Another node, where the disks are on shared storage.
    pub(crate) target: Option<&'a str>,
    pub(crate) pool: Option<&'a str>,
    pub(crate) description: String,
}

impl Calls<'_> {
    fn plan(&self, operation: &'static str, machine: &MachineRef, words: (&str, &str), call: (Method, &str, Parameters)) -> Plan {
        let (method, path, parameters) = call;
        let (before, after) = words;
        Plan {
            operation,
            attempt: format!("{before} the machine `{}` ({}){after}", machine.name, machine.vmid),
            key: machine.vmid.to_string(),
            repeat: Repeat::Safe,
            method,
            path: machine.path(path),
            body: Body::Form(parameters),
            limit: self.timeouts.copy,
        }
    }

    /// Makes a machine from options, its name and marker among them.
    pub(crate) async fn make_machine(&self, machine: &MachineRef, mut parameters: Parameters) -> Result<(), EngineError> {
        parameters.push(("vmid".to_owned(), machine.vmid.to_string()));
        let plan = self.plan(operation::CREATE, machine, ("create", ""), (Method::POST, "", parameters));
        let path = format!("/nodes/{}/qemu", machine.node);
        self.make_heavy(&machine.node, Plan { path, repeat: Repeat::Check, ..plan }).await
    }

    pub(crate) async fn copy_template(&self, machine: &MachineRef, copy: Copy<'_>) -> Result<(), EngineError> {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut parameters =
            vec![text("newid", &machine.vmid.to_string()), text("name", &machine.name), ("description".to_owned(), copy.description)];
        parameters.push(text("full", if copy.is_full { "1" } else { "0" }));
        parameters.extend(copy.storage.filter(|_| copy.is_full).map(|storage| text("storage", storage)));
        parameters.extend(copy.target.map(|target| text("target", target)));
        parameters.extend(copy.pool.map(|pool| text("pool", pool)));
        let from = format!(" from the template `{}`", copy.template.name);
        let plan = self.plan(operation::CLONE, machine, ("clone", &from), (Method::POST, "", parameters));
        let plan = Plan { path: copy.template.path("/clone"), repeat: Repeat::Check, ..plan };
        self.make_heavy(&copy.template.node, plan).await
    }

    /// `digest` is that of the configuration the changes were worked out from. Volumes are made in a task.
    pub(crate) async fn configure(
        &self,
        machine: &MachineRef,
        mut parameters: Parameters,
        digest: Option<&str>,
        allocates: bool,
    ) -> Result<(), EngineError> {
        parameters.extend(digest.map(|digest| ("digest".to_owned(), digest.to_owned())));
        let method = if allocates { Method::POST } else { Method::PUT };
        let plan = self.plan(operation::CONFIGURE, machine, ("configure", ""), (method, "/config", parameters));
        if allocates { self.make_heavy(&machine.node, plan).await } else { self.make(plan).await }
    }

    /// To so many bytes, whatever it has now. A size in whole gibibytes.
    pub(crate) async fn grow_disk(&self, machine: &MachineRef, slot: &str, bytes: u64, digest: Option<&str>) -> Result<(), EngineError> {
        let size = format!("{}G", crate::machine::form::size::gibibytes(bytes));
        let mut parameters = vec![("disk".to_owned(), slot.to_owned()), ("size".to_owned(), size.clone())];
        parameters.extend(digest.map(|digest| ("digest".to_owned(), digest.to_owned())));
        let words = format!("'s disk `{slot}` to {size}");
        self.make(self.plan(operation::GROW, machine, ("grow", &words), (Method::PUT, "/resize", parameters))).await
    }

    /// The volume on the old storage is deleted once the copy is whole.
    pub(crate) async fn shift_disk(&self, machine: &MachineRef, slot: &str, storage: &str) -> Result<(), EngineError> {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let parameters = vec![text("disk", slot), text("storage", storage), text("delete", "1")];
        let words = format!("'s disk `{slot}` to the storage `{storage}`");
        self.make_heavy(&machine.node, self.plan(operation::MOVE, machine, ("move", &words), (Method::POST, "/move_disk", parameters))).await
    }

    /// Writes the cloud-init drive anew from the options.
    pub(crate) async fn regenerate_cloud_init(&self, machine: &MachineRef) -> Result<(), EngineError> {
        let plan = self.plan(operation::CLOUD_INIT, machine, ("write the cloud-init drive of", ""), (Method::PUT, "/cloudinit", Parameters::new()));
        self.make(plan).await
    }

    pub(crate) async fn start(&self, machine: &MachineRef) -> Result<(), EngineError> {
        let plan = self.plan(operation::START, machine, ("start", ""), (Method::POST, "/status/start", Parameters::new()));
        so_already_is_fine(self.make(plan).await, "already running")
    }

    /// Asks the guest to shut down, and switches it off when it does not.
    pub(crate) async fn shut_down(&self, machine: &MachineRef) -> Result<(), EngineError> {
        let parameters = vec![("timeout".to_owned(), seconds(self.timeouts.shutdown)), ("forceStop".to_owned(), "1".to_owned())];
        let plan = self.plan(operation::SHUTDOWN, machine, ("shut down", ""), (Method::POST, "/status/shutdown", parameters));
        so_already_is_fine(self.make(plan).await, "not running")
    }

    /// Shuts it down and starts it, in one task of the node: nothing of ours must live on in between. What waits is applied.
    pub(crate) async fn reboot(&self, machine: &MachineRef) -> Result<(), EngineError> {
        let parameters = vec![("timeout".to_owned(), seconds(self.timeouts.shutdown))];
        self.make(self.plan(operation::REBOOT, machine, ("restart", ""), (Method::POST, "/status/reboot", parameters))).await
    }

    pub(crate) async fn migrate(&self, machine: &MachineRef, target: &str, is_running: bool) -> Result<(), EngineError> {
        let mut parameters = vec![("target".to_owned(), target.to_owned())];
        if is_running {
            parameters.extend([("online".to_owned(), "1".to_owned()), ("with-local-disks".to_owned(), "1".to_owned())]);
        }
        let words = format!(" to the node `{target}`");
        let plan = self.plan(operation::MIGRATE, machine, ("migrate", &words), (Method::POST, "/migrate", parameters));
        self.make_heavy(&machine.node, plan).await
    }

    /// With its disks, and out of backup jobs, replication and HA. "There is none" is said of one node: it may be on another.
    pub(crate) async fn discard(&self, machine: &MachineRef) -> Result<(), EngineError> {
        let plan = self.plan(operation::DELETE, machine, ("delete", ""), (Method::DELETE, "", Parameters::new()));
        self.make(Plan { path: machine.path("?purge=1"), body: Body::None, ..plan }).await
    }
}

fn seconds(duration: Duration) -> String {
    duration.as_secs().max(1).to_string()
}

fn so_already_is_fine(result: Result<(), EngineError>, words: &str) -> Result<(), EngineError> {
    match result {
        Err(error) if error.kind == ErrorKind::Conflict && error.message.contains(words) => Ok(()),
        other => other,
    }
}
