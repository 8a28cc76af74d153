//! What was said on an issue or pull request, by whom, and what of it is for us?

use daemon_assistant::form;
use daemon_github::{Comment, CommentId, Issue, IssueNumber, Login};
use daemon_store::RequestEntry;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::AssistantSettings;
use super::request::{Origin, State, Text, hash_of};

/// An issue or a pull request with its comments, and what we know of the requests in it.
pub(crate) struct Thread {
    pub issue: Issue,
    pub comments: Vec<Comment>,
    pub requests: Vec<RequestEntry>,
    viewer: Login,
}

impl Thread {
    pub(crate) fn new(issue: Issue, comments: Vec<Comment>, requests: Vec<RequestEntry>, viewer: Login) -> Self {
        Self { issue, comments, requests, viewer }
    }

    pub(crate) fn number(&self) -> IssueNumber {
        self.issue.number
    }

    /// The texts of people, in their order. Bots and our own comments are not among them.
    pub(crate) fn texts(&self, settings: &AssistantSettings) -> Vec<Text> {
        let own = self.issue.author.clone().filter(|author| !self.issue.author_is_bot && *author != self.viewer && !self.issue.is_pull_request);
        let first = own.map(|author| issue_text(&self.issue, author, settings));
        let comments = self.comments.iter().filter_map(|comment| {
            let author = comment.author.clone().filter(|author| !comment.author_is_bot && *author != self.viewer)?;
            Some(comment_text(comment, author, settings))
        });
        first.into_iter().chain(comments).collect()
    }

    /// Our own comment with this key.
    pub(crate) fn own(&self, key: &str) -> Option<CommentId> {
        let marker = format!("<!-- ipr:{key} -->");
        let is_ours = |comment: &&Comment| comment.author.as_ref() == Some(&self.viewer) && comment.body.starts_with(&marker);
        self.comments.iter().find(is_ours).map(|comment| comment.id)
    }

    pub(crate) fn request(&self, origin: Origin) -> Option<&RequestEntry> {
        self.requests.iter().find(|request| request.origin == origin.to_string())
    }

    /// The request of this person whose question is open; the newest, where there are several.
    pub(crate) fn asking(&self, author: &Login) -> Option<&RequestEntry> {
        let is_theirs = |request: &&RequestEntry| State::Asking.is_of(request) && request.author.parse::<Login>().ok().as_ref() == Some(author);
        self.requests.iter().filter(is_theirs).max_by_key(|request| request.seen)
    }

    /// What is known now of a request.
    pub(crate) fn note(&mut self, request: RequestEntry) {
        self.requests.retain(|other| other.origin != request.origin);
        self.requests.push(request);
    }
}

/// A form's answers are read as its fields. Of any other issue the title is part of what is said.
fn issue_text(issue: &Issue, author: Login, settings: &AssistantSettings) -> Text {
    let is_labelled = settings.label.as_ref().is_some_and(|label| issue.labels.iter().any(|own| own.eq_ignore_ascii_case(label)));
    let whole = format!("{}\n\n{}", issue.title, issue.body);
    let words = form::request(&issue.body).map_or_else(|| without_mention(&whole, settings), |(_, sentence)| sentence);
    Text {
        origin: Origin::Issue,
        author,
        words,
        hash: hash_of(&[&issue.title, &issue.body]),
        at: issue.created_at,
        is_edited: false,
        is_call: is_labelled || mentions(&whole, settings),
    }
}

fn comment_text(comment: &Comment, author: Login, settings: &AssistantSettings) -> Text {
    Text {
        origin: Origin::Comment(comment.id),
        author,
        words: without_mention(&comment.body, settings),
        hash: hash_of(&[&comment.body]),
        at: comment.created_at,
        is_edited: comment.updated_at != comment.created_at,
        is_call: mentions(&comment.body, settings),
    }
}

/// Whether a text calls us by our name: not in quotes and not in code.
pub(crate) fn mentions(text: &str, settings: &AssistantSettings) -> bool {
    let Some(name) = &settings.mention else { return false };
    let mut closed = 0_usize;
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Strikethrough) => closed += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Strikethrough) => closed = closed.saturating_sub(1),
            Event::Text(words) if closed == 0 && !places(&words, name).is_empty() => return true,
            _ => {}
        }
    }
    false
}

/// The same text without our name and what separates it from the next word. Spaces in its place would make Markdown of it.
fn without_mention(text: &str, settings: &AssistantSettings) -> String {
    let Some(name) = &settings.mention else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut read = 0;
    for place in places(text, name) {
        out.push_str(&text[read..place]);
        let rest = &text[place + 1 + name.len()..];
        read = text.len() - rest.trim_start_matches([',', ':', ';']).trim_start_matches([' ', '\t']).len();
    }
    out + &text[read..]
}

/// Where `@name` stands as a word of its own.
fn places(text: &str, name: &str) -> Vec<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/' | '@');
    let is_ours = |place: &usize| {
        let end = place + 1 + name.len();
        let is_name = text.get(place + 1..end).is_some_and(|word| word.eq_ignore_ascii_case(name));
        is_name && !text[..*place].ends_with(is_part) && !text[end..].starts_with(is_part)
    };
    text.match_indices('@').map(|(place, _)| place).filter(is_ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> AssistantSettings {
        AssistantSettings { label: None, mention: Some("ipr".to_owned()), author_requests_a_day: 1, repository_requests_a_day: 1, model: None }
    }

    #[test]
    fn only_our_own_name_calls_us() {
        for text in ["@ipr give web-01 8GB", "please, @IPR: undo that", "hello\n\n(@ipr)"] {
            assert!(mentions(text, &settings()), "{text}");
        }
        for text in ["ipr", "@ipr-bot do", "a@ipr.example", "> @ipr delete it", "`@ipr`", "```\n@ipr\n```", "~~@ipr~~", "@acme/ipr"] {
            assert!(!mentions(text, &settings()), "{text}");
        }
    }

    #[test]
    fn our_name_is_no_word_of_the_request() {
        for (text, words) in
            [("é @ipr: give", "é give"), ("@ipr make it 1GB", "make it 1GB"), ("undo that @IPR", "undo that "), ("@ipr-bot x", "@ipr-bot x")]
        {
            assert_eq!(without_mention(text, &settings()), words);
        }
    }
}
