//! What was not read? Nothing that could change the meaning is dropped: it is asked about, refused, or told to the author.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Concept, DENYING, Operator, length_of};
use crate::mark::Meaning;
use crate::outcome::{Refusal, RefusalReason};
use crate::past::Past;

use super::Reader;
use super::doubts::{Doubt, confirmation, further_disk, no_such_template, too_unclear};
use super::guards::refuse;

/// More words than this that say nothing to us, and the author is asked whether the command is what was meant.
const UNREAD_MAX: usize = 14;

/// So many unread words are a reason beside what is taken back.
const REASON_MAX: usize = 3;

/// Words with a digit that are words.
const JARGON: &[&str] = &[
    "k8s", "k3s", "s3", "ipv4", "ipv6", "i18n", "l10n", "mp3", "mp4", "h264", "4k", "3d", "2d", "2fa", "b2b", "b2c", "5g", "4g", "win11", "win10",
    "x86", "x64", "arm64", "amd64", "php8", "python3", "log4j", "web2", "web3", "360", "24/7", "1st", "2nd", "3rd", "1x", "2x", "3x", "prof.ssa",
    "dott.ssa", "sig.ra", "sig", "dott", "prof", "ing", "geom", "rag", "avv", "arch",
];

/// What is only for a time.
#[rustfmt::skip]
const WHILES: &[&str] = &[
    "for now", "for the moment", "per ora", "per adesso", "per il momento", "during", "for the weekend", "for the week", "for the night", "for the holidays", "over the holidays", "over christmas", "over easter", "for a while", "for the day", "for a day", "for a few", "for the time being",
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
        if let Some(giver) = self.giver_of_amount(draft) {
            return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(giver))]));
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
            if self.is_feature(index, draft) {
                doubtful.push(index);
                continue;
            }
            let mark = &self.marks[index];
            match mark.operator() {
                Some(Operator::Schedule)
                    if self.is_adjective(index)
                        || self.is_reason_of_new(index, draft)
                        || self.is_occasion_of_new(index, draft)
                        || self.tells_of_time(index) => {}
                // "..., in case I lock myself out": what it is there for.
                Some(Operator::Condition)
                    if !is_grave
                        && self.words.word(mark.to - 1) == "case"
                        && (0..index).any(|before| self.is_used(before) && self.is_amount_given(before)) => {}
                Some(Operator::Condition)
                    if self.is_when_it_was(index)
                        || self.is_occasion_of_policy(index, draft)
                        || self.tells_of_condition(index)
                        || self.is_wish_in_a_condition(mark.from) => {}
                Some(Operator::Condition | Operator::Schedule) => return Err(refuse(RefusalReason::Conditional, draft.notes.language)),
                // "No wait, my mistake: undo the last change": nothing was said yet that it would correct.
                // "(as packages, in the blueprint i mean)": nothing stands behind it.
                Some(Operator::Correction)
                    if matches!(self.word(index), "i" | "volevo") && self.marks.get(index + 1).is_none_or(|next| next.is(&Meaning::Punctuation)) => {}
                Some(Operator::Correction) if self.is_exclamation(index) || self.says_in_other_words(index) => {}
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
                Some(Operator::Negation | Operator::Exception) if !is_grave && self.is_met_by_wish(index, draft) => {}
                Some(Operator::Negation | Operator::Exception) if self.is_told_part(index, draft) => {}
                Some(Operator::Negation | Operator::Exception | Operator::Doubt) if self.tells_beside_change(index, draft) => {}
                // "nothing changed apart from the address": where a copy differs is said.
                Some(Operator::Exception) if is_copy(draft.command.value) && self.names_wish_behind(index, draft) => {}
                Some(_) => doubtful.push(index),
                // "16GB of swap": an amount of something that nothing here has.
                None if self.is_amount_of_unknown(index) => {
                    let words = [index, index + 1, index + 2].map(|place| crate::text::shown(&self.text(place))).join(" ");
                    return Err(too_unclear(draft.notes.language, &[words]));
                }
                // "{{delete cache-dev}}", "add `lifecycle.protect: false` to web-01": what a template or code would say.
                None if draft.command.value != CommandName::Create && self.text(index).contains(['{', '}'])
                    || self.is_data(index) && self.text(index) == crate::clean::CODE_SET_ASIDE =>
                {
                    return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))]));
                }
                None if self.text(index).starts_with('-') && self.text(index) != "->" => {
                    return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))]));
                }
                None if self.counts_what_is_named(index, draft) => {}
                None if self.is_what_it_runs(index, draft) || is_grave && self.is_image_they_run(index, draft) => {}
                // "it must come back after a reboot, restart policy always".
                None if self.is_occasion_of_restart(index, draft) => {}
                // "add htop or tcpdump to the packages": one of them was not read.
                None if self.is_package(index)
                    && self.stands_beside_list(index)
                    && draft.wishes.iter().any(|wish| wish.field == crate::draft::FieldName::Concept(Concept::Packages)) =>
                {
                    doubtful.push(index)
                }
                // "a VM ... with docker and git": what shall be on it was not read.
                None if draft.command.value == CommandName::Create && self.is_package(index) && self.stands_in_wish(index) => doubtful.push(index),
                // "clone web-02 as web-35 without its tags".
                None if is_copy(draft.command.value) && matches!(self.word(index), "without" | "senza" | "minus") => doubtful.push(index),
                None if mark.quantity().is_some() && (self.is_told_part(index, draft) || self.numbers_a_noun(index, draft)) => {
                    draft.notes.unread.push(crate::text::shown(&self.text(index)))
                }
                // "drop nginx, I'm a caddy person now".
                None if mark.product().is_some() && self.says_of_oneself(index) => draft.notes.unread.push(crate::text::shown(&self.text(index))),
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
        if let Some(index) = self.went_by_itself().filter(|_| draft.command.value == CommandName::Power) {
            return Err(too_unclear(draft.notes.language, &[crate::text::shown(&self.text(index))]));
        }
        if is_grave && self.is_taken_back(false) {
            return Err(refuse(RefusalReason::Withdrawn, draft.notes.language));
        }
        if is_grave {
            if self.claims_authority() || self.is_ordered_by_another() {
                return Err(refuse(RefusalReason::Steering, draft.notes.language));
            }
            if self.is_conditional(draft) || matches!(draft.command.value, CommandName::Power | CommandName::Delete) && self.is_for_a_while() {
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
        // "change the boot device to pxe": what shall change is nothing that is known here.
        let is_unknown = draft.command.value == CommandName::Update
            && draft.wishes.is_empty()
            && draft.pending.is_empty()
            && self.marks.iter().all(|mark| mark.concept().is_none())
            && doubtful.iter().any(|index| self.marks[*index].operator().is_none());
        if !doubtful.is_empty() && (leaves_some_out || is_grave || is_unknown) {
            return Err(too_unclear(draft.notes.language, &words));
        }
        // What is taken back is named by its number; the words beside it are reasons. "What Luca did yesterday" is less than a day.
        let names_one = draft.past.as_ref().is_some_and(|past| !matches!(past.value, Past::Day(_) | Past::Moment(_)));
        let is_unread = |index: usize| !self.is_used(index) && self.marks[index].is(&Meaning::Other);
        let was_well = order.is_some_and(|order| self.goes_back_to_what_was_well(order, is_unread));
        let names_one = names_one || was_well;
        // "Put it back to Tuesday 4 pm, the printers are down": what is gone back to stands in the order, which was read as a whole.
        let is_plain = order.is_some_and(|order| self.names_past_in(order) && !order.clause().any(is_unread));
        let is_certain = draft.command.value == CommandName::RollBack && (names_one || is_plain) && !self.is_reported();
        let unread_max = if is_certain && (was_well || is_plain) {
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
            || is_grave && (self.is_told_of_another() || self.is_imagined());
        let is_other_product = self.turns_into_another_product(draft);
        let makes = matches!(draft.command.value, CommandName::Create | CommandName::Clone | CommandName::Adopt | CommandName::Scale);
        let is_new = matches!(draft.command.value, CommandName::Create | CommandName::Clone | CommandName::Scale);
        let is_told = draft.command.value == CommandName::Create && self.tells_of_making();
        let is_told = is_told
            || draft.command.value == CommandName::Update && self.only_tells()
            || !is_grave && (self.is_taken_back(makes) || self.only_tells_of_making(is_new))
            || is_grave && self.is_judged();
        if is_told || is_other_product || !doubtful.is_empty() || unread_count > unread_max || is_unclear || is_grave && self.is_asked() {
            let unread = draft.notes.unread.iter().take(4).cloned();
            let words: Vec<String> = if words.is_empty() && is_grave { unread.collect() } else { words };
            let doubt = match is_grave && words.is_empty() && !is_unclear {
                true => Doubt::Question,
                false if is_told => Doubt::Told,
                false if is_other_product => Doubt::OtherProduct,
                false => Doubt::Unread,
            };
            draft.ask(confirmation(draft.notes.language, &words, doubt));
        }
        Ok(())
    }

    /// "upgrade redis on cache to 7.4": the product is what the container runs already.
    fn is_what_it_runs(&self, index: usize, draft: &Draft) -> bool {
        let is_of_existing = matches!(draft.command.value, CommandName::Update | CommandName::Delete | CommandName::Power | CommandName::Clone);
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

    /// "aggiungi un prometheus, cioè prom/prometheus:v2.54.1": more of what was said, and nothing in its place.
    fn says_in_other_words(&self, index: usize) -> bool {
        let end = (index + 1..self.marks.len()).find(|place| self.is_break(*place) || self.text(*place) == ",").unwrap_or(self.marks.len());
        let gives = |places: std::ops::Range<usize>, is_it: &dyn Fn(&crate::mark::Mark) -> bool| self.marks[places].iter().any(is_it);
        let kinds: [&dyn Fn(&crate::mark::Mark) -> bool; 6] = [
            &|mark| mark.quantity().is_some(),
            &|mark| mark.image().is_some(),
            &|mark| mark.ip().or(mark.cidr()).is_some(),
            &|mark| mark.environment().is_some(),
            &|mark| mark.named().is_some_and(|named| !named.is_set),
            &|mark| mark.assignment().is_some(),
        ];
        let takes_place = |is_it: &&dyn Fn(&crate::mark::Mark) -> bool| gives(0..index, *is_it) && gives(index + 1..end, *is_it);
        // "com'era alle 9, cioè prima che ci mettessero le mani".
        matches!(self.word(index), "cioe" | "ossia" | "ovvero") && !kinds.iter().any(takes_place) || self.says_when_it_was(index)
    }

    /// "take two gigs from web-01 and give them to web-02": two changes, of which the one takes what the other gives.
    fn giver_of_amount(&self, draft: &Draft) -> Option<usize> {
        let is_amount =
            |wish: &crate::draft::Wish| matches!(&wish.field, crate::draft::FieldName::Concept(concept) if super::amounts::is_amount(*concept));
        let is_update = draft.command.value == CommandName::Update && draft.resources.len() > 1 && draft.wishes.iter().any(is_amount);
        let is_machine = |index: usize| self.marks[index].named().is_some_and(|named| !named.is_set) && self.marks[index].thing().is_none();
        let is_led = |index: usize| {
            let before = index.checked_sub(1).map_or("", |before| self.words.word(self.marks[before].from));
            matches!(before, "from" | "da" | "dal" | "dalla")
        };
        let mut givers = (0..self.marks.len()).filter(|index| is_update && is_machine(*index) && is_led(*index));
        let giver = givers.next()?;
        (0..self.marks.len()).any(|index| index != giver && is_machine(index) && !is_led(index)).then_some(giver)
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
        // "is somebody able to start it": a wish.
        let third = self.marks.get(start).map_or("", |mark| self.words.word(mark.from + 2));
        if third == "able" {
            return false;
        }
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
        // "una macchina per le etichette": what it is there for.
        let is_purpose = (index.saturating_sub(2)..index).any(|before| matches!(self.word(before), "for" | "per"))
            && self.marks.get(index + 1).is_none_or(|next| next.quantity().is_none() && !matches!(self.word(index + 1), ":" | "=" | "is"));
        let is_field = !is_purpose
            && mark.concept().is_some_and(|concept| {
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
        // "una macchina per le etichette": what it is for.
        let is_purpose = (index.saturating_sub(2)..index).any(|before| matches!(self.word(before), "for" | "per"));
        draft.command.value == CommandName::Create
            && is_field
            && !is_purpose
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

    /// Whether a list is spoken of, or something put into it, in the same part of the sentence.
    fn stands_beside_list(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        (start..end).any(|place| {
            let mark = &self.marks[place];
            matches!(mark.concept(), Some(Concept::Packages))
                || matches!(mark.verb(), Some(crate::lexicon::Verb::Add | crate::lexicon::Verb::Install | crate::lexicon::Verb::Remove))
        })
    }

    /// Whether an unread mark could change what is meant.
    fn matters(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        if mark.is(&Meaning::Punctuation) || mark.is(&Meaning::Ignored) || self.is_reference(index) {
            return false;
        }
        let is_description = mark.named().is_some_and(|named| named.how == crate::names::How::Description);
        mark.named().is_some() && !is_description
            || mark.gives_value()
            || mark.past().is_some() && self.says_when(index) && !self.tells_when_it_was(index)
            || mark.product().is_some()
            || mark.environment().is_some() && mark.thing().is_none()
            || mark.is(&Meaning::NoSuchEnvironment)
            || mark.is(&Meaning::Other)
                && (self.is_name_like(index) && !self.is_plain_compound(index) && !self.is_jargon(index)
                    || self.text(index).contains(|letter: char| letter.is_ascii_digit()) && !self.is_jargon(index)
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

    /// "k8s", "S3-like", "a 1am idea".
    fn is_jargon(&self, index: usize) -> bool {
        let word = self.words.word(self.marks[index].from);
        let head = word.split_once('-').filter(|(_, tail)| matches!(*tail, "like" | "style" | "based" | "compatible")).map_or(word, |(head, _)| head);
        let is_hour = word.strip_suffix("am").or_else(|| word.strip_suffix("pm")).is_some_and(|hour| hour.parse::<u8>().is_ok());
        let before = index.checked_sub(1).map_or("", |before| self.words.word(self.marks[before].from));
        let says_when = matches!(before, "at" | "by" | "from" | "until" | "till" | "before" | "after" | "around" | "since");
        JARGON.contains(&head) || is_hour && !says_when
    }

    /// `CVE-2024-9264`, `CHG-20114`: what is written elsewhere.
    pub(super) fn is_reference(&self, index: usize) -> bool {
        let text = self.text(index);
        // "finding 4.2 of the assessment".
        if index > 0 && crate::lexicon::SECTIONS.contains(&self.words.word(self.marks[index].from - 1)) {
            return true;
        }
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

    /// "it was down on Monday morning": when something was, and not when something shall be.
    fn tells_when_it_was(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        // "sabato si balla": a part of its own, without a wish.
        if start == index && end > index + 1 && start > 0 && !self.holds_wish(index + 1, end) {
            return true;
        }
        let part = (0..index).rev().take_while(|place| !self.marks[*place].is(&Meaning::Punctuation));
        part.into_iter().any(|place| {
            let word = self.words.word(self.marks[place].from);
            matches!(word, "was" | "were" | "had" | "did" | "went" | "came" | "era" | "erano" | "aveva" | "avevano")
                || word.ends_with("ed") && self.is_telling(self.marks[place].from)
        })
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
