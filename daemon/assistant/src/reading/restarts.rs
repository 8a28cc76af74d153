//! When does a container start again? "restart always", "deve ripartire sempre", "unless-stopped".

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Concept, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;

/// Policies as people say them.
#[rustfmt::skip]
const POLICIES: &[(&str, &[&str])] = &[
    ("always", &["come back always", "comes back always", "always come back", "always comes back", "come back every time", "comes back every time", "restart every time", "restarts every time", "come up again every time", "tornare sempre su", "torni sempre su", "torna sempre su", "riparta sempre", "ripartire sempre", "ripartire ogni volta", "riparta ogni volta", "rialzarsi sempre", "si rialzi sempre"]),
    ("no", &["non deve ripartire da sola", "non deve ripartire da solo", "non deve riavviarsi da sola", "non deve riavviarsi da solo", "non deve riavviarsi automaticamente", "non riparta da sola", "non riparta da solo", "shouldn t restart by itself", "should not restart by itself", "must not restart by itself", "shouldn t restart on its own", "should not restart on its own", "shouldn t come back by itself", "should not come back by itself", "should not restart automatically", "shouldn t restart automatically", "no automatic restart", "no automatic restarts", "no auto restart", "no restart", "no restarts", "never restart", "nessun riavvio automatico", "nessun riavvio", "senza riavvio automatico", "niente riavvio automatico"]),
    ("on-failure", &["whenever it falls over", "whenever it crashes", "whenever it dies", "whenever it fails", "each time it crashes", "every time it crashes", "whenever it goes down", "ogni volta che cade", "ogni volta che crasha", "on failure", "on failures", "when it fails", "if it fails", "when it crashes", "if it crashes", "if it falls over", "if it dies", "if it goes down", "if it falls down", "when it dies", "when it falls over", "se cade", "se muore", "quando cade", "on crash", "on error", "on errors", "in caso di errore", "in caso di errori", "in caso di crash", "in caso di guasto", "se fallisce", "se crasha", "se va in errore", "quando fallisce", "quando crasha"]),
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
        self.drop_former_policy();
        if self.read_explicit_policy(draft) {
            return;
        }
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            // "it should come back by itself unless somebody stopped it", "keep it restarting unless stopped".
            let returns = (index.saturating_sub(8)..index).find(|before| {
                matches!(self.word(*before), "back" | "restarting" | "restarts" | "restarted" | "riparte" | "ripartire" | "riparta")
                    || self.says_restart(*before)
            });
            let keeps = (index.saturating_sub(4)..index).find(|before| self.word(*before) == "keep").filter(|_| returns.is_some());
            let returns = keeps.or(returns);
            let stopped = (index + 1..self.marks.len().min(index + 6))
                .find(|next| matches!(self.word(*next), "stopped" | "stop" | "stops" | "fermato" | "fermo" | "spento" | "ferma" | "fermata"));
            let is_unless = self.word(index) == "unless" || self.text(index).eq_ignore_ascii_case("a meno che");
            if let (true, Some(before), Some(last), true) = (is_unless, returns, stopped, creates) {
                self.set(draft, Concept::RestartPolicy, "unless-stopped", before, last);
                continue;
            }
            // What can only be a policy needs no field's name before it.
            if let Some(text) = self.policy(index).filter(|text| {
                (text.contains('-') || *text == "always" && self.end_of_policy(index) > index)
                    && (creates || self.policy_stands_alone(index) || self.is_only_policy(text))
            }) {
                // "come back by itself whenever it falls over on an error": behind it stands after which end.
                let end = self.end_of_policy(index);
                let limits = |place: usize| self.policy(place) == Some("on-failure");
                if text == "unless-stopped" && self.text(index) != text && (end + 1..self.marks.len().min(end + 3)).any(limits) {
                    (index..=end).for_each(|place| self.use_mark(place));
                    continue;
                }
                let before = index.checked_sub(1).filter(|before| self.says_restart(*before)).unwrap_or(index);
                self.set(draft, Concept::RestartPolicy, text, before, index);
                continue;
            }
            let is_order = self.marks[index].concept() != Some(Concept::RestartPolicy);
            if !self.says_restart(index) || is_order && !creates && self.sets_restart() != Some(index) {
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

    /// "always rather than unless-stopped": what it is now.
    fn drop_former_policy(&self) {
        for index in 0..self.marks.len() {
            let is_instead = matches!(
                self.text(index).to_lowercase().as_str(),
                "rather than" | "instead of" | "invece di" | "anziché" | "anziche" | "piuttosto che"
            );
            let is_instead = is_instead || matches!((self.word(index), self.word(index + 1)), ("place", "of") | ("posto", "di"))
                // "always, not just unless-stopped".
                || matches!(self.word(index), "not" | "non");
            let former = (index + 1..self.marks.len().min(index + 4)).find(|place| self.policy(*place).is_some());
            if let Some(former) = former.filter(|_| is_instead && (0..index).any(|place| self.policy(place).is_some())) {
                (index..=former).for_each(|place| self.use_mark(place));
            }
        }
    }

    /// "come back by itself whenever it falls over (restart always)", "make cache always come back by itself": the policy by its own
    /// name, beside what people call it.
    fn read_explicit_policy(&self, draft: &mut Draft) -> bool {
        let free = |place: &usize| !self.is_used(*place);
        let paraphrase = (0..self.marks.len()).filter(free).find(|place| {
            self.policy(*place).is_some_and(|text| text == "unless-stopped" || text == "on-failure") && self.is_phrase_of_policy(*place)
        });
        let named = (0..self.marks.len()).filter(free).find(|place| {
            let fold = self.words.fold(self.marks[*place].from);
            let is_always = matches!(fold, "always" | "sempre")
                && paraphrase.is_some_and(|other| other.abs_diff(*place) <= 3 || self.says_restart(place.saturating_sub(1)));
            is_always || matches!(fold, "unless-stopped" | "on-failure") && paraphrase.is_some()
        });
        let (Some(paraphrase), Some(named)) = (paraphrase, named) else { return false };
        let Some(text) = restart_policy(self.words.fold(self.marks[named].from)) else { return false };
        let (first, last) = (paraphrase.min(named), self.end_of_policy(paraphrase).max(named));
        self.set(draft, Concept::RestartPolicy, text, first, last);
        (0..self.marks.len()).filter(|place| self.says_restart(*place) || self.policy(*place).is_some()).for_each(|place| self.use_mark(place));
        true
    }

    fn is_phrase_of_policy(&self, index: usize) -> bool {
        self.marks[index].to > self.marks[index].from + 1 || self.end_of_policy(index) > index
    }

    /// Where the text says when a container starts again.
    pub(crate) fn sets_restart(&self) -> Option<usize> {
        // "fai ripartire grafana sempre": what shall always be is no order for now.
        let is_lasting = |index: usize| self.restart_value(index).and_then(|place| self.policy(place)).is_some_and(|policy| policy != "no");
        (0..self.marks.len()).find(|index| {
            self.marks[*index].concept() == Some(Concept::RestartPolicy) && self.restart_value(*index).is_some()
                || self.marks[*index].verb() == Some(Verb::PowerCycle) && is_lasting(*index)
        })
    }

    fn policy(&self, index: usize) -> Option<&'static str> {
        // "solo se va in errore" is one mark.
        let from = self.marks[index].from;
        let from = from + usize::from(matches!(self.words.word(from), "only" | "solo" | "soltanto") && self.marks[index].to > from + 1);
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

    /// "Restart policies:\n- cache: unless-stopped\n- cache-dev: unless-stopped": the same for all.
    fn is_only_policy(&self, text: &str) -> bool {
        let named = (0..self.marks.len()).filter_map(|place| restart_policy(self.words.fold(self.marks[place].from))).collect::<Vec<_>>();
        named.len() > 1 && named.iter().all(|own| *own == text)
    }

    /// "make mailpit unless-stopped".
    fn policy_stands_alone(&self, index: usize) -> bool {
        self.text(index).contains('-') && !(0..self.marks.len()).any(|other| self.says_restart(other))
    }

    pub(crate) fn says_restart(&self, index: usize) -> bool {
        self.marks[index].concept() == Some(Concept::RestartPolicy) || self.marks[index].verb() == Some(Verb::PowerCycle)
    }
}
