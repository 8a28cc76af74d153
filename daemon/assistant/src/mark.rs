//! What may each word mean? Every reader of the lexicon and of values looks at every place; the longest reading stands.

use core_model::Name;
use core_model::portable::{IMAGE_REFERENCE, PORT_MAPPING};
use jiff::Zoned;

use crate::disposals::{away, cleaning, deed, disposal, end_of_disposal, split_disposal};
use crate::language::{Language, language};
use crate::lexicon::{
    ASKING_IF, CONCEPTS, Concept, ENVIRONMENTS, OPERATORS, Operator, POLITE, PRODUCTS, Slip, THINGS, Thing, UNKNOWING, VERBS, Verb, inflected,
    is_ignored, length_of, opens_sentence, phrasal, phrase_at, slip, timely,
};
use crate::names::{How, Named, described_at, named_at};
use crate::past::{Past, past_at};
use crate::quantity::{Quantity, quantity_at};
use crate::token::Words;
use crate::view::View;

/// What some words may mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Named(Named),
    Environment(Name),
    /// A usual name for an environment that this repository does not have.
    NoSuchEnvironment,
    Blueprint(Name),
    Past(Past),
    Quantity(Quantity),
    Cidr(String),
    Ip(String),
    /// A port mapping as it stands in a blueprint.
    PortPair(String),
    Image(String),
    /// A product by its name, without a version.
    Product(&'static str),
    Version(String),
    Assignment(String, String),
    Verb(Verb),
    Concept(Concept),
    Thing(Thing),
    Operator(Operator),
    Ignored,
    /// A word of a part that only tells how things are.
    Background,
    Punctuation,
    /// A word that is not known here. It may be a new name, a value, or nothing of interest.
    Other,
}

/// Some words with everything they may mean, the likeliest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) meanings: Vec<Meaning>,
    /// Places of tokens: `from..to`.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

macro_rules! one_of {
    ($name:ident, $variant:ident, $type:ty) => {
        pub(crate) fn $name(&self) -> Option<&$type> {
            self.meanings.iter().find_map(|meaning| if let Meaning::$variant(value) = meaning { Some(value) } else { None })
        }
    };
}

impl Mark {
    one_of!(named, Named, Named);
    one_of!(environment, Environment, Name);
    one_of!(blueprint, Blueprint, Name);
    one_of!(past, Past, Past);
    one_of!(cidr, Cidr, String);
    one_of!(ip, Ip, String);
    one_of!(port_pair, PortPair, String);
    one_of!(image, Image, String);
    one_of!(version, Version, String);

    pub(crate) fn verb(&self) -> Option<Verb> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Verb(verb) = meaning { Some(*verb) } else { None })
    }

    pub(crate) fn concept(&self) -> Option<Concept> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Concept(concept) = meaning { Some(*concept) } else { None })
    }

    pub(crate) fn thing(&self) -> Option<Thing> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Thing(thing) = meaning { Some(*thing) } else { None })
    }

    pub(crate) fn quantity(&self) -> Option<Quantity> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Quantity(quantity) = meaning { Some(*quantity) } else { None })
    }

    pub(crate) fn operator(&self) -> Option<Operator> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Operator(operator) = meaning { Some(*operator) } else { None })
    }

    pub(crate) fn product(&self) -> Option<&'static str> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Product(product) = meaning { Some(*product) } else { None })
    }

    pub(crate) fn assignment(&self) -> Option<(&str, &str)> {
        self.meanings
            .iter()
            .find_map(|meaning| if let Meaning::Assignment(key, value) = meaning { Some((key.as_str(), value.as_str())) } else { None })
    }

    /// A value that says by its form of what it is: an image, a version, an assignment, an address, a pair of ports.
    pub(crate) fn states_value(&self) -> bool {
        self.image().or(self.version()).is_some() || self.assignment().is_some() || self.port_pair().is_some() || self.cidr().or(self.ip()).is_some()
    }

    /// An amount, or a value that says by its form of what it is.
    pub(crate) fn gives_value(&self) -> bool {
        self.quantity().is_some() || self.states_value()
    }

    pub(crate) fn is(&self, wanted: &Meaning) -> bool {
        self.meanings.contains(wanted)
    }
}

/// Marks all words, from the first to the last. Marks do not overlap and leave no gap.
pub(crate) fn marks(words: &Words<'_>, view: &View<'_>, now: &Zoned) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut place = 0;
    while place < words.tokens.len() {
        let mut readings = readings(words, place, view, now);
        let length = readings.iter().map(|(_, length)| *length).max().unwrap_or(1);
        readings.retain(|(_, own)| *own == length);
        let mut meanings: Vec<Meaning> = readings.into_iter().map(|(meaning, _)| meaning).collect();
        if meanings.is_empty() {
            meanings.push(if words.tokens[place].is_punctuation() { Meaning::Punctuation } else { Meaning::Other });
        }
        marks.push(Mark { meanings, from: place, to: place + length });
        place += length;
    }
    marks
}

pub(crate) type Reading = Option<(Meaning, usize)>;

fn readings(words: &Words<'_>, place: usize, view: &View<'_>, now: &Zoned) -> Vec<(Meaning, usize)> {
    let with = |meaning: fn(Named) -> Meaning, found: Option<(Named, usize)>| found.map(|(named, length)| (meaning(named), length));
    let all: [Reading; 22] = [
        split_disposal(words, place, view),
        end_of_disposal(words, place),
        with(Meaning::Named, named_at(view, words, place)),
        past_at(words, place, now).map(|(past, length)| (Meaning::Past(past), length)),
        environment(words, place, view),
        address(words, place),
        image(words, place),
        version(words, place),
        assignment(words, place),
        quantity_at(words, place).map(|(quantity, length)| (Meaning::Quantity(quantity), length)),
        blueprint(words, place, view),
        phrase_at(VERBS, words, place)
            .filter(|_| !is_genitive(words, place, view) && !is_perfect(words, place) && !is_other_word(words, place))
            .map(|(verb, length)| (Meaning::Verb(verb), length)),
        phrase_at(CONCEPTS, words, place)
            .filter(|(concept, length)| {
                // "user complains web-02 is slow": somebody tells.
                let is_teller =
                    *concept == Concept::User && crate::lexicon::TELLING.contains(&words.word(place + length)) && words.word(place + length) != "is";
                !is_teller
            })
            .filter(|_| {
                !is_italian_has(words, place) && !names_machine_by_use(words, place) && !is_letter(words, place) && !comes_back_up(words, place)
            })
            .map(|(concept, length)| (Meaning::Concept(concept), length)),
        phrase_at(THINGS, words, place).filter(|_| !is_packing(words, place)).map(|(thing, length)| (Meaning::Thing(thing), length)),
        phrase_at(OPERATORS, words, place).filter(|_| !goes_on(words, place)).map(|(operator, length)| (Meaning::Operator(operator), length)),
        with(Meaning::Named, described_at(view, words, place)),
        ignored(words, place, view),
        phrasal(words, place).map(|(verb, length)| (Meaning::Verb(verb), length)),
        disposal(words, place),
        deed(words, place, view),
        away(words, place, view),
        cleaning(words, place),
    ];
    let mut known: Vec<(Meaning, usize)> = all.into_iter().flatten().collect();
    // "il test del gestionale": an Italian article, unless it begins an order.
    if words.word(place) == "del" && !crate::lexicon::opens_sentence(words, place) {
        known.retain(|(meaning, _)| !matches!(meaning, Meaning::Verb(_)));
    }
    // "they were deleting cache-dev": what others do is no order. "htop come pacchetto": as what, and not like what.
    let is_as = matches!(words.word(place), "come" | "as") && phrase_at(CONCEPTS, words, place + 1).is_some();
    // "let's delete it".
    let is_lets = matches!(words.word(place), "let") && matches!(words.word(place + 1), "s" | "us");
    if is_as || is_lets || is_done_by_others(words, place) {
        known.retain(|(meaning, _)| !matches!(meaning, Meaning::Verb(_)));
    }
    // "the build server": its name, and no order to build one.
    let is_called = known.iter().any(|(meaning, _)| matches!(meaning, Meaning::Named(named) if named.how == How::Alias && !named.is_set));
    known.retain(|(meaning, _)| !(is_called && matches!(meaning, Meaning::Verb(_))));
    // "grafana 11.3.0": what is called like its product is named by it, with its version, too.
    let versioned = known.iter().find_map(|(meaning, length)| (matches!(meaning, Meaning::Image(_)) && *length > 1).then_some(*length));
    let exact = known.iter().find_map(|(meaning, _)| match meaning {
        Meaning::Named(named) if named.how == How::Exact => Some(meaning.clone()),
        _ => None,
    });
    known.extend(exact.zip(versioned));
    if known.is_empty() && !is_done_by_others(words, place) { unknown(words, place).map(|meaning| (meaning, 1)).into_iter().collect() } else { known }
}

fn is_done_by_others(words: &Words<'_>, place: usize) -> bool {
    let is_going_on = words.word(place).ends_with("ing") || words.word(place).ends_with("ndo");
    let word = |back: usize| place.checked_sub(back).map_or("", |before| words.word(before));
    let is_other = |word: &str| matches!(word, "they" | "he" | "she" | "somebody" | "someone" | "people" | "users" | "customers" | "nobody");
    let is_english = matches!(word(1), "are" | "were" | "is" | "was" | "re" | "s") && is_other(word(2));
    // "#57 was undone already".
    let is_done = matches!(words.word(place), "undone" | "reverted" | "rolled" | "annullata" | "annullato")
        && matches!(word(1), "was" | "were" | "been" | "got" | "stata" | "stato");
    is_done || is_going_on && (is_english || matches!(word(1), "stanno" | "stavano" | "stava"))
}

/// "le repliche del web": the Italian "of the", and not short for "delete".
fn is_genitive(words: &Words<'_>, place: usize, view: &View<'_>) -> bool {
    // "toglilo dai blueprint": "from the", as no amount stands behind it.
    if words.word(place) == "dai" {
        let next = words.word(place + 1);
        return matches!(next, "blueprint" | "blueprints" | "tag" | "pacchetti" | "nodi" | "file" | "piedi" | "server" | "container")
            || next.starts_with("blueprint");
    }
    // "del web-02, it's been replaced": nothing in Italian begins so.
    let is_order = place == 0 && words.word(place) == "del" && {
        let kind = phrase_at(THINGS, words, place + 1).map_or(0, |(_, length)| length);
        named_at(view, words, place + 1 + kind).is_some_and(|(named, _)| named.how == How::Exact)
    };
    words.word(place) == "del" && !is_order && (!opens_sentence(words, place) || language(words) == Language::Italian)
}

/// "the time has come", "our membership list": in English, or as nouns, they are no such verbs.
fn is_other_word(words: &Words<'_>, place: usize) -> bool {
    let before = place.checked_sub(1).map_or("", |before| words.word(before));
    // "build-01 was put out of its misery", "it was shut down yesterday": what was done.
    let is_done = matches!(before, "was" | "were" | "been" | "got" | "had" | "is" | "are");
    match words.word(place) {
        "put" | "shut" | "cut" if is_done => true,
        // "that day's setup", "the old setup": what there was.
        "setup" => matches!(before, "s" | "the" | "that" | "our" | "this" | "same" | "old" | "previous" | "former" | "whole" | "a"),
        // "it runs the hop scale": what things are weighed with.
        "scale" => {
            let is_article = |word: &str| matches!(word, "the" | "a" | "our" | "this" | "that" | "large" | "full" | "small");
            let goes_on = matches!(words.word(place + 1), "to" | "up" | "down" | "out" | "in" | "from" | "by" | "at");
            (is_article(before) || place > 1 && is_article(words.word(place - 2)) && before.len() > 2) && !goes_on
        }
        // "terminate TLS on web-01": what a server does with connections.
        "terminate" | "terminates" => {
            let what = if matches!(words.word(place + 1), "the" | "all" | "our" | "its") { words.word(place + 2) } else { words.word(place + 1) };
            matches!(what, "tls" | "ssl" | "https" | "connections" | "sessions" | "connection" | "session" | "traffic" | "vpn")
        }
        // "so my load tests stop annoying everyone": what somebody no longer does.
        "stop" | "stops" => words.word(place + 1).len() > 4 && words.word(place + 1).ends_with("ing"),
        "come" => language(words) == Language::English,
        // "I want to start from zero", "let's start over".
        "start" => matches!(words.word(place + 1), "from" | "over" | "afresh" | "anew"),
        // "... keeps our list in a spreadsheet, which pains me".
        "which" => {
            let sentence = (0..place).rev().take_while(|before| !words.tokens[*before].ends_sentence()).count();
            let asks = words.tokens[place..].iter().find(|token| token.ends_sentence()).is_some_and(|token| token.fold == "?");
            before == "," && sentence > 4 && !asks
        }
        "list" => {
            !opens_sentence(words, place)
                && !matches!(before, "please" | "pls" | "to" | "and" | "me" | "you" | "us" | "a" | "the" | "can" | "could" | "just" | "full")
        }
        _ => false,
    }
}

/// "I have confirmed": what was done, and no order.
fn is_perfect(words: &Words<'_>, place: usize) -> bool {
    let is_own = place > 0 && matches!(words.word(place - 1), "i" | "we" | "they" | "you");
    let next = words.word(place + 1);
    words.word(place) == "have"
        && is_own
        && (next.len() > 4 && next.ends_with("ed")
            || matches!(next, "been" | "got" | "had" | "made" | "done" | "seen" | "gone" | "run" | "taken" | "just" | "already" | "never" | "now"))
}

/// "four boxes of labels": what something comes in, and no machine.
fn is_packing(words: &Words<'_>, place: usize) -> bool {
    let is_own = matches!(words.word(place + 2), "mine" | "ours" | "yours" | "theirs" | "the" | "our" | "my" | "his" | "her" | "their");
    matches!(words.word(place), "box" | "boxes") && words.word(place + 1) == "of" && !is_own
}

/// A word that stands in no table may be a form of one that does, or a slip of the pen for it.
fn unknown(words: &Words<'_>, place: usize) -> Option<Meaning> {
    // "shlink" beside "shlinkio/shlink:4.2" is no slip for "shrink".
    let fold = words.fold(place);
    let is_in_image = words.tokens.iter().any(|token| token.fold.contains(['/', ':']) && token.fold.len() > fold.len() && token.fold.contains(fold));
    inflected(words, place).map(Meaning::Verb).or_else(|| {
        slip(words, place).filter(|_| !is_in_image).map(|slip| match slip {
            Slip::Verb(verb) => Meaning::Verb(verb),
            Slip::Concept(concept) => Meaning::Concept(concept),
        })
    })
}

/// "c'è": a letter is a word for processors only behind a number, as in "4c".
fn is_letter(words: &Words<'_>, place: usize) -> bool {
    words.word(place) == "c" && !place.checked_sub(1).is_some_and(|before| words.word(before).bytes().all(|byte| byte.is_ascii_digit()))
}

/// "bring build-01 back up": no backup of it.
fn comes_back_up(words: &Words<'_>, place: usize) -> bool {
    let is_up = words.word(place) == "back" && words.word(place + 1) == "up";
    let comes = |before: usize| {
        matches!(
            words.word(before),
            "bring"
                | "get"
                | "come"
                | "comes"
                | "coming"
                | "came"
                | "put"
                | "boot"
                | "fire"
                | "power"
                | "start"
                | "switch"
                | "turn"
                | "be"
                | "want"
                | "need"
                | "needs"
                | "have"
        )
    };
    is_up && (place.saturating_sub(5)..place).any(comes)
}

/// "label printer server": what labels are made with, and no tag.
fn names_machine_by_use(words: &Words<'_>, place: usize) -> bool {
    // "the warehouse wants barcode labels printed": things of paper.
    let is_paper = matches!(words.word(place), "label" | "labels")
        && matches!(words.word(place + 1), "printed" | "printing" | "shipped" | "delivered" | "ordered" | "glued");
    if is_paper {
        return true;
    }
    // "con il Black Friday alle porte": near, and no ports.
    let is_idiom = words.word(place) == "porte"
        && place > 0
        && words.word(place - 1) == "alle"
        && !words.word(place + 1).starts_with(|letter: char| letter.is_ascii_digit());
    if is_idiom {
        return true;
    }
    matches!(words.word(place), "label" | "labels" | "tag" | "address" | "image" | "disk" | "storage")
        && matches!(
            words.word(place + 1),
            "printer"
                | "printers"
                | "printing"
                | "maker"
                | "reader"
                | "readers"
                | "scanner"
                | "scanners"
                | "recognition"
                | "processing"
                | "writer"
                | "book"
                | "cloud"
        )
}

/// "grafana ha poca memoria": the verb, and not high availability.
fn is_italian_has(words: &Words<'_>, place: usize) -> bool {
    words.tokens.get(place).is_some_and(|token| token.text == "ha") && language(words) == Language::Italian
}

/// "dashboards keep dying": nothing is kept.
fn goes_on(words: &Words<'_>, place: usize) -> bool {
    // "keep its data, just in case": of no case that is named.
    let is_caution = place > 0
        && words.word(place - 1) == "just"
        && words.word(place) == "in"
        && words.tokens.get(place + 2).is_none_or(crate::token::Token::is_punctuation);
    is_caution || words.word(place) == "keep" && words.word(place + 1).ends_with("ing")
}

/// Behind the name of a kind of work: those who do it.
#[rustfmt::skip]
const PEOPLE: &[&str] = &["has", "asked", "asks", "wants", "needs", "says", "said", "signed", "reported", "reports", "tested", "approved", "found", "told", "complains", "complained", "mi", "dice", "ha", "vuole", "chiede", "hanno", "folks", "team", "teams", "guys", "people", "department", "dept", "engineer", "engineers", "colleagues", "colleague", "crew", "lead", "manager", "group", "tester", "testers"];

fn environment(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    // "@prod", as blueprints' addresses are shown.
    let fold = words.fold(place).trim_start_matches('@');
    let name = |text: &str| view.environments().map(|environment| &environment.name).find(|name| name.as_str() == text).cloned();
    // "as a dev I want to see my traces".
    let is_person = matches!(fold, "dev" | "devs")
        && place > 0
        && matches!(words.word(place - 1), "a" | "my" | "our")
        && matches!(words.word(place.saturating_sub(2)), "as" | "i" | "m" | "am");
    if is_person {
        return None;
    }
    if let Some(name) = name(fold).or_else(|| environment_of_target(words, place, view)) {
        return Some((Meaning::Environment(name), 1));
    }
    // "la relazione di stage", "durante lo stage": in Italian somebody's time at work.
    // "il QA mi dice che è giù": who tells of it.
    let is_tester = fold == "qa"
        && place > 0
        && matches!(words.word(place - 1), "il" | "the" | "our" | "from" | "dal" | "al" | "del")
        && matches!(
            words.word(place + 1),
            "mi" | "ci"
                | "dice"
                | "ha"
                | "dicono"
                | "says"
                | "said"
                | "told"
                | "tells"
                | "wants"
                | "needs"
                | "has"
                | "is"
                | "complains"
                | "reports"
                | "lamenta"
                | "segnala"
                | "vuole"
        );
    // "so QA stops asking me": an environment stands behind a preposition.
    let leads = place == 0
        || matches!(
            words.word(place - 1),
            "in" | "on"
                | "to"
                | "into"
                | "for"
                | "from"
                | "of"
                | "su"
                | "nel"
                | "nella"
                | "sul"
                | "sulla"
                | "da"
                | "dal"
                | "di"
                | "del"
                | "al"
                | "a"
                | "the"
                | "@"
                | ":"
                | "and"
                | "e"
        );
    let is_place = matches!(words.word(place + 1), "environment" | "env" | "ambiente") || leads;
    if is_tester || fold == "qa" && !is_place {
        return None;
    }
    let is_internship = fold == "stage"
        && language(words) == Language::Italian
        && place > 0
        && matches!(words.word(place - 1), "di" | "lo" | "dello" | "allo" | "uno" | "mio" | "suo" | "dallo");
    if is_internship {
        return None;
    }
    let usual = ENVIRONMENTS.iter().find(|names| names.contains(&fold))?;
    match usual.iter().find_map(|text| name(text)) {
        Some(name) => Some((Meaning::Environment(name), 1)),
        // "the QA folks": people, and no environment.
        None => (!matches!(fold, "test" | "testing" | "live" | "stage") && !PEOPLE.contains(&words.word(place + 1)))
            .then_some((Meaning::NoSuchEnvironment, 1)),
    }
}

/// "started by hand on dock-01": where the resources of an environment run.
fn environment_of_target(words: &Words<'_>, place: usize, view: &View<'_>) -> Option<Name> {
    let fold = words.fold(place);
    let is_led = place > 0 && matches!(words.word(place - 1), "on" | "onto" | "su" | "sul" | "sull" | "host" | "from");
    let is_like = fold.contains('-') || fold.contains(|letter: char| letter.is_ascii_digit());
    let mut found = view.environments().filter(|environment| environment.targets.values().any(|target| target.as_str() == fold));
    let only = found.next().filter(|_| is_led && is_like)?;
    found.next().is_none().then(|| only.name.clone())
}

fn blueprint(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    let fold = words.fold(place);
    let resources = view.resources();
    resources.into_keys().map(|address| &address.blueprint).find(|name| name.as_str() == fold).map(|name| (Meaning::Blueprint(name.clone()), 1))
}

fn address(words: &Words<'_>, place: usize) -> Reading {
    let text = words.fold(place);
    if !text.starts_with(|letter: char| letter.is_ascii_hexdigit() || letter == '[') || !text.contains(['.', ':']) {
        return None;
    }
    let meaning = if text.parse::<std::net::IpAddr>().is_ok() {
        Meaning::Ip(text.to_owned())
    } else if text.parse::<ipnet::IpNet>().is_ok() {
        Meaning::Cidr(text.to_owned())
    } else if is_clock(words, place) {
        return None;
    } else {
        (PORT_MAPPING.parse)(text).ok()?;
        Meaning::PortPair(text.to_owned())
    };
    Some((meaning, 1))
}

/// "at 14:00" is a time and no pair of ports.
fn is_clock(words: &Words<'_>, place: usize) -> bool {
    place > 0 && matches!(words.word(place - 1), "at" | "alle" | "ore" | "@")
}

fn image(words: &Words<'_>, place: usize) -> Reading {
    let token = words.tokens.get(place)?;
    let is_reference = token.text.contains(['/', ':']) && !token.text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '/');
    // "image/os = debian-12" names a field twice.
    let is_reference = is_reference && !token.fold.split('/').all(|part| CONCEPTS.iter().any(|(_, phrases)| phrases.contains(&part)));
    // "12k users/h", "40 req/s": how often.
    let is_rate = token.fold.rsplit_once('/').is_some_and(|(_, last)| {
        !token.fold.contains(':')
            && matches!(
                last,
                "h" | "s" | "min" | "sec" | "day" | "hour" | "month" | "week" | "year" | "ora" | "giorno" | "mese" | "anno" | "settimana"
            )
    });
    let is_reference = is_reference && !is_rate;
    if is_reference && (IMAGE_REFERENCE.parse)(&token.text).is_ok() {
        return Some((Meaning::Image(token.text.clone()), 1));
    }
    let (product, length) = product(words, place)?;
    let skip = usize::from(matches!(words.word(place + length), "version" | "versione" | "v"));
    match version(words, place + length + skip).or_else(|| whole_version(words, place + length + skip)) {
        Some((Meaning::Version(version), more)) => {
            // "redis 7.4 alpine".
            let variant = words.word(place + length + skip + more);
            let is_variant =
                matches!(variant, "alpine" | "slim" | "bookworm" | "bullseye" | "bookworm-slim" | "management") && !version.contains(variant);
            let tag = if is_variant { format!("{version}-{variant}") } else { version };
            Some((Meaning::Image(format!("{product}:{tag}")), length + skip + more + usize::from(is_variant)))
        }
        _ => Some((Meaning::Product(product), length)),
    }
}

fn product(words: &Words<'_>, place: usize) -> Option<(&'static str, usize)> {
    let fold = words.fold(place);
    let single = PRODUCTS.iter().find(|(_, names)| names.contains(&fold)).map(|(image, _)| (*image, 1));
    single.or_else(|| {
        PRODUCTS.iter().find_map(|(image, names)| names.iter().find_map(|name| length_of(name, words, place)).map(|length| (*image, length)))
    })
}

/// `1.27`, `v1.20`, `16.4-alpine`.
fn version(words: &Words<'_>, place: usize) -> Reading {
    let text = &words.tokens.get(place)?.text;
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let is_version = digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits.contains('.')
        && digits.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter))
        && digits.parse::<std::net::IpAddr>().is_err()
        && !has_unit(digits);
    // "finding 4.2 of the assessment": where it is written.
    let is_reference = place > 0 && crate::lexicon::SECTIONS.contains(&words.word(place - 1));
    // "8.000 MB" is an amount.
    let has_own_unit = matches!(words.fold(place + 1), "mb" | "gb" | "tb" | "mib" | "gib" | "tib" | "giga" | "mega" | "tera" | "gigs" | "megs");
    (is_version && !is_reference && !has_own_unit).then(|| (Meaning::Version(text.clone()), 1))
}

fn has_unit(digits: &str) -> bool {
    digits.parse::<core_model::units::Size>().is_ok()
}

/// After a product, `17` is a version, unless a unit or a field follows.
fn whole_version(words: &Words<'_>, place: usize) -> Reading {
    let fold = words.fold(place);
    if fold == "latest" {
        return Some((Meaning::Version("latest".to_owned()), 1));
    }
    // "grafana 3000 clashes with the poller": four digits are a port, unless they are a year.
    let is_number = (1..=3).contains(&fold.len()) && fold.bytes().all(|byte| byte.is_ascii_digit())
        || fold.len() == 4 && fold.starts_with("20") && fold.bytes().all(|byte| byte.is_ascii_digit());
    let is_counted = matches!(quantity_at(words, place), Some((Quantity::Size(_) | Quantity::Percent(_), _)))
        || phrase_at(CONCEPTS, words, place + 1).is_some()
        || phrase_at(THINGS, words, place + 1).is_some() && words.word(place + 1).ends_with('s');
    (is_number && !is_counted).then(|| (Meaning::Version(fold.to_owned()), 1))
}

/// `LOG_LEVEL=debug`.
fn assignment(words: &Words<'_>, place: usize) -> Reading {
    let (key, value) = words.tokens.get(place)?.text.split_once('=')?;
    let is_key = key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (is_key && !value.is_empty()).then(|| (Meaning::Assignment(key.to_owned(), value.to_owned()), 1))
}

fn ignored(words: &Words<'_>, place: usize, view: &View<'_>) -> Reading {
    let polite = POLITE
        .iter()
        .chain(ASKING_IF)
        .filter_map(|phrase| length_of(phrase, words, place))
        .max()
        .max(timely(words, place))
        .max(unknowing(words, place, view));
    polite.or_else(|| is_ignored(words.word(place)).then_some(1)).map(|length| (Meaning::Ignored, length))
}

/// "I don't know if it has to be told to anybody"; "I don't know if web-02 should have 8 GB" doubts the wish itself.
fn unknowing(words: &Words<'_>, place: usize, view: &View<'_>) -> Option<usize> {
    let length = UNKNOWING.iter().filter_map(|phrase| length_of(phrase, words, place)).max()?;
    let ends = |next: &usize| words.tokens[*next].is_punctuation() || matches!(words.word(*next), "but" | "ma" | "pero" | "so" | "quindi");
    let mut rest = (place + length..words.tokens.len()).take_while(|next| !ends(next));
    let is_wish = |next: usize| {
        named_at(view, words, next).is_some() || matches!(quantity_at(words, next), Some((Quantity::Size(_) | Quantity::Factor(..), _)))
    };
    (!rest.any(is_wish)).then_some(length)
}
