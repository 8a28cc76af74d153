//! Does the fake engine keep the contract? In memory, in a file, and as a stand-in for another provider.

use engine_api::contract::run_all;
use engine_fake::FakeTarget;

use crate::subject::FakeSubject;

mod in_memory {
    engine_api::contract_tests!(crate::subject::FakeSubject::new(engine_fake::FakeTarget::memory()));
}

mod for_containers {
    engine_api::contract_tests!(crate::subject::FakeSubject::for_containers("docker"));
}

#[tokio::test]
async fn in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = format!("file://{}", folder.path().join("state.json").display());
    run_all(&FakeSubject::new(FakeTarget::open(&endpoint).unwrap())).await;
}
