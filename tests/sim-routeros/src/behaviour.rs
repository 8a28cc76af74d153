//! How does a router behave where there is more than one way?

/// What a client sees of a connection that the configuration cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Cut {
    /// The connection ends at once. Tests that do not wait for timeouts are quick and clear.
    #[default]
    Closed,
    /// Nothing arrives any more, and the connection goes on if the way opens again: as it is with a real wire.
    Silent,
}

/// What a loss of power, or a reboot, leaves of changes that safe mode still held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SafeModeReboot {
    /// They are gone.
    #[default]
    Reverts,
    /// They stay: the history that could take them back was in memory only.
    Keeps,
}

/// Whether the configuration decides who reaches the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DataPath {
    /// As on a device: a rule, an address or a bridge can keep a client out.
    #[default]
    Judged,
    /// Only services decide. For clients that write rules as they please, and for examples.
    Open,
}

/// What `print` tells of the routing table of a BGP connection, or of a template, that has none of its own.
///
/// Exports leave out what is so anyway. Those of 7.14.3, 7.15.2 and of releases with instances say `routing-table=main` for some
/// connections and templates and nothing for others, on one router even, so that `main` is no default of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum BgpTable {
    /// Nothing.
    #[default]
    Untold,
    /// `main`. No export can tell that this is not so.
    Main,
}

/// Where devices differ, or where nobody knows for sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Behaviour {
    pub cut: Cut,
    /// How long, on the router's clock, until it notices that a client is gone whose way is cut. On a device it is some
    /// minutes, until TCP gives up; zero means at once.
    pub dead_peer_s: u32,
    /// How long a reboot takes, on the router's clock.
    pub boot_s: u32,
    pub safe_mode_reboot: SafeModeReboot,
    pub data_path: DataPath,
    pub bgp_table: BgpTable,
}
