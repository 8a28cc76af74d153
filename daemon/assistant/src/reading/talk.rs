//! What is said beside a wish for something new, and asks for nothing? It is told to the author.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Operator, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;

/// Words with which a new clause begins.
#[rustfmt::skip]
const CLAUSES: &[&str] = &["so", "because", "since", "as", "therefore", "hence", "thus", "while", "\u{2026}", ";", "quindi", "perche", "siccome", "poiche", "percio", "dunque", "mentre", "visto", "dato"];

/// How people begin who do not know whom to ask, or how.
#[rustfmt::skip]
const UNSURE: &[&str] = &[
    "not sure who", "not sure where", "not sure how", "not sure which", "not sure what", "not sure whom", "not sure this is", "don t know who", "don t know where", "don t know how", "don t know what", "don t really know", "no idea who", "no idea where", "no idea how", "no idea what",
    "non sono sicuro di", "non sono sicura di", "non sono certo di", "non sono certa di", "non so chi", "non so dove", "non so come", "non so bene", "non so nemmeno", "non so neanche", "non saprei", "non so se e il posto", "non ho idea di",
];

/// Who tells.
const TELLERS: &[&str] = &["i", "we", "they", "he", "she", "nobody", "people", "users", "mi", "ci", "ho", "abbiamo", "hanno", "so"];

/// With one of these more than the state of things is said: the wish itself may be meant, or when it shall be.
#[rustfmt::skip]
const LIMITING: &[&str] = &[
    "now", "yet", "today", "tomorrow", "later", "before", "after", "until", "till", "soon", "then", "mind", "do", "this", "that", "those", "these", "so", "sure", "want", "wants", "agree", "agreed", "approve", "approved", "ok", "okay", "should", "shall", "must", "only", "all", "please", "forget", "stop", "wait", "first", "except", "touch", "change", "changed", "anything", "everything",
    "ora", "adesso", "oggi", "domani", "dopo", "prima", "ancora", "subito", "questo", "questa", "cosi", "quello", "farlo", "fatelo", "fallo", "sicuro", "sicura", "voglio", "vogliamo", "vorrei", "vuole", "deve", "devono", "dovrebbe", "solo", "tutto", "tutti", "dimenticate", "dimenticare", "aspetta", "aspettate", "toccate", "toccare", "cambiate", "cambiare", "approvato", "approva",
];

/// So far before a time stands what it is the time of.
const OCCASION_MAX: usize = 7;

impl Reader<'_> {
    /// What is said beside a wish for something new and asks for nothing: "the devs hate mailpit, so ...", "on the meeting-room screen",
    /// "for k3s", "spin up uptime-kuma (louislam/uptime-kuma:1)". It is told to the author.
    pub(crate) fn is_talk_about_new(&self, index: usize, draft: &Draft) -> bool {
        if !matches!(draft.command.value, CommandName::Create | CommandName::Adopt) || draft.names.is_empty() {
            return false;
        }
        let mark = &self.marks[index];
        let fold = self.words.fold(mark.from);
        if mark.named().is_some() {
            // "a copy of mailpit: name mailpit-s, image axllent/mailpit:v1.20".
            let is_likeness = (index.saturating_sub(2)..index).any(|before| self.marks[before].verb() == Some(Verb::Clone)) && self.has_own_image();
            // "they told me \"in the lan\"": where it shall be, in the words of somebody else.
            let is_place = self.is_data(index) && self.is_network(index);
            return is_likeness || !is_place && !self.clause_is_read(index);
        }
        // "Da lunedì i reagenti li tracciamo con Snipe-IT. Container snipe ...": when something else is.
        if mark.past().is_some() {
            return !self.clause_is_read(index);
        }
        // "a "container" named recipes": a kind, in the words of somebody else.
        if self.is_data(index) && crate::lexicon::is_kind(fold) {
            return true;
        }
        // "per il progetto "Stipendi" avremmo bisogno di un database": what it is for, by its name.
        let is_of_project = index > 0
            && matches!(
                self.words.word(mark.from - 1),
                "progetto"
                    | "project"
                    | "app"
                    | "applicazione"
                    | "sito"
                    | "site"
                    | "iniziativa"
                    | "corso"
                    | "course"
                    | "evento"
                    | "event"
                    | "servizio"
                    | "campagna"
                    | "campaign"
                    | "application"
            );
        if self.is_data(index) && mark.is(&Meaning::Other) && is_of_project && !self.is_name_like(index) {
            return true;
        }
        let is_word = mark.is(&Meaning::Other) && !self.is_data(index);
        let is_compound =
            is_word && fold.contains('-') && fold.split('-').all(|part| part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let is_product = is_word || mark.product().is_some();
        let is_numbered = fold.contains('-') && fold.ends_with(|letter: char| letter.is_ascii_digit());
        is_compound || is_product && self.is_called_as_image(fold) || is_product && !is_numbered && self.is_purpose(index)
    }

    /// "We start a new project next week and I'd like a VM": when something else is. It stands before the wish, in a clause with words of
    /// its own and no part of the wish.
    pub(crate) fn is_reason_of_new(&self, index: usize, draft: &Draft) -> bool {
        let is_wish = |place: usize| {
            let mark = &self.marks[place];
            // "is starting her thesis": what somebody does.
            let is_doing = self.word(place).ends_with("ing") && place > 0 && matches!(self.word(place - 1), "is" | "are" | "re" | "m" | "s");
            let wishes = mark.verb().is_some() && !is_doing;
            // "one of my students".
            let is_amount = mark.quantity().is_some() && !matches!(self.word(place), "one" | "uno" | "una" | "un");
            wishes || is_amount || mark.thing().is_some_and(|thing| thing.type_name() == Some("compute"))
        };
        let is_end = |place: &usize| {
            self.is_break(*place) || CLAUSES.contains(&self.word(*place)) || matches!(self.word(*place), "," | "and" | "e") && *place > index
        };
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let words = (start..end).filter(|place| self.marks[*place].is(&Meaning::Other)).count();
        let wishes_behind =
            (end..self.marks.len()).any(|place| self.marks[place].verb().is_some_and(|verb| matches!(verb, Verb::Want | Verb::Create | Verb::Add)));
        draft.command.value == CommandName::Create && words >= 2 && wishes_behind && !(start..end).any(is_wish)
    }

    /// "for the beta launch on Monday we'd love a container": when that is for which it is wished. "Entro venerdì" it is done at once, too.
    pub(crate) fn is_occasion_of_new(&self, index: usize, draft: &Draft) -> bool {
        if draft.command.value != CommandName::Create || draft.names.is_empty() {
            return false;
        }
        let is_deadline = self.words.word(self.marks[index].from) == "entro";
        let is_free = |place: usize| {
            let mark = &self.marks[place];
            let is_noun = mark.verb().is_some() && !self.is_order(place);
            mark.is(&Meaning::Other) || mark.is(&Meaning::Ignored) || is_noun || mark.thing().is_some() && !self.is_used(place)
        };
        let before =
            (index.saturating_sub(OCCASION_MAX)..index).rev().find(|place| matches!(self.words.word(self.marks[*place].from), "for" | "per"));
        let is_occasion =
            before.is_some_and(|before| (before + 1..index).all(is_free) && (before + 1..index).any(|place| self.marks[place].is(&Meaning::Other)));
        // "only for the night of Friday": for how long.
        let is_while = before.is_some_and(|before| {
            let is_only = before > 0 && matches!(self.words.word(self.marks[before - 1].from), "only" | "just" | "solo" | "soltanto");
            let is_period = |place: usize| {
                matches!(
                    self.word(place),
                    "night" | "weekend" | "week" | "day" | "days" | "hour" | "hours" | "time" | "notte" | "settimana" | "giorno" | "giorni" | "ore"
                )
            };
            is_only || (before + 1..index).any(is_period)
        });
        is_deadline || is_occasion && !is_while
    }

    /// "for the k3s tests", "per le prove di jenkins": what it shall serve.
    fn is_purpose(&self, index: usize) -> bool {
        let before = (index.saturating_sub(6)..index).rev().take_while(|place| {
            let mark = &self.marks[*place];
            !mark.is(&Meaning::Punctuation)
                && mark.quantity().is_none()
                && mark.concept().is_none()
                && (!self.is_used(*place) || mark.verb().is_some())
        });
        before.into_iter().any(|place| matches!(self.word(place), "for" | "per"))
    }

    /// Whether something else was read in the same clause: up to a full stop, or a word that gives a reason.
    fn clause_is_read(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.is_break(*place) || CLAUSES.contains(&self.word(*place)) || self.text(*place).starts_with("..");
        let is_read = |place: usize| self.is_used(place) && !matches!(self.marks[place].verb(), Some(Verb::Want));
        (0..index).rev().take_while(|place| !is_end(place)).any(is_read)
            || (index + 1..self.marks.len()).take_while(|place| !is_end(place)).any(is_read)
    }

    /// "the doctors on ward 3 would like a machine", "tank 7 wants its own vm": which one it is, in a sentence that gives no amount.
    pub(crate) fn numbers_a_noun(&self, index: usize, draft: &Draft) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let noun = index.checked_sub(1).filter(|noun| *noun >= start);
        let is_noun = noun.is_some_and(|noun| {
            let fold = self.words.fold(self.marks[noun].from);
            self.marks[noun].is(&Meaning::Other) && fold.len() > 2 && fold.bytes().all(|letter| letter.is_ascii_lowercase())
        });
        let is_written = self.text(index).len() <= 3 && self.text(index).bytes().all(|letter| letter.is_ascii_digit());
        let is_of = self.marks.get(index + 1).is_some_and(|next| next.concept().is_some() || next.thing().is_some());
        let others = (start..end).filter(|place| *place != index && self.marks[*place].quantity().is_some()).count();
        let wishes = (start..end).any(|place| matches!(self.marks[place].verb(), Some(Verb::Want)) || self.is_telling(self.marks[place].from));
        draft.command.value == CommandName::Create && is_noun && is_written && !is_of && others == 0 && wishes && end - start > 4
    }

    /// Whether what follows from the words before begins at a mark.
    pub(crate) fn begins_consequence(&self, index: usize) -> bool {
        matches!(self.word(index), "so" | "therefore" | "hence" | "thus" | "quindi" | "percio" | "dunque")
    }

    /// "halve the ram of build-01, I never use it", "forse è una sciocchezza, ma ...": beside a change a part of its own tells how things are.
    /// It names nothing, gives nothing, and says neither when nor that the change shall not be.
    pub(crate) fn tells_beside_change(&self, index: usize, draft: &Draft) -> bool {
        let is_change = matches!(draft.command.value, CommandName::Update | CommandName::Scale) && !draft.resources.is_empty()
            || draft.command.value == CommandName::Create && !draft.names.is_empty();
        let is_turn = |place: &usize| matches!(self.word(*place), "but" | "ma" | "pero" | "che" | "who");
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || CLAUSES.contains(&self.word(*place));
        // "... il disco di web-02: le pagelle non ci stanno più".
        let is_colon = |place: &usize| self.has_colon(self.marks[*place].to - 1);
        let start = (0..index).rev().find(|place| is_end(place) || is_turn(place) || is_colon(place)).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(|place| is_end(place) || is_turn(place)).unwrap_or(self.marks.len());
        // "db needs 1 GB or the import dies": what happens else.
        let start = if matches!(self.word(index), "or" | "o") { index } else { start };
        let words = || (start..end).flat_map(|place| self.marks[place].from..self.marks[place].to).map(|place| self.words.word(place));
        // "not sure who handles this, but ...": of who reads it, and not of the wish.
        let is_unsure = |from: usize, to: usize| {
            (from..to)
                .flat_map(|place| self.marks[place].from..self.marks[place].to)
                .any(|place| UNSURE.iter().any(|phrase| length_of(phrase, self.words, place).is_some()))
        };
        if is_change && is_unsure(start, end) && !self.holds_wish(start, end) {
            return true;
        }
        // "but" alone between two parts joins what is told and what is asked.
        if is_turn(&index) && self.marks[index].operator() == Some(Operator::Exception) {
            let told = |from: usize, to: usize| {
                let tells = (from..to).any(|place| self.is_telling(self.marks[place].from)) || is_unsure(from, to);
                from < to && tells && !self.holds_wish(from, to)
            };
            let before = (0..index).rev().find(|place| is_end(place)).map_or(0, |place| place + 1);
            let behind = (index + 1..self.marks.len()).find(|place| is_end(place)).unwrap_or(self.marks.len());
            let opens = before == index && index > 0;
            let start = if opens { (0..index - 1).rev().find(|place| is_end(place)).map_or(0, |place| place + 1) } else { before };
            let first = if opens { index - 1 } else { index };
            return is_change
                && (told(start, first) || told(index + 1, behind))
                && (is_unsure(start, first) || !words().any(|word| LIMITING.contains(&word)));
        }
        let tells = (start..end).any(|place| self.is_telling(self.marks[place].from)) || words().any(|word| TELLERS.contains(&word));
        is_change && end > start + 1 && tells && !self.holds_wish(start, end) && !words().any(|word| LIMITING.contains(&word))
    }

    /// "I'm a caddy person now": a part that speaks of somebody, and wishes nothing.
    pub(crate) fn says_of_oneself(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let opens = (start..end).take(2).any(|place| TELLERS.contains(&self.words.word(self.marks[place].from)));
        opens
            && start > 0
            && !self.holds_wish(start, end)
            && (start..end).any(|place| self.is_telling(self.marks[place].from) || self.word(place) == "m")
    }

    /// Whether something of a wish stands in a part: a name, a value, a field, a time, an order.
    pub(crate) fn holds_wish(&self, start: usize, end: usize) -> bool {
        (start..end).any(|place| {
            let mark = &self.marks[place];
            let orders =
                mark.verb().is_some_and(|verb| !matches!(verb, Verb::Want | Verb::Explain | Verb::Status | Verb::Name)) && self.is_order(place);
            let limits = matches!(mark.operator(), Some(Operator::Condition | Operator::Schedule | Operator::Correction));
            // "the other one can't keep up".
            let is_amount = mark.quantity().is_some() && !matches!(self.word(place), "one" | "un" | "uno" | "una");
            let is_value = is_amount || mark.states_value() || mark.past().is_some();
            orders
                || limits
                || is_value
                || mark.named().is_some()
                || mark.environment().is_some()
                || mark.blueprint().is_some()
                || mark.concept().is_some()
                || self.is_data(place)
        })
    }

    /// "(don't ask)", "I don't want forty students sharing one", "(he has twelve of them)": a part of the sentence that names nothing of
    /// the wish and gives no value.
    pub(crate) fn is_told_part(&self, index: usize, draft: &Draft) -> bool {
        let makes = matches!(draft.command.value, CommandName::Create | CommandName::Clone | CommandName::Adopt);
        let takes_back = matches!((self.word(index), self.word(index + 1)), ("never", "mind"));
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || CLAUSES.contains(&self.word(*place));
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        // "the good one we have": what somebody does is no order.
        let orders = |place: usize| {
            let is_told = place > 0 && crate::lexicon::SUBJECTS.contains(&self.word(place - 1));
            self.marks[place].verb().is_some_and(|verb| verb != Verb::Want) && !is_told
        };
        let holds = |place: usize| {
            let mark = &self.marks[place];
            let is_wanted = self.is_used(place) && mark.verb().is_none() && !mark.is(&Meaning::Background);
            let is_value = mark.concept().is_some() || mark.image().is_some() || mark.cidr().or(mark.ip()).is_some() || mark.environment().is_some();
            let other = place != index && matches!(mark.operator(), Some(Operator::Condition | Operator::Schedule | Operator::Correction));
            is_wanted || is_value || other || mark.blueprint().is_some() || mark.named().is_some() || orders(place)
        };
        let words = (start..end).filter(|place| self.marks[*place].is(&Meaning::Other)).count();
        let has_amount = (start..end).any(|place| self.marks[place].quantity().is_some());
        makes && !takes_back && end > start + 1 && (words >= 2 || !has_amount) && !(start..end).any(holds)
    }
}
