//! How is asynchronous work run? In a runtime that only the commands make that need one.

use std::thread::available_parallelism;

use crate::failure::Failure;

/// The work waits for others most of the time; more threads would only cost memory.
const THREADS_MAX: usize = 4;

/// Runs one piece of work to its end, with timers and sockets.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let threads = available_parallelism().map_or(1, |threads| threads.get().min(THREADS_MAX));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of("Cannot start threads", error))?;
    Ok(runtime.block_on(work))
}
