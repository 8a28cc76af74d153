//! Is it the same time here as there? What was approved when is judged by times of both sides.

use std::time::SystemTime;

use engine_api::Check;

/// As much as a request may take, and more.
const SKEW_OK_S: u64 = 10;
/// Beyond it tickets and certificates are refused, and orders of events mistaken.
const SKEW_MAX_S: u64 = 300;

/// Compares this machine's clock with that of somebody who just answered.
pub(super) fn compare(theirs_s: i64, whose: &str) -> Check {
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    judge(ours.saturating_sub(theirs_s), whose)
}

fn judge(ahead_s: i64, whose: &str) -> Check {
    let skew_s = ahead_s.unsigned_abs();
    let direction = if ahead_s > 0 { "ahead of" } else { "behind" };
    let text = format!("this machine's clock is {skew_s} s {direction} that of {whose}");
    let hint = "let both keep the time by NTP: `timedatectl` says whether this machine does";
    if skew_s <= SKEW_OK_S {
        Check::ok(format!("this machine's clock agrees with that of {whose}")).detail()
    } else if skew_s <= SKEW_MAX_S {
        Check::warning(text, hint)
    } else {
        Check::problem(text, hint)
    }
}

#[cfg(test)]
mod tests {
    use engine_api::CheckState;

    use super::*;

    #[test]
    fn small_differences_are_none() {
        let state = |ahead_s| judge(ahead_s, "GitHub").state;
        assert_eq!([state(0), state(-10), state(11), state(-301)], [CheckState::Ok, CheckState::Ok, CheckState::Warning, CheckState::Problem]);
        assert!(judge(60, "GitHub").text.contains("60 s ahead of") && judge(-60, "GitHub").text.contains("60 s behind"));
    }
}
