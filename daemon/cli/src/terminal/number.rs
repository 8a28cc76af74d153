//! How many of something, in words?

/// `1 problem`, `2 problems`.
pub(crate) fn several(number: usize, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_others_are_more() {
        assert_eq!([several(1, "step"), several(0, "step"), several(2, "repository")], ["1 step", "0 steps", "2 repositories"]);
    }
}
