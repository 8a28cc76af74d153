//! Does the engine keep the contract over Redfish? All of it on a service after the standard.

use super::subject::RedfishSubject;

engine_api::contract_tests!(RedfishSubject::new().await);
