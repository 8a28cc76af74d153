//! Which deliveries wait, and what became of the others?

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// More waiting deliveries than this are a loop, not a test.
const WAITING_MAX: usize = 10_000;

/// A webhook of a repository.
#[derive(Clone)]
pub(crate) struct Hook {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) secret: String,
}

impl fmt::Debug for Hook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hook").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The receiver answered with this status.
    Answered(u16),
    /// Nobody answered in time.
    Failed,
    /// Lost on purpose; GitHub shows it as failed.
    Lost,
}

/// One delivery that left the queue.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The value of `X-GitHub-Delivery`.
    pub guid: String,
    pub event: String,
    pub action: Option<String>,
    pub outcome: DeliveryOutcome,
}

/// What goes wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFault {
    /// It never arrives.
    Lose,
    /// It arrives twice, with the same id.
    Duplicate,
}

/// In which order held deliveries are let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOrder {
    Kept,
    Reversed,
    /// The same seed gives the same order.
    Shuffled(u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) hook: Hook,
    pub(crate) guid: String,
    pub(crate) event: &'static str,
    pub(crate) action: Option<String>,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Parcel>,
    in_flight: bool,
    held: bool,
    faults: Vec<(String, DeliveryFault)>,
    fault_of_every: Option<DeliveryFault>,
    done: Vec<(Parcel, DeliveryOutcome)>,
}

#[derive(Debug)]
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    changed: watch::Sender<u64>,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self { queue: Mutex::default(), changed: watch::Sender::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the sender and everyone who waits that something changed.
    pub(crate) fn wake(&self) {
        self.changed.send_modify(|version| *version = version.wrapping_add(1));
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Queues a delivery without waking the sender: that happens once the request was answered.
    pub(crate) fn put(&self, parcel: Parcel) {
        let mut queue = self.lock();
        if queue.waiting.len() >= WAITING_MAX {
            queue.done.push((parcel, DeliveryOutcome::Failed));
            return;
        }
        let fault = queue.faults.iter().position(|(event, _)| event.is_empty() || event == parcel.event);
        match fault.map(|index| queue.faults.remove(index).1).or(queue.fault_of_every) {
            Some(DeliveryFault::Lose) => queue.done.push((parcel, DeliveryOutcome::Lost)),
            Some(DeliveryFault::Duplicate) => {
                queue.waiting.push_back(parcel.clone());
                queue.waiting.push_back(parcel);
            }
            None => queue.waiting.push_back(parcel),
        }
    }

    /// The next delivery to post, unless deliveries are held.
    pub(crate) fn take(&self) -> Option<Parcel> {
        let mut queue = self.lock();
        if queue.held {
            return None;
        }
        let parcel = queue.waiting.pop_front()?;
        queue.in_flight = true;
        Some(parcel)
    }

    pub(crate) fn finish(&self, parcel: Parcel, outcome: DeliveryOutcome) {
        {
            let mut queue = self.lock();
            queue.in_flight = false;
            queue.done.push((parcel, outcome));
        }
        self.wake();
    }

    pub(crate) fn plan(&self, event: &str, fault: DeliveryFault) {
        self.lock().faults.push((event.to_owned(), fault));
    }

    pub(crate) fn plan_for_every(&self, fault: Option<DeliveryFault>) {
        self.lock().fault_of_every = fault;
    }

    pub(crate) fn hold(&self) {
        self.lock().held = true;
    }

    pub(crate) fn release(&self, order: DeliveryOrder) {
        {
            let mut queue = self.lock();
            queue.held = false;
            let waiting = queue.waiting.make_contiguous();
            match order {
                DeliveryOrder::Kept => {}
                DeliveryOrder::Reversed => waiting.reverse(),
                DeliveryOrder::Shuffled(seed) => shuffle(waiting, seed),
            }
        }
        self.wake();
    }

    /// Puts a delivery that is done back on the queue, with the same id. Answers whether there was one.
    pub(crate) fn redeliver(&self, guid: &str) -> bool {
        let found = {
            let mut queue = self.lock();
            let parcel = queue.done.iter().rev().find(|(parcel, _)| parcel.guid == guid).map(|(parcel, _)| parcel.clone());
            parcel.map(|parcel| queue.waiting.push_back(parcel)).is_some()
        };
        self.wake();
        found
    }

    /// Nothing is under way and nothing may leave.
    pub(crate) fn is_idle(&self) -> bool {
        let queue = self.lock();
        !queue.in_flight && (queue.held || queue.waiting.is_empty())
    }

    pub(crate) fn done(&self) -> Vec<Delivery> {
        let queue = self.lock();
        let shown = queue.done.iter().map(|(parcel, outcome)| Delivery {
            guid: parcel.guid.clone(),
            event: parcel.event.to_owned(),
            action: parcel.action.clone(),
            outcome: outcome.clone(),
        });
        shown.collect()
    }
}

/// Fisher and Yates with a linear congruential generator: order matters here, quality of randomness does not.
fn shuffle(parcels: &mut [Parcel], seed: u64) {
    let mut state = seed;
    for last in (1..parcels.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bound = last as u64 + 1;
        let chosen = ((state >> 33) % bound) as usize;
        parcels.swap(last, chosen);
    }
}
