//! Which denials only tell how things are? "orders don't come in", "non era quello che volevo", and not "don't touch it".

use super::Reader;

/// Verbs behind which "not" tells.
#[rustfmt::skip]
const TOLD: &[&str] = &["did", "does", "is", "are", "was", "were", "has", "have", "had", "am", "will", "could", "can", "would", "may", "might", "re", "s", "m", "it's", "that's", "we're"];
/// The same, as they stand before an apostrophe.
#[rustfmt::skip]
const TOLD_SHORT: &[&str] = &["didn", "doesn", "isn", "aren", "wasn", "weren", "hasn", "haven", "hadn", "won", "couldn", "can", "wouldn", "ain"];
/// Between "non" and its verb.
#[rustfmt::skip]
const CLITICS: &[&str] = &["la", "lo", "li", "le", "ci", "si", "mi", "ne", "vi", "ti", "gli", "ce", "me", "se", "c", "l", "n", "m", "t", "v"];
/// Ends of Italian verbs that forbid behind "non": "non toccate", "non toccare", "non tocchiamo".
const FORBIDDING_ENDS: [&str; 7] = ["are", "ere", "ire", "ate", "ete", "ite", "iamo"];
/// Verbs of telling that have such an end.
const TELLING_ENDS: [&str; 6] = ["siamo", "abbiamo", "usiamo", "stiamo", "sappiamo", "riusciamo"];

impl Reader<'_> {
    /// Whether a word that denies stands in a sentence about how things are.
    pub(crate) fn denies_by_telling(&self, place: usize) -> bool {
        let word = |place: usize| self.words.word(place);
        let before = place.checked_sub(1).map_or("", &word);
        // "delete it, I don't think so", "we don't want that": what is denied is the wish.
        let turns_wish = matches!(
            (word(place + 1), word(place + 2)),
            ("think", "so") | ("want" | "mean" | "agree" | "approve" | "recommend" | "advise" | "allow" | "like", _)
        ) || matches!(word(place + 1), "voglio" | "vogliamo" | "vuole" | "intendo" | "approvo" | "consiglio" | "credo");
        if turns_wish {
            return false;
        }
        match word(place) {
            "t" if before == "don" => self.has_subject_before(place - 1),
            "t" => TOLD_SHORT.contains(&before),
            "not" if before == "do" => self.has_subject_before(place - 1),
            "not" => TOLD.contains(&before),
            "dont" | "never" => self.has_subject_before(place),
            "cannot" => true,
            // "nobody loves it", "nothing remains"; "nobody touch it" forbids.
            "nobody" | "noone" | "nothing" | "one" if word(place) != "one" || before == "no" => {
                let verb = word(place + 1 + usize::from(matches!(word(place + 1), "here" | "ever" | "else" | "really" | "actually")));
                verb.len() > 3 && verb.ends_with(['s', 'd']) || matches!(verb, "can" | "could" | "will" | "is" | "was" | "has")
            }
            "nessuno" | "niente" => self.is_telling(place + 1),
            // "ieri andava tutto bene e oggi no", "yesterday it worked, now no more".
            "no" => {
                matches!(before, "oggi" | "adesso" | "ora" | "ormai" | "stamattina" | "today" | "now")
                    && self
                        .words
                        .tokens
                        .get(place + 1)
                        .is_none_or(|next| next.is_punctuation() || next.fold == "longer" || next.fold == "more" || next.fold == "torniamo")
            }
            "non" => self.denies_in_italian(place),
            _ => false,
        }
    }

    /// "we have decided to", "I asked around", "abbiamo deciso di": what the author did, and nobody else's wish.
    pub(crate) fn is_own_deed(&self, place: usize) -> bool {
        let word = |place: usize| self.words.word(place);
        let is_deed = matches!(
            word(place),
            "decided"
                | "confirmed"
                | "asked"
                | "checked"
                | "verified"
                | "approved"
                | "deciso"
                | "confermato"
                | "chiesto"
                | "verificato"
                | "controllato"
        );
        let is_self = |word: &str| matches!(word, "i" | "we" | "ve" | "ho" | "abbiamo");
        let before = place.checked_sub(1).map_or("", word);
        let is_own =
            is_self(before) || matches!(before, "have" | "already" | "just" | "also" | "gia" | "finally") && place > 1 && is_self(word(place - 2));
        // "I asked Luca to delete it" is another's work.
        let is_of_another = word(place) == "asked" && !matches!(word(place + 1), "around" | "everyone" | "everybody" | "the" | "all")
            || word(place) == "chiesto" && word(place + 1) != "in";
        is_deed && is_own && !is_of_another
    }

    /// "non la usa più nessuno dopo il trasloco", "nobody has used it after the move": since when it is not used.
    pub(crate) fn tells_since_when(&self, place: usize) -> bool {
        let ahead = (place.saturating_sub(8)..place).rev().take_while(|before| !self.words.tokens[*before].is_punctuation());
        let is_unused = |before: usize| matches!(self.words.word(before), "nobody" | "nessuno" | "longer" | "anymore" | "piu" | "unused");
        matches!(self.words.word(place), "dopo" | "after") && ahead.into_iter().any(is_unused)
    }

    /// "build-01 is down again, boot it": how it is once more.
    pub(crate) fn tells_state_again(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or("", |before| self.words.word(before));
        matches!(self.words.word(place), "again" | "ancora" | "nuovamente")
            && matches!(
                before,
                "down"
                    | "off"
                    | "out"
                    | "dead"
                    | "dark"
                    | "frozen"
                    | "stuck"
                    | "unreachable"
                    | "hanging"
                    | "offline"
                    | "spenta"
                    | "spento"
                    | "giu"
                    | "piantata"
                    | "morta"
                    | "bloccata"
            )
    }

    /// "orders don't": somebody or something does it. At the beginning of a part "don't" forbids.
    fn has_subject_before(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1) else { return false };
        let word = self.words.word(before);
        let is_none =
            matches!(word, "please" | "pls" | "and" | "but" | "so" | "just" | "or" | "then" | "to" | "you" | "also" | "plz" | "that" | "which");
        let is_gap = self.marks.iter().position(|mark| mark.from == place).is_some_and(|index| self.is_gap_before(index));
        !word.is_empty() && !self.words.tokens[before].is_punctuation() && !is_none && !is_gap
    }

    /// "non arrivano", "non era quello", "non ci serve": no infinitive and no imperative stands behind it.
    fn denies_in_italian(&self, place: usize) -> bool {
        let verb = (place + 1..self.words.tokens.len().min(place + 4)).find(|next| !CLITICS.contains(&self.words.word(*next)));
        let Some(verb) = verb else { return false };
        let word = self.words.word(verb);
        let is_named =
            self.marks.iter().any(|mark| mark.from == verb && (mark.named().is_some() || mark.environment().is_some() || mark.thing().is_some()));
        let forbids = FORBIDDING_ENDS.iter().any(|end| word.ends_with(end)) && !TELLING_ENDS.iter().any(|end| word.ends_with(end));
        let is_verb = word.len() > 1
            && !self.words.tokens[verb].is_punctuation()
            && !matches!(
                word,
                "il" | "i" | "un" | "una" | "uno" | "in" | "di" | "a" | "per" | "prima" | "oggi" | "ora" | "ancora" | "adesso" | "subito"
            );
        is_verb && !is_named && !forbids
    }
}
