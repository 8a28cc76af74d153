//! What may a user or a script do, and how is it written?

/// Every policy, in the router's order.
pub(crate) const POLICIES: &[&str] = &[
    "local",
    "telnet",
    "ssh",
    "ftp",
    "reboot",
    "read",
    "write",
    "policy",
    "test",
    "winbox",
    "password",
    "web",
    "sniff",
    "sensitive",
    "api",
    "romon",
    "rest-api",
];

/// The granted policies in the router's order; a word with `!` denies, which is the same as leaving it out.
pub(super) fn canonical(text: &str) -> Option<String> {
    let words = super::list(text);
    let bare = |word: &String| word.trim_start_matches('!').to_owned();
    if words.iter().any(|word| !POLICIES.contains(&bare(word).as_str())) {
        return None;
    }
    let granted: Vec<&str> = POLICIES.iter().copied().filter(|policy| words.iter().any(|word| word == policy)).collect();
    Some(granted.join(","))
}

/// As a group shows its policies: those it lacks stand behind, negated.
pub(crate) fn shown(granted: &str) -> String {
    let granted = super::list(granted);
    let has = |policy: &str| granted.iter().any(|word| word == policy);
    let with = POLICIES.iter().filter(|policy| has(policy)).map(|policy| (*policy).to_owned());
    let without = POLICIES.iter().filter(|policy| !has(policy)).map(|policy| format!("!{policy}"));
    with.chain(without).collect::<Vec<_>>().join(",")
}
