//! How is a container made in the place of another? The old one is set aside under another name, so that it can be put back:
//! rename, stop (its ports are free then), create, start; and only when the new one runs is the old one removed.

use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use engine_api::EngineError;

use super::body;
use super::links::container_ref;
use super::task::Task;
use crate::labels::{self, Labels};
use crate::observe::own_name;
use crate::spec::ComputeSpec;
use crate::writer::ContainerRef;

/// A container that waits under another name until its successor runs.
pub(super) struct SetAside {
    container: ContainerRef,
    /// What it was called, and is called again when it is put back.
    former_name: String,
    /// Whether it is to run when it is put back.
    ran: bool,
}

pub(super) fn labels_of(container: &ContainerInspectResponse) -> Option<&Labels> {
    container.config.as_ref().and_then(|config| config.labels.as_ref())
}

pub(super) fn is_running(container: &ContainerInspectResponse) -> bool {
    container.state.as_ref().and_then(|state| state.running) == Some(true)
}

impl Task<'_> {
    /// Sets a container aside under the name that belongs to this step.
    pub(super) async fn set_aside(&self, container: &ContainerInspectResponse) -> Result<SetAside, EngineError> {
        let current = container_ref(container);
        let name = labels::set_aside_name(&current.name, &self.step().digest);
        self.calls.rename(&current, &name).await?;
        let former_name = current.name.clone();
        Ok(SetAside { container: ContainerRef { id: current.id, name }, former_name, ran: is_running(container) })
    }

    /// Containers of ours that an earlier attempt set aside and did not come to remove or put back.
    pub(super) async fn set_aside_earlier(&self) -> Result<Vec<SetAside>, EngineError> {
        let former_name = self.former_name();
        let mut found = Vec::new();
        for summary in self.reader.containers().await? {
            let Some(name) = own_name(&summary).filter(|name| labels::is_set_aside_for(name, former_name)) else { continue };
            let id = summary.id.clone().unwrap_or_default();
            let Some(container) = self.reader.container(&id).await? else { continue };
            // An adopted container has no marker; the name that it was given by this very step is as good.
            let by_this_step = name == labels::set_aside_name(former_name, &self.step().digest) && self.order.applied.is_some();
            if self.is_of_our_environment(labels_of(&container)) || by_this_step {
                let started_once = container.state.as_ref().and_then(|state| state.status) != Some(ContainerStateStatusEnum::CREATED);
                let container = ContainerRef { id, name: name.to_owned() };
                found.push(SetAside { container, former_name: former_name.to_owned(), ran: started_once });
            }
        }
        Ok(found)
    }

    /// Makes and starts the container. If Docker refuses, what was made is removed and what was set aside comes back.
    pub(super) async fn bring_up(&self, spec: &ComputeSpec, image: &str, aside: &[SetAside]) -> Result<(), EngineError> {
        for old in aside {
            let runs = self.reader.container(&old.container.id).await?.is_some_and(|container| is_running(&container));
            if runs {
                self.calls.stop(&old.container).await?;
            }
        }
        match self.create_and_start(spec, image).await {
            Ok(()) => self.remove_set_aside(aside).await,
            // Nobody knows what happened: the next attempt looks and goes on from there.
            Err(error) if error.kind.is_transient() => Err(error),
            Err(error) => Err(self.put_back(aside, error).await),
        }
    }

    async fn create_and_start(&self, spec: &ComputeSpec, image: &str) -> Result<(), EngineError> {
        let labels = labels::for_new(spec.labels.clone(), &self.order.marker, self.step());
        let body = body::container(spec, image, &self.alias(), labels);
        let created = self.calls.make_container(self.name(), body).await?;
        let networks = self.networks_of(spec).await?;
        for network in networks.iter().skip(1) {
            self.calls.connect(&created, network, Some(vec![self.alias()])).await?;
        }
        self.calls.start(&created).await
    }

    pub(super) async fn remove_set_aside(&self, aside: &[SetAside]) -> Result<(), EngineError> {
        for old in aside {
            self.calls.discard_container(&old.container).await?;
        }
        Ok(())
    }

    /// Undoes a failed attempt, and says so beside what went wrong.
    async fn put_back(&self, aside: &[SetAside], failure: EngineError) -> EngineError {
        let outcome = match self.try_to_put_back(aside).await {
            Ok(()) if aside.is_empty() => "what was made was removed again".to_owned(),
            Ok(()) => "the old container was put back".to_owned(),
            Err(error) => format!("putting the old container back failed too: {error}"),
        };
        EngineError::new(failure.kind, failure.attempted.clone(), format!("{} ({outcome})", failure.message)).with_source(failure)
    }

    async fn try_to_put_back(&self, aside: &[SetAside]) -> Result<(), EngineError> {
        if let Some(made) = self.reader.container(self.name()).await?
            && self.is_made_by_this_step(labels_of(&made))
        {
            self.calls.discard_container(&container_ref(&made)).await?;
        }
        // Only one can have the name; the others stay aside and are found by the next attempt.
        if let Some(old) = aside.first() {
            self.calls.rename(&old.container, &old.former_name).await?;
            if old.ran {
                self.calls.start(&old.container).await?;
            }
        }
        Ok(())
    }
}
