//! Which packages are meant where nobody says "package"? "su web-01 mettete anche htop", "git and make are missing on build-01".

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, DENYING, Operator, PACKAGES, Verb};
use crate::mark::Meaning;

use super::Reader;

/// Words behind a package that wish for it.
#[rustfmt::skip]
const WISHING: &[&str] = &[
    "missing", "needed", "required", "installed", "absent", "manca", "mancano", "mancante", "mancanti", "serve", "servono", "servirebbe", "servirebbero",
    "installato", "installati", "installata", "installate",
];
/// Verbs of change that put a package onto a machine. Whoever updates, configures or checks one wishes for no package.
#[rustfmt::skip]
const PUTTING: &[&str] = &[
    "put", "get", "have", "give", "stick", "throw", "let", "want", "metti", "mettete", "mettere", "mettici", "metteteci", "mettiamo", "mettiamoci", "mettimi", "dai", "date",
    "swap", "replace", "sostituisci", "sostituire", "sostituiamo", "rimpiazza", "scambia",
];
/// Who did it already.
const SUBJECTS: &[&str] = &["someone", "somebody", "they", "we", "he", "she", "who", "i", "qualcuno", "chi", "abbiamo", "hanno", "ha"];
/// Behind a package: it goes.
const OUT: &[&str] = &["out", "off", "via", "fuori", "gone"];
/// Before a package that another one takes the place of.
const REPLACING: &[&str] =
    &["swap", "replace", "exchange", "trade", "substitute", "sostituisci", "sostituire", "sostituiamo", "rimpiazza", "scambia", "cambia"];
/// Before a package that is there already.
#[rustfmt::skip]
const BESIDES: &[&str] = &["alongside", "besides", "beside", "oltre", "insieme", "accanto", "next", "addition"];

impl Reader<'_> {
    /// "nginx out", "via nginx"; "log nginx fuori controllo" takes nothing away.
    fn is_word_for_out(&self, index: usize) -> bool {
        OUT.contains(&self.word(index))
            && !(self.word(index) == "fuori" && matches!(self.word(index + 1), "controllo" | "uso" | "servizio" | "orario"))
    }

    /// A word that is a package's name and nothing that is here.
    pub(crate) fn is_package(&self, index: usize) -> bool {
        let Some(mark) = self.marks.get(index).filter(|mark| mark.to == mark.from + 1) else { return false };
        // "git, make and ccache": between two of a row a verb is a package.
        let joins = |place: usize| matches!(self.text(place).as_str(), "," | "and" | "e" | "ed" | "&");
        let in_row = || index > 0 && joins(index - 1) && joins(index + 1);
        let is_free =
            mark.is(&Meaning::Other) || mark.product().is_some() || self.words.fold(mark.from) == "docker" || mark.verb().is_some() && in_row();
        is_free && mark.named().is_none() && !mark.is(&Meaning::Background) && PACKAGES.contains(&self.words.fold(mark.from))
    }

    /// Packages of machines that are named, where nothing else is wished for.
    pub(crate) fn read_packages(&self, draft: &mut Draft) {
        let is_machine = |address: &core_model::Address| {
            let facts = self.view.in_scope(None, address).and_then(|resource| self.view.facts(resource));
            facts.is_some_and(|facts| crate::view::field_of(facts, "specs.packages").is_some())
        };
        let are_machines = !draft.resources.is_empty() && draft.resources.iter().all(|meant| is_machine(&meant.address.value));
        if !are_machines || !draft.wishes.is_empty() || !draft.pending.is_empty() || draft.command.value != CommandName::Update {
            return;
        }
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for index in self.package_row() {
            self.use_mark(index);
            if self.is_besides(index) {
                continue;
            }
            let is_out = self.is_word_for_out(index + 1) || self.is_taken_off(index) || self.is_replaced(index);
            if is_out { &mut removed } else { &mut added }.push(index);
            let side = index + 1;
            if self.is_word_for_out(side) || matches!(self.word(side), "in" | "dentro") {
                self.use_mark(side);
            }
        }
        for (places, is_out) in [(added, false), (removed, true)] {
            let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
            let texts = places.iter().map(|place| self.words.fold(self.marks[*place].from).to_owned()).collect();
            let change = if is_out { FieldChange::Remove(texts) } else { FieldChange::Add(texts) };
            draft.wish(FieldName::Concept(Concept::Packages), Wanted::Change(change), self.source(*first, *last));
        }
    }

    /// The packages that are wished for or taken away, with the free words in a row with them.
    fn package_row(&self) -> Vec<usize> {
        let is_alone = self.names_packages_alone();
        let is_wished = |index: usize| {
            let is_missing = |place: usize| matches!(self.word(place), "missing" | "manca" | "mancano" | "lacks" | "lacking");
            let before = (0..index).rev().take_while(|place| !self.is_break(*place)).any(|place| self.puts(place) || is_missing(place));
            let behind = (index + 1..self.marks.len().min(index + 9)).take_while(|place| !self.is_break(*place));
            let swaps = self.is_word_for_out(index + 1) || matches!(self.word(index + 1), "in" | "dentro");
            before || swaps || is_alone || behind.into_iter().any(|place| WISHING.contains(&self.word(place)))
        };
        let joins = |place: usize| matches!(self.text(place).as_str(), "," | "and" | "e" | "ed" | "&" | "+" | "plus");
        let is_member = |index: usize| {
            let beside =
                [index.checked_sub(2).filter(|_| joins(index - 1)), Some(index + 2).filter(|_| index + 1 < self.marks.len() && joins(index + 1))];
            let is_free = self.marks[index].is(&Meaning::Other) && !self.is_used(index) && self.marks[index].to == self.marks[index].from + 1;
            is_free && beside.into_iter().flatten().any(|place| self.is_package(place))
        };
        let is_open = |index: usize| !self.is_used(index) || self.marks[index].verb().is_some();
        let names = |index: usize| self.is_package(index) && is_open(index) || is_member(index);
        (0..self.marks.len()).filter(|index| names(*index) && is_wished(*index)).collect()
    }

    /// "put htop on it", "web-02 needs git"; no "somebody put docker on it", and no "update git".
    fn puts(&self, index: usize) -> bool {
        let has_subject = index.checked_sub(1).is_some_and(|before| SUBJECTS.contains(&self.word(before)));
        match self.marks[index].verb() {
            Some(Verb::Install | Verb::Add | Verb::Remove | Verb::Delete) => !has_subject,
            // "nobody needs it", "it doesn't need it", "who needs it".
            Some(Verb::Want) => !(index.saturating_sub(3)..index).any(|before| self.is_denied_or_asked(before)),
            Some(Verb::Set | Verb::Move) => {
                !has_subject && (self.marks[index].from..self.marks[index].to).any(|place| PUTTING.contains(&self.words.word(place)))
            }
            None => !has_subject && REPLACING.contains(&self.word(index)),
            _ => false,
        }
    }

    fn is_denied_or_asked(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_denial = (mark.from..mark.to).any(|place| DENYING.contains(&self.words.word(place)));
        is_denial || mark.operator() == Some(Operator::Negation) || matches!(self.words.word(mark.from), "who" | "why" | "chi" | "perche")
    }

    /// "git on build-01 please": nothing else is said, so that it can only be wished for.
    fn names_packages_alone(&self) -> bool {
        let is_plain = |index: usize| {
            let mark = &self.marks[index];
            let is_count = matches!(mark.quantity(), Some(crate::quantity::Quantity::Number(_)));
            mark.named().is_some()
                || mark.is(&Meaning::Ignored)
                || mark.is(&Meaning::Punctuation)
                || self.is_package(index)
                || is_count
                || matches!(self.text(index).as_str(), "+" | "plus" | "too" | "also" | "anche")
                || OUT.contains(&self.word(index))
        };
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        !asks && (0..self.marks.len()).all(is_plain)
    }

    fn is_besides(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).any(|before| BESIDES.contains(&self.word(before)))
    }

    /// "togli nginx da web-01".
    fn is_taken_off(&self, index: usize) -> bool {
        let sentence = (0..index).rev().take_while(|place| !self.is_break(*place));
        sentence.into_iter().find_map(|place| match self.marks[place].verb()? {
            Verb::Remove | Verb::Delete => Some(true),
            Verb::Add | Verb::Install | Verb::Set => Some(false),
            _ => None,
        }) == Some(true)
    }

    /// "swap nginx for caddy", "sostituisci nginx con caddy", "caddy instead of nginx": the one that another one takes the place of.
    fn is_replaced(&self, index: usize) -> bool {
        let verb = (index.saturating_sub(4)..index).find(|before| REPLACING.contains(&self.word(*before)));
        let verb = verb.filter(|_| (index + 1..self.marks.len().min(index + 4)).any(|next| matches!(self.word(next), "for" | "with" | "by" | "con")));
        verb.into_iter().for_each(|verb| self.use_mark(verb));
        let replaces = verb.is_some();
        let is_former =
            (index.saturating_sub(2)..index).any(|before| matches!(self.word(before), "instead" | "rather" | "invece" | "posto" | "anziche"));
        (replaces || is_former) && (0..self.marks.len()).any(|other| other != index && self.is_package(other))
    }

    /// "nginx out, caddy in, on web-01": without any verb.
    pub(crate) fn swaps_packages(&self) -> bool {
        let is_side = |index: usize| {
            OUT.contains(&self.word(index))
                || matches!(self.word(index), "in" | "dentro" | "missing" | "manca" | "mancano" | "on" | "su" | "sul" | "sulla")
        };
        (0..self.marks.len()).any(|index| self.is_package(index) && is_side(index + 1))
    }
}
