//! Does the engine keep the contract? All of it with the best cipher suite, and what suites matter to with the others.

use engine_api::contract::cases;
use test_sim_bmc::Kit;

use crate::subject::SimSubject;

engine_api::contract_tests!(SimSubject::new().await);

#[tokio::test]
async fn with_suite_3_and_with_a_bmc_that_does_not_tell_its_suites() {
    for kit in [Kit { suites: vec![0, 3], ..Kit::default() }, Kit { tells_suites: false, ..Kit::default() }] {
        let subject = SimSubject::made_of(kit).await;
        cases::plan_apply_plan_is_empty(&subject).await;
        cases::each_field_can_be_updated(&subject).await;
        cases::a_secret_appears_nowhere(&subject).await;
    }
}
