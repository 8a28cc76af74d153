//! Which amounts are only told? What it has now, what stands in a ticket's number, and how full something is.

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::Concept;
use crate::quantity::Quantity;

use super::Reader;

/// What has a number that is no amount: "ticket 8812", "chapter 5 of my thesis".
#[rustfmt::skip]
const NUMBERED: &[&str] = &[
    "ticket", "issue", "request", "incident", "inc", "task", "chapter", "room", "page", "section", "floor", "phase", "group", "team", "building", "week", "table", "figure", "step", "sprint", "story", "appendix", "milestone", "centre", "center", "costo", "ward", "tank", "bed", "desk", "class", "grade", "year", "lane", "dock", "hall", "gate", "plant", "shelf", "bay", "studio", "lab", "office", "block", "wing", "zone", "sector", "store", "branch", "till", "pump", "press", "oven", "kettle", "silo", "barrel", "truck", "route", "lot", "batch", "station", "sensor", "camera", "printer", "kiosk", "classroom", "hangar", "pier", "track", "field", "lesson", "level", "shift", "crew", "article", "kitchen", "reparto", "corsia", "sala", "cella", "serbatoio", "vasca", "botte", "linea", "letto", "classe", "anno", "sportello", "banco", "cassa", "magazzino", "capannone", "scaffale", "filiale", "negozio", "sede", "tavolo", "stampante", "telecamera", "pompa", "forno", "lotto", "turno", "squadra", "laboratorio", "officina", "cantina", "cisterna", "corridoio", "binario", "hangar", "campo", "lezione", "livello", "finding", "findings", "observation", "point", "paragraph", "clause", "article", "item", "rilievo", "osservazione", "paragrafo", "articolo",
    "alarm", "alert", "error", "line", "ext", "po", "invoice", "order", "n", "nr", "no", "num", "prot", "protocollo", "delibera", "determina", "nota", "allarme", "ordine", "fattura", "richiesta", "segnalazione", "capitolo", "stanza", "aula", "pagina", "sezione", "piano", "fase", "gruppo", "settimana", "tabella", "passo", "ufficio", "punto", "rif", "pratica", "commessa",
];

/// What a number counts that no field holds.
#[rustfmt::skip]
const MEASURED: &[&str] = &[
    "ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hours", "days", "weeks", "months", "years", "rps", "qps", "users", "requests", "orders", "people", "visitors", "customers", "students", "colleagues", "fps", "watt", "watts", "euro", "euros", "dollars", "degrees", "percent", "times", "sprints", "tables", "rows", "queries",
    "secondi", "secondo", "minuti", "minuto", "ore", "giorni", "settimane", "mesi", "anni", "utenti", "richieste", "ordini", "persone", "visitatori", "clienti", "studenti", "colleghi", "gradi", "volte", "tabelle", "righe",
];

/// So far beside a word that corrects stand the two amounts.
const CORRECTION_DISTANCE_MAX: usize = 5;

impl Reader<'_> {
    /// "cpu limit from .5 to 1.5": the decimal is no version.
    pub(crate) fn is_former_of_cpu(&self, index: usize) -> bool {
        let is_former = index.checked_sub(2).is_some_and(|before| self.marks[before].quantity().is_some() && self.is_used(before));
        let is_cpu = self.field_before(index, false).is_some_and(|place| self.marks[place].concept() == Some(Concept::Cpu));
        is_former && is_cpu && self.marks[index].quantity().is_some()
    }

    /// "three things for web-02", "ticket 8812": numbers of the request itself.
    pub(crate) fn drop_counts_of_wishes(&self) {
        for index in 0..self.marks.len() {
            let is_number = matches!(self.marks[index].quantity(), Some(Quantity::Number(_)));
            // "two tags: ci, linux".
            let counts_items = self.marks.get(index + 1).is_some_and(|mark| matches!(mark.concept(), Some(Concept::Tags | Concept::Packages)));
            if is_number && counts_items {
                self.use_mark(index);
            }
            let before = index.checked_sub(1).map_or("", |before| self.word(before));
            let is_numbered = NUMBERED.contains(&before);
            let counts = matches!(
                self.word(index + 1),
                "things" | "changes" | "points" | "requests" | "items" | "small" | "cose" | "modifiche" | "punti" | "richieste" | "cosette"
            );
            // "2 more cores 4 web-02": "for", as it is typed on phones.
            let is_for = self.word(index) == "4"
                && self.marks.get(index + 1).is_some_and(|mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact))
                && self.marks[..index].iter().any(|mark| mark.quantity().is_some());
            // "both web containers", "sui due web": as many as there are.
            let is_whole_set = (index + 1..self.marks.len().min(index + 3)).any(|next| {
                let named = self.marks[next].named().filter(|named| named.is_set);
                named.is_some_and(|named| self.marks[index].quantity() == Some(Quantity::Number(named.addresses.len() as u64)))
            });
            // "web-01 is at 95 % memory": how full it is.
            let is_state = matches!(self.marks[index].quantity(), Some(Quantity::Percent(_)))
                && matches!(before, "at" | "al" | "allo" | "over" | "above" | "oltre" | "around" | "sopra" | "all")
                && self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Number(_))));
            // "disk 98% full": how full it is.
            let is_fullness = matches!(self.marks[index].quantity(), Some(Quantity::Percent(_)))
                && matches!(
                    self.word(index + 1),
                    "full" | "used" | "busy" | "occupied" | "pieno" | "piena" | "pieni" | "usato" | "usata" | "occupato" | "occupata"
                );
            // "pages should load in 2 s", "12k users an hour".
            let is_measured =
                MEASURED.contains(&self.words.word(self.marks[index].to)) && !matches!(self.marks[index].quantity(), Some(Quantity::Size(_)));
            if is_state || is_fullness || is_number && is_measured {
                self.use_mark(index);
            }
            if is_number && (is_numbered || counts || is_for || is_whole_set && self.has_value_beside(index)) {
                self.use_mark(index);
            }
        }
    }

    /// Whether the text gives a value that is no number of members.
    fn has_value_beside(&self, index: usize) -> bool {
        self.marks.iter().enumerate().any(|(other, mark)| {
            other != index && (mark.quantity().is_some() || mark.assignment().is_some() || mark.image().or(mark.version()).is_some())
        })
    }

    /// "half a terabyte... no, make it 400 GB": of two amounts of one kind the later is meant, and the words between say so.
    pub(crate) fn drop_corrected_amounts(&self) {
        let kind = |place: usize| match self.marks.get(place)?.quantity()? {
            Quantity::Size(_) => Some(0),
            Quantity::Number(_) | Quantity::Thousandths(_) => Some(1),
            _ => None,
        };
        for index in 1..self.marks.len() {
            let corrects = self.marks[index].operator() == Some(crate::lexicon::Operator::Correction)
                || matches!(self.word(index), "no" | "sorry" | "scusa") && self.marks[index - 1].is(&crate::mark::Meaning::Punctuation);
            let before = (index.saturating_sub(CORRECTION_DISTANCE_MAX)..index).rev().find(|place| kind(*place).is_some());
            let behind = (index + 1..self.marks.len().min(index + 1 + CORRECTION_DISTANCE_MAX)).find(|place| kind(*place).is_some());
            let (true, Some(before), Some(behind)) = (corrects, before, behind) else { continue };
            let names_other = (before + 1..behind).any(|place| self.marks[place].named().is_some() || self.marks[place].concept().is_some());
            if kind(before) == kind(behind) && !names_other {
                (before..behind).for_each(|place| self.use_mark(place));
            }
        }
    }

    /// "from 8GB to 16GB", "8GB -> 16GB": the first is what it is now.
    pub(crate) fn drop_former_amounts(&self) {
        self.drop_corrected_amounts();
        for index in 0..self.marks.len() {
            if self.marks[index].quantity().is_some()
                && self.word(index + 1) == "->"
                && self.marks.get(index + 2).is_some_and(|mark| mark.quantity().is_some())
            {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        // "the sixteen gigabytes it has are a shade too few", "i 4 giga attuali".
        for index in 0..self.marks.len() {
            let is_size = matches!(self.marks[index].quantity(), Some(Quantity::Size(_)));
            let to = self.marks[index].to;
            let word = |offset: usize| self.words.word(to + offset);
            let is_present = matches!((word(0), word(1)), ("it", "has") | ("it", "s") | ("they", "have") | ("che", "ha") | ("che", "hanno"))
                || matches!(
                    (word(0), word(1), word(2)),
                    ("that", "it", "has") | ("which", "it", "has") | ("it", "currently", "has") | ("it", "now", "has")
                )
                || matches!(word(0), "attuali" | "attuale")
                // "it says 100 GB now".
                || matches!(word(0), "now" | "today" | "ora" | "adesso")
                    && (index.saturating_sub(3)..index).any(|place| matches!(self.words.word(self.marks[place].from), "says" | "has" | "shows" | "got" | "ha" | "dice"))
                    && self.marks.iter().filter(|mark| matches!(mark.quantity(), Some(Quantity::Size(_)))).count() > 1;
            if is_size && is_present {
                self.use_mark(index);
            }
        }
        // "one (1) virtual machine".
        for index in 2..self.marks.len() {
            let is_again = self.text(index - 1) == "("
                && matches!(self.marks[index].quantity(), Some(Quantity::Number(_)))
                && self.marks[index].quantity() == self.marks[index - 2].quantity();
            if is_again {
                self.use_mark(index);
            }
        }
        // "10.0.20.254/24 instead of .1": the end of an address.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_instead = matches!(self.word(index), "instead" | "rather" | "invece" | "anziche" | "piuttosto" | "not" | "non");
            let has_address = self.marks[..index].iter().any(|mark| mark.cidr().or(mark.ip()).is_some());
            if is_instead && has_address && self.text(index + 1).starts_with(['.', '/']) {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        // "half a terabyte, i.e. 500 GB", "mezzo tera cioè 500 GB": the same once more, and exactly.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_size = |place: usize| matches!(self.marks[place].quantity(), Some(Quantity::Size(_)));
            let restates = matches!(self.word(index), "cioe" | "ossia" | "ovvero" | "i.e" | "ie" | "meaning" | "(");
            let before = (index.saturating_sub(2)..index).rev().find(|place| is_size(*place));
            if let Some(before) = before.filter(|_| restates && is_size(index + 1)) {
                self.use_mark(before);
                self.use_mark(index);
            }
        }
        // "8GB instead of 4GB": what it has now stands behind.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_size = |place: usize| self.marks[place].quantity().is_some() || matches!(self.word(place), "mezza" | "mezzo" | "half");
            let is_instead = matches!(self.word(index), "instead" | "rather" | "invece" | "anziche" | "piuttosto" | "not" | "non");
            // "a full core instead of a half".
            let article =
                usize::from(matches!(self.word(index + 1), "a" | "the" | "un" | "una" | "il" | "la") && self.marks[index + 1].quantity().is_none());
            let former = index + 1 + article;
            if is_instead && former < self.marks.len() && is_size(former) && (0..index).any(is_size) {
                self.use_mark(index);
                self.use_mark(former);
            }
        }
        // "instead of 4 cores web-01 should have 6".
        for index in 0..self.marks.len().saturating_sub(1) {
            let is_instead =
                matches!(self.word(index), "instead" | "rather" | "invece" | "anziche" | "piuttosto") && self.marks[index].operator().is_some();
            let has_later = |index: usize| (index + 2..self.marks.len()).any(|place| self.marks[place].quantity().is_some());
            let is_first = (0..index).all(|place| self.marks[place].quantity().is_none());
            if is_instead && is_first && self.marks[index + 1].quantity().is_some() && has_later(index) {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        for index in 1..self.marks.len() {
            let is_former = self.marks[index].quantity().is_some() && matches!(self.word(index - 1), "from" | "da" | "dai" | "dagli");
            let has_later = (index + 1..self.marks.len().min(index + 5))
                .any(|later| self.marks[later].quantity().is_some() && matches!(self.word(later - 1), "to" | "a" | "ad"));
            if is_former && has_later {
                self.use_mark(index);
                let names_field = self.marks.get(index + 1).is_some_and(|mark| mark.concept().is_some_and(super::amounts::is_amount));
                if names_field && self.marks.iter().skip(index + 2).any(|mark| mark.concept().is_some()) {
                    self.use_mark(index + 1);
                }
            }
        }
    }

    /// "it dies at 16 GB. Could I have 24?": of the unit of what it has, and of the same field.
    pub(crate) fn read_number_beside_present_size(&self, draft: &mut Draft) {
        let sizes: Vec<(usize, u64)> = (0..self.marks.len())
            .filter_map(|index| match self.marks[index].quantity() {
                Some(Quantity::Size(size)) if !self.is_used(index) => Some((index, size.bytes)),
                _ => None,
            })
            .collect();
        let is_year = |index: usize| {
            let is_number = matches!(self.marks[index].quantity(), Some(Quantity::Number(2000..=2099)));
            is_number && index > 0 && matches!(self.words.word(self.marks[index - 1].to - 1), "in" | "nel" | "since" | "dal" | "from" | "of")
        };
        (0..self.marks.len()).filter(|index| is_year(*index)).for_each(|index| self.use_mark(index));
        let is_bare = |index: &usize| {
            let beside = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
            let has_field = beside.into_iter().any(|place| self.marks.get(place).is_some_and(|mark| mark.concept().is_some()));
            matches!(self.marks[*index].quantity(), Some(Quantity::Number(_))) && !self.is_used(*index) && !has_field && self.is_amount_given(*index)
        };
        let numbers: Vec<usize> = (0..self.marks.len()).filter(is_bare).collect();
        let ([(present, bytes)], [later]) = (sizes.as_slice(), numbers.as_slice()) else { return };
        let has_now = |concept: &Concept| {
            let value = |address: &core_model::Address| {
                let resource = self.view.in_scope(draft.scope(), address)?;
                concept.paths().iter().find_map(|path| crate::view::value_at(resource, path)?.as_u64())
            };
            !draft.resources.is_empty() && draft.resources.iter().all(|meant| value(&meant.address.value) == Some(*bytes))
        };
        let mut fields = [Concept::Memory, Concept::Storage].into_iter().filter(has_now);
        let (Some(concept), None, Some(Quantity::Number(number))) = (fields.next(), fields.next(), self.marks[*later].quantity()) else { return };
        let unit = if bytes % (1 << 30) == 0 { "GB" } else { "MB" };
        if later > present {
            [*present, *later].into_iter().for_each(|place| self.use_mark(place));
            let size = format!("{number}{unit}");
            // "it has 100 GB, add another 50".
            let adds = self.has(crate::lexicon::Verb::Add).is_some_and(|verb| verb > *present)
                || later.checked_sub(1).is_some_and(|before| matches!(self.word(before), "another" | "extra" | "altri" | "more"));
            let wanted = if adds { Wanted::Plus(size) } else { Wanted::Change(FieldChange::Set(size)) };
            draft.wish(FieldName::Concept(concept), wanted, self.source(*present, *later));
        }
    }

    /// "only 2 cores is a joke, make it 6": of two numbers the one that it has is told, and the other is of the same field.
    pub(crate) fn read_number_beside_present(&self, draft: &mut Draft) {
        let cores = |index: &usize| {
            let is_cpu = self.marks.get(index + 1).is_some_and(|mark| mark.concept() == Some(Concept::Cpu));
            matches!(self.marks[*index].quantity(), Some(Quantity::Number(_))) && is_cpu && !self.is_used(*index)
        };
        let bare = |index: &usize| {
            let is_free = !self.is_used(*index)
                && self.field_of(*index, Quantity::Number(0)).is_none_or(|place| self.marks[place].concept() == Some(Concept::Cpu));
            matches!(self.marks[*index].quantity(), Some(Quantity::Number(_))) && is_free && !cores(index)
        };
        let (present, later): (Vec<usize>, Vec<usize>) =
            ((0..self.marks.len()).filter(cores).collect(), (0..self.marks.len()).filter(bare).collect());
        let ([present], [later]) = (present.as_slice(), later.as_slice()) else { return };
        let number = |index: usize| match self.marks[index].quantity() {
            Some(Quantity::Number(number)) => number,
            _ => 0,
        };
        let has_now = |address: &core_model::Address| {
            let resource = self.view.in_scope(draft.scope(), address);
            resource.and_then(|resource| crate::view::value_at(resource, "specs.cpu")).and_then(serde_json::Value::as_u64)
                == Some(number(*present) * 1000)
        };
        if later > present && !draft.resources.is_empty() && draft.resources.iter().all(|meant| has_now(&meant.address.value)) {
            [*present, present + 1, *later].into_iter().for_each(|place| self.use_mark(place));
            let wanted = Wanted::Change(FieldChange::Set(number(*later).to_string()));
            draft.wish(FieldName::Concept(Concept::Cpu), wanted, self.source(*present, *later));
        }
    }
}
