//! Which tags and packages are meant? Their words stand behind the field's name or before it, alone or in a row.

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Operator, Thing, Verb};
use crate::mark::Meaning;
use crate::names::How;
use crate::quantity::Quantity;

use super::Reader;

const ARTICLES: &[&str] = &[
    "its", "our", "that", "this", "quel", "quello", "the", "a", "an", "il", "lo", "la", "l", "i", "gli", "le", "to", "on", "from", "of", "su", "da",
    "di", "called", "named",
];

const NEW: &[&str] = &["new", "same", "right", "following", "missing", "other", "last", "first", "extra", "additional", "software", "resource"];

/// Behind these a list is not that of the field any more: "to web-02".
const LINKS: &[&str] =
    &["to", "a", "al", "alla", "on", "su", "sulla", "sul", "from", "da", "dal", "dalla", "with", "con", "besides", "oltre", "insieme", "alongside"];

/// Words beside a row that are none of its items: "htop and iotop missing on web-02", "solo canary, via il resto".
#[rustfmt::skip]
const NO_ITEMS: &[&str] = &[
    "nient", "niente", "nothing", "altro", "swap", "cleanup", "change", "list", "update", "off", "out", "away", "missing", "needed", "required", "absent", "installed", "there", "via", "resto", "rest", "else", "nothing", "gone", "mancano", "mancanti",
    "manca", "assenti",
    "too", "also", "well", "beside", "beneath", "anche", "pure",
    "no", "others", "nessun", "nessuno",
    "these", "those", "questi", "queste", "quelli", "quelle", "this", "questo",
];

/// Denied, these say that an item may go.
#[rustfmt::skip]
const NEEDING: &[&str] = &[
    "need", "needs", "needed", "use", "uses", "used", "want", "wants", "required", "belong", "belongs", "apply", "applies", "longer", "fits",
    "carry", "carries", "have", "has", "wear", "show", "avere", "portare",
    "serve", "servono", "usa", "usano", "usiamo", "usata", "usato", "vuole", "entra", "vale", "occorre",
];
const UNUSED: &[&str] = &["unused", "obsolete", "redundant", "superfluous", "inutile", "inutili", "obsoleto", "obsoleti", "superfluo", "superflui"];

/// What joins the items of a row.
const AND: &[&str] = &[",", "and", "e", "ed", "&", "+", "plus", "n"];

/// Before the field's name, where its items stand before it: "htop and vim via packages", "git into the packages of web-01".
#[rustfmt::skip]
const INTO: &[&str] = &[
    "on", "onto", "su", "sui", "sulla", "to", "into", "in", "via", "as", "among", "from", "of", "off", "through", "with", "ai", "nei", "tra", "fra", "dai", "nella", "alla", "dalla", "dall", "nell", "all", "come", "con", "tramite",
];

/// They end a list, and are in none.
#[rustfmt::skip]
const POLITE_WORDS: &[&str] = &[
    "ok", "okay", "asap", "urgent", "urgently", "subito", "urgente", "lol", "haha", "mate", "folks", "guys", "ragazzi", "dai", "daje", "now", "today", "again", "right", "yes", "si", "just", "cordiali", "saluti", "best", "kind", "danke", "merci",
    "pls", "please", "plz", "thanks", "thx", "grazie", "thank", "cheers", "ta", "kindly", "ciao", "prego", "regards", "cordialmente",
];

/// The list shall hold nothing else.
const EXACTLY: &[&str] = &["exactly", "only", "solo", "soltanto", "solamente", "esattamente"];

impl Reader<'_> {
    pub(crate) fn read_lists(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let is_of_machine =
                draft.command.value != CommandName::Create || draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::VirtualMachine);
            let installs = (self.marks[index].verb() == Some(Verb::Install) && is_of_machine).then_some(Concept::Packages);
            let named =
                || self.marks[index].concept().filter(|concept| is_list(*concept) && (!self.is_used(index) || self.marks[index].verb().is_some()));
            let Some(concept) = installs.or_else(named) else { continue };
            // "oltre al pacchetto nginx ci vorrei anche certbot": what is there already.
            let is_besides = (index.saturating_sub(2)..index).any(|before| matches!(self.word(before), "oltre" | "besides" | "alongside" | "beside"));
            if is_besides && concept == Concept::Packages {
                self.items_behind(index, concept).into_iter().chain([index]).for_each(|place| self.use_mark(place));
                continue;
            }
            let mut values = self.items_behind(index, concept);
            if values.is_empty() {
                values = self.items_before(index);
            }
            if values.is_empty() {
                values = self.items_behind_owner(index);
            }
            if values.is_empty() && installs.is_some() {
                // "we want certbot installed on web-01".
                values = index.checked_sub(1).filter(|before| self.is_item(*before)).map(|before| self.row_up_to(before)).unwrap_or_default();
            }
            let (Some(first), Some(last)) = (values.first().copied(), values.last().copied()) else { continue };
            self.use_mark(index);
            // "two tags: monitoring and lab".
            if let Some(before) = index.checked_sub(1).filter(|before| self.marks[*before].quantity() == Some(Quantity::Number(values.len() as u64)))
            {
                self.use_mark(before);
            }
            // "packages web-01: +htop +tmux".
            let text = |place: &usize| self.words.tokens[self.marks[*place].from].text.trim_start_matches('+').to_owned();
            let texts: Vec<String> = values.iter().map(text).collect();
            values.iter().for_each(|place| self.use_mark(*place));
            let change = self.list_change(index, first, texts);
            self.use_count_behind(last, values.len());
            draft.wish(FieldName::Concept(concept), Wanted::Change(change), self.source(index.min(first), index.max(last)));
        }
        for concept in [Concept::Tags, Concept::Packages] {
            // "Tags:\n- add canary to web-02".
            let is_heading = self.marks.first().is_some_and(|mark| mark.concept() == Some(concept));
            if is_heading || draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(concept)) {
                self.read_further_items(draft, concept);
            }
            if draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(concept)) {
                self.use_concept(concept);
            }
        }
    }

    /// "nightly and batch, those two and nothing else".
    fn use_count_behind(&self, last: usize, count: usize) {
        let is_count = |place: &usize| self.marks[*place].quantity() == Some(Quantity::Number(count as u64));
        let is_led = |place: &usize| {
            matches!(self.words.word(self.marks[*place].from.saturating_sub(1)), "those" | "these" | "the" | "questi" | "quelli" | "quei" | "solo")
        };
        (last + 1..self.marks.len().min(last + 5)).filter(|place| is_count(place) && is_led(place)).for_each(|place| self.use_mark(place));
    }

    /// "drop the web tag from web-02, add edge": a verb with items of its own, of the list that was named.
    fn read_further_items(&self, draft: &mut Draft, concept: Concept) {
        for index in 1..self.marks.len() {
            let begins = AND.contains(&self.word(index - 1)) || self.marks[index - 1].is(&Meaning::Punctuation);
            // "... and put members on it instead".
            let is_put = |index: usize| {
                matches!(self.word(index), "put" | "metti" | "mettici" | "mettete" | "mettere")
                    && (index + 2..self.marks.len().min(index + 5)).any(|place| matches!(self.word(place), "on" | "instead" | "su" | "invece"))
            };
            let verb = self.marks[index].verb().filter(|verb| {
                begins && (matches!(verb, Verb::Add | Verb::Install | Verb::Remove | Verb::Delete) || *verb == Verb::Set && is_put(index))
            });
            let is_object = |place: &usize| self.marks[*place].is(&Meaning::Ignored) && !self.marks[*place].is(&Meaning::Punctuation);
            let Some(item) = (index + 1..self.marks.len()).find(|place| !is_object(place)) else { continue };
            let is_item = self.is_item(item) || self.marks[item].is(&Meaning::Other);
            if verb.is_none() || !is_item || !(self.is_at_end(item) || self.is_followed_by_link(item)) {
                continue;
            }
            let texts = vec![self.words.tokens[self.marks[item].from].text.clone()];
            self.use_mark(index);
            self.use_mark(item);
            let is_out = matches!(verb, Some(Verb::Remove | Verb::Delete));
            let change = if is_out { FieldChange::Remove(texts) } else { FieldChange::Add(texts) };
            draft.wish(FieldName::Concept(concept), Wanted::Change(change), self.source(index, item));
        }
    }

    /// The verb that stands before an item in its part: "remove the tag web, add the tag edge" has one for each.
    fn verb_of_items(&self, index: usize) -> Option<Verb> {
        let part = (0..index).rev().take_while(|place| !self.is_break(*place));
        part.filter_map(|place| self.marks[place].verb())
            .find(|verb| matches!(verb, Verb::Add | Verb::Install | Verb::Remove | Verb::Delete))
            .filter(|_| self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some())
    }

    /// Tags and packages first: their words may be those of other things.
    pub(crate) fn read_list_words(&self, draft: &mut Draft) {
        if self.marks.iter().any(|mark| mark.concept().is_some_and(is_list)) {
            self.read_announced_list(draft);
            self.read_replaced_items(draft);
            self.read_lists(draft);
        }
    }

    /// "web-01 no longer needs the package nginx".
    fn is_no_longer_needed(&self, index: usize) -> bool {
        let denied = (0..self.marks.len()).find(|place| self.marks[*place].operator() == Some(Operator::Negation));
        let is_need = |place: usize| {
            self.marks[place].verb() == Some(Verb::Want)
                || matches!(self.word(place), "needed" | "used" | "use" | "belong" | "belongs" | "usato" | "usata" | "usiamo")
        };
        let is_wished = self.has(Verb::Add).or(self.has(Verb::Install)).is_some();
        let denied = denied.filter(|denied| !is_wished && (denied + 1..self.marks.len().min(denied + 5)).any(is_need));
        denied.into_iter().for_each(|denied| self.use_mark(denied));
        denied.is_some() || !is_wished && self.is_told_unneeded(index)
    }

    /// "il tag web non serve più": politeness has these words, too, so they are looked for in the text itself.
    fn is_told_unneeded(&self, index: usize) -> bool {
        // In the part that names the list: "..., it is not used in the main pool" is said of something else.
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let from = (0..index).rev().find(is_end).map_or(0, |place| self.marks[place].to);
        let to = (index..self.marks.len()).find(is_end).map_or(self.words.tokens.len(), |place| self.marks[place].from);
        let words = || from..to;
        let is_denial = |place: usize| matches!(self.words.word(place), "non" | "not" | "t" | "no" | "never" | "nobody" | "nessuno");
        let is_need = |place: usize| NEEDING.contains(&self.words.word(place));
        words().any(|place| is_denial(place) && (place + 1..place + 4).any(is_need)) || words().any(|place| UNUSED.contains(&self.words.word(place)))
    }

    fn list_change(&self, index: usize, first: usize, texts: Vec<String>) -> FieldChange {
        let is_out = self.can_go()
            || (index.saturating_sub(6)..index).any(|place| match self.word(place) {
                // "log nginx fuori controllo".
                "fuori" => !matches!(self.word(place + 1), "controllo" | "uso" | "servizio" | "orario" | "luogo" | "norma" | "sede"),
                "off" => true,
                // "via il tag web da web-02".
                "via" => {
                    (self.opens_part(place) || place > 0 && self.has_colon(self.marks[place - 1].to - 1))
                        && crate::language::language(self.words) == crate::language::Language::Italian
                }
                "out" => matches!(self.word(place + 1), "of" | "from"),
                _ => false,
            });
        // "web-02 shouldn't carry the web tag, take it off".
        let takes = |place: usize| {
            matches!(self.word(place), "take" | "get" | "strip" | "pull" | "peel")
                && (place + 1..self.marks.len().min(place + 4)).any(|next| self.word(next) == "off")
        };
        // "I want the tag frozen gone from build-01".
        let is_gone = |place: usize| {
            matches!(
                self.word(place),
                "gone"
                    | "removed"
                    | "away"
                    | "off"
                    | "dropped"
                    | "cleared"
                    | "tolto"
                    | "tolti"
                    | "rimosso"
                    | "rimossi"
                    | "levato"
                    | "eliminato"
                    | "cancellato"
            )
        };
        let behind = (index.max(first) + 1..self.marks.len()).take_while(|place| !self.marks[*place].is(&Meaning::Punctuation));
        let is_out = is_out || (0..self.marks.len()).any(takes) || behind.into_iter().any(is_gone) && self.has(Verb::Add).is_none();
        let own = self.verb_of_items(index.min(first));
        let removes = match own {
            Some(verb) => matches!(verb, Verb::Remove | Verb::Delete),
            None => self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some(),
        };
        if is_out || self.is_no_longer_needed(index) || removes {
            return FieldChange::Remove(texts);
        }
        // "only web-02 gets the tag canary" says of whom; "web-02 gets only the tag canary" what else it has not.
        let is_all = self.has_phrase(&[
            "nothing else",
            "and no others",
            "no others",
            "only those",
            "only these",
            "nient altro",
            "niente altro",
            "e basta",
            "solo questi",
            "solo quelli",
        ]);
        // "just an extra tag, nothing else": nothing else is wished.
        let is_further =
            self.has_phrase(&["extra", "additional", "another", "one more", "further", "in piu", "ulteriore", "aggiuntivo", "aggiuntiva"]);
        let is_exact = is_all && self.has(Verb::Add).is_none() && !is_further
            || (first.saturating_sub(2)..first).any(|before| {
                let is_count = before + 1 == first || self.marks[before + 1].quantity().is_some();
                is_count && EXACTLY.contains(&self.word(before))
            }) && self.has(Verb::Add).is_none()
            // "exactly the tags web and backup", "exactly two tags: web and backup".
            || (index.saturating_sub(3)..index).any(|before| matches!(self.word(before), "exactly" | "precisely" | "esattamente"));
        if is_exact { FieldChange::SetList(texts) } else { FieldChange::Add(texts) }
    }

    fn has_phrase(&self, phrases: &[&str]) -> bool {
        (0..self.words.tokens.len()).any(|place| phrases.iter().any(|phrase| crate::lexicon::length_of(phrase, self.words, place).is_some()))
    }

    /// Whether a part of a sentence begins with a mark.
    fn opens_part(&self, index: usize) -> bool {
        self.marks[..index].iter().rev().take_while(|mark| !mark.is(&Meaning::Punctuation)).all(|mark| mark.is(&Meaning::Ignored))
    }

    /// Behind the field's name; in "tag web-02 with frontend", behind what is tagged. Whether the words say so.
    fn begin_of_items(&self, index: usize) -> (usize, bool) {
        // "tag it web": what is tagged was said.
        let has_object = matches!(self.words.word(self.marks[index].to - 1), "it" | "them" | "this" | "taggala" | "taggalo" | "etichettala");
        let is_tagged = !has_object && self.marks.get(index + 1).is_some_and(|mark| mark.named().is_some());
        let is_object = |place: &usize| self.marks[*place].named().is_some() || AND.contains(&self.word(*place));
        let end = (index + 1..self.marks.len()).find(|place| !is_object(place)).filter(|_| is_tagged);
        // "label web-01 frontend so we know which it is", "tag build-01 ci".
        let has_article =
            index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "the" | "a" | "il" | "un" | "l" | "la" | "una" | "its" | "new"));
        let is_verb = matches!(self.word(index), "tag" | "label" | "tagga" | "etichetta")
            && (self.opens_part(index) || index > 0 && self.has_colon(self.marks[index - 1].to - 1))
            && !has_article;
        // "tag build-01 ci noc": a row without joints.
        let is_row = |place: usize| place + 1 < self.marks.len() && self.is_item(place + 1) && self.is_at_end(place + 1);
        if let Some(place) =
            end.filter(|place| is_verb && (self.is_item(*place) || self.is_at_end(*place) || is_row(*place)) && !LINKS.contains(&self.word(*place)))
        {
            return (place, true);
        }
        // "web-01 + web-02: tag all three backup", "tag them cluster".
        let is_all = |place: &usize| {
            matches!(
                self.word(*place),
                "all" | "both" | "them" | "these" | "it" | "each" | "everything" | "of" | "tutti" | "tutte" | "entrambi" | "entrambe"
            ) || matches!(self.marks[*place].quantity(), Some(Quantity::Number(2..=9)))
        };
        let behind_all = (index + 1..self.marks.len()).find(|place| !is_all(place)).filter(|place| *place > index + 1 && is_verb);
        let is_tag = |place: &usize| {
            self.marks[*place].named().is_none() && (self.is_at_end(*place) || self.is_item(*place) && AND.contains(&self.word(place + 1)))
        };
        if let Some(place) = behind_all.filter(is_tag) {
            (index + 1..place).for_each(|between| self.use_mark(between));
            return (place, true);
        }
        let joined = end.filter(|place| matches!(self.word(*place), "with" | "as" | "con" | "come" | ":" | "("));
        if let Some(place) = joined {
            return (place + 1, true);
        }
        // "tags of web-02 should be exactly web, canary", "i tag di web-02: solo canary".
        let between = |place: &usize| {
            let mark = &self.marks[*place];
            let is_reading = matches!(self.word(*place), "read" | "say" | "include" | "contain" | "hold" | "contenere" | "includere")
                // "the tags are to read nightly and batch".
                || self.word(*place) == "to" && *place > 0 && matches!(self.words.word(mark.from - 1), "are" | "is" | "ought" | "have" | "has" | "need" | "needs");
            (mark.named().is_some() || mark.verb().is_some() || mark.is(&Meaning::Ignored) || is_reading || self.text(*place) == ":")
                && !EXACTLY.contains(&self.word(*place))
        };
        let exact = (index + 1..self.marks.len()).find(|place| !between(place)).filter(|place| EXACTLY.contains(&self.word(*place)));
        exact.map_or((index + 1, false), |place| {
            self.use_mark(place);
            // "exactly two: web and edge".
            let is_count = |next: &usize| {
                self.marks.get(*next).is_some_and(|mark| matches!(mark.quantity(), Some(Quantity::Number(_))) && self.has_colon(mark.to - 1))
            };
            match Some(place + 1).filter(is_count) {
                Some(count) => {
                    self.use_mark(count);
                    (count + 1, true)
                }
                None => (place + 1, true),
            }
        })
    }

    /// The words behind a field's name that are its items.
    fn items_behind(&self, index: usize, concept: Concept) -> Vec<usize> {
        let mut items = Vec::new();
        let (start, is_told) = self.begin_of_items(index);
        // "the label printer took that one": what is called so, and no label.
        let is_compound = matches!(self.word(index), "label" | "tag" | "package" | "etichetta" | "pacchetto")
            && index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "the" | "a" | "our" | "this" | "l" | "la" | "il" | "un"))
            && self.marks.get(start).is_some_and(|mark| mark.is(&Meaning::Other) && !self.is_data(start))
            && !self.has_colon(self.marks[index].to - 1)
            && !is_told
            && !self.is_followed_by_link(start)
            && !self.is_at_end(start)
            && self.marks.get(start + 1).is_some_and(|next| next.is(&Meaning::Other) || next.verb() == Some(Verb::Want));
        if is_compound {
            return items;
        }
        for next in start..self.marks.len() {
            let mark = &self.marks[next];
            // "label build-01 with the tags ci and heavy": the field's name once more.
            if items.is_empty() && mark.concept() == Some(concept) && self.marks.get(next + 1).is_some_and(|behind| !behind.is(&Meaning::Punctuation))
            {
                continue;
            }
            let is_due =
                items.is_empty() && self.word(next) == "to" && matches!(self.words.word(mark.from.saturating_sub(1)), "are" | "is" | "ought");
            if LINKS.contains(&self.word(next)) && !is_due || NO_ITEMS.contains(&self.word(next)) {
                break;
            }
            // "web-02's tags should be web and spare".
            let is_led = items.is_empty()
                && next > start
                && matches!(self.words.word(self.marks[next - 1].to - 1), "be" | "essere" | "=" | "are" | "read" | "say" | "include" | "contain");
            let is_first = next == start || is_led || is_told && items.is_empty();
            if mark.operator() == Some(Operator::Correction) {
                break;
            }
            // "packages haproxy + certbot".
            if matches!(self.text(next).as_str(), "+" | "&") {
                continue;
            }
            // "build-01's tags should read nightly and batch", "the tags are to be nightly and batch".
            let is_reading = matches!(self.word(next), "read" | "say" | "include" | "contain" | "hold" | "contenere" | "includere")
                && self.marks.get(next + 1).is_some_and(|behind| !behind.is(&Meaning::Punctuation));
            if items.is_empty() && next > start && (is_reading || is_due) {
                continue;
            }
            // "tags of web-02: add canary".
            if items.is_empty()
                && matches!(mark.verb(), Some(Verb::Add | Verb::Remove | Verb::Delete | Verb::Set | Verb::Install))
                && self.marks.get(next + 1).is_some_and(|behind| !behind.is(&Meaning::Punctuation))
                && !self.is_followed_by_link(next)
            {
                continue;
            }
            // "tag web-02 canary, when you can", "..., asap".
            let is_courtesy = !self.is_data(next) && (self.is_politeness(next) || mark.to > mark.from + 1 && mark.named().is_none());
            if !items.is_empty() && AND.contains(&self.word(next - 1)) && is_courtesy {
                break;
            }
            let may_be_name = mark.named().is_none_or(|named| named.how == How::Description || named.is_set);
            // "tag web-02 canary, it is not used elsewhere": a pronoun begins something else.
            let follows_joint =
                is_told && next > start && AND.contains(&self.word(next - 1)) && (!mark.is(&Meaning::Ignored) || self.is_at_end(next));
            let is_told_word = (is_first || follows_joint)
                && may_be_name
                && !AND.contains(&self.word(next))
                && !mark.is(&Meaning::Punctuation)
                && !ARTICLES.contains(&self.word(next))
                && !self.is_politeness(next)
                && (self.is_followed_by_link(next) || is_told || self.is_at_end(next));
            // "tagged gpu and lab: ai-01 ...": the last of a row, whatever else it means. Behind its colon something else begins.
            let has_other_meaning = mark.concept().is_some() || mark.thing().is_some() || mark.blueprint().is_some();
            let is_last =
                (mark.is(&Meaning::Ignored) || has_other_meaning || mark.operator() == Some(Operator::Schedule) && mark.to == mark.from + 1)
                    && !items.is_empty()
                    && AND.contains(&self.word(next - 1))
                    && !ARTICLES.contains(&self.word(next))
                    && !self.is_politeness(next);
            if items.last().is_some_and(|last: &usize| self.has_colon(self.marks[*last].to - 1)) {
                break;
            }
            let is_told_word = is_told_word || is_last && mark.to == mark.from + 1 && (self.has_colon(mark.from) || self.is_at_end(next));
            let is_known = mark.product().is_some()
                || mark.is(&Meaning::NoSuchEnvironment)
                || mark.environment().is_some() && !matches!(self.word(next - 1), "in" | "to" | "su")
                || self.is_data(next);
            let is_word = is_told_word || mark.is(&Meaning::Other) || is_known;
            if is_word && (!self.is_used(next) && mark.named().is_none() || is_told_word) {
                items.push(next);
                continue;
            }
            let is_joint = AND.contains(&self.word(next))
                || items.is_empty()
                    && matches!(
                        self.word(next),
                        "the" | "il" | "lo" | "la" | "=" | "+=" | ":" | "deve" | "essere" | "should" | "be" | "must" | "is" | "i" | "l"
                    )
                || self.text(next) == "+"
                || mark.concept() == Some(concept);
            if !is_joint || self.is_break(next) {
                break;
            }
        }
        items
    }

    /// "the web tag of web-02", "htop and vim on web-01 please, via packages".
    fn items_before(&self, index: usize) -> Vec<usize> {
        if let Some(before) = self.item_just_before(index) {
            return self.row_up_to(before);
        }
        let is_led = |place: usize| INTO.contains(&self.word(place)) || self.is_out_of(place);
        let leads = (index.saturating_sub(4)..index).rev().take_while(|place| !self.marks[*place].is(&Meaning::Punctuation)).any(is_led);
        if !leads {
            return Vec::new();
        }
        let passes = |place: &usize| {
            let mark = &self.marks[*place];
            (!self.is_item(*place) || NO_ITEMS.contains(&self.word(*place)))
                && !self.is_break(*place)
                && (mark.is(&Meaning::Ignored)
                    || mark.named().is_some()
                    || mark.verb().is_some()
                    || INTO.contains(&self.word(*place))
                    || NO_ITEMS.contains(&self.word(*place))
                    || self.text(*place) == ",")
        };
        // "For the auditors: tags of web-01 ...": what stands before a colon is no item.
        let end = (0..index).rev().find(|place| !passes(place)).filter(|place| self.is_item(*place) && !self.has_colon(self.marks[*place].to - 1));
        end.map_or_else(Vec::new, |end| self.row_up_to(end))
    }

    /// "nginx can go from the package list".
    pub(crate) fn can_go(&self) -> bool {
        (0..self.marks.len()).any(|place| matches!(self.word(place), "can" | "may" | "should") && self.word(place + 1) == "go")
    }

    /// "nei pacchetti di build-01 ci vuole git", "packages of build-01: git": behind whose list it is, and a word that leads on.
    fn items_behind_owner(&self, index: usize) -> Vec<usize> {
        let passes = |place: &usize| {
            let mark = &self.marks[*place];
            mark.named().is_some()
                || mark.is(&Meaning::Ignored)
                || matches!(mark.verb(), Some(Verb::Want | Verb::Add | Verb::Set))
                || matches!(self.word(*place), "read" | "say" | "include" | "contain" | "list" | "hold" | "contenere" | "includere")
                || EXACTLY.contains(&self.word(*place))
                || self.text(*place) == ":"
        };
        // Behind a colon a common word is an item, too: "tags for build-01: ci, linux".
        let behind_colon = (index + 1..self.marks.len())
            .take_while(|place| passes(place))
            .find(|place| self.has_colon(self.marks[*place].to - 1))
            .map(|place| place + 1);
        // "tags of web-02: add canary".
        let is_verb = |place: usize| {
            matches!(
                self.marks.get(place).and_then(crate::mark::Mark::verb),
                Some(Verb::Add | Verb::Remove | Verb::Delete | Verb::Set | Verb::Install)
            )
        };
        let behind_colon = behind_colon
            .map(|place| place + usize::from(is_verb(place) && self.marks.get(place + 1).is_some_and(|next| !next.is(&Meaning::Punctuation))));
        let behind_colon = behind_colon.filter(|place| {
            self.marks.get(*place).is_some_and(|mark| !mark.is(&Meaning::Punctuation) && (mark.named().is_none() || self.is_item(*place)))
        });
        let plain = || (index + 1..self.marks.len()).find(|place| !passes(place)).filter(|place| self.is_item(*place));
        let Some(item) = behind_colon.or_else(plain) else { return Vec::new() };
        let has_owner = (index + 1..item).any(|place| self.marks[place].named().is_some());
        let leads = (index + 1..item).any(|place| {
            matches!(self.marks[place].verb(), Some(Verb::Want | Verb::Add))
                || matches!(self.word(place), "manca" | "mancano" | "lacks" | "lack")
                || self.has_colon(self.marks[place].to - 1)
                || EXACTLY.contains(&self.word(place))
                || matches!(self.word(place), "read" | "say" | "include" | "contain" | "contenere" | "includere")
        });
        if !has_owner || !leads {
            return Vec::new();
        }
        let mut items = vec![item];
        let mut place = item + 1;
        while place < self.marks.len() {
            let is_sign = self.text(place).starts_with('+') && self.text(place).len() > 1;
            if is_sign {
                items.push(place);
                place += 1;
            } else if AND.contains(&self.word(place)) && place + 1 < self.marks.len() && self.is_item(place + 1) && !self.is_politeness(place + 1) {
                items.push(place + 1);
                place += 2;
            } else {
                break;
            }
        }
        items
    }

    fn is_out_of(&self, place: usize) -> bool {
        matches!(self.word(place), "out" | "fuori")
    }

    fn is_item(&self, place: usize) -> bool {
        let mark = &self.marks[place];
        // "remove web from web-02's tags": a set's name, where the resource itself is named.
        let has_exact = self.marks.iter().any(|mark| mark.named().is_some_and(|named| named.how == How::Exact));
        !self.is_used(place)
            && !NO_ITEMS.contains(&self.word(place))
            && !matches!(self.word(place), "off" | "out" | "from" | "dai")
            && mark.named().is_none_or(|named| named.how == How::Description || named.is_set && has_exact)
            && (mark.is(&Meaning::Other) || mark.product().is_some() || self.is_data(place) || mark.named().is_some_and(|named| named.is_set))
    }

    /// "a, b and c", of which the last is known.
    fn row_up_to(&self, end: usize) -> Vec<usize> {
        let mut items = vec![end];
        let mut place = end;
        while let Some(before) = place.checked_sub(1) {
            let is_joint = AND.contains(&self.word(before)) || matches!(self.text(before).as_str(), "," | "+");
            // "git, make and ccache": between two of a row a verb is an item.
            let is_verb = |item: usize| self.marks[item].verb().is_some() && item.checked_sub(1).is_some_and(|place| self.text(place) == ",");
            let item = before.checked_sub(1).filter(|item| is_joint && (self.is_item(*item) || is_verb(*item)));
            let Some(item) = item else { break };
            items.push(item);
            place = item;
        }
        items.reverse();
        items
    }

    fn item_just_before(&self, index: usize) -> Option<usize> {
        let before = index.checked_sub(1).filter(|before| !self.has_colon(self.marks[*before].to - 1))?;
        let mark = &self.marks[before];
        let is_article = before.checked_sub(1).is_some_and(|place| ARTICLES.contains(&self.word(place)) || AND.contains(&self.word(place)));
        let is_value = is_article && !mark.is(&Meaning::Punctuation) && mark.quantity().is_none() && mark.to == mark.from + 1;
        let is_name = mark.named().is_some_and(|named| named.how != How::Description && !named.is_set);
        (is_value && !is_name && !INTO.contains(&self.word(before)) && !ARTICLES.contains(&self.word(before)) && !NEW.contains(&self.word(before)))
            .then_some(before)
    }

    /// "pls", "per favore", "asap": they end a list, and are in none.
    fn is_politeness(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        let is_favour = self.words.word(from) == "per" && matches!(self.words.word(from + 1), "favore" | "cortesia" | "piacere" | "gentilezza");
        is_favour || POLITE_WORDS.contains(&self.words.word(from))
    }

    /// "..., tag web": nothing of the same part follows.
    fn is_at_end(&self, index: usize) -> bool {
        // "... e il tag web pls": politeness ends it, too.
        let polite = |place: &usize| self.is_politeness(*place);
        let next = (index + 1..self.marks.len()).find(|place| !polite(place)).unwrap_or(self.marks.len());
        self.marks.get(next).is_none_or(|mark| mark.is(&Meaning::Punctuation))
    }

    /// "the tag web from web-02": what follows says where the item goes.
    fn is_followed_by_link(&self, index: usize) -> bool {
        matches!(self.word(index + 1), "oltre" | "besides" | "beside" | "alongside" | "insieme" | "per" | "for" | "off" | "to" | "from" | "on" | "a" | "al" | "alla" | "da" | "dal" | "su" | "and" | "e" | ",")
            || self.is_break(index + 1)
            // "the tag web doesn't belong on web-02 any more".
            || self.marks.get(index + 1).is_some_and(|next| next.operator() == Some(Operator::Negation))
            || matches!(self.word(index + 1), "any" | "anymore" | "is" | "can" | "should" | "piu" | "va" | "non")
    }
}

/// Whether a field holds a list of words.
fn is_list(concept: Concept) -> bool {
    matches!(concept, Concept::Tags | Concept::Packages)
}
