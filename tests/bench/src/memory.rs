//! How much memory does a process hold? Linux tells in `/proc/<pid>/smaps_rollup`.

use anyhow::Context as _;

/// Kibibytes, as Linux counts them.
pub(crate) struct Memory {
    /// Everything that is in memory, shared or not.
    pub(crate) resident: u64,
    /// Shared pages divided by the number of their users.
    pub(crate) proportional: u64,
    /// What nobody else has, and what would be free without the process.
    pub(crate) private: u64,
}

impl Memory {
    pub(crate) fn of(process: u32) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).context("could not read the memory of the daemon")?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
            number.with_context(|| format!("smaps_rollup has no `{name}`"))
        };
        Ok(Self { resident: field("Rss")?, proportional: field("Pss")?, private: field("Private_Clean")? + field("Private_Dirty")? })
    }
}

pub(crate) fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}
