//! Shall one environment become a copy of another? "clone prod to staging", "rebuild staging off prod at half the size".

use core_model::Name;

use crate::command::Share;
use crate::draft::Draft;
use crate::lexicon::{Verb, length_of};
use crate::quantity::Quantity;
use crate::source::Sourced;

use super::Reader;

/// Words for being alike, beside the verbs for making a copy.
#[rustfmt::skip]
const ALIKE: &[&str] = &["fotocopia", "copia", "copy", "replica", "mirror", "mirrors", "same", "identical", "identically", "twin", "clone", "off", "uguale", "uguali", "identica", "identico", "gemello", "gemella", "livello", "stessa", "stesso", "pari", "come", "like", "specchio", "model", "modello", "pattern", "image", "immagine",
    "medesima", "medesimo", "medesime", "medesimi", "rispecchi", "rispecchia", "rispecchiare", "rispecchiasse", "rispecchino", "rispecchiassero", "rispecchierebbe", "ricalchi", "ricalca", "ricalcare", "ricalcasse", "replichi", "replicasse", "imiti", "imitare", "imitasse", "somigli", "somigliare", "somigliasse", "assomigli", "assomigliare", "assomigliasse", "corrisponda", "corrispondesse", "corrispondere", "allineare", "allinea", "allineate", "allineiamo", "allineato", "align", "aligned", "mirrored", "mirroring", "resemble", "resembles", "matched", "match", "matches", "reflect", "reflects", "echo"];
/// What somebody did.
#[rustfmt::skip]
const DONE: &[&str] = &["made", "built", "rebuilt", "set", "did", "had", "took", "brought", "kept", "got"];
/// With one of these a sentence wishes, whatever its verb.
#[rustfmt::skip]
const WISHING: &[&str] = &["should", "shall", "could", "can", "would", "must", "needs", "need", "want", "like", "please", "pls", "dovrebbe", "deve", "vorrei", "vorremmo", "voglio", "vogliamo", "serve", "puo", "possiamo", "puoi", "potete", "potreste", "potresti", "make", "rendi", "rendete"];

/// Shares that are said without a number.
#[rustfmt::skip]
const SHARES: &[((u32, u32), &[&str])] = &[
    ((1, 4), &["quarter", "quarto", "quarter-size", "quarter-sized", "quarter-scale"]),
    ((1, 3), &["third", "terzo", "third-size", "third-sized"]),
    ((1, 2), &["half", "meta", "mezza", "mezzo", "half-size", "half-sized", "half-scale"]),
    ((1, 5), &["fifth", "quinto"]),
    ((1, 10), &["tenth", "decimo"]),
    ((1, 1), &["1:1", "1 to 1", "one to one", "identically", "same size", "same sizes", "same sizing", "the same dimensions", "uno a uno", "stesse dimensioni", "stessa taglia", "stesse taglie", "stesse risorse", "medesime dimensioni", "medesima taglia", "medesime risorse", "same scale", "same resources", "same capacity", "full size", "full scale", "stessa dimensione", "stessa capacita", "a grandezza naturale", "tale e quale"]),
];
/// With one of these and no number it is half or twice as large.
const SMALLER: &[&str] = &["smaller", "piu piccolo", "piccolo", "piccola", "ridotto", "ridotta", "reduced", "cheaper", "leaner"];
const BIGGER: &[&str] = &["bigger", "larger"];

impl Reader<'_> {
    /// "at half the size", "ridotta a un quarto", "quarter of the resources": a number says more than a word, and that more than "smaller".
    pub(super) fn read_share(&self, draft: &mut Draft) {
        let by_number = |index: usize| match self.marks[index].quantity()? {
            Quantity::Factor(times, per) => Some((u32::try_from(times).ok()?, u32::try_from(per).ok()?)),
            Quantity::Percent(percent) => Some((u32::try_from(percent).ok()?, 100)),
            _ => None,
        };
        let by_word = |index: usize| {
            let from = self.marks[index].from;
            let stands = |phrases: &[&str]| phrases.iter().any(|phrase| length_of(phrase, self.words, from).is_some());
            let is_free = self.marks[index].environment().is_none();
            SHARES.iter().find(|(_, phrases)| is_free && stands(phrases)).map(|(share, _)| *share)
        };
        let by_likeness = |index: usize| match self.word(index) {
            word if SMALLER.contains(&word) => Some((1, 2)),
            word if BIGGER.contains(&word) => Some((2, 1)),
            _ => None,
        };
        let all = || 0..self.marks.len();
        let found = all().find_map(|index| Some((index, by_number(index)?)));
        let found = found.or_else(|| all().find_map(|index| Some((index, by_word(index)?))));
        let found = found.or_else(|| all().find_map(|index| Some((index, by_likeness(index)?))));
        let Some((index, (times, per))) = found.filter(|(_, (times, per))| *times > 0 && *per > 0) else { return };
        let common = divisor(times, per);
        draft.share = Some(Sourced::new(Share { times: times / common, per: per / common }, self.source(index, index)));
        all().filter(|place| by_number(*place).or(by_word(*place)).or(by_likeness(*place)).is_some()).for_each(|place| self.use_mark(place));
    }

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
            // "staging from prod, quarter size", "refresh staging from prod, 50%".
            None if self.gives_share() && self.verbs().next().is_none() => alike().or_else(|| self.word_from(environments).filter(|_| !names_field)),
            _ => None,
        }
    }

    /// "is staging a copy of prod?", "staging is not like prod", "last year we made staging like prod".
    fn tells_of_copy(&self, environments: &[(usize, &Name)]) -> bool {
        let words = || self.words.tokens.iter().map(|token| token.fold.as_str());
        let wishes = words().any(|word| WISHING.contains(&word) && word != "like") || self.verbs().any(|(_, verb)| verb == Verb::Want);
        // "should staging match prod?"
        let opens = matches!(self.words.word(0), "should" | "shall" | "does" | "do" | "did" | "is" | "are" | "was" | "has" | "must");
        let is_asked = words().any(|word| word == "?") && (!wishes || opens);
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

    /// "staging from prod": the word between the two.
    fn word_from(&self, environments: &[(usize, &Name)]) -> Option<usize> {
        let [(first, _), (second, _)] = environments else { return None };
        (first + 1..*second).find(|index| matches!(self.words.word(self.marks[*index].from), "from" | "off" | "da" | "dal" | "dalla"))
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

/// The greatest number that divides both: a quarter is 1/4, and not 25/100.
fn divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one.max(1) } else { divisor(other, one % other) }
}
