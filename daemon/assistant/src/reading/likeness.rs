//! Is a copy of something asked for? "one more like web-02", "another cache", "two copies of grafana".

use crate::command::CommandName;
use crate::lexicon::Verb;
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// "one more like web-02": the likeness must have an original.
    pub(super) fn likeness(&self) -> Option<(CommandName, usize)> {
        // "is cache-dev a copy of cache?"
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_wish = matches!(self.words.word(1), "it" | "there" | "this" | "that" | "someone" | "somebody" | "anyone" | "anybody");
        if asks && matches!(self.words.word(0), "is" | "are" | "was" | "were" | "isn" | "aren") && !is_wish {
            return None;
        }
        // "un duplicato di cache-dev esiste già?", "cache has a twin called cache-02": what there is.
        let exists = |place: usize| {
            matches!(self.words.word(place), "esiste" | "esistono" | "exists" | "exist")
                || matches!(self.words.word(place), "has" | "had" | "aveva")
                    && matches!(self.words.word(place + 1), "a" | "un" | "una" | "one")
                    && matches!(self.words.word(place + 2), "twin" | "copy" | "clone" | "sibling" | "duplicate" | "gemello" | "gemella" | "copia")
        };
        let wishes = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Want | Verb::Add));
        if !wishes && (0..self.words.tokens.len()).any(exists) {
            return None;
        }
        if let Some(index) = self.another_one().or_else(|| self.copies()).or_else(|| self.twin()) {
            return Some((CommandName::Clone, index));
        }
        let index =
            self.verbs().filter(|(_, verb)| *verb == Verb::Clone).map(|(index, _)| index).find(|index| self.original_after(*index).is_some())?;
        // "I'd like cache-dev to be as large as cache".
        let is_being = index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "be" | "essere" | "sia" | "diventi" | "diventare"));
        if is_being && self.marks[..index].iter().any(|mark| mark.named().is_some()) {
            return Some((CommandName::Update, index));
        }
        // "web-02 needs to match web-01 in cpu and memory".
        let is_matching = matches!(self.word(index), "match" | "matches" | "mirror") || self.words.word(self.marks[index].to - 1) == "match";
        let is_machine_before = (0..index).any(|place| self.is_machine_named(place));
        if is_matching && is_machine_before && self.marks.iter().any(|mark| mark.concept().is_some()) && !self.has_unknown_name() {
            return Some((CommandName::Update, index));
        }
        // "un duplicato di cache-dev, da chiamare cache-test, però con l'immagine redis:7.4": a copy may differ in its image, too.
        let is_plain_copy = {
            let mark = &self.marks[index];
            let is_of = matches!(self.words.word(mark.to - 1), "of" | "di" | "del" | "della");
            let copies = |word: &str| ["dupl", "cop", "clon", "gemell", "twin"].iter().any(|stem| word.starts_with(stem));
            is_of && (mark.from..mark.to).any(|place| copies(self.words.word(place)))
        };
        // "staging could do with a copy of mailpit", which only dev has: what has all of its own is new there.
        let is_elsewhere = self.original_after(index).and_then(|place| self.marks[place].named()).is_some_and(|named| {
            let is_in = |environment: &core_model::Name| {
                let scopes = |address: &core_model::Address| {
                    self.view.resources().get(address).is_some_and(|found| found.iter().any(|(own, _)| *own == environment))
                };
                named.addresses.iter().any(scopes)
            };
            self.marks.iter().filter_map(crate::mark::Mark::environment).any(|environment| !is_in(environment))
        });
        if self.has_own_image() && self.calls_itself() && (!is_plain_copy || is_elsewhere) {
            return None;
        }
        // "one more replica of the web container": of a set there are members.
        let of_set = self.original_after(index).is_some_and(|place| {
            self.marks[place].named().is_some_and(|named| named.is_set || named.addresses.iter().all(|address| self.view.group_of(address).is_some()))
        });
        let is_of = |place: usize| matches!(self.words.word(place), "of" | "di" | "del" | "della");
        if of_set && !self.has_unknown_name() && (is_of(self.marks[index].to - 1) || is_of(self.marks[index].to)) {
            return Some((CommandName::Scale, index));
        }
        let is_strong = CLONES.contains(&self.word(index));
        let compares = self.marks[..index].iter().rev().take(3).any(|mark| mark.concept().is_some());
        let subject = self.marks[..index].iter().any(|mark| mark.named().is_some());
        let has_new_thing = self.new_thing().is_some()
            || self.has(Verb::Name).is_some()
            || self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Want | Verb::Add));
        if !is_strong && (compares || subject) && !has_new_thing {
            return Some((CommandName::Update, index));
        }
        // "as on web-01, give web-02 4 cores".
        let original = self.original_after(index);
        let is_other = |place: usize| Some(place) != original && self.is_machine_named(place);
        if !is_strong && !self.has_unknown_name() && (index..self.marks.len()).any(is_other) {
            return Some((CommandName::Update, index));
        }
        (is_strong || !subject || has_new_thing).then_some((CommandName::Clone, index))
    }

    fn is_machine_named(&self, index: usize) -> bool {
        let is_compute = |address: &core_model::Address| self.view.in_scope(None, address).is_some_and(|found| found.type_name == "compute");
        self.marks[index].named().is_some_and(|named| named.how <= crate::names::How::Alias && named.addresses.iter().all(is_compute))
    }

    /// "another cache", "un'altra cache", "one more grafana": one like it. Of a set there are members.
    fn another_one(&self) -> Option<usize> {
        let is_another = |index: usize| match self.word(index) {
            "another" | "altro" | "altra" | "second" | "third" | "seconda" | "secondo" | "terza" | "terzo" => true,
            "more" => index.checked_sub(1).is_some_and(|before| matches!(self.marks[before].quantity(), Some(Quantity::Number(1..=9)))),
            _ => false,
        };
        let is_field = |mark: &crate::mark::Mark| mark.concept().is_some() || matches!(mark.quantity(), Some(Quantity::Size(_)));
        (0..self.marks.len().saturating_sub(1)).find(|index| {
            let next = (index + 1..self.marks.len()).find(|next| self.marks[*next].thing().is_none() || self.marks[*next].named().is_some());
            let Some(next) = next.filter(|next| is_another(*index) && *next <= index + 2) else { return false };
            let is_one = self.marks[next].named().is_some_and(|named| {
                named.how <= crate::names::How::Alias && !named.is_set && named.addresses.iter().all(|address| self.view.group_of(address).is_none())
            });
            is_one && self.marks.get(next + 1).is_none_or(|mark| !is_field(mark))
        })
    }

    /// "two copies of web-02": of what is no set.
    fn copies(&self) -> Option<usize> {
        let index = self.has(Verb::Scale).filter(|index| matches!(self.word(*index), "copies" | "copie"))?;
        let original = (index + 1..self.marks.len().min(index + 4)).find(|next| self.marks[*next].named().is_some())?;
        let named = self.marks[original].named()?;
        (!named.is_set && named.addresses.iter().all(|address| self.view.group_of(address).is_none())).then_some(index)
    }

    /// The resource that a word of likeness is followed by.
    pub(crate) fn original_after(&self, index: usize) -> Option<usize> {
        // "Action: duplicate\nSource: build-01": the next line of a form.
        let is_line = |next: usize| {
            let follows = self.marks.get(next + 1).map_or("", |mark| self.words.word(mark.from));
            self.words.tokens[self.marks[next].from].fold == "\n"
                && matches!(follows, "source" | "original" | "from" | "template" | "base" | "origine" | "originale" | "sorgente" | "da" | "modello")
        };
        let after = (index + 1..self.marks.len()).take(6).take_while(|next| !self.is_break(*next) || is_line(*next));
        after
            .take_while(|next| self.marks[*next].verb().is_none_or(|verb| verb == Verb::Clone) || self.marks[*next].named().is_some())
            .find(|next| self.marks[*next].named().is_some())
    }
}

/// Words that can only mean a copy.
#[rustfmt::skip]
const CLONES: &[&str] = &[
    "clone", "dupe", "sdoppia", "sdoppiare", "sdoppiate", "sdoppiami", "sdoppi", "sdoppiatemi", "fotocopia", "fotocopiare", "fotocopiami", "copy", "duplicate", "replicate", "twin", "sibling", "doppione", "clona", "clonare", "copia", "copiare", "duplica", "duplicare",
    "replica", "another", "one", "a", "un", "uno", "una",
];
