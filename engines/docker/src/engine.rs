//! How does one Docker engine keep the engine contract? A line for each question; the answers are in their own modules.

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::state::TargetObservation;
use engine_api::{Engine, EngineError, ErrorKind, Gate, ObserveScope, Order, Probe, Readiness, Trial, Wishes};
use futures::StreamExt;

use crate::apply::{self, Task};
use crate::connection::Connection;
use crate::options::DockerOptions;
use crate::reader::Reader;
use crate::writer::{Calls, Writer};
use crate::{image, observe, preflight, readiness, trial};

/// One Docker engine, reached over its unix socket.
pub struct Docker {
    options: DockerOptions,
    connection: Connection,
}

impl Docker {
    /// Makes no contact: an engine that is down is found out by the first call, and may come up later.
    pub fn connect(options: DockerOptions) -> Result<Self, EngineError> {
        let timeouts = options.timeouts;
        let answer_max = timeouts.write.max(timeouts.registry).max(timeouts.read) + timeouts.stop_grace;
        let connection = Connection::new(options.socket()?, answer_max, timeouts.read);
        Ok(Self { options, connection })
    }

    async fn reader(&self) -> Result<Reader, EngineError> {
        self.connection.client().await.map(|client| self.reader_of(client))
    }

    fn reader_of(&self, client: bollard::Docker) -> Reader {
        Reader::new(client, self.options.timeouts.read, self.options.timeouts.registry)
    }
}

#[async_trait]
impl Engine for Docker {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let reader = self.reader_of(self.connection.renew().await?);
        let info = reader.info().await?;
        let version = format!("Docker {}, API {}", info.server_version.as_deref().unwrap_or("of unknown version"), reader.api_version());
        Ok(Probe { identity: observe::identity(&info)?, version, capabilities: Vec::new() })
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        let reader = self.reader_of(self.connection.renew().await?);
        observe::observe(&reader, scope).await
    }

    async fn resolve(&self, type_name: &str, question: &str) -> Result<String, EngineError> {
        if type_name != "compute" {
            return Err(EngineError::new(ErrorKind::Rejected, format!("resolve `{question}`"), format!("the type `{type_name}` asks no questions")));
        }
        // Refused before any contact: not even the engine is asked about a registry that is not allowed.
        image::check_registry(question, &self.options.registries_allowed)?;
        image::resolve(&self.reader().await?, question).await
    }

    async fn preflight(&self, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(&self.reader().await?, steps).await
    }

    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        let client = self.connection.client().await?;
        let writer = Writer::new(client.clone(), self.options.timeouts.stop_grace);
        let reader = self.reader_of(client);
        let task = Task { order, options: &self.options, reader: &reader, calls: Calls::new(gate, &writer, self.options.timeouts) };
        apply::apply(&task).await
    }

    async fn wait(&self, order: &Order) -> Result<Readiness, EngineError> {
        readiness::wait(&self.reader().await?, &self.options.timeouts, order).await
    }

    async fn trial(&self, wishes: &Wishes) -> Result<Option<Trial>, EngineError> {
        trial::trial(wishes).map(Some)
    }

    async fn watch(&self, _scope: &ObserveScope) -> Result<(), EngineError> {
        let mut events = std::pin::pin!(self.reader().await?.events());
        match events.next().await {
            Some(event) => event.map(|_| ()),
            None => Err(EngineError::new(ErrorKind::Unreachable, "watch the engine's events", "the engine ended the stream")),
        }
    }
}
