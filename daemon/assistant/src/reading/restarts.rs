//! When does a container start again? "restart always", "deve ripartire sempre", "unless-stopped".

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Concept, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;

/// Policies as people say them.
#[rustfmt::skip]
const POLICIES: &[(&str, &[&str])] = &[
    ("no", &["no automatic restart", "no automatic restarts", "no auto restart", "no restart", "no restarts", "never restart", "nessun riavvio automatico", "nessun riavvio", "senza riavvio automatico", "niente riavvio automatico"]),
    ("on-failure", &["on failure", "on failures", "when it fails", "if it fails", "when it crashes", "if it crashes", "if it falls over", "if it dies", "if it goes down", "if it falls down", "when it dies", "when it falls over", "se cade", "se muore", "quando cade", "on crash", "on error", "on errors", "in caso di errore", "in caso di errori", "in caso di crash", "in caso di guasto", "se fallisce", "se crasha", "se va in errore", "quando fallisce", "quando crasha"]),
    ("unless-stopped", &["come back after a reboot", "come back after reboot", "come back after reboots", "come back after a restart", "come back up after a reboot", "comes back after a reboot", "survive a reboot", "survive reboots", "survives a reboot", "survives reboots", "restart after a reboot", "restarts after a reboot", "start after a reboot", "starts after a reboot", "tornare su dopo un riavvio", "torni su dopo un riavvio", "ripartire dopo un riavvio", "riparta dopo un riavvio", "si rialzi dopo un riavvio", "resistere ai riavvii", "resista ai riavvii", "come back by itself", "come back on its own", "comes back by itself", "comes back on its own", "start by itself", "start on its own", "starts by itself", "starts on its own", "start automatically", "starts automatically", "restart automatically", "restarts automatically", "restart by itself", "restart on its own", "come back up by itself", "come back up on its own", "start again by itself", "si riavvii da solo", "si riavvii da sola", "riparta da solo", "riparta da sola", "ripartire da solo", "ripartire da sola", "si rialzi da solo", "torni su da solo", "torni su da sola", "unless stopped", "unless i stop it", "unless we stop it", "unless somebody stopped it", "unless someone stops it", "unless it was stopped", "a meno che non lo fermi", "a meno che non lo fermiamo", "a meno che non sia stato fermato", "salvo stop manuale"]),
];

/// What a word says of when a container starts again.
pub(crate) fn restart_policy(fold: &str) -> Option<&'static str> {
    Some(match fold {
        "always" | "sempre" => "always",
        "never" | "mai" | "no" => "no",
        "unless-stopped" => "unless-stopped",
        "on-failure" => "on-failure",
        _ => return None,
    })
}

impl Reader<'_> {
    /// "restart: always", "always restart", "unless-stopped".
    pub(crate) fn read_restart(&self, draft: &mut Draft) {
        let creates = draft.command.value == CommandName::Create;
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            // "it should come back by itself unless somebody stopped it".
            let returns = (index.saturating_sub(8)..index).find(|before| self.word(*before) == "back" || self.says_restart(*before));
            let stopped = (index + 1..self.marks.len().min(index + 6))
                .find(|next| matches!(self.word(*next), "stopped" | "stop" | "stops" | "fermato" | "fermo" | "spento" | "ferma" | "fermata"));
            let is_unless = self.word(index) == "unless" || self.text(index).eq_ignore_ascii_case("a meno che");
            if let (true, Some(before), Some(last), true) = (is_unless, returns, stopped, creates) {
                self.set(draft, Concept::RestartPolicy, "unless-stopped", before, last);
                continue;
            }
            // What can only be a policy needs no field's name before it.
            if let Some(text) = self.policy(index).filter(|text| text.contains('-') && (creates || self.policy_stands_alone(index))) {
                let before = index.checked_sub(1).filter(|before| self.says_restart(*before)).unwrap_or(index);
                self.set(draft, Concept::RestartPolicy, text, before, index);
                continue;
            }
            if !self.says_restart(index) || self.marks[index].concept() != Some(Concept::RestartPolicy) && !creates {
                continue;
            }
            let Some((place, text)) = self.restart_value(index).and_then(|place| Some((place, self.policy(place)?))) else { continue };
            // "che non riparta più da sola: restart a no".
            (0..index).filter(|before| self.word(*before) == "non").for_each(|before| self.use_mark(before));
            let last = self.end_of_policy(place);
            self.set(draft, Concept::RestartPolicy, text, index.min(place), index.max(last));
            // "(on-failure)": the same once more.
            (0..self.marks.len()).filter(|other| self.policy(*other) == Some(text)).for_each(|other| self.use_mark(other));
            (0..self.marks.len()).filter(|other| matches!(self.word(*other), "only" | "solo" | "soltanto")).for_each(|other| self.use_mark(other));
        }
    }

    /// Where the text says when a container starts again.
    pub(crate) fn sets_restart(&self) -> Option<usize> {
        (0..self.marks.len()).find(|index| self.marks[*index].concept() == Some(Concept::RestartPolicy) && self.restart_value(*index).is_some())
    }

    fn policy(&self, index: usize) -> Option<&'static str> {
        let from = self.marks[index].from;
        let said = POLICIES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| length_of(phrase, self.words, from).is_some()));
        said.map(|(policy, _)| *policy).or_else(|| restart_policy(self.words.fold(from)))
    }

    /// The last mark of the words of a policy: "in caso di errore" are four.
    fn end_of_policy(&self, index: usize) -> usize {
        let from = self.marks[index].from;
        let length =
            POLICIES.iter().flat_map(|(_, phrases)| phrases.iter()).filter_map(|phrase| length_of(phrase, self.words, from)).max().unwrap_or(1);
        (index..self.marks.len()).take_while(|place| self.marks[*place].from < from + length).last().unwrap_or(index)
    }

    fn restart_value(&self, index: usize) -> Option<usize> {
        let is_value = |place: &usize| {
            let fold = self.words.fold(self.marks[*place].from);
            // "a restart, no?" and "no, restart it": the word needs the field just before it.
            let is_phrase = self.end_of_policy(*place) > *place;
            self.policy(*place).is_some() && (is_phrase || fold != "no" || *place > index && !self.marks[*place - 1].is(&Meaning::Punctuation))
        };
        let behind = (index + 1..self.marks.len().min(index + 7)).take_while(|place| !self.is_break(*place)).find(is_value);
        // "only on failure should it be restarted".
        let is_phrase = |place: &usize| is_value(place) && self.policy(*place).is_some_and(|policy| policy.contains('-'));
        behind.or_else(|| (index.saturating_sub(2)..index).find(is_value)).or_else(|| (index.saturating_sub(6)..index).find(is_phrase))
    }

    /// "make mailpit unless-stopped".
    fn policy_stands_alone(&self, index: usize) -> bool {
        self.text(index).contains('-') && !(0..self.marks.len()).any(|other| self.says_restart(other))
    }

    pub(crate) fn says_restart(&self, index: usize) -> bool {
        self.marks[index].concept() == Some(Concept::RestartPolicy) || self.marks[index].verb() == Some(Verb::PowerCycle)
    }
}
