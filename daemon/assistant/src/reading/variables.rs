//! Which environment variables are meant, and what shall they be?

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Verb};
use crate::mark::Meaning;

use super::Reader;

/// Between a variable and its value: "LOG_LEVEL should be set to debug".
#[rustfmt::skip]
const BEFORE_VALUES: &[&str] = &[
    "to", "a", "ad", "al", "=", ":", "->", "as", "the", "il", "value", "valore", "at", "on", "su", "is", "be", "should", "must", "shall", "needs", "has", "with", "con", "deve", "dovrebbe", "essere", "diventare", "diventa",
    "fosse", "were", "diventasse", "valere", "valga", "vale", "ought", "want", "wants", "would", "could", "may", "might", "supposed", "has", "vorrei", "dovra", "potrebbe", "deve", "debba",
    "reads", "says", "shows", "gets", "segna", "riporta", "diventi", "becomes", "become", "set", "changed", "instead", "now", "variable", "variabile", "env", "va", "vada", "sia", "messa", "messo", "impostata", "impostato", "cambiata", "cambiato", "portata", "portato", "read", "say", "equal",
];

/// Words that say how a variable is, and give no value.
#[rustfmt::skip]
const NO_VALUES: &[&str] = &[
    "too", "so", "very", "still", "not", "always", "currently", "rn", "atm", "again", "please", "pls", "though", "anyway", "today", "adesso", "ora", "oggi", "pure", "now", "way", "quite", "far", "missing", "wrong", "annoying", "really", "obsolete", "unused", "useless", "gone",
    "troppo", "molto", "ancora", "sempre", "non", "sbagliata", "sbagliato", "inutile", "manca", "ormai",
];

/// Words in capitals that are no variables.
#[rustfmt::skip]
const ACRONYMS: &[&str] = &[
    "GB", "MB", "TB", "KB", "GIB", "MIB", "RAM", "CPU", "VM", "VMS", "OS", "IP", "DNS", "LAN", "DMZ", "VLAN", "HDD", "SSD", "DHCP", "PR", "HA", "QA", "CI", "DB", "OK", "ASAP", "FYI", "TBD", "SSH", "HTTP", "HTTPS", "URL", "API", "IT", "USA", "EU",
];

/// Variables of many images, by their names alone: "TZ Europe/Rome".
const WELL_KNOWN: [&str; 5] = ["TZ", "PUID", "PGID", "UMASK", "LANG"];

/// The most words of a variable's name as people say it: "max upload size mb".
const NAME_WORDS_MAX: usize = 5;

/// Farther behind its name nobody writes a value.
const VALUE_DISTANCE_MAX: usize = 12;

/// Behind what a variable is now, these lead to what it shall be.
#[rustfmt::skip]
const SHALL_BE: &[&str] = &[
    "it set to", "it to be", "it be", "it to", "it at", "it on", "it back to", "it should be", "it should say", "it should read", "it must be", "it shall be", "it ought to be", "it ought to say", "it needs to be", "it has to be", "should be", "should say", "should read", "should become", "must be", "shall be", "ought to be", "needs to be", "has to be", "but should be", "make it", "make that", "turn it", "turn it to", "set it to", "set to", "change it to", "change that to", "want it to be", "want it at", "want it", "i d like", "we want", "we need", "i need",
    "mettilo a", "mettila a", "mettilo su", "mettila su", "mettetelo a", "mettetela a", "portalo a", "portala a", "portatelo a", "portatela a", "impostalo a", "impostala a", "cambialo in", "cambiala in", "alzalo a", "alzala a", "abbassalo a", "abbassala a", "deve essere", "dovrebbe essere", "deve diventare", "dovrebbe diventare", "va messo a", "va messa a", "va portato a", "va portata a", "lo vorrei a", "la vorrei a", "lo vogliamo a", "la vogliamo a", "serve a", "fallo diventare", "falla diventare", "mettiamolo a", "mettiamola a", "portiamolo a", "portiamola a",
];

impl Reader<'_> {
    pub(crate) fn read_variables(&self, draft: &mut Draft) {
        // "please take LOG_LEVEL away from cache".
        let is_taken = |index: usize| {
            let behind = (index + 1..self.marks.len().min(index + 4)).any(|place| matches!(self.word(place), "away" | "out" | "off"));
            matches!(self.word(index), "take" | "taking" | "get" | "throw" | "pull") && behind
        };
        let removes = self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some() || self.can_go() || (0..self.marks.len()).any(is_taken);
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            if let Some((key, value)) = self.marks[index].assignment() {
                self.use_mark(index);
                let wanted = Wanted::Change(FieldChange::Set(value.to_owned()));
                draft.wish(FieldName::Path(format!("specs.env.{key}")), wanted, self.source(index, index));
                continue;
            }
            let Some((key, last)) = self.variable_at(index) else { continue };
            let path = FieldName::Path(format!("specs.env.{key}"));
            // "turn DEBUG off, i.e. DEBUG=0".
            if self.marks.iter().any(|mark| mark.assignment().is_some_and(|(own, _)| own == key)) {
                (index..=last).for_each(|place| self.use_mark(place));
                continue;
            }
            (index..=last).for_each(|place| self.use_mark(place));
            // "cache ha LOG_LEVEL a notice, lo vorrei a debug".
            let value = self.value_of_variable(last).map(|place| self.value_of_pronoun(place + 1).inspect(|_| self.use_mark(place)).unwrap_or(place));
            let value = value
                .map(|place| self.value_in_place_of(&key, place))
                .map(|place| self.later_value(place))
                .filter(|_| !removes || self.lowers(index, last));
            let (wanted, end) = match value {
                Some(place) => {
                    self.use_mark(place);
                    (Wanted::Change(FieldChange::Set(self.words.tokens[self.marks[place].from].text.clone())), place)
                }
                None if removes || self.is_to_vanish(last) => {
                    self.use_denied_need(index);
                    (Wanted::Change(FieldChange::Unset), last)
                }
                None => (Wanted::Unsaid, last),
            };
            draft.wish(path, wanted, self.source(index, end));
        }
        if draft.wishes.iter().any(|wish| matches!(&wish.field, FieldName::Path(path) if path.starts_with("specs.env."))) {
            self.use_concept(Concept::Variable);
        }
    }

    /// "cache doesn't need the LOG_LEVEL variable any more, drop it": why it goes.
    fn use_denied_need(&self, index: usize) {
        let is_need = |place: usize| {
            self.marks[place].verb() == Some(Verb::Want)
                || matches!(self.word(place), "use" | "uses" | "need" | "needs" | "read" | "reads" | "usa" | "serve" | "legge")
        };
        let denied = (index.saturating_sub(5)..index).find(|place| self.marks[*place].operator() == Some(crate::lexicon::Operator::Negation));
        // "LOG_LEVEL is no longer of any use".
        let behind =
            (index + 1..self.marks.len().min(index + 4)).find(|place| self.marks[*place].operator() == Some(crate::lexicon::Operator::Negation));
        let is_useless = |denied: usize| {
            (denied + 1..self.marks.len().min(denied + 5))
                .any(|place| matches!(self.word(place), "use" | "need" | "needed" | "used" | "necessary" | "required" | "serve" | "usata"))
        };
        if let Some(behind) = behind.filter(|behind| is_useless(*behind)) {
            self.use_mark(behind);
        }
        if let Some(denied) = denied.filter(|denied| (denied + 1..index).any(is_need)) {
            self.use_mark(denied);
        }
    }

    /// "drop LOG_LEVEL to debug" lowers it, and takes nothing away.
    fn lowers(&self, index: usize, last: usize) -> bool {
        let is_lowering = |place: usize| matches!(self.word(place), "drop" | "dropping" | "cut" | "bring" | "take" | "abbassa" | "porta");
        let leads = |place: usize| matches!(self.word(place), "to" | "a") && self.marks.get(place + 1).is_some_and(|next| next.is(&Meaning::Other));
        (index.saturating_sub(4)..index).any(is_lowering) && (last + 1..self.marks.len().min(last + 5)).any(leads)
    }

    /// "it would help if DEBUG were gone", "DEBUG deve sparire".
    fn is_to_vanish(&self, last: usize) -> bool {
        (last + 1..self.marks.len().min(last + 5)).take_while(|place| !self.is_break(*place)).any(|place| {
            matches!(
                self.word(place),
                "gone" | "disappear" | "disappears" | "vanish" | "go" | "sparire" | "sparisca" | "sparisse" | "scomparire" | "scompaia" | "andarsene"
            )
        })
    }

    /// "it is too noisy, set it to warning".
    fn value_of_pronoun(&self, from: usize) -> Option<usize> {
        // "lo vorrei a debug", "I'd like it at debug".
        let wish = |place: usize| usize::from(matches!(self.word(place), "vorrei" | "voglio" | "vogliamo" | "vorremmo" | "metterei"));
        let leads =
            |place: usize| matches!(self.word(place), "it" | "lo" | "la") && matches!(self.word(place + 1 + wish(place + 1)), "to" | "a" | "at");
        let value = (from..self.marks.len()).find(|place| leads(*place)).map(|place| place + 2 + wish(place + 1));
        value.filter(|place| self.marks.get(*place).is_some_and(|mark| mark.is(&Meaning::Other)))
    }

    /// "DEBUG is still 1, I'd like it to be 0": the first is what it is now, and a later part says what it shall be.
    fn value_in_place_of(&self, key: &str, place: usize) -> usize {
        let text = &self.words.tokens[self.marks[place].from].text;
        let resources = self.view.resources();
        let is_now = resources.values().flatten().any(|(_, resource)| {
            resource
                .spec("env")
                .and_then(|env| env.get(key))
                .is_some_and(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned) == *text)
        });
        let wished = (self.marks[place].to..self.words.tokens.len()).find_map(|from| {
            let length = SHALL_BE.iter().filter_map(|phrase| crate::lexicon::length_of(phrase, self.words, from)).max()?;
            let later = (place..self.marks.len()).find(|later| self.marks[*later].from >= from + length);
            later.filter(|later| self.is_single_value(*later))
        });
        // "set DEBUG to 1, it should be quick": the first was ordered.
        let start = (0..place).rev().find(|before| self.is_break(*before)).map_or(0, |before| before + 1);
        let is_ordered = (start..place).any(|before| self.is_order(before) && self.marks[before].verb() != Some(Verb::Want));
        let Some(wished) = wished.filter(|_| is_now && !is_ordered) else { return place };
        let says_where = |mark: &crate::mark::Mark| mark.named().is_some() || mark.environment().is_some() || mark.blueprint().is_some();
        (place..wished).filter(|between| !says_where(&self.marks[*between])).for_each(|between| self.use_mark(between));
        wished
    }

    /// One word with nothing of an amount behind it: "0", "debug", "1.11".
    fn is_single_value(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_value = mark.is(&Meaning::Other) || mark.quantity().is_some() || mark.version().is_some();
        let is_end = self.marks.get(index + 1).is_none_or(|next| {
            next.is(&Meaning::Punctuation)
                || next.is(&Meaning::Ignored)
                || next.named().is_some()
                || next.environment().is_some()
                || matches!(self.word(index + 1), "for" | "on" | "in" | "per" | "su")
        });
        is_value && mark.to == mark.from + 1 && is_end
    }

    /// "LOG_LEVEL notice -> warning": the second is what it shall be.
    fn later_value(&self, place: usize) -> usize {
        let leads = matches!(self.text(place + 1).as_str(), "->") || matches!(self.word(place + 1), "to" | "a");
        let later = Some(place + 2).filter(|later| leads && self.marks.get(*later).is_some_and(|mark| mark.is(&Meaning::Other)));
        later.map_or(place, |later| {
            self.use_mark(place);
            self.use_mark(place + 1);
            later
        })
    }

    /// The variable that begins at a mark, with the last mark of its name.
    fn variable_at(&self, index: usize) -> Option<(String, usize)> {
        self.variable_name(index).map(|key| (key, index)).or_else(|| self.known_variable(index))
    }

    /// A variable that some resource here has, as people say it: "log level", "loglevel", "log-level".
    pub(crate) fn known_variable(&self, index: usize) -> Option<(String, usize)> {
        let resources = self.view.resources();
        let keys = resources.values().flatten().filter_map(|(_, resource)| resource.spec("env")?.as_object()).flat_map(serde_json::Map::keys);
        let keys: std::collections::BTreeSet<&String> = keys.collect();
        // A single word is a variable only in capitals: "DEBUG".
        let is_written = |key: &str, last: usize| key.contains('_') || index == last && self.text(index) == key;
        (1..=NAME_WORDS_MAX).rev().find_map(|count| {
            let last = index + count - 1;
            let is_free = |place: usize| self.marks.get(place).is_some_and(|mark| mark.named().is_none() && !mark.is(&Meaning::Punctuation));
            if !(index..=last).all(is_free) {
                return None;
            }
            let said: Vec<String> = (index..=last).map(|place| word_of_key(&self.word(place).replace(['-', '_'], "")).to_owned()).collect();
            let is_it = |key: &str| [Some(said.concat()), turned(&said)].into_iter().flatten().any(|said| key == said);
            let key = keys.iter().find(|key| is_it(&key.replace('_', "").to_lowercase()) && is_written(key, last))?;
            Some(((*key).clone(), last))
        })
    }

    /// `LOG_LEVEL`, or any word behind "variable".
    fn variable_name(&self, index: usize) -> Option<String> {
        let mark = &self.marks[index];
        if !(mark.is(&Meaning::Other) || mark.meanings.len() == 1 && mark.is(&Meaning::Ignored)) {
            return None;
        }
        let text = &self.words.tokens[mark.from].text;
        // "togli un paio di GB di RAM": what is written so anyway.
        if ACRONYMS.contains(&text.as_str()) {
            return None;
        }
        let is_key = text.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
        let has_letters = text.chars().filter(char::is_ascii_uppercase).count() >= 2;
        let behind = index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(Concept::Variable));
        let is_identifier = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
        (is_key
            && has_letters
            && text.len() >= 2
            && (text.contains('_')
                || behind
                || WELL_KNOWN.contains(&text.as_str())
                || self.is_set_to(index)
                || text.len() >= 4 && self.is_about_variables())
            || behind && is_identifier && mark.is(&Meaning::Other))
        .then(|| text.clone())
    }

    /// "MAXMEMORY 200mb in its env".
    fn is_about_variables(&self) -> bool {
        (0..self.marks.len()).any(|index| {
            self.marks[index].concept() == Some(Concept::Variable)
                || matches!(self.word(index), "env" | "environment") && self.marks.get(index + 1).is_none_or(|mark| mark.environment().is_none())
        })
    }

    fn is_set_to(&self, index: usize) -> bool {
        let next = index + 1 + usize::from(self.marks.get(index + 1).is_some_and(|mark| mark.verb() == Some(Verb::Set)));
        // "Remove nginx; TLS terminates elsewhere": a word in capitals alone is no variable.
        let is_removed = self.has(Verb::Remove).is_some_and(|verb| (verb + 1..=index).all(|place| !self.is_break(place)));
        // "TZ should be Europe/Rome", "TZ=Europe/Rome" is one word.
        let is_due = matches!(
            (self.words.word(self.marks[index].to), self.words.word(self.marks[index].to + 1)),
            ("should" | "must" | "shall" | "to" | "will", "be") | ("deve", "essere") | ("set", "to") | ("needs", "to")
        );
        matches!(self.word(next), "to" | "=" | "a") || is_due || is_removed
    }

    /// The value behind a variable: with a word that leads to it, or right behind the name.
    fn value_of_variable(&self, last: usize) -> Option<usize> {
        let mut is_led = false;
        for place in last + 1..self.marks.len().min(last + 1 + VALUE_DISTANCE_MAX) {
            let mark = &self.marks[place];
            // "manca la variabile X, deve valere Y".
            let goes_on = self.text(place) == ","
                && (place + 1..self.marks.len().min(place + 4)).any(|next| {
                    matches!(self.word(next), "value" | "valere" | "valore" | "vale" | "valga")
                        || matches!((self.word(next), self.word(next + 1)), ("should" | "must" | "shall", "be"))
                });
            if goes_on {
                continue;
            }
            // "APP_VERSION of the two web containers (web-a/web-b) becomes 1.11".
            let is_named = |place: usize| self.marks.get(place).is_some_and(|mark| mark.named().is_some());
            if matches!(self.text(place).as_str(), "(" | ")" | "/") && (is_named(place + 1) || is_named(place - 1)) {
                continue;
            }
            // "back to 0", "up to debug".
            if matches!(self.words.word(mark.from), "back" | "down" | "up" | "over") && self.words.word(mark.from + 1) == "to" {
                self.use_mark(place);
                is_led |= mark.to > mark.from + 1;
                continue;
            }
            // "DEBUG is still 1", "LOG_LEVEL still says notice".
            let is_still = matches!(self.word(place), "still" | "currently" | "ancora" | "attualmente");
            // "DEBUG is still a mess".
            if is_still && matches!(self.word(place + 1), "a" | "an" | "the" | "un" | "una" | "il" | "la") {
                return None;
            }
            if is_still && self.marks.get(place + 1).is_some_and(|next| !next.is(&Meaning::Punctuation) && !NO_VALUES.contains(&self.word(place + 1)))
            {
                self.use_mark(place);
                continue;
            }
            if self.is_break(place) || mark.is(&Meaning::Punctuation) && !matches!(self.text(place).as_str(), "=" | ":" | "->") {
                return None;
            }
            // "of cache", "su cache", "in prod": where it is set.
            // "set MODE to production" gives a value that is called like an environment.
            // "REDIS_HOST set to cache".
            let is_given = is_led && matches!(self.word(place - 1), "to" | "=" | "as");
            // "APP_VERSION dei due web dello shop in staging va messa a 1.11".
            let counts = mark.quantity().is_some() && self.marks.get(place + 1).is_some_and(|next| next.named().is_some());
            if counts || mark.blueprint().is_some() && !is_led {
                continue;
            }
            let is_place = !is_given && (mark.named().is_some() || mark.environment().is_some()) || mark.thing().is_some();
            let leads = BEFORE_VALUES.contains(&self.word(place)) || matches!(self.text(place).as_str(), "=" | "->");
            is_led |= leads && !matches!(self.word(place), "on" | "su" | "the" | "il" | "variable" | "variabile" | "env");
            // "with the value on": a word for a place may be the value.
            let is_switch = matches!(self.word(place), "on" | "off") && matches!(self.word(place - 1), "value" | "to" | "=" | "valore");
            if is_switch && !self.is_used(place) {
                return Some(place);
            }
            // "... and port 8081": no value.
            if matches!(self.word(place), "and" | "e" | "ed") && self.marks.get(place + 1).is_none_or(|next| next.named().is_none()) {
                return None;
            }
            let joins = matches!(self.word(place), "and" | "e" | "ed" | ",") && self.marks.get(place + 1).is_some_and(|next| next.named().is_some());
            if leads
                || joins
                || is_place
                || matches!(
                    self.word(place),
                    "of" | "di"
                        | "del"
                        | "della"
                        | "dei"
                        | "dello"
                        | "delle"
                        | "degli"
                        | "dell"
                        | "for"
                        | "per"
                        | "in"
                        | "nel"
                        | "nella"
                        | "sul"
                        | "sulla"
                        | "from"
                        | "da"
                )
            {
                continue;
            }
            // "LOG_LEVEL is too noisy" says how it is.
            if NO_VALUES.contains(&self.word(place)) {
                return self.value_of_pronoun(place);
            }
            // "il livello di log mettetelo su debug".
            if mark.verb() == Some(Verb::Set) && !is_led {
                continue;
            }
            let is_value = !self.is_used(place) && (mark.is(&Meaning::Other) || is_led || mark.quantity().is_some());
            return is_value.then_some(place);
        }
        None
    }
}

/// The word of a key that another word stands for: "logging level", "livello dei log".
fn word_of_key(word: &str) -> &str {
    match word {
        "logging" | "logs" => "log",
        "livello" | "verbosity" | "verbosita" => "level",
        "modalita" | "modo" => "mode",
        "porta" => "port",
        "utente" => "user",
        other => other,
    }
}

/// "level of the logs", "livello di log": the head stands first.
fn turned(said: &[String]) -> Option<String> {
    let (head, rest) = said.split_first()?;
    let (of, rest) = rest.split_first()?;
    let is_of = matches!(of.as_str(), "of" | "di" | "del" | "dei" | "della" | "delle" | "degli");
    let rest: String = rest.iter().filter(|word| !matches!(word.as_str(), "the" | "i" | "il" | "le")).map(String::as_str).collect();
    (is_of && !rest.is_empty()).then(|| format!("{rest}{head}"))
}
