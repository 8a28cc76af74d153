//! What does a refusal of Proxmox VE mean? It answers 500 to nearly everything, so the kind is read from its words.

use engine_api::{EngineError, ErrorKind};

/// Texts that decide, in Proxmox VE's own words (lower case), with where they are said. The first that is found counts.
const TEXTS: &[(&str, ErrorKind)] = &[
    // qemu-server AbstractConfig.pm, check_lock; pve-common Tools.pm, lock_file.
    ("is locked (", ErrorKind::Busy),
    ("can't lock file", ErrorKind::Busy),
    ("got lock timeout", ErrorKind::Busy),
    // pve-cluster Cluster.pm, $cfs_lock.
    ("got lock request timeout", ErrorKind::Busy),
    ("unable to acquire lock", ErrorKind::Busy),
    // pve-cluster Cluster.pm, check_cfs_quorum.
    ("no quorum", ErrorKind::Busy),
    // qemu-server Qemu.pm, update_vm_api; pve-common Tools.pm, assert_if_modified.
    // pve-common Tools.pm, download_file_from_url: another file than the one that was announced.
    ("checksum mismatch: got", ErrorKind::Rejected),
    ("checksum mismatch", ErrorKind::Conflict),
    ("detected modified configuration", ErrorKind::Conflict),
    // pve-access-control RPCEnvironment.pm; qemu-server Qemu.pm, check_vm_modify_config_perm.
    ("permission check failed", ErrorKind::Unauthorised),
    ("permission denied", ErrorKind::Unauthorised),
    ("only root can set", ErrorKind::Unauthorised),
    ("authentication failure", ErrorKind::Unauthorised),
    ("already exists", ErrorKind::Conflict),
    // pve-storage Config.pm, create; pve-common Tools.pm, download_file_from_url.
    ("already defined", ErrorKind::Conflict),
    ("refusing to override existing file", ErrorKind::Conflict),
    ("already running", ErrorKind::Conflict),
    ("vm is running", ErrorKind::Conflict),
    ("is running - destroy failed", ErrorKind::Conflict),
    ("protection mode enabled", ErrorKind::Rejected),
    ("shrinking disks is not supported", ErrorKind::Rejected),
    // pve-common Interfaces.pm, __write_etc_network_interfaces: what would go is named by others.
    ("unable to find parent", ErrorKind::Conflict),
    ("unable to find bridge port", ErrorKind::Conflict),
    ("unable to find slave", ErrorKind::Conflict),
    ("does not exist", ErrorKind::NotFound),
    ("no such", ErrorKind::NotFound),
    ("unable to find", ErrorKind::NotFound),
    ("not running", ErrorKind::Conflict),
    // pve-http-server AnyEvent.pm, where it asks another node.
    ("no route to host", ErrorKind::Unreachable),
    ("connection refused", ErrorKind::Unreachable),
    ("too many redirections", ErrorKind::Unreachable),
    ("got timeout", ErrorKind::Timeout),
    ("timed out", ErrorKind::Timeout),
];

/// The kind of a refusal, by its status and its words. Status 0 is a task that failed: it has only words.
pub(crate) fn kind_of(status: u16, message: &str) -> ErrorKind {
    let lower = message.to_lowercase();
    let told = TEXTS.iter().find(|(text, _)| lower.contains(text)).map(|(_, kind)| *kind);
    match (status, told) {
        (401 | 403, _) => ErrorKind::Unauthorised,
        // 595: the node that has it cannot be reached; 596: it did not answer in time; 599: it sent us round in circles.
        (595 | 599, _) => ErrorKind::Unreachable,
        (596, _) => ErrorKind::Timeout,
        (400, None) => ErrorKind::Rejected,
        (404, _) => ErrorKind::NotFound,
        (_, Some(kind)) => kind,
        (429 | 503, None) => ErrorKind::Busy,
        (502, None) => ErrorKind::Unreachable,
        (504, None) => ErrorKind::Timeout,
        (_, None) => ErrorKind::Rejected,
    }
}

/// An answer that refuses, as our error.
pub(crate) fn of_answer(attempt: &str, status: u16, message: &str) -> EngineError {
    let words = message.trim();
    let words = if words.is_empty() { format!("status {status}, without a word") } else { words.to_owned() };
    EngineError::new(kind_of(status, message), attempt, words)
}

/// No answer at all.
pub(crate) fn of_transport(attempt: &str, error: reqwest::Error) -> EngineError {
    // A way in that is not there is asked for first: nothing of the request has left us, however long it took to find out.
    let kind = if error.is_timeout() && !error.is_connect() { ErrorKind::Timeout } else { ErrorKind::Unreachable };
    let message = engine_tls::words(&error);
    // The address in reqwest's own words may be long, and says nothing new.
    EngineError::new(kind, attempt, message).with_source(error.without_url())
}

/// An answer that does not have the form the API promises.
pub(crate) fn senseless(attempt: &str, why: impl Into<String>) -> EngineError {
    EngineError::new(ErrorKind::Protocol, attempt, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words as Proxmox VE 8 and 9 say them.
    #[test]
    fn refusals_have_their_kind() {
        let cases = [
            (500, "VM is locked (backup)", ErrorKind::Busy),
            (500, "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout", ErrorKind::Busy),
            (500, "cluster not ready - no quorum?", ErrorKind::Busy),
            (0, "clone failed: cfs-lock 'storage-local' error: got lock timeout - aborting command", ErrorKind::Busy),
            (500, "create pool failed: cfs-lock 'file-user_cfg' error: got lock request timeout", ErrorKind::Busy),
            (500, "checksum mismatch (file change by other user?)", ErrorKind::Conflict),
            (500, "detected modified configuration - file changed by other user? Try again.", ErrorKind::Conflict),
            (500, "unable to create VM 100: config file already exists", ErrorKind::Conflict),
            (500, "unable to create VM 100 - VM 100 already exists on node 'pve1'", ErrorKind::Conflict),
            (500, "create storage failed: storage ID 'nas' already defined", ErrorKind::Conflict),
            (0, "refusing to override existing file '/var/lib/vz/template/iso/a.iso'", ErrorKind::Conflict),
            (0, "checksum mismatch: got 'a' != expect 'b', aborting", ErrorKind::Rejected),
            (403, "Permission check failed (/vms/100, VM.Config.Disk)", ErrorKind::Unauthorised),
            (500, "only root can set 'args' config", ErrorKind::Unauthorised),
            (401, "authentication failure", ErrorKind::Unauthorised),
            (500, "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist", ErrorKind::NotFound),
            (500, "vlan 'eno2.20' - unable to find parent 'eno2'", ErrorKind::Conflict),
            (500, "bridge 'vmbr5' - unable to find bridge port 'lan'", ErrorKind::Conflict),
            (400, "Parameter verification failed. iface: interface does not exist", ErrorKind::NotFound),
            (500, "VM 100 not running", ErrorKind::Conflict),
            (500, "VM 100 is running - destroy failed", ErrorKind::Conflict),
            (500, "shrinking disks is not supported", ErrorKind::Rejected),
            (500, "can't remove VM 100 - protection mode enabled", ErrorKind::Rejected),
            (400, "Parameter verification failed. cores: type check ('integer') failed", ErrorKind::Rejected),
            (595, "No route to host", ErrorKind::Unreachable),
            (596, "Connection timed out", ErrorKind::Timeout),
            (599, "Too many redirections", ErrorKind::Unreachable),
            (500, "something nobody has seen", ErrorKind::Rejected),
        ];
        for (status, message, kind) in cases {
            assert_eq!(kind_of(status, message), kind, "{message}");
        }
    }
}
