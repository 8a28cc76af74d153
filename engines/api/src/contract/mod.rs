//! Does an engine keep the contract? A suite that every engine passes, and the parts it is made of.
//!
//! An engine's test file has three lines of its own: `engine_api::contract_tests!(Subject::new());` and what a [`Subject`]
//! needs. The suite makes steps from the tables of the types, without a planner, and carries them out through a gate whose
//! journal can fail at every call.
//!
//! Cases panic with the type and the path they speak of. How many steps run at the same time is the executor's business and
//! is not looked at here.

mod bench;
pub mod cases;
mod journal;
pub mod page;
mod sample;
mod steps;
mod subject;

use std::future::Future;
use std::pin::Pin;

pub use crate::gate::Entry;
pub use bench::{Bench, Interrupted, Seen};
pub use journal::{HeldLease, Interruption, MemoryJournal, Moment};
pub use sample::{CANARY, Sample, canary};
pub use steps::{Resolved, Side, StepMaker};
pub use subject::Subject;

/// One case of the suite.
#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub run: for<'a> fn(&'a dyn Subject) -> Run<'a>,
}

/// A case that is being run.
pub type Run<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Lists the cases once, and makes tests or a table of them.
#[doc(hidden)]
#[macro_export]
macro_rules! with_contract_cases {
    (@all $($what:tt)*) => {
        $crate::with_contract_cases! {
            [
                the_identity_stays_the_same
                plan_apply_plan_is_empty
                applying_twice_writes_nothing
                delete_removes
                a_stopped_run_writes_nothing
                each_field_can_be_updated
                each_field_can_be_unset
                every_field_is_exercised
                a_change_by_hand_is_seen_and_repaired
                a_reply_lost_while_creating_converges
                a_reply_lost_while_changing_converges
                a_reply_lost_while_deleting_converges
                a_gap_in_coverage_is_unknown
                a_foreign_object_is_not_taken_over
                what_carries_our_marker_is_seen_unasked
                a_glance_sees_that_it_is_there_and_whose_it_is
                what_is_measured_can_be_exported
                adopting_makes_no_call
                errors_have_their_kind
                a_secret_appears_nowhere
            ]
            $($what)*
        }
    };
    ([$($case:ident)*] tests $subject:expr) => {
        $(
            #[tokio::test]
            async fn $case() {
                let subject = $subject;
                $crate::contract::cases::$case(&subject).await;
            }
        )*
    };
    ([$($case:ident)*] table) => {
        &[$($crate::contract::Case { name: stringify!($case), run: |subject| Box::pin($crate::contract::cases::$case(subject)) }),*]
    };
}

/// Makes one `#[tokio::test]` for each case. The expression makes a fresh [`Subject`](crate::contract::Subject); it may await.
#[macro_export]
macro_rules! contract_tests {
    ($subject:expr) => {
        $crate::with_contract_cases! { @all tests $subject }
    };
}

/// All cases, for those who run them in a way of their own.
pub const CASES: &[Case] = with_contract_cases! { @all table };

/// Runs every case, one after the other.
pub async fn run_all(subject: &dyn Subject) {
    for case in CASES {
        (case.run)(subject).await;
    }
}
