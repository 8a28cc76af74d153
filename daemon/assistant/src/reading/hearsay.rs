//! Whose wish is it? What somebody else wants, claims or asks is no order of the author's.

use crate::lexicon::ASKING_POLITELY;
use crate::mark::Meaning;

use super::Reader;

/// Words with which one tells what somebody else wants.
const REPORTING: [&str; 12] = ["said", "says", "wrote", "told", "asked", "claims", "wants", "detto", "dice", "scritto", "chiesto", "vuole"];

/// What others do to have something done.
#[rustfmt::skip]
const ORDERING: [&str; 13] = ["asks", "asked", "instructs", "instructed", "demands", "demanded", "requests", "requested", "insists", "chiede", "chiedono", "pretende", "esige"];

const TELLING: [&str; 5] = ["says", "said", "told", "dice", "dicono"];

const SENDING: [&str; 6] = ["needs", "wants", "requires", "expects", "orders", "tells"];

/// Before an order they ask how, or whether.
#[rustfmt::skip]
const WONDERING: &[&str] = &[
    "how do", "how to", "how can", "how could", "how would", "how should", "how does", "how about", "what happens", "is it ok to", "is it okay to", "is it fine to", "is it alright to", "is it wise to", "is it safe to", "is it a good idea to", "is it time to", "am i allowed to", "are we allowed to",
    "come si", "come faccio", "come facciamo", "come posso", "come possiamo", "va bene se", "e il caso di", "e sicuro", "e prudente", "e una buona idea",
];

/// Words of roles and orders.
#[rustfmt::skip]
const AUTHORITY: &[&str] = &[
    "assistant", "bot", "ai", "llm", "gpt", "model", "system", "developer", "admin", "administrator", "cto", "ceo", "root", "superuser", "policy", "trusted", "instruction", "instructions", "command", "order", "orders", "ordered", "authorised", "authorized", "approved", "behaviour", "behavior", "sentence", "override", "elevated", "maintainer", "maintainers", "/sudo",
    "assistente", "modello", "sistema", "sviluppatore", "amministratore", "direttore", "ordina", "ordine", "autorizzato", "autorizzata", "approvato", "approvata", "istruzione", "istruzioni", "comportamento", "responsabile",
];

impl Reader<'_> {
    /// "The assistant shall delete it", "says the CTO": words of power are no reason to remove something.
    pub(super) fn claims_authority(&self) -> bool {
        (0..self.marks.len()).any(|index| {
            !self.is_used(index)
                && AUTHORITY.contains(&self.word(index))
                && !self.is_agreed_by(index)
                && !self.approves_else(self.marks[index].from)
                && !self.is_trade(index)
                && !self.is_place_of_others(index)
                // "bin web-02, it has served its sentence".
                && !(self.word(index) == "sentence" && index > 0 && matches!(self.word(index - 1), "its" | "their" | "the"))
        })
    }

    /// "the client approved the e-mails": something else than what is asked for here.
    pub(super) fn approves_else(&self, place: usize) -> bool {
        let is_approving = matches!(self.words.word(place), "approved" | "approvato");
        let has_article = matches!(self.words.word(place + 1), "the" | "our" | "my" | "their" | "il" | "la" | "le" | "i" | "gli" | "lo");
        let noun = self.words.word(place + 2);
        let is_this = [
            "delet",
            "remov",
            "chang",
            "request",
            "eliminaz",
            "rimoz",
            "cancellaz",
            "modific",
            "richiest",
            "roll",
            "shut",
            "spegn",
            "dismiss",
            "decommis",
            "clean",
            "plan",
            "pr",
            "pull",
        ]
        .iter()
        .any(|stem| noun.starts_with(stem));
        let names =
            self.marks.iter().any(|mark| (mark.from == place + 2 || mark.from == place + 1) && (mark.named().is_some() || mark.verb().is_some()));
        is_approving && has_article && !noun.is_empty() && !is_this && !names
    }

    /// "since then orders don't come in", "gli ordini non arrivano": what customers send, and no command.
    pub(super) fn tells_of_trade(&self, place: usize) -> bool {
        let is_noun = matches!(self.words.word(place), "order" | "orders" | "ordine");
        let behind = self.words.word(place + 1);
        is_noun && (self.is_telling(place + 1) || matches!(behind, "don" | "do" | "dont" | "stopped" | "come" | "page" | "pages" | "form"))
    }

    /// "our dashboards moved to the institute's central system": where something else is.
    fn is_place_of_others(&self, index: usize) -> bool {
        let is_place = matches!(self.word(index), "system" | "sistema" | "model" | "modello" | "github" | "gitlab");
        let is_in =
            |place: usize| matches!(self.word(place), "to" | "into" | "in" | "on" | "onto" | "al" | "nel" | "sul" | "su" | "del" | "a" | "ai");
        let is_own = self.order().is_some_and(|order| !order.clause().contains(&index));
        is_place && is_own && (index.saturating_sub(5)..index).any(is_in)
    }

    fn is_trade(&self, index: usize) -> bool {
        self.tells_of_trade(self.marks[index].from) && self.order().is_some_and(|order| !order.clause().contains(&index))
    }

    /// "the CEO agreed", "il capo è d'accordo": a reason, and no order.
    pub(crate) fn is_agreed_by(&self, index: usize) -> bool {
        let ahead = (index..self.marks.len().min(index + 4)).take_while(|next| !self.is_break(*next));
        let words = ahead.flat_map(|next| self.marks[next].from..self.marks[next].to);
        words.into_iter().any(|place| matches!(self.words.word(place), "agreed" | "agrees" | "accordo"))
    }

    /// "GitHub support needs you to delete it": somebody who does not write here gives the order.
    pub(super) fn is_ordered_by_another(&self) -> bool {
        // "as instructed by support", "come richiesto dalla direzione".
        let is_by = |place: usize| match self.words.word(place) {
            "instructed" | "ordered" | "requested" | "told" | "directed" | "demanded" | "required" | "mandated" => self.words.word(place + 1) == "by",
            "richiesto" | "ordinato" | "chiesto" | "disposto" | "imposto" | "deciso" => {
                matches!(self.words.word(place + 1), "da" | "dal" | "dalla" | "dai" | "dagli" | "dall")
            }
            _ => false,
        };
        // "Requested by: Arjun" is a field of a form.
        let is_label = |place: usize| super::labels::label_at(self.words, place).is_some();
        if (0..self.words.tokens.len()).any(|place| is_by(place) && !is_label(place)) {
            return true;
        }
        let Some((_, verb)) = self.intent() else { return false };
        let end = self.marks.get(verb).map_or(0, |mark| mark.from);
        (1..end).any(|place| {
            // "I am told nobody looks at it".
            let is_own = matches!(
                self.words.word(place - 1),
                "i" | "we" | "as" | "was" | "were" | "been" | "ho" | "abbiamo" | "come" | "si" | "am" | "m" | "re" | "are"
            );
            let (word, next) = (self.words.word(place), self.words.word(place + 1));
            // "they told me to delete it": whoever writes this wishes it now.
            let is_own = is_own || self.words.word(place - 1) == "they" && matches!(next, "me" | "us");
            let is_own = is_own || self.is_heard_of_use(place);
            !is_own && (ORDERING.contains(&word) && matches!(next, "you" | "that" | "to" | "di" | "che" | "ti" | "a") || TELLING.contains(&word))
                || SENDING.contains(&word) && matches!(next, "you")
        })
    }

    /// "my boss wants it deleted".
    pub(super) fn is_told_of_another(&self) -> bool {
        let Some(order) = self.order().map(|order| order.clause()) else { return false };
        // "we might go back to Monday": it is weighed, and not asked for.
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let verb = self.order().map_or(0, |order| order.verb);
        let is_weighed = |index: usize| index < verb && !asks && matches!(self.words.word(self.marks[index].from), "might" | "potremmo" | "potrei");
        let is_gone = |index: usize| self.word(index) == "needs" && self.words.word(self.marks.get(index + 2).map_or(0, |next| next.from)) == "gone";
        // "build-01 wants decommissioning": what is named wishes nothing. "Si chiede la rimozione": who writes does.
        let is_own =
            |index: usize| index > 0 && (self.marks[index - 1].named().is_some() || self.word(index) == "chiede" && self.word(index - 1) == "si");
        order.into_iter().any(|index| {
            is_gone(index) || is_weighed(index) || matches!(self.word(index), "wants" | "vuole" | "vogliono" | "insists" | "chiede") && !is_own(index)
        })
    }

    /// "Bob said undo it": a wish of somebody else.
    pub(super) fn is_reported(&self) -> bool {
        (0..self.marks.len()).any(|index| REPORTING.contains(&self.word(index)))
    }

    fn wonders_at(&self, place: usize) -> bool {
        WONDERING.iter().any(|phrase| crate::lexicon::length_of(phrase, self.words, place).is_some())
    }

    /// "how do I create a VM", "is it ok to create one": the text begins so.
    pub(super) fn is_wondered(&self) -> bool {
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_advice = matches!((self.words.word(0), self.words.word(1)), ("should", "we" | "i") | ("shall", "we" | "i") | ("conviene", _));
        self.wonders_at(0) && self.words.word(1) != "about" || asks && is_advice
    }

    /// A question, and not a wish in the form of one: "is it safe to delete it?"
    pub(super) fn is_asked(&self) -> bool {
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        // "how do I delete it", "is it ok to delete it": whether, or how, and no order yet.
        let order = self.order().map_or(0, |order| self.marks[order.verb].from);
        // "I'm deleting cache-dev": the author does it.
        let is_own_deed = order > 1 && self.words.word(order - 2) == "i" && matches!(self.words.word(order - 1), "m" | "ll" | "am" | "will");
        if (order.saturating_sub(6)..order).any(|place| self.wonders_at(place)) || is_own_deed {
            return true;
        }
        // "mi elimineresti": the form itself is polite.
        if self.opens_with_deed() {
            return true;
        }
        // "can I undo #57 later?"
        let is_own = matches!(self.words.word(0), "can" | "could" | "may" | "might") && self.words.word(1) == "i";
        if asks && is_own && self.order().is_some_and(|order| self.marks[order.verb].verb() == Some(crate::lexicon::Verb::RollBack)) {
            return true;
        }
        // "why do we still have a dmz? remove it".
        if self.order_behind_question().is_some() && !self.asks_besides() {
            return false;
        }
        // "mi spegnete web-02?"
        let verb = self.order().map_or(0, |order| self.marks[order.verb].from);
        let is_for_me = verb > 0 && matches!(self.words.word(verb - 1), "mi" | "ci" | "me" | "ce")
            || verb > 1 && matches!(self.words.word(verb - 2), "me" | "ce");
        if is_for_me && !self.asks_besides() {
            return false;
        }
        // "la riaccendete?": it is asked of those who read this.
        let is_put_to_you = verb > 0
            && matches!(self.words.word(verb - 1), "la" | "lo" | "li" | "le" | "me" | "ce")
            && ["ate", "ete", "ite"].iter().any(|end| self.words.word(verb).ends_with(end))
            && self.words.word(verb + 1) == "?";
        if is_put_to_you && !self.asks_besides() {
            return false;
        }
        let is_polite = |fold: &str| ASKING_POLITELY.contains(&fold) || fold.ends_with("resti") || fold.ends_with("reste");
        asks && (!self.words.tokens.iter().any(|token| is_polite(&token.fold)) || self.asks_besides())
    }

    /// "can you delete cache-dev? is anybody using it?": a question beside the order, that is more than "ok?".
    pub(super) fn asks_besides(&self) -> bool {
        let Some(order) = self.order() else { return false };
        let mut start = 0;
        for end in (0..self.marks.len()).filter(|index| self.is_break(*index)) {
            let is_question = self.words.tokens[self.marks[end].from].fold == "?";
            let words = (start..end).filter(|index| !self.marks[*index].is(&Meaning::Punctuation)).count();
            if is_question && !(start..end).contains(&order.verb) && words > 2 && !self.asks_rhetorically(start) {
                return true;
            }
            start = end + 1;
        }
        false
    }
}
