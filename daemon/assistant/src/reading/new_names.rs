//! What shall the new things be called? Names that are announced, then those that stand where names stand.

use core_model::Name;

use crate::command::CommandName;
use crate::draft::Draft;
use crate::language::Language;
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;
use crate::question::{Question, Slot};
use crate::source::Sourced;

use super::Reader;

/// Words that are never a name.
#[rustfmt::skip]
const NEVER_NAMES: &[&str] = &[
    "in", "on", "with", "from", "for", "to", "and", "at", "by", "of", "that", "which", "please", "con", "da", "su", "per", "di", "a", "e", "nel",
    "nella", "che", "dal", "dalla", "sul", "sulla", "or", "o", "wanted", "requested", "required", "needed", "dhcp", "somewhere", "plus", "richiesta", "richiesto", "serve", "debian", "ubuntu", "linux",
    "parta", "parti", "giri", "usi", "abbia", "sia", "stia", "vada", "risponda", "ascolti", "esponga", "pubblichi", "venga", "faccia", "abbiano", "siano",
    "exactly", "precisely", "just", "simply", "like", "so", "this", "accordingly", "proprio", "esattamente", "precisamente", "semplicemente", "cosi",
    "next", "near", "beside", "alongside", "x", "accanto", "vicino", "insieme", "together", "similar", "same", "who", "what", "when", "where", "why", "while", "as", "so", "now", "asap", "today",
    "gemelle", "gemelli", "gemella", "gemello", "identiche", "identici", "identica", "identico", "uguali", "simili", "distinte", "distinti", "twin", "twins", "identical", "matching",
    "part", "parte", "usual", "well", "discussed", "agreed", "follows", "below", "above", "promised", "planned", "ever", "before", "such", "expected", "described", "per", "soon", "always", "attached", "normal", "written", "listed", "specified", "concordato", "concordata", "previsto", "prevista", "sempre", "solito", "sotto", "sopra", "segue", "descritto", "descritta", "detto", "discusso", "scritto",
    "semplice", "leggero", "leggera", "decente", "potente", "veloce", "temporaneo", "temporanea", "provvisorio", "provvisoria", "dedicato", "dedicata", "pulito", "pulita", "vuoto", "vuota", "modesto", "modesta", "grosso", "grossa", "standard", "separato", "separata",
];

/// Words between "called" and the name.
const BEFORE_NAMES: &[&str] = &["is", "to", "be", "the", "it", ":", "=", "as", "il", "lo", "la", "essere"];

/// Nouns behind which a name stands: "name: web-05", "nome cache-02".
const NAME_NOUNS: &[&str] = &["name", "names", "nome", "nomi", "designation", "denominazione", "appellation"];

/// Words between the first and the last name of a series: "load-01 thru load-03".
const RANGE_WORDS: &[&str] = &["up", "to", "thru", "through", "til", "till", "until", "a", "ad", "al", "alla", "fino", "->", "\u{2026}", "..", "..."];

/// English words of these forms say what a machine does, and not how it is called: "a VM hosting the wiki", "a container based on it".
const DESCRIBING: [&str; 4] = ["ing", "ed", "ly", "able"];

/// Words before "vm" that say what kind it is.
#[rustfmt::skip]
const ADJECTIVES: &[&str] = &[
    "twin", "twins", "identical", "matching", "equal", "similar", "gemella", "gemelle", "gemello", "gemelli", "identica", "identiche", "identico", "identici", "uguali", "simili", "distinte", "distinti", "piccole", "piccoli", "nuove", "nuovi", "virtuali", "fisiche", "fisici", "leggere", "leggeri", "economiche", "economici", "veloci",
    "small", "big", "large", "tiny", "beefy", "huge", "medium", "mini", "micro", "linux", "windows", "unix", "fresh", "temp", "temporary", "dedicated", "spare", "cheap", "quick", "single", "simple", "second", "third", "extra", "another", "virtual", "standard", "basic", "plain", "bare", "headless", "empty", "blank", "fast", "slow", "lightweight", "light", "heavy", "proper", "decent", "nice", "good", "vanilla", "hardened", "secure", "private", "public", "internal", "external", "shared", "personal", "throwaway", "disposable", "one", "more", "some", "dear", "urgent", "request", "ticket", "subject", "task", "change", "docker", "proxmox", "lxc", "qemu", "kvm", "additional", "separate", "isolated", "proxied", "managed",
];

impl Reader<'_> {
    /// The names that new resources get.
    pub(crate) fn read_names(&self, draft: &mut Draft) {
        self.read_called(draft);
        if draft.names.is_empty() {
            self.read_after_noun(draft);
        }
        if draft.names.is_empty() && draft.command.value == CommandName::Create && !self.has_free_name() {
            self.read_name_beside_thing(draft);
        }
        if draft.names.is_empty() && draft.command.value != CommandName::Adopt {
            self.read_bare_name(draft);
        }
    }

    /// "called web-05", "di nome cache-02".
    fn read_called(&self, draft: &mut Draft) {
        let after_verb: Vec<usize> = self.verbs().filter(|(_, verb)| *verb == Verb::Name).map(|(index, _)| index).collect();
        for index in after_verb {
            // "hostname kb08.acme.lan" is that field's value.
            let is_domain = self.words.fold(self.marks[index].to).contains('.');
            if self.word(index) == "hostname" && is_domain {
                continue;
            }
            // "in my day we would have called it a partition": what somebody says to something.
            if self.tells_what_it_is_called(index) {
                self.use_mark(index);
                continue;
            }
            // "coda-01 e coda-02: ... si chiamano coda perché": the names were given.
            let called = self.words.fold(self.marks.get(index + 1).map_or(usize::MAX, |next| next.from));
            let is_given = |place: usize| {
                let fold = self.words.fold(self.marks[place].from);
                self.marks[place].is(&Meaning::Other) && self.is_name_like(place) && !called.is_empty() && fold.starts_with(&format!("{called}-"))
            };
            if (0..index).any(is_given) {
                self.use_mark(index);
                self.use_mark(index + 1);
                continue;
            }
            self.use_mark(index);
            let start = (index + 1..self.marks.len()).find(|next| !BEFORE_NAMES.contains(&self.word(*next))).unwrap_or(index + 1);
            if self.marks.get(start).is_some_and(|mark| {
                mark.to == mark.from + 1
                    && (mark.is(&Meaning::Ignored) || mark.concept().is_some() || mark.verb().is_some())
                    && mark.quantity().is_none()
            }) && self.give_name(draft, start)
            {
                self.read_name_list(draft, start + 1);
            } else {
                self.read_name_list(draft, start);
            }
        }
    }

    /// "we would have called it a partition", "what people call a cache": a kind, and no name of its own.
    fn tells_what_it_is_called(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        let before = from.checked_sub(1).map_or("", |before| self.words.word(before));
        let is_done = matches!(before, "have" | "had" | "ve" | "people" | "they" | "used" | "would") && self.word(index) != "goes";
        let article =
            (self.marks[index].to..self.marks[index].to + 2).find(|place| matches!(self.words.word(*place), "a" | "an" | "un" | "una" | "uno"));
        let is_kind = article.is_some_and(|article| {
            (self.marks[index].to..article).all(|place| matches!(self.words.word(place), "it" | "them" | "that"))
                && !self.words.fold(article + 1).contains(|letter: char| letter.is_ascii_digit() || letter == '-')
        });
        is_kind && (is_done || self.verbs().any(|(other, verb)| verb == Verb::Name && other > index))
    }

    /// "crea la vm etichette con ubuntu", "the container ports with 1GB": a word that means a field stands where only a name can stand.
    fn read_name_beside_thing(&self, draft: &mut Draft) {
        let is_thing =
            |index: usize| matches!(self.marks[index].thing(), Some(Thing::VirtualMachine | Thing::Container)) && self.marks[index].verb().is_none();
        let is_free = |index: usize| {
            let mark = &self.marks[index];
            let is_list = matches!(
                mark.concept(),
                Some(Concept::Tags | Concept::Image | Concept::Backup | Concept::Networks | Concept::Packages | Concept::Variable)
            );
            is_list && mark.to == mark.from + 1 && mark.thing().is_none() && !self.is_used(index) && !self.has_colon(mark.from)
        };
        let is_led = |index: usize| index > 0 && matches!(self.word(index - 1), "la" | "il" | "the" | "una" | "un" | "a");
        let ends = |index: usize| matches!(self.word(index), "con" | "with") && !matches!(self.word(index + 1), "the" | "la" | "il" | "i" | "le");
        let found = (1..self.marks.len()).find(|index| is_thing(index - 1) && is_led(index - 1) && is_free(*index) && ends(index + 1));
        if let Some(index) = found {
            self.give_name(draft, index);
        }
    }

    /// "name: web-05", "container name adminer", "nome registry, immagine registry:2".
    fn read_after_noun(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let is_of_other = index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "dns" | "host" | "domain" | "user" | "image"));
            if !NAME_NOUNS.contains(&self.word(index)) || is_of_other || self.is_used(index) {
                continue;
            }
            // "the name of the machine: web-05".
            let is_of = |place: usize| {
                BEFORE_NAMES.contains(&self.word(place)) || matches!(self.word(place), "of" | "for" | "di" | "del" | "della" | "dell" | "per")
            };
            let has_thing = (index + 1..self.marks.len().min(index + 4))
                .find(|next| self.marks[*next].thing().is_some() && (index + 1..*next).all(is_of) && *next > index + 1);
            let begin = has_thing.map_or(index + 1, |thing| thing + 1);
            let start = (begin..self.marks.len()).find(|next| !BEFORE_NAMES.contains(&self.word(*next))).unwrap_or(begin);
            let Some(mark) = self.marks.get(start) else { continue };
            // "name: web" may be a word that has another meaning; it stands alone then.
            let is_other_word = mark.concept().is_some() || mark.verb().is_some() || mark.is(&Meaning::Ignored);
            let is_none = mark.is(&Meaning::Punctuation) || mark.operator().is_some() || mark.is(&Meaning::Ignored) && mark.to > mark.from + 1;
            if !self.is_data(start) && (is_none || is_other_word && !self.ends_part(start + 1)) {
                continue;
            }
            let known = draft.names.len();
            if is_other_word && self.give_name(draft, start) {
                self.read_name_list(draft, start + 1);
            } else {
                self.read_name_list(draft, start);
            }
            if draft.names.len() > known {
                self.use_mark(index);
                return;
            }
        }
    }

    /// Whether a part of a sentence ends before a mark.
    fn ends_part(&self, index: usize) -> bool {
        self.marks.get(index).is_none_or(|mark| mark.is(&Meaning::Punctuation))
    }

    /// "a, b and c", "load-01 thru load-03".
    fn read_name_list(&self, draft: &mut Draft, start: usize) {
        let mut index = start;
        while index < self.marks.len() {
            let mark = &self.marks[index];
            if self.take_range(draft, index) {
                index += 1;
                continue;
            }
            let is_next = draft.names.is_empty() || self.continues_names(draft, index);
            if is_next && self.take_name(draft, index) {
                index += 1;
                continue;
            }
            let is_joint = matches!(self.word(index), "," | "and" | "e" | "ed" | "&" | "as" | "/" | "+") || RANGE_WORDS.contains(&self.word(index));
            // "una si chiama on-01 e l'altra on-02".
            let joins_later = !draft.names.is_empty() && mark.is(&Meaning::Ignored) && self.is_and_before(index) && self.numbered_behind(index);
            let is_joint = is_joint || (index == start && mark.is(&Meaning::Ignored)) || joins_later;
            if !is_joint || self.is_break(index) {
                return;
            }
            index += 1;
        }
    }

    /// "runner vms x4: runner-11..runner-14": as many as are named.
    pub(crate) fn use_count_of_names(&self, draft: &Draft) {
        let named = u64::try_from(draft.names.len()).unwrap_or(u64::MAX);
        let is_count = |index: &usize| self.marks[*index].quantity() == Some(Quantity::Factor(named, 1)) && !self.is_used(*index);
        (0..self.marks.len()).filter(is_count).filter(|_| named > 1).for_each(|index| self.use_mark(index));
    }

    fn is_and_before(&self, index: usize) -> bool {
        (index.saturating_sub(3)..index).any(|place| matches!(self.word(place), "and" | "e" | "ed" | "&"))
    }

    fn numbered_behind(&self, index: usize) -> bool {
        let next =
            (index + 1..self.marks.len()).find(|place| !self.marks[*place].is(&Meaning::Ignored) && self.marks[*place].verb() != Some(Verb::Name));
        next.is_some_and(|next| {
            let fold = self.words.fold(self.marks[next].from);
            next <= index + 4
                && self.marks[next].is(&Meaning::Other)
                && self.is_name_like(next)
                && fold.ends_with(|letter: char| letter.is_ascii_digit())
        })
    }

    /// Whether a word may be one more name: numbered where the names before are, quoted, or the last behind "and".
    fn continues_names(&self, draft: &Draft, index: usize) -> bool {
        let Some(last) = draft.names.last() else { return true };
        let is_numbered = |text: &str| text.ends_with(|letter: char| letter.is_ascii_digit());
        let text = self.words.fold(self.marks[index].from);
        let numbered = is_numbered(last.value.as_str());
        if self.is_data(index) || numbered || is_numbered(text) {
            return self.is_data(index) || numbered && (is_numbered(text) || self.is_member_of_list(index));
        }
        self.is_name_like(index) || self.is_member_of_list(index)
    }

    /// "alpha, beta and gamma": a word in a list that "and" ends, and that nothing follows.
    fn is_member_of_list(&self, index: usize) -> bool {
        let is_and = |place: usize| matches!(self.word(place), "and" | "e" | "ed" | "&");
        let is_word = |place: usize| self.marks.get(place).is_some_and(|mark| mark.is(&Meaning::Other) && mark.to == mark.from + 1);
        // "it is called wiki and comes from dokuwiki".
        let is_name = |place: usize| is_word(place) && !crate::lexicon::TELLING.contains(&self.word(place));
        let is_last =
            |place: usize| is_name(place) && self.marks.get(place + 1).is_none_or(|mark| !mark.is(&Meaning::Other) && mark.verb().is_none());
        let behind_and = index.checked_sub(1).is_some_and(is_and) && is_last(index);
        let ahead = (index..self.marks.len()).step_by(2).take_while(|place| is_word(*place));
        let before_and = || {
            ahead
                .into_iter()
                .any(|place| is_and(place + 1) && is_last(place + 2) || self.word(place + 1) == "," && is_and(place + 2) && is_last(place + 3))
        };
        behind_and || before_and()
    }

    /// "load-01 thru load-03", "k-01..k-03", "node-1/node-2": all from the first to the last.
    fn take_range(&self, draft: &mut Draft, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_word = mark.is(&Meaning::Other) || mark.image().is_some() && mark.to == mark.from + 1;
        if !is_word || self.is_used(index) {
            return false;
        }
        let fold = self.words.fold(mark.from);
        let found = match fold.split_once("..").or_else(|| fold.split_once('\u{2026}')) {
            Some((first, last)) => series(first, last.trim_start_matches('.')),
            None if fold.contains('/') => several(fold),
            None => {
                let is_range = RANGE_WORDS.contains(&self.word(index.wrapping_sub(1))) && index > 0;
                let first = draft.names.last().map(|name| name.value.as_str().to_owned());
                first.filter(|_| is_range).and_then(|first| series(&first, fold))
            }
        };
        let Some(names) = found else { return false };
        self.use_mark(index);
        if draft.names.last().is_some() && index > 0 && RANGE_WORDS.contains(&self.word(index - 1)) {
            self.use_mark(index - 1);
        }
        for name in names {
            if !draft.names.iter().any(|known| known.value == name) {
                draft.names.push(Sourced::new(name, self.source(index, index)));
            }
        }
        true
    }

    /// Takes a word that has another meaning as the name that was announced.
    fn give_name(&self, draft: &mut Draft, index: usize) -> bool {
        let fold = self.words.fold(self.marks[index].from);
        let Some(name) = fold.parse::<Name>().ok().filter(|_| !NEVER_NAMES.contains(&fold)) else { return false };
        self.use_mark(index);
        draft.names.push(Sourced::new(name, self.source(index, index)));
        true
    }

    /// Takes a word as a new name if it can be one. One that exists already is asked about.
    pub(crate) fn take_name(&self, draft: &mut Draft, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_word = mark.is(&Meaning::Other)
            || mark.named().is_some()
            || mark.product().is_some()
            || (draft.names.is_empty()
                && (mark.thing().is_some() || mark.environment().is_some() || mark.blueprint().is_some() || self.is_data(index)));
        let has_other_use = mark.is(&Meaning::Punctuation) || mark.quantity().is_some() || mark.concept().is_some_and(|_| !draft.names.is_empty());
        if !is_word || has_other_use || self.is_used(index) && mark.thing().is_none() || NEVER_NAMES.contains(&self.word(index)) {
            return false;
        }
        let text = self.words.fold(mark.from).replace('_', "-");
        let Ok(name) = text.parse::<Name>() else {
            if self.is_name_like(index) && draft.names.is_empty() {
                self.use_mark(index);
                draft.ask(bad_name(draft.notes.language, &self.text(index)));
            }
            return false;
        };
        self.use_mark(index);
        if mark.named().is_some_and(|named| named.how <= crate::names::How::Alias && named.addresses.iter().any(|address| address.resource == name)) {
            draft.ask(taken_name(draft.notes.language, &name));
            return true;
        }
        if !draft.names.iter().any(|known| known.value == name) {
            draft.names.push(Sourced::new(name, self.source(index, index)));
        }
        true
    }

    /// "create VM web-05", "VM for the intern: stage-marco", "sonar-01, big one", "add a memcached": the word that stands most like a name.
    fn read_bare_name(&self, draft: &mut Draft) {
        let ranked = (0..self.marks.len()).filter_map(|index| Some((self.rank_as_name(index, draft)?, index)));
        // Of equals the first.
        let best = ranked.fold(None, |best: Option<(u8, usize)>, next| if best.is_some_and(|best| best.0 >= next.0) { best } else { Some(next) });
        let Some((rank, index)) = best else { return };
        if rank == RANK_OF_PRODUCT {
            let fold = self.words.fold(self.marks[index].from);
            draft.assume(match draft.notes.language {
                Language::English => format!("No name was given: it is called `{fold}`, as its image is."),
                Language::Italian => format!("Non è indicato un nome: si chiama `{fold}`, come la sua immagine."),
            });
        }
        self.read_name_list(draft, index);
    }

    /// How much a word stands like a name, if it does at all.
    fn rank_as_name(&self, index: usize, draft: &Draft) -> Option<u8> {
        let mark = &self.marks[index];
        let fold = self.words.fold(mark.from);
        let is_one_word = mark.to == mark.from + 1;
        let is_image = mark.image().is_some() && several(fold).is_some();
        let is_free =
            mark.is(&Meaning::Other) || mark.product().is_some() && mark.named().is_none_or(|named| named.how > crate::names::How::Alias) || is_image;
        if !is_free || self.is_used(index) || self.follows_value_word(index) || NEVER_NAMES.contains(&fold) {
            return None;
        }
        // "container wiki ..., volume wiki-data on /data".
        let is_volume = index.checked_sub(1).is_some_and(|before| self.marks[before].thing() == Some(Thing::Volume))
            && draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Container);
        // "per change CHG-20931, one virtual machine, kyc-02".
        let is_ticket = self.is_reference(index) && fold.bytes().filter(u8::is_ascii_digit).count() > 3;
        if is_volume || is_ticket {
            return None;
        }
        if !is_series(fold) && (fold.parse::<Name>().is_err() || !is_one_word && !is_image) {
            return None;
        }
        let is_like = self.is_name_like(index) && is_one_word;
        let is_numbered = is_series(fold)
            || is_like
                && fold.trim_end_matches(|letter: char| letter.is_ascii_digit()).ends_with('-')
                && fold.ends_with(|letter: char| letter.is_ascii_digit());
        let beside = self.stands_beside_thing(index);
        let behind_colon = mark.from.checked_sub(1).is_some_and(|before| self.has_colon(before));
        Some(match () {
            () if self.is_data(index) => 9,
            () if is_like && (beside || behind_colon) => 8,
            () if is_numbered => 7,
            () if beside && self.is_plain_name(index) => 6,
            // "a new network for the cameras: cams, vlan 60".
            () if behind_colon && self.ends_part(index + 1) && draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Network) => 5,
            () if is_like => 4,
            () if self.is_called_as_image(fold) && !self.is_source(index) => RANK_OF_PRODUCT,
            () if self.opens_as_name(index) => 2,
            () => return None,
        })
    }

    /// Whether a colon stands just behind a token, which is cut from it.
    pub(crate) fn has_colon(&self, place: usize) -> bool {
        self.words.tokens.get(place).is_some_and(|token| self.words.text[token.end..].starts_with(':'))
    }

    /// "loki from grafana/loki:3.1.0", "a vaultwarden: vaultwarden/server:1.32.0", "jaeger: jaegertracing/all-in-one:1.60": a part of an image's
    /// path, or the beginning of one.
    pub(crate) fn is_called_as_image(&self, fold: &str) -> bool {
        let references = self.marks.iter().filter(|mark| mark.to == mark.from + 1);
        let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let wanted = bare(fold);
        // "mosquitto" is in "eclipse-mosquitto".
        let is_piece = |part: &str| part.contains('-') && wanted.len() >= 4 && part.split('-').any(|piece| piece == wanted);
        let is_part = |part: &str| bare(part) == wanted || wanted.len() >= 5 && bare(part).starts_with(&wanted) || is_piece(part);
        let paths = references.filter_map(|mark| mark.image().filter(|image| image.contains(':'))?.split('@').next());
        paths.into_iter().any(|path| path.rsplit_once(':').map_or(path, |(name, _)| name).split('/').filter(|part| !part.contains('.')).any(is_part))
    }

    /// "mqtt in staging for the factory: eclipse-mosquitto:2.0", "netbox vm for ipam": a plain word that begins the text, where what it is
    /// called stands, and no adjective.
    fn opens_as_name(&self, index: usize) -> bool {
        let fold = self.words.fold(self.marks[index].from);
        let opens = self.marks[..index].iter().all(|mark| {
            mark.is(&Meaning::Ignored) && mark.to == mark.from + 1 && matches!(self.words.word(mark.from), "please" | "pls" | "hi" | "hey" | "hello")
        });
        let is_plain = fold.len() > 2 && fold.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
        let describes = DESCRIBING.iter().any(|end| fold.len() > end.len() + 2 && fold.ends_with(end)) || ADJECTIVES.contains(&fold);
        let next = self.word(index + 1);
        let is_placed = matches!(next, "in" | "for" | "on" | "su" | "per" | "nel" | "into" | "to") && self.has_own_image();
        let is_kind = matches!(self.marks.get(index + 1).and_then(|mark| mark.thing()), Some(Thing::VirtualMachine | Thing::Container));
        opens && is_plain && !describes && (is_placed || is_kind)
    }

    /// "for acme", "da acme": whose it is, or where it comes from.
    fn is_source(&self, index: usize) -> bool {
        // "a container for vikunja (vikunja/vikunja:0.24)".
        let is_asked_for = index >= 2
            && (matches!(
                self.word(index - 2),
                "one" | "something" | "uno" | "ask" | "asks" | "asked" | "asking" | "looking" | "request" | "requests"
            ) || self.marks[index - 2].thing() == Some(Thing::Container));
        let before = index.checked_sub(1).map_or("", |before| self.word(before));
        matches!(before, "for" | "per" | "from" | "da" | "dall" | "by" | "with" | "con") && !is_asked_for
    }

    /// "VM kiosk, 2 cores", "container maildev in dev": a plain word beside the thing, and no adjective or what it does.
    fn is_plain_name(&self, index: usize) -> bool {
        let fold = self.words.fold(self.marks[index].from);
        let describes = DESCRIBING.iter().any(|end| fold.len() > end.len() + 2 && fold.ends_with(end));
        let is_italian = crate::language::language(self.words) == Language::Italian;
        let thing = index.saturating_sub(1);
        let is_indefinite = thing.checked_sub(1).is_some_and(|before| {
            let counts = matches!(self.marks[before].quantity(), Some(Quantity::Number(_)));
            matches!(self.word(before), "un" | "una" | "uno" | "altre" | "altri" | "nuove" | "nuova") || counts
        });
        // "una macchina robusta con 4 core": an adjective, as far as anybody can tell; "un container vetrina da nginx:1.27" is called so.
        let is_machine = matches!(self.marks[thing].thing(), Some(Thing::VirtualMachine | Thing::Machine));
        let may_be_adjective = is_italian && is_indefinite && is_machine && fold.ends_with(['a', 'e', 'i', 'o']);
        // "a redis container" says what it is; with an image of its own, "container minio, image minio/minio:latest", it says the name.
        let has_image = || self.marks.iter().any(|mark| mark.to == mark.from + 1 && mark.image().is_some_and(|image| image.contains(':')));
        if self.marks[index].product().is_some() {
            return has_image();
        }
        self.is_called_as_image(fold) || (!describes || self.ends_part(index + 1)) && !may_be_adjective
    }

    /// Whether the word before is one whose value it is.
    fn follows_value_word(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).rev().any(|before| {
            let between = before + 1 < index;
            // "a VM on node pve2: batch-01": the value stands before the colon.
            let is_valued = between && self.has_colon(self.marks[before + 1].to - 1);
            let is_parted = between && (self.marks[before + 1].is(&Meaning::Punctuation) || self.marks[before + 1].quantity().is_some()) || is_valued;
            let is_participle = super::creation::is_installed_word(self.word(before));
            let is_value_word =
                self.marks[before].concept().is_some_and(|concept| takes_word(concept) && self.marks[before].thing().is_none() && !is_participle)
                    || self.marks[before].verb() == Some(Verb::Install) && !super::creation::is_installed_word(self.word(before))
                    || matches!(self.marks[before].verb(), Some(Verb::Move));
            // "we want to self host excalidraw", "create host mon-02": no node.
            let is_place = before > 0
                && matches!(self.word(before - 1), "on" | "onto" | "su" | "sull" | "sul" | "dall" | "nell" | "proxmox" | "the" | "from" | "at" | ",");
            let hosts = self.word(before) == "host" && before > 0 && !is_place;
            is_value_word && !is_parted && !hosts
        })
    }

    fn stands_beside_thing(&self, index: usize) -> bool {
        let before = index.checked_sub(1).is_some_and(|before| {
            let next = self.marks[before].thing();
            next.is_some_and(|thing| !matches!(thing, Thing::Environment | Thing::Blueprint | Thing::Cloud)) && self.marks[before].named().is_none()
        });
        let as_name = index.checked_sub(1).is_some_and(|before| {
            matches!(self.word(before), "as" | "come") || matches!(self.word(before), "in" | "to") && self.has(Verb::Clone).is_some()
                // "find a moment": in English it is no name.
                || self.word(before) == "a" && self.has(Verb::Clone).is_some() && crate::language::language(self.words) == Language::Italian
        });
        let end = self.marks.get(index + 1).is_none_or(|next| !next.is(&Meaning::Other) || self.is_name_like(index));
        (before || as_name) && end
    }
}

/// Whether the word behind a field's name is its value. "per il backup: bkp-01" has none.
fn takes_word(concept: Concept) -> bool {
    !matches!(
        concept,
        Concept::Replicas
            | Concept::Cpu
            | Concept::Memory
            | Concept::Storage
            | Concept::Backup
            | Concept::Power
            | Concept::Availability
            | Concept::Protection
            | Concept::RestartPolicy
    )
}

/// "add a memcached to tools. memcached:1.6": a container that nobody gave a name is called as its image is.
const RANK_OF_PRODUCT: u8 = 3;

/// The names from the first to the last: same stem, counting up. The last may be its number alone.
fn series(first: &str, last: &str) -> Option<Vec<Name>> {
    let stem = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = last.strip_prefix(stem).unwrap_or(last);
    let (from, to): (u64, u64) = (first[stem.len()..].parse().ok()?, digits.parse().ok()?);
    let width = first.len() - stem.len();
    let is_series = !stem.is_empty() && from < to && to - from < super::naming::NEW_RESOURCES_MAX;
    is_series.then(|| (from..=to).map(|number| format!("{stem}{number:0width$}").parse::<Name>().ok()).collect()).flatten()
}

/// `k-01..k-03` or `k-01/k-02`.
fn is_series(fold: &str) -> bool {
    let range = fold.split_once("..").or_else(|| fold.split_once('\u{2026}'));
    range.is_some_and(|(first, last)| series(first, last.trim_start_matches('.')).is_some()) || several(fold).is_some()
}

/// `k-01/k-02/k-03`, `k-01/02`: numbered names of one stem.
fn several(fold: &str) -> Option<Vec<Name>> {
    let mut parts = fold.split('/');
    let first = parts.next()?;
    let stem = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_numbered = stem.len() < first.len() && !stem.is_empty();
    let rest: Option<Vec<&str>> =
        parts.map(|part| Some(part.strip_prefix(stem).unwrap_or(part)).filter(|digits| digits.parse::<u32>().is_ok())).collect();
    let rest = rest.filter(|rest| is_numbered && !rest.is_empty())?;
    std::iter::once(&first[stem.len()..]).chain(rest).map(|digits| format!("{stem}{digits}").parse().ok()).collect()
}

fn bad_name(language: Language, text: &str) -> Question {
    let words = crate::text::shown(text);
    let sentence = match language {
        Language::English => format!(
            "`{words}` cannot be a name: names start with a letter and hold lower-case letters, digits and `-`, at most 40. What shall it be called?"
        ),
        Language::Italian => format!(
            "`{words}` non può essere un nome: i nomi iniziano con una lettera e contengono minuscole, cifre e `-`, al massimo 40. Come si deve chiamare?"
        ),
    };
    Question::new(Slot::Name, sentence)
}

fn taken_name(language: Language, name: &Name) -> Question {
    let sentence = match language {
        Language::English => format!("`{}` exists already. What shall the new one be called?", name.as_str()),
        Language::Italian => format!("`{}` esiste già. Come si deve chiamare quello nuovo?", name.as_str()),
    };
    Question::new(Slot::Name, sentence)
}
