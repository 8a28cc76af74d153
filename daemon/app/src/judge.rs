//! Which digest did a person see? Each command, review and merge counts at its own time on GitHub, against the digest that was
//! published before it.

use daemon_github::Timestamp;
use daemon_store::PublishedDigest;

/// A person needs this long to have read what they act on.
const SETTLED_AFTER_S: i64 = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judged<'a> {
    /// No plan was published before.
    Nothing,
    /// This one, and it had stood for a while.
    Digest(&'a PublishedDigest),
    /// It had changed within the minute before: nobody can tell which one was meant.
    Unsettled { before: &'a PublishedDigest, latest: &'a PublishedDigest },
}

/// Judges a moment. `published` is what was shown, in any order.
pub(crate) fn digest_at(published: &[PublishedDigest], at: Timestamp) -> Judged<'_> {
    let mut earlier: Vec<&PublishedDigest> = published.iter().filter(|shown| shown.published_at_s <= at.unix_seconds()).collect();
    earlier.sort_by_key(|shown| (shown.published_at_s, shown.plan.0));
    let Some(latest) = earlier.pop() else { return Judged::Nothing };
    match earlier.into_iter().rev().find(|shown| shown.digest != latest.digest) {
        Some(before) if latest.published_at_s > at.unix_seconds() - SETTLED_AFTER_S => Judged::Unsettled { before, latest },
        _ => Judged::Digest(latest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daemon_store::PlanId;

    fn shown(digest: &str, at: i64) -> PublishedDigest {
        PublishedDigest { digest: digest.into(), head: "h".into(), plan: PlanId(at), published_at_s: at }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).expect("a time")
    }

    #[test]
    fn a_moment_counts_against_what_was_shown_before_it() {
        let published = [shown("a", 100), shown("b", 500)];
        assert_eq!(digest_at(&published, at(99)), Judged::Nothing);
        assert_eq!(digest_at(&published, at(100)), Judged::Digest(&published[0]));
        assert_eq!(digest_at(&published, at(499)), Judged::Digest(&published[0]));
        assert_eq!(digest_at(&published, at(560)), Judged::Digest(&published[1]));
    }

    #[test]
    fn a_digest_that_has_just_changed_is_refused() {
        let published = [shown("b", 500), shown("a", 100)];
        assert_eq!(digest_at(&published, at(530)), Judged::Unsettled { before: &published[1], latest: &published[0] });
        let repeated = [shown("a", 100), shown("a", 500)];
        assert_eq!(digest_at(&repeated, at(501)), Judged::Digest(&repeated[1]));
    }
}
