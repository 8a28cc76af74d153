//! Which change is meant? By the number of its pull request, by its commit, or as the last one.

use crate::token::Words;

use super::Past;

#[rustfmt::skip]
const LAST: &[&str] = &[
    "last change to", "last change of", "last change on", "last change in", "last changes", "last edit", "last update", "last modification", "most recent edit",
    "ultima modifica di", "ultima modifica a", "ultime modifiche", "ultimissima modifica", "ultimo aggiornamento", "ultima variazione", "ultima merge",
    "last change", "latest change", "last pr", "last pull request", "previous change", "last merge", "most recent change", "last deployment", "last deploy", "the last thing", "last commit", "last apply", "latest pr", "last one", "latest one", "last thing", "most recent pr", "most recent one", "most recent merge", "latest merge", "latest commit", "previous one", "previous pr",
    "whatever we did last", "what we did last", "whatever i did last", "what i did last", "whatever was done last", "what was done last", "whatever was merged last", "what was merged last", "whatever got merged last", "what got merged last", "the last thing we did", "last thing we did", "the last thing i did", "last thing that was merged", "what we just did", "whatever we just did", "whatever i just did", "what i just did", "what was just merged", "whatever was just merged", "what just got merged", "what just went in", "whatever just went in", "whatever went in last", "what went in last", "whatever happened last", "the last thing that went in", "last thing that went in",
    "ultima cosa che abbiamo fatto", "ultima cosa fatta", "ultima cosa che ho fatto", "quello che abbiamo appena fatto", "quel che abbiamo appena fatto", "quello che ho appena fatto", "quello che abbiamo fatto per ultimo", "appena mergiato", "appena unito", "ultimo giro di modifiche",
    "torna indietro di uno", "tornate indietro di uno", "torniamo indietro di uno", "indietro di uno", "go back one", "roll back one", "go one back",
    "facciamo un passo indietro", "fai un passo indietro", "fate un passo indietro", "un passo indietro", "di un passo indietro", "indietro di un passo", "go back one step", "go one step back", "go back a step", "one step back", "a step back", "back one step", "the last step", "last alteration", "latest alteration", "latest modification", "most recent alteration", "most recent modification", "ultima cosa che avete fatto", "ultima cosa che hai fatto", "ultimo ritocco", "ultima variazione fatta",
    "ultima modifica", "ultimo cambiamento", "ultima pr", "ultimo merge", "ultima pull request", "ultimo deploy", "ultimo rilascio", "ultimo commit", "ultima cosa", "ultimo intervento", "ultima fatta", "ultima pull",
];

/// So far behind "whatever" stands that it was done last.
const DONE_MAX: usize = 7;
/// So many words stand between a bound and the number that it is about: "before we had merged pull request 57".
const BOUND_MAX: usize = 7;
/// So many words that are no numbers may stand before one: "della modifica n.".
const NUMBER_WORDS_MAX: usize = 5;

/// Words for going back, in whose sentence a bare number is that of a pull request.
#[rustfmt::skip]
const GOING_BACK: &[&str] = &[
    "undo", "revert", "back", "rollback", "unmerge", "reverse", "annulla", "annullate", "annullare", "annullata", "annullato", "annullamento", "ripristina", "ripristinate", "torna", "torniamo", "tornate",
    "rimetti", "rimettete", "riporta", "com", "come", "storna", "disfa", "indietro", "retromarcia", "ritira", "ritirate", "ritirare", "revoca",
];

/// Words for taking back what stands behind them.
#[rustfmt::skip]
const TAKING_BACK: &[&str] = &["undo", "revert", "reverse", "unmerge", "annulla", "annullate", "annullare", "storna", "disfa", "ritira", "ritirate", "revoca"];

/// What is wished for a change that was named before.
#[rustfmt::skip]
const TAKING_OUT: &[&str] = &["toglila", "toglietela", "toglilo", "levala", "levatela", "annullala", "annullatela", "disfala", "revertala", "revertatela", "stornala"];

/// "the state preceding #57", "lo stato antecedente la #57", "as it was without #57".
#[rustfmt::skip]
const PRECEDING: &[&str] = &[
    "prior", "previous", "preceding", "precedes", "preceded", "precede", "predating", "predates", "predated", "ahead", "without", "minus", "pre", "earlier",
    "precedente", "precedenti", "precedeva", "precedevano", "precedette", "precedesse", "antecedente", "antecedenti", "anteriore", "anteriori", "anteriormente", "precedentemente", "senza",
];

/// What a pull request did that became a part of what is there.
const ARRIVING: &[&str] = &["came", "was", "got", "landed", "went", "arrived", "hit", "showed", "happened", "merged", "broke", "struck", "appeared"];

/// What has a number of its own, that is no pull request's.
#[rustfmt::skip]
const TICKETS: &[&str] = &["ticket", "issue", "incident", "task", "case", "inc", "bug", "story", "jira", "request", "rif", "pratica", "segnalazione", "richiesta", "chiamata", "intervento", "build", "run", "job", "room", "rack"];

/// How the change of a number stands to what is meant.
enum Bound {
    /// "before #57": what was there without it.
    Before,
    /// "after #57": with it, and nobody here knows which ones came later.
    After,
    Itself,
}

/// "PR 57", "before #57", "la pull request n. 57", "https://.../pull/57".
pub(super) fn pull_request(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let before = match (words.word(place), words.word(place + 1)) {
        ("before" | "prima", "the" | "della" | "di" | "del" | "dell") => 2,
        ("before" | "prima", _) => 1,
        ("prior" | "previous" | "precedente" | "antecedente", "to" | "a" | "alla" | "al") => 2,
        _ => 0,
    };
    let start = place + before;
    let (number, length) = numbered_request(words, start)?;
    let past = match bound(words, place, start + length) {
        _ if before > 0 && !goes_to(words, place) => return None,
        _ if before > 0 => Past::BeforePullRequest(number),
        Bound::Before => Past::BeforePullRequest(number),
        Bound::Itself => Past::PullRequest(number),
        Bound::After => return None,
    };
    Some((past, before + length))
}

fn numbered_request(words: &Words<'_>, start: usize) -> Option<(u64, usize)> {
    let kind = match (words.word(start), words.word(start + 1)) {
        ("pull" | "merge", "request" | "req") => 2,
        ("pr" | "ipr" | "mr" | "pull", _) => 1,
        _ => 0,
    };
    let word = words.word(start);
    if kind > 0 {
        let skip = number_sign(words, start + kind);
        return numeral(words, start + kind + skip).map(|number| (number, kind + skip + 1));
    }
    // "change n. 57", "la modifica numero 57".
    if matches!(word, "change" | "modifica" | "merge" | "richiesta" | "variazione") {
        let skip = number_sign(words, start + 1);
        return numeral(words, start + 1 + skip).filter(|_| skip > 0).map(|number| (number, skip + 2));
    }
    if word.starts_with('#') {
        // "Ticket #4412: revert #57".
        let is_other = start.checked_sub(1).is_some_and(|before| TICKETS.contains(&words.word(before)));
        if is_other {
            return None;
        }
        return Some((hash(word)?, 1));
    }
    if word.contains("://") {
        return Some((hash(word.trim_end_matches('/').rsplit_once("/pull/")?.1)?, 1));
    }
    let rest = word.strip_prefix("pr").filter(|rest| rest.starts_with(['#', '-']) || rest.parse::<u64>().is_ok())?;
    Some((hash(rest)?, 1))
}

/// "number", "n.", "nr.": how many words say that a number follows.
fn number_sign(words: &Words<'_>, place: usize) -> usize {
    // "the change with number 73", "la modifica con il numero 73".
    let joint = match (words.word(place), words.word(place + 1)) {
        ("with" | "con" | "col", "the" | "il") => 2,
        ("with" | "con" | "col", _) => 1,
        _ => 0,
    };
    if joint > 0 {
        let more = number_sign(words, place + joint);
        return if more > 0 { joint + more } else { 0 };
    }
    if !matches!(words.word(place), "number" | "numero" | "num" | "n" | "nr" | "no" | "n\u{b0}") {
        return 0;
    }
    1 + usize::from(words.word(place + 1) == ".")
}

/// "57", "#57", "n.57".
fn numeral(words: &Words<'_>, place: usize) -> Option<u64> {
    let fold = words.fold(place);
    let bare = ["nr.", "no.", "n.", "n\u{b0}"].iter().find_map(|sign| fold.strip_prefix(sign)).unwrap_or(fold);
    hash(bare)
}

/// What the words before a number make of it, in the same part of the sentence: "before we merged #57".
fn bound(words: &Words<'_>, place: usize, end: usize) -> Bound {
    let is_end = |before: usize| words.tokens[before].is_punctuation() || GOING_BACK.contains(&words.word(before)) && words.word(before) != "back";
    let ahead = (place.saturating_sub(BOUND_MAX)..place).rev().take_while(|before| !is_end(*before));
    for before in ahead {
        let next = words.word(before + 1);
        match words.word(before) {
            "before" if !goes_to(words, before) => return Bound::After,
            "before" => return Bound::Before,
            // "annulla prima la 57" is "first".
            "prima" if matches!(next, "di" | "del" | "della" | "dell" | "che") && goes_to(words, before) => return Bound::Before,
            "prima" if matches!(next, "di" | "del" | "della" | "dell" | "che") => return Bound::After,
            "prior" | "previous" if next != "to" => {}
            word if PRECEDING.contains(&word) && goes_to(words, before) => return Bound::Before,
            word if PRECEDING.contains(&word) => return Bound::After,
            // "until #57 came along": without it. "Up to #57" may be with it, and nobody here knows.
            "until" | "till" if ARRIVING.contains(&words.word(end)) => return Bound::Before,
            "until" | "till" | "through" | "thru" => return Bound::After,
            "up" if next == "to" => return Bound::After,
            "fino" | "sino" => return Bound::After,
            "since" | "after" | "dopo" | "following" if !is_told_since(words, before, end) => return Bound::After,
            // "le modifiche introdotte dalla #57" are its own.
            "dalla" | "dal" if !before.checked_sub(1).is_some_and(|deed| words.word(deed).ends_with(['e', 'a', 'i', 'o'])) => return Bound::After,
            _ => {}
        }
    }
    // "everything from #57 on".
    let is_onward =
        matches!(words.word(end), "on" | "onwards" | "onward") || words.word(end) == "in" && matches!(words.word(end + 1), "poi" | "avanti");
    if is_onward { Bound::After } else { Bound::Itself }
}

/// "back to before #57" is gone back to. "Undo the change before #57" takes back another one, and nobody here knows which.
fn goes_to(words: &Words<'_>, before: usize) -> bool {
    let part = || (0..before).rev().take_while(|place| !words.tokens[*place].ends_sentence());
    let Some(verb) = part().find(|place| TAKING_BACK.contains(&words.word(*place))) else { return true };
    (verb + 1..before).any(|place| {
        matches!(
            words.word(place),
            "to" | "back"
                | "how"
                | "was"
                | "were"
                | "had"
                | "a"
                | "com"
                | "come"
                | "era"
                | "stato"
                | "situazione"
                | "state"
                | "all"
                | "alla"
                | ","
                | ";"
        )
    })
}

/// "Since #57 staging is broken, revert it": a part of its own, that only tells.
fn is_told_since(words: &Words<'_>, since: usize, end: usize) -> bool {
    // "nothing works since #91, take it out".
    let is_trouble = |before: usize| {
        matches!(
            words.word(before),
            "nothing"
                | "broken"
                | "broke"
                | "slow"
                | "down"
                | "fails"
                | "failing"
                | "errors"
                | "problems"
                | "crashes"
                | "crashing"
                | "stopped"
                | "niente"
                | "rotto"
                | "lento"
        )
    };
    let part_before = (0..since).rev().take_while(|before| !words.tokens[*before].is_punctuation());
    let opens = since == 0 || words.tokens[since - 1].is_punctuation() || part_before.into_iter().any(is_trouble);
    if opens
        && since > 0
        && words.tokens.get(end).is_some_and(crate::token::Token::is_punctuation)
        && end + 1 < words.tokens.len()
        && !words.tokens[since - 1].is_punctuation()
    {
        return true;
    }
    let part = (end..words.tokens.len()).take_while(|place| !words.tokens[*place].is_punctuation());
    let tells = part.clone().count() >= 2 && part.clone().all(|place| !GOING_BACK.contains(&words.word(place)));
    let ends = end + part.count();
    opens && tells && ends < words.tokens.len()
}

/// "annulla la 63", "undo number 118", "com'era prima della 73": a number that can only be that of a pull request.
pub(super) fn bare_number(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let (is_before, mut length) = match (words.word(place), words.word(place + 1)) {
        ("prima" | "before", "della" | "la" | "number" | "numero" | "no" | "n") => (true, 1),
        _ => (false, 0),
    };
    while length < NUMBER_WORDS_MAX && is_number_word(words.word(place + length)) {
        length += 1;
        length += usize::from(matches!(words.word(place + length - 1), "n" | "nr" | "no") && words.word(place + length) == ".");
    }
    let fold = words.word(place + length);
    let number: u64 = fold.parse().ok().filter(|number| *number > 0 && fold.len() <= 6)?;
    let near = if length == 0 { 1 } else { 6 };
    let is_of_undoing = (place.saturating_sub(near)..place).any(|other| GOING_BACK.contains(&words.word(other)));
    let behind = words.tokens.get(place + length + 1);
    let ends = behind.is_none_or(|token| {
        token.is_punctuation()
            || matches!(
                token.fold.as_str(),
                "please" | "pls" | "plz" | "che" | "it" | "per" | "grazie" | "thanks" | "perche" | "because" | "va" | "in" | "poiche" | "visto"
            )
    });
    if is_before && !goes_to(words, place) {
        return None;
    }
    if length == usize::from(is_before) && is_merged_number(words, place + length) {
        return Some((
            if is_before || is_behind_before(words, place) { Past::BeforePullRequest(number) } else { Past::PullRequest(number) },
            length + 1,
        ));
    }
    let bound = if is_before { Bound::Before } else { bound(words, place, place + length + 1) };
    let past = match bound {
        Bound::Before => Past::BeforePullRequest(number),
        Bound::Itself => Past::PullRequest(number),
        Bound::After => return None,
    };
    let is_blamed = length == 0 && ends && is_blamed(words, place);
    (is_of_undoing && ends || is_blamed || length > 0 && is_subject_of_undoing(words, place, place + length + 1)).then_some((past, length + 1))
}

/// "before 103 got merged", "since 103 was merged": what is merged is a pull request.
fn is_merged_number(words: &Words<'_>, place: usize) -> bool {
    let is_being = matches!(words.word(place + 1), "got" | "was" | "is" | "gets" | "went" | "has" | "had");
    let is_merged = |place: usize| matches!(words.word(place), "merged" | "landed" | "applied" | "deployed" | "shipped");
    let goes_in = matches!((words.word(place + 1), words.word(place + 2)), ("went", "in" | "live"));
    let is_known = goes_in || is_merged(place + 1) || is_being && (is_merged(place + 2) || words.word(place + 2) == "been" && is_merged(place + 3));
    is_known && words.tokens.iter().any(|token| GOING_BACK.contains(&token.fold.as_str()))
}

fn is_behind_before(words: &Words<'_>, place: usize) -> bool {
    place > 0 && words.word(place - 1) == "before"
}

fn is_number_word(word: &str) -> bool {
    matches!(word, "la" | "della" | "sulla" | "number" | "numero" | "no" | "n" | "nr" | "modifica" | "change" | "merge" | "variazione")
}

/// "we messed up with 97, revert that one": what it was done with, and behind it the wish for that one.
fn is_blamed(words: &Words<'_>, place: usize) -> bool {
    let is_with = place > 0 && matches!(words.word(place - 1), "with" | "con" | "in" | "la");
    let is_blame = (place.saturating_sub(7)..place).any(|before| {
        ["mess", "brok", "screw", "botch", "bork", "fuck", "casin", "guai", "rott", "pasticc", "combinat"]
            .iter()
            .any(|stem| words.word(before).starts_with(stem))
    });
    let is_wish = |behind: usize| {
        TAKING_OUT.contains(&words.word(behind))
            || TAKING_BACK.contains(&words.word(behind)) && matches!(words.word(behind + 1), "that" | "it" | "this" | "quella" | "questa" | "")
    };
    is_with && is_blame && (place + 1..words.tokens.len()).any(is_wish)
}

/// "la 57 ha fatto casino, tornate indietro": it begins a sentence, and what is wished stands in another part of it.
fn is_subject_of_undoing(words: &Words<'_>, place: usize, end: usize) -> bool {
    let opens = place == 0 || words.tokens[place - 1].is_punctuation();
    let is_told = matches!(
        words.word(end),
        "e" | "ha"
            | "non"
            | "va"
            | "ci"
            | "era"
            | "was"
            | "broke"
            | "is"
            | "has"
            | "funzionava"
            | "andava"
            | "girava"
            | "everything"
            | "all"
            | "tutto"
            | "it"
    );
    let is_wish = |word: &str| GOING_BACK.contains(&word) && !matches!(word, "come" | "com") || TAKING_OUT.contains(&word);
    opens && is_told && (end..words.tokens.len()).any(|place| is_wish(words.word(place)))
}

fn hash(fold: &str) -> Option<u64> {
    fold.trim_start_matches(['#', '-']).parse().ok().filter(|number| *number > 0)
}

pub(super) fn commit(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let (word, length) = if words.word(place) == "commit" { (words.fold(place + 1), 2) } else { (words.fold(place), 1) };
    let is_hexadecimal = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let looks_like_one = (7..=40).contains(&word.len()) && is_hexadecimal && word.bytes().any(|byte| byte.is_ascii_digit());
    let is_told = length == 2 || word.bytes().any(|byte| byte.is_ascii_alphabetic());
    (looks_like_one && is_told).then(|| (Past::Commit(word.to_owned()), length))
}

pub(super) fn last(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    // "oops. undo last".
    let is_undone =
        place > 0 && TAKING_BACK.contains(&words.word(place - 1)) && words.tokens.get(place + 1).is_none_or(crate::token::Token::is_punctuation);
    if is_undone && matches!(words.word(place), "last" | "latest") {
        return Some((Past::LastChange, 1));
    }
    if let Some(length) = done_last(words, place) {
        return Some((Past::LastChange, length));
    }
    LAST.iter().filter_map(|phrase| crate::lexicon::length_of(phrase, words, place)).max().map(|length| (Past::LastChange, length))
}

/// "whatever was altered most recently", "whatever change was done last", "quello che è stato cambiato per ultimo".
fn done_last(words: &Words<'_>, place: usize) -> Option<usize> {
    let begins = match words.word(place) {
        "whatever" | "what" => 1,
        "quello" | "quel" | "quella" | "cio" | "cosa" if words.word(place + 1) == "che" => 2,
        _ => return None,
    };
    let is_deed = |place: usize| {
        crate::lexicon::CHANGING.iter().any(|stem| words.word(place).starts_with(stem))
            || matches!(words.word(place), "done" | "did" | "fatto" | "fatta")
    };
    let ahead = (place + begins..words.tokens.len().min(place + begins + DONE_MAX)).take_while(|next| !words.tokens[*next].is_punctuation());
    for next in ahead {
        let length = match (words.word(next), words.word(next + 1)) {
            ("last" | "lastly", _) => 1,
            ("most" | "very", "recently") | ("just", "now") | ("per", "ultimo" | "ultima" | "ultime") => 2,
            _ => continue,
        };
        // "what was changed last on web-02?" asks.
        let end = words.tokens[next..].iter().find(|token| token.ends_sentence());
        let asks = end.is_some_and(|token| token.fold == "?");
        return (!asks && (place + begins..next).any(is_deed)).then_some(next + length - place);
    }
    None
}
