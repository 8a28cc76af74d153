//! What must an engine's tests bring along? A target of their own, samples, and ways to meddle with it.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;

use super::bench::Bench;
use super::sample::Sample;
use crate::engine::Engine;
use crate::error::{EngineError, ErrorKind};

/// An engine and its target under test. Each test makes one of its own; targets that are shared between tests keep apart by
/// the names of their objects and by [`Subject::owner_id`].
#[async_trait]
pub trait Subject: Send + Sync {
    /// Connects anew, as a daemon that was just started would.
    fn engine(&self) -> Arc<dyn Engine>;

    /// The engine's resource types. Each has at least one sample.
    fn types(&self) -> Vec<&'static dyn ResourceType>;

    fn samples(&self) -> Vec<Sample>;

    /// The owner in the markers of this subject's objects.
    fn owner_id(&self) -> String {
        "c0ffee01".to_owned()
    }

    /// Removes every object the suite or this subject made, ends every fault, puts singletons back to their defaults, and
    /// leaves exactly what the samples link to.
    async fn remove_all(&self);

    /// Changes a field of an existing object as somebody else would. Paths are those of [`Sample::by_hand`].
    async fn change_by_hand(&self, sample: &Sample, path: &str);

    /// Makes an object with the sample's name and type that carries no marker. Only called for marked types.
    async fn make_foreign(&self, sample: &Sample);

    /// Makes the sample's object, or its whole type, invisible to the engine without removing it. `false` when the target
    /// has no way to do so.
    async fn hide(&self, _sample: &Sample) -> bool {
        false
    }

    /// Makes the target answer so that the engine reports this kind, and gives the error it reported. `None` when the target
    /// cannot be brought to it. The suite calls [`Subject::remove_all`] afterwards.
    async fn provoke(&self, _kind: ErrorKind, _bench: &Bench<'_>) -> Option<EngineError> {
        None
    }
}
