//! How does one Docker engine keep the engine contract? A line for each question; the answers are in their own modules.

use async_trait::async_trait;
use core_model::state::TargetObservation;
use engine_api::{Engine, EngineError, ErrorKind, Gate, ObserveScope, Order, Probe};

use crate::connection::Connection;
use crate::options::DockerOptions;
use crate::reader::Reader;
use crate::{image, observe};

/// One Docker engine, reached over its unix socket.
pub struct Docker {
    options: DockerOptions,
    connection: Connection,
}

impl Docker {
    /// Makes no contact: an engine that is down is found out by the first call, and may come up later.
    pub fn connect(options: DockerOptions) -> Result<Self, EngineError> {
        let answer_max = options.timeouts.write.max(options.timeouts.registry) + options.timeouts.stop_grace;
        let connection = Connection::new(options.socket()?, answer_max, options.timeouts.read);
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
        image::resolve(&self.reader().await?, question, &self.options.registries_allowed).await
    }

    async fn apply(&self, order: &Order, _gate: &Gate<'_>) -> Result<(), EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, order.step.address.to_string(), ""))
    }
}
