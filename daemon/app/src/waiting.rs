//! Which of the merges that wait does a command mean? The one that it names, or the only one; never a guess.

use core_model::record::Parked;

use crate::authorise::Condition;

/// More merges than this are counted.
const NAMES_MAX: usize = 5;
const COMMIT_LENGTH_SHOWN: usize = 12;

/// What a command is about.
#[derive(Debug, PartialEq)]
pub(crate) enum Meant<'a> {
    Nothing,
    One(&'a Parked),
    /// Others wait than the one that is named, or several and none is named.
    Unclear(Vec<&'a Parked>),
}

/// A word names a merge by its digest or its commit. `is_checked`: the digest is compared again before anything is done, so that
/// an old one may stand for the only merge that waits.
pub(crate) fn meant<'a>(waiting: Vec<&'a Parked>, named: Option<&str>, is_checked: bool) -> Meant<'a> {
    let Some(first) = waiting.first().copied() else { return Meant::Nothing };
    let by_name: Vec<&Parked> = named.map_or_else(Vec::new, |named| waiting.iter().copied().filter(|parked| is_named_by(parked, named)).collect());
    match by_name.as_slice() {
        [one] => Meant::One(one),
        [] if waiting.len() == 1 && (named.is_none() || is_checked) => Meant::One(first),
        _ => Meant::Unclear(waiting),
    }
}

pub(crate) fn is_named_by(parked: &Parked, word: &str) -> bool {
    parked.digest.is_named_by(word) || parked.commit.starts_with(word)
}

/// How people name a merge that waits.
pub(crate) fn short_commit(parked: &Parked) -> &str {
    &parked.commit[..parked.commit.len().min(COMMIT_LENGTH_SHOWN)]
}

/// What is asked of whoever was unclear. `command` is `/skip`.
pub(crate) fn be_clear(command: &str, waiting: &[&Parked]) -> Condition {
    let shown: Vec<String> = waiting.iter().take(NAMES_MAX).map(|parked| format!("`{command} {}`", name_for(command, parked))).collect();
    let more = waiting.len() - shown.len();
    let rest = if more == 0 { String::new() } else { format!(", and {more} more") };
    Condition { met: false, text: "the command names a merge that waits".to_owned(), who: format!("type one of {}{rest}", shown.join(", ")) }
}

/// `/apply` names what would be done, `/skip` what was merged.
fn name_for<'a>(command: &str, parked: &'a Parked) -> &'a str {
    if command == "/apply" { parked.digest.short() } else { short_commit(parked) }
}

#[cfg(test)]
mod tests {
    use core_model::Hash;
    use core_model::record::ParkedReason;

    use super::*;

    fn parked(name: &str) -> Parked {
        Parked {
            commit: Hash::of_bytes(name.as_bytes()).as_str().chars().take(40).collect(),
            pull_request: None,
            base: String::new(),
            reason: ParkedReason::Unreviewed,
            detail: String::new(),
            digest: Hash::of_bytes(format!("plan of {name}").as_bytes()),
            addresses: Default::default(),
            confirmed: None,
        }
    }

    #[test]
    fn only_what_is_clear_is_meant() {
        let (a, b) = (parked("a"), parked("b"));
        let both = || vec![&a, &b];
        assert_eq!(meant(vec![], None, true), Meant::Nothing);
        assert_eq!(meant(vec![&a], None, false), Meant::One(&a));
        assert_eq!(meant(both(), None, true), Meant::Unclear(both()));
        assert_eq!(meant(both(), Some(short_commit(&b)), false), Meant::One(&b));
        assert_eq!(meant(both(), Some(b.digest.short()), false), Meant::One(&b));
        assert_eq!(meant(both(), Some("0123456789ab"), true), Meant::Unclear(both()));
        assert_eq!(meant(vec![&a], Some("0123456789ab"), true), Meant::One(&a), "what it was is shown beside what it is now");
        assert_eq!(meant(vec![&a], Some("0123456789ab"), false), Meant::Unclear(vec![&a]));
    }
}
