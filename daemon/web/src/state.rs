//! What do the routes know? The database, the webhook's secret, and three questions to the rest of the daemon.

use std::{fmt, pin::Pin, sync::Arc};

use core_model::Secret;
use daemon_store::Store;

use crate::{
    body::BodyBudget,
    metrics::{Sample, WebhookCounters},
    page::EnvironmentState,
};

/// What the routes are made from.
pub struct WebOptions {
    pub store: Store,
    /// Checked already: see [`daemon_github::check_webhook_secret`].
    pub webhook_secret: Secret,
    /// The version that pages and metrics show.
    pub version: &'static str,
    /// Whether the daemon does its work: asked for each request to `/readyz`, so it must be quick.
    pub is_ready: Box<dyn Fn() -> bool + Send + Sync>,
    /// The environments as the page shows them: asked for each request to `/`, so it must be quick.
    pub environments: EnvironmentQuestion,
    /// What targets measured: asked for each request to `/metrics`, so it must be quick.
    pub gauges: GaugeQuestion,
}

/// Finds out how the environments are.
pub type EnvironmentQuestion = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<EnvironmentState>> + Send>> + Send + Sync>;

/// Finds out what targets measured.
pub type GaugeQuestion = Box<dyn Fn() -> Vec<Sample> + Send + Sync>;

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) options: WebOptions,
    pub(crate) webhooks: WebhookCounters,
    pub(crate) bodies: BodyBudget,
}

impl WebState {
    pub fn new(options: WebOptions) -> Self {
        Self { shared: Arc::new(Shared { options, webhooks: WebhookCounters::default(), bodies: BodyBudget::default() }) }
    }
}

impl fmt::Debug for WebState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WebState").field("store", &self.shared.options.store).finish_non_exhaustive()
    }
}
