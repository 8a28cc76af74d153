//! Which command is meant? Decided from the verbs, from what they stand beside, and from whether what is named exists.

use crate::command::CommandName;
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// The command and the mark that says so.
    pub(crate) fn intent(&self) -> Option<(CommandName, usize)> {
        // "512 MB, which is too little", "perché è lento": a reason is no question.
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_asked_before = |index: usize, verb: Verb| matches!(verb, Verb::Explain | Verb::Status) && self.wishes_after(index);
        let is_reason = |index: usize, verb: Verb| {
            is_asked_before(index, verb) || verb == Verb::Explain && (!asks && !self.opens_sentence(index) || self.tells_with_does(index))
        };
        let is_rhetorical = |index: usize| self.order_behind_question().is_some_and(|order| index < order);
        let first = self
            .verbs()
            .find(|(index, verb)| {
                !is_reason(*index, *verb) && !self.wants_to(*index, *verb) && !self.is_before_order(*index) && !is_rhetorical(*index)
            })
            .or_else(|| self.verbs().next().filter(|_| !self.has_value()));
        self.about_the_past()
            .or_else(|| self.question())
            .or_else(|| self.between_environments())
            .or_else(|| self.adoption().map(|index| (CommandName::Adopt, index)))
            .or_else(|| self.likeness())
            .or_else(|| self.scaling())
            .or_else(|| self.creation())
            .or_else(|| (0..self.marks.len()).find(|index| self.switches(*index).is_some()).map(|index| (CommandName::Power, index)))
            .or_else(|| {
                self.ended()
                    .map(|index| (if self.names_variable() || self.speaks_of_list() { CommandName::Update } else { CommandName::Delete }, index))
            })
            .or_else(|| first.filter(|_| !self.is_end_of_item()).and_then(|(index, verb)| self.by_first_verb(index, verb)))
            .or_else(|| self.without_verb().filter(|_| !self.is_end_of_item()))
    }

    /// "port 3000 is not needed any more on grafana": nothing that it shall have.
    fn is_end_of_item(&self) -> bool {
        let is_of_list = self.marks.iter().any(|mark| matches!(mark.concept(), Some(Concept::Ports | Concept::Tags | Concept::Packages)));
        let wishes =
            self.verbs().any(|(index, verb)| !matches!(verb, Verb::Want | Verb::Explain | Verb::Status) && self.marks[index].concept().is_none());
        is_of_list && !wishes && self.tells_of_end().is_some()
    }

    /// "the LOG_LEVEL variable on cache can go": a part of what is named.
    fn names_variable(&self) -> bool {
        (0..self.marks.len()).any(|index| self.is_variable(index) || self.known_variable(index).is_some())
    }

    /// "web-02 doesn't need the tag web any more": an item of a list, and not the machine.
    fn speaks_of_list(&self) -> bool {
        let is_named = self.marks.iter().any(|mark| mark.named().is_some_and(|named| !named.is_set));
        is_named && self.marks.iter().any(|mark| matches!(mark.concept(), Some(Concept::Tags | Concept::Packages | Concept::Ports)))
    }

    /// "I want to delete it", "vorrei eliminare": what is wanted is the verb behind it.
    fn wants_to(&self, index: usize, verb: Verb) -> bool {
        let next = (index + 1..self.marks.len().min(index + 6)).find(|next| self.marks[*next].verb().is_some());
        let is_grave = |next: usize| {
            matches!(
                self.marks[next].verb(),
                Some(Verb::Delete | Verb::Remove | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle | Verb::Install | Verb::Move)
            )
        };
        // "give it a restart", "dai un riavvio a build-01".
        let gives = matches!(
            self.word(index),
            "give"
                | "giving"
                | "make"
                | "doing"
                | "have"
                | "dai"
                | "date"
                | "do"
                | "fai"
                | "fate"
                | "dare"
                | "fare"
                | "dagli"
                | "dalle"
                | "dargli"
                | "darle"
                | "diamo"
        ) && next.is_some_and(|next| self.marks[next].verb() == Some(Verb::PowerCycle));
        if gives {
            return true;
        }
        // "I want build-01 gone", "build-01 should be switched off": what is wanted of it stands behind its name.
        let is_free = |mark: &crate::mark::Mark| mark.is(&Meaning::Ignored) || mark.named().is_some() || mark.thing().is_some();
        // "have cache-dev deleted please".
        let is_having = verb == Verb::Set && matches!(self.word(index), "have" | "get");
        let is_being =
            is_having || verb == Verb::Set && self.marks[index].to > self.marks[index].from + 1 && self.words.word(self.marks[index].to - 1) == "be";
        (verb == Verb::Want || is_being) && next.is_some_and(|next| is_grave(next) && self.marks[index + 1..next].iter().all(is_free))
    }

    fn about_the_past(&self) -> Option<(CommandName, usize)> {
        // "undo the last change to web-02" names the change, and asks for nobody.
        let goes_back = |index: usize| self.marks[index].past().is_some() && self.has(Verb::RollBack).is_some_and(|back| back < index);
        let who = self.has(Verb::WhoChanged).filter(|index| !goes_back(*index)).map(|index| (CommandName::WhoChanged, index));
        let is_back = |index: &usize| (index + 1..self.marks.len().min(index + 6)).any(|next| self.word(next) == "back");
        let has_past = self.marks.iter().any(|mark| mark.past().is_some());
        // "take #31 back".
        let begins = |index: &usize| self.word(*index) == "roll" || self.word(*index) == "take" && has_past && !self.has_value();
        let split = || (0..self.marks.len()).find(|index| begins(index) && is_back(index)).map(|index| (CommandName::RollBack, index));
        // "back to monday 9am", "put web-01 back to how it was yesterday".
        let plain = || {
            let index = (0..self.marks.len()).find(|index| matches!(self.word(*index), "back" | "indietro"))?;
            let has_past = self.marks[index..].iter().take(8).any(|mark| mark.past().is_some());
            // "back to the state of Monday" is no question for the state.
            let is_order = self
                .verbs()
                .all(|(place, verb)| matches!(verb, Verb::Set | Verb::Move | Verb::Want | Verb::RollBack) || verb == Verb::Status && place > index);
            (has_past && is_order && !self.has_value()).then_some((CommandName::RollBack, index))
        };
        let state = || self.names_former_state().or_else(|| self.takes_out_a_change()).map(|index| (CommandName::RollBack, index));
        who.or_else(split).or_else(plain).or_else(state).or_else(|| {
            self.verbs().find(|(index, verb)| *verb == Verb::RollBack && self.is_going_back(*index)).map(|(index, _)| (CommandName::RollBack, index))
        })
    }

    /// "bring web-01 back to 8GB" is an update; going back needs something to go back to, or no value at all.
    fn is_going_back(&self, index: usize) -> bool {
        let has_past = self.marks.iter().any(|mark| mark.past().is_some());
        let has_value = self.marks.iter().any(|mark| {
            matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Number(_))) || mark.image().is_some() || mark.version().is_some()
        });
        let has_value = has_value || (0..self.marks.len()).any(|place| self.is_variable(place) || self.known_variable(place).is_some());
        let is_weak = matches!(self.word(index), "bring" | "riportare" | "riporta" | "put" | "torna" | "return" | "go");
        has_past || !has_value || !is_weak
    }

    /// Whether only words without meaning stand before a mark in its sentence.
    pub(crate) fn opens_sentence(&self, index: usize) -> bool {
        self.marks[..index].iter().rev().take_while(|mark| !mark.is(&Meaning::Punctuation)).all(|mark| mark.is(&Meaning::Ignored))
    }

    /// From one environment to another.
    pub(crate) fn between_environments(&self) -> Option<(CommandName, usize)> {
        if let Some(index) = self.has(Verb::Promote) {
            return Some((CommandName::Promote, index));
        }
        if let Some((index, _)) = self.goes_up() {
            return Some((CommandName::Promote, index));
        }
        let environments: Vec<_> = self.marks.iter().enumerate().filter_map(|(index, mark)| mark.environment().map(|name| (index, name))).collect();
        let mut different: Vec<_> = environments.iter().map(|(_, name)| *name).collect();
        different.dedup();
        if different.len() < 2 {
            return None;
        }
        if let Some(index) = self.makes_again() {
            return Some((CommandName::CloneEnvironment, index));
        }
        if let Some(sign) = self.sign_between(&environments) {
            return Some((CommandName::CloneEnvironment, sign));
        }
        let (index, verb) = self.verbs().find(|(_, verb)| matches!(verb, Verb::Clone | Verb::Set | Verb::Move | Verb::Create | Verb::Want))?;
        let has_resource = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        let has_value = self.marks.iter().any(|mark| (mark.quantity().is_some() && mark.environment().is_none()) || mark.image().is_some());
        match verb {
            Verb::Set | Verb::Move if has_resource && !has_value && self.says_from() => Some((CommandName::Promote, index)),
            Verb::Clone | Verb::Create | Verb::Want | Verb::Set if !has_resource && self.has_likeness() => {
                Some((CommandName::CloneEnvironment, index))
            }
            _ => None,
        }
    }

    /// "staging = prod, half size", "prod -> staging, quarter scale": no resource, and a sign between the two.
    fn sign_between(&self, environments: &[(usize, &core_model::Name)]) -> Option<usize> {
        let [(first, _), (second, _)] = environments else { return None };
        let has_resource = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        let has_verb = self.verbs().any(|(_, verb)| !matches!(verb, Verb::Scale | Verb::Want));
        let has_share = self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Factor(..) | Quantity::Percent(_))))
            || (0..self.marks.len())
                .any(|index| matches!(self.word(index), "size" | "same" | "smaller" | "taglia" | "dimensioni" | "quarter" | "half"));
        let sign = first + 1;
        let is_sign = sign + 1 == *second && matches!(self.text(sign).as_str(), "=" | "->" | "→" | "=>");
        (is_sign && !has_resource && !has_verb && has_share).then_some(sign)
    }

    fn says_from(&self) -> bool {
        self.marks
            .iter()
            .enumerate()
            .any(|(index, mark)| mark.environment().is_some() && index > 0 && matches!(self.word(index - 1), "from" | "da" | "dal" | "dalla" | "in"))
    }

    /// "ricreare in staging l'ambiente di produzione".
    fn makes_again(&self) -> Option<usize> {
        let names_some = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        let is_again = |index: &usize| {
            let word = self.words.word(self.marks[*index].from);
            ["ricre", "riprodu", "recreat", "reproduc", "rebuild", "mirror"].iter().any(|stem| word.starts_with(stem))
        };
        (0..self.marks.len()).find(is_again).filter(|_| !names_some)
    }

    fn has_likeness(&self) -> bool {
        // "make dev look like staging".
        let looks_like = |index: usize| matches!(self.text(index).to_lowercase().as_str(), "look like" | "looks like" | "way");
        self.has(Verb::Clone).is_some()
            || (1..self.marks.len()).any(|index| looks_like(index) && (0..index).any(|before| self.marks[before].environment().is_some()))
    }

    /// "one more like web-02": the likeness must have an original.
    fn likeness(&self) -> Option<(CommandName, usize)> {
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
        if self.has_own_image() && self.calls_itself() {
            return None;
        }
        // "one more replica of the web container": of a set there are members.
        let of_set = self.original_after(index).is_some_and(|place| {
            self.marks[place].named().is_some_and(|named| named.is_set || named.addresses.iter().all(|address| self.view.group_of(address).is_some()))
        });
        if of_set && !self.has_unknown_name() && matches!(self.words.word(self.marks[index].to - 1), "of" | "di") {
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
        let after = (index + 1..self.marks.len()).take(5).take_while(|next| !self.is_break(*next));
        after
            .take_while(|next| self.marks[*next].verb().is_none_or(|verb| verb == Verb::Clone) || self.marks[*next].named().is_some())
            .find(|next| self.marks[*next].named().is_some())
    }

    /// More or fewer of a set.
    fn scaling(&self) -> Option<(CommandName, usize)> {
        let set = self.marks.iter().enumerate().find(|(_, mark)| {
            mark.named().is_some_and(|named| named.is_set || named.addresses.iter().any(|address| self.view.group_of(address).is_some()))
        });
        let has_size = self.marks.iter().any(|mark| {
            matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Sizes(..)))
                || mark.assignment().is_some()
                || mark.image().or(mark.version()).is_some()
                || mark.port_pair().is_some()
        });
        let field = self.marks.iter().any(|mark| mark.concept().is_some_and(|concept| concept != Concept::Replicas) && mark.verb().is_none());
        if has_size || field || self.takes_named_members() {
            return None;
        }
        let has_named = self.marks.iter().any(|mark| mark.named().is_some());
        // "prod web x4".
        let times = self.marks.iter().position(|mark| matches!(mark.quantity(), Some(Quantity::Factor(_, 1))));
        let is_written = |place: &usize| self.text(*place).contains(|letter: char| letter.is_ascii_digit());
        if let Some(place) = times.filter(is_written).filter(|_| set.is_some() && self.verbs().next().is_none()) {
            return Some((CommandName::Scale, place));
        }
        // "web to 1 replica".
        let replicas = self.marks.iter().position(|mark| mark.concept() == Some(Concept::Replicas)).filter(|place| {
            set.is_some()
                && (1..=2)
                    .any(|back| place.checked_sub(back).is_some_and(|before| matches!(self.marks[before].quantity(), Some(Quantity::Number(_)))))
        });
        if let Some(index) = self.has(Verb::Scale).or(replicas).filter(|_| has_named) {
            return Some((CommandName::Scale, index));
        }
        let without =
            || (0..self.marks.len()).find(|index| self.word(*index) == "go" || self.marks[*index].named().is_some_and(|named| named.is_set));
        let any = self.verbs().next().or_else(|| self.says_fewer().map(|index| (index, Verb::Decrease)));
        let (index, verb) = any.or_else(|| without().map(|index| (index, Verb::Set)))?;
        let (place, _) = set.filter(|(_, mark)| mark.named().is_some_and(|named| named.is_set))?;
        let counted =
            self.marks[..place].iter().rev().take(5).any(|mark| matches!(mark.quantity(), Some(Quantity::Number(_)))) || self.says_another(place);
        // "shop web to 5", "the web in prod on five containers": the number stands behind.
        let number_behind = (place + 1..self.marks.len().min(place + 7)).any(|next| {
            let is_number = matches!(self.marks[next].quantity(), Some(Quantity::Number(_)));
            let leads = matches!(self.word(next - 1), "to" | "on" | "at" | "a" | "su");
            let ends = self.marks.get(next + 1).is_none_or(|behind| {
                behind.is(&Meaning::Punctuation)
                    || behind.thing() == Some(Thing::Container)
                    || behind.environment().is_some()
                    || matches!(self.word(next + 1), "in" | "please" | "pls")
            });
            is_number && leads && ends
        });
        let counted = counted || number_behind;
        // "remove one web container": one of them, not all.
        let verbs = [Verb::Create, Verb::Add, Verb::Want, Verb::Set, Verb::Remove, Verb::Delete, Verb::Decrease, Verb::Increase];
        let is_one_less = matches!(verb, Verb::Remove | Verb::Delete) && self.says_one(place);
        ((counted || is_one_less || self.says_fewer().is_some()) && verbs.contains(&verb)).then_some((CommandName::Scale, index))
    }

    /// "one web container is plenty, so kill web-b", "cancella i due redis, cache e cache-dev": the members that go are named.
    fn takes_named_members(&self) -> bool {
        let is_exact = |index: usize| self.marks[index].named().is_some_and(|named| named.how == crate::names::How::Exact);
        let Some(order) = self.order().filter(|order| matches!(self.marks[order.verb].verb(), Some(Verb::Delete | Verb::Remove))) else {
            return false;
        };
        let has_target = order.clause().any(|index| self.marks[index].concept() == Some(Concept::Replicas));
        order.objects.iter().any(|index| is_exact(*index)) && !has_target
    }

    fn says_fewer(&self) -> Option<usize> {
        (0..self.marks.len()).find(|index| matches!(self.word(*index), "fewer" | "less" | "meno"))
    }

    /// "a web container", "un web": one member of a set.
    fn says_one(&self, place: usize) -> bool {
        let before = self.marks[..place].iter().enumerate().rev().take(2);
        before.into_iter().any(|(index, _)| matches!(self.word(index), "a" | "an" | "one" | "un" | "uno" | "una"))
    }

    /// "another web container", "un altro web".
    fn says_another(&self, place: usize) -> bool {
        self.marks[..place]
            .iter()
            .enumerate()
            .rev()
            .take(3)
            .any(|(index, _)| matches!(self.word(index), "another" | "altro" | "altra" | "additional" | "extra"))
    }

    pub(crate) fn by_first_verb(&self, index: usize, verb: Verb) -> Option<(CommandName, usize)> {
        let has_value = self.has_value();
        let has_named = self.marks.iter().any(|mark| mark.named().is_some())
            || has_value && (self.misspelled().is_some() || self.called_by_image().is_some() && self.new_thing().is_none());
        let command = match verb {
            Verb::Delete | Verb::Remove if self.takes_a_part() || self.word(index) == "unset" => CommandName::Update,
            // "clear the cache" empties it; whatever is meant, it is not that it goes.
            Verb::Remove if matches!(self.word(index), "clear" | "strip" | "detach" | "stacca") => return None,
            Verb::Remove if self.leaves_network() => CommandName::Update,
            Verb::Delete | Verb::Remove => CommandName::Delete,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle
                if self.marks[index].concept().is_some() && self.marks.iter().any(|mark| matches!(mark.verb(), Some(Verb::Set))) =>
            {
                CommandName::Update
            }
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle if self.sets_restart().is_some() => CommandName::Update,
            // "turn on debug: DEBUG=1".
            Verb::PowerOn | Verb::PowerOff if self.marks.iter().any(|mark| mark.assignment().is_some()) => CommandName::Update,
            Verb::PowerOff if self.has(Verb::Delete).is_some() => CommandName::Delete,
            // "turn off and remove cache-dev".
            Verb::PowerOff if self.has(Verb::Remove).is_some() && has_named && !self.takes_a_part() && !has_value => CommandName::Delete,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle if !has_named && self.new_thing().is_some() => CommandName::Create,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle => CommandName::Power,
            Verb::Set | Verb::Want if self.sets_power() => CommandName::Power,
            Verb::Move if has_named => CommandName::Update,
            Verb::Create if self.new_thing().is_none() && has_named && has_value && self.has(Verb::Name).is_none() && !self.has_new_kind() => {
                CommandName::Update
            }
            Verb::Create if self.runs_that_image() => CommandName::Update,
            Verb::Create => CommandName::Create,
            Verb::Explain => CommandName::Explain,
            Verb::Status => CommandName::Status,
            Verb::Set if has_named && self.new_thing().is_some_and(|(place, _)| self.marks[place].thing().is_none()) => CommandName::Update,
            Verb::Add | Verb::Want | Verb::Set | Verb::Install | Verb::Connect | Verb::Name | Verb::Publish if self.new_thing().is_some() => {
                CommandName::Create
            }
            Verb::Add | Verb::Want if self.names_a_new_machine() => CommandName::Create,
            _ if has_named => CommandName::Update,
            Verb::Add | Verb::Want | Verb::Set | Verb::Install if self.has_new_kind() => CommandName::Create,
            Verb::Want | Verb::Increase | Verb::Decrease | Verb::Set | Verb::Add
                if has_value && (self.word(0) == "it" || (0..self.marks.len()).any(|place| self.is_known_kind(place))) =>
            {
                CommandName::Update
            }
            Verb::Increase | Verb::Decrease | Verb::Set | Verb::Move | Verb::Install | Verb::Add | Verb::Publish
                if has_value || self.has_unknown_name() =>
            {
                CommandName::Update
            }
            Verb::Clone if self.has_unknown_name() => CommandName::Clone,
            Verb::Scale => CommandName::Scale,
            _ => return None,
        };
        Some((command, index))
    }

    /// Whether a value for some field is given.
    pub(crate) fn has_value(&self) -> bool {
        self.marks.iter().any(|mark| {
            mark.concept().is_some()
                || mark.quantity().is_some()
                || mark.image().is_some()
                || mark.version().is_some()
                || mark.assignment().is_some()
                || mark.port_pair().is_some()
                || mark.cidr().or(mark.ip()).is_some()
        }) || (0..self.marks.len()).any(|index| self.is_variable(index) || self.known_variable(index).is_some() || self.word(index) == "dhcp")
    }

    /// "grafna": a word that is nothing else and one letter away from a name that exists.
    fn misspelled(&self) -> Option<usize> {
        let is_new = self.new_thing().is_some() || self.has(Verb::Create).is_some() || self.has(Verb::Name).is_some();
        let is_slip = |index: &usize| {
            let fold = self.words.fold(self.marks[*index].from);
            let is_candidate = self.marks[*index].is(&Meaning::Other) && fold.len() >= MISSPELLED_LETTERS_MIN && !self.is_data(*index);
            is_candidate && self.view.resources().into_keys().any(|address| strsim::osa_distance(fold, address.resource.as_str()) == 1)
        };
        (0..self.marks.len()).find(is_slip).filter(|_| !is_new)
    }

    fn has_unknown_name(&self) -> bool {
        (0..self.marks.len()).any(|index| self.marks[index].is(&Meaning::Other) && self.is_name_like(index))
    }

    /// "delete the tag blue from web-01": something of a resource, not the resource.
    fn takes_a_part(&self) -> bool {
        let Some((verb, _)) = self.verbs().find(|(_, verb)| matches!(verb, Verb::Delete | Verb::Remove)) else { return false };
        let named = self.marks.iter().position(|mark| mark.named().is_some()).unwrap_or(usize::MAX);
        if self.marks[verb].concept().is_some_and(|concept| matches!(concept, Concept::Packages | Concept::Ports | Concept::Tags)) {
            return true;
        }
        // "the tag web doesn't belong on web-02 anymore, drop it", "the variable can go away": it stands before the order.
        let has_object = (verb + 1..self.marks.len()).any(|index| self.marks[index].named().is_some() || self.marks[index].thing().is_some());
        let is_spoken_of = |index: usize| {
            self.is_variable(index)
                || self.known_variable(index).is_some()
                || matches!(self.marks[index].concept(), Some(Concept::Tags | Concept::Packages | Concept::Ports | Concept::Variable))
        };
        if !has_object && (0..verb).any(is_spoken_of) {
            return true;
        }
        let is_meant = |index: usize| self.order().is_none_or(|order| !order.is_aside(index));
        let parts = self
            .marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| mark.verb().is_none_or(|verb| verb == Verb::Scale) || mark.concept() == Some(Concept::Ports));
        parts.filter(|(index, _)| *index > verb && is_meant(*index)).any(|(index, mark)| {
            let is_part = self.is_variable(index)
                || self.is_package(index)
                || self.known_variable(index).is_some()
                || mark.concept().is_some_and(|concept| !matches!(concept, Concept::Node | Concept::Power | Concept::Replicas | Concept::Os))
                || matches!(mark.quantity(), Some(Quantity::Size(_)))
                || mark.port_pair().is_some();
            is_part && mark.thing().is_none() && (index < named || named != usize::MAX)
        })
    }

    /// `LOG_LEVEL`: written like an environment variable.
    pub(crate) fn is_variable(&self, index: usize) -> bool {
        let text = self.text(index);
        self.marks[index].is(&Meaning::Other)
            && text.contains('_')
            && text.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    }

    /// A thing that is spoken of as a new one: "a VM", "una rete", "three containers", "new volume".
    pub(crate) fn new_thing(&self) -> Option<(usize, Thing)> {
        let is_italian = crate::language::language(self.words) == crate::language::Language::Italian;
        self.marks.iter().enumerate().find_map(|(index, mark)| {
            let thing = mark
                .thing()
                .or_else(|| self.is_new_vlan(index).then_some(Thing::Network))
                .or_else(|| mark.product().filter(|_| mark.named().is_none()).map(|_| Thing::Container))
                .or_else(|| mark.image().map(|_| Thing::Container))?;
            let is_exact = mark.named().is_some_and(|named| named.how <= crate::names::How::Alias);
            let is_kind = thing.type_name().is_some() && !is_exact;
            let before = (index.saturating_sub(4)..index).rev();
            let is_new = before
                .take_while(|place| {
                    self.marks[*place].is(&Meaning::Ignored)
                        || self.marks[*place].quantity().is_some()
                        || self.marks[*place].is(&Meaning::Other)
                        || self.marks[*place].product().is_some()
                        || self.marks[*place].thing().is_some()
                })
                .any(|place| {
                    self.word(place) == "a" && !is_italian
                        || matches!(
                            self.word(place),
                            "an" | "un" | "una" | "uno" | "new" | "nuovo" | "nuova" | "nuovi" | "nuove" | "another" | "altra" | "altro"
                        )
                        || matches!(self.marks[place].quantity(), Some(Quantity::Number(_)))
                });
            // "new postgres image 16.5 for db": of what is named and runs it.
            if mark.product().is_some_and(|product| self.is_run_by_named(product)) {
                return None;
            }
            let is_whole = mark.from == 0 || index == 0;
            if self.is_known_kind(index) || self.is_kind_of_named(thing) {
                return None;
            }
            (is_kind
                && (is_new || is_whole)
                && mark.named().is_none_or(|named| named.how == crate::names::How::Description || mark.thing().is_some()))
            .then_some((index, thing))
        })
    }

    /// "the vm needs 8 GB": one that is there, though which is not said.
    fn is_known_kind(&self, index: usize) -> bool {
        let is_definite =
            index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "the" | "our" | "that" | "la" | "il" | "nostra" | "nostro"));
        let has_new =
            (0..self.marks.len()).any(|place| matches!(self.word(place), "new" | "nuova" | "nuovo") || self.marks[place].verb() == Some(Verb::Name));
        is_definite && !has_new && !self.has_unknown_name() && self.marks[index].thing().is_some_and(|thing| thing.type_name() == Some("compute"))
    }

    /// "deploy ghcr.io/acme/shop:1.4.3 on web-a": what is named runs that image already, of another version.
    fn runs_that_image(&self) -> bool {
        let path = |image: &str| image.split('@').next().unwrap_or(image).rsplit_once(':').map_or(image.to_owned(), |(path, _)| path.to_owned());
        let is_new = self.has(Verb::Name).is_some()
            || self.has_unknown_name()
            || (0..self.marks.len())
                .any(|place| matches!(self.word(place), "new" | "another" | "second" | "nuovo" | "nuova" | "altro" | "altra" | "secondo"));
        if is_new {
            return false;
        }
        let Some(given) = self.marks.iter().find_map(|mark| mark.image()).map(|image| path(image)) else { return false };
        let runs = |address: &core_model::Address| {
            let resource = self.view.in_scope(None, address);
            resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str).is_some_and(|image| path(image) == given)
        };
        let is_exact = |mark: &&crate::mark::Mark| mark.named().is_some_and(|named| named.how <= crate::names::How::Alias);
        let mut named = self.marks.iter().filter(is_exact).peekable();
        named.peek().is_some() && named.all(|mark| mark.named().is_some_and(|named| named.addresses.iter().all(runs)))
    }

    fn is_run_by_named(&self, product: &str) -> bool {
        let runs = |address: &core_model::Address| {
            let resource = self.view.in_scope(None, address);
            let image = resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str).unwrap_or_default();
            image.split(['@', ':']).next().is_some_and(|path| path == product || path.ends_with(&format!("/{product}")))
        };
        let is_exact = |mark: &&crate::mark::Mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact);
        let creates = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Clone | Verb::Name));
        let mut named = self.marks.iter().filter(is_exact).peekable();
        !creates && named.peek().is_some() && named.all(|mark| mark.named().is_some_and(|named| named.addresses.iter().all(runs)))
    }

    /// A word for a node: one that some resource is on, or one of the same series.
    pub(crate) fn is_node(&self, index: usize) -> bool {
        self.marks[index].is(&Meaning::Other) && self.is_known_word(Concept::Node, self.words.fold(self.marks[index].from))
    }

    pub(crate) fn is_network(&self, index: usize) -> bool {
        self.marks[index].named().is_some_and(|named| {
            named.addresses.iter().all(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "network"))
        })
    }

    /// "record dns web-01-a to 10.0.20.21": the kind of what is named, and nothing new.
    fn is_kind_of_named(&self, thing: Thing) -> bool {
        let creates = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Clone | Verb::Name | Verb::Add));
        let is_new = (0..self.marks.len()).any(|place| matches!(self.word(place), "new" | "nuova" | "nuovo" | "another" | "un" | "una" | "an"));
        let is_of_kind = |mark: &crate::mark::Mark| {
            mark.named().is_some_and(|named| {
                let types = |address: &core_model::Address| self.view.in_scope(None, address).map(|resource| resource.type_name.clone());
                named.how == crate::names::How::Exact && named.addresses.iter().all(|address| types(address).as_deref() == thing.type_name())
            })
        };
        !creates && !is_new && !self.has_unknown_name() && self.marks.iter().any(is_of_kind)
    }

    /// "add vm proxy-01": a machine or container with a name that is not there.
    fn names_a_new_machine(&self) -> bool {
        (1..self.marks.len()).any(|index| {
            self.marks[index].is(&Meaning::Other)
                && self.is_name_like(index)
                && self.marks[index - 1].thing().is_some_and(|thing| thing.type_name() == Some("compute"))
        })
    }

    /// "a new vlan 70": a network, where no resource is named that would get it.
    pub(crate) fn is_new_vlan(&self, index: usize) -> bool {
        let names_none = self.marks.iter().all(|mark| mark.named().is_none());
        names_none && self.marks[index].concept() == Some(Concept::Vlan)
    }

    /// "mi serve una nuova VM": a kind and a word for new.
    fn has_new_kind(&self) -> bool {
        if (0..self.marks.len()).any(|index| self.is_known_kind(index)) {
            return false;
        }
        // "deploy grafana 11.3.0", where there is one of that name, is about that one.
        let is_there = |mark: &crate::mark::Mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact);
        self.marks.iter().any(|mark| {
            mark.thing().is_some_and(|thing| thing.type_name().is_some()) || !is_there(mark) && (mark.product().is_some() || mark.image().is_some())
        })
    }

    /// "web-01: 16GB of RAM", "VM, 4 cores, 8GB".
    fn without_verb(&self) -> Option<(CommandName, usize)> {
        if let Some((index, _)) = self.new_thing() {
            return Some((CommandName::Create, index));
        }
        let named = self
            .marks
            .iter()
            .position(|mark| mark.named().is_some())
            .or_else(|| self.misspelled())
            .or_else(|| self.called_by_image().map(|(index, _)| index))?;
        if let Some(power) = (0..self.marks.len()).find(|index| self.says_power(*index)) {
            return Some((CommandName::Power, power));
        }
        let has_node = (0..self.marks.len()).any(|index| self.is_node(index));
        // "mailpit off the front network".
        let is_linked =
            self.marks.iter().filter(|mark| mark.named().is_some()).count() > 1 && (0..self.marks.len()).any(|index| self.is_network(index));
        if self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Factor(..))))
            || self.has_value()
            || has_node
            || is_linked
            || self.swaps_packages()
        {
            return Some((CommandName::Update, named));
        }
        None
    }
}

/// Words with which a question is a wish.
#[rustfmt::skip]
pub(super) const POSSIBLE: &[&str] = &[
    "can", "could", "would", "may", "might", "possible", "potremmo", "possiamo", "riusciamo", "riuscite", "sarebbe", "possibile", "puo",
    "potrebbe",
];

/// Shorter words are too near to each other.
const MISSPELLED_LETTERS_MIN: usize = 5;

/// Words that can only mean a copy.
#[rustfmt::skip]
const CLONES: &[&str] = &[
    "clone", "copy", "duplicate", "replicate", "twin", "sibling", "doppione", "clona", "clonare", "copia", "copiare", "duplica", "duplicare",
    "replica", "another", "one", "a", "un", "uno", "una",
];
