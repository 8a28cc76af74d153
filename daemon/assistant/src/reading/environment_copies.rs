//! Shall one environment become a copy of another? "clone prod to staging", "rebuild staging off prod at half the size".

use core_model::Name;

use crate::lexicon::Verb;
use crate::quantity::Quantity;

use super::Reader;

/// Words for being alike, beside the verbs for making a copy.
#[rustfmt::skip]
const ALIKE: &[&str] = &["fotocopia", "copia", "copy", "replica", "mirror", "mirrors", "same", "identical", "identically", "twin", "clone", "off", "uguale", "uguali", "identica", "identico", "gemello", "gemella", "livello", "stessa", "stesso", "pari", "come", "like", "specchio"];
/// What somebody did.
#[rustfmt::skip]
const DONE: &[&str] = &["made", "built", "rebuilt", "set", "did", "had", "took", "brought", "kept", "got"];
/// With one of these a sentence wishes, whatever its verb.
#[rustfmt::skip]
const WISHING: &[&str] = &["should", "shall", "could", "can", "would", "must", "needs", "need", "want", "like", "please", "pls", "dovrebbe", "deve", "vorrei", "vorremmo", "voglio", "vogliamo", "serve", "puo", "possiamo", "puoi", "potete", "potreste", "potresti", "make", "rendi", "rendete"];

impl Reader<'_> {
    /// Where it is said that one environment shall be a copy of another.
    pub(crate) fn copies_environment(&self, environments: &[(usize, &Name)]) -> Option<usize> {
        let names_some = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        if names_some || self.tells_of_copy(environments) {
            return None;
        }
        if let Some(index) = self.makes_again().or_else(|| self.sign_between(environments)) {
            return Some(index);
        }
        let is_wish = |verb: Verb| matches!(verb, Verb::Clone | Verb::Set | Verb::Move | Verb::Create | Verb::Want);
        let order = self.verbs().find(|(_, verb)| is_wish(*verb)).map(|(index, _)| index);
        let names_field = self.marks.iter().any(|mark| mark.concept().is_some());
        let alike = || self.word_of_likeness().filter(|_| !names_field);
        match order {
            Some(index) if self.has_likeness() || alike().is_some() => Some(index),
            // "same thing we have in prod, a third the size, over in staging".
            None if self.gives_share() && self.verbs().next().is_none() => alike(),
            _ => None,
        }
    }

    /// "is staging a copy of prod?", "staging is not like prod", "last year we made staging like prod".
    fn tells_of_copy(&self, environments: &[(usize, &Name)]) -> bool {
        let words = || self.words.tokens.iter().map(|token| token.fold.as_str());
        let wishes = words().any(|word| WISHING.contains(&word) && word != "like") || self.verbs().any(|(_, verb)| verb == Verb::Want);
        let is_asked = words().any(|word| word == "?") && !wishes;
        let is_being = |place: usize| {
            matches!(
                self.words.tokens[place].text.to_lowercase().as_str(),
                "is" | "are" | "was" | "were" | "isn" | "aren" | "wasn" | "è" | "era" | "looks" | "looked"
            )
        };
        let end = environments.last().map_or(0, |(index, _)| self.marks[*index].from);
        let orders = self.verbs().any(|(_, verb)| matches!(verb, Verb::Set | Verb::Create | Verb::Move)) || self.makes_again().is_some();
        let is_told = (0..end).any(is_being) && !wishes && !orders;
        let is_done = |place: usize| {
            let word = self.words.word(place);
            let before = place.checked_sub(1).map_or("", |before| self.words.word(before));
            matches!(before, "we" | "they" | "i" | "he" | "she" | "somebody" | "someone" | "you")
                && (word.len() > 4 && word.ends_with("ed") && word != "need" || DONE.contains(&word))
                || matches!(before, "abbiamo" | "hanno" | "ho" | "avete" | "hai")
                    && ["ato", "uto", "tto", "sto"].iter().any(|end| word.ends_with(end))
        };
        is_asked || is_told || (0..self.words.tokens.len()).any(is_done) && !wishes
    }

    fn word_of_likeness(&self) -> Option<usize> {
        (0..self.marks.len()).find(|index| (self.marks[*index].from..self.marks[*index].to).any(|place| ALIKE.contains(&self.words.word(place))))
    }

    fn gives_share(&self) -> bool {
        self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Factor(..) | Quantity::Percent(_))))
            || (0..self.marks.len())
                .any(|index| matches!(self.word(index), "size" | "same" | "smaller" | "taglia" | "dimensioni" | "quarter" | "half"))
    }

    /// "staging = prod, half size", "prod -> staging, quarter scale": no resource, and a sign between the two.
    fn sign_between(&self, environments: &[(usize, &Name)]) -> Option<usize> {
        let [(first, _), (second, _)] = environments else { return None };
        let has_resource = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        let has_verb = self.verbs().any(|(_, verb)| !matches!(verb, Verb::Scale | Verb::Want));
        let has_share = self.gives_share();
        let sign = first + 1;
        let is_sign = sign + 1 == *second && matches!(self.text(sign).as_str(), "=" | "->" | "→" | "=>");
        (is_sign && !has_resource && !has_verb && has_share).then_some(sign)
    }

    /// "ricreare in staging l'ambiente di produzione".
    fn makes_again(&self) -> Option<usize> {
        let is_again = |index: &usize| {
            let word = self.words.word(self.marks[*index].from);
            ["ricre", "riprodu", "recreat", "reproduc", "rebuil", "mirror", "rifa", "rifate", "rifai"].iter().any(|stem| word.starts_with(stem))
        };
        (0..self.marks.len()).find(is_again)
    }

    fn has_likeness(&self) -> bool {
        // "make dev look like staging".
        let looks_like = |index: usize| matches!(self.text(index).to_lowercase().as_str(), "look like" | "looks like" | "way");
        self.has(Verb::Clone).is_some()
            || (1..self.marks.len()).any(|index| looks_like(index) && (0..index).any(|before| self.marks[before].environment().is_some()))
    }
}
