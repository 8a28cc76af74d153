//! Which words mean what? English and Italian side by side, folded, one line for each meaning.
//!
//! A phrase is words separated by blanks. What is looked up is the folded form: lower case, without accents and apostrophes.

mod concepts;
mod courtesy;
mod features;
mod forms;
mod ignored;
mod inner_ports;
mod numbers;
mod operators;
mod orders;
mod out_of_scope;
mod packages;
mod questions;
mod reasons;
mod spelling;
mod steering;
mod things;
mod verbs;

pub(crate) use concepts::{CONCEPTS, Concept};
pub(crate) use courtesy::{EFFECTS, timely};
pub(crate) use features::feature_at;
pub(crate) use forms::{Slip, inflected, is_participle_of, opens_sentence, order_bases, phrasal, slip};
pub(crate) use ignored::{ASKING_IF, ASKING_POLITELY, CONDITIONAL, CONFIRMATIONS, DENIALS, DENYING, POLITE, UNKNOWING, is_ignored};
pub(crate) use inner_ports::INNER_PORTS;
pub(crate) use numbers::{number_word, spelled};
pub(crate) use operators::{OPERATORS, Operator};
pub(crate) use orders::{
    BEHIND_DISPOSAL, CAN_DIE, DEEDS, DISPOSALS, DISUSE, DISUSED, ENDED, FORBIDDING, HANDS_OFF, KEEPING, NEEDED, NO_MORE, NO_REASON, REASON_BEGINS,
    REQUESTING, SPLIT_DISPOSALS, STAYING, TOLD_BY, TOLD_OF, TOUCHING,
};
pub(crate) use out_of_scope::{OTHER_SUBJECTS, OUT_OF_SCOPE, SPOKEN_TO_US};
pub(crate) use packages::PACKAGES;
pub(crate) use questions::{ASKING, CHANGING, COMPARING, CULPRITS, DETAILS, GIVING_ME, KNOWING, OF, SHOWING, TELLING_ME};
pub(crate) use reasons::{REASON_LABELS, REASONS, SECTIONS, SUBJECTS, TELLING};
pub(crate) use spelling::MISSPELLED;
pub(crate) use steering::steered;
pub(crate) use things::{ENVIRONMENTS, PRODUCTS, THINGS, Thing, is_kind};
pub(crate) use verbs::{VERBS, Verb};

use crate::token::Words;

/// The longest phrase of a table that stands at a place, with its number of words.
pub(crate) fn phrase_at<T: Copy>(table: &[(T, &[&str])], words: &Words<'_>, place: usize) -> Option<(T, usize)> {
    let found = table.iter().flat_map(|(meaning, phrases)| phrases.iter().map(move |phrase| (*meaning, *phrase)));
    let standing = found.filter_map(|(meaning, phrase)| Some((meaning, length_of(phrase, words, place)?)));
    standing.fold(None, |best: Option<(T, usize)>, next| if best.is_some_and(|best| best.1 >= next.1) { best } else { Some(next) })
}

/// The number of words of a phrase, if it stands at a place.
pub(crate) fn length_of(phrase: &str, words: &Words<'_>, place: usize) -> Option<usize> {
    // Thousands of phrases are looked for at every word; most differ in their first letters.
    if !phrase.starts_with(words.word(place)) {
        return None;
    }
    let mut length = 0;
    for word in phrase.split(' ') {
        if words.word(place + length) != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}
