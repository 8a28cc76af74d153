//! Targets in memory or in a file, for tests and for the demo.

use std::sync::Arc;

use engine_api::{Engine, EngineError};

use super::{Provider, Reach};

pub(super) const PROVIDER: Provider = Provider {
    name: engine_fake::PROVIDER,
    types: || engine_fake::types().to_vec(),
    check_endpoint,
    is_networked: false,
    settings: &[],
    place: None,
    import_text: None,
    connect,
};

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let is_file = endpoint.strip_prefix("file://").is_some_and(|path| path.starts_with('/'));
    if is_file || endpoint == "memory:" { Ok(()) } else { Err("`memory:` or a file: file:///folder/state.json") }
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    Ok(Arc::new(engine_fake::Fake::new(engine_fake::FakeTarget::open(reach.endpoint)?)))
}
