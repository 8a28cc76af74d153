//! Which parts of a text only tell how things are? Their words are no wishes.
//!
//! "Since the web shop felt slow, could you raise web-02 to 8 GB?" wishes something for web-02 and tells of the shop. A part is dropped
//! if it is introduced as a reason, or if it tells without asking for anything, and only where another part asks.

use crate::lexicon::{Concept, Operator, REASONS, SUBJECTS, TELLING, Verb, length_of};
use crate::mark::{Mark, Meaning};
use crate::names::How;
use crate::quantity::Quantity;

use super::Reader;

/// Verbs that tell as often as they order: "half of my colleagues have one".
const ALSO_TELLING: &[&str] = &["have", "use", "take", "make", "put", "let"];

/// More words than this are more than emphasis.
const EMPHASIS_MAX: usize = 5;

/// What keeps something as it is.
#[rustfmt::skip]
const STAYING: &[&str] = &["leave", "leaving", "keep", "keeping", "stays", "stay", "remains", "remain", "lascia", "lasciate", "lasciamo", "lasciando", "lasciare", "mantenendo", "mantenere", "mantieni", "mantenete", "resta", "restano", "rimane", "rimangono", "tenendo", "tenere"];
#[rustfmt::skip]
const UNCHANGED: &[&str] = &[
    "alone", "untouched", "stare", "is", "are", "unchanged", "same", "cosi", "invariata", "invariato", "invariati", "invariate", "com", "come",
    "uguale", "uguali", "intatto", "intatta",
];

/// Before a verb these make of it an order.
const LEADING: &[&str] = &["please", "pls", "plz", "to", "and", "then", "could", "would", "can", "you", "should", "must", "also", "kindly", "just"];

/// Where the part begins in which a mark stands.
fn part_start(reader: &Reader<'_>, index: usize) -> usize {
    (0..index).rev().find(|place| reader.marks[*place].is(&Meaning::Punctuation)).map_or(0, |place| place + 1)
}

/// A part of a sentence: the marks `from..to`.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: usize,
    to: usize,
    is_reason: bool,
}

/// What a part holds that the rest may need.
#[derive(Debug, Default, Clone, Copy)]
struct Held {
    names: bool,
    environments: bool,
    blueprints: bool,
    fields: bool,
    values: bool,
    /// Of a kind that says nothing without a field: "97 %", "twice".
    bare: bool,
}

impl Reader<'_> {
    /// Drops the parts that only tell. Whether there were any.
    pub(crate) fn drop_background(&mut self) -> bool {
        let parts = self.parts();
        // Of what is new a bare number is a port, and a free name its own: "dentro è la 80", "can I get a VM called ci-01?"
        let is_new = self.creation().is_some() || self.adoption().is_some();
        let asks = |part: Part| self.asks_for_something(part) || is_new && self.describes_new(part);
        // "pages are slow, so the team agreed on 16 GB for web-01": what follows from it is the only wish.
        let gives_all = |part: &Part| {
            let is_other = |other: &&Part| other.from != part.from && !other.is_reason && self.held(**other).values;
            part.is_reason
                && self.word(part.from) == "so"
                && self.held(*part).values
                && self.held(*part).names
                && !parts.iter().any(|other| is_other(&other))
        };
        let is_reason = |part: &Part| part.is_reason && !gives_all(part);
        let asking: Vec<Part> = parts.iter().copied().filter(|part| !is_reason(part) && asks(*part)).collect();
        let telling: Vec<Part> = parts.iter().copied().filter(|part| is_reason(part) || !asks(*part) && self.tells(*part)).collect();
        if asking.is_empty() {
            return false;
        }
        // "prod, db a postgres:16.5. ieri testato in staging": where it is wished stands beside the wish.
        let neutral = parts.iter().filter(|part| !part.is_reason && !self.tells(**part)).any(|part| self.held(*part).environments);
        let held = asking.iter().map(|part| self.held(*part)).fold(Held::default(), |all, own| Held {
            names: all.names || own.names,
            environments: all.environments || own.environments || neutral,
            blueprints: all.blueprints || own.blueprints,
            fields: all.fields || own.fields,
            values: all.values || own.values,
            bare: all.bare || own.bare,
        });
        let mut has_dropped = false;
        for part in &parts {
            has_dropped |= self.drop_what_stays(*part, &asking);
        }
        let has_thing = asking.iter().any(|part| self.names_kind(*part));
        let refers_back = asking.iter().any(|part| self.refers_back(*part)) && asking.iter().all(|part| self.names_networks_alone(*part));
        for part in telling {
            // "Can I get a VM called ci-01? 4 cores, 8 gigs": it says of what the rest speaks.
            if !part.is_reason && !has_thing && self.names_kind(part) {
                continue;
            }
            has_dropped |= self.drop_part(part, held, refers_back);
        }
        for part in parts {
            has_dropped |= self.drop_emphasis(part);
        }
        has_dropped
    }

    /// "leave web-01 alone, only web-02 gets 6 gigs": what is named to stay is not what is asked for.
    fn drop_what_stays(&mut self, part: Part, asking: &[Part]) -> bool {
        let has = |words: &[&str]| (part.from..part.to).any(|index| words.contains(&self.word(index)));
        // "disk: unchanged", "disco invariato".
        let is_said = has(&["unchanged", "untouched", "invariato", "invariata", "invariati", "invariate"]) && self.held(part).fields;
        let stays = has(STAYING) && has(UNCHANGED)
            || is_said
            || self.forbids_touching(part)
            || has(&["without", "senza"]) && has(&["touching", "changing", "toccare", "cambiare", "modificare"]);
        let is_exact = |index: usize| self.marks[index].named().is_some_and(|named| named.how == How::Exact);
        let is_other = |other: &Part| other.from != part.from && (other.from..other.to).any(is_exact) && self.held(*other).values;
        let gives = self.held(part);
        // "4 cores, leaving the disk as it is".
        let has_wish = |other: &Part| other.from != part.from && self.held(*other).values | self.held(*other).bare;
        let is_field = gives.fields && !(part.from..part.to).any(is_exact) && asking.iter().any(has_wish);
        let is_dropped = stays && !gives.values && !gives.bare && (is_field || asking.iter().any(is_other));
        for index in (part.from..part.to).filter(|_| is_dropped) {
            self.marks[index].meanings = vec![Meaning::Ignored, Meaning::Background];
            self.use_mark(index);
        }
        is_dropped
    }

    /// "don't touch web-01, just web-02: 6 gigs".
    fn forbids_touching(&self, part: Part) -> bool {
        let is_at = |index: usize| {
            let from = self.marks[index].from;
            let forbids =
                crate::lexicon::FORBIDDING.iter().chain(crate::lexicon::HANDS_OFF).any(|phrase| length_of(phrase, self.words, from).is_some());
            forbids && (from + 1..from + 5).any(|next| crate::lexicon::TOUCHING.contains(&self.words.word(next)))
        };
        (part.from..part.to).any(is_at)
    }

    /// "it's a database, not a toaster", "not a byte more": what is denied is nothing that is here.
    fn drop_emphasis(&mut self, part: Part) -> bool {
        let is_denial = self.marks.get(part.from).is_some_and(|mark| mark.operator() == Some(Operator::Negation))
            && matches!(self.word(part.from), "not" | "non" | "mica" | "never");
        let is_plain = |index: usize| {
            let mark = &self.marks[index];
            mark.is(&Meaning::Ignored) || mark.is(&Meaning::Other) && !self.is_name_like(index) && !self.is_data(index)
        };
        let words = part.to - part.from;
        // "not now", "non ancora": when it shall not be, and no emphasis.
        let names_something = matches!(self.word(part.from + 1), "a" | "an" | "the" | "un" | "una" | "uno" | "il" | "la" | "sometimes" | "just");
        let has_noun = (part.from + 1..part.to).any(|index| self.marks[index].is(&Meaning::Other));
        let is_emphasis = is_denial
            && names_something
            && has_noun
            && part.from > 0
            && (2..=EMPHASIS_MAX).contains(&words)
            && (part.from + 1..part.to).all(is_plain);
        for index in (part.from..part.to).filter(|_| is_emphasis) {
            self.marks[index].meanings = vec![Meaning::Ignored, Meaning::Background];
            self.use_mark(index);
        }
        is_emphasis
    }

    fn describes_new(&self, part: Part) -> bool {
        (part.from..part.to).any(|index| {
            let mark = &self.marks[index];
            let is_called = mark.is(&Meaning::Other) && self.is_name_like(index) && self.words.fold(mark.from).contains(['-', '_']);
            // "node pve2 as that's the fast one".
            let is_node = mark.is(&Meaning::Other) && self.is_known_word(crate::lexicon::Concept::Node, self.words.fold(mark.from));
            // "joined to the front network".
            let is_joined = self.is_network(index) && (part.from..index).any(|before| self.marks[before].verb() == Some(Verb::Connect));
            // "my year 11 group" counts nothing of it.
            let is_number = matches!(mark.quantity(), Some(Quantity::Number(_))) && self.is_amount_given(index);
            // "it is called stirling", "the finance people asked for metabase": a name that nothing has, or what the image is of.
            let is_free = |mark: &Mark| (mark.is(&Meaning::Other) || mark.product().is_some()) && mark.named().is_none();
            let is_given = mark.verb() == Some(Verb::Name) && self.marks[index + 1..part.to].iter().take(2).any(is_free);
            let is_product = is_free(mark) && self.has_own_image() && self.is_called_as_image(self.words.fold(mark.from));
            // "name playdb I guess".
            let is_name = matches!(self.word(index), "name" | "nome") && self.marks[index + 1..part.to].first().is_some_and(is_free);
            is_number || is_called || is_node || is_joined || is_given || is_name || is_product
        })
    }

    /// The parts between marks of punctuation and before words that introduce a reason.
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut part = Part { from: 0, to: 0, is_reason: false };
        let mut close = |part: &mut Part, at: usize, next: usize, is_reason: bool| {
            if part.from < at {
                parts.push(Part { to: at, ..*part });
            }
            *part = Part { from: next, to: next, is_reason };
        };
        for index in 0..self.marks.len() {
            if self.marks[index].is(&Meaning::Punctuation) {
                close(&mut part, index, index + 1, false);
            } else if self.introduces_reason(index) {
                close(&mut part, index, index, true);
            }
            // "In riferimento alle esigenze dell'Ufficio si domanda la VM": behind the reason stands what is wished.
            if part.is_reason && part.from < index && self.begins_formal_wish(index) {
                close(&mut part, index, index, false);
            }
            // "because the old ones died: job-01 to job-03": behind a colon stands what is wished.
            if part.is_reason && self.has_colon(self.marks[index].to - 1) && !self.labels_reason(index) {
                close(&mut part, index + 1, index + 1, false);
            }
        }
        close(&mut part, self.marks.len(), self.marks.len(), false);
        parts
    }

    /// "si domanda", "si richiede", "we hereby request", "vi chiediamo".
    fn begins_formal_wish(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        let asks = |place: usize| {
            crate::lexicon::REQUESTING.contains(&self.words.word(place))
                && !matches!(self.words.word(place), "serve" | "need" | "want" | "type" | "tipo" | "action" | "azione" | "subject" | "oggetto")
        };
        match self.words.word(from) {
            "si" | "vi" | "le" => asks(from + 1),
            "we" | "i" => asks(from + 1) || self.words.word(from + 1) == "hereby",
            "chiediamo" | "richiediamo" | "chiedo" | "richiedo" => true,
            // "che nessuno gestisce e il tutor vorrebbe che ...": the wish is joined to the reason.
            "vorrei" | "vorrebbe" | "vorremmo" | "vorrebbero" => {
                (from.saturating_sub(4)..from).any(|place| matches!(self.words.word(place), "e" | "ed" | "quindi" | "allora"))
            }
            _ => false,
        }
    }

    /// "Reason: the shared box is full", "Motivo: ...".
    fn labels_reason(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        self.marks[index].to == from + 1 && self.has_colon(from) && crate::lexicon::REASON_LABELS.contains(&self.words.word(from))
    }

    pub(crate) fn introduces_reason(&self, index: usize) -> bool {
        if self.labels_reason(index) {
            return true;
        }
        let from = self.marks[index].from;
        // "we need since yesterday a VM": since when, and not why.
        if matches!(self.words.word(from), "since" | "da")
            && self.marks.iter().any(|mark| mark.from <= from + 1 && mark.to > from + 1 && mark.past().is_some())
        {
            return false;
        }
        // "risponda sulla 8095 mentre dentro usa la 80": the other end of a port.
        let is_inner = (from + 1..from + 4)
            .any(|place| matches!(self.words.word(place), "dentro" | "inside" | "internally" | "internamente" | "fuori" | "outside"));
        if is_inner && matches!(self.words.word(from), "mentre" | "while" | "as" | "che") {
            return false;
        }
        // "Perché web-01 ha 8 GB?" asks.
        let is_question = from == 0 && self.words.word(0) == "perche" && self.words.tokens.iter().any(|token| token.fold == "?");
        // "raddoppia le cpu di build-01 che le compilazioni non finiscono più".
        let begins_talk = self.words.word(from) == "che"
            && index > 0
            && matches!(
                self.words.word(from + 1),
                "il" | "lo"
                    | "la"
                    | "i"
                    | "gli"
                    | "le"
                    | "l"
                    | "non"
                    | "ci"
                    | "mi"
                    | "qui"
                    | "poi"
                    | "ormai"
                    | "oggi"
                    | "domani"
                    | "altrimenti"
                    | "io"
                    | "noi"
                    | "sto"
                    | "devo"
                    | "dobbiamo"
                    | "ho"
                    | "abbiamo"
                    | "sono"
                    | "dall"
                    | "senno"
                    | "siamo"
            )
            && {
                let before = &self.marks[index - 1];
                before.named().is_some()
                    || before.quantity().is_some()
                    || before.concept().is_some()
                    || before.image().is_some()
                    || before.is(&Meaning::Punctuation)
            };
        // "che risponda sulla 8095 mentre dentro usa la 80": the other side of it.
        let is_contrast = matches!(self.words.word(from), "mentre" | "while")
            && (from + 1..from + 4).any(|place| super::port_pairs::INNER.contains(&self.words.word(place)) && self.words.word(place) != "in");
        begins_talk || !is_question && !is_contrast && REASONS.iter().any(|phrase| length_of(phrase, self.words, from).is_some())
    }

    pub(crate) fn is_order(&self, index: usize) -> bool {
        let is_asking =
            |verb: Verb| !matches!(verb, Verb::Explain | Verb::Status | Verb::Clone | Verb::Name | Verb::WhoChanged | Verb::Connect | Verb::RollBack);
        let before = index.checked_sub(1).map_or("", |before| self.word(before));
        let mark = &self.marks[index];
        // "after the reboot": a noun.
        let is_noun = matches!(before, "the" | "a" | "an" | "last" | "this" | "il" | "un" | "una" | "del" | "nel" | "dopo");
        // "my group is starting a project": somebody is at it.
        let is_going_on = self.words.word(mark.from).ends_with("ing")
            && mark.from.checked_sub(1).is_some_and(|place| {
                matches!(self.words.word(place), "is" | "are" | "was" | "were" | "am" | "re" | "s" | "m" | "been" | "be" | "keeps" | "keep" | "kept")
            });
        // "after a host reboot".
        let is_noun = is_noun
            || mark.verb() == Some(Verb::PowerCycle)
                && index.checked_sub(1).is_some_and(|before| {
                    self.marks[before].concept().is_some() || self.marks[before].thing().is_some() || self.marks[before].is(&Meaning::Other)
                });
        // "half of my colleagues have one": somebody does it.
        let has_subject = SUBJECTS.contains(&before)
            || index.checked_sub(1).is_some_and(|before| self.marks[before].is(&Meaning::Other) && !self.is_name_like(before));
        let is_wanted = (part_start(self, index)..index).all(|place| self.marks[place].is(&Meaning::Ignored)) || LEADING.contains(&before);
        // "it doesn't need a fixed address".
        let is_denied = (index.saturating_sub(2)..index).any(|before| self.marks[before].operator() == Some(Operator::Negation));
        let is_spared = self.words.word(mark.to) == "not";
        // "cache-dev is half what we need": what it is held against.
        let is_measure =
            SUBJECTS.contains(&before) && index >= 2 && matches!(self.words.word(self.marks[index - 1].from.saturating_sub(1)), "what" | "than");
        if mark.verb() == Some(Verb::Want) && (is_denied || is_spared || is_measure) {
            return false;
        }
        if ALSO_TELLING.contains(&self.word(index)) && !is_wanted {
            return false;
        }
        mark.verb().is_some_and(|verb| is_asking(verb) && !is_noun && !is_going_on && (verb == Verb::Want || !has_subject))
    }

    /// Whether a part asks for something by a verb, or gives a value.
    fn asks_for_something(&self, part: Part) -> bool {
        let held = self.held(part);
        // "siamo al 97 %", "it will see twice the visitors": an amount of nothing that a field holds.
        let is_told = !held.fields && self.tells(part);
        // "more disk for build-01", "web-02 tags blue".
        let compares = || (part.from..part.to).any(|index| matches!(self.word(index), "more" | "less" | "bigger" | "piu" | "meno"));
        let is_wish = held.fields && (held.names || compares()) && !self.tells(part);
        (part.from..part.to).any(|index| self.is_order(index)) || held.values || held.bare && !is_told || is_wish
    }

    fn held(&self, part: Part) -> Held {
        let marks = &self.marks[part.from..part.to];
        let is_bare = |mark: &Mark| matches!(mark.quantity(), Some(Quantity::Percent(_) | Quantity::Factor(..) | Quantity::Number(_)));
        let gives = |mark: &Mark| mark.quantity().is_some() && !is_bare(mark) || mark.states_value();
        Held {
            names: (part.from..part.to).any(|index| self.marks[index].named().is_some() && !self.is_item_of_list(index)),
            environments: marks.iter().any(|mark| mark.environment().is_some()),
            // "it goes in tools".
            blueprints: marks.iter().any(|mark| mark.blueprint().is_some()),
            fields: marks.iter().any(|mark| mark.concept().is_some() || mark.image().is_some() || mark.assignment().is_some())
                || (part.from..part.to).any(|index| self.is_variable(index)),
            // "dhcp on lan is fine": a value in a word.
            // "we'll call it nvr-01": a name that is given.
            values: marks.iter().any(gives)
                || marks.iter().any(|mark| self.words.word(mark.from) == "dhcp")
                || (part.from..part.to).any(|index| matches!(self.word(index), "name" | "nome") && matches!(self.word(index + 1), "is" | "be" | "shall" | "should" | "deve" | "sia"))
                || marks.iter().any(|mark| mark.verb() == Some(Verb::Name) && matches!(self.words.word(mark.from), "call" | "name"))
                // "git is missing on build-01": of what is missing is told because it is wanted.
                || (part.from..part.to).any(|index| self.is_package(index) && self.lacks(part))
                // "LOG_LEVEL is too noisy": a variable is told of because it shall change.
                || (part.from..part.to).any(|index| self.is_variable(index) || self.known_variable(index).is_some()),
            bare: (part.from..part.to).any(|index| is_bare(&self.marks[index]) && !self.counts_things(index)),
        }
    }

    /// "two access points", "forty students": so many of what nothing here has.
    fn counts_things(&self, index: usize) -> bool {
        let next = self.marks.get(index + 1).filter(|next| next.is(&Meaning::Other) && !self.is_name_like(index + 1));
        let fold = next.map_or("", |next| self.words.word(next.from));
        let is_noun = fold.len() > 3 && fold.bytes().all(|letter| letter.is_ascii_lowercase()) && !matches!(fold, "asap" | "instead" | "invece");
        matches!(self.marks[index].quantity(), Some(Quantity::Number(_))) && is_noun
    }

    fn lacks(&self, part: Part) -> bool {
        (part.from..part.to).any(|index| {
            matches!(self.word(index), "missing" | "lacks" | "manca" | "mancano" | "mancante" | "needs" | "needed" | "serve" | "servono")
        })
    }

    /// "its web tag": what is called like a tag is not meant.
    fn is_item_of_list(&self, index: usize) -> bool {
        let is_list = |place: Option<usize>| {
            place.and_then(|place| self.marks.get(place)).is_some_and(|mark| matches!(mark.concept(), Some(Concept::Tags | Concept::Packages)))
        };
        self.marks[index].named().is_some_and(|named| named.is_set) && (is_list(Some(index + 1)) || is_list(index.checked_sub(1)))
    }

    /// "move it to the lan", "spostala sulla lan": what is moved was named before.
    fn refers_back(&self, part: Part) -> bool {
        (part.from..part.to).any(|index| {
            let word = self.word(index);
            let has_clitic =
                self.marks[index].verb().is_some() && ["lo", "la", "li", "le"].iter().any(|clitic| word.len() > 5 && word.ends_with(clitic));
            matches!(word, "it" | "them") || has_clitic
        })
    }

    fn names_networks_alone(&self, part: Part) -> bool {
        (part.from..part.to).filter(|index| self.marks[*index].named().is_some()).all(|index| self.is_network(index))
    }

    /// "web-02 should look like web-01": what another one is compared with.
    fn is_standard(&self, index: usize) -> bool {
        let compares = (index.saturating_sub(2)..index).any(|before| self.marks[before].verb() == Some(Verb::Clone));
        compares && (0..index).any(|before| self.marks[before].named().is_some_and(|named| named.how <= How::Alias))
    }

    /// Whether a part speaks of a kind of thing, and of none that is there.
    fn names_kind(&self, part: Part) -> bool {
        let marks = &self.marks[part.from..part.to];
        marks.iter().any(|mark| mark.thing().is_some_and(|thing| thing.type_name().is_some())) && marks.iter().all(|mark| mark.named().is_none())
    }

    /// Whether a part is a sentence that tells: it has a verb of telling, and nothing that limits or turns round what is asked elsewhere.
    fn tells(&self, part: Part) -> bool {
        let opens = (part.from..part.to).map(|index| self.word(index)).find(|word| !matches!(*word, "and" | "but" | "so" | "as"));
        let has_subject = opens.is_some_and(|word| {
            matches!(word, "we" | "they" | "he" | "she" | "nobody" | "everyone" | "everybody" | "people" | "users" | "customers")
        });
        // "give web-02 8GB, that is for tomorrow": when what is asked for shall be.
        let says_when = (part.from..part.to).any(|index| self.marks[index].operator() == Some(Operator::Schedule))
            && (part.from..part.to)
                .take(3)
                .any(|index| matches!(self.word(index), "that" | "this" | "it" | "which" | "questo" | "questa" | "quello"));
        if says_when {
            return false;
        }
        // "we never agreed to that", "he doesn't want it": of the wish itself.
        let denies_wish = (part.from..part.to).any(|index| {
            let denies = self.marks[index].operator() == Some(Operator::Negation);
            denies
                && (self.marks[index].to..self.marks[index].to + 3).any(|place| {
                    matches!(
                        self.words.word(place),
                        "want"
                            | "wants"
                            | "wanted"
                            | "agree"
                            | "agreed"
                            | "approve"
                            | "approved"
                            | "allow"
                            | "allowed"
                            | "accept"
                            | "accepted"
                            | "vuole"
                            | "vogliono"
                            | "voleva"
                            | "approva"
                            | "approvato"
                            | "accetta"
                            | "permesso"
                    )
                })
        });
        // "deve ripartire sempre", "should carry the tag hr": what it shall be, beside a field.
        let is_due = !part.is_reason
            && (part.from..part.to).any(|index| {
                matches!(self.words.word(self.marks[index].from), "should" | "must" | "shall" | "deve" | "devono" | "dovrebbe" | "dovrebbero")
            })
            && (part.from..part.to).any(|index| {
                matches!(
                    self.marks[index].concept(),
                    Some(Concept::RestartPolicy | Concept::Tags | Concept::Packages | Concept::Variable | Concept::Node | Concept::Ports)
                )
            });
        // "Luca wanted 16GB, I'd say 8 is enough": the amount that would do is wished.
        let suffices = (part.from..part.to)
            .any(|index| matches!(self.word(index), "enough" | "plenty" | "suffice" | "suffices" | "bastano" | "basta" | "basterebbero"))
            && (part.from..part.to).any(|index| matches!(self.marks[index].quantity(), Some(Quantity::Number(_) | Quantity::Size(_))))
            && !(part.from..part.to).any(|index| self.marks[index].operator() == Some(Operator::Negation));
        if denies_wish || is_due || suffices && !part.is_reason {
            return false;
        }
        // "Could I have 24?"
        let is_wish = opens.is_some_and(|word| {
            matches!(
                word,
                "can" | "could" | "may" | "might" | "would" | "possiamo" | "potremmo" | "posso" | "potrei" | "potreste" | "potete" | "puoi"
            )
        });
        // "New network is lan, new IP 10.0.20.40": what it shall be.
        let is_wish = is_wish
            || (part.from..part.to).any(|index| matches!(self.word(index), "new" | "nuovo" | "nuova") && self.names_field_behind(index, part));
        let has_verb = !is_wish
            && (has_subject || (part.from..part.to).any(|index| (self.marks[index].from..self.marks[index].to).any(|place| self.is_telling(place))));
        has_verb && part.to > part.from + 1 && !(part.from..part.to).any(|index| self.limits(index))
    }

    fn names_field_behind(&self, index: usize, part: Part) -> bool {
        let next = index + 1;
        next < part.to && (self.marks[next].concept().is_some() || self.marks[next].thing() == Some(crate::lexicon::Thing::Network))
    }

    /// "è" is "e" without its accent, which is "and".
    pub(crate) fn is_telling(&self, place: usize) -> bool {
        // "nobody noticed until lunch".
        let is_past = self.words.word(place).ends_with("ed")
            && place.checked_sub(1).is_some_and(|before| {
                matches!(
                    self.words.word(before),
                    "we" | "they" | "he" | "she" | "i" | "nobody" | "everyone" | "everybody" | "people" | "somebody" | "someone" | "it"
                )
            });
        // "it need not be so greedy".
        let is_spared = matches!(self.words.word(place), "need" | "needn") && matches!(self.words.word(place + 1), "not" | "t");
        // "I'm going on holiday tomorrow".
        let is_own = self.words.word(place) == "m" && place > 0 && self.words.word(place - 1) == "i";
        is_past
            || is_own
            || is_spared
            || TELLING.contains(&self.words.word(place))
            || self.words.tokens.get(place).is_some_and(|token| matches!(token.text.as_str(), "è" | "È"))
    }

    fn limits(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_data = self.is_data(index);
        let turns_order =
            |index: usize| (index + 1..self.marks.len().min(index + 3)).any(|next| self.marks[next].verb().is_some_and(|verb| verb != Verb::Want));
        match mark.operator() {
            Some(Operator::Condition | Operator::Correction | Operator::Exception | Operator::Doubt | Operator::Sequence) => true,
            // "it doesn't need a fixed address" tells.
            Some(Operator::Negation) => turns_order(index),
            _ => is_data,
        }
    }

    /// Takes the meaning from the words of a part, but for what the rest of the text lacks: a name, or the field of its amount.
    fn drop_part(&mut self, part: Part, held: Held, refers_back: bool) -> bool {
        let mut has_dropped = false;
        let is_exact = |mark: &Mark| mark.named().is_some_and(|named| named.how <= How::Alias && !named.is_set);
        let has_exact = self.marks[part.from..part.to].iter().any(is_exact);
        for index in part.from..part.to {
            let mark = &self.marks[index];
            // "web-02 isn't a web server any longer": it is called web-02.
            let is_other_name = mark.named().is_some() && !is_exact(mark) && has_exact;
            // "it's web-02 that is slow and not web-01".
            let is_denied = mark.named().is_some()
                && index.checked_sub(1).is_some_and(|before| {
                    matches!(self.words.word(self.marks[before].to - 1), "not" | "non") || self.marks[before].operator() == Some(Operator::Negation)
                });
            let is_kept = !is_other_name && !is_denied && (mark.named().is_some() || mark.thing().is_some()) && !held.names
                && !self.is_standard(index)
                || refers_back && is_exact(mark) && !self.is_network(index)
                || mark.environment().is_some() && !held.environments && !part.is_reason
                || mark.blueprint().is_some() && !held.blueprints && !part.is_reason
                || mark.concept().is_some_and(|concept| !part.is_reason || super::amounts::is_amount(concept)) && !held.fields && mark.named().is_none()
                // "it dies at 16 GB. Could I have 24?": the number alone says no unit.
                || matches!(mark.quantity(), Some(Quantity::Size(_))) && held.bare && !held.values && !held.fields
                || mark.meanings == [Meaning::Ignored]
                || part.is_reason && mark.operator() == Some(Operator::Condition);
            if is_kept {
                continue;
            }
            has_dropped = true;
            self.marks[index].meanings = vec![Meaning::Ignored, Meaning::Background];
            self.use_mark(index);
        }
        has_dropped
    }
}
