//! Which words name something that a machine or a container may have, and that the assistant does not set? Beside a wish they are no talk.

use crate::token::Words;

/// English and Italian alike: most are names of features.
#[rustfmt::skip]
const FEATURES: &[&str] = &[
    // Machines
    "uefi", "ovmf", "secure boot", "tpm", "gpu passthrough", "pci passthrough", "usb passthrough", "passthrough", "nested virtualization", "nested virtualisation", "virtualizzazione annidata", "nested", "hugepages", "huge pages", "numa", "ballooning", "balloon", "cpu pinning", "pinned cpus", "cpu type", "cpu affinity", "machine type", "q35",
    "thin provisioned", "thick provisioned", "thin provisioning", "virtio-scsi", "serial console", "cdrom", "cd-rom", "cloud-init", "cloud init", "user data", "guest agent", "qemu agent", "qemu guest agent", "autostart", "onboot", "start on boot", "start at boot", "started at boot", "starts at boot", "boot order", "avvio automatico", "all avvio del nodo",
    "not started", "powered off", "switched off", "non avviata", "spenta", "vmid", "vm id", "mtu", "mac address", "indirizzo mac", "nic", "nics", "interfaces", "schede di rete", "seconda scheda", "second nic", "second network card",
    "on ceph", "on zfs", "on lvm", "on nfs", "on local-lvm", "su ceph", "su zfs", "su lvm", "su nfs", "snapshot every", "replication", "replica su",
    // Containers
    "mount", "mounts", "mounted", "bind mount", "volume mount", "monta", "montato", "montata", "mountato", "privileged", "privilegiato", "read-only", "readonly", "read only", "sola lettura", "healthcheck", "health check", "entrypoint", "entry point", "cap_add", "capabilities", "ulimit", "ulimits", "shm size", "tmpfs", "init process", "gpu", "gpus", "host network", "network mode", "log driver", "dns server", "dns servers", "nameserver", "nameservers", "resolver", "extra hosts", "depends on",
];

/// The number of words of such a name at a place.
pub(crate) fn feature_at(words: &Words<'_>, place: usize) -> Option<usize> {
    FEATURES.iter().filter_map(|phrase| super::length_of(phrase, words, place)).max()
}
