//! Does the engine keep the contract for containers? The suite that every engine passes.

use super::ContainerSubject;

engine_api::contract_tests!(ContainerSubject::new().await);
