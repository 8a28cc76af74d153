//! How do many steps get the same list with few calls? Those who wait for it share the next answer; and nobody gets one that was
//! under way before they asked, for it may not show what they did.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine_api::EngineError;
use tokio::sync::{OnceCell, Semaphore};

type Answer<T> = Result<Arc<T>, EngineError>;

/// One list that is read again and again.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    /// The read that has not begun.
    next: Mutex<Arc<OnceCell<Answer<T>>>>,
    /// One read at a time.
    turn: Semaphore,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { next: Mutex::default(), turn: Semaphore::new(1) }
    }
}

impl<T> Shared<T> {
    pub(crate) async fn get<Reading: Future<Output = Result<T, EngineError>>>(&self, read: impl FnOnce() -> Reading) -> Answer<T> {
        let cell = self.next().clone();
        let reading = || async {
            let _turn = self.turn.acquire().await;
            self.begin(&cell);
            read().await.map(Arc::new)
        };
        cell.get_or_init(reading).await.as_ref().map(Arc::clone).map_err(told_again)
    }

    /// Who comes from here on waits for the read after this one.
    fn begin(&self, cell: &Arc<OnceCell<Answer<T>>>) {
        let mut next = self.next();
        if Arc::ptr_eq(&next, cell) {
            *next = Arc::default();
        }
    }

    fn next(&self) -> MutexGuard<'_, Arc<OnceCell<Answer<T>>>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told_again(error: &EngineError) -> EngineError {
    EngineError::new(error.kind, &error.attempted, &error.message)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use engine_api::ErrorKind;
    use futures::future::join_all;
    use futures::poll;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn those_who_wait_share_an_answer_that_began_after_they_asked() {
        let (shared, reads, answered) = (Shared::default(), AtomicU32::new(0), Notify::new());
        let read = || async {
            let number = reads.fetch_add(1, Ordering::Relaxed);
            answered.notified().await;
            Ok(number)
        };
        let mut first = Box::pin(shared.get(read));
        assert!(poll!(&mut first).is_pending());
        let mut others: Vec<_> = (0..10).map(|_| Box::pin(shared.get(read))).collect();
        for other in &mut others {
            assert!(poll!(other).is_pending());
        }
        assert_eq!(reads.load(Ordering::Relaxed), 1, "one read at a time");
        answered.notify_one();
        assert_eq!(first.await.map(|number| *number).ok(), Some(0));
        answered.notify_one();
        let seen: Vec<_> = join_all(others).await.into_iter().map(|answer| answer.map(|number| *number).ok()).collect();
        assert_eq!(seen, [Some(1); 10]);
    }

    #[tokio::test]
    async fn a_failure_is_shared_and_not_kept() {
        let shared: Shared<u32> = Shared::default();
        let failed = || EngineError::new(ErrorKind::Unreachable, "list the guests", "no answer");
        assert!(shared.get(|| async { Err(failed()) }).await.is_err());
        assert_eq!(shared.get(|| async { Ok(7) }).await.map(|number| *number).ok(), Some(7));
    }
}
