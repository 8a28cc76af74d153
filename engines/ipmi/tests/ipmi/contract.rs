//! Does the engine keep the contract? With the best cipher suite, with the other one, and with a BMC that does not tell what it has.

use engine_api::contract::run_all;
use test_sim_bmc::Kit;

use crate::subject::SimSubject;

engine_api::contract_tests!(SimSubject::new().await);

#[tokio::test]
async fn with_a_bmc_that_has_suite_3_alone() {
    run_all(&SimSubject::made_of(Kit { suites: vec![0, 3], ..Kit::default() }).await).await;
}

#[tokio::test]
async fn with_a_bmc_that_does_not_tell_its_suites() {
    run_all(&SimSubject::made_of(Kit { tells_suites: false, ..Kit::default() }).await).await;
}
