//! Which machine is this? For the names under which records say who held an environment.

/// The machine's host name; empty where the system does not tell.
pub(crate) fn name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned()
}
