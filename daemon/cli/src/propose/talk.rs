//! How is a question of the assistant answered on a terminal? Each by one line; whoever stops answering ends it.

use std::io::IsTerminal;

use core_model::Diagnostic;
use daemon_assistant::{Command, Conversation, Language, Outcome, Past, Question, Request, RollBack, Turn, View, answer};
use jiff::Zoned;

use crate::{
    failure::Failure,
    terminal::{self, Line, Lines, Shown},
};

use super::refused;

/// After so many lines that are no answer nobody is asked again.
const TRIES_MAX: usize = 3;

/// Questions and answers, line by line.
pub(crate) struct Talk {
    lines: Lines,
    is_terminal: bool,
}

/// What a talk came to.
pub(crate) enum Spoken {
    Change(Box<daemon_assistant::Change>),
    /// To be told from what is written down.
    Answer(Box<Command>),
    RollBack(Box<RollBack>),
}

impl Talk {
    pub(crate) fn new() -> Self {
        Self { lines: Lines::of_stdin(), is_terminal: std::io::stdin().is_terminal() }
    }

    /// Whether a person is at the other end.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// One line, or the end of the talk.
    pub(crate) fn line(&mut self, prompt: &str) -> Result<String, Failure> {
        for _ in 0..TRIES_MAX {
            match self.lines.ask(prompt) {
                Line::Text(text) => return Ok(text),
                Line::Unreadable(why) => terminal::print(format_args!("The answer {why}.\n")),
                Line::End => return Err(ended()),
            }
        }
        Err(too_often())
    }

    /// One line, or nothing at the end of the input.
    pub(crate) fn line_or_end(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        match self.lines.ask(prompt) {
            Line::Text(text) => Ok(Some(text)),
            Line::Unreadable(why) => Err(refused(&format!("The answer {why}."))),
            Line::End => Ok(None),
        }
    }

    /// Asks until `take` takes an answer; what it says of another is shown. A first answer may have been given before.
    pub(crate) fn ask(
        &mut self,
        shown: &mut Shown<'_>,
        given: Option<String>,
        mut take: impl FnMut(&str) -> Result<(), String>,
    ) -> Result<(), Failure> {
        let mut given = given;
        let mut wrong = 0;
        while wrong < TRIES_MAX {
            let text = match given.take() {
                Some(text) => text,
                None => self.line(&shown.render())?,
            };
            if shown.turns_page(&text) {
                // Pages go round, and the input has an end.
                continue;
            }
            match take(&text) {
                Ok(()) => return Ok(()),
                Err(why) => terminal::print(format_args!("{}\n", terminal::plain(&why))),
            }
            wrong += 1;
        }
        Err(too_often())
    }

    /// Whether somebody says yes. Anything else than yes and no is asked again.
    pub(crate) fn agrees(&mut self, question: &str) -> Result<bool, Failure> {
        let options = [("yes".to_owned(), String::new()), ("no".to_owned(), String::new())];
        let mut agrees = false;
        self.ask(&mut Shown::new(question, "", &options, None), None, |text| {
            agrees = matches!(text.trim().to_lowercase().as_str(), "yes" | "y" | "1" | "si" | "sì");
            let is_answer = agrees || matches!(text.trim().to_lowercase().as_str(), "no" | "n" | "2");
            if is_answer { Ok(()) } else { Err("Please answer `yes` or `no`.".to_owned()) }
        })?;
        Ok(agrees)
    }

    /// Answers the assistant's questions until there is none. `yes` takes the default of a question that has one.
    pub(crate) fn settle(&mut self, first: Turn, view: &View<'_>, now: &Zoned, yes: bool) -> Result<Spoken, Failure> {
        let mut turn = first;
        loop {
            let Turn { outcome, conversation } = turn;
            match (outcome, conversation) {
                (Outcome::Question(question), Some(conversation)) => turn = self.reply(&question, conversation, view, now, yes)?,
                (Outcome::Question(question), None) => return Err(refused(&question.text)),
                (Outcome::Change(change), _) => return Ok(Spoken::Change(change)),
                (Outcome::RollBack(roll_back, _), _) => return Ok(Spoken::RollBack(roll_back)),
                (Outcome::Answer(command, _), _) => return Ok(Spoken::Answer(command)),
                (Outcome::Refusal(refusal), _) => return Err(refused(&refusal.text)),
            }
        }
    }

    fn reply(&mut self, question: &Question, conversation: Conversation, view: &View<'_>, now: &Zoned, yes: bool) -> Result<Turn, Failure> {
        let options: Vec<(String, String)> = question.options.iter().map(|choice| (choice.label.clone(), String::new())).collect();
        let default = question.default.and_then(|place| question.options.get(place)).map(|choice| choice.label.as_str());
        let shown = Shown::new(&question.text, "", &options, default);
        let text = match yes && default.is_some() {
            true => {
                // Nobody is asked, but whoever reads this later sees what was taken for granted.
                terminal::print(format_args!("{}(--yes)\n", shown.render()));
                String::new()
            }
            false => self.line(&shown.render())?,
        };
        let text = if text.trim().is_empty() && default.is_some() { agreement(conversation.language()) } else { &text };
        Ok(answer(conversation, &Request { text, now, about: None }, view))
    }
}

fn agreement(language: Language) -> &'static str {
    match language {
        Language::English => "yes",
        Language::Italian => "sì",
    }
}

fn ended() -> Failure {
    let detail = "The input ended before everything was answered. Nothing was written.";
    Failure::new(Diagnostic::error("No more answers", detail)).hint("give the answers beforehand with `--set` or `--answers`, or answer them here")
}

fn too_often() -> Failure {
    Failure::new(Diagnostic::error("No answer understood", format!("{TRIES_MAX} answers to one question were wrong. Nothing was written.")))
}

/// A past in words, and how Git finds it.
pub(crate) fn way_back(past: &Past) -> String {
    let find = match past {
        Past::PullRequest(number) | Past::BeforePullRequest(number) => format!("git log --oneline --grep '#{number}'"),
        Past::Day(day) => format!("git log --oneline --first-parent --since '{day} 00:00' --until '{day} 23:59' -- blueprints"),
        Past::Commit(_) | Past::Moment(_) | Past::LastChange => "git log --oneline --first-parent -- blueprints".to_owned(),
    };
    format!(
        "Taking back is a pull request that reverts, and in a checkout that is Git's own:\n    {}\n    git revert <commit>      # -m 1 for a merge\n    ipr plan\n",
        terminal::plain(&find)
    )
}
