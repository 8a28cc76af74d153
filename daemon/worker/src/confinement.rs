//! What may the process of a model do? Read one file, compute, and talk over the files that are open already. The kernel holds it to that.
//!
//! Landlock takes away every file but the model, and seccomp every call that is not on the list: no socket, no program, no process, no
//! other process's memory. Both are for good. A kernel without them gets no model, because without them a model's file, which somebody
//! else made, would be read by code with the daemon's own rights.

use std::collections::BTreeMap;
use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, PathFdError, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError,
    RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// Why a process cannot be confined here.
#[derive(Debug, thiserror::Error)]
pub enum ConfinementError {
    #[error("the model's file cannot be opened")]
    Model(#[source] PathFdError),
    #[error("this kernel has no Landlock, which keeps a model from the files of this machine; it is there since Linux 5.13, where it is switched on")]
    NoLandlock,
    #[error("take the files away")]
    Files(#[from] RulesetError),
    #[error("limit what the process may use")]
    Limits(#[from] rustix::io::Errno),
    #[error("this processor's system calls are not known here")]
    Processor,
    #[error("take the system calls away")]
    Calls(#[from] seccompiler::Error),
    #[error("make the list of system calls")]
    List(#[from] seccompiler::BackendError),
}

/// Confines the calling thread and all that it starts later, for good. Called before any other thread is there.
pub fn confine(model: &Path) -> Result<(), ConfinementError> {
    take_files_away(model)?;
    take_calls_away()
}

/// Nothing of a question is left in a core dump, and no file grows. For the whole process, and before it is confined.
pub fn limit() -> Result<(), ConfinementError> {
    for resource in [Resource::Core, Resource::Fsize] {
        setrlimit(resource, Rlimit { current: Some(0), maximum: Some(0) })?;
    }
    Ok(())
}

fn take_files_away(model: &Path) -> Result<(), ConfinementError> {
    let model = PathFd::new(model).map_err(ConfinementError::Model)?;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V1))?
        // What newer kernels can take away beside it; on older ones, the list of system calls does most of it.
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .add_rule(PathBeneath::new(model, AccessFs::ReadFile))?
        .restrict_self()?;
    match status.ruleset {
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
        RulesetStatus::NotEnforced => Err(ConfinementError::NoLandlock),
    }
}

/// What computing, reading, writing and threads need. Everything else is answered with "not permitted".
const ALLOWED: &[i64] = &[
    // Reading and writing what is open, and opening what Landlock lets be opened.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_openat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_fcntl,
    libc::SYS_fadvise64,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // Threads of this process; new processes are refused below.
    libc::SYS_clone3,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_setaffinity,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getcpu,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals to itself, as an abort is.
    libc::SYS_tgkill,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_getrandom,
    // What the machine is.
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_getrusage,
];

/// The same on every machine that has it.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[i64] = &[libc::SYS_poll];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[i64] = &[];

fn take_calls_away() -> Result<(), ConfinementError> {
    let here = || TargetArch::try_from(std::env::consts::ARCH).map_err(|_| ConfinementError::Processor);
    let refused = |number: i32| SeccompAction::Errno(number.unsigned_abs());
    // What `clone3` is to make cannot be seen from here. Where it is missing, the C library uses `clone`, whose flags can be seen.
    let no_clone3 = SeccompFilter::new(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), SeccompAction::Allow, refused(libc::ENOSYS), here()?)?;
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.iter().chain(ALLOWED_HERE).map(|call| (*call, Vec::new())).collect();
    allowed.insert(libc::SYS_clone, vec![makes_a_thread()?]);
    let list = SeccompFilter::new(allowed, refused(libc::EPERM), SeccompAction::Allow, here()?)?;
    for filter in [no_clone3, list] {
        apply_filter(&BpfProgram::try_from(filter)?)?;
    }
    Ok(())
}

fn makes_a_thread() -> Result<SeccompRule, ConfinementError> {
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), thread)?;
    Ok(SeccompRule::new(vec![condition])?)
}
