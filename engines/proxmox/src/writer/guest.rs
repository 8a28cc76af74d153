//! What can be done to one guest? Making, changing, moving, power and removal, each as one announced call.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Repeat};
use reqwest::Method;

use super::calls::{Calls, Plan};
use super::operation::Act;
use crate::client::{Body, Parameters};
use crate::guest::{GuestKind, GuestRef, Located as _};

/// How a template is copied.
pub(crate) struct Copy<'a> {
    pub(crate) template: GuestRef,
    pub(crate) is_full: bool,
    pub(crate) storage: Option<&'a str>,
    /// Another node, where the disks are on shared storage.
    pub(crate) target: Option<&'a str>,
    pub(crate) pool: Option<&'a str>,
    pub(crate) description: String,
}

impl Calls<'_> {
    fn plan(&self, act: Act, guest: &GuestRef, words: (&str, &str), call: (Method, &str, Parameters)) -> Plan {
        let (method, path, parameters) = call;
        let (before, after) = words;
        Plan {
            operation: act.operation(guest.kind),
            attempt: format!("{before} the {} `{}` ({}){after}", guest.kind.noun(), guest.name, guest.vmid),
            key: guest.vmid.to_string(),
            repeat: Repeat::Safe,
            method,
            path: guest.path(path),
            body: Body::Form(parameters),
            limit: self.timeouts.copy,
        }
    }

    /// Makes a guest from options, its name and marker among them.
    pub(crate) async fn make_guest(&self, guest: &GuestRef, mut parameters: Parameters) -> Result<(), EngineError> {
        parameters.push(("vmid".to_owned(), guest.vmid.to_string()));
        let plan = self.plan(Act::Create, guest, ("create", ""), (Method::POST, "", parameters));
        let path = format!("/nodes/{}/{}", guest.node, guest.kind.word());
        self.make_heavy(&guest.node, Plan { path, repeat: Repeat::Check, ..plan }).await
    }

    pub(crate) async fn copy_template(&self, guest: &GuestRef, copy: Copy<'_>) -> Result<(), EngineError> {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut parameters = vec![text("newid", &guest.vmid.to_string()), text("name", &guest.name), ("description".to_owned(), copy.description)];
        parameters.push(text("full", if copy.is_full { "1" } else { "0" }));
        parameters.extend(copy.storage.filter(|_| copy.is_full).map(|storage| text("storage", storage)));
        parameters.extend(copy.target.map(|target| text("target", target)));
        parameters.extend(copy.pool.map(|pool| text("pool", pool)));
        let from = format!(" from the template `{}`", copy.template.name);
        let plan = self.plan(Act::Copy, guest, ("clone", &from), (Method::POST, "", parameters));
        let plan = Plan { path: copy.template.path("/clone"), repeat: Repeat::Check, ..plan };
        self.make_heavy(&copy.template.node, plan).await
    }

    /// `digest` is that of the configuration the changes were worked out from. Volumes are made in a task.
    pub(crate) async fn configure(
        &self,
        guest: &GuestRef,
        mut parameters: Parameters,
        digest: Option<&str>,
        allocates: bool,
    ) -> Result<(), EngineError> {
        parameters.extend(digest.map(|digest| ("digest".to_owned(), digest.to_owned())));
        // Only machines have a call that answers with a task.
        let method = if allocates && guest.kind == GuestKind::Machine { Method::POST } else { Method::PUT };
        let plan = self.plan(Act::Configure, guest, ("configure", ""), (method, "/config", parameters));
        if allocates { self.make_heavy(&guest.node, plan).await } else { self.make(plan).await }
    }

    /// To so many bytes, whatever it has now. A size in whole gibibytes.
    pub(crate) async fn grow_disk(&self, guest: &GuestRef, slot: &str, bytes: u64, digest: Option<&str>) -> Result<(), EngineError> {
        let size = format!("{}G", crate::guest::size::gibibytes(bytes));
        let mut parameters = vec![("disk".to_owned(), slot.to_owned()), ("size".to_owned(), size.clone())];
        parameters.extend(digest.map(|digest| ("digest".to_owned(), digest.to_owned())));
        let (before, after) = (format!("grow the disk `{slot}` of"), format!(" to {size}"));
        self.make(self.plan(Act::Grow, guest, (&before, &after), (Method::PUT, "/resize", parameters))).await
    }

    /// The volume on the old storage is deleted once the copy is whole.
    pub(crate) async fn shift_disk(&self, guest: &GuestRef, slot: &str, storage: &str, digest: Option<&str>) -> Result<(), EngineError> {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let (path, disk) = match guest.kind {
            GuestKind::Machine => ("/move_disk", "disk"),
            GuestKind::Container => ("/move_volume", "volume"),
        };
        let mut parameters = vec![text(disk, slot), text("storage", storage), text("delete", "1")];
        parameters.extend(digest.map(|digest| text("digest", digest)));
        let (before, after) = (format!("move the disk `{slot}` of"), format!(" to the storage `{storage}`"));
        self.make_heavy(&guest.node, self.plan(Act::Move, guest, (&before, &after), (Method::POST, path, parameters))).await
    }

    /// Writes the cloud-init drive anew from the options.
    pub(crate) async fn regenerate_cloud_init(&self, guest: &GuestRef) -> Result<(), EngineError> {
        let plan = self.plan(Act::CloudInit, guest, ("write the cloud-init drive of", ""), (Method::PUT, "/cloudinit", Parameters::new()));
        self.make(plan).await
    }

    pub(crate) async fn start(&self, guest: &GuestRef) -> Result<(), EngineError> {
        let plan = self.plan(Act::Start, guest, ("start", ""), (Method::POST, "/status/start", Parameters::new()));
        so_already_is_fine(self.make(plan).await, "already running")
    }

    /// Asks the guest to shut down, and switches it off when it does not.
    pub(crate) async fn shut_down(&self, guest: &GuestRef) -> Result<(), EngineError> {
        let parameters = vec![("timeout".to_owned(), seconds(self.timeouts.shutdown)), ("forceStop".to_owned(), "1".to_owned())];
        let plan = self.plan(Act::ShutDown, guest, ("shut down", ""), (Method::POST, "/status/shutdown", parameters));
        so_already_is_fine(self.make(plan).await, "not running")
    }

    /// Shuts it down and starts it, in one task of the node: nothing of ours must live on in between. What waits is applied.
    pub(crate) async fn reboot(&self, guest: &GuestRef) -> Result<(), EngineError> {
        let parameters = vec![("timeout".to_owned(), seconds(self.timeouts.shutdown))];
        self.make(self.plan(Act::Reboot, guest, ("restart", ""), (Method::POST, "/status/reboot", parameters))).await
    }

    pub(crate) async fn migrate(&self, guest: &GuestRef, target: &str, is_running: bool) -> Result<(), EngineError> {
        let mut parameters = vec![("target".to_owned(), target.to_owned())];
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        match guest.kind {
            _ if !is_running => {}
            GuestKind::Machine => parameters.extend([text("online", "1"), text("with-local-disks", "1")]),
            // A container is shut down, moved and started, in one task.
            GuestKind::Container => parameters.extend([text("restart", "1"), text("timeout", &seconds(self.timeouts.shutdown))]),
        }
        let words = format!(" to the node `{target}`");
        let plan = self.plan(Act::Migrate, guest, ("migrate", &words), (Method::POST, "/migrate", parameters));
        self.make_heavy(&guest.node, plan).await
    }

    /// Of the disks, without the memory.
    pub(crate) async fn take_snapshot(&self, guest: &GuestRef, name: &str, description: String) -> Result<(), EngineError> {
        let parameters = vec![("snapname".to_owned(), name.to_owned()), ("description".to_owned(), description)];
        let words = format!("take the snapshot `{name}` of");
        let plan = self.plan(Act::Snapshot, guest, (&words, ""), (Method::POST, "/snapshot", parameters));
        self.make(Plan { repeat: Repeat::Check, ..plan }).await
    }

    pub(crate) async fn delete_snapshot(&self, guest: &GuestRef, name: &str) -> Result<(), EngineError> {
        let words = format!("delete the snapshot `{name}` of");
        let path = format!("/snapshot/{name}");
        let plan = self.plan(Act::SnapshotDelete, guest, (&words, ""), (Method::DELETE, &path, Parameters::new()));
        so_already_is_fine(self.make(Plan { body: Body::None, ..plan }).await, "does not exist")
    }

    /// With its disks, and out of backup jobs, replication and HA. "There is none" is said of one node: it may be on another.
    pub(crate) async fn discard(&self, guest: &GuestRef) -> Result<(), EngineError> {
        let plan = self.plan(Act::Delete, guest, ("delete", ""), (Method::DELETE, "", Parameters::new()));
        self.make(Plan { path: guest.path("?purge=1"), body: Body::None, ..plan }).await
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
