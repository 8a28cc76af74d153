//! Which verb or field is an unknown word a form of, or a slip of the pen for?
//!
//! Tables hold one or two forms of each verb. People write "could be enlarged", "aumentatela", "installaci", and sometimes "memroy".
//! What cannot simply be taken back is never read from a slip, nor from a form that may as well describe what was done.

use super::numbers::is_number;
use super::{CONCEPTS, Concept, VERBS, Verb, is_ignored};
use crate::token::Words;

/// Shorter words are too near to each other.
const SLIP_LETTERS_MIN: usize = 5;
/// One letter that was hit for another says less than two that were swapped.
const SUBSTITUTION_LETTERS_MIN: usize = 6;
/// Words of their own that are one letter away from one of ours.
#[rustfmt::skip]
const NO_SLIPS: &[&str] = &[
    // As a dictionary of either language has them.
    "professor", "professors", "professore", "professori", "professoressa", "imagine", "models", "modern", "memorie", "steps", "courses",
    "disks", "stores", "scores", "reports", "sports", "parts", "posts", "notes", "nodes", "becoming", "boring", "baring", "bride", "bridle",
    "chance", "charge", "cheating", "chores", "commando", "crane", "crease", "creasing", "cremate", "cresting", "decease", "derive",
    "expend", "givens", "imposture", "instill", "interlace", "lapels", "lesson", "libels", "lunch", "paints", "passage", "pints", "portage",
    "prints", "reside", "shriek", "snitch", "stitch", "sublet", "subset", "swatch", "tugged", "tugging", "aiding", "abbaia", "abbina",
    "allarma", "allega", "allegra", "allena", "alleva", "altare", "cambiale", "colando", "colmando", "covando", "crediamo", "creta",
    "cremiamo", "crepare", "creste", "deplora", "destro", "dietro", "disto", "dramma", "drammi", "divertire", "divertono", "impasta",
    "impastare", "importiamo", "impostore", "incalza", "incluse", "instilla", "istante", "lascia", "mentiamo", "mestiamo", "mirare",
    "mirate", "panchetto", "partiamo", "passare", "passate", "passai", "potare", "potenza", "potiamo", "processare", "punita", "puniti",
    "puntale", "reduci", "regala", "ridici", "sazio", "scosta", "scostare", "sosta", "sostare", "spazzo", "spazino", "spetta", "spiace",
    "sporta", "sposa", "sposare", "sposata", "strage", "unente", "utenze", "allora", "became", "creaking", "creaming", "diramo", "divenuta",
    "importa", "importare", "incrementale", "portale", "potra", "resine", "revocate", "allaga", "crete", "croati", "palchetto", "picchetto",
    "punture", "passere", "smetta", "divenga", "cremare", "commend",
];

/// So far before a participle stands what makes it a wish.
const MARKER_DISTANCE_MAX: usize = 3;

/// So far before a participle stands what makes it a belief.
const BELIEF_MAX: usize = 8;

/// The longest verb with its words: "taken down for good".
const PHRASE_MAX: usize = 4;

/// Before a participle: what shall be done, not what was done.
#[rustfmt::skip]
const PASSIVE: &[&str] = &["andrebbe", "andrebbero", "wants", "wanted", "vuole", "vogliamo", "voglio", "be", "get", "want", "need", "needs", "like", "va", "vanno", "venga", "vengano", "venisse", "venissero", "fosse", "fossero", "essere", "sia", "siano", "vorrei", "vorremmo"];

/// Before a gerund.
#[rustfmt::skip]
const MINDING: &[&str] = &["mind", "suggest", "recommend", "propose", "consider", "appreciate", "requesting", "about", "please", "wants", "needs", "need", "want", "deserves", "requires"];

/// Before a participle of what was done.
#[rustfmt::skip]
const AUXILIARIES: &[&str] = &["siamo", "siete", "sono", "abbiamo", "avete", "hanno", "ha", "ho", "hai", "stato", "stata", "stati", "state", "aveva", "avevano", "era", "erano"];

/// What Italian hangs onto a verb: "mettigli", "aumentatela". The longest first.
#[rustfmt::skip]
const CLITICS: &[&str] = &["glielo", "gliela", "glieli", "gliele", "celo", "cela", "melo", "mela", "gli", "mi", "ti", "ci", "vi", "lo", "la", "li", "le", "ne"];

/// The verb that an unknown word is a form of.
pub(crate) fn inflected(words: &Words<'_>, place: usize) -> Option<Verb> {
    let fold = words.word(place);
    let is_bare = |fold: &str| fold.len() > 3 && fold.bytes().all(|letter| letter.is_ascii_lowercase());
    if !is_bare(fold) {
        return None;
    }
    let is_wished = is_marked(words, place, PASSIVE) || is_had(words, place);
    let wished = (is_wished && !is_believed(words, place)).then(|| verb_of(&participle_bases(fold))).flatten();
    let minded = || is_marked(words, place, MINDING).then(|| verb_of(&gerund_bases(fold))).flatten();
    let ordered = || {
        // "siamo passati a valkey", "l'hanno spostata": what was done.
        let is_told = place.checked_sub(1).is_some_and(|before| AUXILIARIES.contains(&words.word(before))) && fold.ends_with(['o', 'a', 'i', 'e']);
        if is_told {
            return None;
        }
        let verb = verb_of(&order_bases(fold, opens_sentence(words, place)))?;
        // "le macchine cancellate" were deleted; "cancellate le macchine" is an order.
        let is_wish = fold.ends_with("este") || fold.ends_with("esti") || has_clitic(fold, verb) || hangs_on_order(fold);
        (!is_grave(verb) || is_wish || opens_sentence(words, place)).then_some(verb)
    };
    wished.or_else(minded).or_else(ordered)
}

/// "levami", "cancellala": with a pronoun it is an order wherever it stands. "Cancellati" is not: it may be what was done.
fn has_clitic(fold: &str, verb: Verb) -> bool {
    let bare = CLITICS.iter().filter(|clitic| **clitic != "ti").filter_map(|clitic| fold.strip_suffix(clitic));
    // "levami", and "eliminarla" of the infinitive.
    bare.into_iter().any(|bare| verb_of(&[bare.to_owned(), format!("{bare}e")]) == Some(verb))
}

/// What a factor's word is a form of: "raddoppiate" is "raddoppia".
pub(crate) fn order_bases(fold: &str, is_opening: bool) -> Vec<String> {
    let mut bases = Vec::new();
    let bare = CLITICS.iter().filter_map(|clitic| fold.strip_suffix(clitic)).filter(|bare| bare.len() > 3);
    for bare in bare.clone() {
        bases.extend([bare.to_owned(), format!("{bare}e")]);
    }
    for form in bare.chain([fold]) {
        if let Some(stem) = form.strip_suffix("te") {
            // "mettete" is an order to several, of "metti"; "cancellate" of "cancella"; "togliete" of "togli".
            bases.push(
                stem.strip_suffix('e').map_or_else(|| stem.to_owned(), |stem| if stem.ends_with('i') { stem.to_owned() } else { format!("{stem}i") }),
            );
        }
        for polite in ["ereste", "eresti", "erebbe", "erei", "eremmo"] {
            // "mi elimineresti", "mettereste".
            bases.extend(form.strip_suffix(polite).into_iter().flat_map(|stem| ["a", "i", ""].map(|end| format!("{stem}{end}"))));
        }
        if let Some(stem) = form.strip_suffix("iamo") {
            bases.extend(["a", "ia", "i"].map(|end| format!("{stem}{end}")));
        }
        if let Some(stem) = form.strip_suffix('i').filter(|_| is_opening) {
            // "aumenti la RAM": to somebody whom one does not know.
            bases.push(format!("{stem}a"));
        }
    }
    bases
}

/// "mailpit eliminalo": to an order hangs what it is about, so that it need not begin the sentence. No other form of a verb has this.
fn hangs_on_order(fold: &str) -> bool {
    let bare = ["lo", "la", "li", "le"].iter().filter_map(|clitic| fold.strip_suffix(clitic)).find(|bare| bare.len() > 3);
    bare.is_some_and(|bare| bare.ends_with(['a', 'i', 'e']) && verb_of(&[bare.to_owned()]).or_else(|| verb_of(&order_bases(bare, false))).is_some())
}

/// "can be switched off", "vanno tolti di mezzo": the participle of a verb of two words.
pub(crate) fn phrasal(words: &Words<'_>, place: usize) -> Option<(Verb, usize)> {
    let (fold, next) = (words.word(place), words.word(place + 1));
    let is_marked = !fold.is_empty() && !next.is_empty() && is_marked(words, place, PASSIVE) && !is_believed(words, place);
    let bases = if is_marked { participle_bases(fold) } else { Vec::new() };
    // "can be taken down for good" is more than "can be taken down".
    (2..=PHRASE_MAX).rev().find_map(|length| {
        let rest = (place + 1..place + length).map(|next| words.word(next)).collect::<Vec<_>>().join(" ");
        verb_of(&bases.iter().map(|base| format!("{base} {rest}")).collect::<Vec<_>>()).map(|verb| (verb, length))
    })
}

/// "have cache-dev deleted", "can I have it deleted": let it be done. "I have just deleted it" tells.
fn is_had(words: &Words<'_>, place: usize) -> bool {
    let have = (place.saturating_sub(5)..place.saturating_sub(1)).rev().find(|before| words.word(*before) == "have");
    let Some(have) = have else { return false };
    let before = have.checked_sub(1).map_or("", |before| words.word(before));
    let asks = have.checked_sub(2).map_or("", |before| words.word(before));
    let is_asked = before.is_empty()
        || matches!(before, "please" | "pls" | "to" | ",")
        || matches!(before, "i" | "we") && matches!(asks, "can" | "could" | "may" | "shall");
    is_asked
        && (have + 1..place)
            .all(|between| !matches!(words.word(between), "been" | "already" | "just" | "now" | "recently" | "not" | "t" | "ever" | "never"))
}

/// "pare che build-01 sia spenta", "credo che siano stati tolti": what somebody thinks, and no wish.
fn is_believed(words: &Words<'_>, place: usize) -> bool {
    let start = place.saturating_sub(BELIEF_MAX);
    let is_subjunctive = (start..place).any(|before| matches!(words.word(before), "sia" | "siano" | "venga" | "vengano"));
    is_subjunctive
        && (start..place).any(|before| {
            matches!(
                words.word(before),
                "pare"
                    | "sembra"
                    | "sembrerebbe"
                    | "risulta"
                    | "credo"
                    | "crediamo"
                    | "penso"
                    | "pensiamo"
                    | "suppongo"
                    | "immagino"
                    | "temo"
                    | "dicono"
                    | "ritengo"
                    | "crede"
                    | "pensa"
                    | "nonostante"
                    | "benche"
                    | "sebbene"
                    | "anche"
            )
        })
}

/// Whether a word is the participle of such a verb: "nobody wants it deleted".
pub(crate) fn is_participle_of(fold: &str, is_meant: fn(Verb) -> bool) -> bool {
    verb_of(&participle_bases(fold)).is_some_and(is_meant)
}

/// Participles that are not made from their verb by a rule; in Italian without the last letter.
#[rustfmt::skip]
const IRREGULAR: &[(&str, &str)] = &[
    ("tolt", "togli"), ("rimoss", "rimuovi"), ("spent", "spegni"), ("acces", "accendi"), ("riacces", "riaccendi"), ("distrutt", "distruggi"), ("dismess", "dismetti"), ("rimess", "rimetti"), ("disfatt", "disfa"),
    ("ridott", "riduci"), ("aggiunt", "aggiungi"), ("espost", "esponi"), ("soppress", "sopprimi"),
];
#[rustfmt::skip]
const IRREGULAR_ENGLISH: &[(&str, &str)] = &[
    ("taken", "take"), ("thrown", "throw"), ("torn", "tear"), ("brought", "bring"), ("gotten", "get"), ("undone", "undo"), ("shrunk", "shrink"), ("put", "put"), ("shut", "shut"), ("woken", "wake"), ("laid", "lay"), ("wound", "wind"),
];

fn irregular_bases(fold: &str) -> impl Iterator<Item = String> {
    let italian = fold.strip_suffix(['o', 'a', 'i', 'e']).and_then(|stem| IRREGULAR.iter().find(|(known, _)| *known == stem));
    let english = IRREGULAR_ENGLISH.iter().find(|(known, _)| *known == fold);
    italian.or(english).map(|(_, base)| (*base).to_owned()).into_iter()
}

fn participle_bases(fold: &str) -> Vec<String> {
    let italian = ["ato", "ata", "ati", "ate"].iter().filter_map(|end| fold.strip_suffix(end)).map(|stem| format!("{stem}a"));
    let english = fold.strip_suffix("ed").map(english_bases).unwrap_or_default();
    italian.chain(english).chain(irregular_bases(fold)).collect()
}

fn gerund_bases(fold: &str) -> Vec<String> {
    fold.strip_suffix("ing").map(english_bases).unwrap_or_default()
}

/// "enlarg", "dropp", "modifi" as stems of "enlarge", "drop", "modify".
fn english_bases(stem: &str) -> Vec<String> {
    let mut bases = vec![stem.to_owned(), format!("{stem}e")];
    bases.extend(stem.strip_suffix('i').map(|stem| format!("{stem}y")));
    let mut letters = stem.chars().rev();
    if letters.next().is_some_and(|last| letters.next() == Some(last)) {
        bases.push(stem[..stem.len() - 1].to_owned());
    }
    bases
}

fn verb_of(bases: &[String]) -> Option<Verb> {
    bases.iter().find_map(|base| VERBS.iter().find(|(_, phrases)| phrases.contains(&base.as_str())).map(|(verb, _)| *verb))
}

fn is_marked(words: &Words<'_>, place: usize, markers: &[&str]) -> bool {
    // "Grafana will be replaced" tells.
    let is_future = |before: usize| words.word(before) == "be" && before > 0 && matches!(words.word(before - 1), "will" | "ll" | "won");
    (place.saturating_sub(MARKER_DISTANCE_MAX)..place).any(|before| markers.contains(&words.word(before)) && !is_future(before))
        // "credo che sia stata rimossa" tells of it.
        && (place.saturating_sub(MARKER_DISTANCE_MAX)..place).all(|before| !matches!(words.word(before), "been" | "stato" | "stata" | "stati" | "state"))
}

/// Whether only words without meaning stand before it in its sentence.
pub(crate) fn opens_sentence(words: &Words<'_>, place: usize) -> bool {
    let before = (0..place).rev().take_while(|before| words.tokens.get(*before).is_some_and(|token| !token.is_punctuation()));
    before.into_iter().all(|before| is_ignored(words.word(before)))
}

fn is_grave(verb: Verb) -> bool {
    matches!(verb, Verb::Delete | Verb::Remove | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle | Verb::RollBack)
}

/// What an unknown word was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slip {
    Verb(Verb),
    Concept(Concept),
}

/// The only verb of change or field that a word is one slip away from.
pub(crate) fn slip(words: &Words<'_>, place: usize) -> Option<Slip> {
    let fold = words.word(place);
    let is_name = place.checked_sub(1).is_some_and(|before| verb_of(&[words.word(before).to_owned()]) == Some(Verb::Name));
    let is_plain =
        !NO_SLIPS.contains(&fold) && fold.len() >= SLIP_LETTERS_MIN && fold.bytes().all(|letter| letter.is_ascii_lowercase()) && !is_number(fold);
    if is_name || !is_plain {
        return None;
    }
    let verbs = VERBS.iter().filter(|(verb, _)| is_change(*verb)).flat_map(|(verb, words)| words.iter().map(|word| (Slip::Verb(*verb), *word)));
    let is_grave = |concept: Concept| matches!(concept, Concept::RestartPolicy | Concept::Power | Concept::Protection);
    let concepts = CONCEPTS
        .iter()
        .filter(|(concept, _)| !is_grave(*concept))
        .flat_map(|(concept, words)| words.iter().map(|word| (Slip::Concept(*concept), *word)));
    let mut found: Vec<Slip> = verbs.chain(concepts).filter(|(_, word)| is_slip(fold, word)).map(|(slip, _)| slip).collect();
    found.dedup();
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

fn is_change(verb: Verb) -> bool {
    matches!(verb, Verb::Set | Verb::Increase | Verb::Decrease | Verb::Add | Verb::Create | Verb::Install | Verb::Move)
}

fn is_slip(fold: &str, word: &str) -> bool {
    let is_near = word.len() >= SLIP_LETTERS_MIN
        && !word.contains(' ')
        && fold.as_bytes().first() == word.as_bytes().first()
        && fold.as_bytes().last() == word.as_bytes().last()
        && strsim::osa_distance(fold, word) == 1;
    let letters = |text: &str| {
        let mut letters = text.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    let is_substitution = fold.len() == word.len() && letters(fold) != letters(word);
    is_near && (!is_substitution || word.len() >= SUBSTITUTION_LETTERS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    fn verb_in(text: &str, word: &str) -> Option<Verb> {
        let clean = clean(text);
        let words = Words::new(&clean, text, 0);
        let place = words.tokens.iter().position(|token| token.fold == word).unwrap_or_default();
        inflected(&words, place)
    }

    #[test]
    fn forms_of_verbs_are_known_by_what_stands_before_them() {
        for (text, word, expected) in [
            ("its disk should be enlarged to 300 GB", "enlarged", Some(Verb::Increase)),
            ("web-01 has been enlarged yesterday", "enlarged", None),
            ("would you mind expanding the disk", "expanding", Some(Verb::Increase)),
            ("aumentatela a 16 GB", "aumentatela", Some(Verb::Increase)),
            ("su web-02 installaci certbot", "installaci", Some(Verb::Install)),
            ("cancellate build-01", "cancellate", Some(Verb::Delete)),
            ("le macchine cancellate ieri", "cancellate", None),
            ("la memoria va aumentata", "aumentata", Some(Verb::Increase)),
            ("mi eliminereste cache-dev", "eliminereste", Some(Verb::Delete)),
            ("aumenti la memoria di web-01", "aumenti", Some(Verb::Increase)),
        ] {
            assert_eq!(verb_in(text, word), expected, "{text}");
        }
    }

    #[test]
    fn slips_are_forgiven_but_never_for_what_cannot_be_taken_back() {
        for (text, expected) in [
            ("memroy", Some(Slip::Concept(Concept::Memory))),
            ("chnage", Some(Slip::Verb(Verb::Set))),
            ("incrase", Some(Slip::Verb(Verb::Increase))),
            ("delte", None),
            ("posta", None),
            ("restat", None),
            ("protetion", None),
        ] {
            let clean = clean(text);
            assert_eq!(slip(&Words::new(&clean, text, 0), 0), expected, "{text}");
        }
    }
}
