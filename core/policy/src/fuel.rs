//! How much has a rule done? Work is counted where the interpreter thinks it reads a clock.
//!
//! regorus bounds an evaluation by time, and asks a time source once for every so many units of work. Built without `std` it takes
//! that source from us. Ours does not tell the time: each reading is one later than the one before on this thread. A limit of n
//! readings is then a limit of n times the interval in units of work, the same on a slow machine and a fast one.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::sync::Once;
use std::time::Duration;

use regorus::utils::limits::{ExecutionTimerConfig, TimeSource, set_time_source};

use crate::limits::{RULE_WORK_MAX, WORK_CHECKED_EVERY};

thread_local! {
    static READINGS: Cell<u64> = const { Cell::new(0) };
}

struct Counter;

impl TimeSource for Counter {
    fn now(&self) -> Option<Duration> {
        Some(Duration::from_nanos(READINGS.with(|readings| {
            readings.set(readings.get() + 1);
            readings.get()
        })))
    }
}

/// Bounds every evaluation of an engine.
pub(crate) fn bound(engine: &mut regorus::Engine) {
    static REGISTERED: Once = Once::new();
    // It fails only if there is a source already, and nothing else in the program registers one.
    REGISTERED.call_once(|| set_time_source(&Counter).expect("the counter is the only time source of rules"));
    let check_interval = NonZeroU32::new(WORK_CHECKED_EVERY).expect("the interval is not zero");
    let limit = Duration::from_nanos(RULE_WORK_MAX / u64::from(WORK_CHECKED_EVERY));
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
}
