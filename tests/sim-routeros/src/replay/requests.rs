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

impl Request {
    /// `/ip/pool` of `/ip/pool/print`.
    pub(super) fn menu(&self) -> &str {
        self.words.first().and_then(|command| command.rsplit_once('/')).map_or("", |(menu, _)| menu)
    }

    /// Whether it changes nothing on any router: it neither writes, nor has a file written, nor goes on without end.
    pub(super) fn only_reads(&self) -> bool {
        let Some((command, words)) = self.words.split_first() else { return false };
        let taken: &[&str] = match command.rsplit('/').next() {
            Some("print") => &["=.proplist=", "?"],
            Some("get") => &["=value-name="],
            Some("inspect") => &["=request=child", "=path="],
            _ => return false,
        };
        words.iter().all(|word| taken.iter().any(|start| word.starts_with(start)))
    }

    /// Whether an answer can have this property: all, unless some are asked for by name.
    pub(super) fn asks_for(&self, property: &str) -> bool {
        let named = self.words.iter().find_map(|word| word.strip_prefix("=.proplist="));
        named.is_none_or(|names| names.split(',').any(|name| name == property))
    }
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

    #[test]
    fn what_could_change_anything_is_no_read() {
        let lines = "/a/print ?dynamic=true ?#!\n/a/print =.proplist=name\n/a/get =value-name=x\n/console/inspect =request=child =path=ip,pool";
        assert!(parse(lines).iter().all(Request::only_reads));
        let lines = "/a/print =file=x\n/a/print =follow=\n/a/print =interval=1\n/export =file=x\n/a/listen\n/a/set =x=y\n/system/reboot\n/a/find";
        assert!(!parse(lines).iter().any(Request::only_reads));
    }

    #[test]
    fn properties_are_asked_for_by_name_or_all() {
        let requests = parse("/a/print\n/a/print =.proplist=name,policy");
        assert!(requests[0].asks_for("x") && requests[1].asks_for("policy") && !requests[1].asks_for("x"));
    }
}
