//! Does the text only say how things are, were, or what others say? A value in it is then no wish, and the author is asked.

use crate::lexicon::{Verb, length_of};
use crate::mark::Meaning;
use crate::past::Past;

use super::Reader;

/// Words of what was. A value beside them is told, where nobody asks for anything.
#[rustfmt::skip]
const WAS: &[&str] = &[
    "was", "were", "had", "gave", "moved", "ran", "got", "upgraded", "raised", "increased", "doubled", "unused",
    "era", "erano", "aveva", "avevano", "dato", "spostato", "spostata", "messo", "alzato",
];

/// Words with which something is wished, wherever they stand.
#[rustfmt::skip]
const WISHING: &[&str] = &[
    "should", "shd", "shld", "must", "shall", "please", "pls", "plz", "kindly", "can", "could", "may", "need", "needs", "want", "wants", "belongs", "belong", "like", "ought", "supposed", "new", "instead", "becomes", "gets",
    "bisogno", "bisogna", "dovrei", "dovremmo", "voglio", "vogliamo", "deve", "devono", "dovrebbe", "dovrebbero", "vorrei", "vorremmo", "serve", "servono", "favore", "cortesemente", "puoi", "potete", "potreste", "possiamo", "diventa", "nuovo", "nuova", "invece",
];

/// Words beside which a value is only spoken of.
#[rustfmt::skip]
const SPOKEN_OF: &[&str] = &[
    "talked about", "talking about", "argued about", "decided against", "voted against", "rejected", "turned down", "declined", "bad idea", "bad call", "was a mistake", "is wrong", "was wrong", "wiki says", "docs say", "documentation says", "manual says", "review my", "the pr that", "the change that", "the pull request that",
    "abbiamo parlato di", "si parlava di", "bocciato", "bocciata", "respinto", "respinta", "pessima idea", "cattiva idea", "e sbagliato", "e sbagliata", "la pr che", "la modifica che",
];
/// What says how things are, and is no wish.
#[rustfmt::skip]
const SOURCES: &[&str] = &[
    "sheet", "spreadsheet", "notes", "docs", "documentation", "wiki", "manual", "diagram", "inventory", "cmdb", "readme", "records", "dashboard", "monitoring", "console", "ui", "listing", "invoice", "contract",
    "foglio", "appunti", "documentazione", "manuale", "schema", "inventario", "tabella", "console", "contratto", "fattura",
];
/// What they do, or where in them it stands.
#[rustfmt::skip]
const SAYING: &[&str] = &["says", "say", "said", "has", "have", "had", "lists", "list", "shows", "show", "states", "claims", "mention", "mentions", "reads", "gives", "dice", "dicono", "riporta", "riportano", "indica", "indicano", "ha", "hanno", "elenca"];
/// With these one asks whether something is so.
#[rustfmt::skip]
const CHECKING: &[&str] = &[
    "look into whether", "check whether", "verify whether", "find out whether", "confirm whether", "check that", "verify that", "confirm that", "check if", "verify if", "find out if", "confirm if", "tell me whether",
    "controlla che", "controllate che", "verifica che", "verificate che", "verifica se", "verificate se", "controlla se", "controllate se", "confermate che", "confermi che", "confermami che", "confermatemi che", "vedere se", "sapere se",
];
/// A question whether what was said is so.
#[rustfmt::skip]
const RIGHT: &[&str] = &["is that right", "is this right", "is it right", "is that correct", "is this correct", "is that true", "is it true", "does that sound right", "is that so", "e giusto", "e corretto", "e vero", "e cosi", "vi risulta", "ti risulta", "risulta anche a voi"];

/// What is said of a deed, and orders none.
#[rustfmt::skip]
const JUDGING: &[&str] = &[
    "was a mistake", "is a mistake", "would be a mistake", "was wrong", "is wrong", "would be wrong", "was a bad idea", "is a bad idea", "would be a bad idea", "was stupid", "would be stupid",
    "e stato un errore", "e stata un errore", "sarebbe un errore", "e un errore", "e una pessima idea", "sarebbe una pessima idea", "era sbagliato",
];

/// What was thought of, or is only imagined.
#[rustfmt::skip]
const IMAGINED: &[&str] = &[
    "for example", "for instance", "e.g", "e.g.", "as an example", "in theory", "theoretically", "hypothetically", "imagine", "supposing", "pretend",
    "was going to", "were going to", "was about to", "were about to", "plan was", "idea was", "thought about", "thought of", "considered", "toyed with", "had planned", "had thought", "would have been",
    "stop giving", "stop asking", "would be too much", "would be overkill", "is overkill", "is the maximum", "is the most", "is the limit", "sarebbe troppo", "sarebbero troppi", "smettetela di", "smettila di",
    "per esempio", "ad esempio", "in teoria", "teoricamente", "ipoteticamente", "mettiamo che", "poniamo che", "supponiamo che", "supponiamo di", "immaginiamo", "immagina", "stavamo per", "stavo per", "avevamo pensato", "avevo pensato", "si pensava", "l idea era", "il piano era", "abbiamo valutato",
];

/// With one of these all that was said is taken back, or was no wish of the author's.
#[rustfmt::skip]
const TAKEN_BACK: &[&str] = &[
    "just kidding", "only kidding", "i m kidding", "only joking", "just joking", "that was a joke", "it was a joke", "this was a joke", "that is a joke", "that s a joke", "this is a joke", "it s a joke", "forget it", "forget that", "forget about it", "never mind", "nevermind", "i disagree", "we disagree", "don t agree", "do not agree", "he is wrong", "she is wrong", "they are wrong", "he s wrong", "she s wrong", "that s nonsense", "is nonsense", "i changed my mind",
    "scherzavo", "sto scherzando", "stavo scherzando", "era uno scherzo", "lascia perdere", "lasciate perdere", "lasciamo perdere", "come non detto", "non sono d accordo", "non siamo d accordo", "ho cambiato idea", "fa niente", "non fa niente",
];
/// Alone in a part of its own each puts off or denies what was said.
#[rustfmt::skip]
const PUT_OFF: &[&str] = &[
    "not now", "not yet", "not today", "but not now", "but not yet", "but not today", "no", "nope", "nah", "no thanks", "no thank you", "no grazie", "too expensive", "too risky", "too much", "too many", "troppo caro", "troppo costoso", "troppo rischioso", "troppi", "no way", "certainly not", "absolutely not", "hell no", "i don t", "i do not", "we don t", "we do not", "not me", "io no", "noi no", "assolutamente no", "certo che no", "neanche per sogno", "non ora", "non adesso", "non ancora", "non oggi", "ma non ora", "ma non adesso", "ma non ancora", "ma non oggi",
];
/// Said of what is new: that nobody has a use for it.
#[rustfmt::skip]
const UNWANTED: &[&str] = &[
    "we don t need it", "i don t need it", "we do not need it", "nobody needs it", "no one needs it", "don t need one", "non ci serve", "non mi serve", "non serve a nessuno", "non ne abbiamo bisogno",
];

/// Verbs of a sentence that says how things are.
const IS: &[&str] = &["is", "are", "has", "have", "runs", "run", "sits", "sit", "uses", "use", "ha", "hanno", "gira", "usa", "sta", "sono"];
/// With one of these a question asks for advice: "would 8 GB be enough for web-02?"
const ADVICE: &[&str] =
    &["enough", "help", "helps", "suffice", "suffices", "bastano", "bastino", "basterebbero", "basta", "bastasse", "aiutano", "aiuterebbe"];

impl Reader<'_> {
    /// Whether a change is only spoken of.
    pub(super) fn only_tells(&self) -> bool {
        self.tells_of_what_was()
            || self.speaks_of_a_change()
            || self.asks_for_advice()
            || self.says_how_it_is()
            || self.is_said_by_a_source()
            || self.asks_whether_it_is_so()
            || self.is_imagined()
            || self.tells_of_state()
            || self.asks_what_is_done()
    }

    /// "give web-02 8GB. That was a joke", "a new vm ..., but not now": nothing is to be done.
    pub(super) fn is_taken_back(&self, makes: bool) -> bool {
        let places = || 0..self.words.tokens.len();
        let is_at = |phrases: &[&str], place: usize| phrases.iter().filter_map(|phrase| length_of(phrase, self.words, place)).max();
        let is_end = |place: usize| self.words.tokens.get(place).is_none_or(crate::token::Token::is_punctuation);
        let stands_alone = |place: usize| {
            let opens = place > 0 && is_end(place - 1);
            opens && is_at(PUT_OFF, place).is_some_and(|length| is_end(place + length))
        };
        let last = self.words.tokens.iter().rposition(|token| !token.is_punctuation()).unwrap_or_default();
        // "no, 8GB": what follows is what is wished.
        let closes = |place: usize| is_at(PUT_OFF, place).is_some_and(|length| place + length > last);
        // "don't forget it" reminds.
        // "never mind the cost".
        let has_object = |place: usize| self.words.word(place) == "never" && !is_end(place + 2);
        let is_denied = |place: usize| has_object(place) || place > 0 && matches!(self.words.word(place - 1), "t" | "not" | "dont" | "never" | "non");
        places().any(|place| {
            is_at(TAKEN_BACK, place).is_some() && !is_denied(place)
                || makes && is_at(UNWANTED, place).is_some()
                || stands_alone(place) && closes(place)
        })
    }

    /// "we decided against 8 GB for web-02", "web-02 8GB - rejected by the board".
    fn speaks_of_a_change(&self) -> bool {
        (0..self.words.tokens.len()).any(|place| SPOKEN_OF.iter().any(|phrase| length_of(phrase, self.words, place).is_some())) && !self.has_wish()
    }

    /// "my sheet says web-02 has 8GB", "I have web-02 at 8GB in my notes".
    fn is_said_by_a_source(&self) -> bool {
        let word = |place: usize| self.words.word(place);
        let is_saying = |place: usize| SAYING.contains(&word(place + 1)) || SAYING.contains(&word(place + 2));
        let is_where = |place: usize| {
            (place.saturating_sub(3)..place)
                .any(|before| matches!(word(before), "in" | "per" | "to" | "on" | "nel" | "nella" | "nei" | "nelle" | "negli" | "sul" | "sulla"))
                && self.words.tokens[..place].iter().any(|token| {
                    matches!(token.fold.as_str(), "have" | "ho" | "abbiamo" | "according" | "secondo" | "see" | "vedo" | "leggo" | "read")
                })
        };
        let is_source = |place: usize| SOURCES.contains(&word(place)) && (is_saying(place) || is_where(place));
        (0..self.words.tokens.len()).any(is_source)
            && !self.has_wish()
            && !self.verbs().any(|(index, verb)| verb != Verb::Set && self.is_order(index))
    }

    /// "web-02 eats 8GB", "great that web-02 has 8GB": somebody says what something does or has, and nothing else gives a value.
    fn tells_of_state(&self) -> bool {
        let is_end = |place: usize| self.marks[place].is(&Meaning::Punctuation) || self.has_colon(self.marks[place].to - 1);
        let is_plain = |place: usize| self.marks[place].is(&Meaning::Ignored) || self.marks[place].concept().is_some();
        let states = |place: usize| {
            let mark = &self.marks[place];
            let word = self.words.word(mark.from);
            let is_form = mark.is(&Meaning::Other) && mark.to == mark.from + 1 && word.len() > 3 && (word.ends_with('s') || word.ends_with("ed"));
            // "dmz goes to vlan 31", "limits are to be 1 CPU": what shall be.
            let is_move = ["goes", "moves", "changes", "switches", "becomes", "needs", "wants", "gets", "requires", "passes"].contains(&word);
            let is_due = matches!(self.words.word(mark.to), "to" | "da") || self.has_colon(mark.to - 1);
            (is_form || self.says_is(place)) && !is_move && !is_due && !self.is_name_like(place)
        };
        let told = |verb: usize| {
            let named = (verb.saturating_sub(2)..verb).rev().find(|place| self.marks[*place].named().is_some())?;
            let value =
                (verb + 1..self.marks.len().min(verb + 4)).take_while(|place| !is_end(*place)).find(|place| self.marks[*place].gives_value())?;
            // "let web-a run shop:1.5".
            let is_let = named > 0 && matches!(self.words.word(self.marks[named].from - 1), "let" | "make" | "have" | "lascia" | "fai");
            (!is_let && (named + 1..verb).chain(verb + 1..value).all(is_plain) && !(named..verb).any(is_end)).then_some(value)
        };
        let Some(value) = (0..self.marks.len()).filter(|place| states(*place)).find_map(told) else { return false };
        let start = (0..value).rev().find(|place| is_end(*place)).map_or(0, |end| end + 1);
        let end = (value..self.marks.len()).find(|place| is_end(*place)).unwrap_or(self.marks.len());
        let is_other_value = |place: usize| !(start..end).contains(&place) && self.marks[place].gives_value();
        !self.has_wish() && !(0..self.marks.len()).any(|place| is_other_value(place) || self.is_order(place) && !self.says_is(place))
    }

    /// "did somebody give web-02 8GB?", "any news on the 8GB for web-02?", "thanks for giving web-02 8GB".
    fn asks_what_is_done(&self) -> bool {
        let word = |place: usize| self.words.word(place);
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_question = asks && matches!(word(0), "did" | "has" | "had")
            || asks && word(0) == "will" && !matches!(word(1), "you" | "u" | "somebody" | "someone" | "it");
        let is_news =
            matches!((word(0), word(1), word(2)), ("any", "news" | "update" | "progress" | "word", _) | ("ci", "sono", "novita") | ("novita", ..));
        let is_thanks = matches!((word(0), word(1)), ("thanks", "for") | ("grazie", "per")) || word(0) == "thank" && word(2) == "for";
        let is_how = word(0) == "how" && matches!(word(1), "would" | "could" | "can" | "should" | "do");
        is_question
            || is_news
            || is_how
            || is_thanks && !(0..self.marks.len()).any(|index| index > 3 && self.opens_sentence(index) && self.is_order(index))
    }

    /// "there is a VM x-01 with 2 cores", "how do I scale shop web to 4", "shop web has 4 replicas": nothing shall be made.
    pub(super) fn only_tells_of_making(&self, is_new: bool) -> bool {
        let word = |place: usize| self.words.word(place);
        let is_having = matches!(
            (word(0), word(1)),
            ("there", "is" | "are" | "was" | "were" | "s")
                | ("we" | "i" | "they", "have" | "had")
                | ("c", "e" | "era")
                | ("ci", "sono")
                | ("abbiamo" | "avevamo" | "esiste" | "esistono", _)
                | ("no", "vm" | "vms" | "container" | "containers" | "machine" | "machines" | "new")
        );
        // "x-01 was a VM with 2 cores".
        let is_past = matches!((word(1), word(2)), ("was" | "were" | "era" | "erano", _) | ("used", "to")) && self.marks[0].to == 1;
        let is_had =
            word(0) == "no" && is_having || (is_having || is_past) && !self.has_wish() && !matches!(word(2), "to" | "decided" | "da" | "got");
        // "shop web in prod has 4 replicas": what follows the verb is a number.
        let counts = |place: usize| {
            matches!(word(place), "has" | "have" | "had" | "runs" | "ran" | "ha" | "aveva" | "girava")
                && word(place + 1).starts_with(|letter: char| letter.is_ascii_digit())
        };
        let is_counted = (1..self.words.tokens.len()).any(counts) && !self.has_wish();
        self.is_imagined()
            || self.asks_what_is_done()
            || self.is_wondered()
            || self.says_how_it_is()
            || is_new && (self.is_said_by_a_source() || is_had || is_counted)
    }

    /// "undo #57 was a mistake", "deleting cache-dev is a bad idea": what is said of the deed itself.
    pub(super) fn is_judged(&self) -> bool {
        let Some(order) = self.order() else { return false };
        let from = self.marks[order.verb].to;
        (from..self.words.tokens.len())
            .take_while(|place| !self.words.tokens[*place].is_punctuation())
            .any(|place| JUDGING.iter().any(|phrase| length_of(phrase, self.words, place).is_some()))
    }

    /// "we were going to give web-02 8GB", "for example: give web-02 8GB". "I was going to ask for 8GB" asks.
    pub(super) fn is_imagined(&self) -> bool {
        let at = |place: usize| IMAGINED.iter().filter_map(|phrase| length_of(phrase, self.words, place)).max();
        let asks = |place: usize| matches!(self.words.word(place), "ask" | "request" | "say" | "chiedere" | "chiedervi" | "chiederti" | "dire");
        // "nobody needs 8GB on web-02"; "nobody needs the tag web" wishes it away.
        let is_spared = |place: usize| {
            let is_nobody = self.words.word(place) == "nobody" || self.words.word(place) == "one" && place > 0 && self.words.word(place - 1) == "no";
            is_nobody && self.words.word(place + 1) == "needs" && self.words.word(place + 2).starts_with(|letter: char| letter.is_ascii_digit())
        };
        // "so the frontend folks stop asking me for dumps": they do.
        let is_of_others = |place: usize| {
            matches!(self.words.word(place), "stop" | "smettetela" | "smettila")
                && place > 0
                && !self.words.tokens[place - 1].is_punctuation()
                && self.words.word(place - 1) != "please"
        };
        (0..self.words.tokens.len()).any(|place| is_spared(place) || at(place).is_some_and(|length| !asks(place + length) && !is_of_others(place)))
    }

    /// "look into whether cache has 1GB", "web-02 has 8GB, is that right?"
    fn asks_whether_it_is_so(&self) -> bool {
        let at = |phrases: &[&str], place: usize| phrases.iter().filter_map(|phrase| length_of(phrase, self.words, place)).max();
        let states = |place: usize| IS.contains(&self.words.word(place)) || matches!(self.words.tokens[place].text.as_str(), "è" | "È");
        let end =
            |from: usize| (from..self.words.tokens.len()).find(|place| self.words.tokens[*place].is_punctuation()).unwrap_or(self.words.tokens.len());
        let checks = |place: usize| at(CHECKING, place).is_some_and(|length| (place + length..end(place)).take(4).any(states));
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_right = |place: usize| asks && at(RIGHT, place).is_some();
        (0..self.words.tokens.len()).any(|place| checks(place) || is_right(place))
    }

    /// "would 8 GB be enough for web-02?", "mi chiedo se 8 giga bastino".
    fn asks_for_advice(&self) -> bool {
        let words = || (0..self.words.tokens.len()).map(|place| self.words.word(place));
        let asks = self.words.tokens.iter().any(|token| token.fold == "?")
            && matches!(self.words.word(0), "would" | "is" | "are" | "will" | "bastano" | "basterebbero");
        let wonders = words().any(|word| matches!(word, "wonder" | "wondering" | "chiedo" | "chiediamo" | "domando"));
        (asks || wonders) && words().any(|word| ADVICE.contains(&word)) && !self.has_wish()
    }

    /// "build-01 shut down on its own last night": what says so of an order for power.
    pub(super) fn went_by_itself(&self) -> Option<usize> {
        let order = self.order()?;
        let is_past = |index: &usize| matches!(self.marks[*index].past(), Some(Past::Day(_) | Past::Moment(_)));
        let from = self.marks[order.verb].to;
        let [first, second, third] = [0, 1, 2].map(|offset| self.words.word(from + offset));
        let is_own = matches!((first, second, third), ("on", "its", "own") | ("by", "itself", _) | ("da", "sola" | "solo", _));
        order.clause().find(is_past).or_else(|| is_own.then_some(order.verb))
    }

    /// "the vlan of the dmz is 31", "build-01 sits on pve2": a sentence with nothing but what something is.
    fn says_how_it_is(&self) -> bool {
        let is_subject = |place: usize| {
            let mark = &self.marks[place];
            let is_place = mark.named().is_some() || mark.environment().is_some() || mark.blueprint().is_some();
            is_place || mark.concept().is_some() || mark.thing().is_some() || self.known_variable(place).is_some() || mark.is(&Meaning::Ignored)
        };
        let Some(verb) = (0..self.marks.len()).find(|place| self.says_is(*place)) else { return false };
        let names = (0..verb).any(|place| self.marks[place].named().is_some());
        let opens = (0..verb).all(is_subject) && (0..verb).any(|place| !self.marks[place].is(&Meaning::Ignored));
        let last = self.marks.iter().rposition(|mark| !mark.is(&Meaning::Punctuation)).map_or(0, |last| last + 1);
        let is_one = self.marks[..last].iter().all(|mark| !mark.is(&Meaning::Punctuation));
        names && opens && is_one && !self.has_wish() && self.verbs().all(|(place, _)| place == verb)
    }

    /// "è" is "e" without its accent, which is "and".
    fn says_is(&self, place: usize) -> bool {
        let from = self.marks[place].from;
        IS.contains(&self.words.word(from)) || matches!(self.words.tokens[from].text.as_str(), "è" | "È")
    }

    /// A word that wishes: "please", "should", an order.
    fn has_wish(&self) -> bool {
        (0..self.marks.len()).any(|index| {
            let mark = &self.marks[index];
            // "it has to say 10.0.20.99".
            let is_due = |place: usize| matches!(self.words.word(place), "has" | "have") && self.words.word(place + 1) == "to";
            (mark.from..mark.to).any(|place| WISHING.contains(&self.words.word(place)) || is_due(place))
                || self.is_order(index) && self.opens_sentence(index)
        })
    }

    /// "web-02 was given 8GB yesterday", "I gave web-02 8GB": what was done, in one sentence that asks for nothing.
    pub(super) fn tells_of_what_was(&self) -> bool {
        let is_participle = |index: usize| {
            let before = index.checked_sub(1).map_or("", |before| self.words.word(self.marks[before].from));
            WAS.contains(&before)
                || matches!(before, "has" | "have" | "been" | "ha" | "hanno" | "abbiamo" | "ho" | "i" | "we" | "they" | "he" | "she")
        };
        let asks = (0..self.marks.len()).any(|index| {
            let is_modal = matches!(
                self.words.word(self.marks[index].from),
                "should"
                    | "shd"
                    | "must"
                    | "shall"
                    | "please"
                    | "pls"
                    | "plz"
                    | "can"
                    | "could"
                    | "would"
                    | "may"
                    | "need"
                    | "needs"
                    | "want"
                    | "belongs"
                    | "belong"
                    | "deve"
                    | "devono"
                    | "dovrebbe"
                    | "vorrei"
                    | "vorremmo"
                    | "dovrei"
                    | "dovremmo"
                    | "voglio"
                    | "bisogna"
                    | "serve"
                    | "servono"
            );
            // "the record has to say 10.0.20.99".
            let from = self.marks[index].from;
            let is_due = matches!(self.words.word(from), "has" | "have" | "ought" | "is" | "are") && self.words.word(from + 1) == "to"
                // "va messo a 0".
                || matches!(self.words.word(from), "va" | "vanno" | "andrebbe" | "andrebbero")
                    && ["to", "ta", "ti", "te", "so", "sa"].iter().any(|end| self.words.word(from + 1).ends_with(end));
            is_modal || is_due || self.is_order(index) && !is_participle(index)
        });
        // "I'd feel safer if web-01 had 16 GB".
        let asks = asks
            || (0..self.words.tokens.len()).any(|place| {
                self.is_wish_in_a_condition(place) || crate::lexicon::ASKING_IF.iter().any(|phrase| length_of(phrase, self.words, place).is_some())
            });
        let was = self.words.tokens.iter().any(|token| WAS.contains(&token.fold.as_str()));
        // "it had 4 GB, 8 is better": another part gives the value.
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || self.has_colon(self.marks[*place].to - 1);
        let is_told = |place: usize| {
            let start = (0..place).rev().find(is_end).map_or(0, |end| end + 1);
            let end = (place..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
            (start..end).any(|other| (self.marks[other].from..self.marks[other].to).any(|word| WAS.contains(&self.words.word(word))))
        };
        let is_one = (0..self.marks.len()).filter(|place| self.marks[*place].gives_value()).all(is_told);
        was && is_one && !asks
    }
}
