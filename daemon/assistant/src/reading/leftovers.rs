//! What was not read? Nothing that could change the meaning is dropped: it is asked about, refused, or told to the author.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::language::Language;
use crate::lexicon::{Concept, DENYING, Operator, length_of};
use crate::mark::Meaning;
use crate::outcome::{Refusal, RefusalReason};
use crate::past::Past;
use crate::question::{Fill, Question, Slot};

use super::Reader;
use super::guards::refuse;

/// More words than this that say nothing to us, and the author is asked whether the command is what was meant.
const UNREAD_MAX: usize = 8;

/// So many unread words are a reason beside what is taken back.
const REASON_MAX: usize = 3;

/// What is only for a time.
#[rustfmt::skip]
const WHILES: &[&str] = &[
    "during", "for the weekend", "for the week", "for the night", "for the holidays", "over the holidays", "over christmas", "over easter", "for a while", "for the day", "for a day", "for a few", "for the time being",
    "durante", "per il weekend", "per il fine settimana", "per le vacanze", "per le ferie", "per la notte", "per la settimana", "per qualche", "per un po", "per il ponte", "per le feste",
];

/// Words that make of a disk another one.
const FURTHER: [&str; 6] = ["second", "third", "another", "secondo", "terzo", "altro"];

impl Reader<'_> {
    pub(crate) fn leftovers(&self, draft: &mut Draft) -> Result<(), Refusal> {
        if is_query(draft.command.value) {
            return Ok(());
        }
        if let Some(question) = self.several_wishes(draft) {
            draft.pending.insert(0, question);
            return Ok(());
        }
        if self.takes_everything(draft) {
            return Err(refuse(RefusalReason::Mass, draft.notes.language));
        }
        if self.is_about_a_further_disk() {
            return Err(further_disk(draft.notes.language));
        }
        if let Some(name) = self.unknown_template(draft) {
            return Err(no_such_template(draft.notes.language, &name));
        }
        let mut doubtful = Vec::new();
        let mut near = 0;
        let is_grave = matches!(draft.command.value, CommandName::Delete | CommandName::Power | CommandName::RollBack);
        let order = self.order().filter(|_| is_grave);
        if !is_grave && self.waits_for_something() {
            return Err(refuse(RefusalReason::Conditional, draft.notes.language));
        }
        for index in 0..self.marks.len() {
            if self.is_used(index)
                || is_grave && self.says_it_ended(index)
                || order.is_some_and(|order| order.is_aside(index))
                || is_grave && self.is_what_is_counted(index, draft)
            {
                continue;
            }
            let mark = &self.marks[index];
            match mark.operator() {
                Some(Operator::Schedule) if self.is_adjective(index) || self.is_reason_of_new(index, draft) || self.tells_of_time(index) => {}
                // "..., in case I lock myself out": what it is there for.
                Some(Operator::Condition)
                    if !is_grave
                        && self.words.word(mark.to - 1) == "case"
                        && (0..index).any(|before| self.is_used(before) && self.is_amount_given(before)) => {}
                Some(Operator::Condition) if self.is_occasion_of_policy(index, draft) || self.tells_of_condition(index) => {}
                Some(Operator::Condition | Operator::Schedule) => return Err(refuse(RefusalReason::Conditional, draft.notes.language)),
                // "No wait, my mistake: undo the last change": nothing was said yet that it would correct.
                Some(Operator::Correction) if self.is_exclamation(index) => {}
                Some(Operator::Correction) => return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))])),
                Some(Operator::Sequence) => {}
                // "after a crash or reboot", "or I quit": a choice between what is not asked for.
                Some(Operator::Doubt) if !is_grave && self.is_idle_choice(index) => {}
                // "like web-02 but with 8GB": that a copy differs is no exception.
                Some(Operator::Exception) if is_copy(draft.command.value) && matches!(self.text(index).as_str(), "but" | "ma") => {}
                // "... but as a container": of what is new nothing is excepted.
                Some(Operator::Exception) if draft.command.value == CommandName::Create && matches!(self.text(index).as_str(), "but" | "ma") => {}
                // "..., but what on earth do you compile there?": banter.
                Some(Operator::Exception)
                    if !is_grave
                        && matches!(self.text(index).as_str(), "but" | "ma")
                        && matches!(self.words.word(mark.to), "what" | "why" | "who" | "how" | "cosa" | "che" | "perche" | "chi" | "come") => {}
                // "they keep breaking it": a habit.
                Some(Operator::Exception) if matches!(self.word(index), "keep" | "keeps") && self.word(index + 1).ends_with("ing") => {}
                Some(Operator::Negation | Operator::Exception) if draft.command.value == CommandName::Adopt && self.tells_of_unmanaged(index) => {}
                Some(Operator::Negation | Operator::Exception) if self.is_told_part(index, draft) => {}
                // "nothing changed apart from the address": where a copy differs is said.
                Some(Operator::Exception) if is_copy(draft.command.value) && self.names_wish_behind(index, draft) => {}
                Some(_) => doubtful.push(index),
                // "16GB of swap": an amount of something that nothing here has.
                None if self.is_amount_of_unknown(index) => {
                    let words = [index, index + 1, index + 2].map(|place| crate::text::shown(&self.text(place))).join(" ");
                    return Err(too_unclear(draft.notes.language, &[words]));
                }
                None if self.text(index).starts_with('-') && self.text(index) != "->" => {
                    return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))]));
                }
                None if self.counts_what_is_named(index, draft) => {}
                None if self.is_what_it_runs(index, draft) => {}
                // "it must come back after a reboot, restart policy always".
                None if self.is_occasion_of_restart(index, draft) => {}
                // "a VM ... with docker and git": what shall be on it was not read.
                None if draft.command.value == CommandName::Create && self.is_package(index) && self.stands_in_wish(index) => doubtful.push(index),
                // "clone web-02 as web-35 without its tags".
                None if is_copy(draft.command.value) && matches!(self.word(index), "without" | "senza" | "minus") => doubtful.push(index),
                None if mark.quantity().is_some() && self.is_told_part(index, draft) => {
                    draft.notes.unread.push(crate::text::shown(&self.text(index)))
                }
                None if self.is_talk_about_new(index, draft) => draft.notes.unread.push(crate::text::shown(&self.text(index))),
                None if draft.command.value == CommandName::RollBack && self.is_another_change(index, draft) => doubtful.push(index),
                None if self.matters(index) || self.is_field_without_value(index, draft) => doubtful.push(index),
                // "cancella i log del db": something of it, that nothing here knows.
                None if is_grave && self.is_unknown_part(index) => {
                    return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))]));
                }
                // "buttate via il secondo web, web-b".
                None if is_grave && self.counts_a_member(index) => {}
                // "cache + cache-dev".
                None if is_grave && self.text(index) == "+" && draft.resources.len() > 1 => {}
                None if is_grave && self.is_stem_of_place(index, draft) => {}
                None if self.is_agreed_by(index) => {}
                None if mark.is(&Meaning::Other) => {
                    near += usize::from(self.is_near_what_was_read(index));
                    draft.notes.unread.push(crate::text::shown(&self.text(index)));
                }
                None => {}
            }
        }
        if is_grave {
            if self.claims_authority() || self.is_ordered_by_another() {
                return Err(refuse(RefusalReason::Steering, draft.notes.language));
            }
            if self.is_conditional(draft) || draft.command.value == CommandName::Power && self.is_for_a_while() {
                return Err(refuse(RefusalReason::Conditional, draft.notes.language));
            }
            doubtful.extend(self.denials());
        }
        if self.is_denied_creation(draft) {
            return Err(too_unclear(
                draft.notes.language,
                &self.denials().iter().map(|index| crate::text::shown(&self.text(*index))).collect::<Vec<_>>(),
            ));
        }
        // "... but not on the lan": what stands behind was read, and is what shall not be.
        let turns = |index: &&usize| {
            let is_turning = matches!(self.marks[**index].operator(), Some(Operator::Negation | Operator::Exception));
            is_turning
                && (**index + 1..self.marks.len().min(**index + 4)).any(|next| self.is_used(next) && !self.marks[next].is(&Meaning::Punctuation))
        };
        if let (CommandName::Create, Some(index)) = (draft.command.value, doubtful.iter().find(turns)) {
            return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(*index))]));
        }
        let words: Vec<String> = doubtful.iter().take(4).map(|index| crate::text::shown(&self.text(*index))).collect();
        // "... but leave web-01 alone": one of those that were named is not meant.
        let leaves_some_out = draft.resources.len() > 1
            && doubtful.iter().any(|index| matches!(self.marks[*index].operator(), Some(Operator::Negation | Operator::Exception)));
        if !doubtful.is_empty() && (leaves_some_out || is_grave) {
            return Err(too_unclear(draft.notes.language, &words));
        }
        // What is taken back is named by its number; the words beside it are reasons. "What Luca did yesterday" is less than a day.
        let names_one = draft.past.as_ref().is_some_and(|past| !matches!(past.value, Past::Day(_) | Past::Moment(_)));
        let is_unread = |index: usize| !self.is_used(index) && self.marks[index].is(&Meaning::Other);
        let was_well = order.is_some_and(|order| self.goes_back_to_what_was_well(order, is_unread));
        let names_one = names_one || was_well;
        let is_certain = draft.command.value == CommandName::RollBack && names_one && !self.is_reported();
        let unread_max = if is_certain && was_well {
            UNREAD_MAX
        } else if is_certain {
            REASON_MAX
        } else if is_grave {
            0
        } else {
            UNREAD_MAX
        };
        let unread_count = if is_grave { draft.notes.unread.len() } else { near };
        let others = self.names_in_reasons().into_iter().map(|index| crate::text::shown(&self.text(index))).filter(|_| is_grave);
        draft.notes.unread.extend(others);
        let unread_count = if is_grave { draft.notes.unread.len() } else { unread_count };
        let is_unclear = order.is_some_and(|order| !names_one && (0..self.marks.len()).any(|index| order.is_unclear(index)))
            || is_grave && self.is_told_of_another();
        let is_told = draft.command.value == CommandName::Update && self.tells_of_what_was();
        if is_told || !doubtful.is_empty() || unread_count > unread_max || is_unclear || is_grave && self.is_asked() {
            let unread = draft.notes.unread.iter().take(4).cloned();
            let words: Vec<String> = if words.is_empty() && is_grave { unread.collect() } else { words };
            let doubt = match is_grave && words.is_empty() && !is_unclear {
                true => Doubt::Question,
                false if is_told => Doubt::Told,
                false => Doubt::Unread,
            };
            draft.ask(confirmation(draft.notes.language, &words, doubt));
        }
        Ok(())
    }

    /// "upgrade redis on cache to 7.4": the product is what the container runs already.
    fn is_what_it_runs(&self, index: usize, draft: &Draft) -> bool {
        let is_of_existing = matches!(draft.command.value, CommandName::Update | CommandName::Delete | CommandName::Power);
        let Some(product) = self.marks[index].product().filter(|_| is_of_existing) else { return false };
        // "the alpine variant of redis (redis:7.2-alpine)".
        let is_wished = |wish: &crate::draft::Wish| matches!(&wish.wanted.value, crate::draft::Wanted::Change(crate::command::FieldChange::Set(text)) if text.contains(':') && text.split([':', '-', '/']).any(|part| part == product));
        if draft.wishes.iter().any(is_wished) {
            return true;
        }
        // "needs chrony besides nginx": it is installed there.
        let has_installed = |address: &core_model::Address| {
            let packages = self.view.in_scope(None, address).and_then(|resource| resource.spec("packages")).and_then(serde_json::Value::as_array);
            packages.into_iter().flatten().any(|package| package.as_str() == Some(product))
        };
        if draft.command.value == CommandName::Update
            && !draft.resources.is_empty()
            && draft.resources.iter().all(|meant| has_installed(&meant.address.value))
        {
            return true;
        }
        let runs_it = |address: &core_model::Address| {
            let resource = self.view.in_scope(None, address);
            let image = resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str).unwrap_or_default();
            image.split(['@', ':']).next().is_some_and(|path| path == product || path.ends_with(&format!("/{product}")))
        };
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| runs_it(&meant.address.value))
    }

    fn counts_a_member(&self, index: usize) -> bool {
        matches!(self.word(index), "second" | "secondo" | "seconda" | "first" | "primo" | "other" | "altro")
            && self.marks.get(index + 1).is_some()
            && self.is_place_of_named(index + 1)
    }

    /// "no wait," before anything that was said.
    fn is_exclamation(&self, index: usize) -> bool {
        let is_word = matches!(self.word(index), "no" | "wait" | "aspetta" | "anzi" | "actually" | "scratch");
        let is_first = self.marks[..index].iter().all(|mark| mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation));
        is_word && is_first && self.marks.get(index + 1).is_some_and(|next| next.is(&Meaning::Punctuation))
    }

    /// "rimuovi r1-n01 dal rack": where it is written, without its number.
    fn is_stem_of_place(&self, index: usize, draft: &Draft) -> bool {
        // "kill both caches (cache, cache-dev)".
        let several = self.word(index).strip_suffix('s').filter(|_| draft.resources.len() > 1);
        let is_it = |address: &core_model::Address| {
            address.blueprint.as_str().trim_end_matches(|letter: char| letter.is_ascii_digit()) == self.word(index)
                || several.is_some_and(|stem| address.resource.as_str().split('-').next() == Some(stem))
        };
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| is_it(&meant.address.value))
    }

    /// "cancellate tutto quello che c'è in staging".
    fn takes_everything(&self, draft: &Draft) -> bool {
        let is_away = matches!(draft.command.value, CommandName::Delete | CommandName::Power) && draft.resources.is_empty();
        let is_all = |index: usize| {
            matches!(
                self.word(index),
                "everything" | "all" | "anything" | "whatever" | "every" | "tutto" | "tutti" | "tutte" | "tutta" | "qualsiasi" | "ogni" | "qualunque"
            )
        };
        // "nuke prod", "wipe the whole of prod": a place, and nothing that is there.
        let names_place = |index: usize| self.marks[index].environment().is_some() || self.marks[index].blueprint().is_some();
        let names_none = || (0..self.marks.len()).all(|index| self.marks[index].thing().is_none() && !self.is_name_like(index));
        let is_place = |order: &super::orders::Order| order.clause().any(names_place) && names_none();
        is_away && self.order().is_some_and(|order| order.clause().any(is_all) || is_place(order))
    }

    fn is_unknown_part(&self, index: usize) -> bool {
        let Some(order) = self.order() else { return false };
        let is_of = self.marks.get(index + 1).is_some_and(|_| {
            matches!(
                self.word(index + 1),
                "of" | "from" | "on" | "in" | "inside" | "di" | "del" | "dello" | "della" | "dell" | "dal" | "dalla" | "da" | "su" | "sul" | "sulla"
            )
        });
        let names_behind = (index + 2..self.marks.len().min(index + 5)).any(|next| self.marks[next].named().is_some());
        let names_before = (order.verb..index).any(|before| self.marks[before].named().is_some());
        self.marks[index].is(&Meaning::Other) && index > order.verb && order.clause().contains(&index) && is_of && names_behind && !names_before
    }

    /// "decommission two redis containers: cache and cache-dev": as many as are named.
    fn is_what_is_counted(&self, index: usize, draft: &Draft) -> bool {
        let named = u64::try_from(draft.resources.len()).unwrap_or(u64::MAX);
        let is_counting =
            (index + 1..self.marks.len().min(index + 3)).any(|next| self.marks[next].thing().is_some() || self.marks[next].product().is_some());
        let is_many = self.marks[index].quantity() == Some(crate::quantity::Quantity::Number(named));
        named > 1 && is_many && is_counting
    }

    /// "on all three: web-01, web-02, build-01", "three workers, wrk-01 through wrk-03": as many as are named.
    fn counts_what_is_named(&self, index: usize, draft: &Draft) -> bool {
        let named = draft.resources.len().max(draft.names.len());
        let is_many = self.marks[index].quantity() == Some(crate::quantity::Quantity::Number(u64::try_from(named).unwrap_or(u64::MAX)));
        let is_of_field = self.marks.get(index + 1).is_some_and(|next| next.concept().is_some());
        named > 1 && is_many && !is_of_field
    }

    /// "from the template gpu-node", where there is none of that name.
    fn unknown_template(&self, draft: &Draft) -> Option<String> {
        let is_announced = |index: usize| matches!(self.word(index), "template" | "modello");
        let is_name = |index: usize| self.marks[index].is(&Meaning::Other) && self.is_name_like(index) && !self.is_used(index);
        let may_be = draft.command.value == CommandName::Create && draft.template.is_none();
        let found = (1..self.marks.len()).find(|index| is_announced(index - 1) && is_name(*index)).filter(|_| may_be)?;
        Some(crate::text::shown(&self.text(found)))
    }

    /// Words that turn the verb behind them round, in the same part of the sentence: "don't worry about deleting". Behind the verb
    /// they are reasons: "delete it, it is not used".
    fn denials(&self) -> Vec<usize> {
        let Some((_, verb)) = self.intent() else { return Vec::new() };
        let verb = verb.min(self.marks.len());
        let sentence = self.marks[..verb].iter().rposition(|mark| mark.is(&Meaning::Punctuation)).map_or(0, |place| place + 1);
        // "nobody needs it, so delete it": a reason is denied for itself.
        let clause =
            self.order().map(|order| order.clause()).filter(|order| order.contains(&verb)).map_or(sentence, |order| order.start.max(sentence));
        let is_denial = |mark: &crate::mark::Mark| (mark.from..mark.to).any(|place| DENYING.contains(&self.words.word(place)));
        (clause..verb).filter(|index| is_denial(&self.marks[*index]) && !self.says_it_ended(*index)).collect()
    }

    fn names_wish_behind(&self, index: usize, draft: &Draft) -> bool {
        let ahead = (index + 1..self.marks.len().min(index + 4)).take_while(|next| !self.marks[*next].is(&Meaning::Punctuation));
        let is_wished = |concept: Concept| draft.wishes.iter().any(|wish| wish.field == crate::draft::FieldName::Concept(concept));
        ahead.into_iter().any(|next| self.marks[next].concept().is_some_and(is_wished))
    }

    /// "do not create lab-82": just before the verb.
    fn is_denied_creation(&self, draft: &Draft) -> bool {
        let makes = matches!(draft.command.value, CommandName::Create | CommandName::Adopt | CommandName::Clone | CommandName::Promote);
        let verb = self.intent().map_or(0, |(_, verb)| verb);
        let is_denial = |index: usize| (self.marks[index].from..self.marks[index].to).any(|place| DENYING.contains(&self.words.word(place)));
        makes
            && self.marks.get(verb).is_some_and(|mark| mark.verb().is_some())
            && (verb.saturating_sub(2)..verb).any(is_denial)
            && self.marks[verb.saturating_sub(2)..verb].iter().all(|mark| mark.operator().is_some() || mark.is(&Meaning::Ignored))
    }

    /// "power it off during the holidays": nobody here switches it on again.
    fn is_for_a_while(&self) -> bool {
        let Some(order) = self.order() else { return false };
        order.clause().any(|index| {
            (self.marks[index].from..self.marks[index].to).any(|place| WHILES.iter().any(|phrase| length_of(phrase, self.words, place).is_some()))
        })
    }

    /// Whether something that was read stands in the same sentence. Small talk has sentences of its own.
    fn is_near_what_was_read(&self, index: usize) -> bool {
        let is_used = |place: &usize| self.is_used(*place);
        let before = (0..index).rev().take_while(|place| !self.is_break(*place)).any(|place| is_used(&place));
        before || (index..self.marks.len()).take_while(|place| !self.is_break(*place)).any(|place| is_used(&place))
    }

    /// "did somebody delete cache-dev": a question without its mark.
    pub(super) fn opens_with_deed(&self) -> bool {
        let Some(order) = self.order() else { return false };
        let start = (0..order.verb).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let first = self.marks.get(start).map_or("", |mark| self.words.word(mark.from));
        let second = self.marks.get(start).map_or("", |mark| self.words.word(mark.from + 1));
        let is_person = matches!(second, "you" | "they" | "we" | "he" | "she" | "somebody" | "someone" | "anybody" | "anyone" | "qualcuno" | "i");
        matches!(first, "did" | "does" | "was" | "were" | "has" | "had" | "should" | "shall" | "who" | "avete")
            && !(first == "shall" && second == "be")
            || matches!(first, "have" | "do" | "ha" | "hai" | "are" | "is") && is_person
    }

    /// "a second disk of 50GB": not the one that the machine's size is about.
    fn is_about_a_further_disk(&self) -> bool {
        let is_further = |place: usize| FURTHER.contains(&self.word(place));
        (1..self.marks.len()).any(|place| self.marks[place].concept() == Some(Concept::Storage) && is_further(place - 1))
    }

    fn is_amount_of_unknown(&self, index: usize) -> bool {
        let is_unknown = |place: usize| self.marks.get(place).is_some_and(|mark| mark.is(&Meaning::Other) && !self.is_used(place));
        let is_of = self.marks.get(index + 1).is_some_and(|_| matches!(self.word(index + 1), "of" | "di"));
        self.marks[index].quantity().is_some() && is_of && is_unknown(index + 2)
    }

    /// "... with the user of web-01": a field of something new was named, and its value was not read.
    fn is_field_without_value(&self, index: usize, draft: &Draft) -> bool {
        let mark = &self.marks[index];
        let is_field = mark.concept().is_some_and(|concept| {
            matches!(
                concept,
                Concept::User
                    | Concept::Pool
                    | Concept::Tags
                    | Concept::Packages
                    | Concept::Vlan
                    | Concept::Gateway
                    | Concept::Variable
                    | Concept::Hostname
            )
        });
        // "a mail gateway", "the DICOM gateway": what it is there for.
        let is_compound = mark.concept() == Some(Concept::Gateway)
            && index.checked_sub(1).is_some_and(|before| self.marks[before].is(&Meaning::Other) || self.marks[before].is(&Meaning::Ignored))
            && self.marks.get(index + 1).is_none_or(|next| next.cidr().or(next.ip()).is_none());
        draft.command.value == CommandName::Create
            && is_field
            && !is_compound
            && mark.thing().is_none()
            && mark.verb().is_none()
            && !mark.is(&Meaning::Ignored)
    }

    /// "with docker", "..., docker and git": behind a word that adds to what is described, or in a row that is.
    fn stands_in_wish(&self, index: usize) -> bool {
        let row = (0..index).rev().find(|place| !self.is_package(*place) && !matches!(self.text(*place).as_str(), "," | "and" | "e" | "ed" | "&"));
        row.is_some_and(|place| matches!(self.word(place), "with" | "con" | "plus" | "including" | "install" | "having"))
    }

    /// Whether an unread mark could change what is meant.
    fn matters(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        if mark.is(&Meaning::Punctuation) || mark.is(&Meaning::Ignored) {
            return false;
        }
        let is_description = mark.named().is_some_and(|named| named.how == crate::names::How::Description);
        mark.named().is_some() && !is_description
            || mark.quantity().is_some()
            || mark.past().is_some() && self.says_when(index)
            || mark.image().is_some()
            || mark.version().is_some()
            || mark.cidr().or(mark.ip()).is_some()
            || mark.port_pair().is_some()
            || mark.assignment().is_some()
            || mark.product().is_some()
            || mark.environment().is_some() && mark.thing().is_none()
            || mark.is(&Meaning::NoSuchEnvironment)
            || mark.is(&Meaning::Other)
                && !self.is_reference(index)
                && (self.is_name_like(index) && !self.is_plain_compound(index)
                    || self.text(index).contains(|letter: char| letter.is_ascii_digit())
                    || self.is_data(index)
                    || self.stands_behind_amount(index))
            || mark.verb().is_some_and(|verb| {
                !matches!(
                    verb,
                    crate::lexicon::Verb::Name
                        | crate::lexicon::Verb::Explain
                        | crate::lexicon::Verb::Status
                        | crate::lexicon::Verb::Want
                        | crate::lexicon::Verb::Clone
                )
            }) && mark.concept().is_none()
                && mark.thing().is_none()
    }

    /// `CVE-2024-9264`, `CHG-20114`: what is written elsewhere.
    fn is_reference(&self, index: usize) -> bool {
        let text = self.text(index);
        let Some((head, rest)) = text.split_once('-') else { return false };
        let is_head = (2..=10).contains(&head.len()) && head.bytes().all(|letter| letter.is_ascii_uppercase());
        let is_number = !rest.is_empty() && rest.bytes().all(|letter| letter.is_ascii_digit() || letter == b'-');
        is_head && is_number && self.marks.iter().any(|mark| mark.named().is_some() || mark.thing().is_some())
    }

    /// "until friday", "dal lunedì": a day that limits what is asked; "for black friday", "yesterday's meeting" name an occasion.
    fn says_when(&self, index: usize) -> bool {
        let before = index.checked_sub(1).map_or("", |before| self.word(before));
        // "delete cache on the 12th": the date begins with its preposition.
        let starts = matches!(self.word(index), "on" | "before" | "prima" | "il" | "al" | "del");
        let limits = starts
            || matches!(
                before,
                "until" | "by" | "on" | "from" | "before" | "after" | "entro" | "fino" | "dal" | "da" | "dopo" | "prima" | "at" | "alle"
            );
        let is_alone = before.is_empty() || self.marks[index - 1].is(&Meaning::Punctuation);
        let is_owner = self.word(index + 1) == "s";
        (limits || is_alone) && !is_owner
    }

    /// "over-provisioned", "crash-loops": a word with a hyphen that stands in no row with what is named.
    fn is_plain_compound(&self, index: usize) -> bool {
        let text = self.text(index);
        let is_plain = text.contains('-') && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') && !self.is_data(index);
        let joins = |place: Option<usize>| place.is_some_and(|place| matches!(self.text(place).as_str(), "," | "and" | "e" | "ed" | "&" | "+"));
        let named = |place: Option<usize>| place.and_then(|place| self.marks.get(place)).is_some_and(|mark| mark.named().is_some());
        let in_row = joins(index.checked_sub(1)) && named(index.checked_sub(2)) || joins(Some(index + 1)) && named(Some(index + 2));
        is_plain && !in_row && self.marks.iter().any(|mark| mark.named().is_some())
    }

    fn is_occasion_of_restart(&self, index: usize, draft: &Draft) -> bool {
        let sets_policy = draft.wishes.iter().any(|wish| wish.field == crate::draft::FieldName::Concept(Concept::RestartPolicy));
        let is_power = matches!(
            self.marks[index].verb(),
            Some(crate::lexicon::Verb::PowerCycle | crate::lexicon::Verb::PowerOn | crate::lexicon::Verb::PowerOff)
        );
        sets_policy && is_power
    }

    /// "16GB of swap".
    fn stands_behind_amount(&self, index: usize) -> bool {
        let before = index.checked_sub(1);
        let of = before.is_some_and(|before| matches!(self.word(before), "of" | "di" | "d"));
        let amount = if of { index.checked_sub(2) } else { before };
        amount.is_some_and(|place| {
            matches!(self.marks[place].quantity(), Some(crate::quantity::Quantity::Size(_) | crate::quantity::Quantity::Sizes(..)))
                && !self.is_used(place)
        })
    }
}

fn is_copy(command: CommandName) -> bool {
    matches!(command, CommandName::Clone | CommandName::CloneEnvironment)
}

fn is_query(command: CommandName) -> bool {
    matches!(command, CommandName::Explain | CommandName::Status | CommandName::WhoChanged)
}

/// What cannot be taken back is not done on a text that was read in part.
fn further_disk(language: Language) -> Refusal {
    let text = language.choose(
        "A further disk is an entry in a list of its own, and its place matters: write it into the blueprint by hand.",
        "Un altro disco è una voce di una lista a sé e il suo posto conta: scrivilo nel blueprint a mano.",
    );
    Refusal { reason: RefusalReason::NotPossible, text: text.to_owned() }
}

fn no_such_template(language: Language, name: &str) -> Refusal {
    let text = match language {
        Language::English => {
            format!("There is no template `{name}` in this repository. Name one of `templates/`, or say what the machine shall have.")
        }
        Language::Italian => {
            format!("In questo repository non c'è un template `{name}`. Indicane uno di `templates/`, o di' che cosa deve avere la macchina.")
        }
    };
    Refusal { reason: RefusalReason::NotPossible, text }
}

fn too_unclear(language: Language, words: &[String]) -> Refusal {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let text = match language {
        Language::English => {
            format!(
                "I could not place {listed}, and will not guess at this. Please say it again in one plain sentence that names only what shall change."
            )
        }
        Language::Italian => {
            format!(
                "Non ho capito dove vada {listed}, e qui non tiro a indovinare. Ridillo in una frase semplice che nomini solo quello che va cambiato."
            )
        }
    };
    Refusal { reason: RefusalReason::NotUnderstood, text }
}

/// Why nothing is done at once, where no word can be named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    Unread,
    /// "is it safe to delete it?"
    Question,
    /// "web-02 was given 8GB yesterday".
    Told,
}

fn confirmation(language: Language, words: &[String], doubt: Doubt) -> Question {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let text = match (language, words.is_empty()) {
        (Language::English, false) => format!("I could not place {listed}. Shall I go on with what I did read?"),
        (Language::English, true) if doubt == Doubt::Told => "This says how things were. Shall I change it so?".to_owned(),
        (Language::Italian, true) if doubt == Doubt::Told => "Questo dice com'era. Devo cambiarlo così?".to_owned(),
        (Language::English, true) if doubt == Doubt::Question => "This reads like a question. Shall I do it?".to_owned(),
        (Language::Italian, true) if doubt == Doubt::Question => "Sembra una domanda. Devo farlo?".to_owned(),
        (Language::English, true) => "I could not read a good part of this. Shall I go on with what I did read?".to_owned(),
        (Language::Italian, false) => format!("Non ho capito dove vada {listed}. Procedo con quello che ho letto?"),
        (Language::Italian, true) => "Non ho capito una buona parte del testo. Procedo con quello che ho letto?".to_owned(),
    };
    let options = [(language.choose("yes", "sì").to_owned(), Fill::Yes), (language.choose("no", "no").to_owned(), Fill::No)];
    Question::new(Slot::Confirmation, text).options(options).without_default()
}
