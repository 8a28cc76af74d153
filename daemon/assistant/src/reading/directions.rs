//! Is an amount what something shall have, or what it shall have more or less? "by 4 GB", "another core", "take two gigs from web-01".

use crate::lexicon::Verb;

use super::Reader;

const MORE: &[&str] = &["more", "additional", "extra", "another", "altri", "altre", "altro", "aggiuntivi", "aggiuntive", "ulteriori", "piu", "oltre"];
const LESS: &[&str] = &["less", "fewer", "meno"];

/// What an amount is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    To,
    Plus,
    Minus,
    /// "increase ... 16GB": it must be more than it is.
    Up,
    Down,
}

impl Reader<'_> {
    pub(super) fn direction(&self, index: usize, field: Option<usize>) -> Direction {
        let last = field.unwrap_or(index).max(index);
        let near = (index.saturating_sub(1)..(last + 2).min(self.marks.len())).chain(index.saturating_sub(2)..index);
        // "un core in più": the words stand behind the field.
        let behind = (last + 2 < self.marks.len() && self.word(last + 1) == "in").then_some(last + 2);
        let words: Vec<&str> =
            near.chain(behind).filter(|place| *place != index && self.marks[*place].quantity().is_none()).map(|place| self.word(place)).collect();
        let before = index.checked_sub(1).map_or("", |before| self.word(before));
        let verb = self
            .verbs()
            .filter(|(place, verb)| {
                *place < index && matches!(verb, Verb::Increase | Verb::Decrease | Verb::Add | Verb::Remove | Verb::Set | Verb::Want | Verb::Create)
            })
            .last()
            .map(|(_, verb)| verb);
        // "more like 6GB" corrects, it does not add.
        let is_rather = (index.saturating_sub(2)..index).any(|place| self.word(place) == "more" && self.word(place + 1) == "like");
        // "4 more gigs", "another core".
        let has_within = (self.marks[index].from..self.marks[index].to).any(|place| MORE.contains(&self.words.word(place)));
        // "not more than 512 MB" is a limit, "more than 8 GB" the least.
        let compared = if before == "than" { self.word(index.saturating_sub(2)) } else { "" };
        let is_denied = (index.saturating_sub(6)..index).any(|place| {
            let from = self.marks[place].from;
            (from..self.marks[place].to).any(|word| matches!(self.words.word(word), "not" | "never" | "t" | "no"))
        });
        match compared {
            "more" if is_denied => return Direction::To,
            "more" => return Direction::Up,
            "less" | "fewer" if is_denied => return Direction::To,
            "less" | "fewer" => return Direction::Down,
            _ => {}
        }
        // "24 GiB of memory plus 10 cores": two amounts, of which neither is added to what there is.
        let joins_amounts = before == "plus"
            && (0..index - 1).rev().take_while(|place| !self.is_break(*place)).take(4).any(|place| self.marks[place].quantity().is_some());
        if joins_amounts {
            return Direction::To;
        }
        if matches!(before, "plus" | "manca" | "mancano" | "mancherebbero" | "missing") {
            return Direction::Plus;
        }
        if !is_rather && words.iter().any(|word| MORE.contains(word)) || has_within || self.text(index).starts_with('+') {
            return Direction::Plus;
        }
        let is_down = (index.saturating_sub(4)..index).any(|place| matches!(self.word(place), "down" | "giu"));
        if is_down && matches!(before, "by" | "di") {
            return Direction::Minus;
        }
        // "25 GB larger than it is now".
        let grows_behind = (last + 1..self.marks.len().min(last + 3))
            .any(|place| matches!(self.word(place), "larger" | "bigger" | "higher" | "greater"))
            && (last + 1..self.marks.len().min(last + 5)).any(|place| self.word(place) == "than");
        // "50 GB bigger", "64 MB on top of what it has", "2 GB in aggiunta".
        let is_compared = matches!(self.word(last + 1), "larger" | "bigger" | "higher" | "greater")
            || (last + 1..self.marks.len().min(last + 5))
                .any(|place| self.word(place) == "top" && self.word(place - 1) == "on" || self.word(place) == "aggiunta");
        if grows_behind || is_compared {
            return Direction::Plus;
        }
        // "take 2 GB of memory back from web-01", "take 2 GB of its RAM back", "take back 2 GB".
        let ends = |place: usize| {
            matches!(self.word(place), "from" | "off") || self.marks.get(place).is_none_or(|mark| mark.is(&crate::mark::Meaning::Punctuation))
        };
        let is_given_back = (last + 1..self.marks.len().min(last + 5)).any(|place| self.word(place) == "back" && ends(place + 1))
            || (index.saturating_sub(2)..index).any(|place| self.word(place) == "back");
        let takes = (index.saturating_sub(3)..index)
            .any(|place| matches!(self.word(place), "take" | "claw" | "get" | "have" | "grab" | "pull") || self.word(place).starts_with("riprend"));
        if (index.saturating_sub(3)..index).any(|place| self.word(place).starts_with("riprend") || self.word(place).starts_with("recuper")) {
            return Direction::Minus;
        }
        // "taglia due core a build-01", "cut two cores".
        let is_cut = matches!(before, "taglia" | "tagliate" | "tagliamo" | "tagliare" | "cut" | "drop" | "shed" | "trim" | "shave");
        if is_cut && self.text(index) != "to" {
            return Direction::Minus;
        }
        // "take two gigs from web-01".
        let is_taken_from = (last + 1..self.marks.len().min(last + 3)).any(|place| matches!(self.word(place), "from" | "off" | "away"));
        let takes_from = (index.saturating_sub(2)..index)
            .any(|place| matches!(self.word(place), "take" | "steal" | "borrow" | "claw" | "trim" | "prendi" | "prendete"));
        if is_given_back && takes || is_taken_from && takes_from {
            return Direction::Minus;
        }
        // "web-01 may give back 2 GB", "can do without 2 GB".
        let gives_up = (index.saturating_sub(3)..index).any(|place| {
            matches!(
                (self.word(place), self.word(place + 1)),
                ("give" | "gives" | "hand", "back" | "up" | "away") | ("free", "up") | ("do" | "make", "without")
            ) || matches!(
                self.word(place),
                "release" | "releases" | "relinquish" | "surrender" | "spare" | "restituire" | "cedere" | "restituisca" | "liberare"
            )
        });
        if gives_up {
            return Direction::Minus;
        }
        let is_taken_away = (last..self.marks.len().min(last + 4)).any(|place| matches!(self.word(place), "away" | "off"));
        if is_taken_away || words.iter().any(|word| LESS.contains(word)) {
            return Direction::Minus;
        }
        match (verb, before) {
            (Some(Verb::Increase), "by" | "di" | "of" | "del") => Direction::Plus,
            (Some(Verb::Decrease), "by" | "di" | "of" | "del") => Direction::Minus,
            (_, "by") => Direction::Plus,
            (_, "to" | "a" | "ad") if verb != Some(Verb::Add) => Direction::To,
            (Some(Verb::Add), _) if self.adds_to_existing() => Direction::Plus,
            (Some(Verb::Remove), _) => Direction::Minus,
            (Some(Verb::Increase), _) => Direction::Up,
            (Some(Verb::Decrease), _) => Direction::Down,
            _ => Direction::To,
        }
    }
}
