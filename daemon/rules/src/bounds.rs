//! How much may the process of the rules take? The process sets these bounds on itself before it reads anything.

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Memory beside what the program itself maps at its start. A plan of ten thousand steps takes a quarter of it.
pub(crate) const MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Processor time, for all documents of one question.
pub(crate) const PROCESSOR_S_MAX: u64 = 60;
/// Whoever asked waits so long at most. Many rules may be asked on a busy machine.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(180);
/// A question: rules and documents.
pub(crate) const QUESTION_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// One line of the answer.
pub(crate) const LINE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// What is read of the last words of a process.
pub(crate) const LAST_WORDS_BYTES_MAX: u64 = 4 * 1024;

/// The allocator takes so much address space at once. By default it is a gibibyte, which would all lie within the bound.
pub(crate) const ALLOCATOR_STEP: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "32M");

/// Bounds this process for the rest of its life.
pub(crate) fn set() -> io::Result<()> {
    bound(Resource::As, mapped_bytes()? + MEMORY_BYTES_MAX, 0)?;
    // The second that is left tells an end by this bound from one by somebody else's hand.
    bound(Resource::Cpu, PROCESSOR_S_MAX, 1)?;
    bound(Resource::Core, 0, 0)
}

/// Lowers a limit; one that is lower already stays.
fn bound(resource: Resource, most: u64, more_at_last: u64) -> io::Result<()> {
    let hard = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let limit = Rlimit { current: Some(most.min(hard)), maximum: Some((most + more_at_last).min(hard)) };
    Ok(setrlimit(resource, limit)?)
}

/// The address space of this process so far.
#[cfg(target_os = "linux")]
fn mapped_bytes() -> io::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let size = text.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    size.map(|size_kib| size_kib * 1024).ok_or_else(|| io::Error::other("/proc/self/status tells no VmSize"))
}

/// Elsewhere nobody tells; what the program maps counts.
#[cfg(not(target_os = "linux"))]
fn mapped_bytes() -> io::Result<u64> {
    Ok(0)
}
