//! What is told to go by more than one verb: "via mailpit", "cache-dev can go", "get web-02 out of here", "la dismissione di web-02".

use crate::lexicon::{
    BEHIND_DISPOSAL, CAN_DIE, DEEDS, DISPOSALS, DISUSE, ENDED, ENVIRONMENTS, REQUESTING, SPLIT_DISPOSALS, THINGS, Verb, is_ignored, length_of,
    opens_sentence, phrase_at,
};
use crate::mark::{Meaning, Reading};
use crate::names::named_at;
use crate::token::Words;
use crate::view::View;

/// So many words stand between the parts of such a verb, with both of them.
const SPLIT_MAX: usize = 8;

/// "richiediamo la dismissione della VM web-02".
pub(crate) fn deed(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    let is_asked_for = (place.saturating_sub(4)..place).any(|before| REQUESTING.contains(&words.word(before)));
    phrase_at(DEEDS, words, place)
        .filter(|(_, length)| is_asked_for || is_headline(words, place, *length, view))
        .map(|(verb, length)| (Meaning::Verb(verb), length))
}

/// "riavvio web-02", "reboot for web-02 please": the noun and what it is about, and nothing else.
fn is_headline(words: &Words<'_>, place: usize, length: usize, view: &View<'_>) -> bool {
    let is_joint = |place: usize| {
        matches!(
            words.word(place),
            "di" | "del" | "della" | "dell" | "per" | "of" | "for" | "the" | "la" | "il" | "macchina" | "vm" | "container" | "server"
        )
    };
    let object = (place + length..place + length + 4).find(|next| !is_joint(*next));
    let Some((_, more)) = object.and_then(|object| Some((object, named_at(view, words, object)?.1))) else { return false };
    let end = object.unwrap_or(place) + more;
    let is_rest = |token: &crate::token::Token| {
        token.is_punctuation() || is_ignored(&token.fold) || ENVIRONMENTS.iter().any(|names| names.contains(&token.fold.as_str()))
    };
    opens_sentence(words, place) && words.tokens.iter().skip(end).all(is_rest) && words.tokens.iter().all(|token| token.fold != "?")
}

/// "via mailpit da dev", "via sia cache che cache-dev".
pub(crate) fn away(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    let is_free = |place: &usize| {
        matches!(
            words.word(*place),
            "sia" | "anche" | "tutti" | "tutte" | "due" | "e" | "il" | "la" | "lo" | "i" | "le" | "gli" | "l" | "subito" | "pure"
        ) || phrase_at(THINGS, words, *place).is_some()
    };
    let object = (place + 1..words.tokens.len()).find(|next| !is_free(next) || named_at(view, words, *next).is_some());
    let opens = opens_sentence(words, place)
        || place.checked_sub(1).is_some_and(|before| {
            words.word(before) == "," || words.text.get(words.tokens[before].end..).is_some_and(|behind| behind.starts_with(':'))
        });
    let is_order = words.word(place) == "via" && opens && object.is_some_and(|object| named_at(view, words, object).is_some());
    // "cache e cache-dev via tutte e due": behind what is named, and nothing else.
    let is_all = |place: usize| {
        words.tokens[place..].iter().all(|token| {
            token.is_punctuation()
                || matches!(
                    token.fold.as_str(),
                    "tutte" | "tutti" | "e" | "due" | "tre" | "entrambe" | "entrambi" | "grazie" | "subito" | "pure" | "per" | "favore"
                )
        })
    };
    let is_behind =
        place > 0 && named_at(view, words, place - 1).is_some_and(|(_, length)| length == 1) && words.tokens.len() > place + 2 && is_all(place + 1);
    // "build-01 via, ormai compiliamo altrove", "cache e cache-dev via, grazie": nothing else is said before the mark.
    let stands_alone = |token: &crate::token::Token| is_ignored(&token.fold) && token.fold != "?" || token.fold == ",";
    let start = (0..place).rev().find(|before| words.tokens[*before].ends_sentence()).map_or(0, |before| before + 1);
    let names_only = || {
        let mut next = start;
        while next < place {
            match named_at(view, words, next).map(|(_, length)| length).or_else(|| phrase_at(THINGS, words, next).map(|(_, length)| length)) {
                Some(length) => next += length,
                None if stands_alone(&words.tokens[next]) => next += 1,
                None => return false,
            }
        }
        named_at(view, words, place.saturating_sub(1)).is_some_and(|(_, length)| length == 1)
    };
    let ends = words.tokens.get(place + 1).is_none_or(|next| {
        next.is_punctuation() && next.fold != "?"
            || matches!(
                next.fold.as_str(),
                "che" | "perche" | "tanto" | "ormai" | "visto" | "grazie" | "pls" | "please" | "subito" | "pure" | "adesso" | "ora"
            )
            || matches!((next.fold.as_str(), words.word(place + 2)), ("per", "favore" | "piacere" | "cortesia"))
    });
    let is_behind = is_behind || words.word(place) == "via" && ends && place > start && names_only();
    // "mailpit non lo usa nessuno, via".
    let is_last =
        words.tokens[place + 1..].iter().all(crate::token::Token::is_punctuation) && (0..place).any(|before| named_at(view, words, before).is_some());
    (is_order || words.word(place) == "via" && is_behind || words.word(place) == "via" && place > 0 && words.word(place - 1) == "," && is_last)
        .then_some((Meaning::Verb(Verb::Delete), 1))
}

/// "cache-dev can die": alone. "web-02 can die, the balancer does not care" may tell of what it stands.
fn can_die(words: &Words<'_>, place: usize) -> Option<usize> {
    let length = CAN_DIE.iter().filter_map(|phrase| length_of(phrase, words, place)).max()?;
    let is_plain = |token: &crate::token::Token| {
        is_ignored(&token.fold) || token.is_punctuation() && token.fold != "?" || BEHIND_DISPOSAL.contains(&token.fold.as_str())
    };
    let is_alone = words.tokens[place + length..].iter().all(is_plain);
    let is_led = (0..place).any(|before| matches!(words.word(before), "if" | "when" | "that" | "se" | "quando" | "che" | "so"));
    (is_alone && !is_led).then_some(length)
}

/// "they are unused -> clean them up": what has no use is cleaned away. "Clean up the cache" may empty it.
pub(crate) fn cleaning(words: &Words<'_>, place: usize) -> Reading {
    let is_it = |place: usize| matches!(words.word(place), "it" | "them" | "both" | "those" | "these" | "that" | "this");
    let length = match words.word(place) {
        "clean" | "clear" | "tidy" | "sweep" | "mop" if is_it(place + 1) && matches!(words.word(place + 2), "up" | "out" | "away" | "off") => 3,
        "ripuliscili" | "ripuliscile" | "ripulitele" | "ripuliteli" | "puliscili" | "puliscile" => 1,
        _ => return None,
    };
    let is_disused =
        (0..place).any(|before| DISUSE.contains(&words.word(before)) || ENDED.iter().any(|phrase| length_of(phrase, words, before).is_some()));
    is_disused.then_some((Meaning::Verb(Verb::Delete), length))
}

/// "get web-02 out of here", "togli cache-dev di mezzo": what goes stands between the two parts.
pub(crate) fn split_disposal(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    let ends: Vec<&str> =
        SPLIT_DISPOSALS.iter().filter(|(verbs, _)| verbs.contains(&words.word(place))).flat_map(|(_, ends)| ends.iter().copied()).collect();
    let ahead = (place + 1..words.tokens.len().min(place + SPLIT_MAX)).take_while(|next| !words.tokens[*next].is_punctuation());
    let end =
        ahead.into_iter().find(|next| ends.iter().any(|end| length_of(end, words, *next).is_some_and(|length| closes(words, next + length))))?;
    let is_object = |next: usize| named_at(view, words, next).is_some() || matches!(words.word(next), "it" | "them");
    (place + 1..end).any(is_object).then_some((Meaning::Verb(Verb::Delete), 1))
}

pub(crate) fn end_of_disposal(words: &Words<'_>, place: usize) -> Reading {
    let verbs: Vec<&str> = (place.saturating_sub(SPLIT_MAX)..place).map(|before| words.word(before)).collect();
    let pairs = SPLIT_DISPOSALS.iter().filter(|(own, _)| own.iter().any(|verb| verbs.contains(verb)));
    let length = pairs.flat_map(|(_, ends)| ends.iter()).filter_map(|end| length_of(end, words, place)).max()?;
    Some((Meaning::Ignored, length))
}

/// Whether nothing stands behind that would make it something else: "let web-02 go to 8 GB".
fn closes(words: &Words<'_>, place: usize) -> bool {
    // "take web-b away in staging".
    let names_environment =
        matches!(words.word(place), "in" | "from" | "da") && ENVIRONMENTS.iter().any(|names| names.contains(&words.word(place + 1)));
    names_environment || words.tokens.get(place).is_none_or(|token| token.is_punctuation() || BEHIND_DISPOSAL.contains(&token.fold.as_str()))
}

/// "cache-dev can go", and no "can go to 8 GB".
pub(crate) fn disposal(words: &Words<'_>, place: usize) -> Reading {
    // "I want it gone".
    let is_gone = words.word(place) == "gone"
        && (place.saturating_sub(4)..place).any(|before| matches!(words.word(before), "want" | "like" | "need" | "wants" | "needs"));
    if let Some(length) = can_die(words, place) {
        return Some((Meaning::Verb(Verb::Delete), length));
    }
    let length = DISPOSALS.iter().filter_map(|phrase| length_of(phrase, words, place)).max().or_else(|| is_gone.then_some(1))?;
    let is_end = |token: &crate::token::Token| token.is_punctuation() || BEHIND_DISPOSAL.contains(&token.fold.as_str());
    let is_environment = |place: usize| {
        matches!(words.word(place), "in" | "from" | "da")
            && ENVIRONMENTS.iter().flat_map(|names| names.iter()).any(|name| words.word(place + 1) == *name)
    };
    let ends = words.tokens.get(place + length).is_none_or(is_end) || is_environment(place + length);
    ends.then_some((Meaning::Verb(Verb::Delete), length))
}
