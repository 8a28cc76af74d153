//! How are the recorded requests written down?

/// One line of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// As it stands in the record.
    pub(super) text: String,
    /// The words of the sentence, with `{name}` for identities.
    pub(super) words: Vec<String>,
    /// Under which name the identity is kept that is given back.
    pub(super) kept_as: Option<String>,
}

pub(super) fn parse(text: &str) -> Vec<Request> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(request).collect()
}

fn request(line: &str) -> Request {
    let mut words = words(line);
    let kept_as = words.first().and_then(|word| word.strip_prefix('@')).map(str::to_owned);
    if kept_as.is_some() {
        words.remove(0);
    }
    Request { text: line.to_owned(), words, kept_as }
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match (character, words.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            (' ', _) if !is_quoted => words.push(String::new()),
            (other, Some(word)) => word.push(other),
            (_, None) => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_sentence_and_perhaps_a_name() {
        let requests = parse("# head\n\n@a /x/add \"=comment=a b\"\n/x/remove =.id={a}");
        assert_eq!(requests.len(), 2);
        assert_eq!((requests[0].kept_as.as_deref(), &requests[0].words[1][..]), (Some("a"), "=comment=a b"));
        assert_eq!(requests[1].words, ["/x/remove", "=.id={a}"]);
    }
}
