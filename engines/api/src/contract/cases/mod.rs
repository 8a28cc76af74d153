//! What must hold for every engine? One function for each promise.

mod converge;
mod fields;
mod losses;
mod secrecy;
mod sight;

pub use converge::{
    a_stopped_run_writes_nothing, applying_twice_writes_nothing, delete_removes, plan_apply_plan_is_empty, the_identity_stays_the_same,
};
pub use fields::{a_change_by_hand_is_seen_and_repaired, each_field_can_be_unset, each_field_can_be_updated, every_field_is_exercised};
pub use losses::{a_reply_lost_while_changing_converges, a_reply_lost_while_creating_converges, a_reply_lost_while_deleting_converges};
pub use secrecy::{a_secret_appears_nowhere, errors_have_their_kind};
pub use sight::{
    a_foreign_object_is_not_taken_over, a_gap_in_coverage_is_unknown, a_glance_sees_that_it_is_there_and_whose_it_is, adopting_makes_no_call,
    what_carries_our_marker_is_seen_unasked, what_is_measured_can_be_exported,
};
