//! How does a request go, with the author's answers? The assistant is asked, and what it asks is answered as the corpus says.

use daemon_assistant::{Conversation, Outcome, Request, Turn, View, answer};
use jiff::Zoned;

use crate::corpus::Case;
use crate::rendering;

/// After so many questions it is given up.
pub const QUESTIONS_MAX: usize = 2;

/// One request with all its turns.
#[derive(Debug)]
pub struct Played {
    pub first: Outcome,
    pub last: Outcome,
    /// The slots that were asked for, in order.
    pub asked: Vec<String>,
}

impl Played {
    pub fn first_line(&self) -> String {
        rendering::outcome(&self.first)
    }

    pub fn last_line(&self) -> String {
        rendering::outcome(&self.last)
    }
}

/// How the first turn of a request is read: by rules alone, or with a model.
pub type Reader<'r> = &'r dyn Fn(&Request<'_>, &View<'_>) -> Turn;

/// Plays a request. Between two turns the conversation is written and read back, as the daemon does.
pub fn play(case: &Case, view: &View<'_>, now: &Zoned, read: Reader<'_>) -> Played {
    let Turn { outcome: first, mut conversation } = read(&Request { text: &case.text, now, about: None }, view);
    let mut last = first.clone();
    let mut asked = Vec::new();
    while let (Outcome::Question(question), Some(open)) = (&last, conversation.take()) {
        asked.push(question.slot.as_str().to_owned());
        let reply = case.answer(question.slot.as_str()).map(str::to_owned).or_else(|| from_gold(case, question.slot.as_str()));
        let (Some(reply), true) = (reply, asked.len() <= QUESTIONS_MAX) else { break };
        let Some(kept) = Conversation::from_json(&open.to_json()) else { break };
        let turn = answer(kept, &Request { text: &reply, now, about: None }, view);
        (last, conversation) = (turn.outcome, turn.conversation);
    }
    Played { first, last, asked }
}

/// What an author who knows what they want answers to a question that the corpus did not foresee.
fn from_gold(case: &Case, slot: &str) -> Option<String> {
    let words: Vec<&str> = case.gold.split(' ').collect();
    match slot {
        "confirmation" => Some("yes".to_owned()),
        "environment" => words.iter().find_map(|word| word.strip_prefix('@')).map(str::to_owned),
        "resource" => words.get(1).map(|names| names.replace(',', " and ")),
        "name" => words
            .get(if words[0] == "create" { 2 } else { 1 })
            .and_then(|word| word.split(',').next())
            .map(|word| word.rsplit('.').next().unwrap_or(word).to_owned()),
        "size" => {
            let values: Vec<String> = words
                .iter()
                .filter_map(|word| word.split_once('='))
                .map(|(path, value)| format!("{} {value}", path.rsplit('.').next().unwrap_or(path)))
                .collect();
            (!values.is_empty()).then(|| values.join(", "))
        }
        path => words.iter().find_map(|word| word.strip_prefix(path)?.strip_prefix('=')).map(str::to_owned),
    }
}
