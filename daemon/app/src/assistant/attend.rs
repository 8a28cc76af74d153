//! What is next in this thread? Its texts are taken in their order; each begins a request, answers a question, or is left alone.

use std::collections::BTreeMap;

use daemon_assistant::{Conversation, Language};
use daemon_github::{GitHubError, GitHubErrorKind, IssueNumber, IssueState, Login};
use daemon_store::RequestEntry;

use super::AssistantSettings;
use super::door::number;
use super::request::{Origin, State, Text};
use super::thread::Thread;
use crate::authorise::{Asked, Operation, all_met, authorise};
use crate::comment::assistant::{self as texts, say};
use crate::error::FlowError;
use crate::project::Project;
use crate::untold::Telling;

/// Budgets are for a day.
const DAY_S: i64 = 86_400;

impl Project {
    pub(crate) async fn attend(&self, issue: IssueNumber) -> Result<(), FlowError> {
        let Some(settings) = &self.assistant else { return Ok(()) };
        let (issue, comments) = tokio::join!(self.github.issue(&self.repository, issue), self.github.comments(&self.repository, issue));
        let issue = match issue {
            Ok(issue) => issue,
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if issue.state == IssueState::Closed && !issue.is_pull_request {
            return Ok(());
        }
        let comments = comments?;
        let requests = self.store.requests().of_issue(&self.repository.to_string(), number(issue.number)).await?;
        let mut thread = Thread::new(issue, comments, requests, self.viewer.clone());
        let texts = thread.texts(settings);
        self.void_what_changed(&mut thread, &texts).await?;
        let mut permitted = BTreeMap::new();
        for text in &texts {
            self.hear(settings, &mut thread, text, &mut permitted).await?;
        }
        self.ask_again(&thread).await
    }

    /// One text: an answer to the open question of its author, or the beginning of a request.
    async fn hear(
        &self,
        settings: &AssistantSettings,
        thread: &mut Thread,
        text: &Text,
        permitted: &mut BTreeMap<Login, bool>,
    ) -> Result<(), FlowError> {
        let is_answer = answered_by(thread, text);
        let is_new = text.is_call && thread.request(text.origin).is_none() && !is_answer && !is_seen(thread, text);
        if !(is_answer || is_new) {
            return Ok(());
        }
        // What it is read against is fetched meanwhile, and counts only where its author may ask.
        let (may_ask, fetched) = tokio::join!(self.may_ask(&text.author, permitted), self.mirror.fetch());
        if !may_ask? {
            return Ok(());
        }
        fetched?;
        if text.is_edited {
            return self.tell_not_read(thread, text).await;
        }
        if is_answer {
            let Some(request) = thread.asking(&text.author).cloned() else { return Ok(()) };
            let conversation = Conversation::from_json(&request.conversation);
            let request = RequestEntry { seen: as_i64(text.id()), ..request };
            return self.take_turn(thread, request, text, conversation).await;
        }
        let request = RequestEntry {
            repository: self.repository.to_string(),
            issue: number(thread.number()),
            origin: text.origin.to_string(),
            author: text.author.as_str().to_owned(),
            text_hash: text.hash.clone(),
            seen: as_i64(text.id()),
            ..RequestEntry::default()
        };
        // Our last word stands there, and nothing is known of it: the database was lost.
        let last_word = thread.own(&text.origin.end_key()).or_else(|| thread.own(&text.origin.amended_key()));
        if let Some(last_word) = last_word {
            let over = RequestEntry { state: State::Over.as_str().to_owned(), seen: as_i64(last_word.0), ..request };
            return self.save(thread, over).await;
        }
        let (own, all) = self.store.requests().begun_within(&request.repository, &request.author, DAY_S).await?;
        if own >= i64::from(settings.author_requests_a_day) || all >= i64::from(settings.repository_requests_a_day) {
            let words = "No more requests are read today: the budget of this author or of this repository is used up. Write the change into the blueprint, or ask again tomorrow.";
            return self.end(thread, request, State::Refused, texts::ended(words)).await;
        }
        self.take_turn(thread, request, text, None).await
    }

    /// The one authorise(), asked once for each person of a thread and before anything that they wrote is read.
    async fn may_ask(&self, author: &Login, permitted: &mut BTreeMap<Login, bool>) -> Result<bool, FlowError> {
        if let Some(known) = permitted.get(author) {
            return Ok(*known);
        }
        let permission = self.github.permission(&self.repository, author).await?;
        let conditions = authorise(&Asked::of_person(Operation::Propose, author, permission));
        let may = all_met(&conditions);
        permitted.insert(author.clone(), may);
        Ok(may)
    }

    /// What was authorised is the text as it was read. Another one takes its request's question back.
    async fn void_what_changed(&self, thread: &mut Thread, texts: &[Text]) -> Result<(), FlowError> {
        let open: Vec<RequestEntry> = thread.requests.iter().filter(|request| State::Asking.is_of(request)).cloned().collect();
        for request in open {
            let origin = Origin::parse(&request.origin);
            if !texts.iter().any(|text| Some(text.origin) == origin && text.hash == request.text_hash) {
                let language = language_of(&request);
                self.end(thread, request, State::Void, texts::ended(voided(language))).await?;
            }
        }
        Ok(())
    }

    /// A question that is open and not in the thread: its comment was lost with a process, or somebody removed it.
    async fn ask_again(&self, thread: &Thread) -> Result<(), FlowError> {
        for request in thread.requests.iter().filter(|request| State::Asking.is_of(request)) {
            let (Some(origin), Some(conversation)) = (Origin::parse(&request.origin), Conversation::from_json(&request.conversation)) else {
                continue;
            };
            let key = origin.question_key(request.turns);
            if thread.own(&key).is_none() {
                let body = texts::question(conversation.question(), conversation.language());
                self.notice_of_record(thread.number(), key, body, Telling::Afterwards).await?;
            }
        }
        Ok(())
    }

    async fn tell_not_read(&self, thread: &Thread, text: &Text) -> Result<(), FlowError> {
        let key = format!("request {} edited", text.origin);
        let words = "This comment was edited, and edited comments are not read: what is read is what somebody was allowed to ask. Write it again in a new comment.";
        self.notice_of_record(thread.number(), key, texts::ended(words), Telling::Afterwards).await
    }

    /// Our last word on a request, and after it the note that it ended: whoever finds only the word knows the rest.
    pub(crate) async fn end(&self, thread: &mut Thread, request: RequestEntry, state: State, body: String) -> Result<(), FlowError> {
        if let Some(origin) = Origin::parse(&request.origin) {
            self.notice_of_record(thread.number(), origin.end_key(), body, Telling::Afterwards).await?;
        }
        let ended = RequestEntry { state: state.as_str().to_owned(), conversation: String::new(), ..request };
        self.save(thread, ended).await
    }

    pub(crate) async fn save(&self, thread: &mut Thread, request: RequestEntry) -> Result<(), FlowError> {
        self.store.requests().save(&request).await?;
        thread.note(request);
        Ok(())
    }
}

/// Whether a text comes after the open question of its author.
fn answered_by(thread: &Thread, text: &Text) -> bool {
    let Some(request) = thread.asking(&text.author) else { return false };
    let asked = Origin::parse(&request.origin).and_then(|origin| thread.own(&origin.question_key(request.turns)));
    asked.is_some_and(|asked| text.id() > asked.0) && as_i64(text.id()) > request.seen
}

/// Whether a comment was an answer already.
fn is_seen(thread: &Thread, text: &Text) -> bool {
    let author = text.author.as_str();
    text.origin != Origin::Issue && thread.requests.iter().any(|request| request.author == author && request.seen >= as_i64(text.id()))
}

fn as_i64(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn language_of(request: &RequestEntry) -> Language {
    Conversation::from_json(&request.conversation).map(|conversation| conversation.language()).unwrap_or_default()
}

pub(crate) fn voided(language: Language) -> &'static str {
    say(
        language,
        "The text of this request was changed after it was taken, so it is dropped. Write the request again in a new comment or issue.",
        "Il testo di questa richiesta è cambiato dopo che era stata presa, quindi la richiesta cade. Riscrivila in un nuovo commento o in una nuova issue.",
    )
}
