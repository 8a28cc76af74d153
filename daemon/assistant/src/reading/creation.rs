//! Is something new asked for? Also where no verb says so: "sonar-01, 8 cores, 32 GB, ubuntu 24.04".

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::names::How;
use crate::quantity::Quantity;

use super::Reader;

/// Words that make of what stands before them something that is on the machine already.
#[rustfmt::skip]
const INSTALLED: &[&str] = &["installed", "preinstalled", "pre-installed", "preloaded", "installato", "installata", "installati", "installate", "preinstallato", "preinstallata", "preinstallati", "preinstallate", "pre-installato"];

/// "preinstalled", "già installato".
pub(crate) fn is_installed_word(word: &str) -> bool {
    INSTALLED.contains(&word)
}

/// Verbs of change that are said of what is new, too: "could we have", "mi fai".
#[rustfmt::skip]
const MAKING: &[&str] = &[
    "have", "make", "put", "bring", "let", "fai", "metti", "mettiamo", "configure", "configura", "replace",
    "stick", "throw", "drop", "mettete", "mettere", "metta", "mettimi", "mettici", "facciamo", "fate", "sbattimi", "piazza", "piazzami", "tirami", "tiri",
];

/// Forms of being and having.
const BEING: &[&str] = &["had", "has", "was", "were", "is", "are", "ha", "aveva", "era", "erano", "hanno", "avevano"];

/// So far before what is new stands its article: "a small loki container".
const INDEFINITE_MAX: usize = 3;

/// So many of processors, memory, disk and system make a machine of what only has a name.
const MACHINE_PARTS_MIN: usize = 3;

impl Reader<'_> {
    /// What is described is not there: an image or a machine's parts, and nothing that exists is spoken of.
    pub(crate) fn creation(&self) -> Option<(CommandName, usize)> {
        let names_new =
            self.calls_new_thing() || self.names_beside_existing() || self.has(Verb::Clone).is_some() && self.has_own_image() && self.calls_itself();
        // "both redis containers to redis:7.4": those that are there.
        let is_both = |index: usize| {
            matches!(self.word(index), "both" | "entrambi" | "entrambe")
                && (index + 1..self.marks.len().min(index + 4)).any(|next| matches!(self.marks[next].thing(), Some(Thing::Container)))
        };
        let makes = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Want | Verb::Add));
        if !makes && (0..self.marks.len()).any(is_both) {
            return None;
        }
        let names_new = names_new || self.wishes_for_product();
        if !self.verbs().all(|(index, verb)| self.may_create(index, verb)) || self.names_existing() && !names_new {
            return None;
        }
        let has_kind = self.marks.iter().any(|mark| matches!(mark.thing(), Some(Thing::VirtualMachine | Thing::Container | Thing::Machine)));
        let parts = self.machine_parts();
        let is_machine = has_kind && parts >= 2 || parts >= MACHINE_PARTS_MIN && self.has_free_name();
        let has_image = self
            .marks
            .iter()
            .any(|mark| mark.image().is_some_and(|image| image.contains(':')) && mark.named().is_none_or(|named| named.how > How::Alias));
        let is_container = has_image && (has_kind || self.has_free_name() || self.calls_itself() || self.is_placed());
        let index = self.verbs().find(|(_, verb)| matches!(verb, Verb::Create | Verb::Want | Verb::Add)).map_or(0, |(index, _)| index);
        // "set api to nginx:1.28": what is set is there, unless it is spoken of as new.
        let sets = self.verbs().any(|(place, verb)| matches!(verb, Verb::Set | Verb::Move) && !MAKING.contains(&self.word(place)))
            && index == 0
            && !names_new;
        let is_new = self.new_thing().is_some() || self.calls_itself();
        let is_wish = (is_machine || is_container) && (!sets || is_new) && !self.tells_what_is(index) && !self.tells_of_making();
        is_wish.then_some((CommandName::Create, index))
    }

    /// "the old vm lab-91 had 2 cores", "is lab-88 a vm with 2 cores?": how something is or was, and no wish.
    fn tells_what_is(&self, verb: usize) -> bool {
        let is_name = |index: usize| self.marks[index].is(&Meaning::Other) && self.is_name_like(index);
        let told = (0..self.marks.len()).filter(|index| is_name(*index)).any(|index| {
            let behind = (index + 1..self.marks.len().min(index + 3)).any(|next| BEING.contains(&self.word(next)) && next == index + 1);
            let before = index > 0 && index < 3 && BEING.contains(&self.word(index - 1));
            behind || before
        });
        told && verb == 0
    }

    /// "is there a loki next to grafana?", "someone put a loki there yesterday": what is asked, or what somebody did.
    pub(super) fn tells_of_making(&self) -> bool {
        let asks_for_it = matches!(
            (self.words.word(0), self.words.word(1)),
            ("is" | "are", "there")
                | ("do" | "did" | "does", "we" | "you" | "they" | "anybody" | "anyone" | "somebody")
                | ("c", "e")
                | ("abbiamo", _)
                | ("have", "we")
        );
        let first_end = self.words.tokens.iter().find(|token| token.ends_sentence());
        let is_chance = (0..6).any(|place| {
            matches!(self.words.word(place), "chance" | "way" | "possibility" | "possibile" | "modo" | "time" | "room" | "someone" | "somebody")
        });
        let is_asked = asks_for_it && first_end.is_some_and(|token| token.fold == "?") && !is_chance;
        let is_past = self.marks.iter().any(|mark| matches!(mark.past(), Some(crate::past::Past::Day(_) | crate::past::Past::Moment(_))));
        let is_done = |index: usize| {
            let before = self.marks[index].from.checked_sub(1).map_or("", |before| self.words.word(before));
            matches!(before, "someone" | "somebody" | "they" | "he" | "she" | "we" | "i" | "qualcuno" | "hanno" | "ha" | "abbiamo")
        };
        let made =
            self.verbs().any(|(index, verb)| matches!(verb, Verb::Set | Verb::Create | Verb::Add | Verb::Install | Verb::Move) && is_done(index));
        let wishes = self.verbs().any(|(_, verb)| verb == Verb::Want)
            || self.words.tokens.iter().any(|token| matches!(token.fold.as_str(), "please" | "pls" | "could" | "can" | "should" | "would"));
        // "we have an adminer for db (adminer:4.8.1) in staging".
        let has = |place: usize| {
            let subject = place.checked_sub(1).map_or("", |before| self.words.word(before));
            matches!((subject, self.words.word(place)), ("we" | "they" | "i", "have" | "had" | "run" | "use") | (_, "abbiamo" | "avevamo" | "usiamo"))
        };
        let is_there = |place: usize| {
            let next = place + 1 + usize::from(matches!(self.words.word(place + 1), "already" | "gia"));
            let is_one = matches!(self.words.word(next), "a" | "an" | "un" | "una" | "uno");
            has(place) && is_one && self.is_called_as_image(self.words.word(next + 1))
        };
        let has_one = (0..self.words.tokens.len()).any(is_there);
        is_asked || (is_past && made || has_one) && !wishes
    }

    /// "a copy of mailpit: name mailpit-s, image axllent/mailpit:v1.20": with an image of its own it is no copy.
    pub(crate) fn has_own_image(&self) -> bool {
        self.marks.iter().any(|mark| mark.to == mark.from + 1 && mark.named().is_none() && mark.image().is_some_and(|image| image.contains(':')))
    }

    /// Verbs that a description of something new may have.
    fn may_create(&self, index: usize, verb: Verb) -> bool {
        match verb {
            Verb::Create
            | Verb::Want
            | Verb::Add
            | Verb::Set
            | Verb::Install
            | Verb::Publish
            | Verb::Connect
            | Verb::Name
            | Verb::PowerOn
            | Verb::Move => true,
            // "restart always", "una vm come si deve", "two copies" of nothing that is there.
            Verb::PowerCycle => self.is_restart_policy(index) || matches!(self.word(index + 1), "unless" | "on"),
            // "restart unless I stop it".
            Verb::PowerOff => (index.saturating_sub(3)..index).any(|before| self.word(before) == "unless"),
            Verb::Explain => !self.opens_sentence(index),
            Verb::Status => {
                let has_article =
                    index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "the" | "a" | "our" | "lo" | "la" | "uno" | "una"));
                // "for the status page".
                has_article && self.marks.get(index + 1).is_some_and(|mark| mark.is(&Meaning::Other) || mark.thing().is_some())
            }
            Verb::Clone => self.original_after(index).is_none() || self.calls_itself(),
            _ => self.marks[index].concept() == Some(Concept::Ports),
        }
    }

    /// "restart always", "always restart", "restart unless-stopped".
    pub(crate) fn is_restart_policy(&self, index: usize) -> bool {
        let around = index.saturating_sub(1)..self.marks.len().min(index + 4);
        let mut words = around.filter(|place| *place != index).map(|place| self.words.fold(self.marks[place].from));
        words.any(|fold| fold != "no" && super::restarts::restart_policy(fold).is_some())
    }

    /// Whether a machine or container that exists is named by its name.
    fn names_existing(&self) -> bool {
        self.marks.iter().enumerate().any(|(index, mark)| {
            // "e il tag web".
            let is_tag = index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(Concept::Tags));
            let Some(named) = mark.named().filter(|named| named.how <= How::Alias && !is_tag) else { return false };
            named.addresses.iter().any(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "compute"))
        })
    }

    /// "container maildev in dev", "the VM kiosk-01": a kind with a free word beside it that looks like a name.
    pub(super) fn calls_new_thing(&self) -> bool {
        let has_value = self.marks.iter().any(|mark| mark.image().is_some_and(|image| image.contains(':'))) || self.machine_parts() >= 2;
        has_value
            && (1..self.marks.len()).any(|index| {
                let is_kind = matches!(self.marks[index - 1].thing(), Some(Thing::VirtualMachine | Thing::Container | Thing::Machine));
                is_kind
                    && self.marks[index].is(&Meaning::Other)
                    && (self.is_name_like(index)
                        || self.marks.get(index + 1).is_some_and(|mark| {
                            mark.is(&Meaning::Punctuation) || mark.environment().is_some() || mark.blueprint().is_some() || mark.is(&Meaning::Ignored)
                        }))
            })
    }

    /// "add prometheus next to grafana: prom/prometheus:v2.54.1, call it prometheus": a name is given that nothing has.
    pub(super) fn names_beside_existing(&self) -> bool {
        let has_exact = |index: usize| self.marks[index].named().is_some_and(|named| named.how <= How::Alias);
        let is_pronoun = |index: usize| matches!(self.word(index), "is" | "be" | "it" | ":" | "=" | "should" | "s" | "shall" | "essere");
        let is_named = |index: usize| {
            let name = (index + 1..self.marks.len().min(index + 4)).find(|next| !is_pronoun(*next));
            name.is_some_and(|next| {
                let mark = &self.marks[next];
                !has_exact(next) && (mark.is(&Meaning::Other) || mark.product().is_some())
            })
        };
        let is_noun = |index: usize| matches!(self.word(index), "name" | "nome");
        let names = self.verbs().filter(|(_, verb)| *verb == Verb::Name).any(|(index, _)| is_named(index) || self.is_called_before(index))
            || (0..self.marks.len()).any(|index| is_noun(index) && is_named(index));
        names && (self.has_own_image() || self.machine_parts() >= 2)
    }

    /// "servirebbe un metabase in tools (metabase/metabase:v0.50.3), la 3000 è già di grafana": one of what the image is of, and none that runs.
    pub(super) fn wishes_for_product(&self) -> bool {
        let is_indefinite = |index: usize| {
            let from = self.marks[index].from;
            let ahead = (from.saturating_sub(INDEFINITE_MAX)..from).rev().take_while(|place| !self.words.tokens[*place].is_punctuation());
            ahead.into_iter().any(|place| matches!(self.words.word(place), "a" | "an" | "un" | "una" | "uno" | "another" | "new" | "nuovo" | "nuova"))
        };
        let is_free = |index: usize| {
            let mark = &self.marks[index];
            (mark.is(&Meaning::Other) || mark.product().is_some()) && mark.named().is_none() && self.is_called_as_image(self.words.fold(mark.from))
        };
        let makes = |index: usize, verb: Verb| match verb {
            Verb::Want | Verb::Create | Verb::Add | Verb::Install | Verb::PowerOn | Verb::Publish => true,
            Verb::Set | Verb::Move => MAKING.contains(&self.word(index)) || self.words.word(self.marks[index].to - 1) == "be",
            _ => false,
        };
        let wishes = self.verbs().any(|(index, verb)| makes(index, verb));
        wishes && self.has_own_image() && (0..self.marks.len()).any(|index| is_free(index) && is_indefinite(index))
    }

    /// "loki it's called".
    fn is_called_before(&self, index: usize) -> bool {
        let ends = self.marks.get(index + 1).is_none_or(|mark| mark.is(&Meaning::Punctuation));
        let subject =
            (index.saturating_sub(4)..index).rev().find(|place| !matches!(self.word(*place), "it" | "is" | "s" | "be" | "its" | "will" | "should"));
        ends && subject.is_some_and(|place| self.marks[place].is(&Meaning::Other))
    }

    /// How many of processors, memory, disk and system are given.
    pub(super) fn machine_parts(&self) -> usize {
        let sizes = self.marks.iter().filter(|mark| matches!(mark.quantity(), Some(Quantity::Size(_)))).count().min(2);
        let processors = self.marks.windows(2).any(|pair| {
            let is_cpu = |mark: &crate::mark::Mark| mark.concept() == Some(Concept::Cpu);
            let is_number = |mark: &crate::mark::Mark| matches!(mark.quantity(), Some(Quantity::Number(_)));
            is_cpu(&pair[0]) && is_number(&pair[1]) || is_number(&pair[0]) && is_cpu(&pair[1])
        });
        let system = (0..self.marks.len())
            .any(|index| super::values::is_system(self.words.fold(self.marks[index].from)) && self.marks[index].named().is_none());
        sizes + usize::from(processors) + usize::from(system)
    }

    /// An image makes a container, two parts of a machine make a machine, whatever else is named.
    pub(crate) fn describes_compute(&self) -> Option<(usize, Thing)> {
        let image = self.marks.iter().position(|mark| mark.image().is_some_and(|image| image.contains(':')));
        let part = || self.marks.iter().position(|mark| mark.concept() == Some(Concept::Cpu) || matches!(mark.quantity(), Some(Quantity::Size(_))));
        let machine = || part().filter(|_| self.machine_parts() >= 2).map(|index| (index, Thing::VirtualMachine));
        image.map(|index| (index, Thing::Container)).or_else(machine)
    }

    /// Whether a word that names nothing yet looks like a name.
    pub(crate) fn has_free_name(&self) -> bool {
        (0..self.marks.len()).any(|index| {
            self.marks[index].is(&Meaning::Other) && self.is_name_like(index) && !super::values::is_system(self.words.fold(self.marks[index].from))
        })
    }

    /// "name: kuma", "call it mq", or a word that is the image's own: "loki from grafana/loki:3.1.0".
    pub(crate) fn calls_itself(&self) -> bool {
        let is_noun = |index: usize| {
            matches!(self.word(index), "name" | "nome")
                && self.marks.get(index + 1).is_some_and(|mark| mark.is(&Meaning::Other) || mark.product().is_some())
        };
        self.has(Verb::Name).is_some()
            || (0..self.marks.len()).any(|index| {
                is_noun(index) || self.marks[index].is(&Meaning::Other) && self.is_called_as_image(self.words.fold(self.marks[index].from))
            })
    }

    /// "prometheus in tools: prom/prometheus:v2.54.1": where it goes is said.
    fn is_placed(&self) -> bool {
        self.marks.iter().any(|mark| mark.blueprint().is_some() || mark.environment().is_some())
    }

    /// "with nginx and certbot installed", "haproxy già installato": packages of a new machine.
    pub(crate) fn read_installed(&self, draft: &mut Draft) {
        let is_machine = draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::VirtualMachine);
        // "with docker on it", "con haproxy a bordo".
        let is_aboard = |index: usize| {
            matches!(
                (self.word(index), self.word(index + 1)),
                ("on", "it" | "board" | "top")
                    | ("a", "bordo")
                    | ("gia", "dentro" | "sopra" | "su" | "pronto" | "messo")
                    | ("already", "inside" | "there" | "aboard" | "on")
            )
        };
        let found = (1..self.marks.len()).find(|index| is_installed_word(self.word(*index)) || is_aboard(*index));
        // "..., con haproxy", "with nginx and certbot": a package's name behind it says as much.
        let is_with = |index: usize| matches!(self.word(index), "with" | "con" | "plus" | "running" | "w/" | "w");
        let ends_row = |index: &usize| {
            let is_joint = |place: usize| matches!(self.text(place).as_str(), "," | "and" | "e" | "ed" | "&" | "+" | "plus");
            let follows = (0..*index).rev().find(|place| !self.is_package(*place) && !is_joint(*place));
            let goes_on = self.is_package(index + 1) || is_joint(index + 1) && self.is_package(index + 2);
            self.is_package(*index) && follows.is_some_and(is_with) && !goes_on
        };
        let found = found.or_else(|| (1..self.marks.len()).find(ends_row).map(|index| index + 1));
        let Some(end) = found.filter(|_| is_machine) else { return };
        let mut packages = Vec::new();
        let mut place = end;
        while place > 0 {
            place -= 1;
            let mark = &self.marks[place];
            let is_joint = matches!(self.word(place), "," | "and" | "e" | "ed" | "&" | "+" | "plus" | "already" | "gia" | "pre");
            let is_word = !is_joint && (mark.product().is_some() || self.word(place) == "docker" || mark.is(&Meaning::Other) && !self.is_used(place));
            if self.is_package(place) || is_word && !self.is_name_like(place) {
                packages.push(place);
            } else if !is_joint || self.is_break(place) {
                break;
            }
        }
        let Some(first) = packages.last().copied() else { return };
        packages.iter().for_each(|place| self.use_mark(*place));
        if is_installed_word(self.word(end)) || is_aboard(end) {
            self.use_mark(end);
        }
        // "pacchetto wireguard già installato".
        (0..2)
            .filter_map(|back| first.checked_sub(back))
            .filter(|place| self.marks[*place].concept() == Some(Concept::Packages))
            .for_each(|place| self.use_mark(place));
        let texts = packages.iter().rev().map(|place| self.words.fold(self.marks[*place].from).to_owned()).collect();
        let last = packages.first().copied().unwrap_or(first);
        draft.wish(FieldName::Concept(Concept::Packages), Wanted::Change(FieldChange::Add(texts)), self.source(first, last));
    }

    /// "same machine as web-02, named web-04", "rifammi cache-dev col nome cache-test", "web-04 = web-02's twin": one that is there, and a name
    /// that is not. Where the copy is made of what.
    pub(crate) fn twin(&self) -> Option<usize> {
        let is_original = |index: &usize| {
            self.marks[*index].named().is_some_and(|named| {
                let is_compute =
                    |address: &core_model::Address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "compute");
                named.how <= How::Alias && named.addresses.iter().all(is_compute)
            })
        };
        let original = (0..self.marks.len()).find(is_original).filter(|index| {
            !(index + 1..self.marks.len()).any(|other| is_original(&other) && self.marks[other].named() != self.marks[*index].named())
        })?;
        let is_free = |index: usize| self.marks.get(index).is_some_and(|mark| mark.is(&Meaning::Other) && self.is_name_like(index));
        let is_equal = original.checked_sub(2).is_some_and(|before| is_free(before) && self.word(before + 1) == "=");
        // "could web-02 get a sibling, web-03".
        let gets = (original + 1..self.marks.len().min(original + 3)).any(|place| {
            matches!(
                self.word(place),
                "get"
                    | "have"
                    | "needs"
                    | "need"
                    | "gets"
                    | "a"
                    | "use"
                    | "wants"
                    | "want"
                    | "deserves"
                    | "avere"
                    | "serve"
                    | "servirebbe"
                    | "vorrebbe"
            )
        });
        let reach = if gets { 6 } else { 3 };
        let names_twin = (original + 1..self.marks.len().min(original + reach)).any(|place| {
            matches!(
                self.word(place),
                "twin"
                    | "sibling"
                    | "sister"
                    | "brother"
                    | "sorella"
                    | "fratello"
                    | "clone"
                    | "copy"
                    | "replica"
                    | "duplicated"
                    | "cloned"
                    | "copied"
                    | "replicated"
                    | "gemella"
                    | "gemello"
                    | "duplicata"
                    | "clonata"
                    | "duplicate"
                    | "double"
                    | "doppione"
                    | "duplicato"
                    | "copia"
                    | "clonato"
            )
        });
        // "the same machine as web-02", "una macchina identica, come web-02".
        let says_same = (original.saturating_sub(4)..original)
            .any(|place| matches!(self.word(place), "same" | "stessa" | "stesso" | "identical" | "identica" | "identico"))
            && (original.saturating_sub(4)..original).any(|place| self.marks[place].thing().is_some());
        // "cache once more, as cache-sessions".
        let once_more = (original + 1..self.marks.len().min(original + 4)).any(|place| {
            matches!((self.word(place), self.word(place + 1)), ("once" | "one", "more") | ("again", _) | ("un", "altra" | "altro"))
                || self.text(place) == "once more"
        });
        let makes_again = once_more || (0..original).any(|place| AGAIN.contains(&self.word(place)));
        let is_called = (0..self.marks.len()).any(|index| {
            let announces = self.marks[index].verb() == Some(Verb::Name) || matches!(self.word(index), "name" | "nome" | "as" | "come");
            announces && (is_free(index + 1) || self.word(index + 1) == "=" && is_free(index + 2))
        });
        let has_free = || (0..self.marks.len()).any(is_free);
        (is_equal || names_twin && has_free() || (says_same || makes_again) && is_called).then_some(original)
    }
}

/// Words for making once more what is there.
const AGAIN: &[&str] =
    &["rifammi", "rifai", "rifare", "rifate", "rifacci", "rifacciamo", "remake", "redo", "recreate", "ricrea", "ricreami", "ricreare"];
