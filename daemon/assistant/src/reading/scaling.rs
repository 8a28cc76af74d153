//! Are more or fewer of a set asked for? "shop web to 5", "remove one web container".

use crate::command::CommandName;
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// More or fewer of a set.
    pub(super) fn scaling(&self) -> Option<(CommandName, usize)> {
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
            let is_number = |place: usize| self.marks.get(place).is_some_and(|mark| matches!(mark.quantity(), Some(Quantity::Number(_))));
            // "set the desired count to 5".
            let is_count = self.marks[*place].to > self.marks[*place].from + 1;
            set.is_some() && ((1..=2).any(|back| place.checked_sub(back).is_some_and(is_number)) || is_count && (place + 1..place + 4).any(is_number))
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
            // "the web containers should be six".
            let leads = matches!(self.word(next - 1), "to" | "on" | "at" | "a" | "su")
                || matches!(self.words.word(self.marks[next - 1].to - 1), "be" | "become" | "diventare" | "essere");
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
    pub(super) fn takes_named_members(&self) -> bool {
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
}
